"""Something that can speak, and who speaks for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from declaim.model.ids import VoiceId

DEFAULT_VOICE = VoiceId("piper:joe")


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Voice:
    """``needs`` is empty for a voice that is ready, else what it lacks and the cure, in the user's words."""

    id: VoiceId
    name: str
    engine: str
    language: str
    gender: Gender = Gender.UNKNOWN
    description: str = ""
    needs: str = ""
    licence: str = ""
    is_free: bool = True

    @property
    def ready(self) -> bool:
        return not self.needs


@dataclass(frozen=True)
class Cast:
    """Which voice speaks for which speaker; ``default`` for everybody else."""

    default: VoiceId = DEFAULT_VOICE
    by_speaker: Mapping[str, VoiceId] = field(default_factory=dict)

    def voice_for(self, speaker: str) -> VoiceId:
        return self.by_speaker.get(speaker, self.default)
