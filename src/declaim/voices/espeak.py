"""Text to phonemes by the espeak-ng that comes with piper.

espeak-ng is one set of global C variables: it is made once for the process and every call holds one lock (a sentence
takes under a millisecond).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from declaim.errors import VoiceNotReady
from declaim.voices.models import INSTALL
from declaim.voices.once import Once
from declaim.voices.passages import cut, sentences

if TYPE_CHECKING:
    from piper.phonemize_espeak import EspeakPhonemizer

_MIN_CLAUSE = 14
"""Phonemes; a shorter piece is not cut off its sentence."""
_LOCK = threading.Lock()


class Break(Enum):
    """What follows an utterance."""

    SENTENCE = "sentence"
    CLAUSE = "clause"
    COMMA = "comma"
    NONE = "none"


_BREAKS = {
    **dict.fromkeys(".!?", Break.SENTENCE),
    **dict.fromkeys(";:", Break.CLAUSE),
    ",": Break.COMMA,
}


@dataclass(frozen=True)
class Utterance:
    """What an engine speaks in one go: phonemes (one character each) with their punctuation, and what follows."""

    phonemes: str
    ends: Break


def utterances(text: str, language: str, *, limit: int, split_clauses: bool) -> Iterator[Utterance]:
    """The phonemes of a passage, sentence by sentence as they are asked for, at most ``limit`` phonemes each.

    With ``split_clauses``, also apart at ``;`` and ``:``. Text without a word gives nothing.

    Raises:
        VoiceNotReady: when piper's espeak-ng cannot be loaded.
    """
    for sentence in sentences(text):
        for clause in _clauses(_phonemes(sentence, language), split_clauses):
            for piece in cut(clause, limit):
                yield Utterance(piece, _BREAKS.get(piece[-1], Break.NONE))


def prepare() -> None:
    """Loads espeak-ng, so that the first sentence is read at once.

    Raises:
        VoiceNotReady: when it cannot be loaded.
    """
    _shared_espeak().get()


def _phonemes(sentence: str, language: str) -> str:
    """One sentence's phonemes. Where espeak sees several sentences in it (an abbreviation), they are joined by commas."""
    if not any(char.isalnum() for char in sentence):
        return ""
    espeak = _shared_espeak().get()
    with _LOCK:
        parts = espeak.phonemize(language, sentence)
    spoken = ["".join(part).strip() for part in parts]
    spoken = [part for part in spoken if any(char.isalpha() for char in part)]
    return " ".join([part.rstrip(".!?") + "," for part in spoken[:-1]] + spoken[-1:])


def _clauses(phonemes: str, split: bool) -> Iterator[str]:
    start = 0
    for at, char in enumerate(phonemes if split else ""):
        is_clause = char in ";:" and at + 1 - start >= _MIN_CLAUSE and len(phonemes) - at - 1 >= _MIN_CLAUSE
        if is_clause:
            yield phonemes[start : at + 1].strip()
            start = at + 1
    yield phonemes[start:].strip()


@cache
def _shared_espeak() -> Once[EspeakPhonemizer]:
    return Once(_load_espeak)


def _load_espeak() -> EspeakPhonemizer:
    try:
        from piper.phonemize_espeak import EspeakPhonemizer

        return EspeakPhonemizer()
    except ImportError as error:
        raise VoiceNotReady(f"piper-tts cannot be loaded: {error}.", cure=f"Run {INSTALL}") from error
