"""Cloud engines that speak two speakers in one request: which lines go together, and what each of them gets of the answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Generator, Iterator, Sequence

import numpy as np

from declaim.model.clip import Clip
from declaim.model.work import CancelToken
from declaim.voices.asks import Answer, Ask
from declaim.voices.cloud import TRIES, CloudEngine
from declaim.voices.engine import SpeechRequest
from declaim.voices.faults import Faults, Kind, Trouble
from declaim.voices.spoken_clip import SpokenClip
from declaim.voices.wave import RATE_HZ

MOST_TURNS = 6
"""In one request: whoever listens waits for all of them, and what goes wrong is paid for again."""
MOST_UNSURE = 3
"""Exchanges in a row that came to nothing, after which none is asked for any more."""


class ConversingEngine(CloudEngine):
    """What is left to an engine: ``together``, and in ``send`` asks with ``turns``."""

    _unsure = 0

    @abstractmethod
    def together(self, turns: Sequence[Ask]) -> Ask | None:
        """These lines in one request; None where they cannot be."""
        ...

    @property
    def speaks_exchanges(self) -> bool:  # type: ignore[override]
        """As the user wants it: what was spoken in exchanges stays good when no more of them are asked for."""
        return self.access.choices(self.name).exchanges

    @property
    def _is_given_up(self) -> bool:
        return not self.speaks_exchanges or self._unsure >= MOST_UNSURE

    def exchanges(self, requests: Sequence[SpeechRequest]) -> Sequence[range]:
        if self._is_given_up:
            return ()
        turns = [self._turn_of(request) for request in requests]
        found, start = [], 0
        while start < len(turns):
            end = start + 1
            while end < min(len(turns), start + MOST_TURNS) and self._exchange(turns[start : end + 1]) is not None:
                end += 1
            if len({request.voice for request in requests[start:end]}) == 2:
                found.append(range(start, end))
            start = end
        return found

    def speak_exchange(self, requests: Sequence[SpeechRequest], cancel: CancelToken) -> Iterator[tuple[int, Clip]]:
        cancel.check()
        ask = self._exchange([self._turn_of(request) for request in requests])
        if ask is None or self._is_given_up:
            return
        faults = Faults(self.label, self.key_name, self.key())
        asking = _Asking(self._tried(ask, faults, cancel, TRIES | {Kind.ODD: 1}))
        for sign in asking:
            yield 0, sign
        if asking.answer is None or not asking.answer.turns:
            self._unsure += 1
            if asking.answer is not None:
                yield 0, SpokenClip(np.zeros(0, np.float32), RATE_HZ, asking.answer.cost_usd)
            return
        self._unsure = 0
        yield from _parts(ask, asking.answer)
        self._errands.forget(ask.key)

    def _turn_of(self, request: SpeechRequest) -> Ask | None:
        """The request as one ask; None for one that takes several, or silences between them."""
        pieces = list(self.asks(request))
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], Ask) else None

    def _exchange(self, turns: Sequence[Ask | None]) -> Ask | None:
        known = [turn for turn in turns if turn is not None]
        is_of_two = len(known) == len(turns) and len({turn.voice for turn in known}) <= 2
        return self.together(known) if is_of_two else None


class _Asking:
    """Signs of life until ``answer`` is there, or not."""

    def __init__(self, clips: Generator[Clip, None, Answer]) -> None:
        self._clips = clips
        self.answer: Answer | None = None

    def __iter__(self) -> Iterator[Clip]:
        try:
            self.answer = yield from self._clips
        except Trouble:
            return  # each line alone will tell what is wrong


def _parts(ask: Ask, answer: Answer) -> Iterator[tuple[int, Clip]]:
    """The clips of each line; what it all cost is shared by the characters."""
    for place, (turn, clips) in enumerate(zip(ask.turns, answer.turns, strict=True)):
        cost_usd = answer.cost_usd * len(turn.text) / sum(len(one.text) for one in ask.turns)
        for clip in clips:
            yield place, SpokenClip(clip.samples, clip.rate_hz, cost_usd)
            cost_usd = 0.0
