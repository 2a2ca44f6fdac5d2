"""An entry once it is read: what kind of words it is, where it belongs, what it is about, whether it joins its neighbour."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from declaim.model.source import Entry, GroupKind, SourceLines
from declaim.scripts.clauses import Clause, Shape
from declaim.scripts.verbs import FINITE, is_common, is_plain_third, is_plural, noun_phrase, verb_form, word_set

ADDING = frozenset({"add", "introduce", "implement"})
FIXING = frozenset({"fix", "correct", "resolve", "repair", "patch", "solve"})
_MERGEABLE = 50
_UNMERGED = word_set("new no not same fix fixes")
_JOINED = re.compile(r"[,;:—–(]|\b(?:and|or|which|that|instead|to|when|after|before|if|where|while|not|by|so|as|without)\b")
_TO_THE = re.compile(r"(?P<thing>[^,;:]{2,60}?) (?:to|for|in) the (?P<place>[a-z][a-z-]*(?: [a-z][a-z-]*){0,2})$")
_NO_PLACES = word_set("first sake same case future time moment user users developer public latest new")
_GAINS = word_set("more better improved proper additional enhanced improvement improvements support enhancement enhancements")
_TOPICLESS = word_set("issue bug problem support some all possible it you set use")
_LOWERABLE = word_set(
    "a an the this that these those its their your our all any each every some no both when if where while after before "
    "since as support improved improvement improvements better new initial basic full partial proper automatic default "
    "optional several various crash crashes error errors exception bug issue issues problem regression memory performance "
    "documentation option options command incorrect wrong missing broken invalid unexpected duplicate infinite slow fast "
    "faster internal external custom native multiple dark light keyboard search file files test tests minor major small "
    "large user users possible potential rare occasional first last empty old more less fewer"
)
_COMMON_ENDING = re.compile(r".{3,}(?:ed|ing|ly|tions?|ments?|ness|able|ible|ful|ous|ers)")
_FIRST_CAPITAL = re.compile(r"[A-Z][a-z’']*(?=[\s,.;:-]|$)")


@dataclass(frozen=True)
class Reading:
    """An entry, cleaned and read."""

    entry: Entry
    kind: GroupKind
    clause: Clause
    scope: str
    rest: tuple[str, ...]
    topic: str

    @property
    def source_lines(self) -> SourceLines:
        return self.entry.source_lines


def topic_of(lead: str, clause: Clause) -> str:
    """What an entry is about, in its own words: its first short code, else its noun phrase; empty where neither is handy."""
    code = re.search(r"`[^`\s](?:[^`]{0,26}[^`\s])?`", lead)
    if code:
        return code.group()
    words = noun_phrase(clause.rest if clause.verb else clause.text)
    while words and words[0].lower() in ("a", "an", "the", "new", "its"):
        words = words[1:]
    phrase = " ".join(words)
    plain = 1 <= len(words) <= 4 and re.fullmatch(r"[\w +#-]{3,36}", phrase) is not None
    return phrase if plain and words[-1].lower() not in _TOPICLESS else ""


class Vocabulary:
    """Which words a source writes with a small letter, and so may be written small anywhere."""

    def __init__(self, markdown: str) -> None:
        small = Counter(re.findall(r"(?<![\w`./@-])[a-z]{2,24}(?![\w`./-])", markdown))
        capital = Counter(word.lower() for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{1,23}(?![\w.-])", markdown))
        self._small = frozenset(word for word, number in small.items() if number > capital[word])
        self._names = frozenset(word for word, number in capital.items() if number >= small[word])

    def lower(self, text: str) -> str:
        """Small letter first, where the first word is an ordinary one."""
        match = _FIRST_CAPITAL.match(text)
        if match is None:
            return text
        word = match.group().lower()
        return word + text[match.end() :] if self._is_ordinary(word, text[match.end() :]) else text

    def _is_ordinary(self, word: str, rest: str) -> bool:
        if word in _LOWERABLE or word in _GAINS or word in self._small:
            return True
        if word in self._names:
            return False
        ends_commonly = _COMMON_ENDING.fullmatch(word) is not None and rest[:2].strip().islower()
        return is_common(word) or verb_form(word) is not None or ends_commonly


def placed(rest: str) -> str:
    """``dark mode support to the editor`` → ``The editor now supports dark mode.`` Only where the place is plain."""
    match = _TO_THE.fullmatch(rest)
    if match is None or "`" in match["place"] or " to " in match["thing"] or verb_form(match["place"].split()[-1]):
        return ""
    thing, place = match["thing"], match["place"]
    if re.match(r"(?:the|this|its|their) ", thing) or any(word in FINITE or is_plain_third(word) for word in place.split()):
        return ""
    if " for " in thing or is_plural(place) or match["place"].split()[0] in _NO_PLACES:
        return ""
    if thing.endswith(" support"):
        return f"The {place} now supports {re.sub(r'^(?:an?|the) ', '', thing.removesuffix(' support'))}."
    return f"The {place} now has {thing}."


def can_merge(reading: Reading) -> bool:
    clause = reading.clause
    words = clause.rest if clause.verb else clause.text
    simple = len(words) <= _MERGEABLE and not _JOINED.search(words)
    is_english = any(char.isascii() and char.isalpha() for char in words)
    is_added = reading.kind is GroupKind.ADDED if clause.verb is None else clause.verb.base in ADDING
    is_bare = not (reading.scope or clause.in_past or clause.adverb or (is_added and placed(words)))
    return simple and is_english and is_bare and clause.shape in (Shape.DONE, Shape.PHRASE)


def goes_with(first: Reading, other: Reading) -> bool:
    return (
        can_merge(other)
        and other.clause.shape is first.clause.shape
        and (other.clause.verb and other.clause.verb.base) == (first.clause.verb and first.clause.verb.base)
        and (first.clause.verb is not None or first.kind in (GroupKind.ADDED, GroupKind.FIXED))
        and not {first_word(first), first_word(other)} & _UNMERGED
        and not other.rest
    )


def is_gain(reading: Reading) -> bool:
    """Whether a phrase under "Fixed" names what is better now, not what was broken."""
    words = [word.lower() for word in noun_phrase(reading.clause.text)]
    return bool(words) and (words[0] in _GAINS or words[-1] in _GAINS)


def first_word(reading: Reading) -> str:
    return reading.clause.text.split()[0].lower() if reading.clause.verb is None else ""


def flat(entries: Sequence[Entry]) -> list[Entry]:
    """Sub-entries at any depth, in order, without recursion."""
    flat, waiting = [], list(reversed(entries))
    while waiting:
        entry = waiting.pop()
        flat.append(entry)
        waiting.extend(reversed(entry.children))
    return flat
