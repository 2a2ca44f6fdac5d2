from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from declaim.audio import read_clip
from declaim.errors import AudioError, Cancelled, FileInUse, InputError, NotAFile, VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.model.library import LineState
from declaim.model.script import Chapter, Line, Script
from declaim.model.voice import Cast
from declaim.model.work import CancelToken, Progress
from declaim.render import LineCache, plan_render, render, speak_one
from tests.render.conftest import ADA, BOB, WORDS
from tests.support.voices import RATE_HZ, ScriptedEngine, tone

FORMATS = ["wav", "flac", "opus", "mp3"]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_script_becomes_a_file_of_the_kind_that_its_name_asks_for(bench, kind):
    result = bench.render(WORDS, "And more.", out=bench.folder / f"out.{kind}")

    info = soundfile.info(bench.folder / f"out.{kind}")
    assert info.format == {"wav": "WAV", "flac": "FLAC", "opus": "OGG", "mp3": "MP3"}[kind]
    assert info.channels == 2
    assert info.duration == pytest.approx(result.duration_ms / 1000, abs=0.03)
    assert (result.lines, result.rendered_lines, result.cached_lines) == (2, 2, 0)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg to write M4B with")
def test_a_wav_that_is_too_long_for_its_kind_is_rf64_and_is_taken_over_too(bench, monkeypatch):
    monkeypatch.setattr("declaim.render.sinks.MAX_WAV_BYTES", 100_000)
    wanted, _ = soundfile.read(bench.render("One is here.", "Two is here.", out=bench.folder / "plain.wav").out)
    first = bench.render("One is here.", "Two is here.").out.read_bytes()
    again = bench.render("One is here.", "Two is here.").out

    assert soundfile.info(again).format == "RF64"
    assert np.array_equal(soundfile.read(again)[0], wanted)
    assert again.read_bytes() == first


def test_an_m4b_is_written_through_ffmpeg(bench):
    result = bench.render(WORDS, out=bench.folder / "out.m4b")

    assert read_clip(bench.folder / "out.m4b").duration_ms == pytest.approx(result.duration_ms, abs=60)


def test_an_m4b_without_ffmpeg_says_what_to_install_before_anything_is_spoken(bench, monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(AudioError, match="ffmpeg") as caught:
        bench.render(WORDS, out=bench.folder / "out.m4b")

    assert "Install" in caught.value.cure
    assert bench.engine.history == []


def test_nothing_is_spoken_twice(bench):
    bench.render(WORDS, "And more.")
    again = bench.render(WORDS, "And more.")

    assert len(bench.engine.history) == 2
    assert (again.rendered_lines, again.cached_lines) == (0, 2)


def test_only_a_changed_line_is_spoken_again(bench):
    bench.render("One is here.", "Two is here.", "Three is here.")
    bench.engine.history.clear()

    bench.render("One is here.", "Two was here.", "Three is here.")

    assert bench.engine.spoken == ["Two was here."]


def test_the_same_words_twice_in_a_script_are_spoken_once(bench):
    result = bench.render(WORDS, WORDS, WORDS)

    assert len(bench.engine.history) == 1
    assert [outcome.state for outcome in bench.outcomes].count(LineState.READY) == 3
    assert result.lines == 3


def test_without_the_cache_every_line_is_spoken_anew(bench):
    bench.render(WORDS)
    result = bench.render(WORDS, use_cache=False)

    assert len(bench.engine.history) == 2
    assert result.cached_lines == 0


def test_what_a_kill_left_half_written_is_gone_after_the_next_render(bench):
    bench.render(WORDS)
    left = bench.cache.path(bench.outcomes[-1].key).with_name(".half-x1.flac")
    left.write_bytes(b"half")
    os.utime(left, (0, 0))

    bench.render("Something else.")

    assert not left.exists()


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_times_of_lines_are_where_the_sound_is(bench, kind):
    bench.engine.enqueue(1.0, 0.5, 2.0)
    result = bench.render("One.", "Two.", "Three.", jobs=1, out=bench.folder / f"out.{kind}")

    clip = read_clip(bench.folder / f"out.{kind}", 44_100)
    level = np.abs(clip.samples)
    for timing, seconds in zip(result.timings, (1.0, 0.5, 2.0), strict=True):
        start, end = timing.start_ms * 441 // 10, timing.end_ms * 441 // 10
        assert timing.end_ms - timing.start_ms == pytest.approx(1000 * seconds, abs=30)
        assert level[start + 1323 : end - 1323].max() > 0.05
        assert level[start : start + 1323].max() > 0.02, "the line starts within 30 ms"
        assert level[end + 441 : end + 4410].max(initial=0) < 0.01, "it is quiet behind the line"


def test_chapters_and_speakers_stand_in_the_times(bench):
    script = Script("T", (Chapter("One", (Line("HOST1", "Hello there."),)), Chapter("One", (Line("HOST2", "{pause:1s} Bye."),))))
    timings = bench.render(script=script).timings

    assert [(timing.chapter_index, timing.chapter, timing.speaker, timing.shown) for timing in timings] == [
        (0, "One", "HOST1", "Hello there."),
        (1, "One", "HOST2", "Bye."),
    ]


def test_a_pause_at_the_edge_of_a_line_is_heard_and_speaks_nothing_anew(bench):
    plain = bench.render("One is here.", "Two is here.").timings
    slow = bench.render("One is here.", "{pause:2s} Two is here.").timings

    assert slow[1].start_ms - plain[1].start_ms == pytest.approx(2000, abs=30)
    assert len(bench.engine.history) == 2


def test_lines_of_only_cues_or_marks_are_quiet_and_no_error(bench):
    result = bench.render("One is here.", "{pause:1s}", "…", "Two is here.")

    assert bench.engine.spoken == ["One is here.", "Two is here."]
    assert result.timings[1].start_ms == result.timings[1].end_ms or result.timings[1].end_ms > 0
    assert result.lines == 4


@pytest.mark.parametrize("text", ["{laugh}", "{sigh} {pause:300ms} {laugh}"])
def test_a_line_of_sounds_that_the_voice_cannot_make_is_left_out(bench, text):
    result = bench.render("One is here.", text, "Two is here.")

    assert (result.rendered_lines, result.suspect_lines) == (3, ())
    assert bench.render("One is here.", text, "Two is here.").cached_lines == 3


def test_a_script_of_only_quiet_lines_is_a_quiet_file(bench):
    result = bench.render("{pause:1s}", out=bench.folder / "out.mp3")

    assert result.duration_ms >= 1000
    assert np.abs(read_clip(bench.folder / "out.mp3").samples).max() < 1e-3


def test_an_empty_script_says_what_to_do(bench):
    with pytest.raises(InputError, match="no lines") as caught:
        bench.render(script=Script("Nothing"))

    assert caught.value.cure


def test_an_unknown_voice_is_told_before_anything_is_spoken(bench):
    with pytest.raises(VoiceUnknown):
        bench.render(WORDS, "Hello.", cast=Cast(ADA, {"NARRATOR": VoiceId("scripted:nobody")}))

    assert bench.engine.history == []


def test_an_unknown_kind_of_file_names_those_that_can_be_written(bench):
    with pytest.raises(AudioError, match=r"\.aac") as caught:
        bench.render(WORDS, out=bench.folder / "out.aac")

    assert ".mp3" in caught.value.cure


def test_a_folder_that_is_gone_is_made_again(bench):
    bench.render(WORDS, out=bench.folder / "new" / "deep" / "out.wav")

    assert (bench.folder / "new" / "deep" / "out.wav").is_file()


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_spoken(bench):
    (bench.folder / "file").write_text("x")

    with pytest.raises(AudioError, match="cannot be made"):
        bench.render(WORDS, out=bench.folder / "file" / "out.wav")

    assert bench.engine.history == []


@pytest.fixture
def locked(tmp_path):
    """A folder that may not be written."""
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if sys.platform == "win32" or os.access(folder, os.W_OK):  # to root it must be so by its disk
        mount = shutil.which("mount")
        if (
            not mount
            or subprocess.run([mount, "-t", "tmpfs", "-o", "ro", "tmpfs", folder], check=False, capture_output=True).returncode
        ):
            pytest.skip("this account may write everywhere, and not mount a disk")
        yield folder
        subprocess.run(["umount", "-l", folder], check=True)
    else:
        yield folder


def test_a_read_only_folder_is_told_before_anything_is_spoken(bench, locked):
    with pytest.raises(AudioError, match="cannot be written"):
        bench.render(WORDS, out=locked / "out.wav")

    assert bench.engine.history == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed_to_the_file_that_is_replaced(bench):
    link, real = bench.folder / "link.wav", bench.folder / "real.wav"
    real.write_text("old take")
    link.symlink_to(real)
    bench.render(WORDS, out=link)

    assert link.is_symlink()
    assert read_clip(real).duration_ms > 1000


@pytest.mark.skipif(sys.platform == "win32", reason="there are none in the file system")
def test_a_pipe_is_refused_before_anything_is_spoken_and_stays(bench):
    pipe = bench.folder / "out.wav"
    os.mkfifo(pipe)
    with pytest.raises(NotAFile, match="is a pipe, not a file"):
        bench.render(WORDS, out=pipe)

    assert pipe.is_fifo()
    assert bench.engine.history == []


def test_the_file_is_finished_while_it_is_hidden_and_then_gets_its_name(bench):
    seen = []

    def finish(hidden, result, _files):
        assert hidden.parent == bench.folder
        assert hidden.name.startswith(".")
        assert not (bench.folder / "out.wav").exists()
        assert result.timings
        with hidden.open("ab") as file:
            file.write(b"tags")
        seen.append(result.duration_ms)

    result = bench.render(WORDS, finish=finish)

    assert seen == [result.duration_ms]
    assert (bench.folder / "out.wav").read_bytes().endswith(b"tags")


def test_an_error_while_finishing_keeps_the_old_file(bench):
    (bench.folder / "out.wav").write_text("old take")

    def finish(_hidden, _result, _files):
        raise OSError(28, "No space left on device")

    with pytest.raises(AudioError, match="No space left"):
        bench.render(WORDS, finish=finish)

    assert (bench.folder / "out.wav").read_text() == "old take"
    assert [path.name for path in bench.folder.iterdir() if path.is_file()] == ["out.wav"]


def two_files_beside(_hidden, result, files):
    for suffix in (".srt", ".vtt"):
        files.add(result.out.with_suffix(suffix)).write_text("new")


@pytest.fixture
def old_takes(bench):
    """A take from before with captions, and how to see whether it is still all of that."""
    names = ["out.srt", "out.wav"]
    for name in names:
        (bench.folder / name).write_text("old")

    def are_there():
        files = [path for path in bench.folder.iterdir() if path.is_file()]
        return sorted(path.name for path in files) == names and all(path.read_text() == "old" for path in files)

    return are_there


def test_captions_get_their_names_with_the_audio(bench, old_takes):
    bench.render(WORDS, finish=two_files_beside)

    assert sorted(path.name for path in bench.folder.iterdir() if path.is_file()) == ["out.srt", "out.vtt", "out.wav"]
    assert (bench.folder / "out.srt").read_text() == (bench.folder / "out.vtt").read_text() == "new"
    assert (bench.folder / "out.wav").read_bytes().startswith(b"RIFF")


@pytest.mark.parametrize("refused", ["out.vtt", "out.srt", "out.wav"])
def test_where_the_disk_refuses_one_name_the_old_take_keeps_its_captions(bench, old_takes, monkeypatch, refused):
    rename = os.replace

    def refuse(beside, target):
        if Path(target).name == refused and not Path(beside).name.endswith(".old"):
            raise OSError(errno.EROFS, "Read-only file system")
        rename(beside, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(AudioError, match="Read-only file system"):
        bench.render(WORDS, finish=two_files_beside)

    assert old_takes()


def test_a_folder_that_has_the_name_of_the_captions_leaves_the_old_take(bench, old_takes):
    (bench.folder / "out.vtt").mkdir()
    with pytest.raises(AudioError, match="could not be written"):
        bench.render(WORDS, finish=two_files_beside)

    assert old_takes()


def test_a_program_that_holds_the_old_take_is_to_be_closed(bench, old_takes, monkeypatch):
    rename = os.replace

    def refuse(beside, target):
        if Path(target).name == "out.wav":
            raise PermissionError(errno.EACCES, "Access is denied")
        rename(beside, target)

    monkeypatch.setattr("declaim.paths._WAITS_S", (0.0,))
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileInUse) as caught:
        bench.render(WORDS, finish=two_files_beside)

    assert "'out.wav' cannot be replaced" in caught.value.message
    assert "Close the program" in caught.value.cure


FULL = """
import resource, signal, sys
from pathlib import Path
from declaim.errors import AudioError
from tests.render.conftest import Bench
from tests.support.voices import ScriptedEngine

bench = Bench(Path(sys.argv[1]), ScriptedEngine())
lines = [f"Line number {n} is here, and the next." for n in range(4)]
kinds = sys.argv[2:]
for kind in kinds:
    bench.render(*lines, out=bench.folder / f"warm.{kind}")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
for kind in kinds:
    try:
        bench.render(*lines, "{pause:1s}", out=bench.folder / f"out.{kind}", loudness="podcast-mono")
    except AudioError as error:
        print(kind, error, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
def test_a_full_disk_keeps_the_old_file_of_every_kind_and_says_so(bench):
    """No file may grow past 4 kB, in a process of its own: that stands for a full disk."""
    kinds = ["wav", "mp3", "flac", "opus", *(["m4b"] if shutil.which("ffmpeg") else [])]
    for kind in kinds:
        (bench.folder / f"out.{kind}").write_text("old take")
    said = run_alone(FULL, bench.folder, *kinds).splitlines()

    assert [line.split()[0] for line in said] == kinds
    assert all("could not" in line and ".out-" not in line and line.endswith(".") for line in said), said
    assert {(bench.folder / f"out.{kind}").read_text() for kind in kinds} == {"old take"}
    assert not list(bench.folder.glob(".*"))


def run_alone(code: str, *arguments: object) -> str:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "src")])}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout


def test_a_folder_that_goes_while_lines_are_spoken_is_made_again(bench):
    out = bench.folder / "takes" / "out.wav"

    def take_away(_outcome):
        shutil.rmtree(out.parent, ignore_errors=True)

    render(bench.request(WORDS, out=out), bench.voices, bench.cache, CancelToken(), on_line=take_away)

    assert out.is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a folder with an open file stays there")
def test_a_folder_that_goes_while_the_file_is_written_says_so_and_the_lines_stay(bench):
    out = bench.folder / "takes" / "out.wav"

    with pytest.raises(AudioError, match="could not be written") as caught:
        bench.render(WORDS, out=out, finish=lambda hidden, _result, _files: shutil.rmtree(hidden.parent))

    assert "the lines are kept" in caught.value.cure
    assert bench.render(WORDS, out=out).rendered_lines == 0


def test_cancelling_keeps_the_old_file_and_the_finished_lines(bench):
    (bench.folder / "out.wav").write_text("old take")
    bench.engine.delay_s = 0.02

    def stop(outcome):
        if outcome.state is LineState.READY:
            bench.cancel.cancel()

    request = bench.request(*(f"Line number {n} is here." for n in range(30)))
    with pytest.raises(Cancelled):
        render(request, bench.voices, bench.cache, bench.cancel, on_line=stop)

    assert (bench.folder / "out.wav").read_text() == "old take"
    spoken = len(bench.engine.history)
    assert 0 < spoken < 30
    bench.cancel = CancelToken()
    assert bench.render(*(f"Line number {n} is here." for n in range(30))).cached_lines >= 1


def test_a_line_whose_audio_is_damaged_is_spoken_anew(bench):
    bench.render("One is here.", "Two is here.")
    victim = next(bench.cache.folder.rglob("*.flac"))
    data = bytearray(victim.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    victim.write_bytes(bytes(data))

    result = bench.render("One is here.", "Two is here.", out=bench.folder / "again.wav")

    assert len(bench.engine.history) == 3
    assert (bench.folder / "again.wav").stat().st_size == (bench.folder / "out.wav").stat().st_size
    assert result.lines == 2


def test_a_line_whose_audio_was_cut_off_is_spoken_anew(bench):
    bench.render("One is here.", "Two is here.")
    victim = next(bench.cache.folder.rglob("*.flac"))
    os.truncate(victim, victim.stat().st_size // 2)

    result = bench.render("One is here.", "Two is here.")

    assert (result.rendered_lines, result.cached_lines) == (1, 1)


def test_two_renders_to_one_file_leave_one_whole_file(bench):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        jobs = [pool.submit(bench.render, *([f"{word} is here."] * 3)) for word in ("One", "Two", "Three")]
        results = [job.result() for job in jobs]

    info = soundfile.info(bench.folder / "out.wav")
    assert round(info.duration * 1000) in {result.duration_ms for result in results}
    assert [path.name for path in bench.folder.iterdir() if path.is_file()] == ["out.wav"]


def test_the_result_says_when_the_first_line_could_be_heard(bench):
    bench.engine.delay_s = 0.05
    result = bench.render("One is here.", "Two is here.", "Three is here.", jobs=1)

    assert 0.05 <= result.first_audio_seconds < result.wall_seconds
    assert result.realtime_factor == pytest.approx(result.duration_ms / 1000 / result.wall_seconds, rel=0.01)


def test_progress_rises_to_the_end(bench):
    reports = []
    request = bench.request(*(f"Line number {n} is here." for n in range(5)))
    render(request, bench.voices, bench.cache, CancelToken(), Progress(reports.append, interval_s=0))

    fractions = [report.fraction for report in reports]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_the_peaks_show_where_the_sound_is(bench):
    from declaim.audio import Peaks

    bench.engine.enqueue(1.0, 1.0)
    result = bench.render("One.", "Two.", jobs=1)
    peaks = Peaks.from_bytes(result.peaks)

    assert peaks.duration_ms == pytest.approx(result.duration_ms, abs=20)
    loud = peaks.columns(result.timings[1].start_ms + 50, result.timings[1].end_ms - 50, 10)
    quiet = peaks.columns(result.timings[0].end_ms + 50, result.timings[1].start_ms - 50, 10)
    assert min(high for _, high in loud) > 0.15
    assert max(high for _, high in quiet) == 0


def test_one_line_can_be_heard_alone_and_is_kept(bench):
    path = speak_one(bench.request(WORDS), 0, bench.voices, bench.cache, CancelToken())

    assert read_clip(path).rate_hz == RATE_HZ
    assert bench.render(WORDS).cached_lines == 1


def test_hearing_a_line_without_words_says_so(bench):
    with pytest.raises(InputError, match="no words"):
        speak_one(bench.request("{pause:1s}"), 0, bench.voices, bench.cache, CancelToken())


def test_a_line_that_is_heard_gets_the_text_around_as_in_a_render(bench):
    request = bench.request("First.", "Second.", "Third.")
    speak_one(request, 1, bench.voices, bench.cache, CancelToken())
    heard = bench.engine.history[-1]
    assert (heard.previous_text, heard.next_text) == ("First.", "Third.")
    assert heard == plan_render(request, bench.voices, bench.cache).lines[1].request


def test_several_engines_speak_in_one_script(bench):
    from declaim.voices import Voices

    other = ScriptedEngine("other", voices=("eve",))
    cast = Cast(ADA, {"HOST1": VoiceId("other:eve"), "HOST2": BOB})
    request = bench.request(Line("HOST1", "Hello there."), Line("HOST2", "Hello you."), Line("NARRATOR", "Goodbye."), cast=cast)
    result = render(request, Voices([bench.engine, other]), bench.cache, CancelToken())

    assert result.rendered_lines == 3
    assert other.spoken == ["Hello there."]


def test_a_very_long_line_is_no_trouble(bench):
    seconds = [tone(1.0, str(n), 8000) for n in range(60)]
    bench.engine.enqueue(seconds, seconds)
    result = bench.render("word " * 4000, out=bench.folder / "out.wav")

    assert result.duration_ms == pytest.approx(60_500, abs=200)


KILLED = """
import sys
from pathlib import Path
from tests.render.conftest import Bench
from tests.support.voices import ScriptedEngine

bench = Bench(Path(sys.argv[1]), ScriptedEngine(workers=2, delay_s=0.1))
bench.outcomes = type("Telling", (list,), {"append": lambda _self, outcome: print(outcome.state, flush=True)})()
bench.render(*(f"Line number {n} is here." for n in range(100)), out=bench.folder / "out.mp3")
"""


def test_after_a_kill_nothing_finished_is_spoken_again(bench):
    (bench.folder / "out.mp3").write_text("old take")
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "src")])}
    command = [sys.executable, "-c", KILLED, str(bench.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        finished = 0
        while finished < 5:
            finished += process.stdout.readline().strip() == "ready"
        process.kill()

    assert (bench.folder / "out.mp3").read_text() == "old take"
    result = bench.render(*(f"Line number {n} is here." for n in range(20)), out=bench.folder / "out.mp3")
    assert result.cached_lines >= 5
    assert len(bench.engine.history) == result.rendered_lines <= 15


def test_the_cache_may_be_shared_with_another_render(bench):
    assert bench.render(WORDS).rendered_lines == 1
    assert render(bench.request(WORDS), bench.voices, LineCache(bench.cache.folder), CancelToken()).rendered_lines == 0


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3"])
def test_a_file_of_48_khz_has_its_lines_where_the_times_say_and_speaks_nothing_anew(bench, kind):
    bench.render(WORDS, "And more.")
    result = bench.render(WORDS, "And more.", out=bench.folder / f"high.{kind}", rate_hz=48_000)

    assert result.rendered_lines == 0
    assert soundfile.info(result.out).samplerate == 48_000
    samples, rate_hz = soundfile.read(result.out, always_2d=True)
    heard = np.flatnonzero(np.abs(samples[:, 0]) > 0.01) * 1000 / rate_hz
    assert heard[0] == pytest.approx(result.timings[0].start_ms, abs=30)
    assert heard[-1] == pytest.approx(result.timings[-1].end_ms, abs=30)
