"""A plan says of each stale line what has changed since the file was made."""

from __future__ import annotations

import pytest

from declaim.model.lexicon import LexiconEntry
from declaim.model.voice import Cast
from declaim.render import plan_with_reasons
from tests.render.conftest import BOB

LINES = [f"This is line number {n}, which stays." for n in range(6)]


def reasons(bench, *lines, **choices) -> dict[int, str]:
    plan = plan_with_reasons(bench.request(*lines, **choices), bench.voices, bench.cache)
    return {line.index: line.reason for line in plan.lines if not line.is_ready}


def test_before_the_first_render_nothing_was_spoken(bench):
    assert set(reasons(bench, *LINES).values()) == {"not spoken yet"}


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_a_changed_line_says_so_and_a_new_one_is_new(bench, kind):
    out = bench.folder / f"out.{kind}"
    bench.render(*LINES, out=out)
    assert reasons(bench, *LINES, out=out) == {}
    changed = ["A new one at the start.", *LINES[:3], "This one has other words.", *LINES[4:]]
    assert reasons(bench, *changed, out=out) == {0: "not spoken yet", 4: "text changed"}


def test_voice_and_lexicon_are_named(bench):
    bench.render(*LINES)
    assert set(reasons(bench, *LINES, cast=Cast(BOB)).values()) == {"voice changed"}
    lexicon = (LexiconEntry("number", "numero"),)
    assert set(reasons(bench, *LINES, lexicon=lexicon).values()) == {"lexicon changed"}


def test_a_line_whose_audio_was_deleted_says_so(bench):
    bench.render(*LINES)
    plan = plan_with_reasons(bench.request(*LINES), bench.voices, bench.cache)
    bench.cache.path(plan.lines[2].key).unlink()
    assert reasons(bench, *LINES) == {2: "its audio is gone"}
    assert bench.render(*LINES).rendered_lines == 1
