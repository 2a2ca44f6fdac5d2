"""The walk over a text: words of the lexicon first, then the first rule of the language that fits, else as it stands.

Each place of a text is read once. What a lexicon entry or a rule has said is never looked at again, so a respelling
cannot be respelt. A run of ordinary words is skipped in one step; the rules are tried only where a word of the index, a
figure or a sign stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from declaim.speech.lexicon import LexiconIndex
from declaim.speech.rules import Rule, RuleTable, Said

REMEMBERED_CODES = 4096
_LETTER = r"[^\W\d_²³¹¼-¾⅐-↏]"
_SMALL = r"[^\W\d_A-Z²³¹¼-¾⅐-↏]"
_PLAIN_RUN = re.compile(
    rf"(?:[,.;:!?]?+\s++)?+(?:[\"“‘]?(?:[A-Z]?{_SMALL}++|[A-Z]++(?!{_LETTER}))(?:['’-]{_LETTER}++)*+[,;:.!?…\"”’)\]]*+(?:\s++|\Z))++|[,.;:!?](?=\s)"
)
"""Ordinary words, with the sign before them; no rule begins with white space, or with one of these signs before white space."""
_PLAIN_WORD = re.compile(rf"{_LETTER}++[,;:!?]*+(?:\s|\Z)")
_PLAIN_STOP = re.compile(rf"(?:[A-Z]?{_SMALL}++|[A-Z]++(?!{_LETTER}))[,;:!?]*+(?:\s|\Z)")
_UNIT = re.compile(rf"(?:{_LETTER}|\d)++(?:['’-]{_LETTER}++)*+\s*+|\s++|.", re.DOTALL)
_LAST_SIGNS = frozenset(",.;:!?")
_CLOSING = frozenset(" \t\n,.;:!?)]…”’")


@dataclass(frozen=True, eq=False)
class Language:
    """The rules of one language: a table, not branches.

    ``code_rules`` read what stood in back-ticks. ``spell`` says letters one by one.
    """

    code: str
    rules: RuleTable[Scan]
    code_rules: RuleTable[Scan]
    spell: Callable[[str], str]


@dataclass(slots=True)
class Scan:
    """One text being read. ``begins`` and ``ends``: whether the line begins and ends with this text."""

    text: str
    language: Language
    lexicon: LexiconIndex
    begins: bool = True
    ends: bool = True
    is_code: bool = False
    depth: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    """What rules remember from place to place, by their own names."""

    def inner(self, text: str, *, is_code: bool | None = None, notes: dict[str, int] | None = None) -> str:
        """A part of the text, read by itself."""
        if self.depth >= 4:
            return " ".join(re.findall(r"\w+", text))
        code = self.is_code if is_code is None else is_code
        if code and not notes:
            return _read_code(text, self.language, self.lexicon, self.depth + 1)
        return read(Scan(text, self.language, self.lexicon, False, False, code, self.depth + 1, notes or {}))

    def as_prose(self, start: int, inner: str, end: int) -> str | None:
        """What the rules of prose say for ``inner`` if it stood in the sentence instead of ``start`` to ``end``."""
        head = self.before(start)
        prose = Scan(head + inner + self.text[end : end + 40], self.language, self.lexicon, depth=self.depth + 1)
        said = _by_rule(prose, self.language.rules.for_text(prose.text).at(prose.text, len(head)), len(head), 0)
        return said[0] if said and said[1] == len(head) + len(inner) else None

    def before(self, at: int, size: int = 60) -> str:
        """At most ``size`` characters before an offset."""
        return self.text[max(0, at - size) : at]


@lru_cache(maxsize=REMEMBERED_CODES)
def _read_code(text: str, language: Language, lexicon: LexiconIndex, depth: int) -> str:
    """Names in code come again and again in a script."""
    return read(Scan(text, language, lexicon, False, False, True, depth))


def read(scan: Scan) -> str:
    """What is said for the text of ``scan``. Text that no entry and no rule touches comes out as it stands."""
    text, end = scan.text, len(scan.text)
    rules = (scan.language.code_rules if scan.is_code else scan.language.rules).for_text(text)

    def is_idle(word: str, start: int) -> bool:
        """Whether a rule's word stands among plain words and none of its rules fits: it need not stop the walk."""
        if (start and text[start - 1] != " ") or not _PLAIN_STOP.match(text, start):
            return False
        return not any(rule.pattern.match(text, start) for rule in rules.for_word(word))

    hits = scan.lexicon.hits(text, rules.stops, None if scan.is_code else is_idle)
    hit_at = at = 0
    last = end - 1
    out = _Pieces()
    while at < end:
        while hit_at < len(hits) and hits[hit_at].start < at:
            hit_at += 1
        hit = hits[hit_at] if hit_at < len(hits) else None
        stop = hit.start if hit else end
        if at < stop and not scan.is_code and (plain := _PLAIN_RUN.match(text, at, stop)):
            out.keep(plain.group())
            at = plain.end()
            continue
        if at == last and at < stop and text[at] in _LAST_SIGNS and not scan.is_code:
            out.keep(text[at])
            break
        word = hit if hit and hit.start == at and hit.spoken is not None else None
        is_plain_stop = hit and hit.start == at and hit.spoken is None and not scan.is_code and _PLAIN_WORD.match(text, at)
        tried = rules.for_word(text[at : hit.end].lower()) if hit and is_plain_stop else rules.at(text, at)
        said = _by_rule(scan, tried, at, word.end if word else 0)
        if word and not said:
            said = (word.spoken or "", word.end)
        if said and said[1] > at:
            at = out.say(said[0], text, said[1])
        else:
            unit = _UNIT.match(text, at, stop if stop > at else hits[hit_at + 1].start if hit_at + 1 < len(hits) else end)
            out.keep(unit.group() if unit else text[at])
            at = unit.end() if unit else at + 1
    return out.joined()


def _by_rule(scan: Scan, rules: Iterable[Rule[Scan]], at: int, word_end: int) -> Said | None:
    """The first rule that says something here; with a lexicon word here, only a rule for a whole that reaches further."""
    text = scan.text
    for rule in rules:
        if word_end and not rule.whole:
            continue
        match = rule.pattern.match(text, at)
        said = rule.say(scan, match) if match else None
        if said and said[1] > word_end:
            return said
    return None


class _Pieces:
    """The spoken text so far. A piece that was said never sticks to its neighbour; silence leaves one space at most."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._last = " "
        self._was_said = False

    def keep(self, piece: str) -> None:
        if self._was_said and self._last.isalnum() and piece[0].isalnum():
            self._pieces.append(" ")
        self._add(piece, was_said=False)

    def say(self, piece: str, text: str, end: int) -> int:
        """Take what is said for the text up to ``end``; returns the offset to go on from."""
        if not piece:
            return self._fall_silent(text, end)
        if piece[0].isalnum() and (self._last.isalnum() or self._last in ",;"):
            self._pieces.append(" ")
        elif piece[0] in ",.;:" and self._pieces:
            self._pieces[-1] = self._pieces[-1].rstrip() or self._pieces[-1]
        self._add(piece, was_said=True)
        return end

    def joined(self) -> str:
        return "".join(self._pieces)

    def _add(self, piece: str, *, was_said: bool) -> None:
        self._pieces.append(piece)
        self._last = piece[-1]
        self._was_said = was_said

    def _fall_silent(self, text: str, end: int) -> int:
        follows = text[end : end + 1]
        if not follows or follows in _CLOSING:
            idle = " \t\n,;:-–—" if not text[end:].strip() else " \t\n"
            while self._pieces and not (kept := self._pieces[-1].rstrip(idle)):
                self._pieces.pop()
            if self._pieces:
                self._pieces[-1] = kept
                self._last = kept[-1]
        if not self._pieces:
            while text[end : end + 1] and text[end] in " \t\n,.;:!?-–—":
                end += 1
        self._was_said = True
        return end
