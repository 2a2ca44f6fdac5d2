"""LogTalk, spoken to a server that keeps to its published contract."""

from __future__ import annotations

import pytest

from declaim.errors import InputError, RemoteMisanswered, RemoteRefused
from declaim.remote.credentials import bearer
from declaim.remote.logtalk import LOGTALK, LogTalk
from declaim.remote.logtalk_values import embed_frame, oembed_link
from declaim.remote.paging import all_of, items_in
from declaim.remote.transport import Transport
from tests.support.service_server import Reply

BODY = {"source_type": "document", "title": "Title", "content": "Words."}
FULL = {
    "source_type": "changelog",
    "title": "MyApp v2.0.0 Release",
    "content": "## v2.0.0\n- Dark mode",
    "additional_context": "Focus on users.",
    "settings": {
        "product_name": "MyApp",
        "version": "2.0.0",
        "tone": "technical",
        "audience": "developers",
        "verbosity": "brief",
        "speakers": 2,
        "use_history": False,
        "history_limit": 5,
        "cta": "Try it.",
        "severity_aware_tone": True,
    },
    "voice": {
        "provider": "elevenlabs",
        "delivery_preset": "theatrical",
        "pronunciation_notes": "kubectl = kube control",
        "expression_settings": {
            "emotional_range": "full",
            "allow_whispering": True,
            "emphasis_style": "both",
            "emotional_arc": True,
        },
        "voice_id": "v",
        "model": "flash_v2",
        "host_voice_ids": {"host1": "a", "host2": "b"},
    },
    "product_id": "550e8400-e29b-41d4-a716-446655440000",
    "public_url": True,
    "webhook_url": "https://example.com/hook",
    "wait": True,
}


def test_every_field_of_the_contract_is_sent_as_it_was_given(logtalk, logtalk_server):
    made = logtalk.create_conversion(FULL, idempotency_key="k")
    assert logtalk_server.log[-1].json == FULL
    assert logtalk_server.log[-1].headers["authorization"] == f"Bearer {logtalk_server.key}"
    assert made.is_done
    assert made.listen_url == f"https://logtalk.io/listen/{made.id}"
    assert made.embed_url


def test_a_conversion_is_made_polled_and_downloaded_without_the_key(logtalk, logtalk_server, tmp_path):
    made = logtalk.create_conversion(BODY, idempotency_key="k")
    assert made.is_running
    assert made.estimated_completion_seconds == 20
    assert logtalk.get_conversion(made.id).is_done
    signed = logtalk.conversion_audio(made.id)
    assert "Signature" not in repr(signed)
    got = logtalk.download_conversion(made.id, tmp_path / "take.mp3")
    assert got.content_type == "audio/mpeg"
    assert got.path.read_bytes() == logtalk_server.storage.files[f"/audio/{made.id}"][1]
    assert "authorization" not in logtalk_server.storage.log[-1].headers


def test_audio_by_redirect_is_fetched_without_the_key_as_well(logtalk, logtalk_server, tmp_path):
    item = logtalk_server.add_conversion()
    address = logtalk_server.storage.put("/x.mp3", b"sound")
    logtalk_server.fail("reply", reply=Reply(status=302, headers={"Location": address}))
    assert logtalk.download_conversion(item, tmp_path / "x.mp3").path.read_bytes() == b"sound"
    assert "authorization" not in logtalk_server.storage.log[-1].headers


def test_a_signed_address_that_has_expired_is_signed_anew_once(logtalk, logtalk_server, tmp_path):
    item = logtalk_server.add_conversion()
    logtalk_server.storage.fail("reply", reply=Reply(status=403))
    assert logtalk.download_conversion(item, tmp_path / "x.mp3").size_bytes
    assert len(logtalk_server.asked("/audio")) == 2


def test_lists_are_filtered_and_walked_by_cursor(logtalk, logtalk_server):
    ids = [logtalk_server.add_conversion(source_type="changelog" if place % 2 else "document") for place in range(230)]
    page = logtalk.list_conversions(source_type="changelog", status="completed", limit=3)
    assert [item.id for item in page.items] == [ids[229], ids[227], ids[225]]
    assert page.total == 115
    assert page.next_cursor
    assert [item.id for item in items_in(logtalk.conversions())] == ids[::-1]
    assert len(logtalk_server.asked("GET /api/v1/conversions$")) == 4


def test_a_list_can_be_taken_up_where_it_was_left(logtalk, logtalk_server):
    ids = [logtalk_server.add_conversion() for _ in range(120)]
    first = next(logtalk.conversions())
    rest = [item.id for item in items_in(logtalk.conversions(start=first.next_cursor))]
    assert rest == ids[19::-1]


def test_a_cursor_that_repeats_ends_the_list_with_an_error(logtalk, logtalk_server):
    logtalk_server.add_conversion()
    logtalk_server.repeats_cursor = True
    with pytest.raises(RemoteMisanswered, match="cursor"):
        all_of(logtalk.conversions())
    assert len(logtalk_server.log) <= 3


def test_a_conversion_is_changed_retried_and_deleted(logtalk, logtalk_server):
    item = logtalk_server.add_conversion()
    assert logtalk.update_conversion(item, {"title": "New", "public_url": True}).title == "New"
    failed = logtalk_server.add_conversion(
        status="failed", error={"code": "GENERATION_FAILED", "message": "No."}, has_audio=False
    )
    assert logtalk.get_conversion(failed).failure.code == "GENERATION_FAILED"
    assert logtalk.get_conversion(failed).is_failed
    assert logtalk.retry_conversion(failed, idempotency_key="r").is_running
    assert logtalk.delete_conversion(item).deleted_at
    with pytest.raises(RemoteRefused) as refused:
        logtalk.get_conversion(item)
    assert refused.value.status == 404


def test_a_change_that_answers_with_nothing_is_looked_up(logtalk, logtalk_server):
    item = logtalk_server.add_conversion()
    logtalk_server.fail("empty", on="PATCH")
    assert logtalk.update_conversion(item, {"title": "New"}).title == "New"


def test_a_deletion_whose_answer_was_lost_is_done(logtalk, logtalk_server):
    item = logtalk_server.add_conversion()
    logtalk_server.fail("cut-after", on="DELETE")
    assert logtalk.delete_conversion(item).id == item
    with pytest.raises(RemoteRefused):
        logtalk.delete_conversion(item)


def test_embed_tokens_are_made_listed_and_revoked(logtalk, logtalk_server):
    item = logtalk_server.add_conversion()
    token = logtalk.create_embed_token(item, idempotency_key="t")
    assert token.token in token.embed_url
    assert token.token not in repr(token)
    assert logtalk.list_embed_tokens(item) == (token,)
    logtalk.revoke_embed_token(item, token.token)
    assert logtalk.list_embed_tokens(item) == ()


def test_a_script_is_written_there_and_converted_with_an_empty_body(logtalk, logtalk_server):
    script = logtalk.create_script({"content": "- News", "settings": {"tone": "casual"}}, idempotency_key="s")
    assert script.content.startswith("[NARRATOR]: ")
    assert script.context_used
    made = logtalk.convert_script(script.id, idempotency_key="c")
    assert logtalk_server.log[-1].json == {}
    assert made.id in logtalk_server.conversions


def test_usage_changelogs_and_oembed_are_shown_as_they_came(logtalk, logtalk_server):
    assert logtalk.usage()["plan"] == "growth"
    assert logtalk.changelogs()[0]["title"] == "v1.9.0"
    assert "embed/1" in logtalk.oembed("https://logtalk.io/listen/1")["html"]
    assert logtalk_server.log[-1].path == "/api/oembed"
    assert "authorization" not in logtalk_server.log[-1].headers


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://logtalk.io/api/v1", "https://logtalk.io/api/oembed"),
        ("https://api.logtalk.io/v1", "https://logtalk.io/api/oembed"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/api/oembed"),
    ],
)
def test_oembed_lies_beside_the_versions_of_the_api(base, expected):
    assert LogTalk(Transport(LOGTALK, base)).oembed_address == expected


def test_old_episodes_are_listed_read_retried_and_deleted(logtalk, logtalk_server, tmp_path):
    old = logtalk_server.add_episode(created_at="2025-01-01T00:00:00.000Z")
    new = logtalk_server.add_episode()
    page = logtalk.list_episodes(mode="changelog", created_after="2025-06-01T00:00:00Z", organization_id="org_7")
    assert [episode.id for episode in page.items] == [new]
    assert logtalk_server.log[-1].headers["x-organization-id"] == "org_7"
    assert [episode.id for episode in items_in(logtalk.episodes())] == [new, old]
    assert logtalk.get_episode(old, expand="organization").organization["name"] == "Acme Corp"
    assert logtalk.get_episode(old).script == "[NARRATOR]: Old."
    assert logtalk.download_episode(old, tmp_path / "old.mp3").size_bytes
    failed = logtalk_server.add_episode(status="failed")
    assert logtalk.retry_episode(failed, {"override_settings": {"tone": "professional"}}, idempotency_key="e").is_running
    assert logtalk_server.log[-1].json == {"override_settings": {"tone": "professional"}}
    logtalk.delete_episode(old)
    assert old not in logtalk_server.episodes


def test_the_organization_of_a_connection_goes_with_episodes_only(transport, logtalk_server):
    client = LogTalk(transport, organization_id="org_1")
    client.list_episodes()
    assert logtalk_server.log[-1].headers["x-organization-id"] == "org_1"
    client.list_conversions()
    assert "x-organization-id" not in logtalk_server.log[-1].headers


def test_an_episode_can_still_be_made(logtalk):
    assert logtalk.create_episode({"content": "- News", "mode": "product-feature"}, idempotency_key="e").mode == "product-feature"


def test_doctalk_conversions_are_fetched_by_id(logtalk, tmp_path):
    made = logtalk.create_doctalk({"content": "Words", "context": "c", "content_description": "d"}, idempotency_key="d")
    assert logtalk.get_doctalk(made.id).is_done
    assert logtalk.download_doctalk(made.id, tmp_path / "d.mp3").size_bytes


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "needs 'title'"),
        ({"title": "x" * 501}, "501 characters; 500"),
        ({"content": "é" * 25_001}, "50,002 bytes; 50,000"),
        ({"additional_context": "x" * 10_001}, "10,001 bytes; 10,000"),
        ({"voice": {"pronunciation_notes": "x" * 501}}, "501 characters; 500"),
        ({"settings": {"history_limit": 0}}, "'history_limit'"),
        ({"settings": {"history_limit": 101}}, "'history_limit'"),
        ({"settings": {"history_limit": True}}, "a whole number"),
        ({"settings": {"speakers": 3}}, "'speakers'"),
        ({"settings": {"tone": "casaul"}}, "'tone'"),
        ({"settings": {"ton": "casual"}}, "'ton' is no field"),
        ({"settings": ["tone"]}, "an object"),
        ({"source_type": "book"}, "'source_type'"),
        ({"public_url": "yes"}, "true or false"),
        ({"webhook_url": "http://example.com"}, "https"),
        ({"content": "a\ud800"}, "characters that are none"),
        ({"colour": 1}, "'colour' is no field"),
    ],
)
def test_what_the_contract_does_not_allow_is_refused_before_it_is_sent(logtalk, logtalk_server, change, words):
    with pytest.raises(InputError, match=words) as refused:
        logtalk.create_conversion({**BODY, **change}, idempotency_key="k")
    assert refused.value.cure
    assert not logtalk_server.log


def test_limits_themselves_are_allowed(logtalk):
    full = {
        **BODY,
        "title": "é" * 500,
        "content": "x" * 50_000,
        "additional_context": "x" * 10_000,
        "settings": {"history_limit": 100},
    }
    assert logtalk.create_conversion(full, idempotency_key="k").id


@pytest.mark.parametrize("key", ["", "x" * 257, "naïve", "a\nb"])
def test_an_idempotency_key_that_the_contract_does_not_allow_is_refused(logtalk, logtalk_server, key):
    with pytest.raises(InputError):
        logtalk.create_conversion(BODY, idempotency_key=key)
    assert not logtalk_server.log


def test_the_same_key_with_another_body_is_a_conflict(logtalk):
    logtalk.create_conversion(BODY, idempotency_key="k")
    with pytest.raises(RemoteRefused) as refused:
        logtalk.create_conversion({**BODY, "title": "Other"}, idempotency_key="k")
    assert (refused.value.status, refused.value.code) == (409, "IDEMPOTENCY_CONFLICT")


def test_an_error_that_comes_with_status_200_is_seen(logtalk, logtalk_server):
    error = {"success": False, "error": {"code": "ODD", "message": "No."}, "request_id": "req_2"}
    logtalk_server.fail("reply", reply=Reply(error))
    with pytest.raises(RemoteRefused) as refused:
        logtalk.usage()
    assert (refused.value.code, refused.value.request_id) == ("ODD", "req_2")


def test_a_wrong_key_is_told_with_the_cure(connect, logtalk_server):
    client = LogTalk(connect(LOGTALK, logtalk_server, bearer("lt_live_wrong")))
    with pytest.raises(RemoteRefused) as refused:
        client.verify()
    assert refused.value.code == "INVALID_API_KEY"
    assert "key" in refused.value.cure


@pytest.mark.parametrize("call", ["get_conversion", "delete_conversion", "get_episode", "get_doctalk"])
def test_another_item_than_the_one_asked_for_is_not_taken(logtalk, logtalk_server, call):
    other = {"success": True, "data": {"id": "other", "status": "completed"}, "request_id": "req_3"}
    logtalk_server.fail("reply", times=9, reply=Reply(other))
    with pytest.raises(RemoteMisanswered, match="other") as failure:
        getattr(logtalk, call)("00000000-0000-4000-8000-000000000001")
    assert failure.value.request_id == "req_3"


def test_states_and_fields_that_nobody_knows_do_no_harm(logtalk, logtalk_server):
    item = logtalk_server.add_conversion(status="dreaming", mood={"a": 1})
    found = logtalk.get_conversion(item)
    assert found.status == "dreaming"
    assert found.is_running
    assert found.raw["mood"] == {"a": 1}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 3),
        ("has_audio", "yes"),
        ("duration_seconds", "45"),
        ("duration_seconds", True),
        ("error", "no"),
        ("status", []),
    ],
)
def test_a_field_of_the_wrong_type_is_left_out(logtalk, logtalk_server, field, value):
    item = logtalk_server.add_conversion(**{field: value})
    found = logtalk.get_conversion(item)
    assert getattr(found, {"error": "failure"}.get(field, field)) in {"", None, False}
    assert found.raw[field] == value


@pytest.mark.parametrize("value", ["", 3, None])
def test_without_an_id_nothing_is_taken(logtalk, logtalk_server, value):
    item = logtalk_server.add_conversion()
    logtalk_server.conversions[item]["id"] = value
    with pytest.raises(RemoteMisanswered, match="'id'"):
        logtalk.get_conversion(item)


def test_a_list_that_says_there_is_more_but_not_where_is_not_taken_for_its_end(logtalk, logtalk_server):
    item = {"id": "1", "status": "completed"}
    broken = {"success": True, "data": [item], "meta": {"has_more": True, "next_cursor": None}}
    logtalk_server.fail("reply", times=9, reply=Reply(broken))
    with pytest.raises(RemoteMisanswered, match="next_cursor"):
        logtalk.list_conversions()
    logtalk_server.work_again()
    logtalk_server.fail("reply", times=9, reply=Reply({"success": True, "data": [item] * 20}))
    with pytest.raises(RemoteMisanswered, match="meta"):
        logtalk.list_conversions()


@pytest.mark.parametrize("item", ["../usage", "a/b", "?x", "#"])
def test_an_id_is_one_part_of_a_path(logtalk, logtalk_server, item):
    with pytest.raises((RemoteRefused, RemoteMisanswered)):
        logtalk.get_conversion(item)
    assert logtalk_server.log[-1].path.startswith("/api/v1/conversions/")
    assert logtalk_server.log[-1].path.count("/") == 4


def test_snippets_are_safe_to_paste():
    frame = embed_frame('https://logtalk.io/embed/1"><script>')
    assert frame.startswith('<iframe src="https://logtalk.io/embed/1&quot;&gt;&lt;script&gt;" width="100%"')
    link = oembed_link("https://logtalk.io/api/oembed", "https://logtalk.io/listen/1")
    assert 'href="https://logtalk.io/api/oembed?url=https%3A%2F%2Flogtalk.io%2Flisten%2F1"' in link


def test_nine_tenths_of_bad_luck_do_not_stop_a_long_pull(logtalk, logtalk_server, elsewhere):
    logtalk_server.slow_s = 0.01
    ids = [logtalk_server.add_conversion() for _ in range(40)]
    logtalk_server.fail_every(5)
    assert [logtalk.get_conversion(item).id for item in ids] == ids
    made = [logtalk.create_conversion({**BODY, "title": f"T{place}"}, idempotency_key=f"k{place}").id for place in range(30)]
    logtalk_server.work_again()
    assert len(logtalk_server.conversions) == 70
    assert len(set(made)) == 30
    assert not elsewhere.log
