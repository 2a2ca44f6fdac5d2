"""A line is spoken, and paid for, once: also where two want it at the same time, and where its audio was harmed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from declaim.errors import CostNotAgreed
from declaim.model.library import LineState
from declaim.model.work import NO_PROGRESS, CancelToken
from declaim.render import LineCache, LinesFailed, plan_render, render, speak_one
from declaim.render.run import speak_lines
from declaim.voices.spoken_clip import SpokenClip
from tests.render.conftest import Bench
from tests.support.voices import ScriptedEngine

LINES = [f"Number {number} is here, and it is long enough." for number in range(8)]


class PaidEngine(ScriptedEngine):
    """A dollar for each line. ``begun`` is set by the first; ``gate`` holds up a line with the word "slow"."""

    key_name = "cloud"

    def __init__(self, **choices):
        super().__init__(**choices)
        self.begun, self.gate = threading.Event(), threading.Event()

    def cost_usd(self, request):
        return 1.0

    def _clips(self, request, outcome, cancel):
        self.begun.set()
        if "slow" in request.line.text:
            assert self.gate.wait(20)
            cancel.check()
        for clip in super()._clips(request, outcome, cancel):
            yield SpokenClip(clip.samples, clip.rate_hz, cost_usd=1.0)


@pytest.fixture
def paid(tmp_path):
    return Bench(tmp_path, PaidEngine(workers=2))


@pytest.fixture
def cache(paid):
    """One for all, as in the studio."""
    return paid.cache


def damage_all(cache):
    for path in cache.folder.rglob("*.flac"):
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 200] = b"\x55" * 200
        path.write_bytes(data)


def test_a_line_that_is_heard_while_a_render_runs_is_spoken_once(paid, cache):
    lines, outcomes = ["A slow one.", *LINES], []
    request = paid.request(*lines, jobs=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(render, request, paid.voices, cache, CancelToken(), on_line=outcomes.append)
        assert paid.engine.begun.wait(20)
        speak_one(request, 6, paid.voices, cache, CancelToken())
        paid.engine.gate.set()
        result = running.result()

    assert sorted(paid.engine.spoken) == sorted(lines)
    assert (result.cost_usd, result.rendered_lines, result.cached_lines) == (8.0, 8, 1)
    assert [outcome.was_found for outcome in outcomes if outcome.index == 6] == [False, True], "it began, and was there"


def test_who_wants_a_line_that_is_being_spoken_waits_for_it(paid, cache):
    request = paid.request("A slow one.")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(speak_one, request, 0, paid.voices, cache, CancelToken())
        assert paid.engine.begun.wait(20)
        second = pool.submit(speak_one, request, 0, paid.voices, cache, CancelToken())
        paid.engine.gate.set()

        assert first.result() == second.result()
    assert len(paid.engine.spoken) == 1


def test_two_renders_of_the_same_lines_speak_them_once(paid, cache):
    def rendered(name):
        return render(paid.request(*LINES, out=paid.folder / name), paid.voices, cache, CancelToken())

    paid.engine.delay_s = 0.02
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(rendered, ("a.wav", "b.wav")))

    assert sorted(paid.engine.spoken) == sorted(LINES)
    assert sum(result.cost_usd for result in results) == sum(result.rendered_lines for result in results) == len(LINES)


def test_who_speaks_every_line_anew_waits_for_nobody(paid, cache):
    paid.render(*LINES[:2])
    result = render(paid.request(*LINES[:2], use_cache=False), paid.voices, cache, CancelToken())

    assert result.rendered_lines == 2
    assert len(paid.engine.spoken) == 4


def test_a_line_whose_render_is_paused_is_spoken_by_whoever_wants_it_now(paid, cache):
    request, paused = paid.request("A slow one."), CancelToken()
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(render, request, paid.voices, cache, paused)
        assert paid.engine.begun.wait(20)
        paused.pause()
        paid.engine.gate.set()
        speak_one(request, 0, paid.voices, cache, CancelToken())
        paused.resume()
        held.result()

    assert len(paid.engine.spoken) == 2, "it was not waited for"


def test_a_line_whose_render_was_cancelled_is_spoken_by_the_next(paid, cache):
    request, first = paid.request("A slow one."), CancelToken()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(render, request, paid.voices, cache, first)
        assert paid.engine.begun.wait(20)
        second = pool.submit(speak_one, request, 0, paid.voices, cache, CancelToken())
        first.cancel()
        paid.engine.gate.set()

        assert second.result().exists()


def test_who_cancels_a_render_that_hangs_and_starts_another_does_not_wait_for_it(paid, cache):
    request, first = paid.request("A slow one."), CancelToken()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(render, request, paid.voices, cache, first)
        assert paid.engine.begun.wait(20)
        first.cancel()
        second = CancelToken()
        pool.submit(render, paid.request("A slow one.", "Another."), paid.voices, cache, second)
        try:
            end = time.monotonic() + 10
            while paid.engine.spoken.count("A slow one.") < 2:
                assert time.monotonic() < end, "it waits for what was given up"
                time.sleep(0.01)
        finally:
            second.cancel()
            paid.engine.gate.set()


def test_a_line_that_hung_is_spoken_by_the_next(paid, cache):
    request = paid.request("A slow one.")
    plan = plan_render(request, paid.voices, cache)
    with pytest.raises(LinesFailed, match="no sign of life"):
        speak_lines(plan.lines, cache, CancelToken(), NO_PROGRESS, paid.outcomes.append, stall_s=0.1)
    paid.engine.gate.set()

    assert speak_one(request, 0, paid.voices, cache, CancelToken()).exists()


class TalkingEngine(PaidEngine):
    """Speaks four neighbouring lines in one request; ``asked`` has their words. ``hangs`` lets a request wait for ``gate``."""

    speaks_exchanges = True
    hangs = False

    def __init__(self, **choices):
        super().__init__(**choices)
        self.asked = []

    def exchanges(self, requests):
        starts = range(0, len(requests) - 1, 4)
        return [range(start, min(start + 4, len(requests))) for start in starts]

    def speak_exchange(self, requests, cancel):
        self.asked.append([request.line.text for request in requests])
        self.begun.set()
        if self.hangs:
            assert self.gate.wait(20)
        for place, request in enumerate(requests):
            for clip in super().speak(request, cancel):
                yield place, clip


class TestExchanges:
    @pytest.fixture
    def paid(self, tmp_path):
        return Bench(tmp_path, TalkingEngine(workers=3))

    @pytest.mark.parametrize("trial", range(5))
    def test_two_renders_ask_for_each_exchange_once(self, paid, cache, trial):
        def rendered(name):
            return render(paid.request(*LINES, out=paid.folder / name), paid.voices, cache, CancelToken())

        paid.engine.delay_s = 0.01
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(rendered, ("a.wav", "b.wav")))

        assert sorted(paid.engine.asked) == [LINES[:4], LINES[4:]]
        assert sum(result.cost_usd for result in results) == len(LINES)

    def test_a_line_that_is_there_by_now_leaves_the_others_of_its_exchange_to_be_spoken_alone(self, paid, cache):
        plan = plan_render(paid.request(*LINES[:4]), paid.voices, cache)
        first = plan.lines[0]
        speak_lines([first], cache, CancelToken(), NO_PROGRESS, paid.outcomes.append)
        paid.engine.asked.clear()
        again = plan_render(paid.request(*LINES[:4], use_cache=False), paid.voices, cache)

        assert set(speak_lines(again.lines, cache, CancelToken(), NO_PROGRESS, paid.outcomes.append)) == set(range(4))
        assert paid.engine.asked == []

    def test_an_exchange_that_hangs_fails_one_line_and_the_others_are_spoken_alone(self, paid, cache):
        paid.engine.hangs = True
        plan = plan_render(paid.request(*LINES[:4]), paid.voices, cache)
        try:
            with pytest.raises(LinesFailed, match="no sign of life") as caught:
                speak_lines(plan.lines, cache, CancelToken(), NO_PROGRESS, paid.outcomes.append, stall_s=0.2)
        finally:
            paid.engine.gate.set()

        assert len(caught.value.failures) == 1
        assert sorted(paid.engine.spoken)[:3] == LINES[1:4]


class TestHarmedAudio:
    def test_all_of_it_is_spoken_anew_in_one_render_and_counted(self, paid):
        paid.render(*LINES, out=paid.folder / "a.flac")
        damage_all(paid.cache)
        paid.outcomes.clear()

        result = paid.render(*LINES, out=paid.folder / "b.flac")

        assert (result.rendered_lines, result.cached_lines, result.cost_usd) == (8, 0, 8.0)
        assert len(paid.engine.spoken) == 16
        announced = {outcome.index for outcome in paid.outcomes if outcome.state is LineState.RENDERING}
        assert announced == set(range(8))

    def test_nothing_is_sent_that_costs_more_than_was_agreed_to(self, paid):
        paid.render(*LINES[:2], out=paid.folder / "a.flac")
        damage_all(paid.cache)
        request = paid.request(*LINES[:2], out=paid.folder / "b.flac")

        with pytest.raises(CostNotAgreed, match=r"\$2\.00"):
            render(request, paid.voices, LineCache(paid.cache.folder), CancelToken(), limit_usd=1.5)
        assert len(paid.engine.spoken) == 2
        assert not (paid.folder / "b.flac").exists()


def test_a_single_line_asks_for_a_limit_too(paid, cache):
    with pytest.raises(CostNotAgreed):
        speak_one(paid.request(*LINES), 3, paid.voices, cache, CancelToken(), limit_usd=0.5)

    assert paid.engine.spoken == []
