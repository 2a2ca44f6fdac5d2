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


_MOST_PAIRS = 10_000
_ALIKE = 0.3


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
    at = new_at = 0
    for first, second in [*partners(old, new), (len(old), len(new))]:
        yield from (Change(ChangeKind.REMOVED, piece, None) for piece in old[at:first])
        yield from (Change(ChangeKind.ADDED, None, piece) for piece in new[new_at:second])
        if first < len(old):
            yield Change(ChangeKind.CHANGED, old[first], new[second])
        at, new_at = first + 1, second + 1


def partners(old: Sequence[Piece], new: Sequence[Piece]) -> list[tuple[int, int]]:
    """Which pieces of a replaced run are one piece, changed: by place in runs of equal length, else by the words they share."""
    if len(old) == len(new) or len(old) * len(new) > _MOST_PAIRS:
        return [(at, at) for at in range(min(len(old), len(new))) if isinstance(old[at], Line) is isinstance(new[at], Line)]
    alike = [[_alike(a, b) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _alike(a: Piece, b: Piece) -> float:
    """The share of words that two pieces have in common; 0 where it is too small to call one the other, changed."""
    if isinstance(a, Line) is not isinstance(b, Line):
        return 0.0
    one, other = set(a.text.split()), set(b.text.split())
    share = len(one & other) / max(1, len(one | other))
    return share if share >= _ALIKE else 0.0
