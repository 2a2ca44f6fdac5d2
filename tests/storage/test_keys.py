"""Keys live in the system's keyring, and nowhere else."""

from __future__ import annotations

import traceback

import pytest

from declaim.errors import DeclaimError, InputError
from declaim.model.key import masked
from declaim.storage import KeyringMissing, KeyStore
from tests.support.keyrings import MemoryKeyring, RefusingKeyring

KEY = "AIza-a-test-key-0123456789"


@pytest.fixture
def backend():
    return MemoryKeyring()


@pytest.fixture
def store(tmp_path, backend):
    return KeyStore(tmp_path, backend)


def test_a_kept_key_is_found_and_removed(store, backend):
    assert not store.has("gemini")
    store.keep("gemini", f"  {KEY}\n")
    assert backend.kept == {("Declaim", "gemini"): KEY}
    assert store.has("gemini")
    assert store.find("gemini") == KEY
    store.forget("gemini")
    assert not store.has("gemini")
    assert store.find("gemini") == ""
    store.forget("gemini")


def test_whether_a_key_is_kept_is_known_without_asking_the_keyring(store, tmp_path):
    store.keep("gemini", KEY)
    later = MemoryKeyring()
    assert KeyStore(tmp_path, later).has("gemini")
    assert later.questions == 0


def test_the_key_is_in_no_file(store, tmp_path):
    store.keep("gemini", KEY)
    assert all(KEY not in path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert KEY not in repr(store) + repr(vars(store))


def test_the_environment_comes_second(store, monkeypatch):
    monkeypatch.setenv("ELEVENLABS_API_KEY", "from-the-environment")
    assert store.has("elevenlabs")
    assert store.find("elevenlabs") == "from-the-environment"
    store.keep("elevenlabs", KEY)
    assert store.find("elevenlabs") == KEY
    store.forget("elevenlabs")
    assert store.find("elevenlabs") == "from-the-environment"


def test_a_key_that_the_user_took_out_of_the_keyring_is_missed_quietly(store, backend):
    store.keep("gemini", KEY)
    backend.kept.clear()
    assert store.find("gemini") == ""


@pytest.mark.parametrize("text", ["", "   ", "short", "two words here", "naïve-schlüssel", "line\nbreak-in-it"])
def test_what_cannot_be_a_key_is_refused_and_not_repeated(store, text):
    with pytest.raises(InputError) as raised:
        store.keep("gemini", text)
    assert not text.strip() or text not in str(raised.value)


def test_a_keyring_that_refuses_says_what_to_do_and_not_the_key(tmp_path, expected_warnings):
    store = KeyStore(tmp_path, RefusingKeyring())
    with pytest.raises(KeyringMissing, match="Set the environment variable GEMINI_API_KEY instead") as raised:
        store.keep("gemini", KEY)
    assert KEY not in "".join(traceback.format_exception(raised.value))
    (tmp_path / "kept-keys.json").write_text('["gemini"]', encoding="utf-8")
    expected_warnings.append("did not give the key of gemini")
    assert store.find("gemini") == ""
    with pytest.raises(DeclaimError, match="refused"):
        store.forget("gemini")


def test_a_masked_key_shows_its_last_signs_only():
    assert masked(KEY) == "••••••••6789"
    assert masked("shortkey") == "••••••••"
