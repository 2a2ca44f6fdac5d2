"""The peaks file: what a waveform is drawn from.

``DPK1``, the number of points a second (16 bit, little-endian), then two signed bytes for each point: lowest and highest
sample in −127…127. A hundred points a second: 720 kB an hour.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import read_blocks
from declaim.audio.measure import BINS_PER_S
from declaim.errors import AudioError

_HEADER = struct.Struct("<4sH")
_MAGIC = b"DPK1"


@dataclass(frozen=True, eq=False)
class Peaks:
    """``values`` of shape (n, 2): lowest and highest sample of each point, −127…127."""

    points_per_s: int
    values: NDArray[np.int8]

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.values) / self.points_per_s)

    def columns(self, start_ms: float, end_ms: float, count: int) -> list[tuple[float, float]]:
        """Lowest and highest in −1…1 for each of ``count`` columns between two times; silence beyond the ends."""
        edges = np.linspace(start_ms, end_ms, count + 1) * self.points_per_s / 1000
        firsts = np.floor(edges[:-1]).astype(np.int64)
        lasts = np.maximum(firsts + 1, np.ceil(edges[1:]).astype(np.int64))
        drawn = []
        for first, last in zip(firsts.clip(0), lasts.clip(0), strict=True):
            part = self.values[first:last]
            drawn.append((int(part[:, 0].min()) / 127, int(part[:, 1].max()) / 127) if len(part) else (0.0, 0.0))
        return drawn

    def to_bytes(self) -> bytes:
        return _HEADER.pack(_MAGIC, self.points_per_s) + self.values.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Peaks:
        """What :meth:`to_bytes` made; nothing drawn for bytes that are something else."""
        if len(data) < _HEADER.size or data[:4] != _MAGIC:
            return cls(BINS_PER_S, np.zeros((0, 2), np.int8))
        points = _HEADER.unpack_from(data)[1]
        body = np.frombuffer(data, np.int8, offset=_HEADER.size)
        return cls(max(1, points), body[: len(body) // 2 * 2].reshape(-1, 2))


_MANY = 30_000
_COARSER = 2, 2, 5, 5
"""By how much, one after the other: a whole number of points a second each time, and in the end one."""


class GrowingPeaks:
    """Of sounds that come one after the other, each drawn where it will be heard.

    After five minutes it is drawn more coarsely, later again: to look at hours as they grow costs no more than at minutes.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz, self._frames, self._points = rate_hz, 0, 0
        self._step, self._coarser = 1, list(_COARSER)
        self._drawn: list[NDArray[np.int8]] = []
        self._rest = np.zeros((0, 2), np.int8)  # less than a step, a hundred points a second

    def add(self, frames: int, points: NDArray[np.int8] | None = None) -> None:
        """The next ``frames`` of ``rate_hz``, and what was measured of them: (n, 2), a hundred points a second; else silence."""
        self._frames += frames
        part = np.zeros((round(self._frames * BINS_PER_S / self._rate_hz) - self._points, 2), np.int8)
        if points is not None:
            part[: len(points)] = points[: len(part)]
        self._points += len(part)
        self._rest = np.concatenate((self._rest, part))
        whole = len(self._rest) // self._step * self._step
        self._drawn.append(_thinned(self._rest[:whole], self._step))
        self._rest = self._rest[whole:]
        while self._coarser and self._points > _MANY * self._step:
            self._draw_coarser(self._coarser.pop(0))

    def add_samples(self, samples: NDArray[np.float32]) -> None:
        """Of shape (n,)."""
        step = self._rate_hz // BINS_PER_S
        whole = len(samples) // step * step
        self.add(len(samples), _extremes(samples[:whole].reshape(-1, step)))

    @property
    def peaks(self) -> Peaks:
        """Of everything so far."""
        self._drawn = [np.concatenate((self._rest[:0], *self._drawn))]
        last = _thinned(self._rest, max(1, len(self._rest)))
        return Peaks(BINS_PER_S // self._step, np.concatenate((*self._drawn, last)))

    def _draw_coarser(self, factor: int) -> None:
        drawn = np.concatenate(self._drawn)
        whole = len(drawn) // factor * factor
        self._drawn = [_thinned(drawn[:whole], factor)]
        self._rest = np.concatenate((np.repeat(drawn[whole:], self._step, axis=0), self._rest))
        self._step *= factor


def louder(points: NDArray[np.int8], gain: float) -> NDArray[np.int8]:
    """What is drawn of a sound that is made ``gain`` times as loud."""
    return np.asarray(np.round(np.clip(points * np.float32(gain), -127, 127)), np.int8)


def peaks_of_file(path: Path) -> Peaks:
    """Reads an audio file block by block.

    Raises:
        AudioError: when it cannot be read.
    """
    points: list[NDArray[np.int8]] = []
    left, step = np.zeros(0, np.float32), 0
    for block, rate_hz in read_blocks(path):
        step = max(1, rate_hz // BINS_PER_S)
        samples = np.concatenate((left, block.mean(axis=1, dtype=np.float32)))
        whole = len(samples) // step * step
        points.append(_extremes(samples[:whole].reshape(-1, step)))
        left = samples[whole:]
    if not step:
        raise AudioError(f"'{path.name}' has no sound in it.", cure="Choose another file.")
    if len(left):
        points.append(_extremes(left.reshape(1, -1)))
    return Peaks(BINS_PER_S, np.concatenate(points))


def _thinned(points: NDArray[np.int8], step: int) -> NDArray[np.int8]:
    """One point for each ``step``, which divides them."""
    groups = points.reshape(-1, step, 2)
    return np.stack((groups[:, :, 0].min(axis=1), groups[:, :, 1].max(axis=1)), axis=1)


def _extremes(rows: NDArray[np.float32]) -> NDArray[np.int8]:
    both = np.stack((rows.min(axis=1, initial=0), rows.max(axis=1, initial=0)), axis=1)
    return np.asarray(np.round(np.clip(both, -1, 1) * 127), np.int8)
