"""A mono Opus stream that two channels come out of."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from declaim.audio import open_writer, writing
from declaim.audio.opus_twin import make_twin
from declaim.audio.writers import OpusTwinWriter

TONE = (0.3 * np.sin(np.arange(96_000) / 25)).astype(np.float32)


@pytest.fixture
def twin(tmp_path):
    path = tmp_path / "twin.opus"
    with writing(OpusTwinWriter(path, 48_000)) as writer:
        writer.write(TONE[:48_000])
        writer.write_pcm(np.rint(TONE[48_000:, None] * 32767).astype(np.int16).repeat(2, axis=1))
    return path


def test_both_channels_have_the_sound(twin):
    sound, rate_hz = soundfile.read(twin)
    assert (rate_hz, sound.shape) == (48_000, (96_000, 2))
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert np.abs(sound[2_000:-2_000, 0] - TONE[2_000:-2_000]).max() < 0.03


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg")
def test_ffmpeg_hears_the_same(twin):
    command = ["ffmpeg", "-v", "error", "-i", str(twin), "-f", "f32le", "-ac", "2", "pipe:1"]
    run = subprocess.run(command, check=True, capture_output=True)
    assert run.stderr == b""
    sound = np.frombuffer(run.stdout, np.float32).reshape(-1, 2)
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert np.abs(sound[2_000:90_000, 0] - TONE[2_000:90_000]).max() < 0.03


def test_it_takes_fewer_bytes_than_two_channels(twin, tmp_path):
    with writing(open_writer(tmp_path / "two.opus", 48_000, 2)) as writer:
        writer.write(TONE)
    assert twin.stat().st_size < 0.9 * (tmp_path / "two.opus").stat().st_size


@pytest.mark.parametrize("data", [b"", b"OggS", b"OggS" + bytes(60), b"RIFF" + bytes(100), b"OggS" + b"\xff" * 40])
def test_what_is_no_opus_is_refused(tmp_path, data):
    path = tmp_path / "sound.opus"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="one channel"):
        make_twin(path)
    assert path.read_bytes() == data


def test_two_channels_are_refused(twin):
    with pytest.raises(ValueError, match="one channel"):
        make_twin(twin)
