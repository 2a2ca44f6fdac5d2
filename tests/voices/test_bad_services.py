"""Services that hang, are not who they should be, or have nothing left of what is asked for: each says what, why and the cure."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from declaim.errors import VoiceError, VoiceOffline
from declaim.voices import Access
from declaim.voices.elevenlabs import ElevenLabsEngine
from declaim.voices.gemini import GeminiEngine
from tests.support import elevenlabs_server, gemini_server
from tests.support.certificates import server_context
from tests.support.elevenlabs_server import VOICE, ElevenLabsServer
from tests.support.gemini_server import GeminiServer, seconds_of
from tests.support.speech_server import Reply
from tests.voices.conftest import speak

SERVERS = {GeminiEngine: GeminiServer, ElevenLabsEngine: ElevenLabsServer}
DAY = dt.timedelta(days=1)


def connected(engine_class, server, url, folder):
    access = Access(folder, lambda _name: server.key, lambda _name: True)
    access.choose(engine_class.name, base_url=url)
    engine = engine_class(access)
    engine.limiter.back_off_s = lambda _times: 0.01
    return engine


@pytest.fixture(params=[GeminiEngine, ElevenLabsEngine], ids=["gemini", "elevenlabs"])
def service(request, tmp_path):
    """An engine, its server and a voice."""
    server = SERVERS[request.param]()
    with server.running() as url:
        engine = connected(request.param, server, url, tmp_path)
        yield engine, server, "gemini:Kore" if request.param is GeminiEngine else f"elevenlabs:{VOICE}"
        engine.close()


def test_a_server_that_hangs_is_left_after_a_while(service):
    engine, server, voice = service
    engine.deadline_s = 0.05
    server.gate.clear()
    with pytest.raises(VoiceError, match=r"did not answer within .* Render again later. Finished lines are kept."):
        speak(engine, voice, "Hello.")
    server.gate.set()


def test_a_server_that_closes_before_it_answers_is_asked_again(service):
    engine, server, voice = service
    server.enqueue(*[Reply(200, b"", claimed_length=10, cut_after=0)] * 2)
    assert speak(engine, voice, "Hello.")
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("engine_class", "reply", "message"),
    [
        (GeminiEngine, gemini_server.refusal(404, "NOT_FOUND", "models/x is not found"), "no model gemini-3.8"),
        (ElevenLabsEngine, elevenlabs_server.refusal(400, "model_not_found", "It was not found"), "no model eleven_v3"),
        (ElevenLabsEngine, elevenlabs_server.refusal(400, "invalid_model", "It is deprecated"), "no model eleven_v3"),
        (ElevenLabsEngine, elevenlabs_server.refusal(401, "expired_api_key", "This API key has expired"), "key has expired"),
        (ElevenLabsEngine, elevenlabs_server.refusal(402, "payment_required", "Pay first"), "quota of your ElevenLabs account"),
    ],
)  # fmt: skip
def test_what_the_service_no_longer_has_is_named_with_its_cure(engine_class, reply, message, tmp_path):
    server = SERVERS[engine_class]()
    with server.running() as url:
        engine = connected(engine_class, server, url, tmp_path)
        server.enqueue(reply)
        with pytest.raises(VoiceError, match=message) as raised:
            speak(engine, f"{engine.name}:{VOICE}", "Hello.")
        engine.close()
    assert raised.value.cure
    assert len(server.asked) == 1


@pytest.mark.parametrize("engine_class", SERVERS)
@pytest.mark.parametrize(("begins", "ends"), [(-2 * DAY, -DAY), (DAY, 2 * DAY)], ids=["expired", "not yet valid"])
def test_a_wrong_clock_is_told_from_a_wrong_server(engine_class, begins, ends, tmp_path, monkeypatch):
    context, trusted = server_context(tmp_path, begins=begins, ends=ends)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    server = SERVERS[engine_class]()
    with server.running(context) as url:
        engine = connected(engine_class, server, url, tmp_path)
        with pytest.raises(VoiceError, match=r"not valid at this machine's time. Set the date and time of this machine right."):
            speak(engine, f"{engine.name}:{VOICE}", "Hello.")
        engine.close()
    assert not server.history


@pytest.mark.parametrize("engine_class", SERVERS)
def test_a_server_that_nobody_vouches_for_gets_no_key(engine_class, tmp_path):
    context, _trusted = server_context(tmp_path, begins=-DAY, ends=DAY)
    server = SERVERS[engine_class]()
    with server.running(context) as url:
        engine = connected(engine_class, server, url, tmp_path)
        with pytest.raises(VoiceError, match=r"is not trusted\. Check the base URL") as raised:
            speak(engine, f"{engine.name}:{VOICE}", "Hello.")
        engine.close()
    assert not raised.value.is_offline
    assert not server.history


def test_no_network_is_found_out_once_for_all_lines(tmp_path):
    server = GeminiServer()
    engine = connected(GeminiEngine, server, "http://127.0.0.1:9", tmp_path)
    tried = []
    send = engine.send
    engine.send = lambda ask, key: (tried.append(ask), send(ask, key))[1]
    for line in ("One.", "Two.", "Three."):
        with pytest.raises(VoiceOffline):
            speak(engine, "gemini:Kore", line)
    assert {ask.text for ask in tried} == {"One."}
    engine.close()


def test_a_text_in_pieces_is_joined_without_a_seam(tmp_path):
    server = GeminiServer()
    text = " ".join(f"Sentence number {number} says a little more than nothing at all." for number in range(60))
    with server.running() as url:
        engine = connected(GeminiEngine, server, url, tmp_path)
        sound = np.concatenate([clip.samples for clip in speak(engine, "gemini:Kore", text)])
        engine.close()
    assert len(server.asked) == 3
    quiet = np.flatnonzero(np.abs(sound) < 1e-4)
    gaps = [run for run in np.split(quiet, np.flatnonzero(np.diff(quiet) > 1) + 1) if len(run) > 1000]
    assert [len(gap) / 24 for gap in gaps[:-1]] == pytest.approx([220, 220], abs=60)
    # A tone of 220 Hz moves by so much from one sample to the next; a click would move more.
    assert np.abs(np.diff(sound)).max() < 1.1 * np.abs(sound).max() * 2 * np.pi * 220 / 24_000
    assert len(sound) / 24_000 == pytest.approx(seconds_of(text) + 0.6, abs=0.6)
