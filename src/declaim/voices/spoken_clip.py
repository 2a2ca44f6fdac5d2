"""A clip that cost something to make."""

from __future__ import annotations

from dataclasses import dataclass

from declaim.model.clip import Clip


@dataclass(frozen=True, eq=False)
class SpokenClip(Clip):
    """``cost_usd`` is what the service counted for it, also where it has no samples (an answer without sound)."""

    cost_usd: float = 0.0
