"""Music files: how loud and how long one is, and its sound as a stream at the programme's rate, looped where asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import read_blocks
from declaim.audio.files import audio_duration_ms
from declaim.audio.loudness import LoudnessMeter
from declaim.audio.resampling import Resampling
from declaim.errors import AudioError

Samples = NDArray[np.float32]

_MEASURED_S = 600
_CROSSFADE_S = 2.0
_SHORTEST_MS = 200


@dataclass(frozen=True)
class MusicMeasure:
    """``lufs`` is that of the first ten minutes."""

    lufs: float
    duration_ms: int


def measure_music(path: Path) -> MusicMeasure:
    """Reads a music file through, up to ten minutes of it; memory stays flat.

    Raises:
        AudioError: when it is missing, unreadable, silent or shorter than a fifth of a second.
    """
    meter: LoudnessMeter | None = None
    frames = rate_hz = 0
    for block, rate_hz in read_blocks(path):
        meter = meter or LoudnessMeter(rate_hz, min(2, block.shape[1]))
        meter.add(block[:, :2])
        frames += len(block)
        if frames >= _MEASURED_S * rate_hz:
            break
    lufs = meter.integrated_lufs() if meter else float("-inf")
    is_long = bool(rate_hz) and frames >= _MEASURED_S * rate_hz
    duration_ms = audio_duration_ms(path) if is_long else round(1000 * frames / max(1, rate_hz))
    if not np.isfinite(lufs) or duration_ms < _SHORTEST_MS:
        raise AudioError(f"There is no music in '{path.name}': it is silent or too short.", cure="Choose another file.")
    return MusicMeasure(round(lufs, 2), duration_ms)


def stream_music(path: Path, rate_hz: int, channels: int, *, loops: bool = False) -> Iterator[Samples]:
    """The file in blocks of (n, channels) at ``rate_hz``; one that loops never ends, its end faded over its beginning.

    Raises:
        AudioError: as :func:`declaim.audio.read_blocks`.
    """
    if not loops:
        yield from _once(path, rate_hz, channels)
        return
    over = round(_CROSSFADE_S * rate_hz)
    over = min(over, max(1, round(audio_duration_ms(path) / 1000 * rate_hz) // 4))
    rise = np.sin(0.5 * np.pi * (np.arange(over, dtype=np.float32) + 0.5) / over)[:, None]
    tail = np.zeros((0, channels), np.float32)
    while True:
        held = np.zeros((0, channels), np.float32)
        for block in _once(path, rate_hz, channels):
            held = np.concatenate((held, block))
            if len(tail) and len(held) >= len(tail):
                place = slice(0, len(tail))
                held[place] = held[place] * rise[-len(tail) :] + tail * rise[: -len(tail) - 1 : -1]
                tail = tail[:0]
            if not len(tail) and len(held) > over:
                yield held[:-over]
                held = held[-over:]
        if not len(held):  # emptied while it was played
            return
        tail = held


def _once(path: Path, rate_hz: int, channels: int) -> Iterator[Samples]:
    resampling: Resampling | None = None
    for block, from_hz in read_blocks(path):
        resampling = resampling or Resampling(from_hz, rate_hz, channels)
        yield _columns(resampling.add(_shaped(block, channels)), channels)
    if resampling is not None:
        yield _columns(resampling.finish(), channels)


def _shaped(block: Samples, channels: int) -> Samples:
    """The first two channels as ``channels`` columns, or as (n,) for one."""
    if channels == 1:
        return np.asarray(block[:, :2].mean(axis=1), np.float32)
    return np.ascontiguousarray(block[:, :2]) if block.shape[1] > 1 else np.repeat(block, 2, axis=1)


def _columns(samples: Samples, channels: int) -> Samples:
    return samples.reshape(-1, channels)
