"""A tree of Markdown -> releases, groups and entries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from declaim.documents.dates import find_date
from declaim.documents.groups import group_title, is_generic, kind_of, known_kind, left_out_reason
from declaim.documents.inline import plain
from declaim.documents.items import KindedEntry, prose_entry, read_item, table_entries
from declaim.documents.markdown import block_of, blocks_of, item_lead
from declaim.documents.nodes import Node, Tree
from declaim.documents.tidying import compared_version, note, reason_to_leave
from declaim.documents.versions import (
    ReleaseHead,
    Strength,
    is_prerelease,
    parse_release_head,
    same_version,
    says_unreleased,
    version_key,
)
from declaim.model.source import Block, BlockKind, Entry, Group, GroupKind, LeftOut, Release

_BOLD_LINE = re.compile(r"^(?:\*\*|__)(?=\S)([^*_\n]{1,100})(?:\*\*|__)\s*:?$")
_DATE_LINE = re.compile(r"^\W{0,4}(?:released?(?: (?:on|date))?|date|published(?: on)?)?\W{0,6}$", re.IGNORECASE)
_PACKAGES = re.compile(r"(?:\[?`@?[\w./-]{1,60}`(?:\]\([^()\s]{1,200}\))?(?:,\s)?){1,30}:?")
_LEAD_IN_CHARS = 80


@dataclass
class _OpenGroup:
    title: str
    kind: GroupKind
    level: int
    first: int
    last: int
    entries: list[KindedEntry] = field(default_factory=list)
    summary: list[Block] = field(default_factory=list)
    left_out: str = ""


@dataclass
class _OpenRelease:
    head: ReleaseHead
    level: int
    first: int
    last: int
    groups: list[_OpenGroup] = field(default_factory=list)
    summary: list[Block] = field(default_factory=list)
    compared: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.summary


class ChangelogBuilder:
    """Walks the top-level nodes once; ``releases`` and ``left_out`` are the result."""

    def __init__(self, tree: Tree, heads: dict[int, ReleaseHead], *, gnu: bool = False, implicit_title: str = "") -> None:
        self.left_out: list[LeftOut] = []
        self._tree = tree
        self._heads = heads
        self._gnu = gnu
        self._closed: list[_OpenRelease] = []
        self._release: _OpenRelease | None = None
        self._group: _OpenGroup | None = None
        self._is_outside = False
        if not heads:
            self._release = _OpenRelease(ReleaseHead(Strength.WEAK, title=implicit_title), 0, 1, 1)

    def build(self) -> tuple[Release, ...]:
        """Every release, the newest first."""
        nodes = self._tree.nodes
        for index, node in enumerate(nodes):
            if self._release is not None:
                self._release.last = max(self._release.last, node.last if index not in self._heads else 0)
            self._take(index, node, nodes[index + 1] if index + 1 < len(nodes) else None)
        self._close()
        kept = [opened for at, opened in enumerate(self._closed) if not _is_series(self._closed, at)]
        releases = tuple(finished for opened in kept if (finished := self._finish(opened)) is not None)
        return tuple(reversed(releases)) if _is_oldest_first(releases) else releases

    def _take(self, index: int, node: Node, following: Node | None) -> None:
        head = self._heads.get(index)
        if head is not None:
            self._take_head(node, head)
        elif node.kind is BlockKind.HEADING:
            self._take_heading(node)
        elif self._release is None:
            self._leave_outside(node)
        elif node.kind is BlockKind.LIST_ITEM:
            self._take_item(node)
        elif node.kind is BlockKind.PARAGRAPH:
            self._take_paragraph(node, following)
        elif node.kind is BlockKind.TABLE:
            self._take_table(node)
        elif node.kind not in (BlockKind.CODE, BlockKind.RULE, BlockKind.IMAGE):
            self._add_prose(blocks_of([node]), node)

    def _take_head(self, node: Node, head: ReleaseHead) -> None:
        opened = self._release
        if opened is not None and opened.is_empty and same_version(opened.head.version, head.version):
            # A release's notes often begin with its own heading again.
            opened.head = replace(opened.head, date=opened.head.date or head.date, url=opened.head.url or head.url)
            return
        if opened is not None and node.level > opened.level > 0 and same_version(opened.head.version, head.version):
            # "Summary of changes between 1.1 and 1.2", inside 1.2.
            self._open_group(node, node.text, node.level)
            return
        self._close()
        self._is_outside = False
        self._release = _OpenRelease(head, node.level, node.first, node.last)

    def _take_heading(self, node: Node) -> None:
        known = known_kind(node.text)
        opened = self._release
        if opened is None:
            return
        if opened.level and node.level <= opened.level and known is None and not left_out_reason(node.text):
            self._close()
            self._is_outside = True
            self.left_out.append(note(node, node.text, "outside the releases"))
            return
        if not self._heads and not self._closed and opened.is_empty and node.level == 1 and known is None:
            return
        self._open_group(node, node.text, node.level)

    def _open_group(self, node: Node, heading: str, level: int) -> None:
        assert self._release is not None
        kind = kind_of(heading)
        left_out = left_out_reason(heading)
        parent = next((group for group in reversed(self._release.groups) if 0 < group.level < level), None)
        if parent is not None:
            left_out = left_out or parent.left_out
            if kind is GroupKind.OTHER:
                kind = parent.kind
        self._group = _OpenGroup(group_title(heading), kind, level, node.first, node.last, left_out=left_out)
        self._release.groups.append(self._group)

    def _current_group(self, node: Node) -> _OpenGroup:
        assert self._release is not None
        if self._group is None:
            self._group = _OpenGroup("", GroupKind.OTHER, 0, node.first, node.last)
            self._release.groups.append(self._group)
        return self._group

    def _take_item(self, node: Node) -> None:
        lead = item_lead(node)
        if (
            lead is not None
            and node.number is None
            and len(lead.text) < 60
            and _holds_list(node)
            and known_kind(lead.text) is not None
        ):
            self._open_group(node, lead.text, 8)
            for child in node.children[1:]:
                if child.kind is BlockKind.LIST_ITEM:
                    self._take_item_entry(child)
            self._group = None
            return
        if lead is not None and _holds_list(node) and _PACKAGES.fullmatch(lead.text):
            # Lerna's changelogs: the packages, and below them what has changed in them.
            for child in node.children[1:]:
                self._take_item_entry(child, scope=lead.text.strip(" :").replace("`", "") if lead.text.count("`") == 2 else "")
            return
        self._take_item_entry(node)

    def _take_item_entry(self, node: Node, *, scope: str = "") -> None:
        group = self._current_group(node)
        group.last = max(group.last, node.last)
        if group.left_out:
            self.left_out.append(note(node, _text_of(node), group.left_out))
            return
        item = read_item(node, gnu=self._gnu)
        entries = item.entries
        if scope:
            entries = tuple((replace(entry, scope=entry.scope or scope), kind) for entry, kind in entries)
        group.entries.extend(entries)
        self.left_out.extend(item.left_out)
        for noted in item.left_out:
            self._note_compared(noted.text)

    def _take_paragraph(self, node: Node, following: Node | None) -> None:
        assert self._release is not None
        reason = reason_to_leave(node.text)
        if reason:
            self.left_out.append(note(node, node.text, reason))
            self._note_compared(node.text)
            return
        if self._release.head.date is None and self._release.is_empty and self._take_date(node):
            return
        title = _group_line(node.text, has_list=following is not None and following.kind is BlockKind.LIST_ITEM)
        if title:
            inherited = self._heading_group()
            self._open_group(node, title, inherited.level + 1 if inherited else 7)
            return
        self._add_prose((block_of(node),), node)

    def _take_table(self, node: Node) -> None:
        """A table of commits holds entries; one of checksums is left out; any other is prose."""
        rows = table_entries(node)
        if rows:
            self._current_group(node).entries.extend(rows)
        elif any(reason_to_leave(cell) for row in node.rows[1:4] for cell in row):
            self.left_out.append(note(node, _text_of(node), "checksum"))
        else:
            self._add_prose(blocks_of([node]), node)

    def _heading_group(self) -> _OpenGroup | None:
        assert self._release is not None
        return next((group for group in reversed(self._release.groups) if 0 < group.level <= 6), None)

    def _take_date(self, node: Node) -> bool:
        assert self._release is not None
        if len(node.text) > 60:
            return False
        if says_unreleased(plain(node.text)):
            self._release.head = replace(self._release.head, unreleased=True)
            return True
        found = find_date(node.text)
        if found is None or not _DATE_LINE.match(plain(node.text[: found[1]] + node.text[found[2] :])):
            return False
        self._release.head = replace(self._release.head, date=found[0])
        return True

    def _add_prose(self, blocks: tuple[Block, ...], node: Node) -> None:
        assert self._release is not None
        if self._group is None:
            self._release.summary.extend(blocks)
        elif self._group.left_out:
            self.left_out.append(note(node, node.text, self._group.left_out))
        else:
            self._group.summary.extend(blocks)
            self._group.last = max(self._group.last, node.last)

    def _leave_outside(self, node: Node) -> None:
        text = _text_of(node)
        if text and node.kind is not BlockKind.CODE:
            reason = "outside the releases" if self._is_outside else "introduction of the file"
            self.left_out.append(note(node, text, reason))

    def _note_compared(self, text: str) -> None:
        if self._release is not None:
            self._release.compared = self._release.compared or compared_version(text)

    def _close(self) -> None:
        if self._release is not None:
            self._closed.append(self._release)
        self._release = self._group = None

    def _finish(self, opened: _OpenRelease) -> Release | None:
        groups = tuple(finished for group in opened.groups for finished in _finish_group(group))
        head = opened.head
        version = head.version
        if not self._heads:
            if not groups:
                return None
            version = _implied_version(opened)
        return Release(
            version,
            version if version and not self._heads else head.title,
            (opened.first, max(opened.first, opened.last)),
            head.date,
            groups,
            tuple(opened.summary),
            head.unreleased,
            head.yanked,
            head.prerelease or is_prerelease(version),
            head.url,
        )


def _implied_version(opened: _OpenRelease) -> str:
    """The version of release notes without a heading of their own: in their title, first words or compare link."""
    first = opened.summary[0].text if opened.summary else ""
    for words in (opened.head.title, first if len(first) < 60 else "", opened.compared):
        head = parse_release_head(words)
        if head is not None and head.version and head.strength >= Strength.TITLED:
            return head.version
    return ""


def _finish_group(opened: _OpenGroup) -> list[Group]:
    """The groups of an open one: none for an empty one, several where its entries say their own kinds."""
    entries, summary = opened.entries, tuple(opened.summary)
    if not entries and opened.title and opened.summary:
        entries = prose_entry(opened.summary)
        summary = tuple(block for block in opened.summary if block.kind is BlockKind.TABLE)
    if not entries:
        return []
    lines = (opened.first, max(opened.last, entries[-1][0].source_lines[1]))
    says_nothing = is_generic(opened.title) or (opened.kind is GroupKind.OTHER and known_kind(opened.title) is None)
    if says_nothing and any(kind is not None for _entry, kind in entries):
        return _split_by_kind(opened, entries, summary)
    found = [replace(entry, breaking=True) if opened.kind is GroupKind.BREAKING else entry for entry, _kind in entries]
    return [Group(opened.kind, opened.title, tuple(found), lines, summary)]


def _split_by_kind(opened: _OpenGroup, entries: list[KindedEntry], summary: tuple[Block, ...]) -> list[Group]:
    by_kind: dict[GroupKind, list[Entry]] = {}
    for entry, kind in entries:
        by_kind.setdefault(kind or opened.kind, []).append(entry)
    groups = []
    for position, (kind, members) in enumerate(by_kind.items()):
        lines = (min(entry.source_lines[0] for entry in members), max(entry.source_lines[1] for entry in members))
        title = opened.title if kind is opened.kind or not is_generic(opened.title) else ""
        groups.append(Group(kind, title, tuple(members), lines, summary if position == 0 else ()))
    return groups


def _group_line(text: str, *, has_list: bool) -> str:
    """The title in a paragraph that heads a list or names a group: bold, upper case, or ending in a colon."""
    if len(text) > _LEAD_IN_CHARS + 20:
        return ""
    bold = _BOLD_LINE.match(text)
    if bold and (has_list or known_kind(bold.group(1)) is not None):
        return bold.group(1)
    bare = group_title(text)
    if known_kind(text) is not None and (text.rstrip().endswith(":") or has_list or bare.isupper()):
        return bare
    if has_list and (text.rstrip().endswith(":") or (bare.isupper() and len(bare) > 2)) and len(bare) <= _LEAD_IN_CHARS:
        return bare
    return ""


def _is_series(opened: list[_OpenRelease], at: int) -> bool:
    """Whether an empty release is the heading of those below it ("1.0" above "1.0.1")."""
    one = opened[at]
    following = opened[at + 1] if at + 1 < len(opened) else None
    if following is None or one.groups or following.level <= one.level or one.head.unreleased:
        return False
    return following.head.version.startswith(one.head.version)


def _holds_list(node: Node) -> bool:
    return all(child.kind is BlockKind.LIST_ITEM for child in node.children[1:]) and len(node.children) > 1


def _text_of(node: Node) -> str:
    if node.text:
        return node.text
    return " ".join(block.text for block in blocks_of([node]))


def _is_oldest_first(releases: tuple[Release, ...]) -> bool:
    """Whether a file counts upwards: most neighbours by date, else by version."""
    dated = [release.date for release in releases if release.date is not None]
    if len(dated) >= 2 and dated[0] != dated[-1]:
        rising = sum(one < other for one, other in pairwise(dated))
        falling = sum(one > other for one, other in pairwise(dated))
        return rising > falling
    keys = [version_key(release.version) for release in releases if release.version]
    rising = sum(one < other for one, other in pairwise(keys))
    return len(keys) >= 2 and rising * 2 > len(keys) - 1
