"""Sound in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Clip:
    """Mono samples, float32 in −1…1, shape (n,). ``goes_on``: a piece that follows the one before it within a sentence."""

    samples: NDArray[np.float32]
    rate_hz: int
    goes_on: bool = field(default=False, kw_only=True)

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.samples) / self.rate_hz)
