"""The script format (``product.md`` section 2): text to :class:`Script` and back.

``# `` is the title, ``## `` a chapter, ``[SPEAKER]: `` or ``[SPEAKER, delivery]: `` a line; a paragraph without a speaker is
a new line by the speaker before it. The physical lines of a paragraph are joined with a space. Titles are plain text; the
text of a line is mark-up (``model.cue``) and is kept as written, with runs of white space as one space.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from declaim.errors import InputError
from declaim.model.cue import CueError, parse_cues
from declaim.model.delivery import DeliveryPreset
from declaim.model.script import NARRATOR, SPEAKER_PATTERN, Chapter, Line, Script

_LINE_END = re.compile(r"\r\n|\r|\n")
_HEADING = re.compile(r"(#{1,6})(?:\s+(.*))?$", re.DOTALL)
_SPEAKER_MARK = re.compile(rf"\[({SPEAKER_PATTERN})(?:,[ \t]*([^\]\n]{{1,40}}))?\]:\s*")
_NEAR_MARK = re.compile(r"\[([^\[\]\n]{1,80})\][ \t]*:")
_SCRIPT_LINE = re.compile(rf"\[{SPEAKER_PATTERN}(?:,[ \t]*[a-z]+)?\]: (?!\s*<?[a-z]+://\S+\s*$)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_DELIVERIES = [preset.value for preset in DeliveryPreset]


class ScriptError(InputError):
    """A script that cannot be read. ``line`` and ``column`` count from 1 in the text."""

    def __init__(self, message: str, line: int, column: int, *, cure: str = "") -> None:
        super().__init__(f"Line {line}, column {column}: {message}", cure=cure)
        self.line = line
        self.column = column


def parse_script(text: str) -> Script:
    """The script that a text holds. Bounded: linear in the length of the text.

    Raises:
        ScriptError: for a near miss of a cue or of a speaker, a second title, a chapter without a title.
    """
    reader = _Reader()
    for number, physical in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        reader.take(physical, number)
    return reader.finish()


def format_script(script: Script) -> str:
    """The text of a script; ``parse_script`` gives the same script back.

    Raises:
        InputError: for a script the format cannot hold: a chapter without a title that is not the first, or has no lines.
    """
    blocks = [f"# {script.title}"] if script.title else []
    for index, chapter in enumerate(script.chapters):
        if not chapter.title and (index or not chapter.lines):
            raise InputError("Only the first chapter of a script may have no title.", cure="Give the chapter a title.")
        if chapter.title:
            blocks.append(f"## {chapter.title}")
        if chapter.lines:
            blocks.append("\n".join(_format_line(line) for line in chapter.lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def looks_like_script(text: str, name: str = "") -> bool:
    """Whether a file is taken for a script: by its name, or by a line that starts with ``[NAME]: ``.

    Fenced code and link definitions (``[UNRELEASED]: https://…``) are not script lines.
    """
    if name.lower().endswith(".script.md"):
        return True
    fence = ""
    for physical in _LINE_END.split(text):
        opened = _FENCE.match(physical)
        if opened and fence in ("", opened.group(1)):
            fence = "" if fence else opened.group(1)
        elif not fence and _SCRIPT_LINE.match(physical):
            return True
    return False


def _format_line(line: Line) -> str:
    mark = f"{line.speaker}, {line.delivery}" if line.delivery else line.speaker
    return f"[{mark}]: {line.text}".rstrip()


@dataclass
class _Paragraph:
    """A line being read: its pieces with the place in the text where each begins."""

    speaker: str
    delivery: DeliveryPreset | None
    pieces: list[tuple[str, int, int]] = field(default_factory=list)

    def finish(self) -> Line:
        text = " ".join(piece for piece, _, _ in self.pieces)
        try:
            parse_cues(text)
        except CueError as error:
            line, column = self._place(error.column - 1)
            raise ScriptError(error.message, line, column, cure=error.cure) from error
        return Line(self.speaker, text, self.delivery)

    def _place(self, offset: int) -> tuple[int, int]:
        index = 0
        while index < len(self.pieces) - 1 and offset > len(self.pieces[index][0]):
            offset -= len(self.pieces[index][0]) + 1
            index += 1
        _, line, column = self.pieces[index]
        return line, column + offset


@dataclass
class _Reader:
    title: str = ""
    has_title: bool = False
    speaker: str = NARRATOR
    paragraph: _Paragraph | None = None
    lines: list[Line] = field(default_factory=list)
    chapter: str = ""
    chapters: list[Chapter] = field(default_factory=list)

    def take(self, physical: str, number: int) -> None:
        words = physical.strip()
        if not words:
            self._end_paragraph()
            return
        column = physical.index(words[0]) + 1
        heading = _HEADING.match(words)
        if heading is not None:
            self._take_heading(heading, number, column)
        elif words[0] == "[" and (mark := _SPEAKER_MARK.match(words)):
            self._take_speaker(mark, words, number, column)
        else:
            _refuse_near_mark(words, number, column)
            if self.paragraph is None:
                self.paragraph = _Paragraph(self.speaker, None)
            self.paragraph.pieces.append((words, number, column))

    def finish(self) -> Script:
        self._end_chapter()
        return Script(self.title, tuple(self.chapters))

    def _take_heading(self, heading: re.Match[str], number: int, column: int) -> None:
        self._end_paragraph()
        level, title = len(heading.group(1)), (heading.group(2) or "").strip()
        if level > 2:
            cure = "Write ## for a chapter, or \\# to have the sign read as text."
            raise ScriptError("A script has a title (#) and chapters (##), nothing deeper.", number, column, cure=cure)
        if not title:
            what = "chapter" if level == 2 else "title"
            raise ScriptError(f"The {what} has no words.", number, column, cure=f"Write its name after {'#' * level}.")
        if level == 2:
            self._end_chapter()
            self.chapter = title
            return
        if self.has_title:
            cure = "Write ## for a chapter, or \\# to have the sign read as text."
            raise ScriptError("This is a second title.", number, column, cure=cure)
        if self.chapter or self.chapters or self.lines:
            cure = "Move it to the top, write ## for a chapter, or \\# to have the sign read as text."
            raise ScriptError("The title comes after the first line or chapter.", number, column, cure=cure)
        self.has_title, self.title = True, title

    def _take_speaker(self, mark: re.Match[str], words: str, number: int, column: int) -> None:
        self._end_paragraph()
        delivery = mark.group(2)
        if delivery is not None and delivery not in _DELIVERIES:
            raise _unknown_delivery(delivery, number, column + mark.start(2))
        self.speaker = mark.group(1)
        self.paragraph = _Paragraph(self.speaker, DeliveryPreset(delivery) if delivery else None)
        self.paragraph.pieces.append((words[mark.end() :], number, column + mark.end()))

    def _end_paragraph(self) -> None:
        if self.paragraph is not None:
            self.lines.append(self.paragraph.finish())
            self.paragraph = None

    def _end_chapter(self) -> None:
        self._end_paragraph()
        if self.chapter or self.lines:
            self.chapters.append(Chapter(self.chapter, tuple(self.lines)))
        self.chapter, self.lines = "", []


def _unknown_delivery(delivery: str, line: int, column: int) -> ScriptError:
    close = difflib.get_close_matches(delivery.strip().lower(), _DELIVERIES, n=1, cutoff=0.5)
    cure = f"Did you mean {close[0]}?" if close else f"Write {', '.join(_DELIVERIES[:-1])} or {_DELIVERIES[-1]}."
    return ScriptError(f"'{delivery}' is not a delivery.", line, column, cure=cure)


def _refuse_near_mark(words: str, line: int, column: int) -> None:
    """``[Host1]: `` or ``[HOST1 theatrical]: `` is a misspelt speaker, and would be read aloud."""
    if words[0] != "[":
        return
    near = _NEAR_MARK.match(words)
    if near is None:
        return
    literal = f"or \\{near.group().strip()} to have it read as text."
    raise ScriptError(f"[{near.group(1)}] is not a speaker.", line, column, cure=f"Write {_meant_mark(near.group(1))}, {literal}")


def _meant_mark(inside: str) -> str:
    """What somebody who wrote ``inside`` between brackets must have meant."""
    name, _, delivery = inside.strip().partition(",")
    if not delivery and name.split()[-1:] and name.split()[-1].lower() in _DELIVERIES and len(name.split()) > 1:
        name, delivery = name.rsplit(maxsplit=1)
    speaker = re.sub(r"[^A-Z0-9_-]+", "_", name.strip().upper()).strip("_")[:40] or NARRATOR
    close = difflib.get_close_matches(delivery.strip().lower(), _DELIVERIES, n=1, cutoff=0.5) if delivery else []
    return f"[{speaker}, {close[0]}]:" if close else f"[{speaker}]:"
