"""The terminal's remote commands, against the services on this computer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner
from keyring.backends import null

from declaim.cli.group import declaim
from declaim.storage import Library
from tests.support.bottalk_server import BotTalkServer
from tests.support.keyrings import MemoryKeyring
from tests.support.logtalk_server import LogTalkServer
from tests.support.respeecher_server import RespeecherServer
from tests.support.service_server import tone_wav

NOTES = "# Notes\n\nIt was a dark and stormy night.\n"
REPORT = {"pushed", "pulled", "downloaded", "updated", "deleted", "conflicts", "waiting", "failed", "requests"}


@pytest.fixture
def run(tmp_path, monkeypatch):
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.md").write_text(NOTES)

    def call(*arguments, **more):
        result = CliRunner().invoke(declaim, ["--library", str(tmp_path / "library"), *map(str, arguments)], **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield call
    keyring.set_keyring(before)


@pytest.fixture
def logtalk():
    with LogTalkServer() as server:
        yield server


@pytest.fixture
def connected(run, logtalk, monkeypatch):
    """A library with one document, one script and a connection named logtalk."""
    monkeypatch.setenv("LT_KEY", logtalk.key)
    assert run("import", "notes.md", "--project", "Stories").exit_code == 0
    done = run("connect", "logtalk", "--project", "Stories", "--base-url", logtalk.base_url, "--key-env", "LT_KEY")
    assert done.exit_code == 0, done.stderr
    logtalk.log.clear()
    return run


def plain(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_connection_is_tried_listed_and_forgotten(connected, logtalk):
    (found,) = plain(connected("connections", "--json"))
    assert (found["name"], found["service"], found["key_in"]) == ("logtalk", "logtalk", "$LT_KEY")
    assert connected("disconnect", "logtalk").exit_code == 0
    assert plain(connected("connections", "--json")) == []


def test_a_wrong_key_is_refused_and_nothing_is_kept(run, logtalk):
    result = run(
        "connect", "logtalk", "--project", "Stories", "--base-url", logtalk.base_url, "--key-stdin", input="lt_wrong_key"
    )
    assert result.exit_code == 1
    assert "not valid" in result.stderr
    assert plain(run("connections", "--json")) == plain(run("list", "--json"))["projects"] == []


@pytest.mark.parametrize("address", ["http://example.org/api", "http://127.0.0.1@example.org/api"])
def test_a_key_does_not_go_over_plain_http_to_another_computer(run, address):
    result = run("connect", "logtalk", "--project", "S", "--base-url", address, "--key-stdin", input="lt_test_key_0123")
    assert result.exit_code == 1
    assert "example.org" in result.stderr


def test_without_a_keyring_a_key_from_standard_input_cannot_be_kept(run, logtalk):
    result = run("connect", "logtalk", "--project", "S", "--base-url", logtalk.base_url, "--key-stdin", input=logtalk.key)
    assert result.exit_code == 1
    assert "--key-env" in result.stderr
    assert logtalk.key not in result.stderr


def test_a_login_keeps_the_session_and_never_the_password(run):
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    with RespeecherServer() as server:
        server.add_project("Show")
        address = ("--base-url", server.base_url, "--login", server.email, "--key-stdin")
        assert run("connect", "respeecher", "--project", "S", *address, input=server.password).exit_code == 0
        assert plain(run("sync", "--json"))["pulled"] == 1
        assert not any("api-key" in entry.headers for entry in server.log)
        (secret,) = memory.kept.values()
        assert server.password not in secret
        assert run("disconnect", "respeecher").exit_code == 0
        assert server.sessions == memory.kept == {}


def test_publish_and_sync_print_the_report_and_list_names_the_twin(connected, logtalk):
    report = plain(connected("remote", "publish", "d1", "--connection", "logtalk", "--public", "--json"))
    assert set(report) == REPORT
    assert (report["pushed"], report["waiting"], report["failed"]) == (1, 1, [])
    report = plain(connected("sync", "--json"))
    assert (report["downloaded"], report["waiting"]) == (1, 0)
    (take,) = plain(connected("list", "--json"))["recordings"]
    (remote_id,) = logtalk.conversions
    assert (take["connection"], take["remote_id"], take["state"]) == ("logtalk", remote_id, "done")
    assert Path(take["path"]).read_bytes()


def test_a_refused_publish_is_told_with_exit_one_and_can_be_retried(connected, logtalk):
    logtalk.fail("reply", on="POST", reply=logtalk.no(402, "QUOTA_EXCEEDED", "No quota is left"))
    result = connected("remote", "publish", "d1", "--connection", "logtalk", "--json")
    assert result.exit_code == 1
    (failure,) = json.loads(result.stdout)["failed"]
    assert set(failure) == {"item", "code", "message", "request_id"}
    assert (failure["item"], failure["code"], failure["request_id"]) == ("d1", "QUOTA_EXCEEDED", "req_402")
    assert plain(connected("sync", "--json"))["pushed"] == 0
    assert plain(connected("remote", "retry", "d1", "--json"))["pushed"] == 1


def test_items_are_listed_shown_shared_renamed_and_deleted(connected, logtalk, tmp_path):
    remote_id = logtalk.add_conversion(title="Old title")
    plain(connected("sync", "--json"))
    listed = plain(connected("remote", "list", "--connection", "logtalk", "--set", "limit=5", "--json"))
    assert remote_id in json.dumps(listed)
    assert plain(connected("remote", "show", remote_id, "--json"))["here"] == "r1"
    shared = plain(connected("remote", "share", remote_id, "--public", "--embed-token", "--json"))
    assert shared["listen_url"]
    assert shared["embed_token"] in shared["iframe"]
    assert plain(connected("remote", "rename", remote_id, "New title", "--json"))["pushed"] == 1
    assert logtalk.conversions[remote_id]["title"] == "New title"
    assert connected("remote", "audio", remote_id, "-o", tmp_path / "out.mp3").exit_code == 0
    assert (tmp_path / "out.mp3").stat().st_size
    assert connected("remote", "delete", remote_id, input="n\n").exit_code == 1
    assert plain(connected("remote", "delete", remote_id, "--yes", "--json"))["failed"] == []
    assert logtalk.conversions == {}
    assert len(plain(connected("list", "--json"))["recordings"]) == 1


def test_a_conflict_is_resolved_in_the_terminal(connected, logtalk):
    remote_id = logtalk.add_conversion(title="Old")
    plain(connected("sync", "--json"))
    connected("rename", "r1", "Mine")
    logtalk.conversions[remote_id]["title"] = "Theirs"
    report = plain(connected("sync", "--json"))
    assert (report["conflicts"], report["failed"]) == (1, [])
    assert plain(connected("remote", "resolve", remote_id, "--keep", "here", "--json"))["pushed"] == 1
    assert logtalk.conversions[remote_id]["title"] == "Mine"
    assert connected("remote", "resolve", remote_id, "--keep", "here").exit_code == 1


def test_any_operation_is_reached_by_its_name(connected, logtalk):
    assert plain(connected("remote", "usage", "--connection", "logtalk", "--json"))["plan"] == "growth"
    found = plain(connected("remote", "call", "logtalk.changelogs", "--connection", "logtalk", "--json"))
    assert "v1.9.0" in json.dumps(found)
    result = connected("remote", "call", "logtalk.chagelogs", "--connection", "logtalk")
    assert result.exit_code == 1
    assert "logtalk.changelogs" in result.stderr


def test_a_dry_run_writes_nothing(connected, logtalk, tmp_path):
    logtalk.add_conversion()
    report = plain(connected("sync", "--dry-run", "--json"))
    assert report["pulled"] == 1
    assert plain(connected("list", "--json"))["recordings"] == []


def test_a_script_is_written_there_and_what_was_said_is_fetched(connected, logtalk):
    assert plain(connected("remote", "write", "d1", "--connection", "logtalk", "--json"))["pushed"] == 1
    script = plain(connected("list", "--json"))["scripts"][-1]
    assert plain(connected("remote", "publish", script["id"], "--connection", "logtalk", "--json"))["pushed"] == 1
    assert logtalk.asked("POST .*/convert$")
    logtalk.doctalk["d1-000000000001"] = {**logtalk._done("d1-000000000001"), "id": "d1-000000000001"}
    fetched = plain(connected("remote", "fetch", "d1-000000000001", "--connection", "logtalk", "--kind", "doctalk", "--json"))
    assert set(fetched) == REPORT
    assert (fetched["pulled"], fetched["downloaded"]) == (1, 1)


def test_old_episodes_are_listed_shown_retried_and_deleted(connected, logtalk):
    broken, old = logtalk.add_episode(status="failed"), logtalk.add_episode()
    of = ("--connection", "logtalk")
    listed = plain(connected("remote", "list", *of, "--kind", "episodes", "--set", "created_after=2020-01-01", "--json"))
    assert {entry["id"] for entry in listed["data"]} == {broken, old}
    shown = plain(connected("remote", "show", old, *of, "--kind", "episode", "--expand", "organization", "--json"))
    assert shown["organization"]["name"] == "Acme Corp"
    assert plain(connected("remote", "retry", broken, *of, "--kind", "episode", "--json"))["pushed"] == 1
    assert plain(connected("remote", "delete", old, *of, "--kind", "episode", "--yes", "--json"))["pushed"] == 1
    assert list(logtalk.episodes) == [broken]
    result = connected("remote", "show", old, *of, "--kind", "folder")
    assert result.exit_code == 1
    assert "conversion or episode or doctalk" in result.stderr


def test_earlier_changelogs_are_listed_and_kept_once_as_history(connected, logtalk):
    of = ("--connection", "logtalk", "--json")
    assert plain(connected("remote", "changelogs", *of))["changelogs"][0]["title"] == "v1.9.0"
    assert plain(connected("remote", "changelogs", "--keep", *of))["kept"] == 1
    assert plain(connected("remote", "changelogs", "--keep", *of))["kept"] == 0
    assert "v1.9.0" in {entry["title"] for entry in plain(connected("list", "--json"))["documents"]}


def test_everything_refused_is_sent_again_at_once(connected, logtalk):
    logtalk.fail("reply", times=2, on="POST", reply=logtalk.no(402, "QUOTA_EXCEEDED", "No quota is left"))
    for _ in range(2):
        connected("remote", "publish", "d1", "--connection", "logtalk", "--json")
    assert plain(connected("remote", "retry", "--connection", "logtalk", "--json"))["pushed"] == 2


def test_fields_of_an_item_are_updated_and_a_public_one_is_private_again(connected, logtalk):
    remote_id = logtalk.add_conversion(public_url=True)
    of = ("--connection", "logtalk", "--json")
    assert plain(connected("remote", "update", remote_id, "--set", "additional_context=More", *of))["pushed"] == 1
    assert logtalk.conversions[remote_id]["additional_context"] == "More"
    shared = plain(connected("remote", "share", remote_id, "--private", *of))
    assert set(shared) >= REPORT
    assert (shared["public"], logtalk.conversions[remote_id]["public_url"]) == (False, False)
    assert connected("remote", "update", remote_id, *of).exit_code == 1


def test_an_operation_is_also_called_by_method_and_path(connected, logtalk):
    remote_id = logtalk.add_conversion()
    arguments = ("--connection", "logtalk", "--set", f"id={remote_id}")
    assert plain(connected("remote", "call", "GET /conversions/{id}", *arguments))["id"] == remote_id
    assert plain(connected("remote", "call", "get_conversion", *arguments))["id"] == remote_id


@pytest.fixture
def respeecher(run, monkeypatch):
    with RespeecherServer() as server:
        monkeypatch.setenv("RS_KEY", server.key)
        done = run("connect", "respeecher", "--project", "S", "--base-url", server.base_url, "--key-env", "RS_KEY")
        assert done.exit_code == 0, done.stderr
        yield server


def test_voices_are_listed_searched_chosen_and_heard(run, respeecher, tmp_path):
    of = ("--connection", "respeecher", "--json")
    listed = plain(run("remote", "voices", "--set", "gender=female", "--set", "limit=5", *of))
    assert {entry["gender"] for entry in listed["list"]} == {"female"}
    voice = plain(run("remote", "voices", "--search", "Voice 02", *of))[0]
    assert plain(run("remote", "voice", voice["id"], "--favourite", *of))["favorite"] is True
    accent = voice["accents"][0]["id"]
    assert plain(run("remote", "voice", voice["id"], "--accent", accent, "--semitones", "2", *of))["id"] == voice["id"]
    assert run("remote", "voice", voice["id"], *of).exit_code == 1


def test_calibrations_are_uploaded_enabled_and_deleted(run, respeecher, tmp_path):
    (tmp_path / "mic.wav").write_bytes(tone_wav())
    of = ("--connection", "respeecher", "--json")
    made = plain(run("remote", "calibrations", "--upload", "mic.wav", "--name", "Mic", *of))
    plain(run("remote", "calibrations", "--enable", made["id"], *of))
    assert respeecher.calibrations[made["id"]]["enabled"] is True
    plain(run("remote", "calibrations", "--auto", *of))
    assert plain(run("remote", "calibrations", "--delete", made["id"], *of)) == []


def test_voices_are_ordered_statistics_told_and_everything_exported(run, respeecher, tmp_path):
    project = respeecher.add_project("Show")
    original = respeecher.add_original(respeecher.add_folder(project, "Season"), label="Take")
    of = ("--connection", "respeecher", "--json")
    plain(run("sync", "--json"))
    voices = [voice["id"] for voice in respeecher.voices[:2]]
    plain(run("remote", "order", original, "--voice", voices[0], "--voice", voices[1], "--semitones", "-2", *of))
    assert plain(run("sync", "--wait", "--json"))["failed"] == []
    assert len(plain(run("list", "--json"))["recordings"]) == 3
    told = plain(run("remote", "usage", "--project", project, *of))
    assert told["projects"][0]["conversions"]["total"] == 2
    for item in (project, original):
        assert plain(run("remote", "export", item, "-o", tmp_path / f"{item}.zip", *of))["size_bytes"]


def test_an_article_is_shown_by_any_of_its_names_and_its_preview_kept(run, monkeypatch):
    with BotTalkServer() as server:
        monkeypatch.setenv("BT_KEY", server.read_only_key)
        at = ("--base-url", server.base_url, "--key-env", "BT_KEY", "--name", "blog")
        assert run("connect", "bottalk", "--project", "S", *at).exit_code == 0
        address = "https://blog.example/1?a=b&c"
        item = server.add_article(status="ready", title="News", externalId="post-1", url=address)
        of = ("--connection", "blog", "--json")
        for name in (item, "post-1", address):
            assert plain(run("remote", "show", name, *of))["id"] == item
        plain(run("sync", "--json"))
        assert plain(run("remote", "audio", item, "--preview", *of))["downloaded"] == 1
        labels = {take["label"] for take in plain(run("list", "--json"))["recordings"]}
        assert labels == {"News", "News (preview)"}
        refused = run("remote", "delete", item, "--yes", *of)
        assert refused.exit_code == 1
        assert "read-only" in refused.stderr


@pytest.mark.parametrize(("service", "kind", "table"), [
    ("bottalk", BotTalkServer, "articles"),
    ("respeecher", RespeecherServer, "recordings"),
])  # fmt: skip
def test_the_other_services_publish_and_sync(run, monkeypatch, service, kind, table):
    with kind() as server:
        monkeypatch.setenv("KEY", server.key)
        run("import", "notes.md", "--project", "Stories")
        assert run("connect", service, "--project", "Stories", "--base-url", server.base_url, "--key-env", "KEY").exit_code == 0
        plain(run("remote", "publish", "d1", "--connection", service, "--wait", "--json"))
        plain(run("sync", "--wait", "--json"))
        assert len(getattr(server, table)) == 1
        (take,) = plain(run("list", "--json"))["recordings"]
        assert take["path"]
        assert take["connection"] == service


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_push_that_is_killed_makes_nothing_twice(connected, logtalk, tmp_path, after):
    for _ in range(3):
        connected("import", "notes.md", "--project", "Stories")
    documents = plain(connected("list", "--json"))["documents"]
    library = tmp_path / "library"
    with Library.open(library) as opened:
        from declaim.commands.publishing import Publishing

        connection = opened.connections.all()[0]
        for entry in documents:
            Publishing(opened, lambda _id: None).wish("document", int(entry["id"][1:]), connection)
    logtalk.latency_s = 0.03
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    command = [sys.executable, "-m", "declaim", "--library", str(library), "sync"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(logtalk.log) < after and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    logtalk.latency_s = 0.0
    plain(connected("sync", "--wait", "--json"))
    assert len(logtalk.conversions) == len(documents)
    takes = plain(connected("list", "--json"))["recordings"]
    assert len(takes) == len(documents)
    assert all(take["path"] for take in takes)
