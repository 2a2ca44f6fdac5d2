"""The entries of a release under the headings of its script, in the order that matters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from declaim.model.source import Block, Entry, Group, GroupKind, Release, SourceLines
from declaim.scripts.clauses import kind_of, strip_label
from declaim.scripts.inline import clean
from declaim.scripts.phrases import TITLES
from declaim.scripts.readings import Reading

_ORDER = (
    GroupKind.BREAKING, GroupKind.SECURITY, GroupKind.ADDED, GroupKind.CHANGED, GroupKind.PERFORMANCE, GroupKind.DEPRECATED,
    GroupKind.REMOVED, GroupKind.FIXED, GroupKind.OTHER, GroupKind.DOCUMENTATION, GroupKind.INTERNAL,
)  # fmt: skip
_OWN_PLACE = _ORDER.index(GroupKind.CHANGED)
"""Where sections under the file's own titles stand, in the file's order."""
_SECURITY = re.compile(r"\bCVE-\d{4}-\d+|\bGHSA-|\bvulnerabilit|\bsecurity (?:fix|issue|hole|flaw|bug|advisory)", re.IGNORECASE)
_BREAKING = re.compile(r"\W{0,4}(?:[Bb]reaking[ -][Cc]hanges?\b|[Bb]reaking\s?[:!—–]|BREAKING\b)")
_COMMON_TITLE = re.compile(
    r"(?:(?:bug|hot|other|misc|new|notable|minor|major|breaking|known|api|general|all|more|further|security|deprecated|removed"
    r"|improved|small|performance|internal|under|the|and|&|\+|/|,|user-facing|backwards?-incompatible|incompatible) ?){0,6}"
    r"(?:added|additions?|adds?|new|features?|enhancements?|chang(?:ed|es?)|improve(?:d|ments?)|updated?s?|fix(?:ed|es)?"
    r"|bug ?fix(?:es)?|bugs? fix(?:ed|es)|bugs?|remov(?:ed|als?)|deprecat(?:ed|ions?)|security|breaking(?: changes?)?"
    r"|perf(?:ormance)?(?: improvements?)?|optimi[sz]ations?"
    r"|doc(?:s|umentation)?|internals?|chores?|maintenance|refactor(?:ing|s)?|build(?: system)?|tests?|ci|dependencies"
    r"|misc(?:ellaneous)?|others?|hood|commits|issues|what's changed)?",
    re.IGNORECASE,
)


@dataclass
class Section:
    """Entries told under one heading. ``kind`` decides its place and words; each reading keeps the kind of its own group."""

    kind: GroupKind
    title: str
    source_lines: SourceLines
    is_own: bool = False
    """Under the file's own title."""
    entries: list[tuple[Entry, GroupKind]] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    prose: list[Block] = field(default_factory=list)

    @property
    def place(self) -> int:
        if self.is_own and self.kind not in (GroupKind.BREAKING, GroupKind.SECURITY, GroupKind.FIXED):
            return _OWN_PLACE
        return _ORDER.index(self.kind)


def sections_of(release: Release) -> list[Section]:
    """Breaking and security entries first, from whatever group; groups of a kind together; own titles in the file's order."""
    sections: dict[object, Section] = {}
    for group in release.groups:
        if group.summary:
            _section(sections, group, group.kind).prose += group.summary
        for entry in group.entries:
            kind = kind_in(entry, group)
            own = kind if group.kind is GroupKind.OTHER else group.kind
            _section(sections, group, kind).entries.append((entry, own))
    ordered = sorted(sections.values(), key=lambda section: section.place)
    if ordered and all(section.kind is GroupKind.OTHER and not section.is_own for section in ordered[:1]):
        ordered[0].kind, ordered[0].title = GroupKind.CHANGED, TITLES[GroupKind.CHANGED]
    return ordered


def kind_in(entry: Entry, group: Group) -> GroupKind:
    """What kind of change an entry is: breaking and security where it says so, else its group's, else by its words."""
    if entry.breaking or _BREAKING.match(entry.text[:60]):
        return GroupKind.BREAKING
    if group.kind is not GroupKind.BREAKING and _SECURITY.search(entry.text):
        return GroupKind.SECURITY
    if group.kind is not GroupKind.OTHER or group.title:
        return group.kind
    text, labelled, _ = strip_label(clean(entry.text).text)
    return labelled or kind_of(text) or GroupKind.OTHER


def is_severe(release: Release) -> bool:
    """Whether a release breaks something or concerns security."""
    grave = (GroupKind.BREAKING, GroupKind.SECURITY)
    return any(kind_in(entry, group) in grave for group in release.groups for entry in group.entries)


def numbers_of(sections: Sequence[Section]) -> dict[GroupKind, int]:
    """How many entries of each kind are told."""
    numbers: dict[GroupKind, int] = {}
    for section in sections:
        numbers[section.kind] = numbers.get(section.kind, 0) + len(section.readings)
    return numbers


def _section(sections: dict[object, Section], group: Group, kind: GroupKind) -> Section:
    title = clean(group.title).text
    is_own = kind is group.kind and bool(title) and not _COMMON_TITLE.fullmatch(title[:80])
    key = title if is_own else kind
    if key not in sections:
        sections[key] = Section(kind, title if is_own else TITLES[kind], group.source_lines, is_own)
    return sections[key]
