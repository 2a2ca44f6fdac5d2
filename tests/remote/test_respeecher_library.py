"""Respeecher's projects, folders, recordings, notes and orders."""

from __future__ import annotations

import zipfile

import pytest

from declaim.errors import InputError, RemoteMisanswered, RemoteRefused, RemoteUnavailable
from declaim.remote.paging import items_in
from tests.support.respeecher_server import OWNER
from tests.support.service_server import AFTER, Reply, Storage, tone_wav


@pytest.fixture
def folder(respeecher_server):
    return respeecher_server.add_folder(respeecher_server.add_project())


def test_projects_are_made_listed_found_renamed_and_deleted(respeecher, respeecher_server):
    made = respeecher.create_project({"name": "My project", "owner": OWNER})
    assert respeecher_server.log[-1].json == {"models": {}, "name": "My project", "owner": OWNER}
    assert respeecher.project_by_url(made.url).id == made.id
    assert respeecher.rename_project(made.id, {"name": "New"}).name == "New"
    respeecher.list_projects(limit=5, offset=0, sort="last_recording_at", direction="desc", owner=OWNER)
    assert respeecher_server.log[-1].one("owner") == OWNER
    assert [item.name for item in items_in(respeecher.projects())] == ["New"]
    assert respeecher.delete_project(made.id) == (made.id,)


def test_folders_are_made_listed_renamed_and_deleted(respeecher, respeecher_server):
    project = respeecher_server.add_project()
    made = respeecher.create_folder({"name": "One", "project_id": project})
    assert respeecher.get_folder(made.id) == made
    assert respeecher.rename_folder(made.id, {"name": "Two"}).name == "Two"
    assert [item.name for item in items_in(respeecher.folders(project))] == ["Two"]
    assert respeecher.delete_folder(made.id) == (made.id,)
    respeecher_server.fail("reply", reply=Reply([{"id": "a"}, "b"]))
    assert respeecher.delete_folder("x") == ("a", "b")


def test_long_lists_are_walked_page_by_page(respeecher, respeecher_server, folder):
    ids = [respeecher_server.add_original(folder) for _ in range(450)]
    project = respeecher_server.folders[folder]["project_id"]
    assert [item.id for item in items_in(respeecher.recordings(project_id=project))] == ids
    assert len(respeecher_server.asked("GET /api/recordings")) == 3
    assert [item.id for item in items_in(respeecher.originals(folder))] == ids
    assert next(respeecher.recordings(folder_id=folder)).total == 450


def test_an_original_is_made_from_text_and_ordered_in_several_voices(respeecher, respeecher_server, folder, tmp_path):
    made = respeecher.create_tts({"parent_folder_id": folder, "text": "Hello.", "text_language": "en", "label": "Take 1"})
    assert made.is_original
    assert made.tts
    assert made.is_running
    voices = respeecher.list_voices(limit=2).items
    wishes = [{"voice_id": voice.id, "narration_style_id": voice.narration_styles[0].id, "label": "A"} for voice in voices]
    wishes[0] |= {"accent_id": voices[0].accents[0].id, "semitones_correction": 1.5}
    orders = respeecher.create_order({"original_id": made.id, "conversions": wishes})
    assert respeecher_server.log[-1].json["conversions"] == wishes
    assert len(orders) == 2
    conversion = respeecher.get_recording(orders[0].conversion_id)
    assert conversion.is_done
    assert not conversion.is_original
    assert (conversion.voice_id, conversion.voice_name) == (voices[0].id, "Voice 01")
    assert [item.id for item in items_in(respeecher.conversions(made.id))] == [order.conversion_id for order in orders]
    got = respeecher.download_recording(conversion.id, tmp_path / "a.wav")
    assert got.path.read_bytes() == respeecher_server.files[conversion.url]
    assert respeecher_server.log[-1].headers["api-key"] == respeecher_server.key
    assert respeecher.retry_order(conversion.id)[0].conversion_id == conversion.id


def test_the_deprecated_way_from_text_still_speaks(respeecher, folder):
    body = {"project_id": "p", "parent_folder_id": folder, "label": "L", "voice_id": "v", "text": "Hello."}
    assert respeecher.create_old_tts(body).text == "Hello."


def test_a_sound_file_is_uploaded_under_no_name_of_its_own(respeecher, respeecher_server, folder, tmp_path):
    path = tmp_path / "secret place.WAV"
    path.write_bytes(tone_wav(321))
    made = respeecher.create_recording({"parent_folder_id": folder, "label": "Mine"}, path)
    parts = respeecher_server.log[-1].parts
    assert {name: content for name, (_, content) in parts.items() if name != "data"} == {
        "microphone": b"file",
        "parent_folder_id": folder.encode(),
        "label": b"Mine",
    }
    assert b"secret" not in respeecher_server.log[-1].body[:2000]
    assert respeecher_server.files[made.url] == path.read_bytes()


def test_a_busy_service_gets_the_whole_file_again(respeecher, respeecher_server, folder, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(tone_wav(321))
    respeecher_server.fail("429", times=2)
    made = respeecher.create_recording({"parent_folder_id": folder}, path)
    assert respeecher_server.files[made.url] == path.read_bytes()
    assert len(respeecher_server.recordings) == 1


def test_recordings_are_labelled_starred_noted_and_deleted_with_their_conversions(respeecher, respeecher_server, folder):
    original = respeecher_server.add_original(folder)
    conversion = respeecher_server.add_conversion(original)
    assert respeecher.update_recording(original, {"starred": True}).starred
    assert respeecher.replace_recording(original, {"label": "New", "starred": False}).label == "New"
    note = respeecher.create_note({"recording_id": original, "text": "Good"})
    assert respeecher.update_note({"recording_id": original, "text": "Better"}).id == note.id
    assert respeecher.get_recording(original).note.text == "Better"
    assert respeecher.list_notes(folder)[0].recording_id == original
    respeecher.delete_note({"recording_id": original})
    assert respeecher_server.log[-1].json == {"recording_id": original}
    assert respeecher.get_recording(original).note is None
    assert respeecher.delete_recording(original) == (original, conversion)


def test_projects_and_originals_are_exported_as_zips(respeecher, respeecher_server, folder, tmp_path):
    original = respeecher_server.add_original(folder, starred=True)
    conversion = respeecher_server.add_conversion(original)
    project = respeecher_server.folders[folder]["project_id"]
    whole = respeecher.export_project(project, tmp_path / "p.zip")
    assert (whole.name, whole.content_type) == ("export.zip", "application/zip")
    assert len(zipfile.ZipFile(whole.path).namelist()) == 2
    starred = respeecher.export_project(project, tmp_path / "s.zip", starred_only=True)
    assert zipfile.ZipFile(starred.path).namelist() == [f"{original}.wav"]
    takes = respeecher.export_recording(original, tmp_path / "o.zip")
    assert zipfile.ZipFile(takes.path).namelist() == [f"{conversion}.wav"]


def test_a_file_elsewhere_is_fetched_without_the_key(respeecher, respeecher_server, folder, tmp_path):
    with Storage() as storage:
        url = storage.put("/x.wav", b"RIFF")
        original = respeecher_server.add_original(folder, url=url)
        assert respeecher.download_recording(original, tmp_path / "x.wav").size_bytes == 4
        assert "api-key" not in storage.log[0].headers
    own = f"{respeecher_server.origin}/api/storage/{original}.wav"
    respeecher.download_file(own, tmp_path / "y.wav")
    assert respeecher_server.log[-1].headers["api-key"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"text": "x" * 1001}, "1,001 characters; 1,000 are allowed"),
        ({"text": ""}, "needs 'text'"),
        ({"text": "x", "label": "x" * 41}, "41 characters; 40"),
        ({"text": "x", "label": "Naïve"}, "letters a-z"),
        ({"text": "x", "label": ""}, "letters a-z"),
        ({"text": "x", "text_language": "english please"}, "ISO 639"),
        ({"text": "x", "voice": "y"}, "no field"),
    ],
)
def test_text_and_labels_outside_the_limits_are_refused_before_sending(respeecher, respeecher_server, body, words):
    with pytest.raises(InputError) as refused:
        respeecher.create_tts({"parent_folder_id": "f", **body})
    assert words in str(refused.value)
    assert refused.value.cure
    assert not respeecher_server.log


def test_a_text_that_is_too_long_is_to_be_split(respeecher):
    with pytest.raises(InputError) as refused:
        respeecher.create_tts({"parent_folder_id": "f", "text": "x" * 1001})
    assert "parts of at most 1,000 characters" in refused.value.cure


@pytest.mark.parametrize(
    "order",
    [
        {"original_id": "o", "conversions": []},
        {"original_id": "o"},
        {"original_id": "o", "conversions": [{"accent_id": "a"}]},
        {"original_id": "o", "conversions": ["v"]},
        {"original_id": "o", "conversions": [{"voice_id": "v", "label": "a/b"}]},
        {"original_id": "o", "conversions": [{"voice_id": "v", "semitones_correction": "1"}]},
        {"original_id": "o", "conversions": [{"voice_id": "v"}], "use_calibration": True},
    ],
)
def test_an_order_that_cannot_work_is_not_sent(respeecher, respeecher_server, order):
    with pytest.raises(InputError):
        respeecher.create_order(order)
    assert not respeecher_server.log


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_note_has_up_to_2000_characters(respeecher, respeecher_server, text):
    with pytest.raises(InputError):
        respeecher.create_note({"recording_id": "r", "text": text})
    assert not respeecher_server.log


def test_a_list_needs_a_place(respeecher, respeecher_server):
    for ask in (lambda: respeecher.list_recordings(), lambda: respeecher.list_originals(""), lambda: respeecher.list_folders("")):
        with pytest.raises(InputError):
            ask()
    assert not respeecher_server.log


@pytest.mark.parametrize("kind", [kind for kind in AFTER if kind not in {"slow", "wrong-type"}])
def test_what_is_paid_for_is_never_ordered_twice(respeecher, respeecher_server, folder, kind):
    original = respeecher_server.add_original(folder)
    respeecher_server.fail(kind)
    with pytest.raises((RemoteUnavailable, RemoteMisanswered)) as failure:
        respeecher.create_order({"original_id": original, "conversions": [{"voice_id": respeecher_server.voices[0]["id"]}]})
    assert len(respeecher_server.asked("POST")) == 1
    assert respeecher_server.credits == 99
    assert failure.value.maybe_done


def test_not_enough_credits_is_told(respeecher, respeecher_server, folder):
    respeecher_server.credits = 0
    original = respeecher_server.add_original(folder)
    with pytest.raises(RemoteRefused, match="Not enough credits") as refused:
        respeecher.create_order({"original_id": original, "conversions": [{"voice_id": respeecher_server.voices[0]["id"]}]})
    assert refused.value.status == 402
    assert "credits" in refused.value.cure


def test_a_changed_label_is_sent_again_after_a_cut(respeecher, respeecher_server, folder):
    original = respeecher_server.add_original(folder)
    respeecher_server.fail("cut-after")
    assert respeecher.update_recording(original, {"label": "New"}).label == "New"


@pytest.mark.parametrize("call", ["get_folder", "get_recording", "get_calibration"])
def test_another_item_than_the_one_asked_for_is_not_taken(respeecher, respeecher_server, call):
    respeecher_server.fail("reply", times=9, reply=Reply({"id": "other"}))
    with pytest.raises(RemoteMisanswered, match="other"):
        getattr(respeecher, call)("this")


def test_states_and_fields_that_nobody_knows_do_no_harm(respeecher, respeecher_server, folder):
    original = respeecher_server.add_original(folder, state="dreaming", mood=1, label="../../etc")
    found = respeecher.get_recording(original)
    assert found.is_running
    assert found.raw["mood"] == 1
    assert found.label == "../../etc"


def test_a_moderated_recording_says_why(respeecher, respeecher_server, folder):
    moderated = respeecher_server.add_original(folder, state="error", moderation={"state": "done", "error": "Not nice"})
    assert respeecher.get_recording(moderated).error == "Not nice"


@pytest.mark.parametrize(
    "answer",
    [
        {"list": []},
        {"pagination": {"count": 0}},
        {"list": {}, "pagination": {"count": 0}},
        {"list": [3], "pagination": {"count": 1}},
        {"list": [{"name": "x"}], "pagination": {"count": 1}},
        {"list": [], "pagination": {"count": "many"}},
        3,
    ],
)
def test_an_odd_list_is_no_list(respeecher, respeecher_server, answer):
    respeecher_server.fail("reply", times=9, reply=Reply(answer))
    with pytest.raises(RemoteMisanswered):
        respeecher.list_projects()


def test_a_list_that_is_shorter_than_it_says_is_not_taken_for_whole(respeecher, respeecher_server):
    respeecher_server.fail("reply", times=9, reply=Reply({"list": [], "pagination": {"count": 7, "limit": 50, "offset": 0}}))
    with pytest.raises(RemoteMisanswered, match="7 entries"):
        list(items_in(respeecher.projects()))
