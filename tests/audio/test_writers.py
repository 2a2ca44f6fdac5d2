from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from declaim.audio import FORMATS, check_format, open_writer, read_clip, to_pcm16, writing
from declaim.audio.writers import WavWriter
from declaim.errors import AudioError

SOUND = (0.4 * np.sin(np.arange(48_000) / 30)).astype(np.float32)
HERE = [kind for kind in FORMATS if kind != ".m4b" or shutil.which("ffmpeg")]


def write(path, channels=1, rate_hz=48_000, sound=SOUND):
    with writing(open_writer(path, rate_hz, channels)) as writer:
        for at in range(0, len(sound), 7000):
            writer.write(sound[at : at + 7000])


@pytest.mark.parametrize("kind", HERE)
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_written_is_read(tmp_path, kind, channels):
    path = tmp_path / f"sound{kind}"
    write(path, channels)
    clip = read_clip(path, 48_000)

    assert clip.duration_ms == pytest.approx(1000, abs=60 if kind == ".m4b" else 2)
    assert np.abs(clip.samples[5000:40_000]).max() == pytest.approx(0.4, abs=0.05)


def test_a_wav_is_what_the_standard_library_reads(tmp_path):
    write(tmp_path / "sound.wav", channels=2)

    with wave.open(str(tmp_path / "sound.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 48_000, 2)
        assert file.getnframes() == len(SOUND)


def test_a_wav_holds_the_samples_exactly(tmp_path):
    write(tmp_path / "sound.wav")

    assert np.array_equal(soundfile.read(tmp_path / "sound.wav", dtype="int16")[0], to_pcm16(SOUND))


def test_a_wav_of_more_than_four_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("declaim.audio.writers.MAX_WAV_BYTES", 50_000)

    with pytest.raises(AudioError, match="4 GB"):
        write(tmp_path / "sound.wav")


def test_a_long_wav_is_rf64(tmp_path, monkeypatch):
    monkeypatch.setattr("declaim.audio.writers.MAX_WAV_BYTES", 50_000)
    path = tmp_path / "sound.wav"
    with writing(WavWriter(path, 48_000, 2, is_long=True)) as writer:
        writer.write(SOUND)
        assert writer.end == 80 + 4 * len(SOUND)

    sound, rate_hz = soundfile.read(path, dtype="int16")
    assert (soundfile.info(path).format, rate_hz) == ("RF64", 48_000)
    assert np.array_equal(sound[:, 0], to_pcm16(SOUND))
    assert read_clip(path).duration_ms == 1000


def test_sixteen_bits_are_rounded_and_clipped():
    values = to_pcm16(np.array([0, 1, -1, 2, -2, 0.5 / 32767, 0.6 / 32767], np.float32))

    assert values.tolist() == [0, 32767, -32767, 32767, -32768, 0, 1]


def test_a_kind_that_cannot_be_written_says_which_can():
    with pytest.raises(AudioError, match=r"\.aac") as caught:
        check_format(Path("sound.aac"))

    assert all(kind in caught.value.cure for kind in FORMATS)


def test_the_suffix_may_have_capitals():
    assert check_format(Path("SOUND.MP3")) == ".mp3"


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg")
def test_an_error_of_ffmpeg_is_told_in_its_words(tmp_path):
    with pytest.raises(AudioError, match="No such file"):
        write(tmp_path / "missing" / "sound.m4b")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
@pytest.mark.parametrize("kind", [".wav", ".flac", ".opus", ".mp3"])
def test_a_full_disk_is_an_error_and_not_a_short_file(tmp_path, kind):
    """A file that may not grow past 4 kB, in a process of its own, stands for a full disk."""
    code = f"""
import resource, signal, sys
import numpy as np
from pathlib import Path
from declaim.audio import open_writer, writing
from declaim.errors import AudioError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
rng = np.random.default_rng(1)
import soundfile, lameenc
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with writing(open_writer(Path({str(tmp_path / ("sound" + kind))!r}), 48_000, 1)) as writer:
        for _ in range(30):
            writer.write(rng.uniform(-0.5, 0.5, 48_000).astype(np.float32))
except (OSError, AudioError) as error:
    sys.exit(7)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.returncode == 7, ran.stderr
