"""A render that is listened to while it runs: its finished lines in order, with the quiet between them,
each voice as loud as it will be in the file."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from declaim.errors import AudioError
from declaim.model.ids import LineKey
from declaim.model.library import LineState

if TYPE_CHECKING:
    from declaim.audio.sound_sources import QueueSource, SoundSource
    from declaim.model.clip import Clip
    from declaim.render import LineCache, LineOutcome, RenderPlan, RenderRequest

_RATE_HZ = 44_100
_HEARD = (LineState.READY, LineState.SUSPECT)


class PlayAlong:
    """``begin`` comes before ``add`` and ``hear``; they and ``end`` are for any thread. What failed or cannot be read is left
    out; what is not finished is waited for, but the line that comes next is heard while it is spoken."""

    def __init__(self, request: RenderRequest, cache: LineCache) -> None:
        from declaim.render.preview import PreviewGains

        self._request = request
        self._gaps_ms: Sequence[int] = ()
        self._voices = [request.cast.voice_for(line.speaker) for line in request.script.lines]
        self._cache, self._gains = cache, PreviewGains(request, cache)
        self._lock = threading.Lock()
        self._known: dict[int, LineKey | None] = {}
        self._begun: set[int] = set()
        self._next = 0
        self._sources: list[QueueSource] = []
        self._is_over = False
        self._live = -1
        """The line that is heard while it is spoken, and who hears it."""
        self._live_sources: list[QueueSource] = []

    def begin(self, plan: RenderPlan) -> None:
        """Takes the quiet between the lines as the file will have it."""
        from declaim.render.timeline import quiet_before

        self._gaps_ms = quiet_before(plan.lines, self._request)

    def hear(self, index: int, clip: Clip) -> None:
        """A piece of a line, as it comes from the engine."""
        with self._lock:
            is_first = index not in self._begun
            self._begun.add(index)
            if is_first and index == self._next:
                self._live, self._live_sources = index, list(self._sources)
            for source in self._live_sources if index == self._live else ():
                source.add_clip(clip, self._gaps_ms[index] if is_first else 0, self._gains.of(self._voices[index]))

    def add(self, outcome: LineOutcome) -> None:
        if outcome.state not in (*_HEARD, LineState.FAILED):
            return
        is_heard = outcome.state in _HEARD and outcome.key is not None
        with self._lock:
            self._known[outcome.index] = outcome.key if is_heard else None
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
        """The programme from its start, for a player: what is finished by now, and the rest as it comes."""
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
            key = self._known[index]
            is_heard = index == self._live and source in self._live_sources
            if key is not None and not is_heard:
                with suppress(AudioError):  # gone or damaged: the render speaks it anew, or tells of it
                    gain = self._gains.of(self._voices[index], key)
                    source.add(self._cache.path(key), self._gaps_ms[index], gain, self._cache.measure(key))


def _first_unknown(known: dict[int, LineKey | None], at: int) -> int:
    while at in known:
        at += 1
    return at
