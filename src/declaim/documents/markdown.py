"""Markdown -> a tree of ``Node``s with source lines, and the flat ``Block``s of a document.

Only the block structure is parsed: texts keep their inline Markdown. Sections of simple lines are read line by line
(``simple_markdown``), the others by markdown-it without its inline rules. ``text`` of a node is on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from declaim.documents.nodes import Node, Tree
from declaim.documents.simple_markdown import simple_nodes
from declaim.model.source import Block, BlockKind, LeftOut, SourceLines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 100
"""Token levels: lists nest to half of it. What lies deeper is dropped by the parser."""

_SECTION = re.compile(r"#{1,6}[ \t]")
_TASK_BOX = re.compile(r"\[[ xX]\]\s+")


def parse_markdown(text: str, *, indented_code: bool = True) -> Tree:
    """The tree of a Markdown text. ``indented_code`` off takes deep indentation for layout, as plain-text lists have it."""
    lines = text.split("\n")
    parser = _parser(indented_code, "]:" in text)
    builder = _Builder(lines)
    starts = [0, *(at for at, line in enumerate(lines) if at and _SECTION.match(line) and not lines[at - 1].strip(" \t"))]
    at = 0
    while at < len(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        nodes = simple_nodes(lines[starts[at] : end], starts[at] + 1) if "\r" not in text and "\0" not in text else None
        if nodes is not None:
            builder.root.extend(nodes)
            at += 1
        else:
            at = _add_section(builder, parser, lines, starts, at)
    return Tree(builder.root, builder.links, builder.left_out)


def _add_section(builder: _Builder, parser: MarkdownIt, lines: list[str], starts: list[int], at: int) -> int:
    """Reads a section with markdown-it; the number of the section to go on with.

    Where code or HTML is still open at its end, what looked like headings is in it: it is read again with those behind it.
    """
    taken = 1
    while True:
        end = starts[at + taken] if at + taken < len(starts) else len(lines)
        part = lines[starts[at] : end]
        tokens = parser.parse("\n".join(part if end == len(lines) else [*part, ""]))
        last = tokens[-1] if tokens else None
        is_open = last is not None and last.type in ("fence", "html_block") and (last.map or [0, 0])[1] >= len(part)
        if end == len(lines) or not is_open:
            break
        taken *= 2
    builder.add_all(tokens, starts[at])
    return at + taken


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
        self._offset = 0

    def add_all(self, tokens: list[Token], offset: int) -> None:
        """The tokens of a part of the text that begins ``offset`` lines into it."""
        self._offset = offset
        for token in tokens:
            handler = _HANDLERS.get(token.type)
            if handler is not None:
                handler(self, token)

    def _span(self, token: Token) -> SourceLines:
        first, end = (line + self._offset for line in token.map or (0, 1))
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
