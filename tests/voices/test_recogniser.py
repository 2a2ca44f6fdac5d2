"""The recogniser: what it lacks is told with the cure; where it is installed, it hears what a voice said."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from declaim.audio import resample
from declaim.errors import ModelDamaged, VoiceNotReady
from declaim.model.script import Line
from declaim.speech import Speech
from declaim.speech.listening import unheard
from declaim.voices import recogniser
from declaim.voices.recogniser import MODEL_VARIABLE, RATE_HZ, Recogniser, recogniser_needs
from tests.voices.conftest import speak

installed = pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is None, reason="the [verify] extra is not installed")


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch):
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)


def pretend_installed(package_path):
    (package_path / "faster_whisper").mkdir()
    (package_path / "faster_whisper" / "__init__.py").touch()


@pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="the [verify] extra is installed")
def test_without_the_extra_it_says_how_to_install_it():
    with pytest.raises(VoiceNotReady, match="cannot be listened to") as raised:
        Recogniser().transcribe(np.zeros(RATE_HZ, np.float32), "en")
    assert "pip install 'declaim[verify]'" in raised.value.cure


def test_without_a_model_it_says_how_to_get_one(package_path, monkeypatch):
    pretend_installed(package_path)
    monkeypatch.setattr(recogniser, "MODEL", (recogniser.PackageFile("no_such_model", "model.bin", "", ""),))
    assert MODEL_VARIABLE in recogniser_needs()


def test_a_chosen_folder_without_a_model_is_named(package_path, monkeypatch, tmp_path):
    pretend_installed(package_path)
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path))
    with pytest.raises(VoiceNotReady, match=r"no model\.bin in"):
        Recogniser().check()


@installed
def test_a_damaged_model_is_refused(monkeypatch, tmp_path):
    (tmp_path / "model.bin").write_bytes(b"nothing of the kind")
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path))
    with pytest.raises(ModelDamaged, match="cannot be loaded"):
        Recogniser().transcribe(np.zeros(RATE_HZ, np.float32), "en")


@installed
@pytest.mark.voices
@pytest.mark.slow
def test_it_hears_what_piper_says_and_misses_what_it_does_not(piper):
    if recogniser_needs():
        pytest.skip(recogniser_needs())
    said = "The editor keeps every word as you type it."
    clips = speak(piper, "piper:joe", said)
    sound = resample(np.concatenate([clip.samples for clip in clips]), clips[0].rate_hz, RATE_HZ)
    heard = Recogniser().transcribe(sound, "en-US")
    speech = Speech()
    assert unheard(speech.speak_line(Line("NARRATOR", said)), heard, speech) == ()
    more = speech.speak_line(Line("NARRATOR", said + " Kubectl plugins follow."))
    assert unheard(more, heard, speech) == ("Kubectl", "plugins", "follow")
