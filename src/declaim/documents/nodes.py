"""The tree of a Markdown text."""

from __future__ import annotations

from dataclasses import dataclass, field

from declaim.model.source import BlockKind, LeftOut, SourceLines


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
