"""What can be said of a release before its entries: product, version, date, what came before. Only what the files say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaim.model.script import ScriptSettings
from declaim.model.source import Entry, GroupKind, Release, Source, SourceLines
from declaim.scripts.sentences import count_of, in_words

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
)  # fmt: skip
_CODE = re.compile(r"`[^`\s]{3,30}`")
_MOST_FOLLOW_UPS = 2
_NOTES = re.compile(
    r"\b(?:changes?|change ?logs?|notes?|history|news|releases?|versions?|updates?|what'?s|log|unreleased)\b|\d|\W{2,}", re.I
)
_NUMERIC = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?$")


@dataclass(frozen=True)
class Fact:
    """One sentence and the lines it stands on."""

    text: str
    source_lines: SourceLines


@dataclass(frozen=True)
class Names:
    """How a release is called. ``full`` opens ("Acme 2.0.0"), ``subject`` does things ("This release")."""

    product: str
    version: str
    full: str
    subject: str


def names_of(release: Release, source: Source, settings: ScriptSettings, *, alone: bool) -> Names:
    """What to call a release; ``alone`` where the script tells of no other."""
    product = settings.product_name.strip() or product_in(source)
    version = (settings.version.strip().removeprefix("v") if alone else "") or release.version
    if version:
        full = f"{product} {version}" if product else f"version {version}"
        return Names(product, version, full, "This release")
    if release.unreleased:
        full = f"the unreleased changes to {product}" if product else "the unreleased changes"
        return Names(product, "", full, "The next release")
    if release.date and release.date.isoformat() == release.title.strip():
        return Names(product, "", f"the {f'{product} ' if product else ''}changes of {spoken_date(release.date)}", "This release")
    title = release.title.strip()
    return Names(product, "", title or product or source.title, "This release")


def product_in(source: Source) -> str:
    """The product that a source names; empty where it names none."""
    return source.product_name.strip() or _product_of(source.title)


def _product_of(title: str) -> str:
    """A title of a word or two that is no word for release notes is the product's name."""
    words = title.split()
    return "" if not 0 < len(words) <= 2 or not title.isascii() or _NOTES.search(title) else title.strip()


def spoken_date(date: dt.date) -> str:
    """``January 15th, 2026``: a listener hears an ordinal."""
    suffix = "th" if 10 < date.day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(date.day % 10, "th")
    return f"{_MONTHS[date.month - 1]} {date.day}{suffix}, {date.year}"


def head_line(release: Release) -> SourceLines:
    return (release.source_lines[0], release.source_lines[0])


def history_of(release: Release, source: Source, settings: ScriptSettings, history: Sequence[Source] = ()) -> tuple[Fact, ...]:
    """What earlier releases make worth saying: how many this month, what it follows. Empty where the files are silent."""
    if not settings.use_history:
        return ()
    earlier = _earlier(release, source, history)[: settings.history_limit]
    facts = [_of_the_month(release, earlier), _follow_up(release, earlier) or _predecessor(release, earlier)]
    return tuple(fact for fact in facts if fact is not None)


def follow_ups(release: Release, source: Source, settings: ScriptSettings) -> dict[int, Fact]:
    """Entries that come back to what an earlier release of the file added, by their first line: both name the same code first."""
    if not settings.use_history:
        return {}
    added: dict[str, tuple[Release, Entry]] = {}
    for other, here in _earlier(release, source, ())[: settings.history_limit]:
        for group in other.groups:
            for entry in group.entries if here and group.kind is GroupKind.ADDED else ():
                if code := _first_code(entry):
                    added.setdefault(code, (other, entry))
    found: dict[int, Fact] = {}
    for entry in release.entries:
        code = _first_code(entry)
        if code in added and len(found) < _MOST_FOLLOW_UPS:
            other, first = added[code]
            text = f"That comes back to {code}, which {other.version} added."
            found[entry.source_lines[0]] = Fact(text, (entry.source_lines[0], first.source_lines[1]))
    return found


def _first_code(entry: Entry) -> str:
    match = _CODE.search(entry.text)
    return match.group() if match else ""


def _earlier(release: Release, source: Source, history: Sequence[Source]) -> list[tuple[Release, bool]]:
    """Releases before this one, the latest first, each with whether it stands in the same file."""
    own = [other for other in source.releases if other.version and other.source_lines[0] > release.source_lines[0]]
    if source.releases and own and release.date and own[-1].date and own[0].date and own[-1].date > release.date:
        own = []
    found = [(other, True) for other in own]
    known = {release.version, *(other.version for other in own)}
    for past in history:
        for other in past.releases:
            if other.version and other.version not in known and not other.unreleased:
                known.add(other.version)
                found.append((other, False))
    if release.date is not None:
        found = [(other, here) for other, here in found if other.date is None or other.date <= release.date]
    return found


def _lines(release: Release, other: Release, here: bool) -> SourceLines:
    return (release.source_lines[0], other.source_lines[0]) if here else head_line(release)


def _of_the_month(release: Release, earlier: Sequence[tuple[Release, bool]]) -> Fact | None:
    if release.date is None or release.unreleased:
        return None
    month = (release.date.year, release.date.month)
    same = [(other, here) for other, here in earlier if other.date is not None and (other.date.year, other.date.month) == month]
    if not same:
        return None
    last, here = same[-1]
    ordinal = _ordinal(len(same) + 1)
    text = f"It is the {ordinal} release in {_MONTHS[release.date.month - 1]} {release.date.year}."
    return Fact(text, _lines(release, last, here))


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    return f"{in_words(number)}th" if number < 20 else f"{number}th"


def _follow_up(release: Release, earlier: Sequence[tuple[Release, bool]]) -> Fact | None:
    """A patch release follows up its minor release."""
    own = _NUMERIC.match(release.version)
    if own is None or own.group(3) in (None, "0"):
        return None
    for other, here in earlier:
        its = _NUMERIC.match(other.version)
        if its and its.group(1, 2) == own.group(1, 2) and its.group(3) in (None, "0"):
            when = f", which came out on {spoken_date(other.date)}" if other.date else ""
            return Fact(f"It is a follow-up to {other.version}{when}.", _lines(release, other, here))
    return None


def _predecessor(release: Release, earlier: Sequence[tuple[Release, bool]]) -> Fact | None:
    """The version before this one: the highest below it, else the latest."""
    if not earlier or release.date is None:
        return None
    own = _key(release.version)
    below = [pair for pair in earlier if own and (key := _key(pair[0].version)) and key < own]
    other, here = max(below, key=lambda pair: _key(pair[0].version)) if below else earlier[0]
    if other.date is None:
        return None
    days = (release.date - other.date).days
    text = f"The version before it, {other.version}, came out {_ago(days)}."
    return Fact(text, _lines(release, other, here))


def _key(version: str) -> tuple[int, ...]:
    """Sorts plain versions; empty for anything else."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d{1,6}(?:\.\d{1,6}){1,3}", version) else ()


def _ago(days: int) -> str:
    if days == 0:
        return "on the same day"
    if days == 1:
        return "one day earlier"
    if days < 14:
        return f"{in_words(days)} days earlier"
    if days < 60:
        return (
            f"{in_words(round(days / 7))} weeks earlier" if days % 7 == 0 else f"about {in_words(round(days / 7))} weeks earlier"
        )
    months = round(days / 30.44)
    if months < 24:
        return f"about {in_words(months)} months earlier"
    return f"about {in_words(round(days / 365.25))} years earlier"


_COUNTED = {
    GroupKind.BREAKING: ("breaking change", "breaking changes"),
    GroupKind.SECURITY: ("security change", "security changes"),
    GroupKind.ADDED: ("addition", "additions"),
    GroupKind.PERFORMANCE: ("performance change", "performance changes"),
    GroupKind.DEPRECATED: ("deprecation", "deprecations"),
    GroupKind.REMOVED: ("removal", "removals"),
    GroupKind.FIXED: ("fix", "fixes"),
    GroupKind.CHANGED: ("other change", "other changes"),
    GroupKind.DOCUMENTATION: ("documentation change", "documentation changes"),
    GroupKind.INTERNAL: ("internal change", "internal changes"),
}


def counted(numbers: Mapping[GroupKind, int]) -> list[str]:
    """``["one breaking change", "three fixes"]``; changes of no particular kind come last, as "other" where there are more."""
    numbers = dict(numbers)
    plain = numbers.pop(GroupKind.CHANGED, 0) + numbers.pop(GroupKind.OTHER, 0)
    parts = [count_of(number, *_COUNTED[kind]) for kind, number in numbers.items() if number]
    if plain:
        parts.append(count_of(plain, *(_COUNTED[GroupKind.CHANGED] if parts else ("change", "changes"))))
    return parts
