"""Faster and slower at the same pitch: WSOLA (Verhelst and Roelands, ICASSP 1993), streaming.

Frames of 30 ms are taken from the sound ``speed`` times as fast as they are given out. Each is moved by up to 10 ms to where it
goes on most like the one before, so that periods of the voice meet in phase.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
MIN_SPEED, MAX_SPEED = 0.5, 2.0
_HOP_S, _SEARCH_S = 0.015, 0.010


class TimeStretch:
    """One stream of (n, channels). ``add`` gives what is ready by then, ``finish`` the rest; ``speed`` may change at any time."""

    def __init__(self, rate_hz: int, channels: int, speed: float) -> None:
        self.speed = speed
        self._hop = round(rate_hz * _HOP_S)
        self._search = round(rate_hz * _SEARCH_S)
        angles = np.pi * (np.arange(self._hop) + 0.5) / self._hop
        self._rise = (0.5 - 0.5 * np.cos(angles)).astype(np.float32)[:, None]
        self._kept = np.zeros((0, channels), np.float32)
        self._start = 0
        """Frame of the stream that ``_kept`` starts at."""
        self._target = 0.0
        self._last: int | None = None

    @property
    def position(self) -> float:
        """The frame of the stream that is given out next."""
        return self._target

    def add(self, block: Samples) -> Samples:
        self._kept = np.concatenate((self._kept, block)) if len(self._kept) else block
        return self._take()

    def finish(self) -> Samples:
        """Ends the stream; silence is added only to let the last frame out."""
        end = self._start + len(self._kept)
        self._kept = np.concatenate((self._kept, np.zeros((4 * self._hop + 2 * self._search, self._kept.shape[1]), np.float32)))
        ready = []
        while (block := self._step(end)) is not None:
            ready.append(block)
        return np.concatenate(ready) if ready else self._kept[:0]

    def _take(self) -> Samples:
        end = self._start + len(self._kept)
        ready = []
        while self._needed() <= end and (block := self._step(end)) is not None:
            ready.append(block)
        return np.concatenate(ready) if ready else self._kept[:0]

    def _needed(self) -> int:
        """The frame up to which the stream must be known for the next step."""
        natural = 0 if self._last is None else self._last + self._hop
        return max(natural, int(self._target) + self._search) + 2 * self._hop

    def _step(self, end: int) -> Samples | None:
        """The next hop of output, or None where the stream ends before it."""
        if self._target >= end:
            return None
        place = int(self._target) if self._last is None else self._best_place()
        frame = self._part(place, 2 * self._hop)
        if self._last is None:
            block = frame[: self._hop].copy()
        else:
            before = self._part(self._last + self._hop, self._hop)
            block = before * (1 - self._rise) + frame[: self._hop] * self._rise
        self._last = place
        self._target += self._hop * self.speed
        self._forget()
        return np.asarray(block, np.float32)

    def _best_place(self) -> int:
        """Where the sound goes on most like what would follow the last frame."""
        assert self._last is not None
        natural = self._part(self._last + self._hop, self._hop).mean(axis=1)
        first = max(self._start, int(self._target) - self._search)
        around = self._part(first, self._hop + 2 * self._search).mean(axis=1)
        likeness = np.correlate(around, natural, "valid")
        energy = np.concatenate(([0.0], np.cumsum(around.astype(np.float64) ** 2)))
        energy = energy[self._hop :] - energy[: -self._hop]
        return first + int(np.argmax(likeness / np.sqrt(energy + 1e-6)))

    def _part(self, first: int, count: int) -> Samples:
        at = first - self._start
        part = self._kept[at : at + count]
        if len(part) == count:
            return part
        return np.concatenate((part, np.zeros((count - len(part), self._kept.shape[1]), np.float32)))

    def _forget(self) -> None:
        last = self._last or 0
        needed = min(last + self._hop, int(self._target) - self._search)
        if needed - self._start > 16 * self._hop:
            self._kept = self._kept[needed - self._start :].copy()
            self._start = needed
