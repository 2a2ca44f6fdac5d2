"""A tree of Markdown -> releases, groups and entries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from declaim.documents.dates import find_date
from declaim.documents.entries import read_entry, take_footer
from declaim.documents.groups import group_title, is_generic, kind_of, known_kind, left_out_reason
from declaim.documents.inline import plain
from declaim.documents.markdown import Node, Tree, block_of, blocks_of, item_lead
from declaim.documents.tidying import compared_version, note, reason_to_leave
from declaim.documents.versions import ReleaseHead, Strength, is_prerelease, parse_release_head, same_version, version_key
from declaim.model.source import Block, BlockKind, Entry, Group, GroupKind, LeftOut, Release

_BOLD_LINE = re.compile(r"^(?:\*\*|__)(?=\S)([^*_\n]{1,100})(?:\*\*|__)\s*:?$")
_DATE_LINE = re.compile(r"^\W{0,4}(?:released?(?: (?:on|date))?|date|published(?: on)?)?\W{0,6}$", re.IGNORECASE)
_LEAD_IN_CHARS = 80


@dataclass
class _OpenGroup:
    title: str
    kind: GroupKind
    level: int
    first: int
    last: int
    entries: list[tuple[Entry, GroupKind | None]] = field(default_factory=list)
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


def find_release_heads(tree: Tree, product: str = "") -> dict[int, ReleaseHead]:
    """The headings of ``tree.nodes`` that name releases, by the index of the node.

    A version that stands alone is one at every level; one among other words only beside such, or where half of the
    headings of its level are like it.
    """
    candidates: dict[int, ReleaseHead] = {}
    totals: dict[int, int] = {}
    for index, node in enumerate(tree.nodes):
        if node.kind is not BlockKind.HEADING:
            continue
        totals[node.level] = totals.get(node.level, 0) + 1
        head = parse_release_head(node.text, tree.links)
        if head is not None:
            candidates[index] = _with_product(head, product)
    surely = {tree.nodes[at].level for at, head in candidates.items() if head.strength is Strength.STRONG}
    likely = (
        surely
        or _common_levels(tree, candidates, totals, Strength.TITLED)
        or _common_levels(tree, candidates, totals, Strength.DATED)
    )
    return {at: head for at, head in candidates.items() if _is_release(head, tree.nodes[at].level, surely, likely)}


def _with_product(head: ReleaseHead, product: str) -> ReleaseHead:
    if product and head.strength is Strength.TITLED and head.name.lower() == product.lower() and not head.subtitle:
        return replace(head, strength=Strength.STRONG)
    return head


def _common_levels(tree: Tree, candidates: dict[int, ReleaseHead], totals: dict[int, int], strength: Strength) -> set[int]:
    counts: dict[int, int] = {}
    for at, head in candidates.items():
        if head.strength >= strength:
            counts[tree.nodes[at].level] = counts.get(tree.nodes[at].level, 0) + 1
    return {level for level, count in counts.items() if count * 2 >= totals[level]}


def _is_release(head: ReleaseHead, level: int, surely: set[int], likely: set[int]) -> bool:
    if head.strength is Strength.STRONG:
        return True
    if level not in likely:
        return False
    if head.strength is Strength.WEAK:
        return head.unreleased or head.date is not None
    return head.strength is Strength.TITLED or level in surely or not surely


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
        releases = tuple(finished for opened in self._closed if (finished := self._finish(opened)) is not None)
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
        elif node.kind not in (BlockKind.CODE, BlockKind.RULE, BlockKind.IMAGE):
            self._add_prose(blocks_of([node]), node)

    def _take_head(self, node: Node, head: ReleaseHead) -> None:
        opened = self._release
        if opened is not None and opened.is_empty and same_version(opened.head.version, head.version):
            # A release's notes often begin with its own heading again.
            opened.head = replace(opened.head, date=opened.head.date or head.date, url=opened.head.url or head.url)
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
        self._take_item_entry(node)

    def _take_item_entry(self, node: Node) -> None:
        group = self._current_group(node)
        group.last = max(group.last, node.last)
        if group.left_out:
            self.left_out.append(note(node, _text_of(node), group.left_out))
            return
        for entry, kind in self._entries(node):
            group.entries.append((entry, kind))

    def _entries(self, node: Node) -> list[tuple[Entry, GroupKind | None]]:
        """The entry of an item; of an item that holds only a list, its entries."""
        lead = item_lead(node)
        nested = [pair for child in node.children if child.kind is BlockKind.LIST_ITEM for pair in self._entries(child)]
        if lead is None:
            return nested
        reason = reason_to_leave(lead.text)
        if reason:
            self.left_out.append(note(node, lead.text, reason))
            self._note_compared(lead.text)
            return []
        found = read_entry(lead.text, gnu=self._gnu)
        more, breaking = _continuation(node.children[1:])
        entry = Entry(
            found.text,
            node.source_lines,
            tuple(child for child, _kind in nested),
            more,
            found.scope,
            found.breaking or breaking,
            found.references,
            found.authors,
            found.commit,
        )
        return [(entry, found.kind)]

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

    def _heading_group(self) -> _OpenGroup | None:
        assert self._release is not None
        return next((group for group in reversed(self._release.groups) if 0 < group.level <= 6), None)

    def _take_date(self, node: Node) -> bool:
        assert self._release is not None
        if len(node.text) > 60:
            return False
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
            compared = parse_release_head(opened.compared) if opened.compared else None
            version = compared.version if compared else ""
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


def _finish_group(opened: _OpenGroup) -> list[Group]:
    """The groups of an open one: none for an empty one, several where its entries say their own kinds."""
    entries, summary = opened.entries, tuple(opened.summary)
    if not entries and opened.title and opened.summary:
        entries = _entry_of_prose(opened.summary)
        summary = tuple(block for block in opened.summary if block.kind is BlockKind.TABLE)
    if not entries:
        return []
    lines = (opened.first, max(opened.last, entries[-1][0].source_lines[1]))
    if is_generic(opened.title) and any(kind is not None for _entry, kind in entries):
        return _split_by_kind(opened, entries, summary)
    found = [replace(entry, breaking=True) if opened.kind is GroupKind.BREAKING else entry for entry, _kind in entries]
    return [Group(opened.kind, opened.title, tuple(found), lines, summary)]


def _split_by_kind(opened: _OpenGroup, entries: list[tuple[Entry, GroupKind | None]], summary: tuple[Block, ...]) -> list[Group]:
    by_kind: dict[GroupKind, list[Entry]] = {}
    for entry, kind in entries:
        by_kind.setdefault(kind or opened.kind, []).append(entry)
    groups = []
    for position, (kind, members) in enumerate(by_kind.items()):
        lines = (min(entry.source_lines[0] for entry in members), max(entry.source_lines[1] for entry in members))
        title = opened.title if kind is opened.kind else ""
        groups.append(Group(kind, title, tuple(members), lines, summary if position == 0 else ()))
    return groups


def _entry_of_prose(blocks: list[Block]) -> list[tuple[Entry, GroupKind | None]]:
    """The paragraphs of a group without bullets as one entry."""
    prose = [block for block in blocks if block.kind is not BlockKind.TABLE and block.text]
    if not prose:
        return []
    found = read_entry(prose[0].text)
    entry = Entry(
        found.text,
        (prose[0].source_lines[0], prose[-1].source_lines[1]),
        more=tuple(block.text for block in prose[1:]),
        scope=found.scope,
        breaking=found.breaking,
        references=found.references,
        authors=found.authors,
        commit=found.commit,
    )
    return [(entry, found.kind)]


def _continuation(nodes: list[Node]) -> tuple[tuple[str, ...], bool]:
    """The paragraphs behind an entry's first, and whether one of them is a BREAKING CHANGE footer."""
    more: list[str] = []
    breaking = False
    for block in blocks_of([node for node in nodes if node.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.HEADING)]):
        text, is_footer = take_footer(block.text)
        breaking = breaking or is_footer
        if text:
            more.append(text)
    return tuple(more), breaking


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
