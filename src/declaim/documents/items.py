"""List items, tables and prose of a changelog -> entries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from declaim.documents.credits import take_credits
from declaim.documents.entries import EntryText, read_entry, take_footer
from declaim.documents.inline import plain
from declaim.documents.markdown import blocks_of, item_lead
from declaim.documents.nodes import Node
from declaim.documents.tidying import note, reason_to_leave
from declaim.model.source import Block, BlockKind, Entry, GroupKind, LeftOut, SourceLines

KindedEntry = tuple[Entry, GroupKind | None]
"""An entry, and the kind it says itself ("fix:", "🐛"); None where it does not."""
_NAMES_ALONE = re.compile(r"^(?:[*_][A-Z][^*_]{2,60}[*_](?:,? and |, ?|$)){1,8}$")


@dataclass(frozen=True)
class Item:
    """What an item holds: its entries (several, where it is only a list of them) and what is not spoken."""

    entries: tuple[KindedEntry, ...]
    left_out: tuple[LeftOut, ...] = ()


def read_item(node: Node, *, gnu: bool = False) -> Item:
    """The entry of a list item with its sub-entries and continuation paragraphs."""
    lead = item_lead(node)
    nested = [read_item(child, gnu=gnu) for child in node.children if child.kind is BlockKind.LIST_ITEM]
    entries = tuple(pair for item in nested for pair in item.entries)
    left_out = tuple(noted for item in nested for noted in item.left_out)
    if lead is None:
        return Item(entries, left_out)
    reason = reason_to_leave(lead.text)
    if reason:
        return Item((), (note(node, lead.text, reason),))
    found = read_entry(lead.text, gnu=gnu)
    more, breaking, authors = _continuation(node.children[1:])
    children = tuple(entry for entry, _kind in entries)
    entry = _entry(found, node.source_lines, children=children, more=more, breaking=breaking, authors=authors)
    return Item(((entry, found.kind),), left_out)


def _entry(
    found: EntryText,
    lines: SourceLines,
    *,
    children: tuple[Entry, ...] = (),
    more: tuple[str, ...] = (),
    breaking: bool = False,
    authors: tuple[str, ...] = (),
) -> Entry:
    return Entry(
        found.text,
        lines,
        children,
        more,
        found.scope,
        found.breaking or breaking,
        found.references,
        found.authors + authors,
        found.commit,
    )


def prose_entry(blocks: list[Block]) -> list[KindedEntry]:
    """The paragraphs of a group without bullets as one entry."""
    prose = [block for block in blocks if block.kind is not BlockKind.TABLE and block.text]
    if not prose:
        return []
    found = read_entry(prose[0].text)
    lines = (prose[0].source_lines[0], prose[-1].source_lines[1])
    return [(_entry(found, lines, more=tuple(block.text for block in prose[1:])), found.kind)]


def table_entries(node: Node) -> list[KindedEntry]:
    """The entries of a table of commits (Angular's changelogs): one for each row."""
    header = [plain(cell).lower() for cell in node.rows[0]] if node.rows else []
    if not {"description", "change", "message", "summary"} & set(header) or not {"commit", "type", "pr"} & set(header):
        return []
    words = next(at for at, name in enumerate(header) if name in ("description", "change", "message", "summary"))
    found = []
    for at, row in enumerate(node.rows[1:], start=node.first + 2):
        cells = dict(zip(header, row, strict=False))
        text = f"{cells['type']}: {row[words]}" if cells.get("type", "").isalpha() else row[words]
        entry = read_entry(f"{text} ({cells['commit']})" if cells.get("commit") else text)
        line = min(at, node.last)
        found.append((_entry(entry, (line, line)), entry.kind))
    return found


def _continuation(nodes: list[Node]) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """The paragraphs behind an entry's first, whether one is a BREAKING CHANGE footer, and the names in a last one (Rails)."""
    more: list[str] = []
    breaking = False
    for block in blocks_of([node for node in nodes if node.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.HEADING)]):
        text, is_footer = take_footer(block.text)
        breaking = breaking or is_footer
        if text:
            more.append(text)
    names = _names_in(more[-1]) if more else ()
    if names:
        more.pop()
    return tuple(more), breaking, names


def _names_in(paragraph: str) -> tuple[str, ...]:
    """The names in a paragraph that is nothing but a credit: ``*Jane Doe*``, "-- by @jane"; empty for any other."""
    if len(paragraph) > 300:
        return ()
    if _NAMES_ALONE.match(paragraph):
        return tuple(name.strip(" *_") for name in re.split(r"\*,|_,|,|\band\b", paragraph) if name.strip(" *_"))
    # A credit is known by standing behind a text.
    found = take_credits(f"x {paragraph}")
    return tuple(found.authors) if found.text == "x" else ()
