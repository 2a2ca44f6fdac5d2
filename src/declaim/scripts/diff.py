"""What changed between two scripts, line by line: for the list of versions and the diff view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from declaim.model.script import Chapter, Line, Script


@dataclass(frozen=True)
class Heading:
    """A ``# `` (level 1) or ``## `` (level 2) of a script, as a piece that stands between lines."""

    level: int
    text: str


Piece = Heading | Line
"""A script as a flat sequence: its title, then each chapter's title and lines."""


class ChangeKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One row of a diff. ``old`` is None where added, ``new`` where removed."""

    kind: ChangeKind
    old: Piece | None
    new: Piece | None


def pieces_of(script: Script) -> tuple[Piece, ...]:
    """The script as a flat sequence; ``script_of`` puts it together again."""
    pieces: list[Piece] = [Heading(1, script.title)] if script.title else []
    for chapter in script.chapters:
        if chapter.title:
            pieces.append(Heading(2, chapter.title))
        pieces.extend(chapter.lines)
    return tuple(pieces)


def script_of(pieces: Sequence[Piece]) -> Script:
    """A script of pieces in order; of several titles the first counts."""
    title, chapters, chapter, lines = "", list[Chapter](), "", list[Line]()
    for piece in pieces:
        if isinstance(piece, Line):
            lines.append(piece)
        elif piece.level == 1:
            title = title or piece.text
        else:
            if chapter or lines:
                chapters.append(Chapter(chapter, tuple(lines)))
            chapter, lines = piece.text, []
    if chapter or lines:
        chapters.append(Chapter(chapter, tuple(lines)))
    return Script(title, tuple(chapters))


def matched_runs(old: Sequence[Piece], new: Sequence[Piece]) -> Sequence[tuple[str, int, int, int, int]]:
    """difflib's opcodes over whole pieces."""
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def diff_scripts(old: Script, new: Script) -> tuple[Change, ...]:
    """Every row, in order; a replaced run of equal length is paired line by line."""
    before, after = pieces_of(old), pieces_of(new)
    rows: list[Change] = []
    for tag, first, last, new_first, new_last in matched_runs(before, after):
        if tag == "equal":
            rows += [Change(ChangeKind.SAME, a, b) for a, b in zip(before[first:last], after[new_first:new_last], strict=True)]
        else:
            rows += _paired(before[first:last], after[new_first:new_last])
    return tuple(rows)


def describe_changes(old: Script, new: Script) -> str:
    """For the list of versions: "2 lines changed, 1 added", or "no line changed"."""
    kinds = [change.kind for change in diff_scripts(old, new)]
    counts = [(kinds.count(kind), kind.value) for kind in (ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.REMOVED)]
    parts = [f"{count} {word}" for count, word in counts if count]
    if not parts:
        return "no line changed"
    first, *rest = parts
    count, word = first.split()
    return ", ".join([f"{count} {'line' if count == '1' else 'lines'} {word}", *rest])


def _paired(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Change]:
    shared = min(len(old), len(new))
    for a, b in zip(old[:shared], new[:shared], strict=True):
        if isinstance(a, Line) is isinstance(b, Line):
            yield Change(ChangeKind.CHANGED, a, b)
        else:
            yield Change(ChangeKind.REMOVED, a, None)
            yield Change(ChangeKind.ADDED, None, b)
    yield from (Change(ChangeKind.REMOVED, piece, None) for piece in old[shared:])
    yield from (Change(ChangeKind.ADDED, None, piece) for piece in new[shared:])
