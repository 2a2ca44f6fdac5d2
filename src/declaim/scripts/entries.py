"""Entries of a changelog into sentences that sound written, with the words and the facts of the entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from declaim.model.script import Tone, Verbosity
from declaim.model.source import Entry, GroupKind, LeftOut, SourceLines
from declaim.scripts.beats import Beat, Role
from declaim.scripts.clauses import (
    Clause,
    Shape,
    has_own_verb,
    is_ambiguous_state,
    is_mended_state,
    is_negative,
    is_plain_or_known,
    is_sentence,
    read_clause,
    strip_label,
    with_state,
)
from declaim.scripts.facts import Names
from declaim.scripts.inline import clean, has_words, is_credit
from declaim.scripts.phrases import PHRASES, VOICES
from declaim.scripts.readings import (
    ADDING,
    FIXING,
    Reading,
    Vocabulary,
    can_merge,
    first_word,
    flat,
    goes_with,
    is_gain,
    placed,
    topic_of,
)
from declaim.scripts.sentences import bare, end, join_words, split_sentences, upper_first
from declaim.scripts.verbs import SUBORDINATORS, is_plural, third_person, with_article, with_being, word_set

_MERGED_MOST = 3
_TOO_FAR = 45
_LONG_PHRASE = 60
_LEFT_ALONE = word_set("new no not same now only")
_HALF_SENTENCES = word_set(
    "no can can't cannot could couldn't does doesn't do don't did didn't is isn't are aren't was wasn't were won't should "
    "sometimes when if while after before unable impossible wrongly incorrectly"
)
_SAID_AS_SUCH = (GroupKind.BREAKING, GroupKind.SECURITY, GroupKind.DEPRECATED, GroupKind.REMOVED)
_FIX_LABELS = ("Fixed: {o}.", "Also fixed: {o}.", "On the list of fixes: {o}.")
_ABBREVIATED = word_set("api cli gui sdk ui")
_DO_NOT = re.compile(r"(?:do not|don['’]t|never|no longer) ([a-z]+)\b", re.IGNORECASE)
_NO_LONGER = ("{p} no longer {v}.", "It no longer {v}.", "{p} also no longer {v}.")
_NOTHING_SAID = re.compile(
    r"(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?)(?: (?:for )?(?:an? )?(?:issue|bug|ticket|problem)s?)?", re.IGNORECASE
)
_BARE_TROUBLES = word_set("fails hangs freezes breaks throws returns shows ignores loses displays")
_GLUED = word_set("This It You The There's There Also Another What's")
_IT = re.compile(r"\bit\b", re.IGNORECASE)
_DESTINATION = re.compile(r"\sto (?:an?|the|all|each|every|its|their|both|`|[A-Z])")
_DEFINES = re.compile(r": |\s[—–-]\s")
_PLACE_LABEL = re.compile(r"([A-Za-z][A-Za-z0-9]{1,20})(?: [\d.]{1,6})?\s?[:–—]\s+(?=\S)")
_PLATFORMS = word_set("windows macos linux mac android ios freebsd openbsd wayland x11 gnome kde ubuntu debian fedora docker")
_KNOWN_PLACES = word_set(
    "api app backend browser build cli client compiler config console core daemon dashboard database docs editor engine "
    "frontend gui installer interpreter lexer library linter loader logger parser player plugin renderer router runtime "
    "scheduler sdk server shell sidebar ui web worker"
)


class EntryWriter:
    """Writes the entries of one release; remembers which frames it used, so that no two neighbours begin alike."""

    def __init__(self, names: Names, tone: Tone, verbosity: Verbosity, vocabulary: Vocabulary) -> None:
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
        text = _RATED.sub(_rated, text)
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
        listed = self._listed(entry)
        if said and said[-1].endswith(":"):
            if listed and is_sentence(said[-1].rstrip(":")):
                said[-1], listed = f"{said[-1]} {listed}.", ""
            elif len(said) > 1 and not entry.children:
                self._note([said.pop()], entry.source_lines, "introduces what is left out")
        lead = bare(said[0]) if said else ""
        if _NOTHING_SAID.fullmatch(lead) and not entry.more and not entry.children:
            self._note([entry.text], entry.source_lines, "nothing in it would be heard")
            return None
        rest = [*said[1:], *self._explained(entry, listed)]
        if not lead and rest:
            lead, rest = bare(rest[0]), rest[1:]
        if not lead:
            return None
        scope = place or self._clean(entry.scope, entry.source_lines)
        if not scope and (match := _PLACE_LABEL.match(lead)) and _is_place(match.group(1), lead[match.end() :]):
            scope, lead = match.group(1), lead[match.end() :]
        lead = with_state(lead)
        clause = read_clause(lead)
        return Reading(
            entry, kind, clause, scope, self._kept(rest, entry, clause), self._vocabulary.lower(topic_of(lead, clause))
        )

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

    def _explained(self, entry: Entry, listed: str) -> list[str]:
        """What continuation paragraphs and sub-entries (``listed``, where they are a plain list) add, as sentences."""
        sentences = []
        for paragraph in entry.more:
            for sentence in split_sentences(self._clean(paragraph, entry.source_lines)):
                if sentence.endswith(":") or _is_label(sentence):
                    self._note([sentence], entry.source_lines, "introduces what is left out")
                elif has_words(sentence) and not is_credit(sentence):
                    sentences.append(end(sentence))
        if listed:
            return [*sentences, f"In detail: {listed}."]
        children = [] if self._is_list(entry) else self._children(entry)
        return [*sentences, *(upper_first(end(child)) for child in children)]

    def _children(self, entry: Entry) -> list[str]:
        cleaned = (bare(self._clean(child.text, child.source_lines)) for child in flat(entry.children))
        return [text for text in cleaned if has_words(text)]

    def _is_list(self, entry: Entry) -> bool:
        """Whether the sub-entries are things, not sentences."""
        children = [bare(clean(child.text).text) for child in flat(entry.children)]
        return len(children) > 1 and all(
            len(child) < 60 and "," not in child and not is_sentence(child) and not read_clause(child).verb for child in children
        )

    def _listed(self, entry: Entry) -> str:
        if not self._is_list(entry):
            return ""
        return join_words([self._vocabulary.lower(child) for child in self._children(entry)])

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
        if not can_merge(first) or first.rest:
            return readings[index:stop]
        while stop < len(readings) and stop - index < _MERGED_MOST and goes_with(first, readings[stop]):
            stop += 1
            if readings[stop - 1].rest:
                break
        return readings[index:stop]

    def _merged(self, run: Sequence[Reading]) -> str:
        objects = [self._vocabulary.lower(self._object(reading)) for reading in run]
        first = run[0]
        if first.clause.verb is not None and first.clause.verb.base not in ADDING | FIXING:
            return self._framed(first, self._frames.other, v=f"{first.clause.verb.third} {join_words(objects)}")
        return self._framed(first, self._frame_list(first), o=join_words(objects))

    def _object(self, reading: Reading) -> str:
        clause = reading.clause
        if clause.verb is not None:
            return clause.rest
        text = self._vocabulary.lower(clause.text)
        if reading.kind is GroupKind.FIXED:
            return with_article(with_being(text))
        return with_article(text) if reading.kind is GroupKind.ADDED else text

    def _frame_list(self, reading: Reading) -> tuple[str, ...]:
        base = reading.clause.verb.base if reading.clause.verb else ""
        if base in ADDING or (not base and reading.kind is GroupKind.ADDED):
            return self._frames.adds
        if base in FIXING or (not base and reading.kind is GroupKind.FIXED):
            if not base and is_gain(reading):
                return self._frames.adds
            return self._frames.fixes if base or first_word(reading) not in _HALF_SENTENCES else _FIX_LABELS
        return PHRASES[reading.kind]

    def _sentence(self, reading: Reading) -> str:
        clause = reading.clause
        if (match := _DO_NOT.match(clause.text)) and match.group(1) != "be":
            return self._framed(reading, _NO_LONGER, v=f"{third_person(match.group(1))}{clause.text[match.end() :]}")
        if clause.shape is Shape.SENTENCE:
            return self._told(reading)
        if clause.shape is Shape.PHRASE:
            return self._phrase(reading)
        assert clause.verb is not None
        if reading.kind is GroupKind.FIXED and clause.shape is Shape.DOES and clause.form == "third":
            return self._framed(reading, self._frames.troubles, o=f"it {clause.predicate}")
        if clause.adverb or clause.in_past or clause.rest.startswith(("and ", "or ", "& ")):
            return self._framed(reading, self._frames.other, v=clause.predicate)
        if clause.shape is Shape.DOES:
            verbal = self._frames.does if " now " not in f" {clause.rest} " else self._frames.other
            return self._framed(reading, verbal, v=clause.predicate)
        if clause.verb.base in ADDING:
            if _DESTINATION.search(clause.rest):
                return placed(clause.rest) or self._framed(reading, self._frames.other, v=clause.predicate)
            return placed(clause.rest) or self._framed(reading, self._frames.adds, o=clause.rest)
        if clause.verb.base in FIXING:
            if has_own_verb(clause.rest) and clause.text.split()[1].lower() not in SUBORDINATORS:
                trouble = re.sub(r"^(?:an?|the) ", "", clause.rest)
                return self._framed(reading, self._frames.troubles, o=with_article(trouble, definite=True))
            return self._framed(reading, self._frames.fixes, o=with_being(clause.rest))
        if clause.verb.base == "drop" and clause.rest.lower().startswith("support for ") and " and " not in clause.rest:
            return f"S{clause.rest[1:]} is gone."
        frames = self._frames.removes if reading.kind is GroupKind.REMOVED else self._frames.other
        return self._framed(reading, frames, v=clause.predicate)

    def _told(self, reading: Reading) -> str:
        """A sentence of the author's: as it stands, unless it tells a bug under "Fixed"."""
        text = reading.clause.text
        is_fix = reading.kind is GroupKind.FIXED
        if text.split(maxsplit=1)[0].lower() in SUBORDINATORS and not (is_fix and is_negative(text)):
            return self._scoped(reading, end(text))
        if is_fix and not is_mended_state(text):
            starts_a_clause = text.split(maxsplit=1)[0].lower() in SUBORDINATORS
            frames = _FIX_LABELS if starts_a_clause or is_ambiguous_state(text) else self._frames.troubles
            return self._framed(reading, frames, o=with_article(self._vocabulary.lower(text), definite=True))
        return self._scoped(reading, end(self._with_article(text)))

    def _with_article(self, text: str) -> str:
        """A sentence whose subject lacks its article, with it."""
        return text if _DEFINES.search(text[:60]) else with_article(self._vocabulary.lower(text), definite=True)

    def _phrase(self, reading: Reading) -> str:
        text = reading.clause.text
        first = text.split(maxsplit=1)[0].lower() if text else ""
        if (
            reading.scope
            and reading.scope.lower() not in text.lower()
            and reading.scope.lower() not in _KNOWN_PLACES | _PLATFORMS
        ):
            return end(f"{upper_first(reading.scope)}: {self._vocabulary.lower(text)}")
        if is_fix_done(reading):
            return self._scoped(reading, end(text))
        if first == "new" and reading.kind in (GroupKind.ADDED, GroupKind.DOCUMENTATION) and not _DEFINES.search(text):
            return self._framed(reading, self._frames.adds, o=with_article(self._vocabulary.lower(text)))
        if reading.kind in _SAID_AS_SUCH and not _DEFINES.search(text):
            return self._framed(reading, PHRASES[reading.kind], o=self._vocabulary.lower(text))
        is_fix = reading.kind is GroupKind.FIXED
        if is_fix and first in _BARE_TROUBLES:
            return self._framed(reading, self._frames.troubles, o=f"it {first}{text[len(first) :]}")
        if reading.rest or (first in _LEFT_ALONE and not is_fix) or _DEFINES.search(text) or _stands_alone(reading):
            return self._scoped(reading, end(text))
        if first in ("fix", "fixes", "improvements", "improvement", "support", "changes", "updates") and not is_sentence(text):
            there = "There are" if is_plural(text) else "There's"
            named = self._vocabulary.lower(text)
            return self._scoped(reading, f"{there} {f'a {named}' if first == 'fix' else with_article(named)}.")
        if not any(char.isascii() and char.isalpha() for char in text):
            return end(text)
        if reading.kind is GroupKind.ADDED and (sentence := placed(self._object(reading))):
            return sentence
        return self._framed(reading, self._frame_list(reading), o=self._vocabulary.lower(self._object(reading)))

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
        scope = scope.upper() if scope in _ABBREVIATED else re.sub(r",\s?", " and ", scope)
        if scope.lower() in _PLATFORMS:
            return f"On {scope}, {self._glued(sentence)}"
        place = f"the {scope if scope.isupper() else scope.lower()}" if scope.lower() in _KNOWN_PLACES else scope
        return f"In {place}, {self._glued(sentence)}"

    def _glued(self, sentence: str) -> str:
        first = sentence.split(maxsplit=1)[0]
        return sentence[0].lower() + sentence[1:] if first in _GLUED else self._vocabulary.lower(sentence)


def _stands_alone(reading: Reading) -> bool:
    """Whether a phrase of no particular kind is long enough to be said as it stands."""
    return reading.kind in (GroupKind.OTHER, GroupKind.CHANGED) and len(reading.clause.text) > _LONG_PHRASE


_RATED = re.compile(
    r"^(?P<id>CVE-\d{4}-\d{3,9}|GHSA-[\w-]{10,30})\s*(?:[-–—:]{1,2})\s+(?P<what>.{3,600}?)(?:\s\((?P<level>High|Medium|Moderate|Low|Critical)\))?\.?$"
)


def _rated(match: re.Match[str]) -> str:
    """``CVE-2026-1234 - leak in X (High)`` as what it is about first, then its number."""
    rating = f", rated {match['level'].lower()}" if match["level"] else ""
    return f"{match['what']} ({match['id']}{rating})"


def is_fix_done(reading: Reading) -> bool:
    """Whether a phrase under "Fixed" begins with what was done, by a verb in no table: "Reallowed, following a regression, …"."""
    first = reading.clause.text.split(maxsplit=1)[0] if reading.clause.text else ""
    return reading.kind is GroupKind.FIXED and re.fullmatch(r"[A-Z][a-z]{2,}ed,", first) is not None


def _is_place(word: str, behind: str) -> bool:
    """Whether the label before a colon is a part of the product: a known one, or a small word before what was done to it."""
    return word.lower() in _PLATFORMS | _KNOWN_PLACES or (word.islower() and is_plain_or_known(behind))


def _is_label(sentence: str) -> bool:
    """Whether words only name what stands below them: "Pseudo example"."""
    return (
        len(sentence.split()) < 4 and sentence[-1:].isalnum() and not is_sentence(sentence) and read_clause(sentence).verb is None
    )


def _suits(frame: str, words: str) -> bool:
    """Whether a frame can hold a noun phrase: a "too" at the end carries over short ones only."""
    if "there's {o}" in frame and is_plural(words):
        return False
    return len(words) <= _TOO_FAR or not frame.endswith((", too.", " as well.", ", too!"))


def _start(sentence: str) -> str:
    return " ".join(sentence.split()[:2]).lower()
