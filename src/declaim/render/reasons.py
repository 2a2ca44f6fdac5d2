"""Why a render would speak a line: what it was asked for before, laid beside what it would be asked for now.

Only what makes another sound counts: a change that this voice does not follow, or that only readers see, is no reason. So the
engine is asked whether the line as it is now would sound different with what it had before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from declaim.errors import InputError
from declaim.model.ids import LineKey
from declaim.model.script import Line
from declaim.model.spoken import SpokenLine
from declaim.render.asked import Asked
from declaim.render.cache import LineCache
from declaim.render.earlier import keys_written
from declaim.render.pauses import without_edges
from declaim.render.plan import line_keys, plan_render
from declaim.render.planned import PlannedLine, RenderPlan, RenderRequest
from declaim.speech import Speech
from declaim.voices import Voices

NOT_KNOWN = "what has changed is not known any more"


def plan_with_reasons(
    request: RenderRequest, voices: Voices, cache: LineCache, previous: Mapping[int, LineKey] | None = None
) -> RenderPlan:
    """The plan of a render, whose stale lines tell what has changed since they had the keys ``previous``, by index; without that,
    since ``request.out`` was last made.

    Raises:
        InputError, VoiceError: as ``plan_render``.
    """
    plan = plan_render(request, voices, cache)
    if not plan.to_render_count:
        return plan
    reasons = _Reasons(request, cache, _keys_of_file(plan, request, cache) if previous is None else previous)
    return replace(plan, lines=tuple(line if line.is_ready else replace(line, reason=reasons.of(line)) for line in plan.lines))


def _keys_of_file(plan: RenderPlan, request: RenderRequest, cache: LineCache) -> Mapping[int, LineKey] | None:
    """The keys that the lines had in the file; None where it is there and nobody remembers."""
    before = keys_written(cache.folder, request.out)
    if not before and request.out.is_file():
        return None
    return dict(_predecessors(before, plan.lines, cache))


def _predecessors(
    before: Sequence[LineKey | None], lines: Sequence[PlannedLine], cache: LineCache
) -> Iterator[tuple[int, LineKey]]:
    """For each line that stands where another stood: its index and the key of that. A line is known again by its words, as all
    keys are new where another voice speaks."""
    kept = {key: cache.find(key) for key in before if key is not None}
    texts = {key: str(line.recipe.asked.get("text", key) if line else key) for key, line in kept.items()}
    then = [texts[key] if key else "" for key in before]
    now = [texts.get(line.key, line.line.text) if line.key else "" for line in lines]
    for tag, start, end, first, last in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if tag in ("replace", "equal"):
            for index, key in zip(range(first, last), before[start:end], strict=False):
                if key is not None:
                    yield index, key


class _Reasons:
    def __init__(self, request: RenderRequest, cache: LineCache, previous: Mapping[int, LineKey] | None) -> None:
        self._request, self._cache, self._previous = request, cache, previous

    def of(self, line: PlannedLine) -> str:
        """Why a stale line is stale, in the user's words."""
        if not self._request.use_cache:
            return "everything is spoken anew"
        if self._previous is None:
            return NOT_KNOWN
        key = self._previous.get(line.index)
        if key is None:
            return "not spoken yet"
        if key in line_keys(line.engine, line.request):
            return "its audio is gone" if self._cache.find(key) is None else "lines are spoken one by one now"
        kept = self._cache.find(key)
        asked = kept.recipe.asked if kept else {}
        before = Asked.from_json(asked)
        if before:
            changed = [*self._changes(key, before, line)] or [*_changes_together(before, line)]
        else:
            changed = [*_sure_changes(asked, line)]
        return f"{_listed(changed)} changed" if changed else NOT_KNOWN

    def _changes(self, key: LineKey, before: Asked, line: PlannedLine) -> Iterator[str]:
        engine, was, now = line.engine, before.request, line.request
        sound = engine.fingerprint(now)

        def matters(**of_before: Any) -> bool:
            other = replace(now, **of_before)
            return other != now and engine.fingerprint(other) != sound

        if matters(line=was.line):
            is_text = before.text != line.line.text and matters(line=self._said(before.text, line.language))
            is_language = before.language not in ("", line.language)
            yield "text" if is_text else "language" if is_language else "lexicon"
        if was.voice != now.voice:
            yield "voice"
        if matters(delivery=replace(was.delivery, pace=now.delivery.pace)):
            yield "delivery"
        if matters(delivery=replace(now.delivery, pace=was.delivery.pace)):
            yield "calibration" if before.is_calibrated or line.is_calibrated else "pace"
        if matters(previous_text=was.previous_text, next_text=was.next_text):
            yield "the lines beside it"
        if was.voice == now.voice and key not in line_keys(engine, was):
            yield "the voice's engine"

    def _said(self, text: str, language: str) -> SpokenLine:
        """A line of before as it would be said now; without words where it cannot be read any more."""
        try:
            spoken = Speech(self._request.lexicon, language, self._request.pronunciation_notes).speak_line(Line("NARRATOR", text))
        except InputError:
            return SpokenLine("", "", ())
        return SpokenLine("", "", without_edges(spoken).line.parts)


def _changes_together(before: Asked, line: PlannedLine) -> Iterator[str]:
    """What makes no difference by itself: whispered words that whisper no more, in a delivery that forbids it."""
    if before.request.line != line.request.line:
        yield "text"
    if before.request.delivery != line.request.delivery:
        yield "delivery"


def _sure_changes(before: Mapping[str, Any], line: PlannedLine) -> Iterator[str]:
    """Of a line that was kept by a Declaim which noted less: the words shown and said, the voice and the delivery."""
    if "spoken" not in before:
        return
    delivery = line.request.delivery
    if before["spoken"] != line.spoken.text:
        yield "text" if before.get("shown") != line.spoken.shown else "text or lexicon"
    if before.get("voice") != line.request.voice:
        yield "voice"
    # The delivery was kept without its pace as soon as that was kept by itself.
    if before.get("delivery") != repr(replace(delivery, pace=1.0) if "pace" in before else delivery):
        yield "delivery"
    if before.get("pace", delivery.pace) != delivery.pace:
        yield "calibration" if line.is_calibrated else "pace"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
