"""A render that is listened to while it runs: its finished lines in order, with the quiet between them,
each voice as loud as it will be in the file."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from declaim.model.ids import LineKey
from declaim.model.library import LineState
from declaim.model.script import Script

if TYPE_CHECKING:
    from declaim.audio.sound_sources import QueueSource, SoundSource
    from declaim.model.clip import Clip
    from declaim.render import LineCache, LineOutcome, RenderRequest

_RATE_HZ = 44_100
_HEARD = (LineState.READY, LineState.SUSPECT)
_LAST_CUE = re.compile(r"\s*\{[^{}]*\}\s*$")


class PlayAlong:
    """``add``, ``hear`` and ``end`` are for any thread. What failed is left out; what is not finished is waited for, but the line
    that comes next is heard while it is spoken."""

    def __init__(self, request: RenderRequest, cache: LineCache) -> None:
        from declaim.render.preview import PreviewGains

        self._gaps_ms = [0, *_gaps_ms(request)]
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

    def hear(self, index: int, clip: Clip) -> None:
        """A piece of a line, as it comes from the engine."""
        with self._lock:
            is_first = index not in self._begun
            self._begun.add(index)
            if is_first and index == self._next:
                self._live, self._live_sources = index, list(self._sources)
            for source in self._live_sources if index == self._live else ():
                source.add_clip(clip, self._gap_ms(index) if is_first else 0, self._gains.of(self._voices[index]))

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
            key = self._known[index]
            is_heard = index == self._live and source in self._live_sources
            if key is not None and not is_heard:
                gain = self._gains.of(self._voices[index], key)
                source.add(self._cache.path(key), self._gap_ms(index), gain, self._cache.measure(key))

    def _gap_ms(self, index: int) -> int:
        return self._gaps_ms[index] if index < len(self._gaps_ms) else 0


def _first_unknown(known: dict[int, LineKey | None], at: int) -> int:
    while at in known:
        at += 1
    return at


def _gaps_ms(request: RenderRequest) -> Sequence[int]:
    """The quiet before each line but the first, as the file will have it but for pauses at the edges of lines."""
    from declaim.model.pauses import pauses_of
    from declaim.render.pauses import pause_after

    delivery = request.delivery
    pauses = pauses_of(delivery.preset, request.pauses)
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
