from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from declaim.audio.files import audio_duration_ms
from declaim.errors import AudioError

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


@pytest.fixture
def tone(tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, np.sin(np.arange(3 * 22_050) / 20).astype(np.float32), 22_050)
    return path


def test_the_header_of_a_file_tells_how_long_it_is(tone):
    assert audio_duration_ms(tone) == 3000


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".m4a", ".webm"])
def test_what_libsndfile_cannot_read_is_probed(tone, suffix):
    odd = tone.with_suffix(suffix)
    subprocess.run(["ffmpeg", "-v", "error", "-i", tone, odd], check=True)

    assert audio_duration_ms(odd) == pytest.approx(3000, abs=60)


@needs_ffmpeg
def test_without_the_prober_the_sound_is_counted(tone, monkeypatch):
    odd = tone.with_suffix(".m4a")
    subprocess.run(["ffmpeg", "-v", "error", "-i", tone, odd], check=True)
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "ffprobe" else real(name))

    assert audio_duration_ms(odd) == pytest.approx(3000, abs=60)


@pytest.mark.parametrize("name", ["noise.wav", "noise.m4a"])
def test_what_is_no_audio_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"no sound at all " * 100)
    with pytest.raises(AudioError):
        audio_duration_ms(path)
