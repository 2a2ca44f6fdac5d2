"""Entries of a changelog into sentences that sound written, with the words and the facts of the entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from declaim.model.script import Tone, Verbosity
from declaim.model.source import Entry, GroupKind, LeftOut, SourceLines
from declaim.scripts.beats import Beat, Role
from declaim.scripts.clauses import Clause, Shape, is_ambiguous_state, is_mended_state, is_sentence, read_clause, strip_label
from declaim.scripts.facts import Names
from declaim.scripts.inline import clean, has_words, is_credit
from declaim.scripts.phrases import PHRASES, VOICES
from declaim.scripts.sentences import bare, end, join_words, split_sentences, upper_first
from declaim.scripts.verbs import is_common, is_plural, noun_phrase, verb_form, with_article, with_being, word_set

_LOWERABLE = word_set(
    "a an the this that these those its their your our all any each every some no both when if where while after before "
    "since as support improved improvement improvements better new initial basic full partial proper automatic default "
    "optional several various crash crashes error errors exception bug issue issues problem regression memory performance "
    "documentation option options command incorrect wrong missing broken invalid unexpected duplicate infinite slow fast "
    "faster internal external custom native multiple dark light keyboard search file files test tests minor major small "
    "large user users possible potential rare occasional"
)
_TO_THE = re.compile(r"(?P<thing>[^,;:]{2,60}?) (?:to|for|in) the (?P<place>[a-z][a-z-]*(?: [a-z][a-z-]*){0,2})$")
_ADDING = frozenset({"add", "introduce", "implement"})
_FIXING = frozenset({"fix", "correct", "resolve", "repair", "patch", "solve"})
_MERGEABLE = 50
_MERGED_MOST = 3
_TOO_FAR = 45
_LONG_PHRASE = 60
_LEFT_ALONE = word_set("new no not same now only")
_UNMERGED = word_set("new no not same fix fixes")
_HALF_SENTENCES = word_set(
    "can can't cannot could couldn't does doesn't do don't did didn't is isn't are aren't was wasn't were won't should "
    "sometimes when if while after before unable impossible wrongly incorrectly"
)
_SAID_AS_SUCH = (GroupKind.BREAKING, GroupKind.SECURITY, GroupKind.DEPRECATED, GroupKind.REMOVED)
_FIX_LABELS = ("Fixed: {o}.", "Also fixed: {o}.", "On the list of fixes: {o}.")
_ABBREVIATED = word_set("api cli gui sdk ui")
_NO_PLACES = word_set("first sake same case future time moment user users developer public latest new")
_IT = re.compile(r"\bit\b", re.IGNORECASE)
_COMMON_ENDING = re.compile(r".{3,}(?:ed|ing|ly|tions?|ments?|ness|able|ible|ful|ous|ers)")
_DESTINATION = re.compile(r"\sto (?:an?|the|all|each|every|its|their|both|`|[A-Z])")
_DEFINES = re.compile(r": |\s[—–-]\s")
_JOINED = re.compile(r"[,;:—–(]|\b(?:and|or|which|that|instead|to|when|after|before|if|where|while|not|by|so|as|without)\b")
_KNOWN_PLACES = word_set(
    "api app backend browser build cli client compiler config console core daemon dashboard database docs editor engine "
    "frontend gui installer interpreter lexer library linter loader logger parser player plugin renderer router runtime "
    "scheduler sdk server shell sidebar ui web worker"
)


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


class EntryWriter:
    """Writes the entries of one release; remembers which frames it used, so that no two neighbours begin alike."""

    def __init__(self, names: Names, tone: Tone, verbosity: Verbosity, vocabulary: frozenset[str]) -> None:
        self._names = names
        self._frames = VOICES[tone].frames
        self._verbosity = verbosity
        self._vocabulary = vocabulary
        self._speaks_of_release = (
            "It ",
            names.subject,
            names.product or "This version",
            "Also ",
            "On top",
            "You also",
            "What's more",
        )
        self._turns: dict[object, int] = {}
        self._last_start = ""
        self._is_first = True
        self._it_is_unclear = False
        self.left_out: list[LeftOut] = []

    def start_group(self) -> None:
        """The next entry opens a group."""
        self._is_first = True
        self._turns.clear()
        self._last_start = ""

    def read(self, entry: Entry, kind: GroupKind) -> Reading | None:
        """The entry as words; None where nothing of it would be heard."""
        text = self._clean(entry.text, entry.source_lines)
        text, labelled, place = strip_label(text)
        if labelled is not None and kind is GroupKind.OTHER:
            kind = labelled
        sentences = split_sentences(text)
        said = [sentence for sentence in sentences if not is_credit(sentence)]
        self._note([sentence for sentence in sentences if is_credit(sentence)], entry.source_lines, "credit")
        if not said or not has_words(said[0]):
            if not said and entry.children:
                said = []
            elif not entry.children:
                self._note([entry.text], entry.source_lines, "nothing in it would be heard")
                return None
        lead = bare(said[0]) if said else ""
        rest = [*said[1:], *self._explained(entry, lead)]
        if not lead and rest:
            lead, rest = bare(rest[0]), rest[1:]
        if not lead:
            return None
        scope = place or self._clean(entry.scope, entry.source_lines)
        clause = read_clause(lead)
        return Reading(entry, kind, clause, scope, self._kept(rest, entry, clause), topic_of(lead, clause))

    def write(self, readings: Sequence[Reading]) -> list[Beat]:
        """Beats of readings of one group, in order; short neighbours of a kind are merged."""
        beats, index = [], 0
        while index < len(readings):
            run = self._run(readings, index)
            lead = self._merged(run) if len(run) > 1 else self._sentence(run[0])
            lines = (run[0].source_lines[0], max(reading.source_lines[1] for reading in run))
            beats.append(Beat(Role.ENTRY, lead, lines, run[-1].rest, run[0].kind, run[0].topic, run[0].clause.text))
            self._last_start, self._is_first = _start(lead), False
            self._it_is_unclear = not lead.startswith(self._speaks_of_release)
            index += len(run)
        return beats

    def _clean(self, text: str, lines: SourceLines) -> str:
        cleaned = clean(text)
        self.left_out += [LeftOut(lines, what, reason) for what, reason in cleaned.dropped]
        return cleaned.text

    def _note(self, texts: Sequence[str], lines: SourceLines, reason: str) -> None:
        self.left_out += [LeftOut(lines, text[:300], reason) for text in texts if text]

    def _explained(self, entry: Entry, lead: str) -> list[str]:
        """What continuation paragraphs and sub-entries add, as sentences."""
        sentences = []
        for paragraph in entry.more:
            found = split_sentences(self._clean(paragraph, entry.source_lines))
            sentences += [end(sentence) for sentence in found if has_words(sentence) and not is_credit(sentence)]
        children = [
            text
            for child in _flat(entry.children)
            if (text := bare(self._clean(child.text, child.source_lines))) and has_words(text)
        ]
        if len(children) > 1 and all(
            len(child) < 60 and "," not in child and not is_sentence(child) and not read_clause(child).verb for child in children
        ):
            return [*sentences, f"In detail: {join_words([self.lower(child) for child in children])}."]
        return [*sentences, *(upper_first(end(child)) for child in children)]

    def _kept(self, rest: Sequence[str], entry: Entry, clause: Clause) -> tuple[str, ...]:
        """What the verbosity leaves of the explanation."""
        if self._verbosity is Verbosity.DETAILED:
            return tuple(rest)
        brief_most = 1 if clause.shape is Shape.PHRASE else 0
        kept, size = list(rest[:brief_most]) if self._verbosity is Verbosity.BRIEF else list[str](), 0
        if self._verbosity is Verbosity.NORMAL:
            for sentence in rest:
                size += len(sentence)
                if size > 420 or len(kept) == 4:
                    break
                kept.append(sentence)
        self._note(rest[len(kept) :], entry.source_lines, f"kept short ({self._verbosity} script)")
        return tuple(kept)

    def _run(self, readings: Sequence[Reading], index: int) -> Sequence[Reading]:
        """The readings from ``index`` on that make one sentence."""
        first = readings[index]
        stop = index + 1
        if not _can_merge(first) or first.rest:
            return readings[index:stop]
        while stop < len(readings) and stop - index < _MERGED_MOST and _goes_with(first, readings[stop]):
            stop += 1
            if readings[stop - 1].rest:
                break
        return readings[index:stop]

    def _merged(self, run: Sequence[Reading]) -> str:
        objects = [self.lower(self._object(reading)) for reading in run]
        first = run[0]
        if first.clause.verb is not None and first.clause.verb.base not in _ADDING | _FIXING:
            return self._framed(first, self._frames.other, v=f"{first.clause.verb.third} {join_words(objects)}")
        return self._framed(first, self._frame_list(first), o=join_words(objects))

    def _object(self, reading: Reading) -> str:
        clause = reading.clause
        if clause.verb is not None:
            return clause.rest
        text = self.lower(clause.text)
        if reading.kind is GroupKind.FIXED:
            return with_article(with_being(text))
        return with_article(text) if reading.kind is GroupKind.ADDED else text

    def _frame_list(self, reading: Reading) -> tuple[str, ...]:
        base = reading.clause.verb.base if reading.clause.verb else ""
        if base in _ADDING or (not base and reading.kind is GroupKind.ADDED):
            return self._frames.adds
        if base in _FIXING or (not base and reading.kind is GroupKind.FIXED):
            return self._frames.fixes if base or _first_word(reading) not in _HALF_SENTENCES else _FIX_LABELS
        return PHRASES[reading.kind]

    def _sentence(self, reading: Reading) -> str:
        clause = reading.clause
        if clause.shape is Shape.SENTENCE:
            return self._told(reading)
        if clause.shape is Shape.PHRASE:
            return self._phrase(reading)
        assert clause.verb is not None
        if clause.adverb or clause.in_past:
            return self._framed(reading, self._frames.other, v=clause.predicate)
        if clause.shape is Shape.DOES:
            verbal = self._frames.does if " now " not in f" {clause.rest} " else self._frames.other
            return self._framed(reading, verbal, v=clause.predicate)
        if clause.verb.base in _ADDING:
            if _DESTINATION.search(clause.rest):
                return _placed(clause.rest) or self._framed(reading, self._frames.other, v=clause.predicate)
            return _placed(clause.rest) or self._framed(reading, self._frames.adds, o=clause.rest)
        if clause.verb.base in _FIXING:
            return self._framed(reading, self._frames.fixes, o=with_being(clause.rest))
        if clause.verb.base == "drop" and clause.rest.lower().startswith("support for ") and " and " not in clause.rest:
            return f"S{clause.rest[1:]} is gone."
        frames = self._frames.removes if reading.kind is GroupKind.REMOVED else self._frames.other
        return self._framed(reading, frames, v=clause.predicate)

    def _told(self, reading: Reading) -> str:
        """A sentence of the author's: as it stands, unless it tells a bug under "Fixed"."""
        text = reading.clause.text
        if reading.kind is GroupKind.FIXED and not is_mended_state(text):
            return self._framed(reading, self._frames.troubles, o=with_article(self.lower(text), definite=True))
        if reading.kind is GroupKind.FIXED and is_ambiguous_state(text):
            return self._framed(reading, _FIX_LABELS, o=self.lower(text))
        return self._scoped(reading, end(with_article(self.lower(text), definite=True)))

    def _phrase(self, reading: Reading) -> str:
        text = reading.clause.text
        first = text.split(maxsplit=1)[0].lower() if text else ""
        if reading.scope and reading.scope.lower() not in text.lower() and reading.scope.lower() not in _KNOWN_PLACES:
            return end(f"{upper_first(reading.scope)}: {self.lower(text)}")
        if first == "new" and reading.kind in (GroupKind.ADDED, GroupKind.DOCUMENTATION) and not _DEFINES.search(text):
            return self._framed(reading, self._frames.adds, o=with_article(self.lower(text)))
        if reading.kind in _SAID_AS_SUCH and not _DEFINES.search(text):
            return self._framed(reading, PHRASES[reading.kind], o=self.lower(text))
        if reading.rest or first in _LEFT_ALONE or _DEFINES.search(text) or _stands_alone(reading):
            return self._scoped(reading, end(text))
        if first in ("fix", "fixes", "improvements", "improvement", "support", "changes", "updates") and not is_sentence(text):
            there = "There are" if is_plural(text) else "There's"
            return self._scoped(
                reading, f"{there} {with_article(self.lower(text)) if first != 'fix' else 'a ' + self.lower(text)}."
            )
        if not any(char.isascii() and char.isalpha() for char in text):
            return end(text)
        if reading.kind is GroupKind.ADDED and (placed := _placed(self._object(reading))):
            return placed
        return self._framed(reading, self._frame_list(reading), o=self.lower(self._object(reading)))

    def _framed(self, reading: Reading, frames: Sequence[str], *, o: str = "", v: str = "") -> str:
        product = self._names.product or "This version"
        usable = [frame for frame in frames if _suits(frame, o) and not (self._it_is_unclear and _IT.search(frame))]
        key = tuple(frames)
        for _ in usable:
            turn = self._turns.get(key, 0 if self._is_first else 1)
            self._turns[key] = turn + 1
            frame = usable[0] if turn == 0 or len(usable) == 1 else usable[1 + (turn - 1) % (len(usable) - 1)]
            sentence = upper_first(frame.format(s=self._names.subject, p=product, o=o, v=v))
            if _start(sentence) != self._last_start:
                break
        return self._scoped(reading, sentence)

    def _scoped(self, reading: Reading, sentence: str) -> str:
        """The sentence with the place it concerns in front: ``In the parser, …``."""
        scope = reading.scope.strip()
        if not scope or scope.lower() in sentence.lower():
            return upper_first(sentence)
        scope = scope.upper() if scope in _ABBREVIATED else scope
        place = f"the {scope}" if scope.lower() in _KNOWN_PLACES else scope
        first = sentence.split(maxsplit=1)[0]
        glued = (
            first[0].lower() + sentence[1:]
            if first in ("This", "It", "You", "The", "There's", "There", "Version", "Also")
            else sentence
        )
        return f"In {place}, {glued}"

    def lower(self, text: str) -> str:
        """Small letter first, where the first word is an ordinary one: known, or written small elsewhere in the source."""
        match = re.match(r"[A-Z][a-z’']*(?=[\s,.;:-]|$)", text)
        if match is None:
            return text
        word = match.group().lower()
        known = word in _LOWERABLE or word in self._vocabulary or is_common(word) or verb_form(word) is not None
        known = known or (_COMMON_ENDING.fullmatch(word) is not None and text[match.end() : match.end() + 2].strip().islower())
        return word + text[match.end() :] if known else text


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
    return (
        phrase
        if plain and words[-1].lower() not in ("issue", "bug", "problem", "support", "some", "all", "possible", "it")
        else ""
    )


def vocabulary_of(markdown: str) -> frozenset[str]:
    """Words that a source writes with a small letter: safe to write small anywhere."""
    return frozenset(re.findall(r"(?<![\w`./-])[a-z]{2,24}(?![\w`./-])", markdown))


def _stands_alone(reading: Reading) -> bool:
    """Whether a phrase of no particular kind is long enough to be said as it stands."""
    return reading.kind in (GroupKind.OTHER, GroupKind.CHANGED) and len(reading.clause.text) > _LONG_PHRASE


def _suits(frame: str, words: str) -> bool:
    """Whether a frame can hold a noun phrase: a "too" at the end carries over short ones only."""
    if "there's {o}" in frame and is_plural(words):
        return False
    return len(words) <= _TOO_FAR or not frame.endswith((", too.", " as well.", ", too!"))


def _placed(rest: str) -> str:
    """``dark mode support to the editor`` → ``The editor now supports dark mode.`` Only where the place is plain."""
    match = _TO_THE.fullmatch(rest)
    if match is None or "`" in match["place"] or " to " in match["thing"] or verb_form(match["place"].split()[-1]):
        return ""
    thing, place = match["thing"], match["place"]
    if " for " in thing or is_plural(place) or match["place"].split()[0] in _NO_PLACES:
        return ""
    if thing.endswith(" support"):
        return f"The {place} now supports {_without_article(thing.removesuffix(' support'))}."
    return f"The {place} now has {thing}."


def _can_merge(reading: Reading) -> bool:
    clause = reading.clause
    words = clause.rest if clause.verb else clause.text
    simple = len(words) <= _MERGEABLE and not _JOINED.search(words)
    is_english = any(char.isascii() and char.isalpha() for char in words)
    is_added = reading.kind is GroupKind.ADDED if clause.verb is None else clause.verb.base in _ADDING
    is_bare = not (reading.scope or clause.in_past or clause.adverb or (is_added and _placed(words)))
    return simple and is_english and is_bare and clause.shape in (Shape.DONE, Shape.PHRASE)


def _goes_with(first: Reading, other: Reading) -> bool:
    return (
        _can_merge(other)
        and other.clause.shape is first.clause.shape
        and (other.clause.verb and other.clause.verb.base) == (first.clause.verb and first.clause.verb.base)
        and (first.clause.verb is not None or first.kind in (GroupKind.ADDED, GroupKind.FIXED))
        and not {_first_word(first), _first_word(other)} & _UNMERGED
        and not other.rest
    )


def _first_word(reading: Reading) -> str:
    return reading.clause.text.split()[0].lower() if reading.clause.verb is None else ""


def _flat(entries: Sequence[Entry]) -> list[Entry]:
    """Sub-entries at any depth, in order, without recursion."""
    flat, waiting = [], list(reversed(entries))
    while waiting:
        entry = waiting.pop()
        flat.append(entry)
        waiting.extend(reversed(entry.children))
    return flat


def _without_article(text: str) -> str:
    return re.sub(r"^(?:an?|the) ", "", text)


def _start(sentence: str) -> str:
    return " ".join(sentence.split()[:2]).lower()
