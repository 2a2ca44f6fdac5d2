"""Plain-text changelogs that have no bullets: what is indented below a release is its entries (libpng, httplib2, expat)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from declaim.documents.layout import is_bullet, split_indent

_REFERENCED = re.compile(r"\s*(?:#\d{1,7}\s+){1,6}(?=\S)")
"""The column of issue numbers that expat's entries begin with."""


def bullet_entries(lines: list[str], heads: list[int], *, by_paragraph: bool = False) -> list[str]:
    """The lines with a bullet before each entry of a file whose releases (``heads``) hold indented text instead of lists.

    ``by_paragraph``: an entry is a paragraph, however its lines are broken.
    """
    made = list(lines)
    if len(heads) < 2:
        return made
    for head, following in pairwise([*heads, len(lines)]):
        bare = list(_bare_blocks(lines, head + 1, following))
        is_mixed = any(is_bullet(line) for line in lines[head + 1 : following])
        _bullet(made, bare, is_mixed=is_mixed, by_paragraph=by_paragraph)
    return made


def _bullet(made: list[str], blocks: list[tuple[int, int]], *, is_mixed: bool, by_paragraph: bool) -> None:
    """Puts the bullets of a release, in place. Beside real bullets (``is_mixed``) only what is clearly a list gets some."""
    for first, end in blocks:
        lead = made[first].strip()
        if lead.endswith(":") and end > first + 1 and lead.count(" ") < 5:
            made[first] = lead
            first += 1
        starts = [0] if by_paragraph else _starts(made[first:end])
        for at in starts if len(starts) > 1 or not is_mixed else []:
            # The numbers of a column are set to the right: their entries stand side by side all the same.
            line = made[first + at]
            indent = 2 if _REFERENCED.match(line) else len(line) - len(line.lstrip())
            made[first + at] = f"{line[:indent]}- {line.lstrip()}"


def _bare_blocks(lines: list[str], first: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of neighbouring lines that are all indented and neither hold bullets nor go on with one above them."""
    start, under = -1, 1000
    for at in range(first, end + 1):
        line = lines[at] if at < end else ""
        if start >= 0 and not (line.strip() and line[0] in " \t"):
            bullets = [split_indent(other)[0] for other in lines[start:at] if is_bullet(other)]
            if not bullets and split_indent(lines[start])[0] <= under:
                yield start, at
            under = min(under, *bullets) if bullets else under
            start = -1
        if line.strip() and line[0] not in " \t":
            under = 0 if is_bullet(line) else 1000
        elif line.strip() and start < 0:
            start = at


def _starts(block: list[str]) -> list[int]:
    """Which lines of a block begin an entry: each with a reference, each of the block's own indentation, or the first alone."""
    referenced = [at for at, line in enumerate(block) if _REFERENCED.match(line)]
    if referenced:
        return referenced
    indents = [split_indent(line)[0] for line in block]
    base = [at for at, indent in enumerate(indents) if indent == indents[0]]
    if min(indents) < indents[0] or (len(base) == len(block) and _is_wrapped(block)):
        return [0]
    return base


def _is_wrapped(block: list[str]) -> bool:
    """Whether lines are one paragraph: mostly, the next line's first word would not have fitted on the line before."""
    texts = [line.strip() for line in block]
    width = max(map(len, texts))
    fitted = sum(len(one) + 1 + len(other.split(None, 1)[0]) <= width for one, other in pairwise(texts))
    return fitted * 3 <= len(texts) - 1
