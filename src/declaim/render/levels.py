"""How loud: each voice brought to the others, then the programme to its standard. Never a single line.

Works on the measures of the lines alone. Power adds up, so the loudness of the whole at any gain is known without reading
audio, and what the limiter takes away is known from the peaks of the bins. Gains lie on a grid of 0.1 dB: a programme with
one other line keeps its gain, and with it the encodings of all other lines, while the loudness stays within 0.05 LU. Where the
gain would move by one step, that stays which most lines were made with before: within 0.1 LU.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from declaim.audio import PowerTimeline, SoundMeasure, amplitude, decibels, integrated_loudness, limiter_gain
from declaim.model.ids import LineKey, VoiceId
from declaim.render.cache import LineCache
from declaim.render.standards import GAIN_GRID_DB, Standard
from declaim.render.timeline import Placed

_VOICE_GRID_DB = 0.5
_MAX_GAIN_DB = 30.0
_ROUNDS = 12
_WORTHWHILE_SHARE = 0.15
"""Of a decibel of gain that is heard as loudness."""
_LEAST_SHARE = 0.01
_CAREFUL_STEP_DB = 3.0

Keeps = Callable[[Placed, LineKey, float], bool]
"""Whether a line was made with a gain (an amplitude) before."""


@dataclass(frozen=True)
class MatchedVoices:
    """What each voice needs to be as loud as the loudest of them, in decibels, and how loud speech is then."""

    by_voice: Mapping[VoiceId, float]
    lufs: float


@dataclass(frozen=True, eq=False)
class MeasuredStretch:
    """What was mixed from matched voices and music, in place."""

    start: int
    measure: SoundMeasure


@dataclass(frozen=True, eq=False)
class Levels:
    """The gains, and what the programme will measure with them."""

    standard: Standard
    by_voice: dict[VoiceId, float]
    """In decibels, on the grid."""
    integrated_lufs: float
    true_peak_dbtp: float

    mix_gain_db: float = 0.0
    """Of what is mixed."""

    def gain_of(self, placed: Placed) -> float:
        return amplitude(self.by_voice[placed.voice])

    def bin_gain(self, placed: Placed, measure: SoundMeasure) -> NDArray[np.float32]:
        return _bin_gain(measure, self.by_voice[placed.voice], self.standard, placed.loudest)

    def mix_bin_gain(self, measure: SoundMeasure) -> NDArray[np.float32]:
        """Limited under every standard: sounds that add up may pass full scale."""
        return limiter_gain(measure.peak, amplitude(self.mix_gain_db), self.standard.ceiling)


def match_voices(placed: Sequence[Placed], total: int, rate_hz: int, standard: Standard, cache: LineCache) -> MatchedVoices:
    """One pass over the measures for each voice."""
    programme = _Programme(placed, (), total, rate_hz, standard, cache)
    voices = list(dict.fromkeys(one.voice for one in placed))
    matched = dict.fromkeys(voices, 0.0)
    if standard.is_levelled and len(voices) > 1:
        matched = programme.matched(voices)
    return MatchedVoices(matched, programme.at(matched, 0.0).integrated_lufs)


def find_levels(
    placed: Sequence[Placed],
    mixed: Sequence[MeasuredStretch],
    matched: MatchedVoices,
    total: int,
    rate_hz: int,
    standard: Standard,
    cache: LineCache,
    keeps: Keeps,
) -> Levels:
    """Solves for the gain of the whole: a few passes over the measures, for the programme and its limiter.

    Args:
        placed: the lines that are not part of what is mixed.
        mixed: the rest, measured.
        matched: the voices.
        total: samples of the programme.
        rate_hz: its rate.
        standard: what it is levelled to.
        cache: the lines' measures.
        keeps: says of a line and a gain whether that was made before.
    """
    programme = _Programme(placed, mixed, total, rate_hz, standard, cache)
    chosen, heard = _solved(programme, matched, standard)
    by_voice = _all_louder(matched, chosen)
    kept, spoken = _count_kept(placed, by_voice, keeps), sum(one.key is not None for one in placed)
    for near in (chosen - GAIN_GRID_DB, chosen + GAIN_GRID_DB) if standard.is_levelled and kept < spoken / 2 else ():
        near = _on_grid(near, GAIN_GRID_DB)
        others = _all_louder(matched, near)
        count = _count_kept(placed, others, keeps)
        if count <= max(kept, spoken / 2):
            continue
        nearly = programme.at(matched.by_voice, near)
        if abs(nearly.missing(standard)) <= GAIN_GRID_DB:
            chosen, heard, by_voice, kept = near, nearly, others, count
    return Levels(standard, by_voice, round(heard.integrated_lufs, 2), round(heard.true_peak_dbtp, 2), chosen)


def _all_louder(matched: MatchedVoices, gain_db: float) -> dict[VoiceId, float]:
    return {voice: _on_grid(own + gain_db, GAIN_GRID_DB) for voice, own in matched.by_voice.items()}


def _count_kept(placed: Sequence[Placed], by_voice: Mapping[VoiceId, float], keeps: Keeps) -> int:
    return sum(one.key is not None and keeps(one, one.key, amplitude(by_voice[one.voice])) for one in placed)


def _solved(programme: _Programme, matched: MatchedVoices, standard: Standard) -> tuple[float, _Heard]:
    """The gain of the whole, and what is heard with it. The more the limiter takes of each decibel, the more is asked for; where
    it takes nearly all, more gain would only crush the sound: then the programme stays below its target."""
    chosen, kept_share = 0.0, 1.0
    heard = programme.at(matched.by_voice, chosen)
    if not standard.is_levelled or not math.isfinite(heard.level):
        return chosen, heard
    for _ in range(_ROUNDS):
        missing = heard.missing(standard)
        further = min(missing / kept_share, max(missing, _CAREFUL_STEP_DB))
        step = min(_MAX_GAIN_DB, _on_grid(chosen + further, GAIN_GRID_DB)) - chosen
        if abs(step) < GAIN_GRID_DB / 2 or kept_share < _WORTHWHILE_SHARE:
            break
        before, chosen = heard.level, _on_grid(chosen + step, GAIN_GRID_DB)
        heard = programme.at(matched.by_voice, chosen)
        kept_share = min(1.0, max(_LEAST_SHARE, (heard.level - before) / step))
    return chosen, heard


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

    def __init__(
        self,
        placed: Sequence[Placed],
        mixed: Sequence[MeasuredStretch],
        total: int,
        rate_hz: int,
        standard: Standard,
        cache: LineCache,
    ) -> None:
        self._placed, self._mixed = placed, mixed
        self._duration_s, self._rate_hz = total / rate_hz, rate_hz
        self._standard, self._cache = standard, cache

    def matched(self, voices: Sequence[VoiceId]) -> dict[VoiceId, float]:
        """What each voice needs to be as loud as the loudest of them, in decibels."""
        loudness = {voice: self._heard(self._spoken(dict.fromkeys(voices, 0.0), only=voice)) for voice in voices}
        known = {voice: heard.integrated_lufs for voice, heard in loudness.items() if math.isfinite(heard.integrated_lufs)}
        loudest = max(known.values(), default=0.0)
        return {voice: min(_MAX_GAIN_DB, _on_grid(loudest - known.get(voice, loudest), _VOICE_GRID_DB)) for voice in voices}

    def at(self, matched: Mapping[VoiceId, float], gain_db: float) -> _Heard:
        """With one gain more for everything."""
        return self._heard(self._everything({voice: own + gain_db for voice, own in matched.items()}, gain_db))

    def _everything(self, by_voice: Mapping[VoiceId, float], mix_gain_db: float) -> Iterator[_Sound]:
        yield from self._spoken(by_voice)
        for stretch in self._mixed:
            peak = stretch.measure.peak
            yield stretch.start, stretch.measure, limiter_gain(peak, amplitude(mix_gain_db), self._standard.ceiling), 1.0

    def _spoken(self, by_voice: Mapping[VoiceId, float], only: VoiceId | None = None) -> Iterator[_Sound]:
        for one in self._placed:
            if one.key is not None and only in (None, one.voice):
                measure = self._cache.measure(one.key)
                yield one.start, measure, _bin_gain(measure, by_voice[one.voice], self._standard, one.loudest), one.loudest

    def _heard(self, sounds: Iterator[_Sound]) -> _Heard:
        timeline, squares, peak = PowerTimeline(self._duration_s), 0.0, 0.0
        for start, measure, gain, loudest in sounds:
            power_gain = np.square(gain)
            weighted = measure.weighted.copy()
            weighted[: len(gain)] *= power_gain
            weighted[len(gain) :] *= power_gain[-1]
            timeline.add(start / self._rate_hz, weighted)
            squares += float(np.dot(measure.power, power_gain))
            peak = max(peak, float(np.max(measure.peak * gain, initial=0)) * loudest)
        lufs = integrated_loudness(timeline.mean_square * self._standard.channels)
        rms_db = 10 * math.log10(squares / self._duration_s) if squares else -math.inf
        return _Heard(lufs, decibels(peak), rms_db, lufs if self._standard.target_rms_db is None else rms_db)


_Sound = tuple[int, SoundMeasure, NDArray[np.float32], float]
"""Where it starts, what it sounds like, the gain of its bins, and that of the louder channel."""


def _bin_gain(measure: SoundMeasure, gain_db: float, standard: Standard, loudest: float) -> NDArray[np.float32]:
    if not standard.is_levelled:
        return np.ones(len(measure.peak), np.float32)
    return limiter_gain(measure.peak, amplitude(gain_db), standard.ceiling / loudest)


def _on_grid(level_db: float, grid_db: float) -> float:
    return round(round(level_db / grid_db) * grid_db, 3)
