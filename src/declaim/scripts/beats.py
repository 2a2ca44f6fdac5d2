"""A script before anybody speaks it: beats in chapters, each a few sentences with their source lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from declaim.model.cue import escape
from declaim.model.script import NARRATOR, Chapter, Line, Script
from declaim.model.source import GroupKind, SourceLines
from declaim.scripts.sentences import MAX_LINE, MAX_SENTENCES, end, pack


class Role(StrEnum):
    OPENING = "opening"
    OVERVIEW = "overview"
    HISTORY = "history"
    HEADER = "header"
    INTRO = "intro"
    ENTRY = "entry"
    PROSE = "prose"
    NOTE = "note"
    REST = "rest"
    CLOSING = "closing"


@dataclass(frozen=True)
class Beat:
    """``lead`` is said first, ``rest`` explains it. ``topic`` names what it is about and ``about`` is the entry,
    both in the source's own words; either may be empty.
    """

    role: Role
    lead: str
    source_lines: SourceLines
    rest: tuple[str, ...] = ()
    kind: GroupKind = GroupKind.OTHER
    topic: str = ""
    about: str = ""


@dataclass
class Part:
    """A chapter in the making."""

    title: str
    beats: list[Beat] = field(default_factory=list)


_ROOM_FOR_ESCAPES = 12


class LineMaker:
    """Sentences into lines: escaped, and none longer than a breath."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def say(self, sentences: Iterable[str], source_lines: SourceLines, speaker: str = NARRATOR) -> None:
        ready = (end(sentence) for sentence in sentences if sentence.strip())
        for text in pack(ready, longest=MAX_LINE - _ROOM_FOR_ESCAPES, most=MAX_SENTENCES):
            line = Line(speaker, escape(text), source_lines=source_lines)
            if line.text:
                self.lines.append(line)


def narrate(title: str, parts: Iterable[Part], speaker: str = NARRATOR) -> Script:
    """One voice says every beat in order."""
    chapters = []
    for part in parts:
        maker = LineMaker()
        for beat in part.beats:
            maker.say((beat.lead, *beat.rest), beat.source_lines, speaker)
        if maker.lines:
            chapters.append(Chapter(part.title, tuple(maker.lines)))
    return Script(title, tuple(chapters))
