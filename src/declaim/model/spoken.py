"""What a voice gets to read: the parts of a line, in order, with nothing left that must not be heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpokenStyle(StrEnum):
    PLAIN = "plain"
    EMPHASIS = "emphasis"
    WHISPER = "whisper"


class VocalSound(StrEnum):
    BREATH = "breath"
    SIGH = "sigh"
    LAUGH = "laugh"
    CHUCKLE = "chuckle"
    GASP = "gasp"


@dataclass(frozen=True)
class SpokenText:
    """Words as they are read. ``pace`` multiplies the line's speed (``{slow:}`` 0.8, ``{fast:}`` 1.25)."""

    text: str
    style: SpokenStyle = SpokenStyle.PLAIN
    pace: float = 1.0


@dataclass(frozen=True)
class SpokenPause:
    pause_ms: int


@dataclass(frozen=True)
class SpokenSound:
    """A breath, a laugh: spoken by engines that can, left out by the others."""

    sound: VocalSound


SpokenPart = SpokenText | SpokenPause | SpokenSound


@dataclass(frozen=True)
class SpokenLine:
    """``shown`` is what captions say; ``parts`` what the voice reads."""

    speaker: str
    shown: str
    parts: tuple[SpokenPart, ...]

    @property
    def text(self) -> str:
        """The words alone, as one string."""
        return " ".join(part.text for part in self.parts if isinstance(part, SpokenText)).strip()
