"""How loud: each voice brought to the others, then the programme to its standard. Never a single line.

Works on the measures of the lines alone. Power adds up, so the loudness of the whole at any gain is known without reading
audio, and what the limiter takes away is known from the peaks of the bins. Gains lie on a grid of 0.1 dB: a programme with
one other line keeps its gain, and with it the encodings of all other lines, while the loudness stays within 0.05 LU.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from declaim.audio import PowerTimeline, SoundMeasure, amplitude, decibels, integrated_loudness, limiter_gain
from declaim.errors import InputError
from declaim.model.ids import LineKey, VoiceId
from declaim.model.settings import LoudnessStandard
from declaim.render.cache import LineCache

_GAIN_GRID_DB = 0.1
_VOICE_GRID_DB = 0.5
_MAX_GAIN_DB = 30.0
_ROUNDS = 8


@dataclass(frozen=True)
class Standard:
    """What a programme is levelled to: loudness (LUFS), or the RMS of the whole file (ACX)."""

    name: LoudnessStandard
    channels: int
    target_lufs: float | None = None
    target_rms_db: float | None = None
    ceiling_dbtp: float = -1.0
    head_ms: int = 0
    tail_ms: int = 500
    has_room_tone: bool = False

    @property
    def is_levelled(self) -> bool:
        return self.target_lufs is not None or self.target_rms_db is not None

    @property
    def ceiling(self) -> float:
        return amplitude(self.ceiling_dbtp)

    def name_of_gain(self, gain: float) -> str:
        """Short, and different for every gain and ceiling that make another sound."""
        if not self.is_levelled:
            return "as-is"
        return f"{round(decibels(gain) / _GAIN_GRID_DB)}d{-self.ceiling_dbtp:g}"


# By how much encoding lets peaks grow, at most, on speech: the limiter's ceiling lies that much below what a standard allows.
_OVERSHOOT_DB = {".wav": 0.05, ".flac": 0.05, ".mp3": 0.5, ".m4b": 0.5, ".opus": 1.0}
STANDARDS = {
    LoudnessStandard.PODCAST: Standard(LoudnessStandard.PODCAST, 2, target_lufs=-16.0),
    LoudnessStandard.PODCAST_MONO: Standard(LoudnessStandard.PODCAST_MONO, 1, target_lufs=-19.0),
    LoudnessStandard.ACX: Standard(
        LoudnessStandard.ACX, 1, target_rms_db=-20.0, ceiling_dbtp=-3.0, head_ms=750, tail_ms=2000, has_room_tone=True
    ),
    LoudnessStandard.NONE: Standard(LoudnessStandard.NONE, 1),
}


def standard(name: str, kind: str = ".wav") -> Standard:
    """By its name in the settings and the terminal, for a kind of file.

    Raises:
        InputError: for a name that is none.
    """
    try:
        chosen = STANDARDS[LoudnessStandard(name)]
    except ValueError:
        cure = f"Choose one of {', '.join(LoudnessStandard)}."
        raise InputError(f"'{name}' is not a loudness that Declaim knows.", cure=cure) from None
    return replace(chosen, ceiling_dbtp=round(chosen.ceiling_dbtp - _OVERSHOOT_DB[kind], 2))


@dataclass(frozen=True)
class Placed:
    """A line in the programme, in samples at the programme's rate: it starts at ``start`` and sounds for ``length``.
    ``voiced`` is the same on the grid of frames with a little silence behind it, ``slot`` everything up to the next line."""

    index: int
    key: LineKey | None
    voice: VoiceId
    start: int
    length: int
    voiced: int
    slot: int


@dataclass(frozen=True, eq=False)
class Levels:
    """The gains, and what the programme will measure with them."""

    standard: Standard
    by_voice: dict[VoiceId, float]
    """In decibels, on the grid."""
    integrated_lufs: float
    true_peak_dbtp: float

    def gain_of(self, placed: Placed) -> float:
        return amplitude(self.by_voice[placed.voice])

    def bin_gain(self, placed: Placed, measure: SoundMeasure) -> NDArray[np.float32]:
        return _bin_gain(measure, self.by_voice[placed.voice], self.standard)


def find_levels(placed: Sequence[Placed], duration_s: float, rate_hz: int, standard: Standard, cache: LineCache) -> Levels:
    """Solves for the gains: one pass over the measures for the voices, then a few for the programme and its limiter."""
    programme = _Programme(placed, duration_s, rate_hz, standard, cache)
    voices = list(dict.fromkeys(one.voice for one in placed))
    matched = dict.fromkeys(voices, 0.0)
    if standard.is_levelled and len(voices) > 1:
        matched = programme.matched(voices)
    chosen = 0.0
    heard = programme.at(matched)
    for _ in range(_ROUNDS if standard.is_levelled and math.isfinite(heard.level) else 0):
        step = _on_grid(chosen + heard.missing(standard), _GAIN_GRID_DB) - chosen
        if not step:
            break
        chosen = min(_MAX_GAIN_DB, chosen + step)
        heard = programme.at({voice: gain + chosen for voice, gain in matched.items()})
    by_voice = {voice: _on_grid(gain + chosen, _GAIN_GRID_DB) for voice, gain in matched.items()}
    return Levels(standard, by_voice, round(heard.integrated_lufs, 2), round(heard.true_peak_dbtp, 2))


@dataclass(frozen=True)
class _Heard:
    integrated_lufs: float
    true_peak_dbtp: float
    rms_db: float
    level: float
    """That of the two which the standard judges."""

    def missing(self, standard: Standard) -> float:
        target = standard.target_lufs if standard.target_lufs is not None else standard.target_rms_db
        return (target if target is not None else self.level) - self.level


class _Programme:
    """The measures of all lines, read again in each round: memory stays flat."""

    def __init__(self, placed: Sequence[Placed], duration_s: float, rate_hz: int, standard: Standard, cache: LineCache) -> None:
        self._placed, self._duration_s, self._rate_hz = placed, duration_s, rate_hz
        self._standard, self._cache = standard, cache

    def matched(self, voices: Sequence[VoiceId]) -> dict[VoiceId, float]:
        """What each voice needs to be as loud as the loudest of them, in decibels."""
        loudness = {voice: self._heard([one for one in self._placed if one.voice == voice], {voice: 0.0}) for voice in voices}
        known = {voice: heard.integrated_lufs for voice, heard in loudness.items() if math.isfinite(heard.integrated_lufs)}
        loudest = max(known.values(), default=0.0)
        return {voice: min(_MAX_GAIN_DB, _on_grid(loudest - known.get(voice, loudest), _VOICE_GRID_DB)) for voice in voices}

    def at(self, by_voice: dict[VoiceId, float]) -> _Heard:
        return self._heard(self._placed, by_voice)

    def _heard(self, placed: Sequence[Placed], by_voice: dict[VoiceId, float]) -> _Heard:
        timeline, squares, peak = PowerTimeline(self._duration_s), 0.0, 0.0
        for one in placed:
            if one.key is None:
                continue
            measure = self._cache.measure(one.key)
            gain = _bin_gain(measure, by_voice[one.voice], self._standard)
            power_gain = np.square(gain)
            weighted = measure.weighted.copy()
            weighted[: len(gain)] *= power_gain
            weighted[len(gain) :] *= power_gain[-1]
            timeline.add(one.start / self._rate_hz, weighted)
            squares += float(np.dot(measure.power, power_gain))
            peak = max(peak, float(np.max(measure.peak * gain, initial=0)))
        lufs = integrated_loudness(timeline.mean_square * self._standard.channels)
        rms_db = 10 * math.log10(squares / self._duration_s) if squares else -math.inf
        return _Heard(lufs, decibels(peak), rms_db, lufs if self._standard.target_rms_db is None else rms_db)


def _bin_gain(measure: SoundMeasure, gain_db: float, standard: Standard) -> NDArray[np.float32]:
    if not standard.is_levelled:
        return np.ones(len(measure.peak), np.float32)
    return limiter_gain(measure.peak, amplitude(gain_db), standard.ceiling)


def _on_grid(level_db: float, grid_db: float) -> float:
    return round(round(level_db / grid_db) * grid_db, 3)
