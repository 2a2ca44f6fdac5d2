"""The library against the three services on this computer: what is sent, what comes, what is said twice and what is not."""

from __future__ import annotations

import json

import pytest

from declaim.errors import InputError
from declaim.model.library import RecordingState, RecordingType
from declaim.model.remote import Badge, StepState
from declaim.model.source import SourceType
from tests.support.desks import PROJECT, clean
from tests.support.service_server import Reply
from tests.support.studios import add_script

# LogTalk


def test_a_document_is_published_polled_and_its_audio_kept_as_a_take(desk, logtalk):
    at = desk("logtalk", logtalk)
    report = clean(at.publish("document", at.document(), settings=["settings.tone=professional"]))
    assert (report.pushed, report.waiting, report.requests) == (1, 1, 1)
    (made,) = logtalk.conversions.values()
    assert made["_body"]["settings"]["tone"] == "professional"
    assert made["source_type"] == "changelog"
    (take,) = at.recordings
    assert (take.state, take.source, take.label) == (RecordingState.RENDERING, "remote", "Notes")
    report = clean(at.sync())
    assert (report.downloaded, report.waiting, report.pulled) == (1, 0, 0)
    (take,) = at.recordings
    assert take.state is RecordingState.DONE
    assert (at.library.media / take.path).read_bytes() == logtalk.storage.files[f"/audio/{made['id']}"][1]
    assert take.duration_ms
    assert all("authorization" not in entry.headers for entry in logtalk.storage.log)


def test_publishing_a_script_and_waiting_brings_its_take(desk, logtalk):
    at = desk("logtalk", logtalk)
    _, script_id = add_script(at.studio, project=PROJECT)
    report = clean(at.publish("script", script_id, public=True, wait=True))
    assert (report.pushed, report.downloaded, report.waiting) == (1, 1, 0)
    (take,) = at.studio.recordings.of_script(script_id)
    assert take.path
    assert next(iter(logtalk.conversions.values()))["public_url"] is True


def test_what_is_there_is_pulled_once_and_nothing_is_written_the_second_time(desk, logtalk):
    at = desk("logtalk", logtalk)
    for number in range(230):
        logtalk.add_conversion(title=f"Episode {number}")
    report = clean(at.sync(audio=False))
    assert (report.pulled, report.requests) == (230, 4)
    changes = []
    at.library.subscribe(changes.append)
    report = clean(at.sync(audio=False))
    assert (report.pulled, report.updated, report.requests) == (0, 0, 4)
    assert not any(change.touches("recordings", "folders", "remote_items", "notes") for change in changes)


def test_a_refused_wish_is_kept_told_and_sent_again_only_when_asked(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    logtalk.fail("reply", on="POST /api/v1/conversions", reply=logtalk.no(402, "QUOTA_EXCEEDED", "No quota is left"))
    report = at.publish("document", document)
    (failure,) = report.failed
    assert (failure.item, failure.code, failure.request_id) == (f"d{document}", "QUOTA_EXCEEDED", "req_402")
    assert "No quota is left" in failure.message
    assert clean(at.sync()).pushed == 0
    assert logtalk.conversions == {}
    assert clean(at.send(at.syncing.wish_retry(f"d{document}"))).pushed == 1
    assert len(logtalk.conversions) == 1


def test_an_answer_that_was_lost_makes_nothing_twice(desk, logtalk):
    at = desk("logtalk", logtalk)
    logtalk.fail("cut-after", times=20, on="POST /api/v1/conversions")
    report = at.publish("document", at.document())
    assert (report.pushed, report.waiting) == (0, 1)
    assert at.sync().pulled == 0  # not until it is known what arrived
    logtalk.work_again()
    assert clean(at.sync()).pushed == 1
    assert len(logtalk.conversions) == len(at.recordings) == 1
    keys = {entry.headers["idempotency-key"] for entry in logtalk.asked("POST /api/v1/conversions")}
    assert len(keys) == 1


def test_two_equal_publications_are_two_wishes(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    clean(at.publish("document", document))
    clean(at.publish("document", document))
    assert len(logtalk.conversions) == len(at.recordings) == 2


def test_a_job_that_fails_there_says_why_and_can_be_retried(desk, logtalk):
    at = desk("logtalk", logtalk)
    clean(at.publish("document", at.document(text="FAIL, please")))
    report = at.sync()
    assert [failure.code for failure in report.failed] == ["GENERATION_FAILED"]
    (take,) = at.recordings
    assert (take.state, take.failure) == (RecordingState.FAILED, "Script generation failed")
    (item,) = at.items
    clean(at.send(at.syncing.wish_retry(item.remote_id)))
    assert clean(at.sync()).downloaded == 1
    assert at.recordings[0].state is RecordingState.DONE


def test_a_name_changed_on_one_side_wins(desk, logtalk):
    at = desk("logtalk", logtalk)
    first, second = logtalk.add_conversion(title="One"), logtalk.add_conversion(title="Two")
    clean(at.sync(audio=False))
    named = {take.label: take.id for take in at.recordings}
    at.studio.recordings.rename(named["One"], "One, here")
    logtalk.conversions[second]["title"] = "Two, there"
    report = clean(at.sync(audio=False))
    assert (report.pushed, report.updated, report.conflicts) == (1, 1, 0)
    assert logtalk.conversions[first]["title"] == "One, here"
    assert {take.label for take in at.recordings} == {"One, here", "Two, there"}
    assert {item.state for item in at.items} == {StepState.IN_STEP}


@pytest.mark.parametrize(
    ("keep", "there", "here"),
    [("here", "Mine", {"Mine"}), ("there", "Theirs", {"Theirs"}), ("both", "Theirs", {"Mine", "Theirs"})],
)
def test_a_conflict_is_kept_until_the_user_chooses(desk, logtalk, keep, there, here):
    at = desk("logtalk", logtalk)
    remote_id = logtalk.add_conversion(title="Old")
    clean(at.sync(audio=False))
    at.studio.recordings.rename(at.recordings[0].id, "Mine")
    logtalk.conversions[remote_id]["title"] = "Theirs"
    for _ in range(2):
        report = clean(at.sync(audio=False))
        assert (report.pushed, report.updated, report.conflicts) == (0, 0, 1)
    assert (at.recordings[0].label, logtalk.conversions[remote_id]["title"]) == ("Mine", "Theirs")
    wishes = at.syncing.resolve(at.syncing.find_item(remote_id), keep)
    if wishes:
        clean(at.send(wishes))
    clean(at.sync(audio=False))
    assert logtalk.conversions[remote_id]["title"] == there
    assert {take.label for take in at.recordings} == here
    assert at.items[0].state is StepState.IN_STEP


def test_what_was_deleted_there_is_kept_here_and_said_once(desk, logtalk):
    at = desk("logtalk", logtalk)
    remote_id = logtalk.add_conversion()
    clean(at.sync())
    del logtalk.conversions[remote_id]
    report = clean(at.sync())
    assert report.deleted == 1
    assert any("deleted there" in note for note in report.notes)
    assert len(at.recordings) == 1
    assert clean(at.sync()).deleted == 0


def test_what_was_deleted_here_is_not_deleted_there_unasked(desk, logtalk):
    at = desk("logtalk", logtalk)
    remote_id = logtalk.add_conversion()
    clean(at.sync())
    at.studio.recordings.trash(at.recordings[0].id)
    report = clean(at.sync())
    assert list(logtalk.conversions) == [remote_id]
    assert at.recordings == ()
    assert any("remote delete" in note for note in report.notes)
    clean(at.send([at.syncing.wish_delete(at.syncing.find_item(remote_id))]))
    assert logtalk.conversions == {}


def test_a_dry_run_counts_and_writes_nothing_on_either_side(desk, logtalk):
    at = desk("logtalk", logtalk)
    logtalk.add_conversion(title="There")
    at.wish("document", at.document())
    changes = []
    at.library.subscribe(changes.append)
    report = clean(at.sync(dry_run=True))
    assert (report.pushed, report.pulled, report.downloaded) == (1, 1, 1)
    assert changes == []
    assert at.recordings == at.items == ()
    assert {entry.method for entry in logtalk.log} == {"GET"}


def test_a_list_that_never_ends_is_left_and_said(desk, logtalk):
    at = desk("logtalk", logtalk)
    logtalk.add_conversion()
    logtalk.repeats_cursor = True
    report = at.sync(audio=False)
    assert [failure.code for failure in report.failed] == ["repeated_cursor"]
    assert len(at.recordings) == 1
    assert at.library.connections.get(at.connection.id).cursors == {}


def test_a_list_that_gives_every_item_the_same_id_brings_one(desk, logtalk):
    at = desk("logtalk", logtalk)
    for _ in range(3):
        logtalk.add_conversion()
    logtalk.answers_with = "the-same"
    assert clean(at.sync(audio=False)).pulled == 1
    assert [item.remote_id for item in at.items] == ["the-same"]


def test_what_is_no_audio_is_refused_and_fetched_when_it_is_some(desk, logtalk):
    at = desk("logtalk", logtalk)
    remote_id = logtalk.add_conversion()
    nonsense = Reply(body=b"not audio at all", headers={"Content-Type": "audio/mpeg"})
    logtalk.storage.fail("reply", on="GET /audio/", reply=nonsense)
    report = at.sync()
    assert [(failure.item, failure.code) for failure in report.failed] == [(remote_id, "not_audio")]
    assert report.failed[0].message.startswith("What came cannot be read as audio.")
    assert (report.downloaded, at.recordings[0].path) == (0, "")
    assert [path for path in at.library.media.rglob("*") if path.is_file()] == []
    assert clean(at.sync()).downloaded == 1


def test_a_pull_that_broke_off_goes_on_where_it_was(desk, logtalk):
    at = desk("logtalk", logtalk)
    for _ in range(250):
        logtalk.add_conversion()
    pages = iter(range(10))
    original = logtalk._list

    def break_after_two(request, table, filters):
        return original(request, table, filters) if next(pages) < 2 else logtalk.no(403, "NO", "No")

    logtalk._list = break_after_two
    assert len(at.sync(audio=False).failed) == 1
    assert len(at.recordings) == 200
    logtalk._list = original
    at.connection = at.library.connections.get(at.connection.id)
    assert at.connection.cursors["conversions"]
    logtalk.log.clear()
    assert clean(at.sync(audio=False)).pulled == 50
    assert logtalk.log[0].one("cursor")
    assert len(at.recordings) == 250


@pytest.mark.parametrize("status", [400, 500])
def test_a_pull_whose_place_the_service_no_longer_knows_begins_at_the_start(desk, logtalk, status):
    at = desk("logtalk", logtalk)
    logtalk.add_conversion()
    with at.library.transaction("Pull", undoable=False):
        at.library.connections.set_cursors(at.connection.id, {"conversions": "c-of-last-month"})
    at.connection = at.library.connections.get(at.connection.id)
    original = logtalk._list

    def old_cursors_are_strange(request, table, filters):
        is_old = request.one("cursor") == "c-of-last-month"
        return logtalk.no(status, "BAD_CURSOR", "No") if is_old else original(request, table, filters)

    logtalk._list = old_cursors_are_strange
    assert clean(at.sync(audio=False)).pulled == 1
    assert at.library.connections.get(at.connection.id).cursors == {}


def test_content_beyond_the_limit_is_refused_before_any_call(desk, logtalk):
    at = desk("logtalk", logtalk)
    with pytest.raises(InputError, match="bytes"):
        at.wish("document", at.document(text="x" * 50_001))
    assert logtalk.log == []


def test_a_change_that_waits_does_not_overrule_what_changed_there_meanwhile(desk, logtalk):
    at = desk("logtalk", logtalk)
    remote_id = logtalk.add_conversion(title="Old")
    clean(at.sync(audio=False))
    at.studio.recordings.rename(at.recordings[0].id, "Mine")
    logtalk.fail("503", times=20, on="PATCH")
    assert at.sync(audio=False).waiting == 1
    logtalk.work_again()
    logtalk.conversions[remote_id]["title"] = "Theirs"
    assert clean(at.sync(audio=False)).conflicts == 1
    assert logtalk.conversions[remote_id]["title"] == "Theirs"


def test_a_refused_change_is_sent_again_once_it_is_another(desk, respeecher):
    at = desk("respeecher", respeecher)
    original = respeecher.add_original(respeecher.add_folder(respeecher.add_project("Show"), "Season"), label="Take")
    clean(at.sync())
    at.studio.recordings.rename(at.recordings[0].id, "Ünfit")
    assert [failure.item for failure in at.sync().failed] == ["r1"]
    assert clean(at.sync()).pushed == 0
    at.studio.recordings.rename(at.recordings[0].id, "Fit")
    assert clean(at.sync()).pushed == 1
    assert respeecher.recordings[original]["label"] == "Fit"
    assert at.library.outbox.failed(at.connection.id) == ()


def test_after_a_refusal_the_same_can_be_published_anew(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    logtalk.fail("reply", on="POST", reply=logtalk.no(402, "QUOTA_EXCEEDED", "No quota is left"))
    assert at.publish("document", document).failed
    assert clean(at.publish("document", document)).pushed == 1


def test_a_badge_says_how_an_item_stands(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    assert at.syncing.badge("document", document) is Badge.LOCAL_ONLY
    wishes = at.wish("document", document)
    assert at.syncing.badge("document", document) is Badge.WAITING
    clean(at.send(wishes))
    (take,) = at.recordings
    assert at.syncing.badge("recording", take.id) is Badge.WAITING
    clean(at.sync())
    assert at.syncing.badge("recording", take.id) is Badge.IN_STEP
    at.studio.recordings.rename(take.id, "Mine")
    assert at.syncing.badge("recording", take.id) is Badge.CHANGED_HERE
    next(iter(logtalk.conversions.values()))["title"] = "Theirs"
    clean(at.sync())
    assert at.syncing.badge("recording", take.id) is Badge.CONFLICT


# BotTalk


def test_an_article_is_published_and_its_audio_fetched(desk, bottalk):
    at = desk("bottalk", bottalk)
    _, script_id = add_script(at.studio, project=PROJECT)
    clean(at.publish("script", script_id, settings=["lang=en-US", "voice=nova", "labels=a,b"]))
    (article,) = bottalk.articles.values()
    assert "[HOST1]" not in article["text"]
    assert "Dark mode is here" in article["text"]
    assert article["externalId"]
    report = clean(at.sync())
    assert report.downloaded == 1
    assert at.recordings[0].script_id == script_id


def test_an_article_whose_answer_was_lost_is_found_by_its_external_id(desk, bottalk):
    at = desk("bottalk", bottalk)
    bottalk.fail("cut-after", times=1, on="POST /api/articles")
    clean(at.publish("document", at.document()))
    assert len(bottalk.articles) == len(at.recordings) == 1
    assert len(bottalk.asked("POST /api/articles")) == 1


def test_articles_are_pulled_and_renamed_both_ways(desk, bottalk):
    at = desk("bottalk", bottalk)
    for _ in range(120):
        bottalk.add_article(status="ready")
    assert clean(at.sync(audio=False)).pulled == 120
    take = at.recordings[0]
    at.studio.recordings.rename(take.id, "Better")
    assert clean(at.sync(audio=False)).pushed == 1
    (article,) = [each for each in bottalk.articles.values() if each["title"] == "Better"]
    assert article["text"] == "Words."


# Respeecher


def test_remote_projects_become_top_level_folders_with_everything_below(desk, respeecher):
    at = desk("respeecher", respeecher)
    project = respeecher.add_project("Show")
    folder = respeecher.add_folder(project, "Season 1")
    original = respeecher.add_original(folder, label="Take 1", starred=True)
    respeecher.add_conversion(original, label="As Ada")
    report = clean(at.sync())
    assert (report.pulled, report.downloaded) == (4, 2)
    folders = {each.name: each for each in at.library.folders.of(at.project_id)}
    assert folders["Show"].parent_id is None
    assert folders["Season 1"].parent_id == folders["Show"].id
    takes = {take.label: take for take in at.recordings}
    assert takes["Take 1"].type is RecordingType.ORIGINAL
    assert takes["Take 1"].starred
    assert takes["As Ada"].original_id == takes["Take 1"].id
    assert all(take.path for take in takes.values())


def test_names_stars_and_notes_go_both_ways(desk, respeecher):
    at = desk("respeecher", respeecher)
    folder = respeecher.add_folder(respeecher.add_project("Show"), "Season 1")
    original = respeecher.add_original(folder, label="Take 1")
    clean(at.sync())
    (take,) = at.recordings
    at.studio.recordings.star(take.id, True)
    at.studio.recordings.note(take.id, "Softer")
    season = next(each for each in at.library.folders.of(at.project_id) if each.name == "Season 1")
    at.studio.projects.rename_folder(season.id, "Season 2")
    assert clean(at.sync()).pushed == 2
    assert respeecher.folders[folder]["name"] == "Season 2"
    assert respeecher.recordings[original]["starred"]
    assert respeecher.recordings[original]["note"]["text"] == "Softer"
    respeecher.recordings[original]["label"] = "Take one"
    assert clean(at.sync()).updated == 1
    assert at.recordings[0].label == "Take one"
    assert clean(at.sync()).requests == 3


def test_a_script_becomes_an_original_and_its_voices_are_ordered(desk, respeecher):
    at = desk("respeecher", respeecher)
    document = at.document("Chapter one", "It was a dark night.", SourceType.DOCUMENT)
    voice = respeecher.voices[0]
    wanted = {"voice_id": voice["id"], "narration_style_id": voice["narration_styles"][0]["id"], "label": "Ada"}
    order = f"conversions={json.dumps([wanted])}"
    report = clean(at.publish("document", document, settings=[order], wait=True))
    assert report.pushed == 4  # project, folder, original, order
    assert {each["name"] for each in respeecher.projects.values()} == {PROJECT}
    kinds = sorted(each["type"] for each in respeecher.recordings.values())
    assert kinds == ["converted", "original"]
    clean(at.sync(wait=True))
    assert sorted(take.type.value for take in at.recordings) == ["conversion", "original"]
    assert all(take.path for take in at.recordings)
    report = clean(at.sync())
    assert (report.pulled, report.updated, report.pushed) == (0, 0, 0)


def test_a_text_over_a_thousand_characters_is_refused_with_the_cure(desk, respeecher):
    at = desk("respeecher", respeecher)
    with pytest.raises(InputError, match="Split it"):
        at.wish("document", at.document("Long", "word " * 300, SourceType.DOCUMENT))
    assert respeecher.log == []
    assert at.library.outbox.open(at.connection.id) == ()


def test_an_original_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(desk, respeecher):
    at = desk("respeecher", respeecher)
    first = at.document("Same", "Same words.", SourceType.DOCUMENT)
    clean(at.publish("document", first))
    respeecher.fail("cut-after", times=1, on="POST /api/v2/recordings/tts")
    clean(at.publish("document", first))
    assert len(respeecher.recordings) == len(at.recordings) == 2  # made on purpose
    respeecher.fail("cut-before", times=1, on="POST /api/v2/recordings/tts")
    clean(at.publish("document", first))
    assert len(respeecher.recordings) == len(at.recordings) == 3


def test_a_thousand_recordings_come_in_few_requests_and_nothing_is_written_again(desk, respeecher):
    at = desk("respeecher", respeecher)
    for number in range(5):
        project = respeecher.add_project(f"Project {number}")
        for place in range(10):
            folder = respeecher.add_folder(project, f"Folder {place}")
            for take in range(20):
                respeecher.add_original(folder, label=f"Take {take}")
    report = clean(at.sync(audio=False))
    assert report.pulled == 1055
    assert report.requests <= 11 + 60
    changes = []
    at.library.subscribe(changes.append)
    report = clean(at.sync(audio=False))
    assert report.requests <= 60
    assert not any(change.touches("recordings", "folders", "remote_items", "notes") for change in changes)


# Bad weather


@pytest.mark.parametrize("service", ["logtalk", "bottalk", "respeecher"])
def test_with_one_answer_in_five_broken_everything_is_done_once(desk, request, elsewhere, service):
    server = request.getfixturevalue(service)
    at = desk(service, server)
    documents = [at.document(f"Part {number}", f"Words {number}.", SourceType.DOCUMENT) for number in range(6)]
    server.slow_s = 0.01
    server.fail_every(5)
    for document in documents:
        at.wish("document", document)
    for _ in range(12):
        at.sync(wait=True)
    server.work_again()
    clean(at.sync(wait=True))
    made = {"logtalk": "conversions", "bottalk": "articles", "respeecher": "recordings"}[service]
    assert len(getattr(server, made)) == len(at.recordings) == 6
    assert all(take.path for take in at.recordings)
    assert at.library.outbox.open(at.connection.id) == at.library.outbox.failed(at.connection.id) == ()
    secrets = {"authorization", "api-key", "cookie"}
    assert not any(secrets & set(entry.headers) for entry in elsewhere.log)
