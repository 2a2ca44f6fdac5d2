"""Markdown -> a tree of ``Node``s with source lines, and the flat ``Block``s of a document.

Only the block structure is parsed (markdown-it without its inline rules): texts keep their inline Markdown, and 5 MB take
about two seconds. ``text`` of a node is on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from declaim.model.source import Block, BlockKind, LeftOut, SourceLines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 100
"""Token levels: lists nest to half of it. What lies deeper is dropped by the parser."""

_TASK_BOX = re.compile(r"\[[ xX]\]\s+")


@dataclass(slots=True)
class Node:
    """One block. Items and quotes hold their content in ``children``, everything else in ``text`` (or ``rows``)."""

    kind: BlockKind
    first: int
    last: int
    text: str = ""
    level: int = 0
    number: int | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    language: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def source_lines(self) -> SourceLines:
        return self.first, self.last


@dataclass(slots=True)
class Tree:
    """A parsed text. ``links`` are the link definitions by label; ``definitions`` the lines they stand on."""

    nodes: list[Node]
    links: dict[str, str]
    left_out: list[LeftOut]


def parse_markdown(text: str, *, indented_code: bool = True) -> Tree:
    """The tree of a Markdown text. ``indented_code`` off takes deep indentation for layout, as plain-text lists have it."""
    lines = text.split("\n")
    builder = _Builder(lines)
    for token in _parser(indented_code, "]:" in text).parse(text):
        builder.add(token)
    return Tree(builder.root, builder.links, builder.left_out)


@lru_cache(maxsize=4)
def _parser(indented_code: bool, has_definitions: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    options = {"inline_definitions": True, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("commonmark", options).enable("table").disable(["inline", "text_join"])
    if not has_definitions:
        parser.disable("reference")
    # Addresses of definitions are kept as they are written: to make them safe for a browser would take a tenth of the time.
    vars(parser).update(normalizeLink=str, validateLink=bool)
    return parser if indented_code else parser.disable("code")


class _Builder:
    """Turns the flat tokens into nodes; the open containers are a stack."""

    def __init__(self, lines: list[str]) -> None:
        self.root: list[Node] = []
        self.links: dict[str, str] = {}
        self.left_out: list[LeftOut] = []
        self._lines = lines
        self._stack: list[list[Node]] = [self.root]
        self._depth = {BlockKind.LIST_ITEM: 0, BlockKind.QUOTE: 0}
        self._rows: list[tuple[str, ...]] = []
        self._cells: list[str] | None = None
        self._leaf: Node | None = None

    def add(self, token: Token) -> None:
        handler = _HANDLERS.get(token.type)
        if handler is not None:
            handler(self, token)

    def _span(self, token: Token) -> SourceLines:
        first, end = token.map or [0, 1]
        while end > first + 1 and (end > len(self._lines) or not self._lines[end - 1].strip()):
            end -= 1
        return first + 1, max(first + 1, end)

    def _put(self, kind: BlockKind, token: Token) -> Node:
        first, last = self._span(token)
        node = Node(kind, first, last)
        self._stack[-1].append(node)
        return node

    def open_heading(self, token: Token) -> None:
        self._leaf = self._put(BlockKind.HEADING, token)
        self._leaf.level = int(token.tag[1])

    def open_paragraph(self, token: Token) -> None:
        self._leaf = self._put(BlockKind.PARAGRAPH, token)

    def inline(self, token: Token) -> None:
        text = " ".join(token.content.split())
        if self._cells is not None:
            self._cells.append(text)
        elif self._leaf is not None:
            self._leaf.text = text
            self._leaf = None

    def open_item(self, token: Token) -> None:
        self._open(BlockKind.LIST_ITEM, token)
        if token.info.isdecimal():
            self._stack[-2][-1].number = int(token.info)

    def open_quote(self, token: Token) -> None:
        self._open(BlockKind.QUOTE, token)

    def _open(self, kind: BlockKind, token: Token) -> None:
        node = self._put(kind, token)
        self._depth[kind] += 1
        node.level = self._depth[kind]
        self._stack.append(node.children)

    def close_item(self, _token: Token) -> None:
        self._depth[BlockKind.LIST_ITEM] -= 1
        self._stack.pop()

    def close_quote(self, _token: Token) -> None:
        self._depth[BlockKind.QUOTE] -= 1
        self._stack.pop()

    def code(self, token: Token) -> None:
        node = self._put(BlockKind.CODE, token)
        node.text = token.content
        node.language = token.info.split()[0] if token.info.strip() else ""

    def html(self, token: Token) -> None:
        self._put(BlockKind.HTML, token).text = token.content.strip()

    def rule(self, token: Token) -> None:
        self._put(BlockKind.RULE, token)

    def definition(self, token: Token) -> None:
        first, last = self._span(token)
        self.links.setdefault(token.meta["id"], token.meta["url"])
        text = " ".join(" ".join(self._lines[first - 1 : last]).split())
        self.left_out.append(LeftOut((first, last), text, "link definition"))

    def open_table(self, token: Token) -> None:
        self._put(BlockKind.TABLE, token)
        self._rows = []

    def open_row(self, _token: Token) -> None:
        self._cells = []

    def close_row(self, _token: Token) -> None:
        if any(self._cells or ()):
            self._rows.append(tuple(self._cells or ()))
        self._cells = None

    def close_table(self, _token: Token) -> None:
        self._stack[-1][-1].rows = tuple(self._rows)


_HANDLERS = {
    "heading_open": _Builder.open_heading,
    "paragraph_open": _Builder.open_paragraph,
    "inline": _Builder.inline,
    "list_item_open": _Builder.open_item,
    "list_item_close": _Builder.close_item,
    "blockquote_open": _Builder.open_quote,
    "blockquote_close": _Builder.close_quote,
    "fence": _Builder.code,
    "code_block": _Builder.code,
    "html_block": _Builder.html,
    "hr": _Builder.rule,
    "definition": _Builder.definition,
    "table_open": _Builder.open_table,
    "tr_open": _Builder.open_row,
    "tr_close": _Builder.close_row,
    "table_close": _Builder.close_table,
}


def walk(nodes: list[Node]) -> Iterator[Node]:
    """Every node in reading order, containers before their content."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def blocks_of(nodes: list[Node]) -> tuple[Block, ...]:
    """The blocks in reading order: an item takes its first paragraph, a paragraph in a quote is a quote."""
    found: list[Block] = []
    stack: list[tuple[Node, int]] = [(node, 0) for node in reversed(nodes)]
    while stack:
        node, quote = stack.pop()
        if node.kind is BlockKind.QUOTE:
            stack.extend((child, node.level) for child in reversed(node.children))
        elif node.kind is BlockKind.LIST_ITEM:
            block, rest = _item_block(node)
            if block is not None:
                found.append(block)
            stack.extend((child, quote) for child in reversed(rest))
        else:
            found.append(block_of(node, quote))
    return tuple(found)


def block_of(node: Node, quote: int = 0) -> Block:
    """A leaf as a block; ``quote`` is the depth of the quote it stands in."""
    kind = BlockKind.QUOTE if quote and node.kind is BlockKind.PARAGRAPH else node.kind
    level = quote if kind is BlockKind.QUOTE else node.level
    return Block(kind, node.text, node.source_lines, level, node.number, node.rows, node.language)


def _item_block(node: Node) -> tuple[Block | None, list[Node]]:
    """An item's own block (None for an item that holds only a list or code) and the rest of its content."""
    lead = item_lead(node)
    if lead is None:
        return None, node.children
    text = _TASK_BOX.sub("", lead.text, count=1) if lead.text.startswith("[") else lead.text
    return Block(BlockKind.LIST_ITEM, text, lead.source_lines, node.level, node.number), node.children[1:]


def item_lead(node: Node) -> Node | None:
    """The paragraph that an item begins with."""
    first = node.children[0] if node.children else None
    return first if first is not None and first.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) else None
