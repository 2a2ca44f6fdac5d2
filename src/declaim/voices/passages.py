"""A spoken line as local engines read it: passages of words at one pace, and silences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from declaim.model.spoken import SpokenLine, SpokenPause, SpokenStyle, SpokenText
from declaim.voices.delivery import Tuning, limit_pace

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028\u2029\ufeff]+")
_SPACE_BEFORE_POINT = re.compile(r"\s+([,.;:!?…])")
_LEADING_POINTS = re.compile(r"^[\s,.;:!?…)\]”’\"']+(?=\s|$)")
_HESITATION = re.compile(r"(?:…|\.{2,})(\s*[\"”’')\]]*\s*)(\S?)")
_ENDS = re.compile(r"[.!?…,;:]['\"”’)\]]*$")
_SENTENCE_END = re.compile(r"[.!?]+['\"”’)\]]*\s+")
_NO_SENTENCE_END = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Prof|Jr|Sr|No|Fig|vs|approx|e\.g|i\.e)|\b[A-Z])\.\s+$")
_POINTS = ".!?,;:”’\"' "
_WORDS = re.compile(r"\w")
_INNER_BREAK = re.compile(r"[.!?;:\d]|[^\x00-\x7f“”‘’]")


@dataclass(frozen=True)
class Passage:
    """Words at one pace (a factor of the voice's own). ``is_open``: more words of the same sentence follow elsewhere."""

    text: str
    pace: float
    is_emphasised: bool = False
    is_open: bool = False

    @property
    def closed_text(self) -> str:
        """The words with a point at the end: where none is written, a comma keeps the melody up, a full stop ends it."""
        return self.text if _ENDS.search(self.text) else self.text.rstrip(" -–—") + ("," if self.is_open else ".")


def passages(line: SpokenLine, tuning: Tuning) -> tuple[Passage | SpokenPause, ...]:
    """The line's words and explicit pauses in order; pauses scaled, sounds left out, whisper read plainly.

    Words of one pace are joined, so that they keep their melody; points that open a part close the words before it.
    """
    items: list[Passage | SpokenPause] = []
    for part in line.parts:
        if isinstance(part, SpokenPause):
            items.append(SpokenPause(round(part.pause_ms * tuning.pause_scale)))
        elif isinstance(part, SpokenText):
            _add_words(items, part, tuning)
    speakable = [item for item in items if isinstance(item, SpokenPause) or _WORDS.search(item.text)]
    return tuple(_opened(speakable))


def _add_words(items: list[Passage | SpokenPause], part: SpokenText, tuning: Tuning) -> None:
    text = _clean(part.text)
    points = _LEADING_POINTS.match(text)
    if points:
        _close_words_before(items, points.group().strip())
        text = text[points.end() :].strip()
    if not text:
        return
    emphasised = part.style is SpokenStyle.EMPHASIS
    pace = limit_pace(tuning.pace * part.pace * (tuning.emphasis_pace if emphasised else 1.0))
    last = items[-1] if items else None
    if isinstance(last, Passage) and (last.pace, last.is_emphasised) == (pace, emphasised):
        items[-1] = replace(last, text=_SPACE_BEFORE_POINT.sub(r"\1", f"{last.text} {text}"))
        return
    if isinstance(last, Passage) and (last.is_emphasised or emphasised):
        items.append(SpokenPause(tuning.emphasis_pause_ms))
    items.append(Passage(text, pace, emphasised))


def _close_words_before(items: list[Passage | SpokenPause], points: str) -> None:
    for index in reversed(range(len(items))):
        item = items[index]
        if isinstance(item, Passage):
            items[index] = replace(item, text=item.text + points)
            return


def _clean(text: str) -> str:
    """One space between words, nothing that cannot be spoken, dots of hesitation as a point or a comma."""
    return _HESITATION.sub(_resolved_hesitation, " ".join(_CONTROL.sub(" ", text).split())).strip()


def _resolved_hesitation(match: re.Match[str]) -> str:
    point = "," if match.group(2).islower() else "."
    return f"{point}{match.group(1) or ' '}{match.group(2)}"


def _opened(items: list[Passage | SpokenPause]) -> Iterator[Passage | SpokenPause]:
    """Marks the words without a closing point that are not the line's last words."""
    last_words = max((index for index, item in enumerate(items) if isinstance(item, Passage)), default=-1)
    for index, item in enumerate(items):
        is_open = isinstance(item, Passage) and index < last_words and not _ENDS.search(item.text)
        yield replace(item, is_open=True) if is_open and isinstance(item, Passage) else item


def sentences(text: str, limit: int = 600) -> Iterator[str]:
    """The sentences of a passage; one longer than ``limit`` characters is cut at a comma, a space, or just there."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if not _NO_SENTENCE_END.search(text, max(start, match.start() - 12), match.end()):
            yield from cut(text[start : match.end()].strip(), limit)
            start = match.end()
    yield from cut(text[start:].strip(), limit)


def cut(text: str, limit: int) -> Iterator[str]:
    """Pieces of at most ``limit`` characters that join to ``text``: cut after a clause, else after a word, else anywhere."""
    while len(text) > limit:
        at = max(text.rfind(mark, limit // 3, limit) for mark in (", ", "; ", ": ")) + 1
        if not at:
            at = text.rfind(" ", limit // 3, limit)
        at = at if at > 0 else limit
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def has_inner_breaks(items: tuple[Passage | SpokenPause, ...]) -> bool:
    """Whether the pauses of sentences, clauses or long breaths can be heard inside the line; errs on the side of yes."""
    words = [item.text for item in items if isinstance(item, Passage)]
    return len(words) > 1 or any(len(text) > 120 or _INNER_BREAK.search(text.rstrip(_POINTS)) for text in words)
