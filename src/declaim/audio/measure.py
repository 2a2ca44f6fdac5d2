"""What a line sounds like, in a hundred numbers a second: enough to level, limit and draw a programme without reading its audio.

K-weighted power adds up: the loudness of a programme at any gain follows from the measures of its lines and their places. So does
its true peak, the limiter's gain and the waveform.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import BLOCK_S
from declaim.audio.true_peak import REACH, peak_curve
from declaim.audio.weighting import KWeighting

BINS_PER_S = 100
_HEADER = struct.Struct("<4sIQII")
_MAGIC = b"DSM1"


@dataclass(frozen=True, eq=False)
class SoundMeasure:
    """``frames`` samples at ``rate_hz`` in bins of 10 ms.

    ``weighted`` and ``power`` are the integral of the squared samples over each bin in seconds, with and without K-weighting;
    ``weighted`` goes on while the filter rings out. ``peak`` is the true peak of a bin, ``low`` and ``high`` its extremes in
    −127…127.
    """

    rate_hz: int
    frames: int
    weighted: NDArray[np.float32]
    power: NDArray[np.float32]
    peak: NDArray[np.float32]
    low: NDArray[np.int8]
    high: NDArray[np.int8]

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.frames / self.rate_hz)

    @property
    def size_bytes(self) -> int:
        return self.weighted.nbytes + self.power.nbytes + self.peak.nbytes + self.low.nbytes + self.high.nbytes

    def to_bytes(self) -> bytes:
        arrays = (self.weighted, self.power, self.peak, self.low, self.high)
        body = _HEADER.pack(_MAGIC, self.rate_hz, self.frames, len(self.weighted), len(self.power))
        body += b"".join(array.tobytes() for array in arrays)
        return body + struct.pack("<I", zlib.crc32(body))

    @classmethod
    def from_bytes(cls, data: bytes) -> SoundMeasure:
        """What :meth:`to_bytes` made.

        Raises:
            ValueError: when the bytes are damaged or of another make.
        """
        if len(data) < _HEADER.size + 4 or struct.unpack("<I", data[-4:])[0] != zlib.crc32(memoryview(data)[:-4]):
            raise ValueError("damaged measure")
        magic, rate_hz, frames, weighted, bins = _HEADER.unpack_from(data)
        if magic != _MAGIC:
            raise ValueError("not a measure")
        at, arrays = _HEADER.size, []
        for count, kind in ((weighted, "<f4"), (bins, "<f4"), (bins, "<f4"), (bins, "i1"), (bins, "i1")):
            arrays.append(np.frombuffer(data, kind, count, at))
            at += arrays[-1].nbytes
        return cls(rate_hz, frames, *arrays)


def measure_sound(samples: NDArray[np.float32], rate_hz: int) -> SoundMeasure:
    """Measures mono samples, shape (n,), n ≥ 1."""
    size = BLOCK_S * rate_hz
    return measure_blocks((samples[at : at + size] for at in range(0, len(samples), size)), rate_hz)


def measure_blocks(blocks: Iterable[NDArray[np.float32]], rate_hz: int) -> SoundMeasure:
    """Measures mono sound in blocks of shape (n,), each of whole seconds but the last; little memory, however long it is."""
    stream = StreamMeasure(rate_hz, 1)
    for block in blocks:
        stream.add(block[:, None])
    return stream.finish()


class StreamMeasure:
    """Measures sound of any length and number of channels, with the power as the mean over the channels and the peaks as those
    of the loudest. Give it blocks of (n, channels) that are whole bins, but for the last."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz, self._frames = rate_hz, 0
        self._filters = [KWeighting(rate_hz) for _ in range(channels)]
        self._before = np.zeros((0, channels), np.float32)
        self._bins: list[tuple[NDArray[np.float32], ...]] = []

    def add(self, block: NDArray[np.float32]) -> None:
        edges = bin_edges(len(block), self._rate_hz)
        columns = np.ascontiguousarray(block.T)  # whole rows are added and compared several times as fast
        with_before = np.concatenate((self._before, block)) if len(self._before) else block
        curve = reduce(np.maximum, (peak_curve(np.ascontiguousarray(one), self._rate_hz) for one in with_before.T))
        if self._bins:  # what lies between the last block's samples and this one's
            last = self._bins[-1][2]
            last[-1] = max(last[-1], float(np.max(curve[REACH // 2 : REACH])))
        self._bins.append(
            (
                self._binned([own.filter(column) for own, column in zip(self._filters, columns, strict=True)], edges),
                self._binned(columns, edges),
                np.maximum.reduceat(curve[len(self._before) :], edges),
                np.minimum.reduceat(reduce(np.minimum, columns), edges),
                np.maximum.reduceat(reduce(np.maximum, columns), edges),
            )
        )
        self._before = with_before[-REACH:]
        self._frames += len(block)

    def finish(self) -> SoundMeasure:
        weighted, power, peak, low, high = (np.concatenate(column) for column in zip(*self._bins, strict=True))
        weighted = self._rung_out(weighted, [own.ring_out() for own in self._filters])
        return SoundMeasure(self._rate_hz, self._frames, weighted, power, peak, _drawn(low), _drawn(high))

    def _rung_out(self, weighted: NDArray[np.float32], ring: list[NDArray[np.float64]]) -> NDArray[np.float32]:
        """With what the filters still give, which may begin within the last bin."""
        edges = bin_edges(self._frames + len(ring[0]), self._rate_hz)
        more = self._binned(ring, np.unique(np.maximum(0, edges - self._frames)))
        if is_shared := len(weighted) + len(more) > len(edges):
            weighted[-1] += more[0]
        return np.concatenate((weighted, more[is_shared:]))

    def _binned(self, columns: Iterable[NDArray[np.floating]], edges: NDArray[np.int64]) -> NDArray[np.float32]:
        """The power of bins, as the mean over the channels."""
        squares = [np.square(column) for column in columns]
        return np.asarray(np.add.reduceat(reduce(np.add, squares), edges) / (len(squares) * self._rate_hz), np.float32)


def bin_edges(count: int, rate_hz: int) -> NDArray[np.int64]:
    """The first sample of each 10 ms bin."""
    bins = max(1, -(-count * BINS_PER_S // rate_hz))
    return np.asarray(np.arange(bins, dtype=np.int64) * rate_hz // BINS_PER_S)


def _drawn(extremes: NDArray[np.float32]) -> NDArray[np.int8]:
    return np.asarray(np.round(np.clip(extremes, -1, 1) * 127), np.int8)
