"""Listening again: what a recogniser hears of each line, against its words. Once for each line: the answer is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.audio import resample
from declaim.model.work import CancelToken, Progress
from declaim.render.cache import KeptLine, LineCache, LineDamaged
from declaim.render.planned import PlannedLine, RenderRequest
from declaim.render.run import LineOutcome, ready_outcome
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
    speech = Speech(request.lexicon, request.language, request.pronunciation_notes)
    checked: list[PlannedLine] = []
    for number, planned in enumerate(lines, 1):
        cancel.check()
        kept = _verified(planned, speech, request.language, cache, ear)
        if kept is not planned.known:
            planned = replace(planned, known=kept)
            on_line(ready_outcome(planned, kept))
        checked.append(planned)
        progress.update(0.999, 1.0, f"Listening to line {number} of {len(lines)}")
    return checked


def _verified(planned: PlannedLine, speech: Speech, language: str, cache: LineCache, ear: Ear) -> KeptLine | None:
    known = planned.known
    if planned.key is None or known is None:
        return known
    recipe = known.recipe
    if recipe.heard is None:
        try:
            clip = cache.read(planned.key)
        except LineDamaged:  # whoever writes the file meets it too, and has it spoken anew
            return known
        heard = ear.transcribe(resample(clip.samples, clip.rate_hz, RATE_HZ), language)
        recipe = replace(recipe, heard=heard)
    reason = reason_of(unheard(planned.spoken, recipe.heard or "", speech))
    recipe = replace(recipe, suspicion=reason if _may_be_replaced(recipe.suspicion) else recipe.suspicion)
    return known if recipe == known.recipe else cache.note(planned.key, recipe)


def _may_be_replaced(suspicion: str) -> bool:
    return not suspicion or suspicion.startswith(NOT_HEARD)
