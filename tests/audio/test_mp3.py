from __future__ import annotations

import io

import mutagen.mp3
import numpy as np
import pytest
import soundfile

from declaim.audio import open_writer, read_clip, writing
from declaim.audio.mp3 import TAIL, Mp3Encoder, Mp3File, Mp3Settings, encode_piece, encoder_gain
from declaim.audio.mp3_frames import FRAME, frame_ends
from declaim.audio.writers import Mp3Writer
from declaim.errors import AudioError

RATE_HZ = 44_100


def syllables(seconds, seed):
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    sound = np.convolve(rng.standard_normal(count), np.hanning(40), "same") * np.hanning(count)
    return (12_000 * sound / np.abs(sound).max()).astype(np.int16)


def pieces(settings, sounds):
    """Each sound in whole frames, with what lies behind it: the file, and the samples that should come out of it."""
    file, heard = io.BytesIO(), []
    writer = Mp3File(file, settings)
    for sound in sounds:
        frames = -(-(len(sound) + TAIL) // FRAME)
        writer.add(encode_piece(sound, frames, settings), frames)
        writer.add_silence(3)
        heard.append(np.pad(sound, (0, (frames + 3) * FRAME - len(sound))))
    writer.finish()
    return file.getvalue(), np.concatenate(heard)


def decoded(data):
    samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    assert rate_hz == RATE_HZ
    return samples[:, 0]


@pytest.mark.parametrize(
    "settings",
    [
        Mp3Settings(),
        Mp3Settings(channels=1),
        Mp3Settings(channels=1, bit_rate=64),
        Mp3Settings(vbr=4),
        Mp3Settings(channels=1, vbr=0),
    ],
    ids=lambda settings: settings.name,
)
def test_pieces_one_after_the_other_sound_like_one_encoding(settings):
    data, wanted = pieces(settings, [syllables(0.7, 1), syllables(0.31, 2), syllables(0.5, 3)])
    heard = decoded(data) / encoder_gain(settings)

    assert len(heard) == len(wanted), "the Info frame's delay and padding make it gapless"
    noise = heard - wanted / 32768
    assert 10 * np.log10(np.mean(np.square(wanted / 32768.0)) / np.mean(np.square(noise))) > 20
    quiet = wanted == 0
    assert np.abs(heard[quiet]).max() < 0.01, "nothing of a piece is heard where another begins"


def test_the_header_tells_length_and_rate():
    data, wanted = pieces(Mp3Settings(), [syllables(0.7, 1)] * 3)
    info = mutagen.mp3.MP3(io.BytesIO(data)).info

    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert (info.bitrate, info.channels, info.sample_rate) == (192_000, 2, RATE_HZ)
    assert info.length == pytest.approx(len(wanted) / RATE_HZ, abs=0.001)


def test_a_variable_rate_is_told_as_such():
    data, wanted = pieces(Mp3Settings(vbr=4), [syllables(0.7, 1)] * 3)
    info = mutagen.mp3.MP3(io.BytesIO(data)).info

    assert info.bitrate_mode == mutagen.mp3.BitrateMode.VBR
    assert info.length == pytest.approx(len(wanted) / RATE_HZ, abs=0.001)


def test_every_frame_of_a_constant_rate_has_that_rate():
    data, _ = pieces(Mp3Settings(channels=1), [syllables(0.7, 1)] * 3)
    sizes = np.diff([0, *frame_ends(data)])

    assert set(sizes) <= {626, 627}
    assert sum(sizes) == len(data)


def test_the_seek_table_leads_to_where_the_time_lies():
    data, _ = pieces(Mp3Settings(), [syllables(0.7, seed) for seed in range(30)])
    at = data.index(b"Info") + 16
    table = list(data[at : at + 100])

    assert table == sorted(table)
    assert table[50] == pytest.approx(128, abs=4)


def test_the_encoders_own_gain_is_known():
    assert encoder_gain(Mp3Settings(channels=1)) == pytest.approx(0.97, abs=0.005)
    assert encoder_gain(Mp3Settings(bit_rate=320)) == pytest.approx(1.0, abs=0.005)


def test_a_stream_of_any_length_is_gapless(tmp_path):
    path = tmp_path / "stream.mp3"
    sound = syllables(1.234, 4).astype(np.float32) / 32768
    writer = Mp3Writer(path, Mp3Settings(channels=1))
    with writing(writer):
        for at in range(0, len(sound), 1000):
            writer.write(sound[at : at + 1000])
    heard = read_clip(path).samples

    assert len(heard) == len(sound)
    assert np.corrcoef(heard, sound)[0, 1] > 0.99


def test_stereo_stays_stereo(tmp_path):
    path = tmp_path / "stereo.mp3"
    left, right = syllables(0.5, 1) / np.float32(32768), syllables(0.5, 2) / np.float32(32768)
    with writing(open_writer(path, RATE_HZ, 2)) as writer:
        writer.write(np.stack((left, right), axis=1).astype(np.float32))
    heard = soundfile.read(path)[0]

    assert np.corrcoef(heard[:, 0], left)[0, 1] > 0.98
    assert np.corrcoef(heard[:, 1], right)[0, 1] > 0.98


def test_what_is_no_mp3_is_refused():
    with pytest.raises(ValueError, match="not an MPEG-1"):
        list(frame_ends(b"RIFF" + bytes(100)))


def test_an_encoder_gives_frames_that_begin_with_a_header():
    encoder = Mp3Encoder(Mp3Settings())
    data = encoder.encode(syllables(0.2, 1)) + encoder.finish()

    assert list(frame_ends(data))[-1] == len(data)


@pytest.mark.parametrize("choices", [{"bit_rate": 100}, {"bit_rate": 0}, {"rate_hz": 22_050}, {"channels": 3}])
def test_what_mp3_cannot_do_is_told(choices):
    with pytest.raises(AudioError, match="MP3") as caught:
        Mp3Settings(**choices)

    assert caught.value.cure
