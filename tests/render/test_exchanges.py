"""Lines that are missing side by side are spoken in one request; each is kept by itself, and a changed one is spoken alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from declaim.errors import Cancelled
from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.script import Chapter, Line, Script
from declaim.model.voice import Cast
from declaim.model.work import CancelToken
from declaim.render import LineCache, RenderRequest, plan_render, render, speak_one
from declaim.voices import Voices
from declaim.voices.conversing import MOST_UNSURE
from tests.support.gemini_server import silent, turns_of
from tests.support.voices import ScriptedEngine

WORDS = ["Is dark mode here at last?", "It is, in every window.", "Then I am glad of it.", "So am I, every evening."]
CAST = Cast(VoiceId("gemini:Kore"), {"HOST2": VoiceId("gemini:Puck")})


@pytest.fixture
def cache(tmp_path):
    return LineCache(tmp_path / "lines")


def request(tmp_path, words=WORDS):
    lines = tuple(Line(f"HOST{1 + index % 2}", text) for index, text in enumerate(words))
    return RenderRequest(Script("Talk", (Chapter("", lines),)), CAST, Delivery(), (), tmp_path / "out.wav", loudness="none")


def test_two_hosts_are_spoken_in_one_request_and_kept_line_by_line(server, voices, cache, tmp_path):
    plan = plan_render(request(tmp_path), voices, cache)
    result = render(request(tmp_path), voices, cache, CancelToken())
    assert len(server.asked) == 1
    again = plan_render(request(tmp_path), voices, cache)
    assert [line.key for line in again.lines] == [line.key for line in plan.lines]
    assert [line.known.duration_ms for line in again.lines] == pytest.approx([len(text) * 1000 / 15 for text in WORDS], abs=60)
    assert result.cost_usd == pytest.approx(plan.cost_usd, rel=0.15)
    assert again.cost_usd == 0


def test_a_changed_line_is_spoken_alone(server, voices, cache, tmp_path):
    render(request(tmp_path), voices, cache, CancelToken())
    changed = request(tmp_path, [WORDS[0], "It is, in most windows.", *WORDS[2:]])
    assert plan_render(changed, voices, cache).to_render_count == 1
    render(changed, voices, cache, CancelToken())
    assert turns_of(server.asked[-1]) == ["It is, in most windows."]
    assert len(server.asked) == 2


def test_a_line_that_was_heard_before_is_not_spoken_again(server, voices, cache, tmp_path):
    speak_one(request(tmp_path), 1, voices, cache, CancelToken())
    render(request(tmp_path), voices, cache, CancelToken())
    assert [turns_of(seen) for seen in server.asked if len(turns_of(seen)) == 1] == [[WORDS[1]], [WORDS[0]]]
    assert len(server.asked) == 3


def test_what_is_heard_is_what_was_rendered(server, voices, cache, tmp_path):
    render(request(tmp_path), voices, cache, CancelToken())
    heard = speak_one(request(tmp_path), 1, voices, cache, CancelToken())
    assert heard == cache.path(plan_render(request(tmp_path), voices, cache).lines[1].key)
    assert len(server.asked) == 1


@pytest.mark.parametrize("jobs", [None, 1])
def test_where_the_cuts_are_not_sure_each_line_is_spoken_alone_and_all_is_counted(server, voices, cache, tmp_path, jobs):
    server.enqueue(silent())
    result = render(replace(request(tmp_path), jobs=jobs), voices, cache, CancelToken())
    assert sorted(text for seen in server.asked[1:] for text in turns_of(seen)) == sorted(WORDS)
    assert result.rendered_lines == 4
    assert plan_render(request(tmp_path), voices, cache).to_render_count == 0


def test_what_has_come_is_kept_where_the_user_stops(server, voices, cache, tmp_path):
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        render(request(tmp_path), voices, cache, cancel, on_line=lambda line: cancel.cancel() if line.duration_ms else None)
    assert plan_render(request(tmp_path), voices, cache).to_render_count == 0
    assert len(server.asked) == 1


def test_of_two_lines_that_are_the_same_one_is_spoken(server, voices, cache, tmp_path):
    render(request(tmp_path, ["Yes, it is here.", "Is it really here?"] * 3), voices, cache, CancelToken())
    assert [len(turns_of(seen)) for seen in server.asked] == [2]


def test_an_engine_of_ones_own_may_speak_exchanges(tmp_path):
    """As the docstring of ``declaim.voices`` tells it, through a whole render."""

    class Talkative(ScriptedEngine):
        speaks_exchanges = True
        together = 0

        def exchanges(self, requests):
            return [range(len(requests))] if len(requests) > 1 else []

        def speak_exchange(self, requests, cancel):
            self.together += len(requests)
            for place, request in enumerate(requests[:-1]):
                for clip in self.speak(request, cancel):
                    yield place, clip

    engine = Talkative()
    lines = tuple(Line("NARRATOR", f"Line number {index}.") for index in range(3))
    script = Script("Talk", (Chapter("", lines),))
    order = RenderRequest(script, Cast(VoiceId("scripted:ada")), Delivery(), (), tmp_path / "out.wav", loudness="none")
    result = render(order, Voices([engine]), LineCache(tmp_path / "lines"), CancelToken())
    assert (result.rendered_lines, engine.together) == (3, 3)
    assert sorted(engine.spoken) == [line.text for line in lines]


def test_what_was_spoken_together_stays_ready_when_no_more_exchanges_are_asked_for(server, voices, cache, tmp_path):
    render(request(tmp_path), voices, cache, CancelToken())
    for number in range(MOST_UNSURE):
        server.enqueue(silent())
        words = [f"Number {number} is {word}." for word in ("one", "two")]
        render(request(tmp_path, words), voices, cache, CancelToken())
        assert plan_render(request(tmp_path, words), voices, cache).to_render_count == 0
    assert plan_render(request(tmp_path), voices, cache).to_render_count == 0
