"""How local engines deliver: the presets and expression settings as numbers, in this one place.

Cloud engines map the same settings to styles and tags. Local voices have three means: pace, pauses and variation. Variation
is the noise of Piper (measured: it changes the voice's colour and rhythm, hardly its melody) and, for every local voice, how
far the pace of long and short sentences differs.
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
    """``pace``, ``pauses``, ``colour`` and ``rhythm`` multiply; ``clause_pause_ms`` is added at ``;`` ``:`` and dashes.

    ``contrast``: the shortest sentences are slower by this share, the longest faster by half of it.
    """

    pace: float
    pauses: float
    clause_pause_ms: int
    colour: float
    rhythm: float
    contrast: float


PRESETS = {
    DeliveryPreset.MEASURED: _Preset(pace=0.93, pauses=1.4, clause_pause_ms=120, colour=0.75, rhythm=0.6, contrast=0.0),
    DeliveryPreset.DYNAMIC: _Preset(pace=1.0, pauses=1.0, clause_pause_ms=0, colour=1.0, rhythm=1.0, contrast=0.0),
    DeliveryPreset.THEATRICAL: _Preset(pace=0.99, pauses=1.6, clause_pause_ms=260, colour=1.3, rhythm=1.35, contrast=0.14),
}
EMOTIONAL_RANGE = {EmotionalRange.SUBTLE: 0.8, EmotionalRange.MODERATE: 1.0, EmotionalRange.FULL: 1.15}
"""Multiplies colour, rhythm and contrast."""
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
    colour: float
    rhythm: float
    contrast: float

    def pace_of(self, pace: float, phonemes: int) -> float:
        """The pace of an utterance of so many phonemes (60 are a middling sentence)."""
        return limit_pace(pace * (1 + self.contrast * min(max((phonemes - 60) / 60, -1.0), 0.5)))


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
        colour=_within(preset.colour * strength, VARIATION_LIMITS),
        rhythm=_within(preset.rhythm * strength, VARIATION_LIMITS),
        contrast=round(preset.contrast * strength, 4),
    )


def limit_pace(pace: float) -> float:
    """A pace that a voice can still follow."""
    return _within(pace, PACE_LIMITS)


def _within(value: float, limits: tuple[float, float]) -> float:
    return round(min(max(value, limits[0]), limits[1]), 4)
