"""Sound in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Clip:
    """Mono samples, float32 in −1…1, shape (n,)."""

    samples: NDArray[np.float32]
    rate_hz: int

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.samples) / self.rate_hz)
