"""Other sample rates (soxr), and decibels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate, shape (n,) or (n, channels); delay compensated."""
    if from_hz == to_hz or not len(samples):
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, from_hz, to_hz, quality="HQ"), np.float32)


def resample_blocks(blocks: Iterable[Samples], from_hz: int, to_hz: int) -> Iterator[Samples]:
    """The same in blocks of shape (n,): sample for sample what :func:`resample` makes of the whole."""
    blocks = iter(blocks)
    ahead = list(islice(blocks, 2))
    if len(ahead) < 2:  # a stream costs more to set up
        if ahead:
            yield resample(ahead.pop(), from_hz, to_hz)
        return
    stream = Resampling(from_hz, to_hz)
    yield from map(stream.add, chain(ahead, blocks))
    yield stream.finish()


class Resampling:
    """A stream at another rate. Give ``add`` the blocks in order and ``finish`` once."""

    def __init__(self, from_hz: int, to_hz: int, channels: int = 1) -> None:
        self._stream: Any = None
        self._empty = np.zeros((0,) if channels == 1 else (0, channels), np.float32)
        if from_hz != to_hz:
            import soxr

            self._stream = soxr.ResampleStream(from_hz, to_hz, channels, dtype="float32", quality="HQ")

    def add(self, samples: Samples) -> Samples:
        return samples if self._stream is None else np.asarray(self._stream.resample_chunk(samples), np.float32)

    def finish(self) -> Samples:
        if self._stream is None:
            return self._empty
        return np.asarray(self._stream.resample_chunk(self._empty, last=True), np.float32)


def decibels(amplitude: float) -> float:
    return float(20 * np.log10(amplitude)) if amplitude > 0 else float("-inf")


def amplitude(level_db: float) -> float:
    return float(10 ** (level_db / 20))
