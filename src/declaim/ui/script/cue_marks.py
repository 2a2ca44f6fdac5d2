"""Where the cues of a row are, and which are not cues at all. One bad cue does not hide the others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from declaim.model.cue import SOUNDS, Cue, CueError, CueKind, TextSpan, parse_cues
from declaim.ui.script.text_offset import qt_length, to_qt

_BRACED = re.compile(r"(?<!\\)\{[^{}\n]*\}")


@dataclass(frozen=True)
class CueMark:
    """``start`` to ``end`` of a row, in Qt's count: a cue, or (``problem``) something that was meant as one.

    ``words_start`` and ``words_end`` bound what is read aloud and shown; they are equal for pauses and sounds.
    """

    start: int
    end: int
    label: str = ""
    words_start: int = 0
    words_end: int = 0
    kind: CueKind | None = None
    column: int = 0
    """Counted from 1 in characters."""
    problem: str = ""
    cure: str = ""

    @property
    def has_words(self) -> bool:
        return self.words_end > self.words_start


@lru_cache(maxsize=4096)
def cue_marks(text: str) -> tuple[CueMark, ...]:
    """Every cue and every near miss, in order."""
    found = [
        (mark, place.start()) for place in _BRACED.finditer(text) if (mark := _mark(place.group(), to_qt(text, place.start())))
    ]
    return tuple(replace(mark, column=index + 1) for mark, index in found)


def _mark(braced: str, start: int) -> CueMark | None:
    end = start + qt_length(braced)
    try:
        spans = parse_cues(braced)
    except CueError as error:
        return CueMark(start, end, problem=error.message, cure=error.cure)
    cue = spans[0]
    if isinstance(cue, TextSpan):
        return None
    if cue.kind in SOUNDS:
        return CueMark(start, end, cue.kind.value, kind=cue.kind)
    colon = start + braced.index(":") + 1
    bar = start + to_qt(braced, braced.find("|")) + 1
    if cue.kind is CueKind.PAUSE:
        return CueMark(start, end, _pause_label(cue, braced), kind=cue.kind)
    if cue.kind is CueKind.SAY:
        return CueMark(start, end, "say", bar, end - 1, cue.kind)
    return CueMark(start, end, cue.kind.value, colon, end - 1, cue.kind)


def _pause_label(cue: Cue, braced: str) -> str:
    words = braced[braced.index(":") + 1 : -1].strip()
    return f"pause {words}"
