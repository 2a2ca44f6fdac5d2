"""The lexicon at work: entries by their first word, found in a text in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.paths import resources_dir
from declaim.speech.entry_pattern import compile_pattern
from declaim.speech.lexicon_files import read_lexicon_text

REMEMBERED_WORDS = 4096
MAX_REGEX_TEXT = 10_000
"""Regular-expression entries look at no more of a line than this."""
_WORD = re.compile(r"[^\W_]+")
_SCOPE = 1_000_000
_RANK = {LexiconScope.PROJECT: 0, LexiconScope.USER: 1, LexiconScope.BUILT_IN: 2}


@dataclass(slots=True)
class Hit:
    """An entry found in a text. ``spoken`` is None where only a rule's word stands."""

    start: int
    end: int
    spoken: str | None
    rank: int = 9


@dataclass(frozen=True, slots=True)
class _Candidate:
    written: str
    lowered: str
    spoken: str
    case_sensitive: bool
    ends_in_word: bool
    rank: int

    def end_in(self, text: str, start: int) -> int:
        """The offset behind this entry at ``start`` of the text, 0 where it does not stand there."""
        end = start + len(self.written)
        found = text[start:end]
        if found != self.written and (self.case_sensitive or found.lower() != self.lowered):
            return 0
        following = text[end : end + 1]
        if self.ends_in_word:
            return 0 if following == "_" or following.isalnum() else end
        return 0 if following and following == self.written[-1] else end


class LexiconIndex:
    """Entries in the order built-in, user, project; of two for the same text the stronger scope wins, then the longer.

    Raises:
        InputError: for a regular-expression entry that is not safe or not valid.
    """

    def __init__(self, entries: Iterable[LexiconEntry]) -> None:
        self._by_word: dict[str, list[_Candidate]] = {}
        self._by_sign: dict[str, list[_Candidate]] = {}
        self._patterns: list[tuple[re.Pattern[str], str, int]] = []
        for order, entry in enumerate(entries):
            rank = _RANK[entry.scope] * _SCOPE + _SCOPE - 1 - order
            if entry.is_regex:
                self._patterns.append((compile_pattern(entry), entry.spoken, rank))
            elif entry.written.strip():
                self._add(entry, rank)
        for found in (*self._by_word.values(), *self._by_sign.values()):
            found.sort(key=lambda candidate: (candidate.rank // _SCOPE, -len(candidate.written), candidate.rank))
        capitals = {one.written.lower() for found in self._by_word.values() for one in found if one.written.isupper()}
        self._heads = frozenset(self._by_word).union(word + "s" for word in capitals)
        signs = {candidate.written for found in self._by_sign.values() for candidate in found}
        alternatives = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
        # What is said for one word by itself, None where no entry is about it.
        self.say_word = lru_cache(maxsize=REMEMBERED_WORDS)(self._say_word)
        self._sign = re.compile(rf"(?<!\w)(?:{alternatives})", re.IGNORECASE) if signs else None

    def hits(self, text: str, stops: Collection[str] = (), is_idle: Callable[[str, int], bool] | None = None) -> Sequence[Hit]:
        """Where entries stand in the text, in order, without overlaps, with the ``stops`` among them that are not idle there."""
        found: list[Hit] = []
        heads = self._heads
        for match in _WORD.finditer(text.lower() if text.isascii() else text):
            lowered = match.group() if text.isascii() else match.group().lower()
            if lowered not in heads:
                if lowered in stops and not (is_idle and is_idle(lowered, match.start())):
                    found.append(Hit(*match.span(), None))
                continue
            start, end = match.span()
            hit = self._entry_at(text, start, self._by_word.get(lowered, ())) or self._plural_at(text, start, end)
            if hit or lowered in stops:
                found.append(hit or Hit(start, end, None))
        if self._sign or self._patterns:
            found.extend(self._signs_and_patterns(text))
            return _without_overlaps(found)
        return found

    def _say_word(self, word: str) -> str | None:
        head = _WORD.match(word)
        candidates = self._by_word.get(head.group().lower(), ()) if head else self._by_sign.get(word.lower(), ())
        return next((one.spoken for one in candidates if one.end_in(word, 0) == len(word)), None)

    def _add(self, entry: LexiconEntry, rank: int) -> None:
        written = entry.written.strip()
        ends_in_word = written[-1].isalnum() or written[-1] == "_"
        candidate = _Candidate(written, written.lower(), entry.spoken, entry.case_sensitive, ends_in_word, rank)
        head = _WORD.match(written)
        if head:
            self._by_word.setdefault(head.group().lower(), []).append(candidate)
        else:
            self._by_sign.setdefault(candidate.lowered, []).append(candidate)

    @staticmethod
    def _entry_at(text: str, start: int, candidates: Iterable[_Candidate]) -> Hit | None:
        if start and text[start - 1] == "_":
            return None
        for candidate in candidates:
            end = candidate.end_in(text, start)
            if end:
                return Hit(start, end, candidate.spoken, candidate.rank)
        return None

    def _plural_at(self, text: str, start: int, end: int) -> Hit | None:
        """``GUIs``: capitals and a small s are the plural of an entry in capitals."""
        word = text[start:end]
        if not (word[-1] == "s" and word[:-1].isupper()) or text[end : end + 1] == "_":
            return None
        spoken = self.say_word(word[:-1])
        if spoken is None:
            return None
        ending = "'s" if spoken[-1:].isupper() else "s"
        return Hit(start, end, spoken + ending, _RANK[LexiconScope.BUILT_IN] * _SCOPE)

    def _signs_and_patterns(self, text: str) -> list[Hit]:
        found: list[Hit] = []
        for match in self._sign.finditer(text) if self._sign else ():
            hit = self._entry_at(text, match.start(), self._by_sign.get(match.group().lower(), ()))
            if hit:
                found.append(hit)
        for pattern, spoken, rank in self._patterns:
            for match in pattern.finditer(text[:MAX_REGEX_TEXT]):
                if match.group():
                    found.append(Hit(match.start(), match.end(), match.expand(spoken), rank))
        return found


def _without_overlaps(found: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda hit: (hit.start, hit.spoken is None, hit.rank // _SCOPE, -hit.end, hit.rank)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.spoken is not None and (kept[-1].spoken is None or hit.rank // _SCOPE < kept[-1].rank // _SCOPE):
            kept[-1] = hit
    return kept


def check_entry(entry: LexiconEntry) -> None:
    """
    Raises:
        InputError: for an entry that no line could be spoken with: an expression that is not valid or not safe.
    """
    LexiconIndex((entry,))


@lru_cache(maxsize=8)
def built_in_lexicon(language: str = "en") -> tuple[LexiconEntry, ...]:
    """The names of the trade that come with Declaim; empty for a language that has none."""
    path = resources_dir() / "lexicon" / f"{language.partition('-')[0].lower()}.tsv"
    if not path.is_file():
        return ()
    return read_lexicon_text(path.read_text("utf-8"), LexiconScope.BUILT_IN, language.partition("-")[0].lower())
