"""Text that was not written for Declaim as a script: plain paragraphs, or LogTalk's ``[NARRATOR]: …`` text."""

from __future__ import annotations

import re
from itertools import pairwise

from declaim.errors import InputError
from declaim.model.cue import CueError, escape, parse_cues
from declaim.model.script import NARRATOR, SPEAKER_PATTERN, Chapter, Line, Script
from declaim.scripts.format import ScriptError, parse_script

_LINE_END = re.compile(r"\r\n|\r|\n")
_MARK = re.compile(rf"\[({SPEAKER_PATTERN})\]:\s*")


def import_plain(text: str) -> Script:
    """A script from any text. What is a script already is read as one; in other text every paragraph and every
    ``[NAME]:`` starts a line, well-formed cues keep their meaning, and everything else is read as it stands.

    Raises:
        InputError: for a text without words.
    """
    try:
        script = parse_script(text)
    except ScriptError:
        script = Script("", (Chapter("", tuple(_lines(text))),))
    if not script.lines:
        raise InputError("The text has no words to speak.", cure="Give a text with at least one line.")
    return script


def lines_apart(text: str) -> str:
    """A plain text with an empty line between the lines of its lists: where a line ends although the next word would have
    fitted, it ends on purpose. Wrapped paragraphs stay together; a text with ``[NAME]:`` marks is left as it is.
    """
    physical = _LINE_END.split(text)
    if any(_MARK.match(line.strip()) for line in physical):
        return text
    made: list[str] = []
    for paragraph in _paragraphs(physical):
        made += [""] if made else []
        made += paragraph if _is_wrapped(paragraph) else ["\n\n".join(paragraph)]
    return "\n".join(made)


def _paragraphs(physical: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in physical:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def _is_wrapped(lines: list[str]) -> bool:
    texts = [line.strip() for line in lines]
    width = max(40, *map(len, texts)) if len(texts) > 1 else 0
    early = sum(len(one) + 1 + len(other.split(None, 1)[0]) <= width for one, other in pairwise(texts))
    return early * 4 <= len(texts) - 1


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    speaker, pieces = NARRATOR, list[str]()

    def flush() -> None:
        if pieces:
            lines.append(Line(speaker, _as_markup(" ".join(pieces))))
            pieces.clear()

    for physical in _LINE_END.split(text.removeprefix("\ufeff")):
        words = physical.strip()
        mark = _MARK.match(words)
        if mark or not words:
            flush()
        if mark:
            speaker, words = mark.group(1), words[mark.end() :]
        if words:
            pieces.append(words)
    flush()
    return lines


def _as_markup(words: str) -> str:
    try:
        parse_cues(words)
    except CueError:
        return escape(words)
    return words
