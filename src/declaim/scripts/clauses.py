"""What kind of words an entry is made of: a sentence, what the release did, what the software does now, or a bare phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from declaim.model.source import GroupKind
from declaim.scripts.verbs import (
    FINITE,
    PLURAL_FINITE,
    SUBORDINATORS,
    VERBS,
    Verb,
    VerbForm,
    guessed_form,
    is_plain_third,
    is_plain_verb_next,
    is_plural,
    verb_form,
    with_article,
    word_set,
)

_LABELS = {
    "fix": GroupKind.FIXED, "fixed": GroupKind.FIXED, "fixes": GroupKind.FIXED, "bugfix": GroupKind.FIXED,
        "bug fix": GroupKind.FIXED,
    "bug": GroupKind.FIXED, "hotfix": GroupKind.FIXED,
    "feat": GroupKind.ADDED, "feature": GroupKind.ADDED, "new feature": GroupKind.ADDED, "new": GroupKind.ADDED,
        "added": GroupKind.ADDED,
    "enhancement": GroupKind.CHANGED, "improvement": GroupKind.CHANGED, "improved": GroupKind.CHANGED,
        "changed": GroupKind.CHANGED,
    "change": GroupKind.CHANGED, "breaking": GroupKind.BREAKING, "breaking change": GroupKind.BREAKING,
    "security": GroupKind.SECURITY, "security fix": GroupKind.SECURITY, "perf": GroupKind.PERFORMANCE,
        "performance": GroupKind.PERFORMANCE,
    "deprecated": GroupKind.DEPRECATED, "deprecation": GroupKind.DEPRECATED, "removed": GroupKind.REMOVED,
    "docs": GroupKind.DOCUMENTATION, "documentation": GroupKind.DOCUMENTATION, "chore": GroupKind.INTERNAL,
        "refactor": GroupKind.INTERNAL,
    "internal": GroupKind.INTERNAL, "ci": GroupKind.INTERNAL, "build": GroupKind.INTERNAL, "test": GroupKind.INTERNAL,
    "tests": GroupKind.INTERNAL, "style": GroupKind.INTERNAL,
}  # fmt: skip
_LABEL = re.compile(r"\s*([A-Za-z]+(?: [A-Za-z]+)?)(?:\(([\w./ -]{1,40})\))?(!?)\s*:\s+(?=\S)")
_KINDS = {
    "add": GroupKind.ADDED, "introduce": GroupKind.ADDED, "implement": GroupKind.ADDED, "support": GroupKind.ADDED,
    "allow": GroupKind.ADDED, "fix": GroupKind.FIXED, "correct": GroupKind.FIXED, "resolve": GroupKind.FIXED,
        "repair": GroupKind.FIXED,
    "patch": GroupKind.FIXED, "prevent": GroupKind.FIXED, "avoid": GroupKind.FIXED, "handle": GroupKind.FIXED,
    "remove": GroupKind.REMOVED, "drop": GroupKind.REMOVED, "delete": GroupKind.REMOVED, "retire": GroupKind.REMOVED,
    "deprecate": GroupKind.DEPRECATED, "document": GroupKind.DOCUMENTATION, "optimize": GroupKind.PERFORMANCE,
    "optimise": GroupKind.PERFORMANCE, "speed": GroupKind.PERFORMANCE, "refactor": GroupKind.INTERNAL,
        "bump": GroupKind.INTERNAL,
}  # fmt: skip
_ADVERB = re.compile(
    r"(also|now|finally|further|possibly|potentially|temporarily|partially|automatically|properly|correctly|silently|always|never)\s+(?=[a-z])",
    re.IGNORECASE,
)
_FIRST = re.compile(r"([A-Za-z][A-Za-z-]*[A-Za-z])(?:\s+|$)")
_TOKENS = re.compile(r"`[^`]*`|[A-Za-z][\w'’-]*|[,;:—–()]")
_SECOND_VERB = re.compile(r"(,? and (?:also )?|,? but (?:also )?|; (?:also )?|, then |,? and then |, )([a-z][a-z-]+)(?= )")
_UNKNOWN_PAST = re.compile(r"(?:,| and| but) [a-z]{2,}ed\b")
_TELLING = re.compile(r"\b(?:now|no longer|will|anymore|any more)\b", re.IGNORECASE)
_MENDED = re.compile(
    r"\b(?:now|no longer|again|(?:is|are) (?:fixed|added|removed|dropped|updated|corrected|resolved)"
    r"|has been|have been|anymore)\b",
    re.IGNORECASE,
)
_WISHED = re.compile(r"\b(?:correctly|properly|should|shouldn't|must|instead of|rather than|works?|will)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|cannot|never|fails?|only|incorrectly|wrongly)\b|n['’]t\b", re.IGNORECASE)
_MOSTLY_VERBS = word_set("fix update upgrade change move support bump drop use merge revert rewrite")
_OBJECT_STARTS = word_set("the a an all any each every more only no its their up out this both to as")
_NO_OBJECT_STARTS = word_set("due for in of is are was when on at that which and or has have")
_TAKES_CLAUSE = word_set(
    "ensure make check verify assume document guard fix correct resolve warn report clarify specify validate require"
)
_RELATIVE = ("that", "which", "who")


class Shape(StrEnum):
    SENTENCE = "sentence"
    DONE = "done"
    """What the release did: ``add``, ``fix``, ``remove``."""
    DOES = "does"
    """What the software does now: ``show``, ``accept``."""
    PHRASE = "phrase"


@dataclass(frozen=True)
class Clause:
    """An entry's first sentence, read. ``rest`` is what follows the verb; ``text`` the whole, label removed."""

    shape: Shape
    text: str
    verb: Verb | None = None
    rest: str = ""
    adverb: str = ""
    form: str = ""
    in_past: bool = False
    """The words only hang together in the past tense."""

    @property
    def predicate(self) -> str:
        """``adds a search box``: the verb in the third person (or the past) and what follows."""
        assert self.verb is not None
        verb = self.verb.past if self.in_past else self.verb.third
        return f"{self.adverb} {verb} {self.rest}".strip()


def strip_label(text: str) -> tuple[str, GroupKind | None, str]:
    """``fix(parser): crash`` → ``crash``, FIXED, ``parser``. A label that is no kind of change stays."""
    match = _LABEL.match(text)
    if not match or match.group(1).lower() not in _LABELS:
        return text, None, ""
    kind = GroupKind.BREAKING if match.group(3) else _LABELS[match.group(1).lower()]
    return text[match.end() :], kind, match.group(2) or ""


def kind_of(text: str) -> GroupKind | None:
    """What kind of change an entry without a group tells of, by its first words."""
    form = _leading(text)[0]
    if form is not None:
        return _KINDS.get(form.verb.base, GroupKind.CHANGED)
    if re.match(r"(?:an? |another )?new\b", text, re.IGNORECASE):
        return GroupKind.ADDED
    if re.match(r"(?:this (?:also )?)?(?:fix(?:es|ed)?|bug ?fix(?:es)?)\b|.{0,60}\bno longer\b", text, re.IGNORECASE):
        return GroupKind.FIXED
    return GroupKind.CHANGED if re.search(r"\b(?:now|is|are|has|have)\b", text[:200]) else None


def read_clause(text: str) -> Clause:
    """Reads the first sentence of an entry (without its stop)."""
    adverb = _ADVERB.match(text)
    form, rest = _leading(text[adverb.end() :] if adverb else text)
    if form is None:
        return Clause(Shape.SENTENCE if is_sentence(text) else Shape.PHRASE, text)
    if form.verb.base == "allow" and (match := re.match(r"(?:you |users )?to (?=\w)", rest)):
        return Clause(Shape.SENTENCE, f"you can now {rest[match.end() :]}")
    if form.verb.base == "add" and (match := re.match(r"(?:the |an? )?(?:ability|possibility|option) to (?=[a-z]+ )", rest)):
        ability = rest[match.end() :]
        if "option" not in match.group() and is_plain_or_known(ability):
            return Clause(Shape.SENTENCE, f"you can now {ability}")
    in_past = form.form == "past" and _UNKNOWN_PAST.search(_conjugated(rest, form.form)) is not None
    if not in_past:
        rest = _conjugated(rest, form.form)
    shape = Shape.DOES if form.verb.is_behaviour else Shape.DONE
    return Clause(shape, text, form.verb, _object(form.verb, rest), _kept_adverb(adverb), form.form, in_past)


def _kept_adverb(adverb: re.Match[str] | None) -> str:
    word = adverb.group(1).lower() if adverb else ""
    return "" if word in ("also", "now", "finally") else word


def is_plain_or_known(words: str) -> bool:
    """Whether words begin with a verb in base form."""
    first = _FIRST.match(words)
    form = verb_form(first.group(1)) if first else None
    return form is not None and form.form == "base"


_DONE = re.compile(
    r"(?P<what>(?:`[^`]{1,80}`|[^,;:.?!()`]|\.(?=\S)){3,120}?) (?P<done>(?:fixed|added|removed|dropped|deprecated|updated"
    r"|upgraded|improved|corrected|resolved|introduced|renamed|reverted|replaced|documented)(?=\s*(?:[;.]|\(|\Z))"
    r"|(?:raised|increased|lowered|reduced)(?= (?:to|from) ))"
)


def with_state(text: str) -> str:
    """Note style's bare participle with its verb: ``typo corrected`` → ``typo is corrected``; anything else unchanged."""
    match = _DONE.match(text)
    words = match["what"].lower().split() if match else []
    first = verb_form(words[0]) if words else None
    is_said = first is not None and not (first.verb.is_noun_too and first.form in ("base", "third"))
    if match is None or is_said or set(words) & (FINITE | SUBORDINATORS - {"for", "as"} | _BEFORE_STATE):
        return text
    are = is_plural(match["what"]) and not words[-1].isdecimal()
    return f"{match['what']} {'are' if are else 'is'} {text[match.start('done') :]}"


def is_mended_state(text: str) -> bool:
    """Whether a sentence under "Fixed" tells how things are now, not how they were broken."""
    return _MENDED.search(text) is not None


def is_ambiguous_state(text: str) -> bool:
    """Whether it may tell the trouble or its cure: ``… instead of …``, ``… should …``."""
    return _WISHED.search(text) is not None and ("should" in text or _NEGATION.search(text) is None)


def is_negative(text: str) -> bool:
    """Whether it tells what does not work."""
    return _NEGATION.search(text) is not None and _MENDED.search(text) is None


_BEFORE_STATE = word_set("be been being get gets not newly already recently just to by and or never no nothing everything")


def is_sentence(text: str) -> bool:
    """Whether words are a clause with a finite verb of its own."""
    tokens = [token.lower().replace("’", "'") for token in _TOKENS.findall(text[:400])]
    if not tokens:
        return False
    if _TELLING.search(text) and tokens[0] not in ("now", "no", "no longer") and len(tokens) > 2:
        return True
    if tokens[0] in SUBORDINATORS - {"for", "as", "that"} and "," in tokens:
        return True
    for index, token in enumerate(tokens):
        if token in _RELATIVE and index + 1 < len(tokens) and is_plain_or_known(tokens[index + 1]):
            return any(later in FINITE for later in tokens[index + 2 : index + 8])
        if token in SUBORDINATORS - {"for", "as"}:
            return False
        if (
            (token in FINITE or is_plain_third(token))
            and index > 0
            and tokens[index - 1] not in ("to", "and", "or", ",")
            and token != "now"
        ):
            return True
        if token in PLURAL_FINITE and index > 0 and tokens[index - 1].endswith("s") and not tokens[index - 1].endswith("ss"):
            return True
    return tokens[0] in ("you", "it", "this", "we", "these", "there", "please", "note", "see", "users")


def _leading(text: str) -> tuple[VerbForm | None, str]:
    """The verb that the words begin with and what follows, or None where they begin otherwise."""
    first = _FIRST.match(text)
    rest = text[first.end() :] if first else ""
    form = verb_form(first.group(1)) or guessed_form(first.group(1), rest.split(" ", 1)[0].lower()) if first else None
    if first is None or form is None:
        return None, ""
    if form.form == "gerund":
        return (None, "") if is_sentence(text) or form.verb.is_behaviour else (form, rest)
    if not rest:
        return None, ""
    following = rest.split(maxsplit=1)[0].lower()
    if form.form == "base" and form.verb.base not in _TAKES_CLAUSE and has_own_verb(rest):
        return None, ""
    if form.verb.is_noun_too and form.form in ("base", "third") and not _takes_object(form, following, text):
        return None, ""
    if following in ("is", "are", "was", "were", "has", "have", "now", "can", "will", "for", "by") and form.form != "base":
        return None, ""
    return (None, "") if following in ("is", "are", "for", "of") else (form, rest)


def has_own_verb(rest: str) -> bool:
    """Whether what follows a verb is a clause, so that the verb was a noun after all: ``Restore defaults does not work``."""
    for index, token in enumerate(_TOKENS.findall(rest[:120])[:9]):
        word = token.lower()
        if word in SUBORDINATORS - {"for", "as"} or not (word[0].isalpha() or word[0] == "`") or word in ("to", "and", "or"):
            return False
        if index and (word in FINITE or is_plain_third(word)):
            return True
    return False


def _takes_object(form: VerbForm, following: str, text: str) -> bool:
    """Whether a word that is also a noun is a verb here: ``Log errors`` against ``Log viewer``, ``Fix X`` against ``Fix for``."""
    if form.verb.base == "fix" and following in ("how", "what", "which", "where", "when"):
        return True
    if following in _NO_OBJECT_STARTS or (form.verb.base == "fix" and following == "to"):
        return False
    if form.form == "base" and (
        following in ("the", "a", "an") or (form.verb.base in ("stop", "start") and following.endswith("ing"))
    ):
        return True
    if form.verb.base in _MOSTLY_VERBS:
        return form.form == "base" or following not in ("to", "from", "with", "by", "now")
    if is_sentence(text):
        return False
    if following in _OBJECT_STARTS:
        return True
    return following.startswith("`") or following.endswith("ed") or (following.endswith("s") and not following.endswith("ss"))


def _conjugated(rest: str, form: str) -> str:
    """The verbs that run parallel to the first, in the third person too: ``X and fix Y`` → ``X and fixes Y``."""

    def conjugate(match: re.Match[str]) -> str:
        found = verb_form(match.group(2))
        if found is None or found.form != form or (found.verb.is_noun_too and form != "past"):
            return match.group()
        before = match.string[: match.start()]
        if form == "base" and (
            re.search(r"\b(?:to|can|could|not|let|lets|help|helps)\s+\S+(?:\s+\S+){0,8}$", before) or match.group(1) == ", "
        ):
            return match.group()
        if form == "past" and match.group(1) == ", " and " and " not in rest:
            return match.group()
        return match.group(1) + found.verb.third

    return _SECOND_VERB.sub(conjugate, f" {rest}").strip() if form in ("base", "past") else rest


_DEFINITE = frozenset(VERBS) - word_set(
    "add create introduce implement include bring provide raise throw emit return report fix print log define issue prevent "
    "avoid expose support allow accept use offer give generate require"
)


def _object(verb: Verb, rest: str) -> str:
    """The object with its article; ``fix`` takes troubles, most verbs take things that were there before."""
    if is_plain_verb_next(rest.split(maxsplit=1)[0]) if rest else False:
        return rest
    is_known = verb.base in _DEFINITE or (verb.base == "fix" and rest.startswith("`"))
    return with_article(rest, definite=is_known, is_new=verb.base == "add")
