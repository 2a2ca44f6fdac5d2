"""The fast half of ``markdown``: sections of headings, bullets and paragraphs, as changelogs are made of, line by line.

``simple_nodes`` knows no more of CommonMark than these; where a line could be anything else (a fence, HTML, a table, a quote, a
numbered list, indented code, an underline, a definition) it says None, and markdown-it reads the section. What it does read
has the very same nodes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from declaim.documents.nodes import Node
from declaim.model.source import BlockKind

_WORDS = (
    r"(?:[^\W\d_]|[^\x00-\x7f\s]|[\"'(),./;?@$%&^{}\\]|!|\d++(?:[.)](?=[^ \t\d.)])|(?![.)]))|[*_]{1,3}(?=[^\W_]|[`\[(\"'@])"
    r"|`{1,2}(?!`)|\[[^\[\]\\]++\](?!:)|#(?=[^#\s])|-{1,2}(?=[^\W_]))"
)
"""How a line begins that can be nothing but words."""
_LINE = re.compile(
    rf"(?P<blank>[ \t]*\Z)|(?P<marks>#{{1,6}})[ \t]+(?P<title>[^ \t#](?:.*[^ \t#])?)[ \t]*\Z"
    rf"|(?P<indent>\ *)(?:(?P<bullet>[-*+])(?P<gap>\ {{1,4}}))?(?P<words>{_WORDS}.*)\Z",
    re.DOTALL,
)
_MAX_DEPTH = 40


def simple_nodes(lines: Sequence[str], first: int) -> list[Node] | None:
    """The nodes of a section whose first line is line ``first`` of its text; None where it holds more than simple lines.

    The section stands at the top level, after a blank line, and ends before a heading or with the text.
    """
    section = _Section()
    for number, line in enumerate(lines, first):
        match = _LINE.match(line)
        if match is None or not section.take(match, number):
            return None
    return section.finished()


class _Section:
    """Nodes in the making. ``_open`` are the items around the next line: where their text begins, and the item."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._open: list[tuple[int, Node]] = []
        self._words: list[str] = []
        self._paragraph: Node | None = None

    def take(self, match: re.Match[str], number: int) -> bool:
        """Whether the line is as simple as it looks, where it stands."""
        kind = match.lastgroup
        if kind == "blank":
            self._end_paragraph()
        elif kind == "title":
            self._end_paragraph()
            self._open.clear()
            self._nodes.append(Node(BlockKind.HEADING, number, number, " ".join(match["title"].split()), len(match["marks"])))
        elif match["bullet"]:
            return self._take_item(match, number)
        elif self._paragraph is not None:
            self._words.append(match["words"])
            self._paragraph.last = number
            self._reach(number)
        else:
            return self._take_paragraph(len(match["indent"]), match["words"], number)
        return True

    def finished(self) -> list[Node]:
        self._end_paragraph()
        return self._nodes

    def _take_item(self, match: re.Match[str], number: int) -> bool:
        indent = len(match["indent"])
        if not self._leave(indent) or len(self._open) > _MAX_DEPTH:
            return False
        self._end_paragraph()
        node = Node(BlockKind.LIST_ITEM, number, number, "", len(self._open) + 1)
        self._siblings().append(node)
        self._open.append((match.start("words"), node))
        self._begin_paragraph(match["words"], number)
        return True

    def _take_paragraph(self, indent: int, words: str, number: int) -> bool:
        if not self._leave(indent):
            return False
        self._begin_paragraph(words, number)
        return True

    def _begin_paragraph(self, words: str, number: int) -> None:
        self._paragraph = Node(BlockKind.PARAGRAPH, number, number)
        self._siblings().append(self._paragraph)
        self._words.append(words)
        self._reach(number)

    def _leave(self, indent: int) -> bool:
        """Closes the items that a line so far to the right is not in; False where it would be code or hang on what is before."""
        while self._open and indent < self._open[-1][0]:
            self._open.pop()
        return indent - (self._open[-1][0] if self._open else 0) < 4

    def _siblings(self) -> list[Node]:
        return self._open[-1][1].children if self._open else self._nodes

    def _reach(self, number: int) -> None:
        for _content, item in self._open:
            item.last = number

    def _end_paragraph(self) -> None:
        if self._paragraph is not None:
            self._paragraph.text = " ".join(" ".join(self._words).split())
            self._paragraph = None
            self._words.clear()
