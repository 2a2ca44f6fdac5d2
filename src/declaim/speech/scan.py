"""The walk over a text: words of the lexicon first, then the first rule of the language that fits, else as it stands.

Each place of a text is read once. What a lexicon entry or a rule has said is never looked at again, so a respelling
cannot be respelt. A run of ordinary words is skipped in one step; the rules are tried only where a word of the index, a
figure or a sign stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from declaim.speech.lexicon import LexiconIndex

Said = tuple[str, int]
"""What is said, and the offset behind what it was said for."""
Say = Callable[["Scan", "re.Match[str]"], "Said | None"]

LETTER, DIGIT = "letter", "digit"
_PLAIN_RUN = re.compile(r"(?:[\"“‘]?[^\W\d_]++(?:['’-][^\W\d_]++)*+[,;:.!?…\"”’)\]]*+(?:\s++(?![(\[])|\Z))++")
_PLAIN_WORD = re.compile(r"[^\W\d_]++[,;:!?]*+(?:\s|\Z)")
_WORD = re.compile(r"[^\W_]+")
_UNIT = re.compile(r"[^\W_]++(?:['’-][^\W\d_]++)*+(?:\s++(?![(\[]))?|\s++(?![(\[])|\s|.", re.DOTALL)
_STRUCTURED = re.compile(r"\d++(?![\s,;!?)]|\.?(?:\s|\Z))|(?!\d)\S{0,100}?(?:[/\\@_=#$+\d]|[.:]\w|->|\(\)|[a-z][A-Z])")
_CLOSING = frozenset(" \t\n,.;:!?)]…”’")


@dataclass(frozen=True)
class Rule:
    """``pattern`` is tried where the first character is in ``first`` (``LETTER`` and ``DIGIT`` stand for any of them).

    A rule with ``words`` is tried only where one of these words (small letters) stands, whatever its sign or figure behind;
    a walk stops at them although they look like ordinary words. ``say`` returns None where the rule does not apply after all.
    A ``whole`` rule covers a thing with an inner structure (an address, a path): it goes before a lexicon word that is only
    the beginning of it.
    """

    first: tuple[str, ...]
    pattern: re.Pattern[str]
    say: Say
    whole: bool = False
    words: frozenset[str] = frozenset()
    plain: bool = False
    """Whether it is also about ordinary words and figures, those with no sign and no change of case inside."""


def word_rule(words: Iterable[str], pattern: re.Pattern[str], say: Say) -> Rule:
    """A rule that begins with one of these words."""
    return Rule((), pattern, say, whole=True, words=frozenset(words))


class RuleTable:
    """Rules in order, found by the word or the character that they begin with."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self.stops = frozenset(word for rule in self._rules for word in rule.words)
        self._by_word = {word: tuple(rule for rule in self._rules if word in rule.words) for word in self.stops}
        self._by_char: dict[tuple[str, str, bool], tuple[Rule, ...]] = {}

    def for_word(self, word: str) -> tuple[Rule, ...]:
        """The rules that begin with this very word."""
        return self._by_word[word]

    def at(self, text: str, at: int) -> tuple[Rule, ...]:
        """The rules that may begin at this place of a text."""
        char = text[at]
        kind = LETTER if char.isalpha() else DIGIT if char in "0123456789" else char
        word, is_plain = "", False
        if kind in (LETTER, DIGIT):
            is_plain = not _STRUCTURED.match(text, at)
        if kind is LETTER:
            run = _WORD.match(text, at)
            word = run.group().lower() if run else ""
            word = word if word in self.stops else ""
            char = char if char.isascii() else kind
        found = self._by_char.get((char, word, is_plain))
        if found is None:
            found = tuple(
                rule
                for rule in self._rules
                if word in rule.words or ((kind in rule.first or char in rule.first) and (rule.plain or not is_plain))
            )
            if len(self._by_char) < 5000:
                self._by_char[char, word, is_plain] = found
        return found


@dataclass(frozen=True)
class Language:
    """The rules of one language: a table, not branches.

    ``code_rules`` read what stood in back-ticks. ``spell`` says letters one by one.
    """

    code: str
    rules: RuleTable
    code_rules: RuleTable
    spell: Callable[[str], str]


@dataclass
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
        return read(Scan(text, self.language, self.lexicon, False, False, code, self.depth + 1, notes or {}))

    def before(self, at: int, size: int = 60) -> str:
        """At most ``size`` characters before an offset."""
        return self.text[max(0, at - size) : at]


def read(scan: Scan) -> str:
    """What is said for the text of ``scan``. Text that no entry and no rule touches comes out as it stands."""
    text, end = scan.text, len(scan.text)
    rules = scan.language.code_rules if scan.is_code else scan.language.rules
    hits = scan.lexicon.hits(text, rules.stops)
    hit_at = at = 0
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


def _by_rule(scan: Scan, rules: Iterable[Rule], at: int, word_end: int) -> Said | None:
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
        self._last = ""
        self._was_said = False

    def keep(self, piece: str) -> None:
        if self._was_said and self._last.isalnum() and piece[0].isalnum():
            self._pieces.append(" ")
        self._add(piece, was_said=False)

    def say(self, piece: str, text: str, end: int) -> int:
        """Take what is said for the text up to ``end``; returns the offset to go on from."""
        if not piece:
            return self._fall_silent(text, end)
        if self._last.isalnum() and piece[0].isalnum():
            self._pieces.append(" ")
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
            while self._pieces and not (kept := self._pieces[-1].rstrip()):
                self._pieces.pop()
            if self._pieces:
                self._pieces[-1] = kept
                self._last = kept[-1]
        if not self._pieces:
            while text[end : end + 1] and text[end] in " \t\n,.;:!?-–—":
                end += 1
        self._was_said = True
        return end
