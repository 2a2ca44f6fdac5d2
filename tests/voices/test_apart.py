from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from declaim.errors import Cancelled, VoiceCrashed, VoiceError, VoiceNotReady
from declaim.model.ids import VoiceId
from declaim.model.work import CancelToken
from declaim.voices import Layout, Voices, apart
from declaim.voices.apart import ApartEngine
from declaim.voices.piper import PiperEngine
from tests.support.fragile_engine import FragileEngine
from tests.support.voices import RATE_HZ
from tests.voices.conftest import request_for, seconds, speak

ADA = "fragile:ada"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the engine here ends itself by signals")


@pytest.fixture(scope="module")
def lasting():
    engine = ApartEngine(FragileEngine)
    yield engine
    engine.close()


@pytest.fixture
def engine():
    engine = ApartEngine(FragileEngine)
    yield engine
    engine.close()


def pid_of(engine):
    return engine._process._child.pid


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def wait_until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def test_it_speaks_what_the_engine_speaks(lasting):
    clips, own = speak(lasting, ADA, "One line of words."), speak(FragileEngine(), ADA, "One line of words.")

    assert [clip.rate_hz for clip in clips] == [RATE_HZ] * len(own)
    assert all(np.array_equal(clip.samples, other.samples) for clip, other in zip(clips, own, strict=True))


def test_what_is_asked_often_starts_no_process(engine):
    own, request = FragileEngine(), request_for(ADA, "Words.")

    assert engine.voices() == own.voices()
    assert engine.fingerprint(request) == own.fingerprint(request)
    assert (engine.name, engine.label, engine.version, engine.layout) == (own.name, own.label, own.version, own.layout)
    assert engine._process is None


def test_a_crash_fails_the_line_with_the_cure_and_the_next_line_is_spoken(lasting):
    with pytest.raises(VoiceCrashed, match=r"Scripted crashed on this line \(SIGSEGV\)\. Try again; .* another voice") as caught:
        speak(lasting, ADA, "This crashes.")
    assert caught.value.cure

    assert seconds(speak(lasting, ADA, "This does not.")) > 0.5


def test_who_is_killed_for_want_of_memory_is_told_so(lasting):
    with pytest.raises(VoiceCrashed, match="SIGKILL: the system ended it, perhaps for want of memory"):
        speak(lasting, ADA, "This is killed.")


def test_a_line_that_was_beside_a_crash_is_spoken_when_it_is_asked_for_again(engine):
    beside = engine.speak(request_for(ADA, "This is endless."), CancelToken())
    next(beside)
    with pytest.raises(VoiceCrashed):
        speak(engine, ADA, "The neighbour.")
    with pytest.raises(VoiceCrashed):  # both were in the process that ended
        list(beside)

    assert seconds(speak(engine, ADA, "The neighbour.")) > 0.5, "alone it is well"


def test_the_second_crash_of_a_line_leaves_the_process_of_the_others_alone(engine):
    with pytest.raises(VoiceCrashed):
        speak(engine, ADA, "This crashes.")
    speak(engine, ADA, "Another line.")
    others = pid_of(engine)

    with pytest.raises(VoiceCrashed):
        speak(engine, ADA, "This crashes.")

    speak(engine, ADA, "Another line.")
    assert pid_of(engine) == others


def test_what_came_before_a_crash_is_given(lasting):
    clips = lasting.speak(request_for(ADA, "It ends halfway."), CancelToken())

    assert seconds([next(clips)]) == pytest.approx(0.5, abs=0.01)
    with pytest.raises(VoiceCrashed, match="SIGABRT"):
        next(clips)


def test_what_a_library_prints_does_not_come_between(lasting):
    assert seconds(speak(lasting, ADA, "A noisy line.")) > 0.5


@pytest.mark.parametrize("place", ["speak", "prepare"])
def test_the_engines_own_errors_come_with_their_cure(lasting, place):
    with pytest.raises(VoiceError) as caught:
        speak(lasting, ADA, "It is refused.") if place == "speak" else lasting.prepare(VoiceId("fragile:refused"))

    assert caught.value.cure in ("Change the words.", "Take another.")
    assert not isinstance(caught.value, VoiceCrashed)


def test_a_bug_in_the_engine_is_named(lasting):
    with pytest.raises(RuntimeError, match="ZeroDivisionError: a bug in the engine"):
        speak(lasting, ADA, "It is broken.")


def test_to_cancel_is_heard_at_once_though_the_engine_hangs(engine):
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    started = time.monotonic()

    with pytest.raises(Cancelled):
        list(engine.speak(request_for(ADA, "This hangs."), cancel))

    assert time.monotonic() - started < 30, "it was not waited for"


def test_a_line_that_nobody_takes_does_not_grow(engine):
    clips = engine.speak(request_for(ADA, "This is endless."), CancelToken())
    next(clips)
    time.sleep(0.3)

    (answers,) = engine._process._calls.values()
    assert answers.qsize() <= 5
    clips.close()
    assert engine._process._calls == {}


def test_who_stops_listening_stops_the_engine(lasting):
    clips = lasting.speak(request_for(ADA, "This is endless."), CancelToken())
    next(clips)
    clips.close()

    assert seconds(speak(lasting, ADA, "Here it is one of two.")) > 0.5, "and the process is still well"


def test_a_restart_ends_what_hangs_and_the_next_line_is_spoken(engine):
    threading.Timer(0.3, engine.restart).start()
    with pytest.raises(VoiceCrashed):
        speak(engine, ADA, "This hangs.")

    assert seconds(speak(engine, ADA, "Now it is well.")) > 0.5


def test_another_layout_is_that_of_the_next_line(engine):
    before = seconds(speak(engine, ADA, "A line."))
    engine.arrange(Layout(workers=5, threads=1))

    assert seconds(speak(engine, ADA, "A line.")) == pytest.approx(before + 0.3, abs=0.02), "see FragileEngine: 0.1 s a worker"
    assert engine.layout == Layout(workers=5, threads=1)


def test_to_close_ends_the_process_and_gives_up_its_lines(engine):
    threading.Timer(0.3, engine.close).start()
    with pytest.raises(Cancelled):
        speak(engine, ADA, "This is endless.")

    assert engine._process is None


def test_nothing_is_left_when_nobody_holds_the_engine(engine):
    other = ApartEngine(FragileEngine)
    speak(other, ADA, "A line.")
    pid = pid_of(other)
    del other

    wait_until(lambda: not is_running(pid))


PROGRAM = """
import os, signal, sys
from declaim.model.work import CancelToken
from declaim.voices.apart import ApartEngine
from tests.support.fragile_engine import FragileEngine
from tests.voices.conftest import request_for

engine = ApartEngine(FragileEngine)
clips = engine.speak(request_for("fragile:ada", "This is endless."), CancelToken())
next(clips)
print(engine._process._child.pid, engine._process._folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the process is looked for in /proc")
def test_it_ends_with_a_program_that_is_killed_and_leaves_nothing_behind():
    program = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    pid, folder = program.stdout.split()

    wait_until(lambda: not is_running(int(pid)))
    wait_until(lambda: not Path(folder).exists())


def test_what_lies_in_the_current_folder_is_not_run(engine, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("import os\nos._exit(3)\n")
    monkeypatch.chdir(tmp_path)

    assert seconds(speak(engine, ADA, "A line.")) > 0.5


@pytest.mark.parametrize("way", ["restart", "close"])
def test_a_line_that_hangs_in_a_process_of_its_own_is_ended_too(engine, way):
    with pytest.raises(VoiceCrashed):
        speak(engine, ADA, "This crashes and hangs.")
    engine._suspects.append(request_for(ADA, "This hangs."))
    threading.Timer(0.5, getattr(engine, way)).start()

    with pytest.raises((VoiceCrashed, Cancelled)):
        speak(engine, ADA, "This hangs.")
    assert engine._lone is None


def test_lines_that_are_suspect_are_spoken_one_after_the_other(engine):
    requests = [request_for(ADA, f"The neighbour number {number}.") for number in range(3)]
    engine._suspects.extend(requests)
    spoken, most = [], []

    def speak_one(request):
        clips = []
        for clip in engine.speak(request, CancelToken()):
            most.append(engine._lone is not None)
            clips.append(clip)
        spoken.append(seconds(clips))

    threads = [threading.Thread(target=speak_one, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(spoken) == 3
    assert min(spoken) > 0.5
    assert not engine._suspects


def test_an_error_that_is_made_of_more_than_words_comes_as_words(lasting):
    with pytest.raises(VoiceError, match=r"cost about \$2"):
        speak(lasting, ADA, "It is costly.")


def test_a_process_that_cannot_be_started_says_what_to_do(engine, monkeypatch):
    monkeypatch.setattr(apart.sys, "executable", "/nowhere/python")

    with pytest.raises(VoiceNotReady, match=r"process for Scripted cannot be started: .* Close other programs"):
        speak(engine, ADA, "A line.")
    engine.wake(VoiceId(ADA))  # fails silently: the line says it


def test_who_is_woken_loads_what_the_voice_needs_and_nobody_waits(engine):
    engine.wake(VoiceId("fragile:refused"))
    engine.wake(VoiceId(ADA))
    woken = pid_of(engine)

    assert seconds(speak(engine, ADA, "A line.")) > 0.5
    assert pid_of(engine) == woken


@pytest.mark.voices
def test_the_offline_engines_are_apart_and_sound_the_same_there():
    engine = Voices.discover().engine_of("piper:joe")
    assert isinstance(engine, ApartEngine)
    clips, own = speak(engine, "piper:joe", "Two words."), speak(PiperEngine(), "piper:joe", "Two words.")
    engine.close()

    assert {clip.rate_hz for clip in clips} == {22_050}
    assert seconds(clips) == pytest.approx(seconds(own), rel=0.2)
    assert "kokoro" in {engine.name for engine in Voices.discover().engines if isinstance(engine, ApartEngine)}
