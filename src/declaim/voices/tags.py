"""A spoken line in a cloud engine's own writing: cues as tags, whatever would be read as a tag taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from declaim.model.delivery import Delivery, EmphasisStyle
from declaim.model.spoken import SpokenLine, SpokenPause, SpokenSound, SpokenStyle, SpokenText, VocalSound
from declaim.voices.delivery import PRESETS, Family

LAUGHTER = frozenset({VocalSound.LAUGH, VocalSound.CHUCKLE})

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff]+")
_SPACE_BEFORE_POINT = re.compile(r"\s+([,.;:!?…])(?=\s|$)")
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Dialect:
    """How cues are written. ``pauses``: up to a length in ms, and the tag (``{s}`` stands for the seconds); a longer pause is
    real silence between two requests. ``unsafe``: what would be taken for a tag in the words."""

    unsafe: re.Pattern[str]
    sounds: Mapping[VocalSound, str] = field(default_factory=dict)
    whisper: str = ""
    pauses: tuple[tuple[int, str], ...] = ()
    emphasis_pause: str = "— "

    @property
    def longest_pause_ms(self) -> int:
        return self.pauses[-1][0] if self.pauses else 0

    def pause(self, pause_ms: int) -> str:
        return next((tag.format(s=f"{pause_ms / 1000:g}") for limit, tag in self.pauses if pause_ms <= limit), "")


GEMINI = Dialect(
    unsafe=re.compile(r"[<>|]"),
    sounds={
        VocalSound.BREATH: "<breath>",
        VocalSound.SIGH: "<sigh>",
        VocalSound.LAUGH: "<laugh>",
        VocalSound.CHUCKLE: "<chuckle>",
        VocalSound.GASP: "<gasp>",
    },
    whisper="<whispers>",
    pauses=((600, "<short pause>"), (1500, "<long pause>")),
    emphasis_pause="<short pause> ",
)
_BRACKETED = Dialect(
    # Slashes enclose IPA in v3 and later.
    unsafe=re.compile(r"[\[\]/]"),
    sounds={
        VocalSound.BREATH: "[exhales]",
        VocalSound.SIGH: "[sighs]",
        VocalSound.LAUGH: "[laughs]",
        VocalSound.CHUCKLE: "[chuckles]",
        VocalSound.GASP: "[gasps]",
    },
    whisper="[whispers]",
    pauses=((400, "[short pause]"), (700, "[pause]"), (1500, "[long pause]")),
    emphasis_pause="[short pause] ",
)
_SSML = Dialect(unsafe=re.compile(r"[<>]"), pauses=((3000, '<break time="{s}s" />'),), emphasis_pause='<break time="0.2s" /> ')
ELEVENLABS = {Family.V4: _BRACKETED, Family.V3: _BRACKETED, Family.V2: _SSML, Family.FLASH: _SSML}


@dataclass(frozen=True)
class Phrase:
    """Words for one request, tags included; ``words`` are what will be heard, ``paces`` those of the parts with their lengths."""

    text: str
    words: str
    paces: tuple[tuple[float, int], ...]


def phrases(line: SpokenLine, delivery: Delivery, dialect: Dialect) -> Iterator[Phrase | SpokenPause]:
    """The line as requests and silences in order. Cues that the dialect lacks, or the user does not allow, are left out."""
    pause_scale = PRESETS[delivery.preset].pauses * delivery.pause_scale
    gathered = _Gathering(delivery, dialect)
    for part in line.parts:
        pause_ms = round(part.pause_ms * pause_scale) if isinstance(part, SpokenPause) else 0
        if pause_ms > dialect.longest_pause_ms:
            yield from gathered.phrase()
            yield SpokenPause(pause_ms)
            gathered = _Gathering(delivery, dialect)
        elif pause_ms:
            gathered.tags.append(dialect.pause(pause_ms))
        elif isinstance(part, SpokenText):
            gathered.say(part)
        elif isinstance(part, SpokenSound):
            gathered.sound(part.sound)
    yield from gathered.phrase()


class _Gathering:
    def __init__(self, delivery: Delivery, dialect: Dialect) -> None:
        self._expression, self._dialect = delivery.expression, dialect
        self.tags: list[str] = []
        self._words: list[str] = []
        self._paces: list[tuple[float, int]] = []
        self._has_sound = False

    def say(self, part: SpokenText) -> None:
        text = " ".join(self._dialect.unsafe.sub(" ", _CONTROL.sub(" ", part.text)).split())
        if not text:
            return
        self._words.append(text)
        self._paces.append((part.pace, len(text)))
        self.tags.append(self._styled(text, part.style))

    def sound(self, sound: VocalSound) -> None:
        tag = self._dialect.sounds.get(sound, "")
        if tag and (self._expression.allow_laughter or sound not in LAUGHTER):
            self.tags.append(tag)
            self._has_sound = True

    def phrase(self) -> Iterator[Phrase]:
        words = _joined(self._words)
        if _WORD.search(words) or self._has_sound:
            yield Phrase(_joined(self.tags), words, tuple(self._paces))

    def _styled(self, text: str, style: SpokenStyle) -> str:
        if style is SpokenStyle.WHISPER and self._dialect.whisper and self._expression.allow_whispering:
            return f"{self._dialect.whisper} {text}"
        if style is SpokenStyle.EMPHASIS:
            stressed = text.upper() if self._expression.emphasis_style is EmphasisStyle.BOTH else text
            # Nothing to pause from at the start of a line.
            return f"{self._dialect.emphasis_pause if self._words[1:] else ''}{stressed}"
        return text


def _joined(parts: list[str]) -> str:
    return _SPACE_BEFORE_POINT.sub(r"\1", " ".join(part for part in parts if part))
