"""What cloud engines send and get: an ask is one request, an answer its sound; long texts in pieces, sounds in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from declaim.model.clip import Clip
from declaim.model.lexicon import LexiconEntry
from declaim.voices.edges import trimmed
from declaim.voices.engine import JSON
from declaim.voices.passages import sentences
from declaim.voices.prices import CHARACTERS_PER_SECOND
from declaim.voices.spoken_clip import SpokenClip
from declaim.voices.wave import RATE_HZ

_GAP_MS = 220
"""Between two answers to one line."""
_PLAUSIBLE_SHARE = 0.25
_JUDGED_CHARACTERS = 60


@dataclass(frozen=True)
class Ask:
    """One request but for the key. ``words`` are what will be heard of ``text``; ``options`` whatever else is sent.

    ``turns``: the lines of an exchange, each as it would be asked for alone; voice and text are then those of all of them.
    ``lexicon`` has already been followed, and makes no difference to the sound.
    """

    voice: str
    model: str
    text: str
    words: str
    options: tuple[tuple[str, JSON], ...] = ()
    turns: tuple[Ask, ...] = ()
    lexicon: tuple[LexiconEntry, ...] = ()

    @property
    def key(self) -> str:
        return hashlib.sha256(json.dumps(self.plain, ensure_ascii=False).encode()).hexdigest()

    @property
    def plain(self) -> JSON:
        return [self.model, self.voice, self.text, dict(self.options), *(turn.plain for turn in self.turns)]


@dataclass(frozen=True, eq=False)
class Answer:
    """The sound of an ask, in pieces where the service says where its sentences begin.

    ``turns``: of an exchange, the pieces of each line; empty where it is not sure which sound belongs to which line.
    """

    clips: tuple[Clip, ...]
    cost_usd: float
    turns: tuple[tuple[Clip, ...], ...] = ()


def exchange_of(turns: Sequence[Ask], **options: JSON) -> Ask:
    """Several asks as one."""
    voices = ", ".join(dict.fromkeys(turn.voice for turn in turns))
    text, words = "\n".join(turn.text for turn in turns), "\n".join(turn.words for turn in turns)
    return Ask(voices, turns[0].model, text, words, tuple(options.items()), tuple(turns), turns[0].lexicon)


def pieces_of(text: str, limit: int) -> Sequence[str]:
    """Text in pieces of whole sentences, none longer than ``limit`` where its sentences allow."""
    if len(text) <= limit:
        return (text,)
    pieces = [""]
    for sentence in sentences(text, limit):
        joined = f"{pieces[-1]} {sentence}".strip()
        if len(joined) <= limit:
            pieces[-1] = joined
        else:
            pieces.append(sentence)
    return [piece for piece in pieces if piece]


def halves_of(ask: Ask) -> Sequence[Ask]:
    """Two asks of about half the words each; none where there is nothing to split at."""
    parts = list(sentences(ask.text))
    if len(parts) < 2:
        parts = list(sentences(ask.text, max(40, len(ask.text) * 2 // 3))) if len(ask.text) > 80 else []
    if len(parts) < 2:
        return ()
    middle = min(range(1, len(parts)), key=lambda at: abs(len(" ".join(parts[:at])) - len(ask.text) / 2))
    texts = (" ".join(parts[:middle]), " ".join(parts[middle:]))
    return [replace(ask, text=text, words=text) for text in texts]


def clips_of(answer: Answer, *, is_part: bool) -> Iterator[Clip]:
    """The sound in order, the cost with its first piece. ``is_part``: more of the line follows in other answers."""
    cost_usd = answer.cost_usd
    for clip in answer.clips if not is_part else (whole(answer.clips),):
        samples = trimmed(clip.samples, clip.rate_hz) if is_part else clip.samples
        yield SpokenClip(samples, clip.rate_hz, cost_usd)
        cost_usd = 0.0
    if is_part:
        yield silence(_GAP_MS)


def whole(clips: Sequence[Clip]) -> Clip:
    return clips[0] if len(clips) == 1 else Clip(np.concatenate([clip.samples for clip in clips]), clips[0].rate_hz)


def is_too_short(answer: Answer, ask: Ask) -> bool:
    """Whether so many words cannot be in so little sound."""
    seconds = sum(len(clip.samples) / clip.rate_hz for clip in answer.clips)
    return len(ask.words) >= _JUDGED_CHARACTERS and seconds < _PLAUSIBLE_SHARE * len(ask.words) / CHARACTERS_PER_SECOND


def silence(pause_ms: int) -> Clip:
    return Clip(np.zeros(RATE_HZ * pause_ms // 1000, np.float32), RATE_HZ)
