"""Answers as sparse as the contracts allow, and stranger ones: nothing here is overwritten, nothing there is made twice."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from declaim.errors import InputError
from declaim.model.library import RecordingState
from declaim.model.remote import StepState
from declaim.model.source import SourceType
from tests.support.desks import clean
from tests.support.service_server import Reply
from tests.support.studios import add_script


def bare_failures(server):
    """Failed ones and retries are told without title and type, as the contract has them."""
    shown = server._shown
    names = {"id", "status", "error", "failed_at", "created_at", "poll_url", "estimated_completion_seconds"}
    server._shown = lambda record: (
        {name: value for name, value in shown(record).items() if name in names} if record["status"] == "failed" else shown(record)
    )


def test_a_failure_that_is_told_without_a_title_leaves_the_name(desk, logtalk):
    bare_failures(logtalk)
    at = desk("logtalk", logtalk)
    clean(at.publish("document", at.document(text="FAIL, please")))
    assert [failure.code for failure in at.sync().failed] == ["GENERATION_FAILED"]
    assert at.recordings[0].label == "Notes"
    (item,) = at.items
    clean(at.send(at.syncing.wish_retry(item.remote_id)))
    clean(at.sync())
    assert (at.recordings[0].label, at.recordings[0].state) == ("Notes", RecordingState.DONE)
    assert logtalk.asked("PATCH") == []
    assert at.items[0].state is StepState.IN_STEP


@pytest.mark.parametrize("odd", [{"title": 5}, {"title": None, "has_audio": "yes"}, {"duration_seconds": "x"}])
def test_one_odd_field_hides_nothing_else(desk, logtalk, odd):
    at = desk("logtalk", logtalk)
    logtalk.add_conversion(title="Good")
    bad = logtalk.add_conversion(title="Bad")
    clean(at.sync(audio=False))
    logtalk.conversions[bad] |= odd
    report = clean(at.sync(audio=False))
    assert report.deleted == 0
    keeps_its_name = odd.get("title", "") is not None
    assert {take.label for take in at.recordings} >= {"Good"} | ({"Bad"} if keeps_its_name else set())


def test_what_a_service_makes_is_never_taken_for_what_was_there(desk, logtalk):
    at = desk("logtalk", logtalk)
    there = logtalk.add_conversion(title="Old")
    clean(at.sync(audio=False))
    logtalk.answers_with = there
    report = at.publish("document", at.document())
    assert [failure.code for failure in report.failed] == ["other_item"]
    assert [take.label for take in at.recordings] == ["Old"]


def test_a_refusal_after_a_lost_answer_keeps_the_key_for_the_retry(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    logtalk.fail("cut-after", on="POST")
    logtalk.fail("reply", on="POST", reply=logtalk.no(401, "EXPIRED_API_KEY", "Expired"))
    assert at.publish("document", document).failed[0].code == "EXPIRED_API_KEY"
    assert len(logtalk.conversions) == 1
    clean(at.send(at.syncing.wish_retry(f"d{document}")))
    assert len(logtalk.conversions) == len(at.recordings) == 1


def test_a_wish_older_than_its_key_is_looked_for_by_the_clock_of_the_service(desk, logtalk):
    at = desk("logtalk", logtalk)
    (wish,) = at.wish("document", at.document())
    logtalk.fail("cut-after", times=20, on="POST")
    at.send([wish])
    logtalk.work_again()
    assert len(logtalk.conversions) == 1
    two_days_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).isoformat()
    with at.library.transaction("Age", undoable=False):
        at.library.outbox._database.update("outbox", wish, {"sent_at": two_days_ago})
    made = next(iter(logtalk.conversions.values()))
    service_now = dt.datetime.fromisoformat(made["created_at"]) + dt.timedelta(days=2)
    logtalk.now = lambda: service_now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    before = len(logtalk.asked("POST"))
    assert clean(at.sync()).pushed == 1
    assert len(logtalk.asked("POST")) == before
    assert len(logtalk.conversions) == len(at.recordings) == 1


def test_a_service_that_takes_no_list_of_episodes_has_none(desk, logtalk):
    at = desk("logtalk", logtalk)
    logtalk.add_conversion()
    logtalk.fail("reply", times=9, on="GET /api/v1/episodes", reply=logtalk.no(404, "NOT_FOUND", "Gone"))
    assert clean(at.sync(audio=False)).pulled == 1


def test_episodes_are_pulled_retried_deleted_and_not_said_twice(desk, logtalk):
    at = desk("logtalk", logtalk)
    old = logtalk.add_episode()
    broken = logtalk.add_episode(status="failed", has_audio=False)
    both = logtalk.add_conversion(title="Both")
    logtalk.episodes[both] = {**logtalk.episodes[old], "id": both}
    report = clean(at.sync())
    assert (report.pulled, report.downloaded) == (3, 2)
    assert sorted(item.remote_kind for item in at.items) == ["conversion", "episode", "episode"]
    at.studio.recordings.rename(next(take.id for take in at.recordings if "episode" in take.label), "Mine")
    assert clean(at.sync()).pushed == 0  # an episode has no title there
    clean(at.send(at.syncing.wish_retry(broken)))
    assert logtalk.episodes[broken]["status"] == "processing"
    clean(at.send([at.syncing.wish_delete(at.syncing.find_item(old))]))
    assert old not in logtalk.episodes
    del logtalk.episodes[broken]
    assert clean(at.sync()).deleted == 1


def test_a_doctalk_conversion_is_fetched_by_its_id(desk, logtalk):
    at = desk("logtalk", logtalk)
    logtalk.doctalk["d1-000000000001"] = {**logtalk._done("d1-000000000001"), "id": "d1-000000000001"}
    reports = []
    at.syncing.fetch(at.connection, "doctalk", "d1-000000000001", reports.append, at._raise)
    assert (clean(reports[0]).pulled, reports[0].downloaded) == (1, 1)
    (take,) = at.recordings
    assert take.path
    assert "Welcome" in at.library.scripts.get(take.script_id).text
    assert clean(at.sync()).deleted == 0


def test_a_script_is_written_there_edited_here_and_published(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    report = clean(at.send(at.studio.publishing.wish_script(document, at.connection)))
    assert any("keeps the script until" in note for note in report.notes)
    (script,) = at.library.scripts.of_document(document)
    text = at.library.scripts.get(script.id).text
    assert "[NARRATOR]:" in text
    report = clean(at.publish("script", script.id, public=True))
    (convert,) = logtalk.asked("POST .*/convert")
    assert convert.json == {}
    assert report.pushed == 2
    assert next(iter(logtalk.conversions.values()))["public_url"] is True
    at.studio.scripts.save_text(script.id, text + "\n[HOST1]: {laugh} And more. {pause:short}\n")
    clean(at.publish("script", script.id))
    sent = logtalk.asked("POST .*/conversions$")[-1].json
    assert sent["source_type"] == "document"
    assert "[HOST1]: And more." in sent["content"]
    assert "{" not in sent["content"]
    assert [take.script_id for take in at.recordings] == [script.id, script.id]


def test_a_script_that_is_gone_there_is_sent_as_text(desk, logtalk):
    at = desk("logtalk", logtalk)
    document = at.document()
    clean(at.send(at.studio.publishing.wish_script(document, at.connection)))
    (script,) = at.library.scripts.of_document(document)
    logtalk.scripts.clear()
    assert clean(at.publish("script", script.id)).pushed == 1
    assert next(iter(logtalk.conversions.values()))["source_type"] == "document"


def test_embed_tokens_are_made_once_even_where_the_answer_is_lost(desk, logtalk):
    at = desk("logtalk", logtalk)
    remote_id = logtalk.add_conversion()
    clean(at.sync(audio=False))
    logtalk.fail("cut-after", on="POST")
    report = clean(at.send([at.syncing.wish_embed_token(at.connection, remote_id)]))
    assert report.tokens == list(logtalk.tokens)
    clean(at.send([at.syncing.wish_revoke(at.connection, remote_id, report.tokens[0])]))
    assert logtalk.tokens == {}
    clean(at.send([at.syncing.wish_share(at.connection, remote_id, True)]))
    assert logtalk.conversions[remote_id]["public_url"] is True


# BotTalk


def test_a_pulled_article_is_a_document_and_a_script_with_its_take(desk, bottalk):
    at = desk("bottalk", bottalk)
    item = bottalk.add_article(
        status="ready", title="News", text="<p>One &amp; two.</p><p>Three.</p>", url="https://blog.example/1"
    )
    assert clean(at.sync()).pulled == 1
    (take,) = at.recordings
    assert take.path
    script = at.library.scripts.get(take.script_id)
    document = at.library.documents.get(script.document_id)
    assert (document.title, document.origin) == ("News", "https://blog.example/1")
    assert "One & two." in document.markdown
    assert "Three." in script.text
    bottalk.articles[item] |= {"text": "Other words."}
    assert clean(at.sync()).updated == 1
    assert at.library.documents.get(script.document_id).markdown == "Other words."
    assert clean(at.sync()).updated == 0


def test_an_edited_document_is_kept_when_its_article_changes(desk, bottalk):
    at = desk("bottalk", bottalk)
    item = bottalk.add_article(status="ready", text="Words.")
    clean(at.sync())
    document = at.library.scripts.get(at.recordings[0].script_id).document_id
    with at.library.transaction("Edit"):
        at.library.documents.set_source(document, SourceType.DOCUMENT, "My words.")
    bottalk.articles[item] |= {"text": "Other words."}
    clean(at.sync())
    assert at.library.documents.get(document).markdown == "My words."


def test_an_article_is_updated_with_new_words_and_keeps_the_rest(desk, bottalk):
    at = desk("bottalk", bottalk)
    _, script_id = add_script(at.studio, project="My App")
    item = bottalk.add_article(url="https://blog.example/1", voice="echo")
    clean(at.sync(audio=False))
    known = at.syncing.find_item(item)
    clean(at.send(at.studio.publishing.wish_update(at.connection, item, ["title=New"], item=known, source=("script", script_id))))
    article = bottalk.articles[item]
    assert (article["title"], article["url"], article["voice"]) == ("New", "https://blog.example/1", "echo")
    assert "Dark mode is here" in article["text"]
    with pytest.raises(InputError, match="labels"):
        at.studio.publishing.wish_update(at.connection, item)


def test_an_article_keeps_its_labels_and_is_parsed_again_when_it_is_renamed(desk, bottalk):
    at = desk("bottalk", bottalk)
    clean(at.publish("document", at.document(), settings=['labels=["a","b"]', "parse=true"]))
    clean(at.sync())
    (take,) = at.recordings
    for title in ("Better", "Best"):
        at.studio.recordings.rename(take.id, title)
        clean(at.sync())
    assert [(entry.json["title"], entry.json["labels"], entry.json["parse"]) for entry in bottalk.asked("PUT")] == [
        ("Better", ["a", "b"], True),
        ("Best", ["a", "b"], True),
    ]


def test_a_key_that_is_no_longer_good_is_told_once(desk, bottalk):
    at = desk("bottalk", bottalk)
    for _ in range(3):
        bottalk.add_article(status="processing")
    clean(at.sync())
    bottalk.log.clear()
    bottalk.key = bottalk.read_only_key = "another-key-0123"
    assert [failure.code for failure in at.sync().failed] == ["403"]
    assert len(bottalk.log) == 1


def test_the_audio_of_an_article_is_made_anew_once_where_the_answer_is_lost(desk, bottalk):
    at = desk("bottalk", bottalk)
    item = bottalk.add_article(status="errored", error="Boom")
    clean(at.sync())
    bottalk.fail("cut-after", on="PUT")
    clean(at.send(at.syncing.wish_retry(item)))
    assert len(bottalk.asked("PUT")) == 1
    clean(at.sync())
    assert at.recordings[0].path


# Respeecher


def test_conversions_come_whatever_the_order_of_the_list(desk, respeecher):
    at = desk("respeecher", respeecher)
    original = respeecher.add_original(respeecher.add_folder(respeecher.add_project("Show"), "Season"), label="One")
    respeecher.add_conversion(original, label="Two")
    respeecher.recordings = dict(reversed(respeecher.recordings.items()))
    assert clean(at.sync(audio=False)).pulled == 4


def test_a_recording_in_a_folder_that_is_not_listed_lies_in_its_project(desk, respeecher):
    at = desk("respeecher", respeecher)
    original = respeecher.add_original(respeecher.add_folder(respeecher.add_project("Show"), "Season"), label="One")
    respeecher.recordings[original]["parent_folder_id"] = None
    clean(at.sync(audio=False))
    (take,) = at.recordings
    assert at.library.folders.get(take.folder_id).name == "Show"


def test_an_order_without_a_style_gets_the_voices_own(desk, respeecher):
    at = desk("respeecher", respeecher)
    document = at.document("Chapter one", "It was a dark night.", SourceType.DOCUMENT)
    voice = respeecher.voices[3]
    order = json.dumps([{"voice_id": voice["id"]}])
    clean(at.publish("document", document, settings=[f"conversions={order}"]))
    (sent,) = respeecher.asked("POST /api/v2/orders")
    assert sent.json["conversions"][0]["narration_style_id"] == voice["narration_styles"][0]["id"]
    assert len({take.folder_id for take in at.recordings}) == 1  # the take lies beside its original


def test_without_an_owner_a_project_is_made_as_the_contract_has_it(desk, respeecher):
    at = desk("respeecher", respeecher)
    respeecher.knows_auth = False
    refused = at.publish("document", at.document("One", "Words.", SourceType.DOCUMENT))
    assert [failure.code for failure in refused.failed] == ["422"]  # this server wants one
    assert "owner" not in respeecher.asked("POST /api/projects")[0].json


def test_a_name_that_the_service_would_not_take_changes_nothing(desk, respeecher):
    at = desk("respeecher", respeecher)
    original = respeecher.add_original(respeecher.add_folder(respeecher.add_project("Show"), "Season"), label="Take")
    clean(at.sync(audio=False))
    with pytest.raises(InputError, match="letters a-z"):
        at.syncing.wish_rename(at.syncing.find_item(original), "Ünfit")
    assert at.recordings[0].label == "Take"


def test_one_refused_wish_or_all_are_sent_again(desk, respeecher):
    at = desk("respeecher", respeecher)
    respeecher.fail("reply", times=2, on="POST /api/v2/recordings/tts", reply=Reply({"detail": "Too few credits"}, 402))
    for name in ("One", "Two"):
        at.publish("document", at.document(name, "Words.", SourceType.DOCUMENT))
    assert len(at.library.outbox.failed(at.connection.id)) == 2
    assert clean(at.send(at.syncing.retry_all(at.connection))).pushed == 2


def test_a_place_that_was_refused_is_wished_anew_with_what_lies_in_it(desk, respeecher):
    at = desk("respeecher", respeecher)
    document = at.document("One", "Words.", SourceType.DOCUMENT)
    respeecher.fail("reply", on="POST /api/projects", reply=Reply({"detail": "No such name, please"}, 400))
    report = at.publish("document", document)
    assert (len(report.failed), report.waiting) == (1, 2)  # what lies in it waits
    assert any("waits for what is to be there" in note for note in report.notes)
    clean(at.publish("document", document))
    assert len(respeecher.projects) == 1
    assert clean(at.sync()).waiting == 0
    assert len(respeecher.recordings) == 2


def test_a_project_that_was_deleted_there_is_made_anew_for_what_is_published(desk, respeecher):
    at = desk("respeecher", respeecher)
    document = at.document("One", "Words.", SourceType.DOCUMENT)
    clean(at.publish("document", document))
    respeecher.projects.clear()
    respeecher.folders.clear()
    respeecher.recordings.clear()
    assert clean(at.sync()).deleted == 3
    clean(at.publish("document", document))
    assert (len(respeecher.projects), len(respeecher.folders), len(respeecher.recordings)) == (1, 1, 1)


def test_a_wish_that_is_to_wait_says_until_when(desk, logtalk):
    at = desk("logtalk", logtalk)
    logtalk.fail("503-seconds", times=9, on="POST", wait_s=3600)
    report = clean(at.publish("document", at.document()))
    assert report.waiting == 1
    assert any("waits until" in note for note in report.notes)
    asked = len(logtalk.log)
    assert any("waits until" in note for note in at.sync(audio=False).notes)
    assert logtalk.asked("POST") == [entry for entry in logtalk.log[:asked] if entry.method == "POST"]
