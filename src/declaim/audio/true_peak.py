"""The peaks that lie between the samples: true peak after ITU-R BS.1770-4, annex 2.

The sound is oversampled to 176 kHz or more by a windowed sinc over the whole band (a resampler's filter leaves out its top, where
noise has peaks of its own) and only its magnitude is looked at.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from declaim.audio.resampling import decibels

_HALF = 12
REACH = 2 * _HALF - 1
"""Samples that a block must begin with from the one before it, so that nothing between the two is missed."""
_BETA = 8.0
_BLOCK = 1 << 12
_ENOUGH_HZ = 176_000


def peak_curve(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """The largest magnitude from each sample up to the next one, shape (n,) as given.

    At the edges, where the filter would look beyond the sound, it is that of the sample.
    """
    phases = _phases(rate_hz)
    curve = np.abs(samples).astype(np.float32, copy=False)
    for at in range(0, len(samples) - 2 * _HALF + 1 if phases.size else 0, _BLOCK):
        part = samples[at : at + _BLOCK + 2 * _HALF - 1]
        # One row for each tap: whole rows go through the matrix product and the maximum.
        shifted = np.lib.stride_tricks.sliding_window_view(part, len(part) - 2 * _HALF + 1)
        between = phases @ np.ascontiguousarray(shifted, np.float32)
        np.abs(between, out=between)
        place = curve[at + _HALF - 1 : at + _HALF - 1 + between.shape[1]]
        np.maximum(place, between.max(axis=0), out=place)
    return curve


@lru_cache(maxsize=8)
def _phases(rate_hz: int) -> NDArray[np.float32]:
    """The interpolating filters between two samples, shape (factor − 1, 2 · _HALF)."""
    factor = 1
    while rate_hz * factor < _ENOUGH_HZ:
        factor *= 2
    times = np.arange(1 - _HALF, _HALF + 1)[None, :] - np.arange(1, factor)[:, None] / factor
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (times / _HALF) ** 2, 0, 1))) / np.i0(_BETA)
    return np.asarray(np.sinc(times) * window, np.float32)


class TruePeak:
    """Streaming: give it the blocks in order, shape (n,) or (n, channels)."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._left: NDArray[np.float32] | None = None
        self._peak = 0.0

    def add(self, samples: NDArray[np.float32]) -> None:
        columns = samples[:, None] if samples.ndim == 1 else samples
        if self._left is not None:
            columns = np.concatenate((self._left, columns))
        for column in columns.T:
            if len(column):
                self._peak = max(self._peak, float(np.max(peak_curve(np.ascontiguousarray(column), self._rate_hz))))
        self._left = columns[-REACH:]

    def finish(self) -> float:
        """The peak in dBTP, ``-inf`` for silence."""
        return decibels(self._peak)
