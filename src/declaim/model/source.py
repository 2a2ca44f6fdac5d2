"""What a file says: a ``Source`` is a document or a changelog, already read and parsed.

Texts keep their inline Markdown (code, links, emphasis); ``source_lines`` count from 1 in the Markdown made of the file, whose
lines are those of the file where it is no page and no JSON (``Source.in_file``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

SourceLines = tuple[int, int]
"""First and last line, both included, counted from 1."""


class SourceType(StrEnum):
    CHANGELOG = "changelog"
    DOCUMENT = "document"


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"
    HTML = "html"
    RULE = "rule"


@dataclass(frozen=True)
class Block:
    """One block of a document, in reading order.

    ``level``: of a heading 1–6, of a list item its depth from 1, of a quote its depth. ``number``: of an ordered list
    item. ``rows``: of a table, the header first. ``language``: of a code block.
    """

    kind: BlockKind
    text: str
    source_lines: SourceLines
    level: int = 0
    number: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    language: str = ""


class GroupKind(StrEnum):
    """What a group of entries is about, whatever the file calls it."""

    BREAKING = "breaking"
    SECURITY = "security"
    ADDED = "added"
    CHANGED = "changed"
    DEPRECATED = "deprecated"
    REMOVED = "removed"
    FIXED = "fixed"
    PERFORMANCE = "performance"
    DOCUMENTATION = "documentation"
    INTERNAL = "internal"
    OTHER = "other"


@dataclass(frozen=True)
class Entry:
    """One change. ``text`` is its inline Markdown without bullet, hash and trailing credit; ``children`` are sub-entries.

    ``more`` are continuation paragraphs. ``scope`` is a Conventional Commit's scope or a bold lead-in (``**parser:**``).
    """

    text: str
    source_lines: SourceLines
    children: tuple[Entry, ...] = ()
    more: tuple[str, ...] = ()
    scope: str = ""
    breaking: bool = False
    references: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    commit: str = ""


@dataclass(frozen=True)
class Group:
    """Entries under one heading; ``title`` is the file's own word ("Bug Fixes"), empty where bullets stand alone.

    ``summary`` is prose around the bullets; in a group without bullets the prose is one entry.
    """

    kind: GroupKind
    title: str
    entries: tuple[Entry, ...]
    source_lines: SourceLines
    summary: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Release:
    """``version`` has no leading ``v`` and is empty for unreleased changes; ``summary`` is prose before the first group."""

    version: str
    title: str
    source_lines: SourceLines
    date: dt.date | None = None
    groups: tuple[Group, ...] = ()
    summary: tuple[Block, ...] = ()
    unreleased: bool = False
    yanked: bool = False
    prerelease: bool = False
    url: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every top-level entry, in the file's order."""
        return tuple(entry for group in self.groups for entry in group.entries)


@dataclass(frozen=True)
class LeftOut:
    """Something in the source that is not spoken, and why."""

    source_lines: SourceLines
    text: str
    reason: str


@dataclass(frozen=True)
class Source:
    """A file, read. ``detected`` is what it looks like; ``source_type`` what it is taken for (the user may overrule).

    ``blocks`` hold the whole of a document; ``releases`` the newest first as the file has them (changelogs only).
    ``product_name`` is found in the title or front matter; empty where the file does not say.
    """

    source_type: SourceType
    title: str
    markdown: str
    origin: str = ""
    product_name: str = ""
    blocks: tuple[Block, ...] = ()
    releases: tuple[Release, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    front_matter: dict[str, str] = field(default_factory=dict)
    detected: SourceType | None = None
    dialect: str = ""
    file_lines: tuple[SourceLines, ...] = ()
    """Of each line of ``markdown``, the lines of the file that it was made of; empty where they are the same ones, and where the
    file is not text."""

    def in_file(self, lines: SourceLines) -> SourceLines:
        """Lines of ``markdown``, which all ``source_lines`` are, as lines of the file."""
        made_of = self.file_lines[lines[0] - 1 : lines[1]]
        return (min(first for first, _ in made_of), max(last for _, last in made_of)) if made_of else lines
