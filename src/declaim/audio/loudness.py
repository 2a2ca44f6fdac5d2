"""Loudness of streams and files, and of programmes put together from measured lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import read_blocks
from declaim.audio.measure import BINS_PER_S
from declaim.audio.resampling import decibels
from declaim.audio.true_peak import TruePeak
from declaim.audio.weighting import HOP_S, KWeighting, integrated_loudness
from declaim.errors import AudioError

_LOUD_POWER = 1e-5
"""−50 dB."""


class LoudnessMeter:
    """Streaming BS.1770-4 for mono and stereo: give it the blocks in order."""

    def __init__(self, rate_hz: int, channels: int = 1) -> None:
        self._hop = round(rate_hz * HOP_S)
        self._filters = [KWeighting(rate_hz) for _ in range(channels)]
        self._left = np.zeros(0)
        self._hops: list[NDArray[np.float64]] = []

    def add(self, samples: NDArray[np.float32]) -> None:
        """Samples of shape (n,) or (n, channels)."""
        columns = samples[:, None] if samples.ndim == 1 else samples
        power = np.zeros(len(columns))
        for weighting, column in zip(self._filters, columns.T, strict=True):
            power += np.square(weighting.filter(column))
        power = np.concatenate((self._left, power))
        whole = len(power) // self._hop * self._hop
        self._hops.append(power[:whole].reshape(-1, self._hop).mean(axis=1))
        self._left = power[whole:]

    def integrated_lufs(self) -> float:
        """Of everything so far; ``-inf`` for silence and for less than 400 ms."""
        return integrated_loudness(np.concatenate(self._hops)) if self._hops else float("-inf")


class PowerTimeline:
    """Power over the time of a programme in hops of 100 ms, gathered from the bins of its lines: memory of one number a hop."""

    def __init__(self, duration_s: float) -> None:
        self._hops = np.zeros(int(duration_s / HOP_S) + 8)

    def add(self, start_s: float, bins: NDArray[np.floating]) -> None:
        """Power integrals of 10 ms bins (see ``SoundMeasure``) that start at ``start_s``."""
        sums = np.concatenate(([0.0], np.cumsum(bins, dtype=np.float64)))
        times = start_s + np.arange(len(sums)) / BINS_PER_S
        first, last = int(times[0] / HOP_S), int(times[-1] / HOP_S) + 1
        at_edges = np.interp(np.arange(first, last + 1) * HOP_S, times, sums)
        self._hops[first:last] += np.diff(at_edges) / HOP_S

    @property
    def mean_square(self) -> NDArray[np.float64]:
        """Of each hop, for one channel."""
        return self._hops


@dataclass(frozen=True)
class FileMeasure:
    """What a delivery sheet judges; levels of the whole file, ``-inf`` where there is nothing."""

    duration_ms: int
    rate_hz: int
    channels: int
    integrated_lufs: float
    true_peak_dbtp: float
    sample_peak_db: float
    rms_db: float
    noise_floor_db: float
    """RMS of the quietest half second that is not digital silence."""
    head_ms: int = 0
    tail_ms: int = 0
    """Before the first and after the last 10 ms that are louder than −50 dB RMS: room tone, or silence."""


def measure_file(path: Path) -> FileMeasure:
    """Measures a file as it is, encoded; memory stays flat for what libsndfile reads.

    Raises:
        AudioError: when it cannot be read, or is empty.
    """
    meter: LoudnessMeter | None = None
    frames = rate_hz = channels = 0
    squares, peak, quietest = 0.0, 0.0, np.inf
    left = np.zeros(0)
    edges = _Edges()
    for block, rate_hz in read_blocks(path):
        if meter is None:
            channels = block.shape[1]
            meter, true_peak = LoudnessMeter(rate_hz, channels), TruePeak(rate_hz)
        meter.add(block)
        true_peak.add(block)
        power = np.square(block, dtype=np.float64).mean(axis=1)
        edges.add(power, rate_hz)
        frames, squares = frames + len(block), squares + float(power.sum())
        peak = max(peak, float(np.max(np.abs(block), initial=0)))
        left, lowest = _quietest(np.concatenate((left, power)), rate_hz // 2)
        quietest = min(quietest, lowest)
    if meter is None or not frames:
        raise AudioError(f"'{path.name}' has no sound in it.", cure="Choose another file.")
    floor = float(10 * np.log10(quietest)) if np.isfinite(quietest) else float("-inf")
    rms = float(10 * np.log10(squares / frames)) if squares else float("-inf")
    duration_ms = round(1000 * frames / rate_hz)
    return FileMeasure(
        duration_ms, rate_hz, channels, meter.integrated_lufs(), true_peak.finish(), decibels(peak), rms, floor,
        *edges.head_and_tail_ms(duration_ms, rate_hz),
    )  # fmt: skip


class _Edges:
    """Finds where the sound begins and ends; bins of 10 ms, a block's last one may be shorter."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last = self._frames = 0

    def add(self, power: NDArray[np.float64], rate_hz: int) -> None:
        if len(power):
            edges = np.arange(0, len(power), rate_hz // 100)
            loud = edges[np.add.reduceat(power, edges) > _LOUD_POWER * rate_hz / 100]
            if len(loud):
                self._first = self._frames + int(loud[0]) if self._first is None else self._first
                self._last = self._frames + int(loud[-1]) + rate_hz // 100
        self._frames += len(power)

    def head_and_tail_ms(self, duration_ms: int, rate_hz: int) -> tuple[int, int]:
        if self._first is None:
            return duration_ms, duration_ms
        return round(1000 * self._first / rate_hz), max(0, duration_ms - round(1000 * self._last / rate_hz))


def _quietest(power: NDArray[np.float64], window: int) -> tuple[NDArray[np.float64], float]:
    """What is left of the last window, and the lowest mean of the whole ones that are not silent."""
    whole = len(power) // window * window
    means = power[:whole].reshape(-1, window).mean(axis=1)
    heard = means[means > 1e-12]
    return power[whole:], float(heard.min()) if len(heard) else np.inf
