"""Sound as it comes from an engine, of any length: a minute of it is held in memory, what is longer waits on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import BLOCK_S, faded
from declaim.audio.resampling import resample
from declaim.model.clip import Clip

_IN_MEMORY_BYTES = 8 << 20
_EDGE_DB = -50.0
_KEPT_EDGE_MS = 12

Samples = NDArray[np.float32]


class Spool:
    """Clips one after the other, at the rate of the first; read again as often as is needed. Close it: what waits on disk has
    no name, and is gone then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES, dir=str(folder))  # noqa: SIM115 - closed with the spool
        self._bounds = range(0)
        self._is_faded = False
        self.rate_hz = 0
        self.peak = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def frames(self) -> int:
        return len(self._bounds)

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.frames / self.rate_hz) if self.rate_hz else 0

    def add(self, clip: Clip) -> None:
        """One clip more; not after ``trim``.

        Raises:
            OSError: where the disk refuses.
        """
        if not len(clip.samples):
            return
        if not self.rate_hz:
            self.rate_hz = clip.rate_hz
            self._folder.mkdir(parents=True, exist_ok=True)  # where it goes when it gets long
        samples = np.ascontiguousarray(resample(clip.samples, clip.rate_hz, self.rate_hz), np.float32)
        self.peak = max(self.peak, float(samples.max()), -float(samples.min()))
        self._file.write(samples.data)
        self._bounds = range(self.frames + len(samples))

    def trim(self) -> int:
        """Takes the silence at its edges away (below −50 dB of its peak; 12 ms are kept) and fades what is left over 5 ms. Gives
        how many samples went at the start; of silence nothing is left."""
        loud = np.float32(max(self.peak * 10 ** (_EDGE_DB / 20), 1e-4))
        first = next(_loud(self._read(self._starts()), loud, 0), None)
        last = next(_loud(self._read(reversed(self._starts())), loud, -1), None)
        if first is None or last is None:
            self._bounds = range(0)
            return 0
        kept = self.rate_hz * _KEPT_EDGE_MS // 1000
        self._bounds = self._bounds[max(0, first - kept) : last + 1 + kept]
        self._is_faded = True
        return self._bounds.start

    def blocks(self) -> Iterator[Samples]:
        """All of it, in blocks of ``BLOCK_S`` seconds but for the last."""
        for at, block in self._read(self._starts()):
            yield faded(block, self.rate_hz, at - self._bounds.start, self.frames) if self._is_faded else block

    def _starts(self) -> range:
        return self._bounds[:: BLOCK_S * self.rate_hz or 1]

    def _read(self, starts: Iterable[int]) -> Iterator[tuple[int, Samples]]:
        for start in starts:
            self._file.seek(4 * start)
            end = min(start + BLOCK_S * self.rate_hz, self._bounds.stop)
            yield start, np.frombuffer(self._file.read(4 * (end - start)), np.float32)


def _loud(blocks: Iterable[tuple[int, Samples]], level: np.float32, which: int) -> Iterator[int]:
    """Where the first (0) or last (−1) sample of each block is that is louder."""
    for start, block in blocks:
        at = np.flatnonzero(np.abs(block) > level)
        if len(at):
            yield start + int(at[which])
