"""Listening again: what a recogniser hears of each line, against its words. Once for each line: the answer is kept."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.audio import resample
from declaim.model.ids import LineKey
from declaim.model.work import CancelToken, Progress
from declaim.render.cache import KeptLine, LineCache, LineDamaged
from declaim.render.outcomes import LineOutcome, ready_outcome
from declaim.render.pace import PaceBook
from declaim.render.planned import PlannedLine, RenderRequest
from declaim.speech import Speech
from declaim.speech.listening import NOT_HEARD, reason_of, unheard
from declaim.voices.recogniser import RATE_HZ


class Ear(Protocol):
    """``voices.recogniser.Recogniser``."""

    def check(self) -> None: ...

    def transcribe(self, samples: NDArray[np.float32], language: str) -> str: ...


def verify_lines(
    lines: Sequence[PlannedLine],
    request: RenderRequest,
    cache: LineCache,
    ear: Ear,
    cancel: CancelToken,
    progress: Progress,
    on_line: Callable[[LineOutcome], None],
) -> list[PlannedLine]:
    """The lines, those with missing words marked as suspect; announces what has changed. What was suspect for another reason
    stays so.

    Raises:
        VoiceNotReady: where there is no recogniser.
        Cancelled: when the user asked to stop; what was heard by then is kept.
    """
    speech = functools.cache(lambda language: Speech(request.lexicon, language, request.pronunciation_notes))
    listening = _Listening(cache, ear, PaceBook(cache.folder))
    unheard_count = len({planned.key for planned in lines if planned.is_unheard})
    checked: list[PlannedLine] = []
    for number, planned in enumerate(lines, 1):
        cancel.check()
        kept = _verified(planned, speech(planned.language), cache, listening)
        if kept is not planned.known:
            planned = replace(planned, known=kept)
            on_line(ready_outcome(planned, kept))
        checked.append(planned)
        progress.update(listening.count, max(1, unheard_count), f"Listening to line {number} of {len(lines)}")
    listening.pace.save()
    return checked


def _verified(planned: PlannedLine, speech: Speech, cache: LineCache, listening: _Listening) -> KeptLine | None:
    known = planned.known
    if planned.key is None or known is None:
        return known
    recipe = known.recipe
    if recipe.heard is None:
        try:
            recipe = replace(recipe, heard=listening.heard(planned.key, planned.language))
        except LineDamaged:  # whoever writes the file meets it too, and has it spoken anew
            return known
    reason = reason_of(unheard(planned.spoken, recipe.heard or "", speech))
    recipe = replace(recipe, suspicion=reason if _may_be_replaced(recipe.suspicion) else recipe.suspicion)
    return known if recipe == known.recipe else cache.note(planned.key, recipe)


class _Listening:
    """Hears each sound once, and learns how long that takes."""

    def __init__(self, cache: LineCache, ear: Ear, pace: PaceBook) -> None:
        self.pace = pace
        self._cache, self._ear = cache, ear
        self._heard: dict[LineKey, str] = {}

    @property
    def count(self) -> int:
        return len(self._heard)

    def heard(self, key: LineKey, language: str) -> str:
        """
        Raises:
            LineDamaged: where there is nothing to hear.
        """
        if key not in self._heard:
            clip = self._cache.read(key)
            started = time.monotonic()
            heard = self._ear.transcribe(resample(clip.samples, clip.rate_hz, RATE_HZ), language)
            if self._heard:  # the first one waited for the recogniser to be loaded
                self.pace.learn_hearing(clip.duration_ms / 1000, time.monotonic() - started)
            self._heard[key] = heard
        return self._heard[key]


def _may_be_replaced(suspicion: str) -> bool:
    return not suspicion or suspicion.startswith(NOT_HEARD)
