"""HTML -> tags and texts.

Its own tokenizer: on broken files the standard one takes time that grows with the square of the length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][^\s/<>\"']{0,60})"
    r"(?P<attributes>(?:[^<>\"']++|\"[^\"]{0,5000}+\"|'[^']{0,5000}+')*+)>"
    # A quote that is never closed: the tag ends at its bracket.
    r"|<(?P<close2>/?)(?P<name2>[A-Za-z][^\s/<>\"']{0,60})(?P<attributes2>[^<>]{0,5000}+)>"
)
_ATTRIBUTE = re.compile(
    r"([^\s=\"'/<>]{1,80})(?:\s{0,20}=\s{0,20}(?:\"([^\"]{0,5000})\"|'([^']{0,5000})'|([^\s\"'<>]{1,5000})))?"
)
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe"))
"""Elements whose content is no mark-up."""


@dataclass(slots=True)
class Tag:
    """An opening or a closing tag, its name in lower case."""

    name: str
    is_closing: bool
    attributes: dict[str, str] = field(default_factory=dict)


def tokens(text: str) -> Iterator[tuple[int, int, Tag | str]]:
    """The tags and texts of a page in order, each with the offsets where it begins and ends; comments, declarations and
    instructions are passed over.

    Time grows with the length of the text, however broken it is.
    """
    at, length = 0, len(text)
    missing: set[str] = set()
    while at < length:
        start = text.find("<", at)
        if start < 0:
            yield at, length, html.unescape(text[at:])
            return
        if start > at:
            yield at, start, html.unescape(text[at:start])
        skipped = _skipped(text, start, missing)
        match = _TAG.match(text, start) if skipped is None else None
        if skipped is not None:
            at = skipped
        elif match is None:
            yield start, start + 1, "<"
            at = start + 1
        else:
            tag = _tag(match)
            yield start, match.end(), tag
            at = match.end()
            if tag.name in _RAW and not tag.is_closing:
                end = _raw_end(text, at, tag.name, missing)
                yield at, end, html.unescape(text[at:end]) if tag.name == "title" else text[at:end]
                at = end


def _tag(match: re.Match[str]) -> Tag:
    name = (match.group("name") or match.group("name2")).lower()
    is_closing = bool(match.group("close") or match.group("close2"))
    written = match.group("attributes") or match.group("attributes2") or ""
    if is_closing or not written.strip(" /\n\t"):
        return Tag(name, is_closing)
    attributes = {
        found.group(1).lower(): html.unescape(found.group(2) or found.group(3) or found.group(4) or "")
        for found in _ATTRIBUTE.finditer(written[:20_000])
    }
    return Tag(name, is_closing, attributes)


def _skipped(text: str, start: int, missing: set[str]) -> int | None:
    """Where a comment, a declaration or an instruction ends; one that never ends loses its mark only."""
    following = text[start + 1 : start + 2]
    if following not in ("!", "?"):
        return None
    ending = "-->" if text.startswith("<!--", start) else ">"
    end = -1 if ending in missing else text.find(ending, start + 2)
    if end < 0:
        missing.add(ending)
        return start + (4 if ending == "-->" else 2)
    return end + len(ending)


def _raw_end(text: str, at: int, name: str, missing: set[str]) -> int:
    if name in missing:
        return at
    found = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, at)
    if found is None:
        # Never closed: what follows is dropped with it, as browsers do, unless it is a title.
        missing.add(name)
        return at if name == "title" else len(text)
    return found.start()
