"""K-weighting and gating: the loudness of ITU-R BS.1770-4, on numpy alone.

The two stages are a shelf and a high-pass whose prototypes (f0, Q, gain) are those that reproduce the standard's 48 kHz
coefficients; the bilinear transform takes them to any rate (De Man, "Evaluation of implementations of the EBU R128 loudness
measurement", 2014). Their impulse response has fallen by 200 dB after a tenth of a second, so it is applied as a finite filter by
fast convolution: as exact as the recursion, and without importing scipy (0.3 s and more).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

HOP_S = 0.1
"""The step of the gating blocks; a block is four of them."""
SILENCE_LUFS = float("-inf")
_OFFSET_DB = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_RESPONSE_S = 0.1


def integrated_loudness(hop_power: Floats) -> float:
    """LUFS of a programme; ``-inf`` for silence and for less than one block (400 ms).

    Args:
        hop_power: K-weighted mean square of each 100 ms, summed over the channels, shape (n,).
    """
    if len(hop_power) < 4:
        return SILENCE_LUFS
    sums = np.concatenate(([0.0], np.cumsum(hop_power, dtype=np.float64)))
    blocks = (sums[4:] - sums[:-4]) / 4
    loud = blocks[blocks > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return SILENCE_LUFS
    gate = float(np.mean(loud)) * 10 ** (_RELATIVE_GATE_LU / 10)
    return loudness_of_power(float(np.mean(loud[loud > gate])))


def loudness_of_power(power: float) -> float:
    """LUFS of a K-weighted mean square."""
    return _OFFSET_DB + 10 * math.log10(power) if power > 0 else SILENCE_LUFS


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))


class KWeighting:
    """The filter with its state: give it the blocks of one channel in order."""

    def __init__(self, rate_hz: int) -> None:
        self._response = k_response(rate_hz)
        self._tail = np.zeros(len(self._response) - 1)

    def filter(self, samples: Floats) -> NDArray[np.float64]:
        """The weighted block, as long as the one given, shape (n,)."""
        parts = [self._block(samples[at : at + _BLOCK]) for at in range(0, len(samples), _BLOCK)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def ring_out(self) -> NDArray[np.float64]:
        """What the filter still gives after the last block (a tenth of a second)."""
        return self._tail.copy()

    def _block(self, samples: Floats) -> NDArray[np.float64]:
        size = _FFT if len(samples) == _BLOCK else _fast_size(len(samples) + len(self._tail))
        spectrum = np.fft.rfft(samples, size) * _spectrum(self._response.tobytes(), size)
        full = np.fft.irfft(spectrum, size)[: len(samples) + len(self._tail)]
        full[: len(self._tail)] += self._tail
        self._tail = full[len(samples) :]
        return full[: len(samples)]


_FFT = 1 << 16
_BLOCK = _FFT - (1 << 14)
"""Samples that one transform takes; leaves room for the longest response (at 163 kHz; higher rates are resampled first)."""


def _fast_size(size: int) -> int:
    """The next 2ⁿ or 3·2ⁿ."""
    power = 1 << max(4, (size - 1).bit_length())
    return 3 * power // 4 if 3 * power // 4 >= size else power


@lru_cache(maxsize=32)
def _spectrum(response: bytes, size: int) -> NDArray[np.complex128]:
    return np.asarray(np.fft.rfft(np.frombuffer(response), size), np.complex128)


@lru_cache(maxsize=8)
def k_response(rate_hz: int) -> NDArray[np.float64]:
    """The impulse response of both stages, shape (rate_hz / 10,)."""
    length = round(_RESPONSE_S * rate_hz)
    size = _fast_size(4 * length)
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    gain = np.ones(len(z), np.complex128)
    for b, a in _stages(rate_hz):
        gain *= np.polyval(b[::-1], z) / np.polyval(a[::-1], z)
    return np.ascontiguousarray(np.fft.irfft(gain, size)[:length])


def _stages(rate_hz: int) -> tuple[tuple[list[float], list[float]], tuple[list[float], list[float]]]:
    """(b, a) of the shelf and of the high-pass, ascending powers of z⁻¹."""
    q, k = 0.7071752369554196, math.tan(math.pi * 1681.974450955533 / rate_hz)
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf_b = [(high + middle * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - middle * k / q + k * k) / norm]
    shelf_a = [1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]
    q, k = 0.5003270373238773, math.tan(math.pi * 38.13547087602444 / rate_hz)
    norm = 1 + k / q + k * k
    return (shelf_b, shelf_a), ([1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm])
