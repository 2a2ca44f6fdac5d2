"""Files that come whole or not at all."""

from __future__ import annotations

import pytest

from declaim.errors import Cancelled, RemoteError, RemoteMisanswered, RemoteRefused
from declaim.model.work import CancelToken
from declaim.remote.downloads import fetch, fetch_with_key
from tests.support.service_server import Reply


@pytest.fixture
def storage(logtalk_server, elsewhere):
    logtalk_server.storage.elsewhere = elsewhere.origin
    return logtalk_server.storage


@pytest.mark.parametrize(
    "kind", ["500", "503-seconds", "429", "cut-before", "cut-after", "halved", "html", "empty", "redirect", "slow"]
)
def test_a_file_comes_whole_after_each_kind_of_fault(transport, storage, elsewhere, tmp_path, kind):
    storage.slow_s = 0.01
    url = storage.put("/a.mp3", b"sound" * 1000)
    storage.fail(kind)
    assert fetch(transport, url, tmp_path / "a.mp3").size_bytes == 5000
    assert (tmp_path / "a.mp3").read_bytes() == b"sound" * 1000
    assert not elsewhere.log
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp3"]


@pytest.mark.parametrize("kind", ["500", "halved", "html", "empty", "huge"])
def test_a_file_that_does_not_come_leaves_the_old_one(transport, storage, tmp_path, kind):
    url = storage.put("/a.mp3", b"new" * 1000)
    storage.fail(kind, times=99)
    (tmp_path / "a.mp3").write_bytes(b"old")
    with pytest.raises(RemoteError):
        fetch(transport, url, tmp_path / "a.mp3")
    assert (tmp_path / "a.mp3").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp3"]


def test_ten_gigabytes_are_refused_when_they_are_announced(transport, storage, tmp_path):
    url = storage.put("/a.mp3", b"sound")
    storage.fail("huge", times=99)
    with pytest.raises(RemoteMisanswered, match=r"10\.0 GB; at most 2 GB") as failure:
        fetch(transport, url, tmp_path / "a.mp3")
    assert failure.value.cure
    assert len(storage.log) == 1


def test_a_file_that_outgrows_the_limit_is_cut(transport, storage, tmp_path):
    url = storage.put("/a.mp3", b"x" * 200_000)
    with pytest.raises(RemoteMisanswered, match="at most"):
        fetch(transport, url, tmp_path / "a.mp3", most_bytes=100_000)


def test_a_redirect_that_is_said_twice_is_followed_without_the_key(transport, logtalk_server, storage, tmp_path):
    url = storage.put("/b.mp3", b"sound")
    logtalk_server.fail("reply", times=9, reply=Reply(status=302, headers={"Location": url}))
    assert fetch_with_key(transport, "/files/1", tmp_path / "b.mp3").size_bytes == 5
    assert len(logtalk_server.log) == 2
    assert all("authorization" not in entry.headers for entry in storage.log)
    assert all("authorization" in entry.headers for entry in logtalk_server.log)


def test_a_path_of_the_service_is_fetched_with_the_key(transport, logtalk_server, tmp_path):
    logtalk_server.fail(
        "reply",
        reply=Reply(
            body=b"PK", headers={"Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="../../x.zip"'}
        ),
    )
    got = fetch_with_key(transport, "files/1", tmp_path / "x.zip", query={"starred_only": True})
    assert got.name == "x.zip"
    assert logtalk_server.log[-1].headers["authorization"]
    assert logtalk_server.log[-1].one("starred_only") == "true"


@pytest.mark.parametrize("path", ["@elsewhere/x", "//elsewhere/x", "/\\elsewhere", "?x"])
def test_no_path_becomes_another_host(transport, logtalk_server, tmp_path, path):
    with pytest.raises(RemoteRefused):
        fetch_with_key(transport, path, tmp_path / "x")
    assert logtalk_server.log[-1].headers["host"] in logtalk_server.origin


def test_a_redirect_circle_ends(transport, storage, tmp_path):
    url = storage.put("/a.mp3", b"sound")
    storage.fail("reply", times=99, reply=Reply(status=302, headers={"Location": "/a.mp3"}))
    with pytest.raises(RemoteMisanswered, match="circle"):
        fetch(transport, url, tmp_path / "a.mp3")


@pytest.mark.parametrize("disposition", ['attachment; filename=".."', "attachment", 'attachment; filename="a/.."'])
def test_a_name_that_is_no_name_is_left_out(transport, logtalk_server, tmp_path, disposition):
    logtalk_server.fail("reply", reply=Reply(body=b"PK", headers={"Content-Disposition": disposition}))
    assert fetch_with_key(transport, "x", tmp_path / "x").name == ""


def test_a_download_can_be_cancelled(transport, storage, tmp_path):
    url = storage.put("/a.mp3", b"sound")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        fetch(transport.under(cancel), url, tmp_path / "a.mp3")
    assert not list(tmp_path.iterdir())
