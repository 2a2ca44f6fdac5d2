"""Regenerating without losing an edit: a three-way merge of scripts, line by line.

``base`` is what was generated last, ``mine`` what the user made of it, ``theirs`` what was generated now. Where only one
side differs from the base, that side is taken; where both do, the user decides, and until then the user's words stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from declaim.model.script import Script
from declaim.scripts.diff import Piece, matched_runs, partners, pieces_of, script_of


class Choice(StrEnum):
    KEEP_MINE = "keep_mine"
    TAKE_NEW = "take_new"


@dataclass(frozen=True)
class Hunk:
    """A run of pieces as each side has it."""

    base: tuple[Piece, ...]
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return not self.base == self.mine == self.theirs

    @property
    def is_conflict(self) -> bool:
        """Both sides changed, and not in the same way."""
        return self.mine not in (self.base, self.theirs) and self.theirs != self.base

    @property
    def proposed(self) -> Choice:
        """What happens unless the user says otherwise: an edit is never overwritten."""
        return Choice.TAKE_NEW if self.mine in (self.base, self.theirs) else Choice.KEEP_MINE


@dataclass(frozen=True)
class Merge:
    """All hunks in order, unchanged ones too."""

    hunks: tuple[Hunk, ...]

    @property
    def conflicts(self) -> tuple[int, ...]:
        """Indexes of the hunks that need the user's decision."""
        return tuple(index for index, hunk in enumerate(self.hunks) if hunk.is_conflict)

    def resolved(self, choices: Mapping[int, Choice] | None = None) -> Script:
        """The merged script; ``choices`` by index of hunk overrule what is proposed."""
        pieces: list[Piece] = []
        for index, hunk in enumerate(self.hunks):
            choice = (choices or {}).get(index, hunk.proposed)
            pieces += hunk.mine if choice is Choice.KEEP_MINE else hunk.theirs
        return script_of(pieces)


def merge_scripts(base: Script, mine: Script, theirs: Script) -> Merge:
    """The hunks of a three-way merge (diff3 over whole lines)."""
    a, b, c = pieces_of(base), pieces_of(mine), pieces_of(theirs)
    to_mine, to_theirs = _kept(a, b), _kept(a, c)
    hunks: list[Hunk] = []
    at = at_mine = at_theirs = 0
    for index in range(len(a)):
        if index in to_mine and index in to_theirs:
            in_mine, in_theirs = to_mine[index], to_theirs[index]
            hunks += _split(a[at:index], b[at_mine:in_mine], c[at_theirs:in_theirs])
            hunks.append(Hunk((a[index],), (b[in_mine],), (c[in_theirs],)))
            at, at_mine, at_theirs = index + 1, in_mine + 1, in_theirs + 1
    hunks += _split(a[at:], b[at_mine:], c[at_theirs:])
    return Merge(tuple(hunks))


def _kept(old: Sequence[Piece], new: Sequence[Piece]) -> dict[int, int]:
    """Where each piece of ``old`` stands in ``new``, as it was or changed; both sides grow together."""
    places: dict[int, int] = {}
    for tag, first, last, new_first, new_last in matched_runs(old, new):
        if tag == "equal":
            places |= {first + offset: new_first + offset for offset in range(last - first)}
        elif tag == "replace":
            pairs = partners(old[first:last], new[new_first:new_last])
            places |= {first + at: new_first + new_at for at, new_at in pairs}
    return places


def _split(base: tuple[Piece, ...], mine: tuple[Piece, ...], theirs: tuple[Piece, ...]) -> list[Hunk]:
    """One hunk per line where all three sides have as many lines, else one for the run."""
    if not (base or mine or theirs):
        return []
    if len(base) == len(mine) == len(theirs):
        return [Hunk((x,), (y,), (z,)) for x, y, z in zip(base, mine, theirs, strict=True)]
    return [Hunk(base, mine, theirs)]
