from __future__ import annotations

import io
import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from declaim.audio.mp3 import Mp3Encoder, Mp3File, Mp3Settings, encode_piece, encode_stream
from declaim.audio.mp3_frames import FRAME, frame_ends
from declaim.audio.mp3_twin import Twin

RATE_HZ = 44_100
ONE, TWO = Mp3Settings(channels=1, bit_rate=160), Mp3Settings(channels=2, bit_rate=192)


def sounds():
    """Tones, noise, clicks (short blocks) and silence: what fills the bit reservoir and what empties it."""
    rng = np.random.default_rng(3)
    count = 12 * FRAME
    times = np.arange(count) / RATE_HZ
    clicks = np.zeros(count)
    clicks[rng.integers(0, count, 20)] = rng.uniform(-1, 1, 20)
    parts = [
        0.5 * np.sin(2 * np.pi * 300 * times),
        0.3 * rng.standard_normal(count),
        clicks,
        np.zeros(count),
        0.5 * np.convolve(rng.standard_normal(count), np.hanning(30) / 15, "same"),
    ]
    return np.clip(np.concatenate(parts) * 32767, -32768, 32767).astype(np.int16)


def stream(settings):
    pcm = sounds()
    frames = len(pcm) // FRAME + 3
    piece = encode_piece(pcm, frames, settings)
    return piece, frames


def with_twin(mono, bit_rate=None):
    twin = Twin(bit_rate)
    return twin.add(mono)[0] + twin.finish()[0]


def decoded(piece, frames, settings):
    memory = io.BytesIO()
    file = Mp3File(memory, settings)
    file.add(piece, frames)
    file.finish()
    memory.seek(0)
    return soundfile.read(memory, dtype="float32", always_2d=True)[0]


@pytest.mark.parametrize(("low", "high"), [(160, 192), (112, 128), (96, 128), (256, 320), (48, 64)])
def test_both_channels_sound_like_the_one(low, high):
    settings = Mp3Settings(channels=1, bit_rate=low)
    mono, frames = stream(settings)
    alone = decoded(mono, frames, settings)
    twins = decoded(with_twin(mono, high), frames, Mp3Settings(bit_rate=high))

    assert np.array_equal(twins[:, 0], twins[:, 1])
    assert np.abs(twins[:, 0] - alone[:, 0]).max() < 1e-4


def test_a_variable_rate_keeps_its_sound():
    settings = Mp3Settings(channels=1, vbr=3)
    mono, frames = stream(settings)
    twins = decoded(with_twin(mono), frames, Mp3Settings(vbr=3))

    assert np.array_equal(twins[:, 0], twins[:, 1])
    assert np.abs(twins[:, 0] - decoded(mono, frames, settings)[:, 0]).max() < 1e-4


def test_frames_keep_their_number_and_the_rate_is_constant():
    mono, frames = stream(ONE)
    sizes = np.diff([0, *frame_ends(with_twin(mono, 192))])

    assert len(sizes) == frames
    assert set(sizes) == {626, 627}
    assert sum(sizes) == pytest.approx(frames * 144 * 192_000 / RATE_HZ, abs=1)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg to decode with")
def test_ffmpeg_decodes_it_without_complaint():
    mono, _ = stream(ONE)
    command = ["ffmpeg", "-v", "warning", "-f", "mp3", "-i", "pipe:0", "-f", "f32le", "pipe:1"]
    ran = [subprocess.run(command, input=data, capture_output=True, check=True) for data in (mono, with_twin(mono, 192))]
    one, two = (np.frombuffer(run.stdout, "<f4") for run in ran)

    assert b"overread" not in ran[1].stderr
    assert b"invalid" not in ran[1].stderr.lower()
    assert np.abs(two.reshape(-1, 2)[: len(one), 0] - one[: len(two) // 2]).max() < 1e-3


def test_two_different_channels_are_encoded_as_such():
    pcm = np.stack((sounds(), -sounds()), axis=1)
    piece = encode_piece(pcm, len(pcm) // FRAME + 3, TWO)
    heard = decoded(piece, len(pcm) // FRAME + 3, TWO)

    assert np.corrcoef(heard[:, 0], heard[:, 1])[0, 1] < -0.9


def test_a_stream_of_two_channels_is_refused():
    encoder = Mp3Encoder(TWO)
    data = encoder.encode(sounds()) + encoder.finish()

    with pytest.raises(ValueError, match="one channel"):
        with_twin(data, 320)


@pytest.mark.parametrize(
    "settings", [TWO, Mp3Settings(vbr=3), ONE, Mp3Settings(bit_rate=320)], ids=lambda settings: settings.name
)
@pytest.mark.parametrize("size", [500, 7 * FRAME, 50_000])
def test_in_blocks_it_is_the_same_stream(settings, size):
    pcm = sounds()
    frames = len(pcm) // FRAME + 3
    parts = list(encode_stream((pcm[at : at + size] for at in range(0, len(pcm), size)), frames, settings))

    assert b"".join(part for part, _ in parts) == encode_piece(pcm, frames, settings)
    assert [len(list(frame_ends(part))) for part, _ in parts] == [count for _, count in parts]
    assert sum(count for _, count in parts) == frames


def test_a_twin_is_the_same_frame_by_frame():
    mono, frames = stream(Mp3Settings(channels=1, vbr=0))
    twin, edges = Twin(), [0, *frame_ends(mono)]
    given = [twin.add(mono[start:end]) for start, end in pairwise(edges)] + [twin.finish()]

    assert b"".join(part for part, _ in given) == with_twin(mono)
    assert sum(count for _, count in given) == frames
