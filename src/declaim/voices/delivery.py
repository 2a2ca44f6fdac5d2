"""How engines deliver: the presets and expression settings as numbers, styles and settings, in this one place.

Local voices have three means: pace, pauses and variation. Variation is the noise of Piper (measured: it changes the voice's
colour and rhythm, hardly its melody) and, for every local voice, how far the pace of long and short sentences differs.
Gemini has a style in words, kept short (its documentation: long directions make a voice drift). ElevenLabs has numbers, others
for each family of models. How cues are written is in ``tags``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

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
GEMINI_STYLES = {
    DeliveryPreset.MEASURED: "calm, measured pace",
    DeliveryPreset.DYNAMIC: "",
    DeliveryPreset.THEATRICAL: "theatrical, expressive",
}
GEMINI_RANGE = {EmotionalRange.SUBTLE: "restrained", EmotionalRange.MODERATE: "", EmotionalRange.FULL: "strong emotion"}
GEMINI_PACES = ((0.85, "slow pace"), (1.15, ""), (9.0, "quick pace"))
"""Up to a pace, and what is asked for."""
ARC = (("?", "curious"), ("!", "excited"))
"""An emotional arc gives a line the feeling that its end calls for."""


class Family(StrEnum):
    """ElevenLabs' models, by what they can do. One that nobody knows yet is treated as the newest."""

    V4 = "v4"
    V3 = "v3"
    V2 = "v2"
    FLASH = "flash"


EXPRESSIVE_STABILITY = {DeliveryPreset.MEASURED: 1.0, DeliveryPreset.DYNAMIC: 0.5, DeliveryPreset.THEATRICAL: 0.0}
"""v3 takes only these three: robust, natural, creative."""
EXPRESSIVE_LEAST = {EmotionalRange.SUBTLE: 1.0, EmotionalRange.MODERATE: 0.5, EmotionalRange.FULL: 0.0}


@dataclass(frozen=True)
class _Steady:
    stability: float
    style: float
    speed: float


STEADY = {
    DeliveryPreset.MEASURED: _Steady(0.75, 0.0, 0.95),
    DeliveryPreset.DYNAMIC: _Steady(0.5, 0.15, 1.0),
    DeliveryPreset.THEATRICAL: _Steady(0.3, 0.45, 1.0),
}
"""v2 and flash."""
STEADY_RANGE = {EmotionalRange.SUBTLE: (0.15, 0.5), EmotionalRange.MODERATE: (0.0, 1.0), EmotionalRange.FULL: (-0.15, 1.5)}
"""Added to the stability, multiplied with the style."""
SIMILARITY = 0.75
SPEED_LIMITS = (0.7, 1.2)
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


def gemini_style(delivery: Delivery, words: str, pace: float = 1.0) -> str:
    """The style of a line of these words, empty for the voice's own. ``pace`` is that of the line's parts."""
    asked = delivery.pace * pace
    pace_word = next(word for limit, word in GEMINI_PACES if asked <= limit or limit == GEMINI_PACES[-1][0])
    parts = (
        GEMINI_STYLES[delivery.preset],
        GEMINI_RANGE[delivery.expression.emotional_range],
        arc_word(delivery, words),
        pace_word,
    )
    return ", ".join(part for part in parts if part)


def arc_word(delivery: Delivery, words: str) -> str:
    """The feeling of one line, empty where no arc is asked for."""
    if not delivery.expression.emotional_arc:
        return ""
    end = words.rstrip("\"'”’) ")[-1:]
    return next((word for sign, word in ARC if sign == end), "")


def elevenlabs_settings(delivery: Delivery, family: Family, pace: float = 1.0) -> dict[str, float | bool]:
    """The voice settings that the family knows."""
    expression = delivery.expression
    if family in (Family.V3, Family.V4):
        stability = max(EXPRESSIVE_STABILITY[delivery.preset], EXPRESSIVE_LEAST[expression.emotional_range])
        return {"stability": stability} | ({"similarity_boost": SIMILARITY} if family is Family.V4 else {})
    preset, (firmer, stronger) = STEADY[delivery.preset], STEADY_RANGE[expression.emotional_range]
    settings: dict[str, float | bool] = {
        "stability": _within(preset.stability + firmer, (0.0, 1.0)),
        "similarity_boost": SIMILARITY,
        "speed": _within(preset.speed * delivery.pace * pace, SPEED_LIMITS),
    }
    if family is Family.V2:
        settings |= {"style": _within(preset.style * stronger, (0.0, 1.0)), "use_speaker_boost": True}
    return settings


def mean_pace(paces: Sequence[tuple[float, int]]) -> float:
    """Of parts of a line, each with its length."""
    total = sum(length for _pace, length in paces)
    return sum(pace * length for pace, length in paces) / total if total else 1.0


def limit_pace(pace: float) -> float:
    """A pace that a voice can still follow."""
    return _within(pace, PACE_LIMITS)


def _within(value: float, limits: tuple[float, float]) -> float:
    return round(min(max(value, limits[0]), limits[1]), 4)
