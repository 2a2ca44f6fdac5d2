"""What services call audio becomes a clip, or the reason why not."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from declaim.voices.wave import NoSound, clip_of
from tests.support.gemini_server import pcm, wav


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_of_any_rate_becomes_mono_at_24_khz(rate_hz, channels):
    clip = clip_of(wav(1.0, rate_hz, channels))
    assert clip.rate_hz == 24_000
    assert clip.samples.shape == (24_000,)
    ideal = clip_of(wav(1.0)).samples
    assert np.abs(clip.samples - ideal)[200:-200].max() < 0.01


@pytest.mark.parametrize("mime_type", ["audio/L16;codec=pcm;rate=24000", "audio/wav", ""])
def test_raw_pcm_is_told_by_its_bytes(mime_type):
    assert len(clip_of(pcm(0.5), mime_type).samples) == 12_000


def test_raw_pcm_has_the_rate_of_its_type():
    assert clip_of(pcm(1.0, 16_000), "audio/L16;rate=16000").duration_ms == 1000


def test_a_streamed_wav_has_no_true_length():
    data = bytearray(wav(0.5))
    struct.pack_into("<I", data, 40, 0xFFFFFFFF)
    assert clip_of(bytes(data)).duration_ms == 500


@pytest.mark.parametrize(
    ("data", "mime_type", "reason"),
    [
        (b"", "", "no audio in it"),
        (wav(1.0)[:-5000], "", "cut off"),
        (pcm(0.5) + b"x", "", "cut off"),
        (wav(1.0)[:30], "", "no sound in it"),
        (b"ID3" + bytes(100), "audio/mpeg", "MP3"),
        (b'{"error": "sorry"}', "audio/wav", "text"),
        (wav(0.0), "", "no length"),
        (wav(0.1)[:20] + struct.pack("<H", 85) + wav(0.1)[22:], "", "does not read"),
    ],
)
def test_what_is_no_sound_says_why(data, mime_type, reason):
    with pytest.raises(NoSound, match=reason):
        clip_of(data, mime_type)
