"""Rules of a language, and how the few that can apply at a place are found.

What walks over the text is none of their business: it is handed on to those who say something (``Walk``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Walk = TypeVar("Walk")
Said = tuple[str, int]
"""What is said, and the offset behind what it was said for."""
Say = Callable[[Walk, re.Match[str]], Said | None]

_Place = tuple[str, str, str, bool]
"""What begins there: its kind, its character, the word that rules are about, and whether it is an ordinary word or figure."""
LETTER, DIGIT = "letter", "digit"
MAX_CACHED = 5000
_STRUCTURED = re.compile(
    r"\d++(?![\s,;!?)]|\.?(?:\s|\Z))|(?!\d)\S{0,100}?(?:[/\\@_=#$+\d]|[.:]\w|->|\(\)|[a-z][A-Z]|[A-Z]{3}[a-z]{2})"
)
_FIGURE = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Rule(Generic[Walk]):
    """``pattern`` is tried where the first character is in ``first`` (``LETTER`` and ``DIGIT`` stand for any of them).

    A rule with ``words`` is tried only where one of these words (small letters) stands, whatever its sign or figure behind;
    a walk stops at them although they look like ordinary words. ``say`` returns None where the rule does not apply after all.
    A ``whole`` rule covers a thing with an inner structure (an address, a path): it goes before a lexicon word that is only
    the beginning of it.
    """

    first: tuple[str, ...]
    pattern: re.Pattern[str]
    say: Say[Walk]
    whole: bool = False
    words: frozenset[str] = frozenset()
    plain: bool = False
    """Whether it is also about ordinary words and figures, those with no sign and no change of case inside."""
    needs: str = ""
    """A text with none of these characters has nothing for this rule; ``0`` stands for any figure."""


def word_rule(words: Iterable[str], pattern: re.Pattern[str], say: Say[Walk], needs: str = "") -> Rule[Walk]:
    """A rule that begins with one of these words."""
    return Rule((), pattern, say, whole=True, words=frozenset(words), needs=needs)


class RuleTable(Generic[Walk]):
    """Rules in order. A text is read with those that its characters allow, found by the word or the sign they begin with."""

    def __init__(self, rules: Iterable[Rule[Walk]]) -> None:
        self._rules = tuple(rules)
        self._signs = "".join(sorted({sign for rule in self._rules for sign in rule.needs}))
        self._for_signs: dict[str, PlaceRules[Walk]] = {}
        self._by_place: dict[_Place, tuple[Rule[Walk], ...]] = {}

    def for_text(self, text: str) -> PlaceRules[Walk]:
        """The rules that may have something to say about this text."""
        signs = "".join([sign for sign in self._signs if sign in text])
        if "0" not in signs and _FIGURE.search(text):
            signs += "0"
        found = self._for_signs.get(signs)
        if found is None:
            allowed = [rule for rule in self._rules if not rule.needs or any(sign in signs for sign in rule.needs)]
            found = PlaceRules(allowed, self.beginning_at)
            if len(self._for_signs) < MAX_CACHED:
                self._for_signs[signs] = found
        return found

    def beginning_at(self, place: _Place) -> tuple[Rule[Walk], ...]:
        """Every rule that may begin at such a place, whatever signs the text has."""
        found = self._by_place.get(place)
        if found is None:
            kind, char, word, is_plain = place
            found = tuple(
                rule
                for rule in self._rules
                if word in rule.words or ((kind in rule.first or char in rule.first) and (rule.plain or not is_plain))
            )
            if len(self._by_place) < MAX_CACHED:
                self._by_place[place] = found
        return found


class PlaceRules(Generic[Walk]):
    """Rules by the place where they may begin."""

    def __init__(self, rules: Iterable[Rule[Walk]], beginning_at: Callable[[_Place], tuple[Rule[Walk], ...]]) -> None:
        self._rules = tuple(rules)
        self._beginning_at = beginning_at
        self._allowed = frozenset(map(id, self._rules))
        self.stops = frozenset[str]().union(*(rule.words for rule in self._rules))
        self._by_word: dict[str, tuple[Rule[Walk], ...]] = {}
        self._by_place: dict[_Place, tuple[Rule[Walk], ...]] = {}
        self._by_sign: dict[str, tuple[Rule[Walk], ...]] = {}
        """Of signs, which look the same at every place."""

    def for_word(self, word: str) -> tuple[Rule[Walk], ...]:
        """The rules that begin with this very word."""
        found = self._by_word.get(word)
        if found is None:
            found = self._by_word[word] = tuple(rule for rule in self._rules if word in rule.words)
        return found

    def at(self, text: str, at: int) -> tuple[Rule[Walk], ...]:
        """The rules that may begin at this place of a text."""
        char = text[at]
        by_sign = self._by_sign.get(char)
        if by_sign is not None:
            return by_sign
        kind = LETTER if char.isalpha() else DIGIT if char in "0123456789" else char
        word, is_plain = "", False
        if kind in (LETTER, DIGIT):
            is_plain = not _STRUCTURED.match(text, at)
        if kind is LETTER:
            run = _WORD.match(text, at)
            word = run.group().lower() if run else ""
            word = word if word in self.stops else ""
            char = char if char.isascii() else kind
        place = (kind, char, word, is_plain)
        found = self._by_place.get(place)
        if found is None:
            found = tuple(rule for rule in self._beginning_at(place) if id(rule) in self._allowed)
            if len(self._by_place) < MAX_CACHED:
                self._by_place[place] = found
                if kind not in (LETTER, DIGIT):
                    self._by_sign[char] = found
        return found
