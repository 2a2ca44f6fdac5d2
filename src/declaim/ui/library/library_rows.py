"""Which rows of the library stand in the tree, under what, in which order. Values in, values out; no Qt."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from declaim.model.library import LineState, RecordingState, TreeRow
from declaim.model.remote import Badge

Key = tuple[str, int]
"""Kind and id of a row, as ``("script", 3)``."""

_ORDER = {"project": 0, "folder": 0, "document": 1, "script": 2, "recording": 3}
_COUNTED = frozenset({"script", "recording"})
_AT_WORK = (RecordingState.RENDERING, RecordingState.QUEUED)


class Filter(StrEnum):
    ALL = "all"
    STARRED = "starred"
    ATTENTION = "attention"
    MICROPHONE = "microphone"
    REMOTE = "remote"


_KEEPS: Mapping[Filter, Callable[[TreeRow], bool]] = {
    Filter.ALL: lambda row: True,
    Filter.STARRED: lambda row: row.starred,
    Filter.ATTENTION: lambda row: row.state == RecordingState.FAILED,
    Filter.MICROPHONE: lambda row: row.source == "microphone",
    Filter.REMOTE: lambda row: row.badge not in (None, Badge.LOCAL_ONLY),
}


@dataclass(frozen=True)
class Arrangement:
    """``children`` of each key in the order they are shown (``None``: the top); ``counts`` of what lies under projects and
    folders. A script's row says how its takes are."""

    rows: Mapping[Key, TreeRow] = field(default_factory=dict)
    children: Mapping[Key | None, tuple[Key, ...]] = field(default_factory=dict)
    counts: Mapping[Key, int] = field(default_factory=dict)


def key_of(row: TreeRow) -> Key:
    return row.kind, row.id


def parent_of(row: TreeRow) -> Key | None:
    return (row.parent_kind, row.parent_id) if row.parent_kind else None


def arrange(rows: Iterable[TreeRow], chosen: Filter = Filter.ALL) -> Arrangement:
    """The tree of the rows that the filter keeps, with everything they stand under."""
    known = with_takes_summed_up({key_of(row): row for row in rows if has_sound(row)})
    shown = known if chosen is Filter.ALL else _kept(known, chosen)
    children: dict[Key | None, list[Key]] = defaultdict(list)
    for key, row in shown.items():
        parent = parent_of(row)
        if parent is None or parent in shown:
            children[parent].append(key)
    for keys in children.values():
        keys.sort(key=lambda key: _order(known[key]))
    return Arrangement(shown, {parent: tuple(keys) for parent, keys in children.items()}, _counts(shown))


def destinations(rows: Iterable[TreeRow]) -> Iterator[tuple[Key, str]]:
    """Every project and folder as "MyApp › Releases", in the order of the tree."""
    arranged = arrange(rows)

    def below(parent: Key | None, path: str) -> Iterator[tuple[Key, str]]:
        for key in arranged.children.get(parent, ()):
            if key[0] in ("project", "folder"):
                title = f"{path} › {arranged.rows[key].title}" if path else arranged.rows[key].title
                yield key, title
                yield from below(key, title)

    return below(None, "")


def outermost(keys: Sequence[Key], rows: Mapping[Key, TreeRow]) -> tuple[Key, ...]:
    """Without what lies under another of the keys: that goes with it."""

    def above(key: Key) -> Key | None:
        return parent_of(rows[key]) if key in rows else None

    def lies_under_another(key: Key) -> bool:
        parent = above(key)
        while parent is not None and parent not in keys:
            parent = above(parent)
        return parent is not None

    return tuple(key for key in keys if not lies_under_another(key))


def counts(rows: Iterable[TreeRow]) -> dict[Filter, int]:
    """How many recordings each filter keeps."""
    heard = [row for row in rows if row.kind == "recording" and has_sound(row)]
    return {chosen: len(heard) if chosen is Filter.ALL else sum(map(_KEEPS[chosen], heard)) for chosen in Filter}


_URGENT = (
    (Badge.CONFLICT, "{} to choose"),
    (Badge.FAILED, "{} failed"),
    (Badge.WAITING, "{} waiting"),
    (Badge.CHANGED_HERE, "{} to send"),
    (Badge.CHANGED_THERE, "{} to fetch"),
    (Badge.IN_STEP, "in step"),
)


def remote_in_words(rows: Iterable[TreeRow]) -> str:
    """What about the services needs the user most; empty where nothing is there."""
    counts = Counter(row.badge for row in rows)
    return next((words.format(counts[badge]) for badge, words in _URGENT if counts[badge]), "")


def has_sound(row: TreeRow) -> bool:
    """False for the original that a script is to its takes: it is text, and the script stands for it."""
    return row.source != "script"


def with_takes_summed_up(known: Mapping[Key, TreeRow]) -> dict[Key, TreeRow]:
    """Gives each script the state and length of its newest take, and a star where a take has one."""
    takes: dict[int, list[TreeRow]] = defaultdict(list)
    for row in known.values():
        if row.kind == "recording" and row.parent_kind == "script":
            takes[row.parent_id].append(row)
    return {key: _summed_up(row, takes.get(row.id, [])) if row.kind == "script" else row for key, row in known.items()}


def _summed_up(script: TreeRow, takes: list[TreeRow]) -> TreeRow:
    if not takes:
        return dataclasses.replace(script, state=LineState.NOT_RENDERED)
    takes = sorted(takes, key=lambda take: -take.id)
    states = [take.state for take in takes]
    at_work = next((state for state in _AT_WORK if state in states), "")
    length = next((take.duration_ms for take in takes if take.duration_ms), None)
    starred = any(take.starred for take in takes)
    return dataclasses.replace(script, state=at_work or states[0], duration_ms=length, starred=starred)


def _kept(known: Mapping[Key, TreeRow], chosen: Filter) -> dict[Key, TreeRow]:
    kept: set[Key] = set()
    keeps = _KEEPS[chosen]
    for key, row in known.items():
        if (row.kind == "recording" or chosen is Filter.REMOTE) and keeps(row):
            above: Key | None = key
            while above is not None and above in known and above not in kept:
                kept.add(above)
                above = parent_of(known[above])
    return {key: row for key, row in known.items() if key in kept}


def _counts(shown: Mapping[Key, TreeRow]) -> dict[Key, int]:
    """A take under its script is part of the script; it does not count again."""
    counts: dict[Key, int] = defaultdict(int)
    for row in shown.values():
        if row.kind not in _COUNTED or row.parent_kind == "script":
            continue
        above = parent_of(row)
        while above is not None and above in shown:
            counts[above] += 1
            above = parent_of(shown[above])
    return counts


def _order(row: TreeRow) -> tuple[object, ...]:
    """Folders, documents, scripts, recordings, each by name; the takes of a script from the newest to the oldest."""
    if row.kind == "recording" and row.parent_kind == "script":
        return _ORDER["recording"], (), -row.id
    return _ORDER.get(row.kind, 9), _place(row.title), row.id


_VERSION = re.compile(r"(.*?)\bv?(\d{1,9}(?:\.\d{1,9})+)(.*)")


@lru_cache(maxsize=1 << 16)
def _place(title: str) -> tuple[object, ...]:
    """By name, but of two releases the newer first: "MyApp 2.0.0" before "MyApp 1.9.12"."""
    found = _VERSION.fullmatch(title)
    if found is None:
        return _natural(title), (), ()
    newest_first = tuple(-int(part) for part in found.group(2).split("."))
    return _natural(found.group(1)), newest_first, _natural(found.group(3))


def _natural(title: str) -> tuple[tuple[int, int | str], ...]:
    """So that "Chapter 2" comes before "Chapter 10"."""
    parts = re.split(r"(\d{1,15})", title.casefold())
    return tuple((0, int(part)) if part.isdigit() and part.isascii() else (1, part) for part in parts)
