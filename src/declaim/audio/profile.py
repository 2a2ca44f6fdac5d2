"""What a voice sample is like: loudness, noise, pitch and pace. Pitch and intensity by Praat (Boersma's autocorrelation).

Pace follows de Jong and Wempe (2009), "Praat script to detect syllable nuclei and measure speech rate automatically": a
syllable is a peak of intensity that is voiced and stands 2 dB over the dip before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import read_blocks
from declaim.audio.loudness import measure_file
from declaim.errors import AudioError
from declaim.model.calibration import SILENCE_DB, Profile

LONGEST_S = 120
"""Pitch and pace are measured in this much from the start."""
_STEP_S = 0.01
_WIDEST_HZ = (60.0, 700.0)
_SILENCE_DB = 25.0
"""Below the loudest hundredth: nothing that quiet is a syllable."""
_DIP_DB = 2.0
_LEAST_VOICED_S = 0.5


def measure_profile(path: Path) -> Profile:
    """Measures an audio file.

    Raises:
        AudioError: for a file that cannot be read, or in which nobody speaks.
    """
    levels = measure_file(path)
    tracks = _tracks(path)
    voiced = tracks.pitch_hz[tracks.pitch_hz > 0]
    pace = _syllables_per_s(tracks)
    if len(voiced) * _STEP_S < _LEAST_VOICED_S or not pace:
        raise AudioError(f"Nobody speaks in '{path.name}'.", cure="Choose a recording of a voice, ten seconds or longer.")
    low, middle, high = np.percentile(voiced, (10, 50, 90))
    return Profile(
        seconds=round(levels.duration_ms / 1000, 2),
        integrated_lufs=_level(levels.integrated_lufs),
        true_peak_dbtp=_level(levels.true_peak_dbtp),
        noise_floor_db=_level(levels.noise_floor_db),
        pitch_hz=round(float(middle), 1),
        pitch_range_semitones=round(float(12 * np.log2(high / low)), 1),
        syllables_per_s=round(pace, 2),
    )


@dataclass(frozen=True, eq=False)
class _Tracks:
    """Intensity in dB and pitch in Hz (0 where nothing is voiced), both every ``_STEP_S``."""

    intensity_db: NDArray[np.float64]
    pitch_hz: NDArray[np.float64]


def _tracks(path: Path) -> _Tracks:
    samples, rate_hz = _start_of(path)
    if len(samples) < rate_hz * _LEAST_VOICED_S:
        raise AudioError(f"'{path.name}' is too short to measure.", cure="Choose ten seconds of speech or more.")
    import parselmouth

    sound = parselmouth.Sound(samples.astype(np.float64), sampling_frequency=rate_hz)
    pitch = _pitch(sound)
    intensity = sound.to_intensity(minimum_pitch=50.0, time_step=_STEP_S, subtract_mean=True)
    levels = np.asarray(intensity.values[0], np.float64)
    at = np.rint((intensity.xs() - pitch.x1) / _STEP_S).astype(np.int64)
    heard = np.asarray(pitch.selected_array["frequency"], np.float64)
    inside = (at >= 0) & (at < len(heard))
    return _Tracks(levels, np.where(inside, heard[np.clip(at, 0, len(heard) - 1)], 0.0))


def _pitch(sound: Any) -> Any:
    """Twice: the second time only where this voice lies, which ends octave errors (Hirst 2011)."""
    first = sound.to_pitch(time_step=_STEP_S, pitch_floor=_WIDEST_HZ[0], pitch_ceiling=_WIDEST_HZ[1])
    found = first.selected_array["frequency"]
    if not (found > 0).any():
        return first
    low, high = np.percentile(found[found > 0], (25, 75))
    floor, ceiling = max(_WIDEST_HZ[0], 0.75 * low), min(_WIDEST_HZ[1], 1.5 * high)
    return sound.to_pitch(time_step=_STEP_S, pitch_floor=floor, pitch_ceiling=ceiling)


def _syllables_per_s(tracks: _Tracks) -> float:
    levels = tracks.intensity_db
    threshold = np.percentile(levels, 99) - _SILENCE_DB
    speaking_s = np.count_nonzero(levels > threshold) * _STEP_S
    peaks = (
        np.flatnonzero((levels[1:-1] > levels[:-2]) & (levels[1:-1] >= levels[2:]) & (levels[1:-1] > threshold)) + 1
    ).tolist()
    counted, before = 0, 0
    for peak in peaks:
        if levels[peak] - levels[before : peak + 1].min() >= _DIP_DB:
            counted += bool(tracks.pitch_hz[peak] > 0)
            before = peak
        elif levels[peak] > levels[before]:
            before = peak
    return float(counted / speaking_s) if speaking_s else 0.0


def _start_of(path: Path) -> tuple[NDArray[np.float32], int]:
    """Mono, at most ``LONGEST_S``."""
    parts: list[NDArray[np.float32]] = []
    length, rate_hz = 0, 0
    for block, rate_hz in read_blocks(path):
        parts.append(block.mean(axis=1))
        length += len(block)
        if length >= LONGEST_S * rate_hz:
            break
    return np.concatenate(parts or [np.zeros(0, np.float32)])[: LONGEST_S * rate_hz], rate_hz


def _level(value: float) -> float:
    return round(max(value, SILENCE_DB), 2)
