"""Keys as the window handles them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from declaim.commands.keys import Keys, access_of, read_voices
from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.work import CancelToken
from declaim.storage import KeyStore
from declaim.voices import Voices
from declaim.voices.elevenlabs import ElevenLabsEngine
from declaim.voices.gemini import GeminiEngine
from tests.support.elevenlabs_server import ElevenLabsServer
from tests.support.executors import InlineExecutor, post_now
from tests.support.gemini_server import GeminiServer
from tests.support.keyrings import MemoryKeyring
from tests.support.voices import ScriptedEngine
from tests.voices.conftest import request_for


class Heard:
    def __init__(self):
        self.done, self.failed = [], []


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def servers(monkeypatch):
    gemini, eleven = GeminiServer(), ElevenLabsServer()
    with gemini.running() as gemini_url, eleven.running() as eleven_url:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini_url)
        monkeypatch.setenv("ELEVENLABS_BASE_URL", eleven_url)
        yield gemini, eleven


@pytest.fixture
def voices(servers):
    engines = GeminiEngine(), ElevenLabsEngine()
    yield Voices([*engines, ScriptedEngine()])
    for engine in engines:
        engine.close()


@pytest.fixture
def keys(voices, tmp_path):
    store = KeyStore(tmp_path, MemoryKeyring())
    voices.connect(access_of(store))
    return Keys(voices, Jobs(InlineExecutor(), post_now), store)


def test_a_key_is_kept_tested_and_removed(keys, voices, servers, heard):
    assert [state.engine for state in keys.states()] == ["gemini", "elevenlabs"]
    assert keys.states()[0].text == "No key yet. GEMINI_API_KEY works too."
    assert not voices.find("gemini:Kore").ready
    keys.keep("gemini", servers[0].key, heard.done.append, heard.failed.append)
    assert heard.done == ["••••••••6789"]
    assert voices.find("gemini:Kore").ready
    assert keys.states()[0].text == "A key is kept in the system's keyring."
    keys.test("gemini", "", heard.done.append, heard.failed.append)
    assert heard.done[-1] == "The key works: 2 speech models."
    keys.remove("gemini", heard.done.append, heard.failed.append)
    assert not voices.find("gemini:Kore").ready
    assert not heard.failed
    assert not servers[0].asked


def test_a_key_is_tested_before_it_is_kept(keys, servers, heard):
    keys.test("elevenlabs", "wrong-wrong-wrong", heard.done.append, heard.failed.append)
    assert "does not accept the key" in str(heard.failed[0])
    keys.test("elevenlabs", "", heard.done.append, heard.failed.append)
    assert "Add an ElevenLabs key in Settings › Voices" in str(heard.failed[1])


def test_what_cannot_be_a_key_is_refused_at_once(keys, heard):
    with pytest.raises(InputError, match="not a key"):
        keys.keep("gemini", "no key at all", heard.done.append, heard.failed.append)
    with pytest.raises(InputError, match="no engine 'piper'"):
        keys.keep("piper", "a-key-a-key", heard.done.append, heard.failed.append)


def test_voices_of_an_account_are_read_when_asked_for(keys, voices, servers, heard):
    keys.keep("elevenlabs", servers[1].key, heard.done.append, heard.failed.append)
    assert not servers[1].history
    keys.read_voices("elevenlabs", heard.done.append, heard.failed.append)
    assert heard.done[-1] == 2
    assert [voice.name for voice in voices.all() if voice.engine == "elevenlabs"] == ["Vera", "Otto"]


def test_reading_all_voices_asks_only_where_there_is_a_key(keys, voices, servers, heard):
    keys.keep("elevenlabs", servers[1].key, heard.done.append, heard.failed.append)
    assert read_voices(voices) == 2
    assert not servers[0].history


def test_choices_hold_from_the_next_request_on(keys, voices):
    keys.choose("gemini", model="gemini-3.8-flash-lite-tts", requests_per_day=3)
    assert keys.choices("gemini").requests_per_day == 3
    assert voices.engine_of("gemini:Kore").model == "gemini-3.8-flash-lite-tts"


def test_finding_the_voices_at_the_start_asks_no_keyring_and_imports_no_sdk(tmp_path):
    (tmp_path / "kept-keys.json").write_text('["gemini", "elevenlabs"]', encoding="utf-8")
    code = (
        "import sys; from declaim.commands.keys import discover_voices; voices = discover_voices(); "
        "assert voices.find('gemini:Kore').ready; voices.all(); "
        "assert not {'google.genai', 'elevenlabs', 'httpx', 'httpx2', 'keyring'} & set(sys.modules)"
    )
    environment = {**os.environ, "DECLAIM_CONFIG": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30, env=environment)


def test_the_requests_of_the_day_are_counted_over_a_restart(keys, voices, servers, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", servers[0].key)
    engine = voices.engine_of("gemini:Kore")
    for index in range(12):
        assert list(engine.speak(request_for("gemini:Kore", f"Line {index}."), CancelToken()))
    assert keys.requests_today("gemini") == 12
    assert keys.requests_today("elevenlabs") == 0
    engine.close()
    again = GeminiEngine(engine.access)
    assert again.requests_today == 12
    again.close()


def test_the_user_may_allow_fewer_or_more_requests_at_once(keys, voices):
    keys.choose("gemini", requests_at_once=2, exchanges=False)
    engine = voices.engine_of("gemini:Kore")
    assert (engine.limiter.allowed, engine.speaks_exchanges) == (2, False)
    assert engine.layout.workers == 6
