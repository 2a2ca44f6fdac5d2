from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest

from declaim.audio import measure_file
from declaim.errors import InputError
from declaim.model.clip import Clip
from declaim.model.script import Line
from declaim.model.voice import Cast
from declaim.render.levels import _Programme
from declaim.render.standards import standard
from tests.render.conftest import ADA, BOB
from tests.support.voices import RATE_HZ

LINES = ("One is here for a while.", "Two is here for a while.", "Three is here for a while.")


def speech(seed: int, level: float = 0.05, seconds: float = 3.0, crest: float = 4.0) -> Clip:
    """Noise in syllables with a few high peaks: as hard to level as speech."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    envelope = np.sin(np.arange(count) / RATE_HZ * 2 * np.pi * 3) ** 2
    noise = np.convolve(rng.standard_normal(count), np.hanning(12) / 6, "same") * envelope
    at = rng.integers(0, count - 40, 12)
    for place in at:
        noise[place : place + 30] += crest * np.hanning(30)
    return Clip((noise * level).astype(np.float32), RATE_HZ)


def speak(bench, *sounds, **choices):
    for line, sound in zip(LINES, sounds, strict=False):
        bench.engine.enqueue(sound, sound, text=line)
    return bench.render(*LINES[: len(sounds)], **choices)


@pytest.mark.parametrize("kind", ["wav", "mp3", "flac", "opus"])
@pytest.mark.parametrize(("name", "lufs"), [("podcast", -16.0), ("podcast-mono", -19.0)])
def test_a_podcast_has_its_loudness_and_its_ceiling(bench, name, lufs, kind):
    result = speak(bench, speech(1), speech(2), speech(3), loudness=name, out=bench.folder / f"out.{kind}")
    measured = measure_file(bench.folder / f"out.{kind}")

    assert measured.channels == (2 if name == "podcast" else 1)
    assert measured.integrated_lufs == pytest.approx(lufs, abs=0.15)
    assert result.integrated_lufs == pytest.approx(measured.integrated_lufs, abs=0.1)
    assert measured.true_peak_dbtp <= -1.0
    assert result.true_peak_dbtp <= -1.0


def test_an_acx_file_keeps_to_the_sheet(bench):
    speak(bench, speech(1), speech(2), speech(3), loudness="acx", out=bench.folder / "out.mp3")
    measured = measure_file(bench.folder / "out.mp3")

    assert (measured.channels, measured.rate_hz) == (1, 44_100)
    assert -21 <= measured.rms_db <= -19
    assert measured.sample_peak_db <= -3
    assert measured.noise_floor_db <= -60


def test_an_acx_file_has_room_tone_at_its_ends(bench):
    from declaim.audio import read_clip

    result = speak(bench, speech(1), loudness="acx", out=bench.folder / "out.wav")
    samples = read_clip(bench.folder / "out.wav").samples
    head, tail = samples[: result.timings[0].start_ms * 44], samples[-44_100:]

    assert 500 <= result.timings[0].start_ms <= 1000
    assert 1000 <= result.duration_ms - result.timings[0].end_ms <= 5000
    for part in (head, tail):
        rms_db = 10 * np.log10(np.mean(np.square(part, dtype=np.float64)))
        assert -85 < rms_db < -65


def test_without_a_standard_the_sound_stays_as_it_is(bench):
    from declaim.audio import read_clip

    sound = speech(1, level=0.1)
    speak(bench, sound, loudness="none", out=bench.folder / "out.wav")

    assert np.abs(read_clip(bench.folder / "out.wav").samples).max() == pytest.approx(np.abs(sound.samples).max(), rel=0.05)


def test_without_a_standard_an_mp3_is_as_loud_as_was_told(bench):
    result = speak(bench, speech(1), speech(2), loudness="none", out=bench.folder / "out.mp3")

    assert measure_file(bench.folder / "out.mp3").integrated_lufs == pytest.approx(result.integrated_lufs, abs=0.1)


def test_two_voices_are_as_loud_as_each_other_but_lines_keep_their_difference(bench):
    bench.engine.enqueue(speech(1, 0.02, crest=1.0), text="One is here for a while.")
    bench.engine.enqueue(speech(2, 0.01, crest=1.0), text="Two is here for a while.")
    bench.engine.enqueue(speech(3, 0.1, crest=1.0), text="Three is here for a while.")
    lines = [Line("HOST1", LINES[0]), Line("HOST1", LINES[1]), Line("HOST2", LINES[2])]
    result = bench.render(*lines, cast=Cast(ADA, {"HOST2": BOB}), loudness="podcast-mono")

    from declaim.audio import LoudnessMeter, read_clip

    clip = read_clip(bench.folder / "out.wav")
    heard = []
    for timing in result.timings:
        meter = LoudnessMeter(clip.rate_hz)
        meter.add(clip.samples[timing.start_ms * 441 // 10 : timing.end_ms * 441 // 10])
        heard.append(meter.integrated_lufs())
    assert heard[0] - heard[1] == pytest.approx(6, abs=1), "a quiet line stays quiet"
    both = 10 * np.log10((10 ** (heard[0] / 10) + 10 ** (heard[1] / 10)) / 2)
    assert both == pytest.approx(heard[2], abs=0.5), "the voices match"


def test_one_changed_line_leaves_the_gain_and_the_encodings_of_the_others(bench):
    many = [f"Number {n} is here for a while." for n in range(30)]
    bench.render(*many, out=bench.folder / "out.mp3")
    before = {path: path.stat().st_mtime_ns for path in bench.cache.folder.rglob("*.mp3piece")}
    many[20] = "Number 20 was here for a longer while."
    bench.render(*many, out=bench.folder / "out.mp3")
    after = {path: path.stat().st_mtime_ns for path in bench.cache.folder.rglob("*.mp3piece")}

    assert len(before) == 30
    assert len(after) == 31
    assert all(after[path] == made for path, made in before.items())


def test_an_unknown_loudness_names_those_that_are_known():
    with pytest.raises(InputError, match="loud") as caught:
        standard("loud")

    assert "podcast-mono" in caught.value.cure


@pytest.mark.parametrize("name", ["podcast", "podcast-mono"])
@pytest.mark.parametrize(("channels", "lufs"), [(1, -19.0), (2, -16.0)])
def test_a_podcast_is_as_loud_as_its_channels_ask_for(bench, name, channels, lufs):
    speak(bench, speech(1), speech(2), speech(3), loudness=name, channels=channels)

    assert measure_file(bench.folder / "out.wav").integrated_lufs == pytest.approx(lufs, abs=0.15)


@pytest.mark.parametrize("choices", [{"vbr": 2}, {"vbr": 4}, {"vbr": 6}, {"vbr": 9}, {"bit_rate": 64}])
def test_few_bits_keep_under_the_peak_in_mono_too(bench, choices):
    speak(bench, speech(1), speech(2), speech(3), channels=1, out=bench.folder / "out.mp3", **choices)

    assert measure_file(bench.folder / "out.mp3").true_peak_dbtp <= -1.0


def test_what_the_limiter_would_only_crush_stays_softer(bench, monkeypatch):
    tried = []
    at = _Programme.at
    monkeypatch.setattr(_Programme, "at", lambda self, matched, gain_db: tried.append(gain_db) or at(self, matched, gain_db))
    spiky = [speech(seed, crest=0.0) for seed in (1, 2, 3)]
    for clip in spiky:
        clip.samples[:: RATE_HZ // 20] = 0.5  # no gain brings this to its loudness
    result = speak(bench, *spiky, channels=1)

    assert result.integrated_lufs < -19.2
    assert max(tried) < 30, "it stops before the most that it may"
    assert len(tried) < 10


def test_silence_has_no_loudness_and_no_gain(bench):
    result = bench.render("{pause:1s}")

    assert result.integrated_lufs == float("-inf")
    assert result.true_peak_dbtp == float("-inf")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg to measure with")
@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_ffmpeg_measures_the_same(bench, kind):
    result = speak(bench, speech(1), speech(2), speech(3), out=bench.folder / f"out.{kind}")
    command = ["ffmpeg", "-nostats", "-i", str(result.out), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary") :].split()

    assert float(summary[summary.index("I:") + 1]) == pytest.approx(result.integrated_lufs, abs=0.15)
    assert float(summary[summary.index("Peak:") + 1]) <= -1.0
