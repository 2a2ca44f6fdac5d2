from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from declaim.audio import faded, read_blocks, read_clip, resample, write_flac
from declaim.errors import AudioError

RATE_HZ = 22_050


def tone(seconds, pitch_hz=440.0, rate_hz=RATE_HZ, level=0.5):
    return (level * np.sin(2 * np.pi * pitch_hz * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def quiet(seconds):
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def test_a_file_is_read_as_mono(tmp_path):
    soundfile.write(tmp_path / "two.wav", np.stack((tone(0.5), -tone(0.5)), axis=1), RATE_HZ)

    clip = read_clip(tmp_path / "two.wav")
    assert clip.samples.shape == (RATE_HZ // 2,)
    assert np.abs(clip.samples).max() < 1e-3


def test_a_file_is_read_at_another_rate(tmp_path):
    soundfile.write(tmp_path / "one.wav", tone(0.5), RATE_HZ)

    clip = read_clip(tmp_path / "one.wav", 44_100)
    assert (clip.rate_hz, len(clip.samples)) == (44_100, RATE_HZ)


@pytest.mark.parametrize(("name", "content"), [("x.wav", b"no sound"), ("x.mp3", b""), ("x.flac", b"fLaC")])
def test_a_file_that_is_no_audio_says_so(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(AudioError, match=f"'{name}' cannot be read as audio") as caught:
        read_clip(tmp_path / name)
    assert caught.value.cure


@pytest.mark.parametrize("name", ["gone.wav", "gone.m4a"])
def test_a_file_that_is_not_there_says_so(tmp_path, name):
    with pytest.raises(AudioError, match="There is no file"):
        read_clip(tmp_path / name)


def test_a_file_without_sound_says_so(tmp_path):
    soundfile.write(tmp_path / "x.wav", quiet(0), RATE_HZ)

    with pytest.raises(AudioError, match="no sound"):
        read_clip(tmp_path / "x.wav")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg")
def test_an_odd_file_is_read_through_ffmpeg(tmp_path):
    soundfile.write(tmp_path / "x.wav", tone(0.5), RATE_HZ)
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "x.wav", tmp_path / "x.m4a"], check=True)

    clip = read_clip(tmp_path / "x.m4a")
    assert clip.duration_ms == pytest.approx(500, abs=60)
    assert np.abs(clip.samples).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg")
def test_an_odd_file_that_is_no_audio_says_so(tmp_path):
    (tmp_path / "x.m4a").write_bytes(b"no sound")

    with pytest.raises(AudioError, match="cannot be read as audio"):
        read_clip(tmp_path / "x.m4a")


def test_an_odd_file_without_ffmpeg_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "x.m4a").write_bytes(b"whatever")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(AudioError, match="needs ffmpeg") as caught:
        list(read_blocks(tmp_path / "x.m4a"))
    assert "apt install ffmpeg" in caught.value.cure


def test_blocks_keep_the_channels(tmp_path):
    soundfile.write(tmp_path / "two.wav", np.stack((tone(0.5), tone(0.5)), axis=1), RATE_HZ)

    blocks = list(read_blocks(tmp_path / "two.wav", 1000))
    assert {block.shape[1] for block, _ in blocks} == {2}
    assert sum(len(block) for block, _ in blocks) == RATE_HZ // 2


def test_a_fade_starts_and_ends_near_zero_and_leaves_the_middle():
    samples = np.ones(RATE_HZ, np.float32)
    after = faded(samples, RATE_HZ)

    assert after[0] < 0.001
    assert after[-1] < 0.001
    assert np.all(after[111:-111] == 1)
    assert np.all(samples == 1), "the samples given stay as they were"


@pytest.mark.parametrize("count", [0, 1, 2, 150, 221, 1000])
@pytest.mark.parametrize("size", [1, 60, 110, 400])
def test_a_fade_is_the_same_in_blocks(count, size):
    samples = np.ones(count, np.float32)
    blocks = [faded(samples[at : at + size], RATE_HZ, at, count) for at in range(0, count, size)]

    assert np.array_equal(np.concatenate([samples[:0], *blocks]), faded(samples, RATE_HZ))


def test_resampling_keeps_pitch_and_place():
    after = resample(tone(1.0, 1000), RATE_HZ, 48_000)

    assert len(after) == 48_000
    assert np.abs(after[5000:43_000] - tone(1.0, 1000, 48_000)[5000:43_000]).max() < 1e-3


def test_a_flac_that_was_cut_off_is_not_read(tmp_path):
    write_flac(tmp_path / "x.flac", [tone(2.0) * np.linspace(0, 1, 2 * RATE_HZ, dtype=np.float32)], RATE_HZ)
    data = (tmp_path / "x.flac").read_bytes()
    (tmp_path / "x.flac").write_bytes(data[: len(data) // 2])

    with pytest.raises(AudioError):
        read_clip(tmp_path / "x.flac")
    with pytest.raises(AudioError):
        list(read_blocks(tmp_path / "x.flac"))
