"""A look-ahead limiter that works on the true peaks of 10 ms bins, so that its gain is known before the audio is read.

The gain of a bin brings its peak to the ceiling; the lowest gain of the neighbourhood is held and smoothed over a shorter
one, which keeps every sample's interpolated gain at or below its bin's. Attack and release are 40 ms, and nothing depends on
what lies further away: a line sounds the same wherever it stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from declaim.audio.measure import BINS_PER_S

_SMOOTH = 4
_HOLD = _SMOOTH + 1
_WINDOW = np.hanning(2 * _SMOOTH + 3)[1:-1]
_WINDOW /= _WINDOW.sum()


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


def apply_gain(samples: NDArray[np.float32], rate_hz: int, bin_gain: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples with the gain of their bins, a straight line from centre to centre. Shape (n,) in and out."""
    if not len(bin_gain) or float(np.ptp(bin_gain)) == 0:
        return samples * np.float32(bin_gain[0] if len(bin_gain) else 1)
    centres = (np.arange(len(bin_gain)) + 0.5) * rate_hz / BINS_PER_S
    curve = np.interp(np.arange(len(samples), dtype=np.float32), centres, bin_gain)
    return np.asarray(samples * curve, np.float32)
