"""A render that is listened to while it runs: its finished lines in order, with the quiet between them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.model.ids import LineKey
from declaim.model.library import LineState
from declaim.model.script import Script

if TYPE_CHECKING:
    from declaim.audio.sound_sources import QueueSource, SoundSource
    from declaim.render import LineOutcome, RenderRequest

_RATE_HZ = 44_100
_HEARD = (LineState.READY, LineState.SUSPECT)
_LAST_CUE = re.compile(r"\s*\{[^{}]*\}\s*$")


class PlayAlong:
    """``add`` and ``end`` are for any thread. What failed is left out; what is not finished is waited for."""

    def __init__(self, request: RenderRequest, path_of: Callable[[LineKey], Path]) -> None:
        self._gaps_ms = [0, *_gaps_ms(request)]
        self._path_of = path_of
        self._lock = threading.Lock()
        self._known: dict[int, Path | None] = {}
        self._next = 0
        self._sources: list[QueueSource] = []
        self._is_over = False

    def add(self, outcome: LineOutcome) -> None:
        if outcome.state not in (*_HEARD, LineState.FAILED):
            return
        is_heard = outcome.state in _HEARD and outcome.key is not None
        with self._lock:
            self._known[outcome.index] = self._path_of(outcome.key) if is_heard and outcome.key else None
            before, self._next = self._next, _first_unknown(self._known, self._next)
            for source in self._sources:
                self._fill(source, before, self._next)

    def end(self) -> None:
        """Nothing more will come, whether the render is done, stopped or failed."""
        with self._lock:
            self._is_over = True
            for source in self._sources:
                source.complete()

    def source(self) -> SoundSource:
        """The programme from its start, for a player: what is finished by now, and the rest as it comes.

        Raises:
            AudioError: for a finished line whose file is gone.
        """
        from declaim.audio.sound_sources import QueueSource

        made = QueueSource(_RATE_HZ)
        with self._lock:
            self._fill(made, 0, self._next)
            self._sources.append(made)
            if self._is_over:
                made.complete()
        return made

    def _fill(self, source: QueueSource, first: int, end: int) -> None:
        for index in range(first, end):
            path = self._known[index]
            if path is not None:
                source.add(path, self._gaps_ms[index] if index < len(self._gaps_ms) else 0)


def _first_unknown(known: dict[int, Path | None], at: int) -> int:
    while at in known:
        at += 1
    return at


def _gaps_ms(request: RenderRequest) -> Sequence[int]:
    """The quiet before each line but the first, as the file will have it but for pauses at the edges of lines."""
    from declaim.render.pauses import PAUSES, pause_after

    delivery = request.delivery
    pauses = request.pauses or PAUSES[delivery.preset]
    chapters = _chapters(request.script)
    return [
        pause_after(
            _LAST_CUE.sub("", this.text),
            speaker_changes=this.speaker != following.speaker,
            chapter_ends=chapters[index] != chapters[index + 1],
            delivery=delivery,
            pauses=pauses,
        )
        for index, (this, following) in enumerate(pairwise(request.script.lines))
    ]


def _chapters(script: Script) -> list[int]:
    return [number for number, chapter in enumerate(script.chapters) for _ in chapter.lines]
