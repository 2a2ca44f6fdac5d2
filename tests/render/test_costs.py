"""What a render costs: told before, kept with each line afterwards, nothing for a line that is ready."""

from __future__ import annotations

import pytest

from declaim.errors import Cancelled
from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.script import Chapter, Line, Script
from declaim.model.voice import Cast
from declaim.model.work import NO_PROGRESS, CancelToken
from declaim.render import LineCache, RenderRequest, plan_render, render
from tests.support.gemini_server import refusal, silent


def request(tmp_path, count, voice="gemini:Kore"):
    lines = tuple(Line("NARRATOR", f"This is line number {index} of a script.") for index in range(count))
    script = Script("Costs", (Chapter("", lines),))
    return RenderRequest(script, Cast(VoiceId(voice)), Delivery(), (), tmp_path / "out.wav", loudness="none")


def test_a_render_costs_what_its_plan_said_and_nothing_the_second_time(server, voices, tmp_path):
    cache = LineCache(tmp_path / "lines")
    asked = request(tmp_path, 6)
    plan = plan_render(asked, voices, cache)
    assert plan.cost_usd > 0
    render(asked, voices, cache, CancelToken())
    again = plan_render(asked, voices, cache)
    assert (again.cost_usd, again.ready_count) == (0, 6)
    paid = sum(line.known.recipe.cost_usd for line in again.lines if line.known)
    assert paid == pytest.approx(plan.cost_usd, rel=0.1)
    render(asked, voices, cache, CancelToken())
    assert len(server.asked) == 6


def test_local_voices_cost_nothing(voices, tmp_path):
    assert plan_render(request(tmp_path, 3, "scripted:ada"), voices, LineCache(tmp_path / "lines")).cost_usd == 0


def test_four_lines_are_asked_for_side_by_side(server, voices, tmp_path):
    server.delay_s = 0.1
    render(request(tmp_path, 12), voices, LineCache(tmp_path / "lines"), CancelToken())
    assert server.most_under_way == 4


def test_a_render_goes_on_through_everything_that_goes_wrong(server, voices, tmp_path):
    server.enqueue(
        refusal(500, "INTERNAL", "oops"), refusal(429, "RESOURCE_EXHAUSTED", "slow", retry="0.05s"), silent(), silent("SAFETY")
    )
    result = render(request(tmp_path, 8), voices, LineCache(tmp_path / "lines"), CancelToken())
    assert result.rendered_lines == 8
    assert len(server.asked) == 12


def test_cancel_during_a_render_returns_at_once_and_asks_for_nothing_more(server, voices, tmp_path):
    server.gate.clear()
    cancel = CancelToken()
    server.enqueue(*[lambda seen: (cancel.cancel() if server.under_way == 4 else None) or server.answer(seen)] * 4)
    with pytest.raises(Cancelled):
        render(request(tmp_path, 12), voices, LineCache(tmp_path / "lines"), cancel, NO_PROGRESS)
    assert server.under_way == 4  # it did not wait for the answers
    server.gate.set()
    assert len(server.asked) == 4


def test_what_was_paid_is_told_with_the_result_and_once_for_twins(server, voices, tmp_path):
    lines = (Line("NARRATOR", "The same words."), Line("NARRATOR", "The same words."), Line("NARRATOR", "Other words."))
    asked = RenderRequest(
        Script("Twins", (Chapter("", lines),)),
        Cast(VoiceId("gemini:Kore")),
        Delivery(),
        (),
        tmp_path / "out.wav",
        loudness="none",
    )
    outcomes = []
    cache = LineCache(tmp_path / "lines")
    result = render(asked, voices, cache, CancelToken(), NO_PROGRESS, outcomes.append)
    paid = [outcome for outcome in outcomes if outcome.cost_usd]
    assert [outcome.engine for outcome in paid] == ["gemini", "gemini"]
    assert result.cost_usd == pytest.approx(sum(outcome.cost_usd for outcome in paid))
    assert render(asked, voices, cache, CancelToken()).cost_usd == 0
