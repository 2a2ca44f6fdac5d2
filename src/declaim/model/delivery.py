"""How a voice speaks: a preset and the expression settings (``product.md`` section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class DeliveryPreset(StrEnum):
    MEASURED = "measured"
    DYNAMIC = "dynamic"
    THEATRICAL = "theatrical"


class EmotionalRange(StrEnum):
    SUBTLE = "subtle"
    MODERATE = "moderate"
    FULL = "full"


class EmphasisStyle(StrEnum):
    PAUSES = "pauses"
    BOTH = "both"


@dataclass(frozen=True)
class ExpressionSettings:
    emotional_range: EmotionalRange = EmotionalRange.MODERATE
    allow_whispering: bool = True
    allow_laughter: bool = True
    emphasis_style: EmphasisStyle = EmphasisStyle.BOTH
    emotional_arc: bool = False


@dataclass(frozen=True)
class Delivery:
    """``pace`` multiplies the speed of speech, ``pause_scale`` the pauses between lines and sentences."""

    preset: DeliveryPreset = DeliveryPreset.DYNAMIC
    expression: ExpressionSettings = field(default_factory=ExpressionSettings)
    pace: float = 1.0
    pause_scale: float = 1.0
