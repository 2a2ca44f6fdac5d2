"""The road that Piper and Kokoro share: a request becomes utterances, these become clips with the right silences between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from declaim.model.clip import Clip
from declaim.model.spoken import SpokenPause
from declaim.model.work import CancelToken
from declaim.voices.delivery import Tuning, tune
from declaim.voices.engine import JSON, SpeechRequest
from declaim.voices.espeak import Break, Utterance, utterances
from declaim.voices.gate import Gate
from declaim.voices.passages import Passage, has_inner_breaks, passages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EDGE_LEVEL = 0.006
"""Of the utterance's peak (−44 dB): quieter samples at its edges are the model's own silence."""
EDGE_BEFORE_MS, EDGE_AFTER_MS = 20, 50
"""Kept around the sound, so that soft consonants and the last breath stay."""
FADE_MS = 5


class Model(Protocol):
    """A loaded voice."""

    rate_hz: int
    language: str
    max_phonemes: int

    def say(self, phonemes: str, pace: float, tuning: Tuning) -> NDArray[np.float32]:
        """Samples of one utterance, shape (n,). Thread-safe."""
        ...


def speak(model: Model, request: SpeechRequest, gate: Gate, cancel: CancelToken) -> Iterator[Clip]:
    """One clip for each utterance and each silence between; ``gate`` bounds how much is computed at once."""
    tuning = tune(request.delivery)
    silence_ms = owed_ms = 0
    for item in passages(request.line, tuning):
        if isinstance(item, SpokenPause):
            silence_ms += item.pause_ms
            continue
        for utterance in _utterances(item, model, tuning):
            cancel.check()
            with gate.passing(len(utterance.phonemes)):
                samples = model.say(utterance.phonemes, tuning.pace_of(item.pace, len(utterance.phonemes)), tuning)
            samples = trimmed(samples, model.rate_hz)
            if not len(samples):
                continue
            yield from _silence(silence_ms + owed_ms, model.rate_hz)
            yield Clip(samples, model.rate_hz)
            silence_ms, owed_ms = 0, _pause_after(utterance, tuning)
        owed_ms = 0 if item.is_open else owed_ms
    yield from _silence(silence_ms, model.rate_hz)


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


def trimmed(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """The utterance without the model's silence at its edges, which are faded; pauses are then exactly ours."""
    import numpy as np

    level = np.abs(samples)
    loud = np.flatnonzero(level > EDGE_LEVEL * level.max(initial=0.0))
    if not len(loud):
        return samples[:0]
    first = max(0, int(loud[0]) - rate_hz * EDGE_BEFORE_MS // 1000)
    kept = np.clip(samples[first : int(loud[-1]) + 1 + rate_hz * EDGE_AFTER_MS // 1000], -1.0, 1.0)
    ramp = np.linspace(0.0, 1.0, min(rate_hz * FADE_MS // 1000, len(kept) // 2), dtype=np.float32)
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    return kept
