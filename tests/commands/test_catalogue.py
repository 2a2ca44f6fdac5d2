"""The catalogue: found, narrowed, chosen, taken back, downloaded as a job."""

from __future__ import annotations

import pytest

from declaim.commands.catalogue import Catalogue, CatalogueEntry, CatalogueFilter, Show
from declaim.commands.downloading import VoiceDownloads
from declaim.model.ids import VoiceId
from declaim.model.voice import Gender, Voice
from declaim.voices import Access, Voices
from declaim.voices.gemini import GeminiEngine
from declaim.voices.kokoro import KokoroEngine
from declaim.voices.piper import PiperEngine
from tests.support.studios import add_script, make_studio
from tests.support.voice_server import KEY, VoiceServer, tiny_files

JOE, KORE = VoiceId("piper:joe"), VoiceId("gemini:Kore")


@pytest.fixture
def studio(tmp_path):
    made = make_studio(tmp_path, Voices([PiperEngine(), KokoroEngine(), GeminiEngine()]))
    yield made
    made.close()


def entry_of(catalogue, voice_id):
    return next(entry for entry in catalogue.entries() if entry.voice.id == voice_id)


def ids(catalogue, **narrowed):
    return [entry.voice.id for entry in CatalogueFilter(**narrowed).narrow(catalogue.entries())]


def test_the_list_holds_every_engine_and_what_can_be_downloaded(studio):
    entries = studio.catalogue.entries()
    assert {entry.voice.engine for entry in entries} == {"piper", "kokoro", "gemini"}
    assert entry_of(studio.catalogue, "kokoro:af_heart").state == "To download, 522 kB"
    assert len({entry.voice.id for entry in entries}) == len(entries)


def test_prices_are_told_for_a_minute(studio):
    assert entry_of(studio.catalogue, JOE).price == "free"
    assert "a minute" in entry_of(studio.catalogue, KORE).price


def test_words_gender_language_engine_and_price_narrow_the_list(studio):
    catalogue = studio.catalogue
    assert ids(catalogue, text="KORE firm", engine="gemini") == [KORE]
    assert JOE not in ids(catalogue, gender="female")
    assert {voice.partition(":")[0] for voice in ids(catalogue, is_free=True)} == {"piper", "kokoro"}
    assert all(voice.startswith(("piper:al", "kokoro:b")) for voice in ids(catalogue, language="en-GB"))
    assert ids(catalogue, text="mature", age="old") == ["gemini:Gacrux"]
    assert "gemini:Algenib" in ids(catalogue, pitch="low")


def test_what_is_shown_can_be_chosen(studio):
    catalogue = studio.catalogue
    assert KORE in ids(catalogue, show=Show.LACKING)
    assert KORE not in ids(catalogue, show=Show.READY)
    assert set(ids(catalogue, show=Show.OFFERED)) >= {"kokoro:af_heart", "piper:amy"}


def test_the_useful_ones_come_first():
    ready = CatalogueEntry(Voice(VoiceId("a:b"), "B", "a", "en"), "A")
    lacking = CatalogueEntry(Voice(VoiceId("a:a"), "A", "a", "en", needs="a key"), "A")
    liked = CatalogueEntry(Voice(VoiceId("z:z"), "Z", "z", "en", Gender.FEMALE), "Z", is_favourite=True)
    assert CatalogueFilter().narrow([lacking, ready, liked]) == (liked, ready, lacking)


def test_a_favourite_is_kept_and_can_be_taken_back(studio):
    catalogue = studio.catalogue
    catalogue.set_favourite(JOE, True)
    catalogue.set_favourite(KORE, True)
    assert set(ids(catalogue, show=Show.FAVOURITES)) == {JOE, KORE}
    assert studio.undo() == "Add a favourite voice"
    assert ids(catalogue, show=Show.FAVOURITES) == [JOE]
    assert studio.redo()
    catalogue.set_favourite(JOE, False)
    assert ids(catalogue, show=Show.FAVOURITES) == [KORE]


def test_a_language_has_one_default_voice_which_can_be_taken_back(studio):
    catalogue = studio.catalogue
    catalogue.set_default("en-US", JOE)
    catalogue.set_default("en", KORE)
    assert catalogue.defaults() == {"en": KORE}
    assert entry_of(catalogue, KORE).default_for == ("en",)
    studio.undo()
    assert catalogue.defaults() == {"en": JOE}
    catalogue.set_default("en", None)
    assert not catalogue.defaults()


def test_a_new_script_is_cast_with_the_default_of_its_language(studio):
    studio.catalogue.set_default("en", KORE)
    project_id = studio.projects.find_or_create("MyApp")
    script_id = studio.scripts.create(project_id)
    assert studio.scripts.settings(script_id).cast.default == KORE
    _, imported = add_script(studio, project="Other")
    assert studio.scripts.settings(imported).cast.default == KORE


def test_a_projects_own_cast_goes_before_the_default(studio):
    studio.catalogue.set_default("en", KORE)
    project_id = studio.projects.find_or_create("MyApp")
    studio.projects.set_settings(project_id, studio.projects.settings(project_id))
    assert studio.scripts.settings(studio.scripts.create(project_id)).cast.default == JOE


def test_a_voice_is_downloaded_as_a_job_and_removed(studio):
    with VoiceServer(tiny_files()) as server:
        access = Access()
        access.choose("piper", base_url=server.origin)
        catalogue = Catalogue(studio.library, studio.voices, studio.jobs, VoiceDownloads(access, pause_s=0))
        told, refused = [], []
        catalogue.read_offers(told.append, refused.append)
        voice_id = VoiceId(f"piper:{KEY}")
        catalogue.download(voice_id, told.append, refused.append)
        assert (told[-1], refused) == (voice_id, [])
        assert catalogue.downloading(voice_id) is None
        entry = entry_of(catalogue, voice_id)
        assert not entry.is_offered
        assert entry.downloaded_bytes > 300_000
        catalogue.remove(voice_id, told.append, refused.append)
        assert entry_of(catalogue, voice_id).is_offered
    assert [job.title for job in studio.jobs.all()] == ["Read the list of voices", "Download Jolly"]


def test_a_source_that_cannot_be_reached_is_told(studio):
    access = Access()
    access.choose("kokoro", base_url="http://127.0.0.1:9")
    catalogue = Catalogue(studio.library, studio.voices, studio.jobs, VoiceDownloads(access, pause_s=0))
    refused = []
    catalogue.download(VoiceId("kokoro:af_heart"), lambda _id: None, refused.append)
    assert "broke off" in str(refused[0])
    assert catalogue.downloading(VoiceId("kokoro:af_heart")) is None
