"""Neighbouring lines that an engine speaks in one request, as two hosts talk to each other.

Lines stay the unit: each is kept under its own key, which says that it was spoken in company, but not in which. So a changed line
makes no other one stale: it is spoken alone, and so is one whose neighbours are ready.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.model.work import CancelToken
from declaim.voices import SpeechRequest, VoiceEngine


class Exchange:
    """Whoever speaks the first of its lines speaks them all; the others then find theirs. One thread at a time: see
    ``is_under_way``, which is set by whoever deals the lines."""

    def __init__(self, engine: VoiceEngine, requests: Sequence[SpeechRequest], keys: Sequence[LineKey]) -> None:
        self.is_under_way = False
        self.is_asked = False
        self.keys = self.silent_keys = tuple(keys)
        """Of all its lines; of those that got no sound."""
        self._engine, self._requests = engine, tuple(requests)
        self._is_given_up = False
        self._parts: dict[int, list[Clip]] = {}

    def begin(self) -> None:
        self.is_under_way = not self.is_asked

    def give_up(self) -> None:
        """What has not come by now does not come: those lines are spoken alone."""
        if not self.is_asked or self.is_under_way:
            self._is_given_up, self._parts = True, {}
        self.is_asked, self.is_under_way = True, False

    def speak(self, place: int, cancel: CancelToken) -> Iterator[Clip]:
        """The sound of one line; spoken alone where the engine was not sure which sound is its.

        Raises:
            VoiceError, Cancelled: as ``VoiceEngine.speak``.
        """
        if not self.is_asked:
            self.is_asked = True
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
            if self._is_given_up:
                return
            if len(clip.samples):
                self._parts.setdefault(place, []).append(clip)
            else:
                yield clip
        self.silent_keys = tuple(key for place, key in enumerate(self.keys) if place not in self._parts)
