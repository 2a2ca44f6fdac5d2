"""The verbs of changelogs in English, and what a noun phrase needs in front of it: tables and the rules that read them."""

from __future__ import annotations

import re
from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """The words of a line of words."""
    return frozenset(text.split())


_RELEASE = word_set(
    "add adopt amend apply backport bring bump bundle change clarify clean combine consolidate convert correct create cut "
    "decouple decrease define delete deprecate disable document downgrade drop eliminate enable enhance ensure expand "
    "extend extract fix generalize harden implement improve include increase integrate introduce lower make merge migrate "
    "minimize mitigate modernize move optimize optimise overhaul patch pin polish port prevent avoid reduce refactor refine "
    "refresh reintroduce remove rename reorganize reorganise replace resolve restore restructure retire revamp revert "
    "revise rewrite rework separate ship shorten simplify solve speed standardize streamline strengthen tighten tidy tune "
    "tweak unify unpin update upgrade vendor re-add re-enable reenable reorder address swap switch split stabilize exercise "
    "finalize speedup cleanup rearrange trim redesign review "
    "relax modify protect promote demote restrict reallow rebuild regenerate loosen lift inline "
    "reinstate backfill relocate silence tolerate validate widen prune purge relicense rephrase reword harmonize harmonise "
    "deduplicate parallelize hoist rectify mention"
)
_BEHAVIOUR = word_set(
    "accept rely perform tolerate quote assert register unregister adapt export embed adjust align allow append assume "
    "attach autodetect automate cache calculate call cancel catch check choose clear close collect compare complete compute "
    "configure copy count deduplicate defer delay deny detect determine discard display distinguish emit encode enforce "
    "escape evaluate exclude exit expose fetch filter flush focus follow force format forward generate give guard handle "
    "hide highlight honor honour ignore import inherit initialize inject insert install invoke issue join keep let limit "
    "link list load log look lock map mark match monitor normalize normalise notify offer omit open override parse pass "
    "permit persist pick play populate prefer preload preserve print process prompt propagate provide publish query raise "
    "read recognize recognise record redirect refuse reject release reload remember render report request require reset "
    "respect resume retain retry return reuse run sanitize save scan search select send serialize set show skip sort "
    "specify start stop store strip submit suggest support suppress surface sync synchronize tag throw toggle track "
    "transform translate treat trigger trim truncate try use utilize validate verify wait warn watch wrap write yield"
)
_NOUNS_TOO = word_set(
    "address bundle embed export cache call change check copy count cut delay display document drop exit filter fix focus "
    "format highlight import increase decrease improvement install issue limit link list load lock log look map mark match "
    "monitor open patch pick pin play port prompt query read record release reload report request reset resume return run "
    "scan search select sort start stop store suggest support surface swap switch sync tag track trigger trim tune tweak "
    "update upgrade vendor watch refactor move split complete close clean separate bump override fall force raise preload "
    "overhaul guard try revert redirect rewrite rework merge process lift mention protect"
)
_PASTS = {
    "bring": "brought", "make": "made", "rewrite": "rewrote", "cut": "cut", "give": "gave", "keep": "kept", "let": "let",
        "read": "read",
    "run": "ran", "send": "sent", "set": "set", "show": "showed", "speed": "sped", "throw": "threw", "write": "wrote",
        "hide": "hid",
    "choose": "chose", "catch": "caught", "split": "split", "begin": "began", "fall": "fell", "override": "overrode",
        "forbid": "forbade",
}  # fmt: skip
_PARTICIPLES = {
    "rewrote": "rewritten",
    "gave": "given",
    "ran": "run",
    "showed": "shown",
    "threw": "thrown",
    "wrote": "written",
    "hid": "hidden",
}
_DOUBLED = word_set(
    "bump cut drop log map pin plan put run scan set ship skip split stop strip swap tag trim unpin wrap prefer defer refer "
    "emit permit omit submit let cancel"
) - {"bump"}


@dataclass(frozen=True)
class Verb:
    """One verb. ``is_behaviour``: what the software does now, where the others are what the release did."""

    base: str
    third: str
    past: str
    gerund: str
    is_behaviour: bool
    is_noun_too: bool


@dataclass(frozen=True)
class VerbForm:
    verb: Verb
    form: str
    """``base``, ``third``, ``past`` or ``gerund``."""


def _third(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def _past(base: str) -> str:
    if base in _PASTS:
        return _PASTS[base]
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + (base[-1] if base in _DOUBLED else "") + "ed"


def _gerund(base: str) -> str:
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1] + "ing"
    return base + (base[-1] if base in _DOUBLED else "") + "ing"


VERBS = {
    base: Verb(base, _third(base), _past(base), _gerund(base), base in _BEHAVIOUR, base in _NOUNS_TOO)
    for base in sorted(_BEHAVIOUR | _RELEASE)
}
for _written, _meant in (("speedup", "speed"), ("cleanup", "clean")):
    _up = VERBS[_meant]
    VERBS[_written] = Verb(_written, f"{_up.third} up", f"{_up.past} up", f"{_up.gerund} up", False, False)
_FORMS: dict[str, VerbForm] = {}
for _verb in VERBS.values():
    _FORMS.setdefault(_verb.gerund, VerbForm(_verb, "gerund"))
    _FORMS.setdefault(_verb.third, VerbForm(_verb, "third"))
    _FORMS.setdefault(_verb.past, VerbForm(_verb, "past"))
    _FORMS[_verb.base] = VerbForm(_verb, "base")
    _FORMS.setdefault(_PARTICIPLES.get(_verb.past, _verb.past), VerbForm(_verb, "past"))


def verb_form(word: str) -> VerbForm | None:
    """The verb that a word is a form of, if it is one of a changelog's verbs."""
    return _FORMS.get(word.lower())


def guessed_form(word: str, following: str) -> VerbForm | None:
    """A verb that is in no table, known by the article behind it: ``Obfuscate the key``, ``Reallowed a body``."""
    lowered = word.lower()
    if following not in ("the", "a", "an", "all", "its") or len(word) < 4 or not word.isalpha() or lowered in _BEFORE_ARTICLES:
        return None
    if lowered.endswith(("ing", "ly", "ion", "s")) and not lowered.endswith("ss"):
        return None
    if lowered.endswith("ed"):
        return VerbForm(Verb(lowered, lowered, lowered, lowered, False, False), "past")
    return VerbForm(Verb(lowered, _third(lowered), _past(lowered), _gerund(lowered), False, False), "base")


def third_person(word: str) -> str:
    """``crash`` crashes: a verb of the tables or any other in base form."""
    form = verb_form(word)
    return form.verb.third if form is not None and form.form == "base" else _third(word.lower())


_BEFORE_ARTICLES = word_set(
    "with when both from over under after before within without during since until while whenever where unless because though "
    "although like unlike only even just also then thus hence here there what that this these those such once across along "
    "among around behind below above beneath beside between beyond near onto into upon toward towards through throughout "
    "about against despite except inside outside instead than whether which whose whom half many much none not rather quite "
    "rarely never more most some each every either neither other same very well"
)


FINITE = word_set(
    "is are was were has have had can cannot can't could will won't would should shouldn't must may might does doesn't do "
    "don't did didn't isn't aren't wasn't weren't hasn't haven't couldn't wouldn't it's that's there's you'll you're "
    "returns supports requires allows accepts raises handles ignores includes provides works fails takes makes gets becomes "
    "prevents emits follows preserves exposes lets keeps runs comes contains offers reads writes stays produces generates "
    "means enables uses picks assumes fires gains lives lands expects behaves respects treats falls goes appears seems "
    "lacks loses needs causes leads throws adds removes creates hangs freezes breaks stops starts blocks happens opens "
    "closes sends gives turns ships brings now belongs carries renders resolves validates accepted introduces replaces "
    "survives knows says tells consumes converts detects applies inherits copies skips wraps waits fits matters exists "
    "remains depends continues began became went got"
)
"""Words that make a clause of the words before them."""
PLURAL_FINITE = word_set(
    "fail crash cause appear seem remain get become behave happen disappear exist work hang break lose need go stop take make"
)
"""The same after a plural."""
SUBORDINATORS = word_set(
    "that which who whose when where if while because whenever after before until since unless how what so although though "
    "whether once as for"
)
_ARTICLES = word_set("the a an its their your")
_DETERMINERS = word_set(
    "a an the this that these those its their our your his her my any all each every some no both either neither another "
    "more most several many much few various multiple two three four five six seven eight nine ten one other same such"
)
_NP_END = word_set(
    "for to in on of with when that which where from by at as if while during after before via using so and or but into "
    "onto through without within between across per is are was were not being only than because caused causing allowing "
    "containing including inside outside behind below above near off around upon instead due about under over against until "
    "unless whether called named like such"
)
_COUNTABLE = word_set(
    "ability alias api app codebase ui gui cli argument array attribute badge banner bar benchmark button callback "
    "changelog check checkbox class client column command component config constant constraint container context counter "
    "decorator default dialog directive directory dropdown editor element endpoint engine entry environment event example "
    "exception exporter extension field file filter flag folder form format formatter function generator guide handler "
    "header helper hook icon illustration image importer indicator installer instance interface introduction job key "
    "keyword label layer layout library limit line link linter list loader lock logger macro manager manual menu message "
    "method middleware module namespace node notice notification object operator option overlay package page panel "
    "parameter parser path picker pipeline placeholder playground plugin point policy pool popup preset preview prompt "
    "property provider query queue rule runner scheduler schema script section selector server service setting shortcut "
    "sidebar slider snippet status step storage stream string subcommand summary switch syntax tab table tag target "
    "template test theme thread timeout toggle token tool toolbar tooltip tracker tutorial type utility validator value "
    "variable variant view viewer warning webhook widget window wizard wrapper workflow workaround bug crash deadlock "
    "defect error failure freeze glitch hang issue leak lockup loop mistake overflow panic problem race regression typo "
    "traceback vulnerability case condition conflict assertion segfault bottleneck inconsistency memory-leak mismatch"
) - {"storage", "syntax", "middleware", "status"}
_INDEFINITE = word_set(
    "bug crash deadlock defect error exception failure freeze glitch hang issue leak lockup loop mistake overflow panic "
    "problem race regression typo traceback vulnerability case condition conflict warning message assertion segfault "
    "bottleneck inconsistency mismatch"
)
_PARTICIPLE = re.compile(
    r"\bnot (?=(?:properly |correctly |always )?"
    r"(?:\w+ed|shown|set|found|sent|read|kept|run|drawn|hidden|written|given|taken|seen)\b)"
)
_DEFAULTS = word_set("default minimum maximum current last first existing")
_AN_LETTERS = "AEFHILMNORSX"
_READ_AS_WORDS = word_set("NASA NATO RAM ROM LAN SIM REST SAML RPM LED")
_WORD = re.compile(r"`[^`]*`|[^\s,;:.()]+|[,;:.()]")


def is_plain_third(word: str) -> bool:
    """Whether a word can only be a verb in the third person: ``remembers``, never ``displays``."""
    form = _FORMS.get(word)
    return form is not None and form.form == "third" and not form.verb.is_noun_too


def noun_phrase(text: str) -> list[str]:
    """The words of the noun phrase at the start: up to a preposition, a clause or a mark."""
    words: list[str] = []
    for word in _WORD.findall(text[:200]):
        small = word.lower()
        if word in ",;:.()" or small in _NP_END or (words and (small in FINITE or small in _ARTICLES or is_plain_third(small))):
            break
        words.append(word)
    return words


def with_article(text: str, *, definite: bool = False, is_new: bool = False) -> str:
    """A noun phrase with the article that note style leaves out: ``crash on start`` → ``a crash on start``.

    Only where the head is a word known to be countable and nothing else determines it; else unchanged. ``definite`` asks
    for "the", but a trouble (crash, leak) is always "a"; a default or a maximum is "the" unless it ``is_new``.
    """
    words = noun_phrase(text)
    if not words or len(words) > 7 or words[0].lower() in _DETERMINERS or words[0][0].isdigit():
        return text
    head = words[-1].lower().strip("'\"”’")
    if len(words) == 1 and head in ("setting", "warning", "string") and text[len(words[0]) + 1 :].split(" ")[0] in _DETERMINERS:
        return text
    if _is_gerund(words[0]) and head not in _INDEFINITE:
        return text
    if head not in _COUNTABLE and words[0] == "new" and len(words) == 3 and words[1][0] == "`" and not head.endswith("s"):
        return f"a {text}"
    if head not in _COUNTABLE or any(word.endswith(("'s", "’s")) for word in words[:-1]):
        return text
    if head in _INDEFINITE:
        definite = False
    elif words[0].lower() in _DEFAULTS and not is_new:
        definite = True
    if not definite and len(words) > 1 and re.fullmatch(r"[A-Z][a-z]+", words[0]) and head in ("app", "library"):
        return text
    return f"the {text}" if definite else f"{_a_or_an(words[0])} {text}"


def is_common(word: str) -> bool:
    """Whether a word is an ordinary noun of changelogs."""
    return word in _COUNTABLE or word.removesuffix("s") in _COUNTABLE


def with_being(text: str) -> str:
    """``tooltips not shown`` → ``tooltips not being shown``, so that it can follow a preposition."""
    return _PARTICIPLE.sub("not being ", text)


def is_plural(text: str) -> bool:
    """Whether a noun phrase takes "are"."""
    words = noun_phrase(text)
    head = words[-1].lower() if words else ""
    return " and " in " ".join(words) or (head.endswith("s") and not head.endswith(("ss", "us", "is")))


def is_plain_verb_next(word: str) -> bool:
    """Whether a word in base form can only be a verb here."""
    form = verb_form(word)
    return form is not None and form.form == "base" and not form.verb.is_noun_too


def _is_gerund(word: str) -> bool:
    return word.lower().endswith("ing") and len(word) > 5 and word.lower() not in ("string", "warning", "setting")


def _a_or_an(word: str) -> str:
    letters = word.lstrip("`\"'“-_.$@<{[(")
    if not letters:
        return "a"
    if re.match(r"[A-Z]{2,5}(?![a-z])", letters):
        return "an" if letters[0] in _AN_LETTERS and letters not in _READ_AS_WORDS else "a"
    if re.match(r"(?:uni(?!n|m)|use|user|usa|util|url|uri|eu|one|once|u[A-Z])", letters, re.IGNORECASE):
        return "an" if letters[:2] == "un" and not letters.lower().startswith("uni") else "a"
    return "an" if letters[0].lower() in "aeiou" or re.match(r"(?:hour|honest|8|11\b|18\b)", letters.lower()) else "a"
