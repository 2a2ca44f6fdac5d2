"""How local engines deliver: the presets and expression settings as numbers, in this one place.

Cloud engines map the same settings to styles and tags. Local voices have three means: pace, pauses and variation
(how far the melody and rhythm may stray, where the engine has such a thing).
"""

from __future__ import annotations

from dataclasses import dataclass

from declaim.model.delivery import Delivery, DeliveryPreset, EmotionalRange, EmphasisStyle

SENTENCE_PAUSE_MS = 320
"""Between the sentences of one line at the dynamic preset."""
COMMA_PAUSE_MS = 140
"""At a comma where a sentence is too long for one breath; at other commas the voice makes its own pause."""


@dataclass(frozen=True)
class _Preset:
    """``pace``, ``pauses``, ``melody`` and ``rhythm`` multiply; ``clause_pause_ms`` is added at ``;`` ``:`` and dashes."""

    pace: float
    pauses: float
    clause_pause_ms: int
    melody: float
    rhythm: float


PRESETS = {
    DeliveryPreset.MEASURED: _Preset(pace=0.94, pauses=1.4, clause_pause_ms=120, melody=0.75, rhythm=0.6),
    DeliveryPreset.DYNAMIC: _Preset(pace=1.0, pauses=1.0, clause_pause_ms=0, melody=1.0, rhythm=1.0),
    DeliveryPreset.THEATRICAL: _Preset(pace=0.98, pauses=1.6, clause_pause_ms=260, melody=1.3, rhythm=1.35),
}
EMOTIONAL_RANGE = {EmotionalRange.SUBTLE: 0.8, EmotionalRange.MODERATE: 1.0, EmotionalRange.FULL: 1.15}
"""Multiplies melody and rhythm."""
EMPHASIS_PACE = {EmphasisStyle.PAUSES: 1.0, EmphasisStyle.BOTH: 0.88}
EMPHASIS_PAUSE_MS = 90
"""Before and after emphasised words."""
PACE_LIMITS = (0.4, 2.5)
VARIATION_LIMITS = (0.0, 1.6)


@dataclass(frozen=True)
class Tuning:
    """A delivery in numbers, each a factor of the voice's own except the pauses."""

    pace: float
    pause_scale: float
    sentence_pause_ms: int
    clause_pause_ms: int
    comma_pause_ms: int
    emphasis_pause_ms: int
    emphasis_pace: float
    melody: float
    rhythm: float


def tune(delivery: Delivery) -> Tuning:
    """The numbers of a delivery."""
    preset, expression = PRESETS[delivery.preset], delivery.expression
    strength = EMOTIONAL_RANGE[expression.emotional_range]
    pause_scale = preset.pauses * delivery.pause_scale
    return Tuning(
        pace=round(preset.pace * delivery.pace, 4),
        pause_scale=round(pause_scale, 4),
        sentence_pause_ms=round(SENTENCE_PAUSE_MS * pause_scale),
        clause_pause_ms=round(preset.clause_pause_ms * delivery.pause_scale),
        comma_pause_ms=round(COMMA_PAUSE_MS * pause_scale),
        emphasis_pause_ms=round(EMPHASIS_PAUSE_MS * pause_scale),
        emphasis_pace=EMPHASIS_PACE[expression.emphasis_style],
        melody=_within(preset.melody * strength, VARIATION_LIMITS),
        rhythm=_within(preset.rhythm * strength, VARIATION_LIMITS),
    )


def limit_pace(pace: float) -> float:
    """A pace that a voice can still follow."""
    return _within(pace, PACE_LIMITS)


def _within(value: float, limits: tuple[float, float]) -> float:
    return round(min(max(value, limits[0]), limits[1]), 4)
