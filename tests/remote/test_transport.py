"""The wire, over a real server that fails in every way."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from declaim.errors import Cancelled, InputError, RemoteMisanswered, RemoteRefused, RemoteUnavailable
from declaim.model.work import CancelToken
from declaim.remote.credentials import bearer
from declaim.remote.logtalk import LOGTALK, LogTalk
from declaim.remote.pacing import NO_RETRY, RetryPolicy
from declaim.remote.request import Request
from tests.support.service_server import FAULTS, Reply

BODY = {"source_type": "document", "title": "Title", "content": "Words."}


@pytest.fixture
def connected(connect, logtalk_server):
    """A client that tries once, unless told otherwise."""

    def connected(policy=NO_RETRY, key=logtalk_server.key, address=logtalk_server, **more):
        return LogTalk(connect(LOGTALK, address, bearer(key), policy=policy, **more))

    return connected


@pytest.mark.parametrize("kind", FAULTS)
def test_a_question_is_asked_again_after_each_kind_of_fault(logtalk, logtalk_server, elsewhere, kind):
    logtalk_server.slow_s = 0.01
    item = logtalk_server.add_conversion()
    logtalk_server.fail(kind)
    assert logtalk.get_conversion(item).id == item
    assert not elsewhere.log


@pytest.mark.parametrize("kind", FAULTS)
def test_a_conversion_is_made_once_whatever_happens_to_the_answer(logtalk, logtalk_server, kind):
    logtalk_server.slow_s = 0.01
    logtalk_server.fail(kind, on="POST")
    made = logtalk.create_conversion(BODY, idempotency_key="one wish")
    assert list(logtalk_server.conversions) == [made.id]
    assert {entry.headers["idempotency-key"] for entry in logtalk_server.asked("POST")} == {"one wish"}


@pytest.mark.parametrize("kind", ["500-after", "cut-after", "cut-before", "truncated", "html", "wrong-type", "empty"])
def test_a_change_without_an_idempotency_key_is_not_repeated_after_an_unclear_outcome(transport, logtalk_server, kind):
    logtalk_server.fail(kind)
    request = Request("POST", "conversions", json=BODY)
    with pytest.raises((RemoteUnavailable, RemoteMisanswered)) as failure:
        transport.ask(request, lambda answer: answer.record("it").record("data").needed("id"))
    assert failure.value.maybe_done
    assert len(logtalk_server.log) == 1


def test_a_busy_service_has_not_done_it(transport, logtalk_server):
    logtalk_server.fail("429", times=2)
    transport.ask(Request("POST", "conversions", json=BODY), lambda answer: answer.json)
    assert len(logtalk_server.conversions) == 1
    assert len(logtalk_server.log) == 3


def test_tries_end_with_what_the_service_said(logtalk, logtalk_server):
    logtalk_server.fail("500", times=99)
    with pytest.raises(RemoteUnavailable) as failure:
        logtalk.usage()
    assert failure.value.status == 500
    assert len(logtalk_server.log) == 6


@pytest.mark.parametrize("kind", ["503-seconds", "503-date"])
def test_a_long_wait_is_handed_on_instead_of_kept(logtalk, logtalk_server, kind):
    logtalk_server.fail(kind, wait_s=600)
    with pytest.raises(RemoteUnavailable) as failure:
        logtalk.usage()
    assert failure.value.retry_after_s == pytest.approx(600, abs=3)
    assert len(logtalk_server.log) == 1


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
def test_a_refusal_is_told_with_reason_code_and_request_id_and_not_sent_again(logtalk, logtalk_server, status):
    error = {"success": False, "error": {"code": "WHY", "message": "Because of it."}, "request_id": "req_1"}
    logtalk_server.fail("reply", reply=Reply(error, status))
    with pytest.raises(RemoteRefused, match="Because of it") as refusal:
        logtalk.usage()
    assert (refusal.value.status, refusal.value.code, refusal.value.request_id) == (status, "WHY", "req_1")
    assert refusal.value.cure
    assert "req_1" in str(refusal.value)
    assert len(logtalk_server.log) == 1


def test_a_refusal_without_json_is_told_by_its_status(logtalk, logtalk_server):
    logtalk_server.fail("reply", reply=Reply(body=b"<html>no</html>", status=403, headers={"X-Request-Id": "abc"}))
    with pytest.raises(RemoteRefused, match="403") as refusal:
        logtalk.usage()
    assert refusal.value.request_id == "abc"


def test_a_wrong_answer_keeps_its_request_id(logtalk, logtalk_server):
    logtalk_server.fail("reply", times=9, reply=Reply({"success": True, "data": [{"id": 3}], "meta": {}, "request_id": "req_9"}))
    with pytest.raises(RemoteMisanswered, match="'id' of entry 1 of the list should be text, but is a number") as failure:
        logtalk.list_conversions()
    assert failure.value.request_id == "req_9"
    assert not failure.value.maybe_done


def test_the_key_is_in_no_message_log_or_picture(connected, logtalk_server, caplog):
    caplog.set_level(logging.DEBUG)
    key = "lt_live_very_secret_0123456789"
    client = connected(key=key)
    error = {"success": False, "error": {"code": key, "message": f"{key} is\nwrong"}, "request_id": key}
    logtalk_server.fail("reply", reply=Reply(error, 401))
    with pytest.raises(RemoteRefused) as refusal:
        client.usage()
    pictures = [str(refusal.value), repr(refusal.value.__dict__), repr(client.transport), repr(bearer(key)), caplog.text]
    assert not any("very_secret" in picture for picture in pictures)
    assert "\n" not in refusal.value.message


def test_a_redirect_to_another_host_is_not_followed(connected, logtalk_server, elsewhere):
    logtalk_server.fail("redirect", times=9)
    with pytest.raises(RemoteMisanswered, match="redirects"):
        connected().usage()
    assert not elsewhere.log


def test_a_redirect_within_the_service_is_followed(logtalk, logtalk_server):
    logtalk_server.fail("reply", reply=Reply(status=302, headers={"Location": "/api/v1/usage"}))
    assert logtalk.changelogs()["plan"] == "growth"


def test_a_redirect_of_a_change_is_not_followed(logtalk, logtalk_server):
    logtalk_server.fail("reply", times=9, reply=Reply(status=307, headers={"Location": "/api/v1/conversions"}))
    with pytest.raises(RemoteMisanswered):
        logtalk.create_conversion(BODY, idempotency_key="k")
    assert not logtalk_server.conversions


@pytest.mark.parametrize("location", ["/api/v1/usage", "", "http://[", "javascript:x", "http://user@127.0.0.1/"])
def test_circles_and_odd_redirects_end(logtalk, logtalk_server, location):
    logtalk_server.fail("reply", times=99, reply=Reply(status=302, headers={"Location": location}))
    with pytest.raises(RemoteMisanswered):
        logtalk.usage()


def test_cookies_are_not_kept(logtalk, logtalk_server):
    logtalk_server.fail("reply", reply=Reply({"success": True, "data": 1}, headers={"Set-Cookie": "a=b; Path=/"}))
    logtalk.usage()
    logtalk.usage()
    assert "cookie" not in logtalk_server.log[-1].headers


def test_nobody_there_is_told_with_the_host(connected):
    client = connected(address="http://127.0.0.1:9/api/v1")
    with pytest.raises(RemoteUnavailable, match=r"could not be reached at '127\.0\.0\.1'") as failure:
        client.create_conversion(BODY, idempotency_key="k")
    assert not failure.value.maybe_done


def test_a_server_that_does_not_speak_tls_is_told(connected, logtalk_server):
    address = logtalk_server.base_url.replace("http:", "https:")
    client = connected(RetryPolicy(), address=address)
    with pytest.raises(RemoteUnavailable, match="certificate") as failure:
        client.usage()
    assert "date and time" in failure.value.cure


def test_an_answer_that_does_not_come_times_out(transport, logtalk_server):
    logtalk_server.fail("slow", wait_s=0.3)
    request = Request("GET", "usage", read_timeout_s=0.05)
    assert transport.ask(request, lambda answer: answer.json)["success"]
    assert len(logtalk_server.log) == 2


def test_an_answer_that_is_too_large_is_not_read(connected, logtalk_server):
    logtalk_server.fail("huge")
    with pytest.raises(RemoteMisanswered, match="larger than 20 MB"):
        connected(RetryPolicy()).usage()
    assert len(logtalk_server.log) == 1


def test_an_answer_that_grows_without_end_is_cut(connected, logtalk_server):
    logtalk_server.fail("reply", reply=Reply(body=b" " * 20_100_000, headers={"Content-Type": "application/json"}))
    with pytest.raises(RemoteMisanswered, match="larger than 20 MB"):
        connected().usage()


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe{", b'{"success": NaN}', b"null", b"3", b'"x"', b"{}", b"[]"])
def test_odd_json_is_a_wrong_answer(connected, logtalk_server, body):
    logtalk_server.fail("reply", reply=Reply(body=body))
    with pytest.raises(RemoteMisanswered):
        connected().usage()


def test_text_that_cannot_be_kept_is_made_safe(logtalk, logtalk_server):
    item = logtalk_server.add_conversion(title="a\ud800b\x00c")
    assert logtalk.get_conversion(item).title == "a\ufffdb\ufffdc"


@pytest.mark.timeout(30)
def test_a_job_can_be_cancelled_before_and_while_it_waits(transport, logtalk_server):
    cancel = CancelToken()
    client = LogTalk(transport.under(cancel))
    logtalk_server.fail("503-seconds", wait_s=60)
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        client.usage()
    with pytest.raises(Cancelled):
        client.usage()
    assert len(logtalk_server.log) == 1
    LogTalk(transport).usage()


def test_the_answer_of_a_change_is_still_read_when_the_user_stops(transport, logtalk_server):
    cancel = CancelToken()
    client = LogTalk(transport.under(cancel))
    logtalk_server.fail("slow", wait_s=0.1)
    threading.Timer(0.03, cancel.cancel).start()
    assert client.create_conversion(BODY, idempotency_key="k").id in logtalk_server.conversions


def test_several_threads_share_a_connection(logtalk, logtalk_server):
    ids = [logtalk_server.add_conversion() for _ in range(60)]
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda item: logtalk.get_conversion(item).id, ids))
    assert found == ids
    assert logtalk.transport.sent == 60


def test_secrets_in_addresses_are_not_logged(logtalk, logtalk_server, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    item = logtalk_server.add_conversion()
    token = logtalk.create_embed_token(item, idempotency_key="k").token
    logtalk.revoke_embed_token(item, token)
    logtalk.download_conversion(item, tmp_path / "a.mp3")
    assert "/embed-token/…" in caplog.text
    assert token not in caplog.text
    assert "Signature" not in caplog.text


def test_requests_are_counted(logtalk, logtalk_server):
    logtalk_server.fail("500")
    logtalk.usage()
    assert logtalk.transport.sent == len(logtalk_server.log) == 2


def test_there_is_no_limit_on_this_computer():
    assert LOGTALK.limiter("http://127.0.0.1:1/api", 5).per_minute is None
    assert LOGTALK.limiter("https://logtalk.io/api/v1").per_minute == 20
    assert LOGTALK.limiter("https://logtalk.io/api/v1", 60).per_minute == 60


@pytest.mark.parametrize("key", ["", " ", "two words", "nöt-ascii", "line\nbreak", "x" * 5000])
def test_what_cannot_be_a_key_is_refused_without_showing_it(key):
    with pytest.raises(InputError) as refused:
        bearer(key)
    assert not key.strip() or key not in str(refused.value)


def test_proxies_of_the_environment_are_not_asked_for_this_computer(logtalk, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert logtalk.usage()["plan"] == "growth"


def test_a_proxy_of_the_environment_is_used_for_others(connected, logtalk_server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", logtalk_server.origin)
    client = connected(address="http://logtalk.example/api/v1", allow_insecure=True)
    client.usage()
    assert logtalk_server.log[0].headers["host"] == "logtalk.example"
