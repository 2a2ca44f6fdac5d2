from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from declaim.audio import measure_file, read_clip
from declaim.audio.mp3_frames import FRAME
from declaim.errors import AudioError
from declaim.model.clip import Clip
from declaim.model.script import Line
from declaim.model.settings import MusicSettings
from declaim.model.voice import Cast
from declaim.render.music import Ducking, open_music
from tests.render.conftest import ADA, BOB
from tests.support.voices import RATE_HZ

LINES = ("One is here for a while.", "Two is here for a while.", "Three is here for a while.")
KINDS = ["wav", "mp3"]


def noise(seconds, seed=1, level=0.1):
    """Speech for a meter: bursts of noise."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    bursts = 0.2 + np.sin(np.arange(count) / RATE_HZ * 2 * np.pi * 3) ** 2
    hum = np.convolve(rng.standard_normal(count), np.hanning(12) / 6, "same")
    return Clip((level * bursts * hum).astype(np.float32), RATE_HZ)


def tune(folder, name, seconds, hertz=440.0, *, rate_hz=32_000, level=0.05, channels=2):
    """A tone in a file: it can be told from speech by its frequency."""
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    tone = (level * np.sin(2 * np.pi * hertz * times)).astype(np.float32)
    soundfile.write(folder / name, np.repeat(tone[:, None], channels, axis=1), rate_hz)
    return str(folder / name)


def speak(bench, *, kind="wav", lines=LINES, seconds=3.0, **choices):
    for seed, line in enumerate(lines):
        bench.engine.enqueue(*[noise(seconds, seed)] * 2, text=line)
    return bench.render(*lines, out=bench.folder / f"out.{kind}", **choices)


def tone_level(path, hertz, start_s, end_s):
    """Decibels of a tone in a part of a file."""
    clip = read_clip(path)
    part = clip.samples[round(start_s * clip.rate_hz) : round(end_s * clip.rate_hz)]
    window = np.hanning(len(part))
    turning = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / clip.rate_hz)
    return 20 * np.log10(2 * abs(np.sum(part * window * turning)) / window.sum() + 1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_an_intro_is_heard_first_and_everything_else_moves(bench, kind):
    plain = speak(bench, kind=kind)
    music = MusicSettings(intro=tune(bench.folder, "intro.wav", 5.0), overlap_ms=1000)
    result = speak(bench, kind=kind, music=music)

    shift_ms = result.timings[0].start_ms - plain.timings[0].start_ms
    assert shift_ms == pytest.approx(4000, abs=30)
    assert [t.start_ms - p.start_ms for t, p in zip(result.timings, plain.timings, strict=True)] == [shift_ms] * 3
    assert tone_level(result.out, 440, 1, 3) > tone_level(result.out, 440, 4.2, 4.9) + 8, "it goes down under the words"
    assert tone_level(result.out, 440, 6, 9) < -45, "and ends"


@pytest.mark.parametrize("kind", KINDS)
def test_lines_begin_where_the_times_say_with_music_too(bench, kind):
    music = MusicSettings(intro=tune(bench.folder, "i.wav", 3.0, level=0.001), overlap_ms=0, bed_level_db=-40)
    result = speak(bench, kind=kind, music=music)
    level = np.abs(read_clip(result.out).samples)

    for timing in result.timings[1:]:
        start, end = round(44.1 * timing.start_ms), round(44.1 * timing.end_ms)
        assert level[start + 200 : end].max() > 0.05
        assert level[start - 4000 : start - 900].max() < 1e-3
        assert level[end + 1500 : end + 4000].max() < 1e-3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("loudness", "lufs"), [("podcast", -16.0), ("podcast-mono", -19.0)])
def test_the_whole_has_its_loudness_and_its_ceiling(bench, kind, loudness, lufs):
    music = MusicSettings(
        intro=tune(bench.folder, "i.wav", 4.0),
        outro=tune(bench.folder, "o.wav", 4.0, 880),
        bed=tune(bench.folder, "b.wav", 3.0, 220),
    )
    result = speak(bench, kind=kind, music=music, loudness=loudness)
    measured = measure_file(result.out)

    assert measured.integrated_lufs == pytest.approx(lufs, abs=0.15)
    assert result.integrated_lufs == pytest.approx(measured.integrated_lufs, abs=0.1)
    assert measured.true_peak_dbtp <= -1.0
    assert result.duration_ms == pytest.approx(measured.duration_ms, abs=30)


def test_a_bed_lies_at_its_level_under_speech_and_comes_up_in_the_pauses(bench):
    lines = ("One is here for a while. {pause:4s}", "Two is here for a while.")
    for seed, line in enumerate(("One is here for a while.", LINES[1])):
        bench.engine.enqueue(*[noise(4.0, seed)] * 2, text=line)
    music = MusicSettings(bed=tune(bench.folder, "bed.wav", 3.0, 5000, level=0.5), bed_level_db=-12)
    result = bench.render(*lines, music=music)
    first, second = result.timings

    under = tone_level(result.out, 5000, first.start_ms / 1000 + 0.5, first.end_ms / 1000 - 0.5)
    between = tone_level(result.out, 5000, first.end_ms / 1000 + 1.5, second.start_ms / 1000 - 1)
    assert between - under == pytest.approx(8, abs=1.5)
    assert under < -25
    assert result.duration_ms > second.end_ms + 2400, "it fades out behind the last word"


@pytest.mark.parametrize("kind", KINDS)
def test_lines_without_music_keep_their_encodings(bench, kind):
    lines = tuple(f"Number {n} is here for a while." for n in range(12))
    music = MusicSettings(intro=tune(bench.folder, "i.wav", 4.0), outro=tune(bench.folder, "o.wav", 4.0))
    speak(bench, kind=kind, lines=lines, seconds=2.0, music=music)
    kept = {path.name.split(".")[0] for path in bench.cache.folder.rglob("*.mp3piece")}

    assert len(kept) == (10 if kind == "mp3" else 0)


def test_an_mp3_with_music_decodes_to_what_the_wav_holds(bench):
    music = MusicSettings(intro=tune(bench.folder, "i.wav", 2.0), bed=tune(bench.folder, "b.wav", 3.0, 220))
    wav, mp3 = (read_clip(speak(bench, kind=kind, music=music).out).samples for kind in KINDS)
    length = min(len(wav), len(mp3))

    assert abs(len(wav) - len(mp3)) <= 2 * FRAME
    assert np.corrcoef(wav[:length], mp3[:length])[0, 1] > 0.9
    slices = [slice(at, at + 4410) for at in range(44_100, length - 44_100, 44_100)]
    for part in slices:
        assert np.sqrt(np.mean(mp3[part] ** 2)) == pytest.approx(np.sqrt(np.mean(wav[part] ** 2)), rel=0.15, abs=1e-3)


def test_music_is_measured_once(bench, monkeypatch):
    music = MusicSettings(bed=tune(bench.folder, "b.wav", 3.0))
    first = open_music(music, bench.folder / "kept")
    monkeypatch.setattr("declaim.render.music.measure_music", lambda _path: pytest.fail("read again"))

    assert open_music(music, bench.folder / "kept") == first


@pytest.mark.parametrize("name", ["intro", "outro", "bed"])
def test_music_that_is_missing_is_told_before_anything_is_spoken(bench, name):
    with pytest.raises(AudioError, match=f"{name} music") as caught:
        bench.render(*LINES, music=MusicSettings(**{name: str(bench.folder / "gone.wav")}))

    assert "gone.wav" in str(caught.value)
    assert caught.value.cure
    assert bench.engine.history == []


@pytest.mark.parametrize("content", [b"", b"no music at all"])
def test_a_file_that_is_no_music_is_refused(bench, content):
    (bench.folder / "bad.wav").write_bytes(content)

    with pytest.raises(AudioError, match=r"bad\.wav"):
        bench.render(*LINES, music=MusicSettings(bed=str(bench.folder / "bad.wav")))


def test_silence_is_no_music(bench):
    soundfile.write(bench.folder / "silent.wav", np.zeros(44_100), 44_100)

    with pytest.raises(AudioError, match="no music"):
        bench.render(*LINES, music=MusicSettings(bed=str(bench.folder / "silent.wav")))


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg to read it with")
def test_music_that_only_ffmpeg_reads_is_taken(bench):
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tune(bench.folder, "b.wav", 3.0, 3000, level=0.3), str(bench.folder / "b.m4a")],
        check=True,
    )
    result = speak(bench, music=MusicSettings(bed=str(bench.folder / "b.m4a")))

    assert tone_level(result.out, 3000, 0.8, 1.0) > -60


def test_a_host_on_each_side_is_heard_there(bench):
    for seed, line in enumerate(LINES[:2]):
        bench.engine.enqueue(*[noise(2.0, seed)] * 2, text=line)
    lines = [Line("HOST1", LINES[0]), Line("HOST2", LINES[1])]
    cast = Cast(ADA, {"HOST2": BOB})
    for kind in KINDS:
        result = bench.render(*lines, cast=cast, spread_percent=20, out=bench.folder / f"out.{kind}")
        samples, rate_hz = soundfile.read(result.out)
        sides = []
        for timing in result.timings:
            part = samples[timing.start_ms * rate_hz // 1000 : timing.end_ms * rate_hz // 1000]
            sides.append(20 * np.log10(np.sqrt(np.mean(part**2, axis=0))))
        apart_db = 20 * np.log10(np.tan(np.pi / 4 * 1.2))
        assert sides[0][0] - sides[0][1] == pytest.approx(apart_db, abs=0.2)
        assert sides[1][1] - sides[1][0] == pytest.approx(apart_db, abs=0.2)
        measured = measure_file(result.out)
        assert measured.integrated_lufs == pytest.approx(-16, abs=0.15)
        assert measured.true_peak_dbtp <= -1.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("loudness", "channels"), [("podcast", 1), ("podcast-mono", 2), ("acx", 2), ("none", 2)])
def test_the_number_of_channels_is_a_choice_of_its_own(bench, kind, loudness, channels):
    result = speak(bench, kind=kind, loudness=loudness, channels=channels)
    measured = measure_file(result.out)

    assert measured.channels == channels
    if loudness != "none":
        assert measured.integrated_lufs == pytest.approx(result.integrated_lufs, abs=0.1)


def test_a_pause_at_the_start_of_a_line_is_in_the_file(bench):
    result = bench.render("One is here.", "{pause:2s} Two is here.", "Three is here.")

    assert read_clip(result.out).duration_ms == pytest.approx(result.duration_ms, abs=2)
    assert result.timings[1].start_ms - result.timings[0].end_ms > 2000


def test_music_stays_down_over_a_short_pause_and_comes_up_in_a_long_one():
    second = RATE_HZ
    ducking = Ducking([(2 * second, 4 * second), (5 * second, 6 * second), (10 * second, 12 * second)], RATE_HZ)

    at = np.array([0, 20, 40, 46, 50, 60, 80, 100, 120]) * second // 10
    assert np.allclose(ducking.at(at), [0, 1, 1, 1, 1, 1, 0, 1, 1])
    assert np.all(Ducking([], RATE_HZ).at(at) == 0)


@pytest.mark.parametrize("choices", [{"bit_rate": 64}, {"vbr": 4}, {"bit_rate": 64, "rate_hz": 48_000}])
def test_few_bits_keep_the_rate_the_loudness_and_the_ceiling(bench, choices):
    music = MusicSettings(intro=tune(bench.folder, "i.wav", 2.0))
    result = speak(bench, kind="mp3", music=music, **choices)
    measured = measure_file(result.out)

    assert measured.rate_hz == choices.get("rate_hz", 44_100)
    assert measured.duration_ms == pytest.approx(result.duration_ms, abs=5)
    assert measured.integrated_lufs == pytest.approx(-16, abs=0.2)
    assert measured.true_peak_dbtp <= -1.0
