"""Voices from a source: fetched through HTTP, put in place, spoken with, removed."""

from __future__ import annotations

import json

import pytest

from declaim import paths
from declaim.commands.downloading import VoiceDownloads
from declaim.errors import Cancelled, InputError, RemoteMisanswered, RemoteUnavailable, VoiceError, VoiceNotReady, VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.model.offer import OfferedFile, OfferedVoice
from declaim.model.work import CancelToken, Progress
from declaim.voices import Access
from declaim.voices.kept import KeptVoices
from declaim.voices.offers import completed, offers
from declaim.voices.piper import PiperEngine
from tests.support.voice_server import FOLDER, KEY, VoiceServer, tiny_files
from tests.voices.conftest import speak

JOLLY = VoiceId(f"piper:{KEY}")


@pytest.fixture
def server():
    with VoiceServer(tiny_files()) as running:
        yield running


@pytest.fixture
def downloads(server):
    return downloads_from(server)


def downloads_from(server, engine="piper"):
    access = Access()
    access.choose(engine, base_url=server.origin)
    return VoiceDownloads(access, pause_s=0)


def test_the_known_voices_are_whole_and_their_ids_are_their_own():
    known = offers()
    assert len({offer.id for offer in known}) == len(known) > 20
    assert all(offer.files[0].digests for offer in known)
    assert all(offer.language.startswith("en-") for offer in known)


def test_nothing_is_asked_before_a_voice_is_wanted(server, downloads):
    assert downloads.offered()
    assert not server.log


def test_the_sources_list_offers_more_voices(downloads):
    before = len(downloads.offered())
    assert downloads.read_offers() == before + 1
    assert downloads.find(KEY).id == JOLLY
    assert downloads.find(JOLLY).size_text == "300 kB"


def test_a_voice_is_downloaded_with_its_licence_and_listed(server, downloads):
    downloads.read_offers()
    downloads.fetch(JOLLY, CancelToken())
    voice = PiperEngine().voices()[-1]
    assert (voice.id, voice.name, voice.language, voice.licence) == (JOLLY, "Jolly", "en-US", "CC0")
    assert downloads.is_here(JOLLY)
    assert downloads.sizes()[JOLLY] > 300_000
    assert not list((paths.voices_dir() / ".partial").iterdir())


def test_the_progress_says_how_much_of_how_much(downloads):
    downloads.read_offers()
    told = []
    downloads.fetch(JOLLY, CancelToken(), Progress(told.append))
    assert told[-1].fraction == 1.0
    assert "of 0.3 MB" in told[-1].text


def test_a_download_that_broke_off_goes_on_where_it_was(server, downloads):
    downloads.read_offers()
    server.fail("halved", times=99, on=r"\.onnx$")
    with pytest.raises(RemoteUnavailable):
        downloads.fetch(JOLLY, CancelToken())
    assert not downloads.is_here(JOLLY)
    server.work_again()
    downloads.fetch(JOLLY, CancelToken())
    assert downloads.is_here(JOLLY)
    assert server.asked(r"\.onnx$")[-1].headers["range"] != "bytes=0-"


def test_a_stopped_download_leaves_no_voice(downloads):
    downloads.read_offers()
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        downloads.fetch(JOLLY, cancel)
    assert not downloads.is_here(JOLLY)


def test_another_content_than_the_list_says_is_refused(server, downloads):
    downloads.read_offers()
    server.files[f"{FOLDER}/{KEY}.onnx"] = bytes(len(server.files[f"{FOLDER}/{KEY}.onnx"]))
    with pytest.raises(RemoteMisanswered, match="another content"):
        downloads.fetch(JOLLY, CancelToken())
    assert not downloads.is_here(JOLLY)


def test_a_list_that_contradicts_what_is_pinned_is_refused(server, downloads):
    entry = json.loads(server.files["voices.json"])[KEY]
    plain = {path.replace("jolly", "amy"): facts for path, facts in entry["files"].items()}
    server.files["voices.json"] = json.dumps({"en_US-amy-medium": {**entry, "files": plain}}).encode()
    with pytest.raises(VoiceError, match="something else"):
        downloads.fetch("piper:amy", CancelToken())


def test_a_voice_that_is_not_in_the_list_is_told(downloads):
    with pytest.raises(VoiceError, match="no voice en_US-amy-medium"):
        downloads.fetch("piper:amy", CancelToken())


def test_paths_in_a_list_that_lead_elsewhere_are_passed_over():
    facts = {"size_bytes": 1, "md5_digest": "0" * 32}
    files = {f"../../evil/{end}": facts for end in ("a.onnx", "a.onnx.json", "MODEL_CARD")}
    assert offers({KEY: {"files": files}}) == offers()
    offer = OfferedVoice(JOLLY, KEY, "Jolly", "piper", "en-US", (OfferedFile("a.onnx"),))
    with pytest.raises(VoiceError):
        completed(offer, {KEY: {"files": files}})


def test_an_unknown_voice_says_where_to_look(downloads):
    with pytest.raises(VoiceUnknown) as caught:
        downloads.fetch("piper:nobody", CancelToken())
    assert "--offered" in caught.value.cure


def test_a_removed_voice_is_gone_and_said_to_be(downloads):
    downloads.read_offers()
    downloads.fetch(JOLLY, CancelToken())
    downloads.remove(JOLLY)
    assert not downloads.is_here(JOLLY)
    assert JOLLY not in [voice.id for voice in PiperEngine().voices()]
    with pytest.raises(InputError, match="was not downloaded"):
        downloads.remove(JOLLY)


def test_an_id_that_leads_elsewhere_is_refused(downloads, tmp_path):
    with pytest.raises(InputError):
        downloads.remove(VoiceId("piper:../../library"))


def test_a_voice_whose_file_was_deleted_says_so(downloads):
    downloads.read_offers()
    downloads.fetch(JOLLY, CancelToken())
    (KeptVoices("piper").folder / KEY / f"{KEY}.onnx").unlink()
    assert "is gone" in next(voice.needs for voice in PiperEngine().voices() if voice.id == JOLLY)
    with pytest.raises(VoiceNotReady):
        speak(PiperEngine(), JOLLY, "Hello.")
