"""Where the lines and chapters of a take lie."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from declaim.model.ids import LineId
from declaim.model.library import LineTiming


@dataclass(frozen=True)
class Mark:
    """A stretch of a take: a chapter with its title, or a suspect line."""

    start_ms: int
    end_ms: int
    title: str = ""


class TakeMap:
    """Lines are counted from 0, as the script counts them."""

    def __init__(self, timings: Sequence[LineTiming] = (), duration_ms: int = 0, suspect: Collection[LineId] = ()) -> None:
        self.timings = tuple(timings)
        self.duration_ms = duration_ms
        self._starts = [timing.start_ms for timing in self.timings]
        self._suspect = frozenset(suspect)

    def line_at(self, position_ms: float) -> int | None:
        """The line that is heard, or was heard last; None before the first."""
        at = bisect_right(self._starts, position_ms) - 1
        return at if at >= 0 else (0 if self.timings else None)

    def start_of(self, line: int) -> int:
        return self._starts[line] if 0 <= line < len(self._starts) else 0

    def range_of(self, line: int) -> tuple[int, int]:
        """From the line's first sound to the next line's."""
        end = self._starts[line + 1] if line + 1 < len(self._starts) else max(self.duration_ms, self.timings[line].end_ms)
        return self._starts[line], end

    def step(self, position_ms: float, step: int) -> int | None:
        """Where the next line starts (1), or this one, or the one before when it has just begun (−1)."""
        line = self.line_at(position_ms)
        if line is None:
            return None
        if step < 0 and position_ms - self._starts[line] > 1200:
            return self._starts[line]
        to = line + step
        return self._starts[to] if 0 <= to < len(self._starts) else (0 if to < 0 else None)

    @property
    def chapters(self) -> tuple[Mark, ...]:
        """Chapters with a title, one after the other."""
        firsts = [next(lines) for _, lines in groupby(self.timings, key=lambda timing: timing.chapter_key)]
        ends = [later.start_ms for _, later in pairwise(firsts)] + [self.duration_ms]
        return tuple(Mark(first.start_ms, end, first.chapter) for first, end in zip(firsts, ends, strict=False) if first.chapter)

    @property
    def suspects(self) -> tuple[Mark, ...]:
        found = (timing for timing in self.timings if timing.line_id in self._suspect)
        return tuple(Mark(timing.start_ms, timing.end_ms) for timing in found)

    @property
    def line_starts(self) -> tuple[int, ...]:
        return tuple(self._starts)

    def place_in(self, other: TakeMap, position_ms: float) -> int:
        """The same place in another take of the script: as far into the same line."""
        line = self.line_at(position_ms)
        if line is None or line >= len(other.timings):
            share = position_ms / self.duration_ms if self.duration_ms else 0.0
            return round(share * other.duration_ms)
        start, end = self.range_of(line)
        into = min(1.0, (position_ms - start) / max(1, end - start))
        other_start, other_end = other.range_of(line)
        return round(other_start + into * (other_end - other_start))
