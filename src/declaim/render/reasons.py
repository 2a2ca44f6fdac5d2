"""Why a render would speak a line: found by laying what the file was made of beside what it would be made of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from declaim.model.ids import LineKey
from declaim.render.cache import LineCache
from declaim.render.earlier import keys_written
from declaim.render.plan import plan_render
from declaim.render.planned import RenderPlan, RenderRequest
from declaim.voices import Voices


def plan_with_reasons(request: RenderRequest, voices: Voices, cache: LineCache) -> RenderPlan:
    """The plan of a render, whose stale lines tell what has changed since ``request.out`` was last made.

    Raises:
        InputError, VoiceError: as ``plan_render``.
    """
    plan = plan_render(request, voices, cache)
    before = keys_written(cache.folder, request.out)
    if not before or not plan.to_render_count:
        return plan
    previous = dict(_predecessors(before, [line.key for line in plan.lines]))
    return plan_render(replace(request, previous=previous), voices, cache)


def _predecessors(before: Sequence[LineKey | None], now: Sequence[LineKey | None]) -> Iterator[tuple[int, LineKey]]:
    """For each line that stands where another stood: its index and the key of that."""
    for tag, start, end, first, last in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if tag in ("replace", "equal"):
            for index, key in zip(range(first, last), before[start:end], strict=False):
                if key is not None:
                    yield index, key
