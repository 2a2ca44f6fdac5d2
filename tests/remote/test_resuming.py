"""Large files: whole, resumed, checked, refused, stopped. Against a real server on this computer."""

from __future__ import annotations

import errno
import hashlib
import shutil
import threading
from collections import namedtuple

import pytest

from declaim.errors import Cancelled, InputError, RemoteMisanswered, RemoteRefused, RemoteUnavailable, VoiceError
from declaim.model.work import CancelToken
from declaim.remote.resuming import disk_error, fetch_file, fetch_list
from tests.support.service_server import Reply
from tests.support.voice_server import VoiceServer

DATA = bytes(range(251)) * 1200
SIZE = len(DATA)
DIGEST = f"sha256:{hashlib.sha256(DATA).hexdigest()}"


@pytest.fixture
def server():
    with VoiceServer({"voice.onnx": DATA, "list.json": b'{"a": 1}'}) as running:
        yield running


@pytest.fixture
def part(tmp_path):
    return tmp_path / "voice.onnx.part"


def fetch(server, part, *, size=SIZE, digests=(DIGEST,), cancel=None, on_bytes=lambda _count: None, path="voice.onnx"):
    fetch_file(
        server.origin, path, part, size_bytes=size, digests=digests, cancel=cancel or CancelToken(), on_bytes=on_bytes, pause_s=0
    )


def ranges(server):
    return [request.headers.get("range", "") for request in server.log]


def test_a_file_comes_whole_and_says_how_far_it_is(server, part):
    counts = []
    fetch(server, part, on_bytes=counts.append)
    assert part.read_bytes() == DATA
    assert counts == sorted(counts)
    assert counts[-1] == len(DATA)


def test_a_part_is_continued_where_it_broke_off(server, part):
    part.write_bytes(DATA[:100_000])
    fetch(server, part)
    assert part.read_bytes() == DATA
    assert ranges(server) == ["bytes=100000-"]


def test_a_server_that_ignores_the_range_sends_all_anew(server, part):
    server.knows_ranges = False
    part.write_bytes(DATA[:100_000])
    fetch(server, part)
    assert part.read_bytes() == DATA


def test_a_connection_that_breaks_is_taken_up_again_by_itself(server, part):
    server.fail("halved")
    fetch(server, part)
    assert part.read_bytes() == DATA
    assert len(server.log) == 2
    assert ranges(server)[1].startswith("bytes=")


@pytest.mark.parametrize("fault", ["500", "503", "429", "cut-before"])
def test_a_server_that_stumbles_is_asked_again(server, part, fault):
    server.fail(fault, times=2)
    fetch(server, part)
    assert part.read_bytes() == DATA


def test_a_server_that_stays_down_is_given_up_with_the_cure(server, part):
    server.fail("503", times=99)
    with pytest.raises(RemoteUnavailable, match="cannot answer now") as caught:
        fetch(server, part)
    assert caught.value.cure
    assert len(server.log) == 5


def test_what_came_stays_when_the_server_goes_away(server, part):
    server.fail("halved", times=99)
    size = len(DATA)
    with pytest.raises(RemoteUnavailable):
        fetch(server, part, size=size)
    assert 0 < part.stat().st_size < size


def test_another_size_is_refused_before_it_is_downloaded(server, part):
    with pytest.raises(RemoteMisanswered, match="instead of 5"):
        fetch(server, part, size=5)
    assert not part.exists()


def test_another_content_is_deleted(server, part):
    server.files["voice.onnx"] = DATA[:-1] + b"!"
    with pytest.raises(RemoteMisanswered, match="another content") as caught:
        fetch(server, part)
    assert not part.exists()
    assert caught.value.cure


def test_a_part_of_another_version_is_fetched_anew_once(server, part):
    part.write_bytes(b"x" * 50_000)
    fetch(server, part)
    assert part.read_bytes() == DATA
    assert ranges(server) == ["bytes=50000-", ""]


def test_a_part_that_is_too_long_is_begun_anew(server, part):
    part.write_bytes(DATA + b"more")
    fetch(server, part)
    assert part.read_bytes() == DATA


def test_a_whole_file_is_only_checked(server, part):
    part.write_bytes(DATA)
    fetch(server, part)
    assert not server.log


def test_a_file_without_a_digest_is_not_trusted(server, part):
    with pytest.raises(RemoteMisanswered):
        fetch(server, part, digests=())


def test_every_digest_must_fit(server, part):
    with pytest.raises(RemoteMisanswered):
        fetch(server, part, digests=(DIGEST, "md5:" + "0" * 32))


def test_a_missing_file_is_said_to_be_missing(server, part):
    with pytest.raises(RemoteRefused, match="no such file"):
        fetch(server, part, path="gone.onnx")


def test_a_page_is_no_file(server, part):
    server.type = "text/html; charset=utf-8"
    with pytest.raises(RemoteMisanswered, match="a page"):
        fetch(server, part)


def test_a_redirect_to_another_host_is_followed(server, part):
    with VoiceServer({"elsewhere/voice.onnx": DATA}) as other:
        server.fail("reply", reply=Reply(status=302, headers={"Location": f"{other.origin}/elsewhere/voice.onnx"}))
        fetch(server, part)
    assert part.read_bytes() == DATA


def test_a_redirect_to_plain_http_elsewhere_is_not_followed(server, part):
    server.fail("reply", reply=Reply(status=302, headers={"Location": "http://192.0.2.1/voice.onnx"}), times=9)
    with pytest.raises(RemoteMisanswered, match="plain http"):
        fetch(server, part)


def test_redirects_in_a_circle_end(server, part):
    server.fail("reply", reply=Reply(status=302, headers={"Location": "/voice.onnx"}), times=99)
    with pytest.raises(RemoteMisanswered, match="in a circle"):
        fetch(server, part)


def test_plain_http_to_another_host_is_refused(part):
    with pytest.raises(InputError, match="Plain http"):
        fetch_file("http://voices.example", "a", part, size_bytes=1, digests=(DIGEST,), cancel=CancelToken())


def test_a_cancel_keeps_the_part_and_does_not_wait_for_a_silent_server(server, part):
    cancel = CancelToken()
    part.write_bytes(DATA[:50_000])
    server.fail("slow", wait_s=0.4)
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        fetch(server, part, cancel=cancel)
    assert part.read_bytes() == DATA[:50_000]
    fetch(server, part)
    assert part.read_bytes() == DATA


def test_a_disk_without_room_is_told_before_anything_is_asked(server, part, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 0))
    with pytest.raises(VoiceError, match="0 MB left") as caught:
        fetch(server, part)
    assert str(part.parent) in caught.value.cure
    assert not server.log


def test_a_disk_that_fills_up_is_told_in_words(tmp_path):
    error = disk_error(OSError(errno.ENOSPC, "No space left on device"), tmp_path)
    assert "full" in error.message
    assert "continued" in error.cure


def test_a_list_is_read(server):
    assert fetch_list(server.origin, "list.json", CancelToken()) == {"a": 1}


def test_a_list_that_is_none_is_told(server):
    server.files["list.json"] = b"<html>"
    with pytest.raises(RemoteMisanswered, match="cannot be read"):
        fetch_list(server.origin, "list.json", CancelToken())
