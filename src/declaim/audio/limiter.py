"""A look-ahead limiter that works on the true peaks of 10 ms bins, so that its gain is known before the audio is read.

The gain of a bin brings its peak to the ceiling; the lowest gain of the neighbourhood is held and smoothed over a shorter
one, which keeps every sample's interpolated gain at or below its bin's. Attack and release are 20 ms, and nothing depends on
what lies further away: a line sounds the same wherever it stands. Slower ones would hold back more of what lies around a peak:
speech in mono would stay below −16 LUFS, or need some decibels more of gain, which lifts every breath.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from declaim.audio.measure import BINS_PER_S

_SMOOTH = 2
_HOLD = _SMOOTH + 1
_WINDOW = np.hanning(2 * _SMOOTH + 3)[1:-1]
_WINDOW /= _WINDOW.sum()
_SAME = 1e-6
"""Gains that differ by less are one."""


def limiter_gain(peak: NDArray[np.float32], gain: float, ceiling: float) -> NDArray[np.float32]:
    """The gain at the centre of each bin, at most ``gain``, that keeps ``peak`` times it at or below ``ceiling``; shape of
    ``peak``."""
    loudest = float(np.max(peak)) if len(peak) else 0.0
    if loudest * gain <= ceiling:
        return np.full(len(peak), gain, np.float32)
    edge = _HOLD + _SMOOTH
    allowed = np.full(len(peak) + 2 * edge, gain)
    np.minimum(gain, ceiling / np.maximum(peak, 1e-9), out=allowed[edge:-edge])
    held = allowed[: len(peak) + 2 * _SMOOTH].copy()
    for shift in range(1, 2 * _HOLD + 1):
        np.minimum(held, allowed[shift : shift + len(held)], out=held)
    return np.asarray(np.convolve(held, _WINDOW, "valid"), np.float32)


def apply_gain(samples: NDArray[np.float32], rate_hz: int, bin_gain: NDArray[np.float32], first: int = 0) -> NDArray[np.float32]:
    """Samples with the gain of their bins, a straight line from centre to centre.

    Args:
        samples: shape (n,) or (n, channels), as what comes out.
        rate_hz: of the samples.
        bin_gain: of the whole sound.
        first: where in the whole sound ``samples`` begin.
    """
    step = rate_hz / BINS_PER_S
    begin, end = int(first / step - 0.5), int((first + len(samples)) / step + 1.5)
    gain = bin_gain[max(0, begin) : max(1, end)]
    loudest = np.float32(np.max(bin_gain, initial=0) if len(bin_gain) else 1)
    out = np.asarray(samples * loudest, np.float32)
    for low, high in _runs(gain < loudest * (1 - _SAME)):
        low, high = low + max(0, begin), high + max(0, begin)
        start = 0 if low == 0 else max(0, math.ceil((low - 0.5) * step) - first)
        stop = len(samples) if high == len(bin_gain) else min(len(samples), math.ceil((high + 0.5) * step) - first)
        centres = (np.arange(max(0, low - 1), min(len(bin_gain), high + 1)) + 0.5) * step - first
        curve = np.interp(np.arange(start, stop), centres, bin_gain[max(0, low - 1) : high + 1]).astype(np.float32)
        out[start:stop] = samples[start:stop] * (curve if samples.ndim == 1 else curve[:, None])
    return out


def _runs(chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last + 1 of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
