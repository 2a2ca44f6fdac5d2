"""Neighbouring lines that an engine speaks in one request, as two hosts talk to each other.

Lines stay the unit: each is kept under its own key, which says that it was spoken in company, but not in which. So a changed line
makes no other one stale: it is spoken alone, and so is one whose neighbours are ready.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from declaim.model.ids import LineKey
from declaim.model.work import CancelToken
from declaim.voices import SpeechRequest, VoiceEngine

if TYPE_CHECKING:
    from declaim.model.clip import Clip
    from declaim.render.plan import PlannedLine


class Exchange:
    """Whoever speaks the first of its lines speaks them all; the others then find theirs. One thread at a time: see
    ``is_under_way``, which is set by whoever deals the lines."""

    def __init__(self, engine: VoiceEngine, requests: Sequence[SpeechRequest]) -> None:
        self.is_under_way = False
        self._engine, self._requests = engine, tuple(requests)
        self._is_asked = False
        self._parts: dict[int, list[Clip]] = {}

    def begin(self) -> None:
        self.is_under_way = not self._is_asked

    def speak(self, place: int, cancel: CancelToken) -> Iterator[Clip]:
        """The sound of one line; spoken alone where the engine was not sure which sound is its.

        Raises:
            VoiceError, Cancelled: as ``VoiceEngine.speak``.
        """
        if not self._is_asked:
            self._is_asked = True
            try:
                yield from self._ask(cancel)
            finally:
                self.is_under_way = False
        yield from self._parts.get(place) or self._engine.speak(self._requests[place], cancel)
        self._parts.pop(place, None)

    def has(self, place: int) -> bool:
        """Whether the sound of a line is there, and nobody has used it to the end."""
        return place in self._parts

    def _ask(self, cancel: CancelToken) -> Iterator[Clip]:
        """Keeps the sounds; yields what has none: signs of life, and what was paid for nothing."""
        for place, clip in self._engine.speak_exchange(self._requests, cancel):
            if len(clip.samples):
                self._parts.setdefault(place, []).append(clip)
            else:
                yield clip


def is_there(planned: PlannedLine) -> bool:
    """Whether the sound of a line came with that of another one."""
    return planned.exchange is not None and planned.exchange.has(planned.place)


def in_exchanges(lines: Sequence[PlannedLine]) -> list[PlannedLine]:
    """The lines of a script; those that are missing side by side are spoken together where their engine would."""
    planned = list(lines)
    taken: set[LineKey | None] = set()
    start = 0
    while start < len(planned):
        end = start + 1
        if _may_join(planned[start], taken):
            taken.add(planned[start].together_key)
            while end < len(planned) and _may_join(planned[end], taken) and _same_place(planned[start], planned[end]):
                taken.add(planned[end].together_key)
                end += 1
            planned[start:end] = _joined(planned[start:end])
        start = end
    spoken = {line.key for line in planned if line.exchange}
    # The twin of a line of an exchange gets its sound.
    return [replace(line, key=line.together_key) if _is_twin(line, spoken) else line for line in planned]


def _is_twin(line: PlannedLine, spoken: set[LineKey | None]) -> bool:
    return not line.is_ready and line.exchange is None and line.together_key in spoken


def _may_join(line: PlannedLine, taken: set[LineKey | None]) -> bool:
    """Missing, of an engine that can, and not the twin of a line that is spoken already."""
    return not line.is_ready and line.together_key is not None and line.together_key not in taken


def _same_place(one: PlannedLine, other: PlannedLine) -> bool:
    return one.engine is other.engine and one.chapter_index == other.chapter_index


def _joined(lines: list[PlannedLine]) -> list[PlannedLine]:
    engine, requests = lines[0].engine, [line.request for line in lines]
    for group in engine.exchanges(requests):
        exchange = Exchange(engine, requests[group.start : group.stop])
        for place in group:
            lines[place] = replace(lines[place], key=lines[place].together_key, exchange=exchange, place=place - group.start)
    return lines
