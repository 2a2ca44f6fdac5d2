"""The road that Piper and Kokoro share: a request becomes utterances, these become clips with the right silences between."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Protocol

from declaim.model.clip import Clip
from declaim.model.spoken import SpokenPause
from declaim.model.work import CancelToken
from declaim.voices.delivery import Tuning, tune
from declaim.voices.edges import trimmed_pieces
from declaim.voices.engine import JSON, SpeechRequest
from declaim.voices.espeak import Break, Utterance, utterances
from declaim.voices.gate import Gate
from declaim.voices.passages import Passage, has_inner_breaks, passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


LONG_LINE = 1000
"""Characters. The utterances of a line that long are dealt to all workers: else the last one would work alone."""


class Model(Protocol):
    """A loaded voice."""

    rate_hz: int
    language: str
    max_phonemes: int

    def say(self, phonemes: str, pace: float, tuning: Tuning) -> Iterator[NDArray[np.float32]]:
        """One utterance in pieces of shape (n,), each computed when it is asked for. Thread-safe."""
        ...


def speak(model: Model, request: SpeechRequest, gate: Gate, cancel: CancelToken) -> Iterator[Clip]:
    """Clips of the utterances and of each silence between; ``gate`` bounds how much is computed at once."""
    tuning = tune(request.delivery)
    items = passages(request.line, tuning)
    silence_ms = owed_ms = 0
    for said in under_way(_utterances_said(items, model, tuning, gate, cancel), gate.workers if _is_long(items) else 1):
        if isinstance(said, SpokenPause):
            silence_ms += said.pause_ms
        elif isinstance(said, Passage):
            owed_ms = 0 if said.is_open else owed_ms
        else:
            goes_on = False
            for samples in trimmed_pieces(said.pieces, model.rate_hz):
                if not goes_on:
                    yield from _silence(silence_ms + owed_ms, model.rate_hz)
                    silence_ms, owed_ms = 0, _pause_after(said.utterance, tuning)
                yield Clip(samples, model.rate_hz, goes_on=goes_on)
                goes_on = True
    yield from _silence(silence_ms, model.rate_hz)


class _Said(NamedTuple):
    utterance: Utterance
    pieces: Iterator[NDArray[np.float32]]


def _utterances_said(
    items: Sequence[Passage | SpokenPause], model: Model, tuning: Tuning, gate: Gate, cancel: CancelToken
) -> Iterator[_Part]:
    """In order: pauses, and the utterances of each passage with the passage behind them."""
    for item in items:
        if isinstance(item, Passage):
            for utterance in _utterances(item, model, tuning):
                pace = tuning.pace_of(item.pace, len(utterance.phonemes))
                pieces = model.say(utterance.phonemes, pace, tuning)
                yield _Said(utterance, _computed(pieces, len(utterance.phonemes), gate, cancel))
        yield item


def _is_long(items: Sequence[Passage | SpokenPause]) -> bool:
    return sum(len(item.text) for item in items if isinstance(item, Passage)) >= LONG_LINE


_Part = _Said | Passage | SpokenPause


def under_way(parts: Iterator[_Part], workers: int) -> Iterator[_Part]:
    """The same in the same order, so many utterances computed side by side: what waits at the gate is let through as one worker
    or another is free. The first is computed as it is heard, so that it is heard at once."""
    if workers < 2:
        yield from parts
        return
    pool = ThreadPoolExecutor(workers, "voice ahead")
    waiting: deque[_Part] = deque()
    is_first = True
    try:
        for part in parts:
            if isinstance(part, _Said) and not is_first:
                part = part._replace(pieces=_heard_later(pool.submit(list, part.pieces)))
            waiting.append(part)
            if is_first or len(waiting) > 2 * workers:
                is_first = is_first and not isinstance(part, _Said)
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _heard_later(computed: Future[list[NDArray[np.float32]]]) -> Iterator[NDArray[np.float32]]:
    yield from computed.result()


def _computed(pieces: Iterator[NDArray[np.float32]], load: int, gate: Gate, cancel: CancelToken) -> Iterator[NDArray[np.float32]]:
    """The pieces, each computed behind the gate."""
    while True:
        cancel.check()
        with gate.passing(load):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def sound_of(request: SpeechRequest) -> Mapping[str, JSON]:
    """The part of a fingerprint that local engines share: the words, paces and pauses as they will be heard."""
    tuning = tune(request.delivery)
    items = passages(request.line, tuning)
    parts: list[JSON] = [_part(item) for item in items]
    numbers: dict[str, JSON] = {"colour": tuning.colour, "rhythm": tuning.rhythm, "contrast": tuning.contrast}
    if has_inner_breaks(items):
        numbers["pauses_ms"] = [tuning.sentence_pause_ms, tuning.clause_pause_ms, tuning.comma_pause_ms]
    return {"voice": request.voice, "parts": parts, **numbers}


def _part(item: Passage | SpokenPause) -> JSON:
    return ["pause", item.pause_ms] if isinstance(item, SpokenPause) else ["say", item.closed_text, item.pace, item.is_open]


def _utterances(passage: Passage, model: Model, tuning: Tuning) -> Iterator[Utterance]:
    split = tuning.clause_pause_ms > 0
    return utterances(passage.closed_text, model.language, limit=model.max_phonemes, split_clauses=split)


def _pause_after(utterance: Utterance, tuning: Tuning) -> int:
    pauses = {
        Break.SENTENCE: tuning.sentence_pause_ms,
        Break.CLAUSE: tuning.clause_pause_ms,
        Break.COMMA: tuning.comma_pause_ms,
    }
    return pauses.get(utterance.ends, 0)


def _silence(pause_ms: int, rate_hz: int) -> Iterator[Clip]:
    import numpy as np

    if pause_ms > 0:
        yield Clip(np.zeros(round(pause_ms * rate_hz / 1000), np.float32), rate_hz)
