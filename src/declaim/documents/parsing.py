"""A text -> a ``Source``: front matter, dialect, tree, releases and blocks."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from declaim.documents.changelog import ChangelogBuilder
from declaim.documents.decoding import normalise
from declaim.documents.detection import name_dialect, weigh
from declaim.documents.dialects import adapt, git_heads
from declaim.documents.front_matter import split_front_matter
from declaim.documents.headings import find_release_heads
from declaim.documents.markdown import blocks_of, parse_markdown
from declaim.documents.naming import first_heading, is_changelog_name, product_heading, product_of, repository_of, title_of
from declaim.documents.nodes import Node, Tree
from declaim.documents.plain_text import text_to_markdown
from declaim.documents.tidying import blank_anchors, tidy_tree
from declaim.documents.titles import head_lines
from declaim.documents.versions import ReleaseHead, Strength
from declaim.errors import InputError
from declaim.model.source import BlockKind, LeftOut, Source, SourceLines, SourceType

_PAGE = re.compile(r"^\s*<(?:!doctype html|html)\b", re.IGNORECASE)
_RELEASES = re.compile(r"^\s*[\[{].{0,20000}\"tag_?name\"\s*:", re.DOTALL | re.IGNORECASE)


@dataclass
class _Reading:
    """A text on its way: its Markdown for showing, its tree, the headings that name releases."""

    markdown: str
    tree: Tree
    heads: dict[int, ReleaseHead]
    dialect: str


def source_of(text: str, origin: str, source_type: SourceType | None, source_format: str) -> Source:
    """What a text says: see ``reading.parse_source``."""
    text = normalise(text)
    if not text.strip():
        raise InputError("There is nothing in it: the text is empty.", cure="Choose a file with text, or paste some.")
    made = _to_markdown(text, source_format)
    markdown, dialect = made.markdown, made.dialect
    front_matter, body, last = split_front_matter(markdown)
    if not body.strip():
        raise InputError("There is nothing to speak: only front matter is in it.", cure="Add text below the front matter.")
    reading = _read(markdown, blank_anchors(body), dialect, origin)
    title = title_of(reading.tree.nodes, set(reading.heads), front_matter, origin)
    evidence = weigh(reading.tree, reading.heads, origin=origin, title=title, dialect=reading.dialect)
    taken = source_type or evidence.source_type
    tidy_tree(reading.tree)
    front_note = [LeftOut((1, last), "front matter", "front matter")] if last else []
    source = Source(
        taken,
        title,
        markdown,
        origin,
        product_of(title, front_matter, ()),
        blocks_of(reading.tree.nodes),
        left_out=tuple(front_note + reading.tree.left_out),
        front_matter=front_matter,
        detected=evidence.source_type,
        dialect=reading.dialect,
        file_lines=made.file_lines,
    )
    return _with_releases(source, reading) if taken is SourceType.CHANGELOG else source


class _Made(NamedTuple):
    """``dialect`` where the format decides it; ``file_lines`` as a ``Source`` has them."""

    markdown: str
    dialect: str = ""
    file_lines: tuple[SourceLines, ...] = ()


def _to_markdown(text: str, source_format: str) -> _Made:
    """The Markdown of a text.

    Pages and release objects are known by their beginning, where a paste or a pipe has no name to tell.
    """
    if source_format in ("markdown", "text"):
        if _PAGE.match(text):
            source_format = "html"
        elif _RELEASES.match(text):
            with suppress(InputError):
                return _of_releases(text)
    if source_format == "text":
        # The plain-text dialects are read as they are; their indentation has its own meaning.
        if adapt(text):
            return _Made(text)
        markdown = text_to_markdown(text)
        return _Made(markdown, "underlined" if markdown.count("\n#") > text.count("\n#") else "")
    if source_format == "rst":
        from declaim.documents.rst import rst_to_markdown

        return _Made(rst_to_markdown(text), "rst")
    if source_format == "html":
        from declaim.documents.hypertext import html_with_lines

        markdown, lines = html_with_lines(text)
        return _Made(markdown, "", lines)
    return _of_releases(text) if source_format == "json" else _Made(text)


def _of_releases(text: str) -> _Made:
    from declaim.documents.github import releases_to_markdown

    markdown, lines = releases_to_markdown(text)
    return _Made(markdown, "releases-json", lines)


def _read(markdown: str, body: str, dialect: str, origin: str) -> _Reading:
    adapted = adapt(body)
    if adapted is not None:
        tree = parse_markdown(adapted.text, indented_code=False)
        if adapted.dialect in ("git-log", "git-oneline"):
            _insert_heads(tree, git_heads(body.split("\n")))
        return _Reading(markdown, tree, find_release_heads(tree), adapted.dialect)
    tree = parse_markdown(body)
    heads = find_release_heads(tree)
    if not any(head.strength is Strength.STRONG for head in heads.values()):
        # Releases may be plain or bold lines instead of headings.
        lined = head_lines(body, is_named=is_changelog_name(origin))
        other = parse_markdown(lined) if lined is not None else tree
        lined_heads = find_release_heads(other)
        if len(lined_heads) > len(heads):
            return _Reading(markdown, other, lined_heads, "lines")
    return _Reading(markdown, tree, heads, dialect)


def _insert_heads(tree: Tree, heads: dict[int, str]) -> None:
    """Headings that no line of the file holds by itself, above the nodes of their lines."""
    for line, heading in heads.items():
        at = next((index for index, node in enumerate(tree.nodes) if node.last >= line), len(tree.nodes))
        tree.nodes.insert(at, Node(BlockKind.HEADING, line, line, heading, 2))


def _with_releases(source: Source, reading: _Reading) -> Source:
    # Tidying may have removed nodes: the headings are found again in what is left.
    heads = find_release_heads(reading.tree, source.product_name)
    builder = ChangelogBuilder(
        reading.tree, heads, gnu=reading.dialect == "gnu", implicit_title=first_heading(reading.tree.nodes, set())
    )
    releases = builder.build()
    left_out = tuple(sorted((*source.left_out, *builder.left_out), key=lambda note: note.source_lines))
    dialect = name_dialect(reading.tree, heads, source.dialect)
    product = source.product_name or product_of(source.title, source.front_matter, releases)
    product = product or (product_heading(reading.tree.nodes, set(heads)) if heads else "")
    if not product and dialect == "github":
        product = repository_of(note.text for note in left_out if note.reason == "full changelog link")
    return replace(source, releases=releases, left_out=left_out, dialect=dialect, product_name=product)
