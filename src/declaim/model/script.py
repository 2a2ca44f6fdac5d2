"""The editable text to be spoken: title, chapters, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from declaim.errors import InputError
from declaim.model.cue import shown_text
from declaim.model.delivery import DeliveryPreset
from declaim.model.source import LeftOut, SourceLines

NARRATOR = "NARRATOR"
HOST1 = "HOST1"
HOST2 = "HOST2"
SPEAKER_PATTERN = r"[A-Z0-9_-]{1,40}"
_SPEAKER = re.compile(SPEAKER_PATTERN)


@dataclass(frozen=True)
class Line:
    """One utterance: the unit of editing, rendering, caching and listening.

    ``text`` is mark-up (see ``model.cue``) on one physical line, without outer white space. ``delivery`` overrules the
    script's for this line. ``source_lines`` say what it was written from; they are not part of the text format and do
    not count in comparisons.

    Raises:
        InputError: for a speaker that the format cannot hold.
    """

    speaker: str
    text: str
    delivery: DeliveryPreset | None = None
    source_lines: SourceLines | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not _SPEAKER.fullmatch(self.speaker):
            cure = "Use capitals, digits, - and _, at most 40."
            raise InputError(f"'{self.speaker[:60]}' is not a speaker's name.", cure=cure)
        object.__setattr__(self, "text", " ".join(self.text.split()))

    @property
    def shown(self) -> str:
        """What captions and transcripts show."""
        return shown_text(self.text)


@dataclass(frozen=True)
class Chapter:
    """Lines under one ``## `` heading. Only the first chapter of a script may have no title."""

    title: str
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", " ".join(self.title.split()))


@dataclass(frozen=True)
class Script:
    """``title`` may be empty. Chapters in order; ``lines`` flattens them."""

    title: str
    chapters: tuple[Chapter, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", " ".join(self.title.split()))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in order."""
        return tuple(line for chapter in self.chapters for line in chapter.lines)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Every speaker, in order of appearance."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines))

    def numbered_chapters(self) -> Iterator[tuple[int, Chapter]]:
        """Each chapter with the index of its first line in ``lines``."""
        index = 0
        for chapter in self.chapters:
            yield index, chapter
            index += len(chapter.lines)


class Tone(StrEnum):
    CASUAL = "casual"
    PROFESSIONAL = "professional"
    ENTHUSIASTIC = "enthusiastic"
    TECHNICAL = "technical"


class Verbosity(StrEnum):
    BRIEF = "brief"
    NORMAL = "normal"
    DETAILED = "detailed"


@dataclass(frozen=True)
class ScriptSettings:
    """How a script is written: LogTalk's names and defaults (``product.md`` section 3)."""

    title: str = ""
    additional_context: str = ""
    product_name: str = ""
    version: str = ""
    tone: Tone = Tone.CASUAL
    audience: str = ""
    verbosity: Verbosity = Verbosity.NORMAL
    speakers: int = 1
    use_history: bool = True
    history_limit: int = 10
    cta: str = ""
    severity_aware_tone: bool = False
    release: str = "latest"
    """``latest``, ``all``, ``unreleased`` or a version."""
    since: str = ""
    """Every release after this version; overrules ``release``."""
    language: str = "en"

    def __post_init__(self) -> None:
        if len(self.title) > 500:
            raise InputError("The title is longer than 500 characters.", cure="Shorten it.")
        if len(self.additional_context.encode()) > 10_000:
            raise InputError("The additional context is larger than 10 KB.", cure="Shorten it.")
        if self.speakers not in (1, 2):
            raise InputError("A script has one or two speakers.", cure="Choose 1 or 2.")
        if not 1 <= self.history_limit <= 100:
            raise InputError("The history limit lies between 1 and 100.", cure="Choose a number in that range.")


@dataclass(frozen=True)
class Doubt:
    """Numbers, names and versions in a written line that the source lines behind it lack. ``line_index`` counts from 0."""

    line_index: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class WrittenScript:
    """What a writer made: the script and what it left out; ``doubts`` where a model may have made something up."""

    script: Script
    left_out: tuple[LeftOut, ...] = ()
    writer: str = "offline"
    doubts: tuple[Doubt, ...] = ()
