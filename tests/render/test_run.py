from __future__ import annotations

import shutil
import threading
import time

import numpy as np
import pytest

from declaim.errors import Cancelled, VoiceError
from declaim.model.clip import Clip
from declaim.model.ids import VoiceId
from declaim.model.library import LineState
from declaim.model.voice import Cast
from declaim.model.work import NO_PROGRESS, CancelToken
from declaim.render import LineCache, LinesFailed, plan_render
from declaim.render.dealing import Deal
from declaim.render.run import speak_lines
from declaim.voices.apart import ApartEngine
from tests.render.conftest import WORDS
from tests.support.fragile_engine import FragileEngine
from tests.support.voices import RATE_HZ, ScriptedEngine, tone


class HangingEngine(ScriptedEngine):
    """Never gives anything for lines with the word "stuck"."""

    def __init__(self, **choices) -> None:
        super().__init__(**choices)
        self.release = threading.Event()

    def speak(self, request, cancel):
        if "stuck" in request.line.text:
            self.release.wait(20)
        yield from super().speak(request, cancel)


@pytest.fixture
def hanging(bench):
    bench.engine = HangingEngine(workers=2)
    yield bench
    bench.engine.release.set()


def speak(bench, *lines, cancel=None, stall_s=30, **choices):
    """Speaks the lines of a plan, without a programme."""
    plan = plan_render(bench.request(*lines), bench.voices, bench.cache)
    return speak_lines(
        plan.lines, bench.cache, cancel or CancelToken(), NO_PROGRESS, bench.outcomes.append, stall_s=stall_s, **choices
    )


def states(bench, index):
    return [outcome.state for outcome in bench.outcomes if outcome.index == index]


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (Clip(np.zeros(RATE_HZ, np.float32), RATE_HZ), "only silence"),
        (Clip(np.zeros(0, np.float32), RATE_HZ), "no sound"),
        ([], "no sound"),
        (Clip(np.full(RATE_HZ, np.nan, np.float32), RATE_HZ), "broken"),
        (Clip(np.full(RATE_HZ, np.inf, np.float32), RATE_HZ), "broken"),
        (Clip(tone(1.0).samples, 0), "impossible rate"),
        (Clip(tone(1.0).samples, 3_000_000), "impossible rate"),
        (Clip(np.array(["x"]), RATE_HZ), "not audio"),
        (VoiceError("The cloud is down.", cure="Wait."), "The cloud is down"),
        (OSError(28, "No space left on device"), "No space left"),
    ],
    ids=["silence", "empty", "nothing", "nan", "inf", "no rate", "high rate", "no numbers", "error", "full disk"],
)
def test_a_line_that_cannot_be_spoken_says_why_and_the_others_are_kept(bench, sound, words):
    bench.engine.enqueue(sound, text="The bad one.")

    with pytest.raises(LinesFailed, match=words) as caught:
        bench.render("One is here.", "The bad one.", "Three is here.")

    assert [failure.index for failure in caught.value.failures] == [1]
    assert "Line 2" in str(caught.value)
    assert caught.value.cure
    assert states(bench, 1)[-1] is LineState.FAILED
    assert not (bench.folder / "out.wav").exists()
    assert bench.render("One is here.", "Three is here.").cached_lines == 2


class RefusedCache(LineCache):
    """On a disk that refuses."""

    def __init__(self, folder, refusal):
        super().__init__(folder)
        self.refusal = refusal

    def write(self, *_):
        raise self.refusal


def speak_into(cache, bench):
    return speak_lines(plan_render(bench.request(WORDS), bench.voices, cache).lines, cache, CancelToken(), NO_PROGRESS, print)


def test_a_full_disk_is_named_where_the_encoder_has_words_of_its_own(bench, monkeypatch):
    monkeypatch.setattr("declaim.render.run.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(1000, 1000, 0))
    cache = RefusedCache(bench.folder, OSError("cannot write a.flac: problem with the encoder."))

    with pytest.raises(LinesFailed, match=r"the disk is full\. Free some space"):
        speak_into(cache, bench)


def test_a_folder_of_lines_that_cannot_be_written_is_not_called_full(bench):
    with pytest.raises(LinesFailed, match="Make the folder writable"):
        speak_into(RefusedCache(bench.folder, OSError(30, "Read-only file system")), bench)


def test_what_the_system_refuses_an_engine_is_not_told_as_a_full_disk(bench):
    bench.engine.enqueue(ConnectionRefusedError(111, "Connection refused"))
    with pytest.raises(LinesFailed, match=r"Scripted could not speak this line: Connection refused\. Try again, or choose"):
        speak(bench, WORDS)


def test_a_crash_inside_an_engine_fails_that_line_and_is_logged(bench, expected_warnings):
    expected_warnings.append("broke on a line")
    bench.engine.enqueue(ZeroDivisionError("oops"), text="The bad one.")

    with pytest.raises(LinesFailed, match=r"Scripted broke on this line \(ZeroDivisionError: oops\)"):
        bench.render("One is here.", "The bad one.")


def test_an_engine_that_says_cancelled_without_being_asked_fails_the_line(bench):
    bench.engine.enqueue(Cancelled(), text="The bad one.")

    with pytest.raises(LinesFailed):
        bench.render("One is here.", "The bad one.")


@pytest.mark.parametrize(
    "sound",
    [
        Clip(np.repeat(tone(1.0).samples[:, None], 2, axis=1), RATE_HZ),
        Clip(np.repeat(tone(1.0).samples[None, :], 2, axis=0), RATE_HZ),
        Clip((tone(1.0).samples * 32767).astype(np.int16), RATE_HZ),
        Clip(tone(1.0).samples.astype(np.float64), RATE_HZ),
        tone(1.0, rate_hz=48_000),
        [tone(0.5), tone(0.5, rate_hz=48_000)],
    ],
    ids=["stereo", "stereo in rows", "int16", "float64", "another rate", "two rates"],
)
def test_odd_but_usable_sound_is_made_fit(bench, sound):
    bench.engine.enqueue(sound)
    result = bench.render("Some fifteen words.")

    assert result.timings[0].end_ms == pytest.approx(1000, abs=30)


def test_an_engine_that_hangs_fails_its_line_and_the_others_go_on(hanging):
    with pytest.raises(LinesFailed, match="no sign of life") as caught:
        speak(hanging, "One is here.", "This is stuck.", "Three is here.", "Four is here.", stall_s=0.3)

    assert [failure.index for failure in caught.value.failures] == [1]
    assert {index for index in range(4) if states(hanging, index)[-1] is LineState.READY} == {0, 2, 3}


def test_an_engine_that_hangs_again_and_again_fails_all_its_lines(hanging):
    with pytest.raises(LinesFailed) as caught:
        speak(hanging, *(f"Number {n} is stuck." for n in range(12)), stall_s=0.05)

    assert len(caught.value.failures) == 12


class TestAnEngineApart:
    """In a process of its own, as the offline ones are; see ``FragileEngine``."""

    @pytest.fixture
    def apart(self, bench):
        bench.engine = ApartEngine(FragileEngine)
        yield bench
        bench.engine.close()

    def speak(self, bench, *lines, **choices):
        plan = plan_render(bench.request(*lines, cast=Cast(VoiceId("fragile:ada"))), bench.voices, bench.cache)
        return speak_lines(plan.lines, bench.cache, CancelToken(), NO_PROGRESS, bench.outcomes.append, **choices)

    def test_a_crash_of_native_code_fails_that_line_and_all_others_are_spoken(self, apart):
        lines = ("One is here.", "This crashes.", "Three is here.", "Four is here.", "Five is here.")
        with pytest.raises(LinesFailed, match=r"Line 2 could not be spoken: Scripted crashed on this line \(SIGSEGV\)") as caught:
            self.speak(apart, *lines)

        assert [failure.index for failure in caught.value.failures] == [1]
        assert {index for index in range(5) if states(apart, index)[-1] is LineState.READY} == {0, 2, 3, 4}

    def test_a_crash_that_comes_of_two_lines_at_once_fails_none(self, apart):
        kept = self.speak(apart, *(f"The neighbour number {count}." for count in range(4)))

        assert len(kept) == 4

    def test_what_was_heard_before_the_crash_is_not_heard_again(self, apart):
        heard = []
        with pytest.raises(LinesFailed):
            self.speak(apart, "It ends halfway.", on_sound=lambda index, clip: heard.append((index, len(clip.samples))))

        assert heard == [(0, RATE_HZ // 2)]

    def test_a_line_that_is_heard_goes_on_where_the_crash_broke_it_off(self, apart):
        heard = []
        kept = self.speak(apart, "It ends once only.", on_sound=lambda _index, clip: heard.append(clip))

        heard_ms = sum(clip.duration_ms for clip in heard)
        assert heard_ms == pytest.approx(kept[0].duration_ms, abs=60), "but for the silence at its edges"
        assert not heard[0].goes_on

    def test_an_engine_that_crashes_again_and_again_fails_all_its_lines(self, apart):
        with pytest.raises(LinesFailed) as caught:
            self.speak(apart, *(f"Number {count} crashes." for count in range(30)))

        assert len(caught.value.failures) == 30
        begun = {outcome.index for outcome in apart.outcomes if outcome.state is LineState.RENDERING}
        assert len(begun) < 10, "it was not started for each of them"

    def test_an_engine_that_hangs_is_started_anew(self, apart):
        with pytest.raises(LinesFailed, match="no sign of life") as caught:
            self.speak(apart, "This hangs.", "Two is here.", "Three is here.", jobs=1, stall_s=5)

        assert [failure.index for failure in caught.value.failures] == [0]


def test_a_slow_engine_that_shows_life_is_no_hang(bench):
    class Slow(ScriptedEngine):
        def speak(self, request, cancel):
            for _ in range(5):
                time.sleep(0.1)
                yield tone(0.3)

    bench.engine = Slow()
    speak(bench, "word " * 10, stall_s=0.3)

    assert states(bench, 0)[-1] is LineState.READY


def test_a_paused_render_waits_and_goes_on(bench):
    cancel = CancelToken()
    bench.engine.delay_s = 0.01
    cancel.pause()
    thread = threading.Thread(target=speak, args=(bench, "One is here.", "Two is here."), kwargs={"cancel": cancel})
    thread.start()
    time.sleep(0.5)
    while_paused = list(bench.engine.history)
    cancel.resume()
    thread.join(5)

    assert while_paused == []
    assert [states(bench, index)[-1] for index in (0, 1)] == [LineState.READY] * 2


def test_a_cancel_is_heard_within_a_chunk(bench):
    class Endless(ScriptedEngine):
        def speak(self, request, cancel):
            while True:
                cancel.check()
                time.sleep(0.01)
                yield tone(0.1)

    bench.engine, cancel = Endless(), CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        speak(bench, WORDS, cancel=cancel)

    assert time.monotonic() - started < 0.6


def test_lines_are_dealt_in_order_and_the_tail_longest_first(bench):
    lines = [f"{'long ' * (n % 5)}Number {n} is here." for n in range(20)]
    deal = Deal(plan_render(bench.request(*lines), bench.voices, bench.cache).lines, workers=2)
    dealt = [planned.line.text for planned in iter(deal.next, None)]

    assert dealt[:12] == lines[:12]
    lengths = [len(text) for text in dealt[12:]]
    assert lengths == sorted(lengths, reverse=True)
    assert sorted(dealt) == sorted(lines)


def test_every_worker_of_an_engine_is_used(bench):
    bench.engine = ScriptedEngine(workers=4, delay_s=0.1)
    bench.engine.key_name = "cloud"
    started = time.monotonic()
    speak(bench, *(f"Number {n} is here." for n in range(8)))

    assert time.monotonic() - started < 0.6


def test_a_line_announces_that_it_begins_and_that_it_is_ready(bench):
    speak(bench, WORDS)

    assert states(bench, 0) == [LineState.RENDERING, LineState.READY]
    assert bench.outcomes[-1].duration_ms == pytest.approx(4130, abs=100)


def test_everything_is_announced_in_the_thread_that_asked(bench):
    threads = set()
    plan = plan_render(bench.request("One.", "Two.", "Three."), bench.voices, bench.cache)
    speak_lines(plan.lines, bench.cache, CancelToken(), NO_PROGRESS, lambda _: threads.add(threading.get_ident()))

    assert threads == {threading.get_ident()}


def test_a_suspect_line_is_spoken_once_more_and_the_better_one_kept(bench):
    bench.engine.enqueue(30.0, text=WORDS)
    kept = speak(bench, WORDS)[0]

    assert len(bench.engine.history) == 2
    assert kept.recipe.suspicion == ""
    assert states(bench, 0)[-1] is LineState.READY


def test_a_line_that_stays_suspect_is_kept_and_says_why(bench):
    bench.engine.enqueue(30.0, 30.0, text=WORDS)
    result = bench.render(WORDS)

    assert states(bench, 0)[-1] is LineState.SUSPECT
    assert "longer than its text" in result.suspect_lines[0].reason
    assert bench.render(WORDS).suspect_lines == result.suspect_lines


def test_a_suspect_line_that_costs_money_is_not_spoken_again(bench):
    bench.engine.key_name = "cloud"
    bench.engine.enqueue(30.0, text=WORDS)
    speak(bench, WORDS)

    assert len(bench.engine.history) == 1


def test_a_suspect_line_is_not_spoken_again_where_it_would_sound_the_same(bench):
    bench.engine.is_random = False
    bench.engine.enqueue(30.0, text=WORDS)
    kept = speak(bench, WORDS)[0]

    assert len(bench.engine.history) == 1
    assert "longer than its text" in kept.recipe.suspicion


class Clock:
    """The machine's clock, which jumps while it sleeps."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.slept_s


def test_an_engine_is_not_blamed_for_the_time_that_the_machine_slept(hanging, monkeypatch):
    clock = Clock()
    monkeypatch.setattr("declaim.render.run.time", clock)

    def sleep_once(_outcome):
        if not clock.slept_s:
            clock.slept_s = 8 * 3600.0
            threading.Timer(0.15, hanging.engine.release.set).start()

    lines = plan_render(hanging.request("This is stuck."), hanging.voices, hanging.cache).lines
    kept = speak_lines(lines, hanging.cache, CancelToken(), NO_PROGRESS, sleep_once, stall_s=60)

    assert kept[0].duration_ms > 0


def test_no_more_lines_are_spoken_side_by_side_than_the_engine_takes(bench):
    speaking, most = [], []

    class Counting(ScriptedEngine):
        def speak(self, request, cancel):
            speaking.append(request)
            most.append(len(speaking))
            yield from super().speak(request, cancel)
            speaking.remove(request)

    bench.engine = Counting(workers=2, delay_s=0.01)
    bench.render(*(f"Number {number} is here." for number in range(12)), jobs=64)
    assert 1 <= max(most) <= 2
