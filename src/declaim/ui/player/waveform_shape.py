"""The shape of a sound as a waveform draws it, read from a peaks file (``audio.peaks`` describes it)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_HEADER = struct.Struct("<4sH")
_MAGIC = b"DPK1"


@dataclass(frozen=True)
class WaveformShape:
    """``points`` are pairs of signed bytes, lowest and highest, ``points_per_s`` of them a second."""

    points: bytes = b""
    points_per_s: int = 100

    @classmethod
    def read(cls, peaks: bytes) -> WaveformShape:
        """The shape in a peaks file; an empty one for bytes that are something else."""
        if len(peaks) < _HEADER.size or peaks[:4] != _MAGIC:
            return cls()
        body = peaks[_HEADER.size :]
        return cls(body[: len(body) // 2 * 2], max(1, _HEADER.unpack_from(peaks)[1]))

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.points) / 2 / self.points_per_s)

    def bars(self, count: int, duration_ms: int) -> list[tuple[float, float]]:
        """How far ``count`` bars over ``duration_ms`` reach down and up, both 0…1, the loudest reaching 1."""
        values = memoryview(self.points).cast("b")
        lows, highs = values[0::2], values[1::2]
        step = duration_ms * self.points_per_s / 1000 / max(1, count)
        found = []
        for bar in range(count):
            first = min(len(lows), int(bar * step))
            last = min(len(lows), max(first + 1, int((bar + 1) * step)))
            found.append((-min(lows[first:last]), max(highs[first:last])) if first < last else (0, 0))
        loudest = max((max(pair) for pair in found), default=0) or 1
        return [(max(0, low) / loudest, max(0, high) / loudest) for low, high in found]
