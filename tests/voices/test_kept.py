"""Voices that were downloaded through HTTP speak, with the real models."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from declaim.commands.downloading import VoiceDownloads
from declaim.model.ids import VoiceId
from declaim.model.offer import OfferedFile, OfferedVoice
from declaim.model.work import CancelToken
from declaim.voices import Access, Voices
from declaim.voices import offers as offered
from declaim.voices.offers import offers
from tests.support.voice_server import KEY, VoiceServer, kokoro_style, piper_files
from tests.voices.conftest import speak

JOLLY = VoiceId(f"piper:{KEY}")


def downloads_from(server, engine="piper"):
    access = Access()
    access.choose(engine, base_url=server.origin)
    return VoiceDownloads(access, pause_s=0)


@pytest.mark.voices
def test_a_downloaded_piper_voice_speaks(piper):
    with VoiceServer(piper_files()) as server:
        downloads = downloads_from(server)
        downloads.read_offers()
        downloads.fetch(JOLLY, CancelToken())
    assert Voices([piper]).find(JOLLY).ready
    clips = speak(piper, JOLLY, "Hello.")
    assert sum(len(clip.samples) for clip in clips) > 5_000
    assert np.abs(clips[0].samples).max() > 0.05


@pytest.mark.voices
def test_an_official_kokoro_voice_speaks_as_its_style_says(kokoro, served_heart):
    style = kokoro_style()
    with VoiceServer({"voices/af_heart.bin": style}) as server:
        downloads_from(server, "kokoro").fetch("kokoro:af_heart", CancelToken())
    [heart] = [voice for voice in kokoro.voices() if voice.id == "kokoro:af_heart"]
    assert (heart.language, heart.licence, heart.ready) == ("en-US", "Apache-2.0", True)
    said = np.concatenate([clip.samples for clip in speak(kokoro, "kokoro:af_heart", "Hi.")])
    packaged = np.concatenate([clip.samples for clip in speak(kokoro, "kokoro:jf_alpha", "Hi.")])
    assert np.array_equal(said, packaged)


@pytest.fixture
def served_heart(monkeypatch):
    """The official voice's digest is that of what the test serves."""
    digest = f"sha256:{hashlib.sha256(kokoro_style()).hexdigest()}"
    heart = next(offer for offer in offers() if offer.id == "kokoro:af_heart")
    file = OfferedFile("voices/af_heart.bin", len(kokoro_style()), (digest,))
    served = OfferedVoice(heart.id, heart.key, heart.name, "kokoro", heart.language, (file,), heart.gender, licence=heart.licence)
    monkeypatch.setattr(offered, "_kokoro", lambda: (served,))
