"""Which line of an edited script is which line of the one before: so that a moved or reworded line keeps its row."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

Said = tuple[str, str]
"""Speaker and text of a line."""


def align(before: Sequence[Said], after: Sequence[Said]) -> list[int | None]:
    """For each line after the edit the index of the same line before it, or None for a new one.

    Equal lines first, in order; then reworded ones by their place between them; then lines that were moved elsewhere.
    """
    matched: list[int | None] = [None] * len(after)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    for index in range(head):
        matched[index] = index
    for index in range(1, tail + 1):
        matched[-index] = len(before) - index
    end_before, end_after = len(before) - tail, len(after) - tail
    matcher = difflib.SequenceMatcher(None, before[head:end_before], after[head:end_after], autojunk=False)
    for tag, b1, b2, a1, a2 in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and b2 - b1 == a2 - a1):
            for offset in range(b2 - b1):
                matched[head + a1 + offset] = head + b1 + offset
    _match_moved(before, after, matched)
    return matched


def _common(before: Sequence[Said], after: Sequence[Said]) -> int:
    count = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        count += 1
    return count


def _match_moved(before: Sequence[Said], after: Sequence[Said], matched: list[int | None]) -> None:
    taken = {index for index in matched if index is not None}
    free: dict[Said, list[int]] = {}
    for index, said in enumerate(before):
        if index not in taken:
            free.setdefault(said, []).append(index)
    for index, said in enumerate(after):
        if matched[index] is None and free.get(said):
            matched[index] = free[said].pop(0)
