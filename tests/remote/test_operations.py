"""The table of operations, held against the contracts' own lists, and each operation against a server."""

from __future__ import annotations

import re

import click
import pytest

from declaim.cli.group import declaim
from declaim.errors import InputError
from declaim.remote import OPERATIONS, SERVICES, all_of, call, find_operation, open_client, session_secret
from declaim.remote.opening import BotTalk, LogTalk, Respeecher
from declaim.remote.respeecher_values import Session
from tests.remote.conftest import QUICK
from tests.support.bottalk_server import BotTalkServer
from tests.support.logtalk_server import LogTalkServer
from tests.support.respeecher_server import OWNER, RespeecherServer
from tests.support.service_server import tone_wav

# Written down from the published pages, in their order: nothing of Declaim's is used here.
LOGTALK = """
POST /conversions
GET /conversions
GET /conversions/{id}
PATCH /conversions/{id}
DELETE /conversions/{id}
POST /conversions/{id}/retry
GET /conversions/{id}/audio
POST /conversions/{id}/embed-token
GET /conversions/{id}/embed-token
DELETE /conversions/{id}/embed-token/{token}
POST /doctalk/convert
GET /doctalk/convert/{id}
GET /doctalk/convert/{id}/audio
POST /episodes
GET /episodes
GET /episodes/{id}
POST /episodes/{id}/retry
DELETE /episodes/{id}
POST /scripts
POST /scripts/{id}/convert
GET /usage
GET /changelogs
GET /api/oembed
"""
BOTTALK = """
GET /api
GET /api/articles
POST /api/articles
GET /api/articles/{articleId}
PUT /api/articles/{articleId}
DELETE /api/articles/{articleId}
GET /api/articles_external_id/{externalId}
PUT /api/articles_external_id/{externalId}
GET /api/articles_external_url/{externalUrl}
"""
RESPEECHER = """
POST /api/api-key
DELETE /api/api-key
POST /api/login
POST /api/logout
POST /api/calibration
PUT /api/calibration/{calibration_id}/enable
POST /api/calibration/auto
GET /api/calibration/{calibration_id}
GET /api/calibration
DELETE /api/calibration/{calibration_id}
GET /api/credits
GET /api/projects
POST /api/projects
PATCH /api/projects/{project_id}
DELETE /api/projects/{project_id}
GET /api/projects/by-url
GET /api/projects/{project_id}/export
GET /api/folders
POST /api/folders
PATCH /api/folders/{folder_id}
DELETE /api/folders/{folder_id}
GET /api/folders/{folder_id}
GET /api/recordings
GET /api/recordings/originals
GET /api/recordings/conversions
POST /api/recordings
POST /api/recordings/tts
PATCH /api/recordings/{recording_id}
PUT /api/recordings/{recording_id}
DELETE /api/recordings/{recording_id}
GET /api/recordings/export
GET /api/recordings/{recording_id}
POST /api/v2/recordings/tts
GET /api/tts-voices
POST /api/notes
PUT /api/notes
DELETE /api/notes
GET /api/stats
GET /api/stats/projects
GET /api/stats/folders
POST /api/v2/orders
POST /api/v2/orders/retry/{recording_id}
GET /api/v2/voices
GET /api/v2/voices/search
POST /api/v2/voices/favorite/{voice_id}
POST /api/v2/voices/settings
GET /api/v2/accents/samples
"""
CONTRACTS = {"logtalk": LOGTALK, "bottalk": BOTTALK, "respeecher": RESPEECHER}


@pytest.mark.parametrize("service", CONTRACTS)
def test_every_published_operation_is_spoken_and_no_other_says_so(service):
    wanted = CONTRACTS[service].strip().splitlines()
    spoken = [f"{row.method} {row.path}" for row in OPERATIONS.values() if row.service == service and row.published]
    assert sorted(spoken) == sorted(wanted)


def test_the_contracts_have_as_many_operations_as_was_counted():
    """LogTalk's 22 lie below its base URL; oEmbed lies beside it."""
    counts = {service: len(text.split("\n")) - 2 for service, text in CONTRACTS.items()}
    assert counts == {"logtalk": 22 + 1, "bottalk": 9, "respeecher": 47}


def test_every_operation_says_where_it_is_found_and_is_a_method_of_its_client():
    clients = {"logtalk": LogTalk, "bottalk": BotTalk, "respeecher": Respeecher}
    for name, row in OPERATIONS.items():
        assert row.window, name
        assert row.terminal, name
        assert getattr(clients[row.service], name.partition(".")[2]) is row.function


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the first words name, and the options that follow."""
    found: click.Command = declaim
    context = click.Context(declaim)
    while words and isinstance(found, click.Group):
        found = found.get_command(context, words.pop(0))
        assert found is not None
    return found, [word for word in words if word.startswith("--")]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_command_that_an_operation_is_found_under_is_there(name):
    for told in OPERATIONS[name].terminal.split(", "):
        command, options = command_of(told.split())
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(options) <= known, told


def seeded_logtalk():
    server = LogTalkServer()
    done, failed = server.add_conversion(), server.add_conversion(status="failed")
    old, broken = server.add_episode(), server.add_episode(status="failed")
    server.doctalk["d1-000000000001"] = {"id": "d1-000000000001", "status": "completed", "has_audio": True}
    server.scripts["s1"] = {"id": "s1", "content": "Hello."}
    server.tokens["emb_1"] = {
        "token": "emb_1",
        "conversion_id": done,
        "embed_url": "https://logtalk.io/embed/1",
        "created_at": "",
    }
    fields = {
        "create_conversion": {"source_type": "document", "title": "T", "content": "C", "settings": {"speakers": 2}},
        "update_conversion": {"id": done, "title": "New"},
        "retry_conversion": {"id": failed},
        "create_script": {"content": "C"},
        "convert_script": {"id": "s1"},
        "revoke_embed_token": {"id": done, "token": "emb_1"},
        "oembed": {"url": "https://logtalk.io/listen/1"},
        "create_doctalk": {"content": "C"},
        "get_doctalk": {"id": "d1-000000000001"},
        "download_doctalk": {"id": "d1-000000000001"},
        "create_episode": {"content": "C", "idempotency_key": "mine"},
        "list_episodes": {"mode": "changelog", "limit": 5},
        "get_episode": {"id": old, "expand": "organization"},
        "download_episode": {"id": old},
        "retry_episode": {"id": broken, "override_settings": {"tone": "casual"}},
        "delete_episode": {"id": old},
    }
    return server, fields, {"id": done}


def seeded_bottalk():
    server = BotTalkServer()
    item = server.add_article(externalId="e1", url="https://blog.example/1")
    body = {"title": "T", "text": "W"}
    fields = {
        "create_article": body,
        "update_article": {"articleId": item, **body},
        "update_article_by_external_id": {"externalId": "e1", **body},
        "list_articles": {"limit": 10, "offset": 0},
    }
    return server, fields, {"articleId": item, "externalId": "e1", "externalUrl": "https://blog.example/1"}


def seeded_respeecher():
    server = RespeecherServer()
    project = server.add_project()
    folder = server.add_folder(project)
    original = server.add_original(folder)
    conversion = server.add_conversion(original)
    voice = server.voices[0]["id"]
    server.recordings[original]["note"] = {"id": "n", "text": "t", "active": True}
    server.calibrations["c1"] = {"id": "c1", "name": "Mic", "state": "calibrated", "enabled": False}
    common = {"project_id": project, "folder_id": folder, "recording_id": conversion, "calibration_id": "c1", "voice_id": voice}
    fields = {
        "login": {"email": server.email, "password": server.password},
        "create_calibration": {"name": "Mic"},
        "rename_calibration": {"calibration_id": "c1", "name": "Mic 2"},
        "project_stats": {"project_ids": [project]},
        "folder_stats": {"folder_ids": [folder]},
        "create_project": {"name": "P", "owner": OWNER},
        "rename_project": {"project_id": project, "name": "P"},
        "project_by_url": {"project_url": server.projects[project]["url"]},
        "list_folders": {"project_id": project},
        "create_folder": {"name": "F", "project_id": project},
        "rename_folder": {"folder_id": folder, "name": "F"},
        "list_recordings": {"project_id": project, "limit": 10},
        "list_originals": {"folder_id": folder},
        "list_conversions": {"original_id": original},
        "export_recording": {"original_id": original, "starred_only": True},
        "create_recording": {"parent_folder_id": folder},
        "create_old_tts": {"project_id": project, "parent_folder_id": folder, "label": "L", "voice_id": voice, "text": "T"},
        "create_tts": {"parent_folder_id": folder, "text": "T"},
        "update_recording": {"recording_id": conversion, "starred": True},
        "replace_recording": {"recording_id": conversion, "starred": True, "label": "L"},
        "create_note": {"recording_id": conversion, "text": "N"},
        "update_note": {"recording_id": conversion, "text": "N"},
        "delete_note": {"recording_id": original},
        "list_notes": {"folder_id": folder},
        "create_order": {"original_id": original, "conversions": [{"voice_id": voice}]},
        "list_voices": {"gender": ["male"], "limit": 3},
        "search_voices": {"name": "voice"},
        "favourite_voice": {"voice_id": voice, "favorite": True},
        "set_voice": {"voice_id": voice, "semitones_correction": 1},
        "accent_samples": {"accent_id": "a"},
        "narration_style_samples": {"narration_style_id": "n"},
    }
    return server, fields, common


SEEDS = {"logtalk": seeded_logtalk, "bottalk": seeded_bottalk, "respeecher": seeded_respeecher}


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_called_by_its_name_on_its_published_path(name, tmp_path):
    row = find_operation(name)
    server, fields, common = SEEDS[row.service]()
    method = name.partition(".")[2]
    values = fields[method] if method in fields else {key: common[key] for key in row.placeholders}
    (tmp_path / "a.wav").write_bytes(tone_wav())
    wanted = {parameter.name for parameter in row.parameters}
    files = {}
    files |= {"data": tmp_path / "a.wav"} if "data" in wanted else {}
    files |= {"out": tmp_path / "out.bin"} if "target" in wanted else {}
    with server:
        client = open_client(row.service, server.key, base_url=server.base_url, policy=QUICK)
        with client.transport:
            answer = call(name, client, values, files)
    below = row.path if row.path.startswith("/api") else server.prefix + row.path
    pattern = re.sub(r"{\w+}", "[^/]+", below)
    assert any(entry.method == row.method and re.fullmatch(pattern, entry.path) for entry in server.log), [
        e.path for e in server.log
    ]
    assert answer is not None


def test_the_answer_is_the_services_own_record(logtalk, logtalk_server):
    item = logtalk_server.add_conversion(extra={"a": 1})
    assert call("logtalk.get_conversion", logtalk, {"id": item}, {})["extra"] == {"a": 1}
    assert call("logtalk.list_conversions", logtalk, {}, {})["meta"]["total_count"] == 1
    assert call("logtalk.list_embed_tokens", logtalk, {"conversion_id": item}, {}) == []


def test_fields_can_be_set_as_text(logtalk, logtalk_server):
    settings = [
        "source_type=changelog",
        "title=2",
        "content=- one=1",
        "settings.version=1.10",
        "settings.speakers=2",
        "settings.severity_aware_tone=true",
        "voice.host_voice_ids.host1=a",
        'voice.expression_settings={"allow_laughter": true}',
        "idempotency_key=42",
    ]
    call("logtalk.create_conversion", logtalk, settings, {})
    assert logtalk_server.log[-1].headers["idempotency-key"] == "42"
    assert logtalk_server.log[-1].json == {
        "source_type": "changelog",
        "title": "2",
        "content": "- one=1",
        "settings": {"version": "1.10", "speakers": 2, "severity_aware_tone": True},
        "voice": {"host_voice_ids": {"host1": "a"}, "expression_settings": {"allow_laughter": True}},
    }


def test_lists_can_be_set_as_text(respeecher, respeecher_server):
    call("respeecher.list_voices", respeecher, ["gender=male,female", 'visibility=["kids"]', "limit=3"], {})
    assert respeecher_server.log[-1].query["gender"] == ["male", "female"]
    assert respeecher_server.log[-1].query["visibility"] == ["kids"]


@pytest.mark.parametrize("settings", [["title"], ["=x"], ["settings=1", "settings.tone=casual"]])
def test_a_setting_that_sets_nothing_is_refused(logtalk, logtalk_server, settings):
    with pytest.raises(InputError):
        call("logtalk.create_conversion", logtalk, settings, {})
    assert not logtalk_server.log


@pytest.mark.parametrize(
    ("name", "values", "files", "words"),
    [
        ("logtalk.get_conversion", {}, {}, "needs 'id'"),
        ("logtalk.get_conversion", {"id": "1", "limit": 3}, {}, "It has: id, conversion_id"),
        ("logtalk.usage", {"x": 1}, {}, "It has none"),
        ("logtalk.download_episode", {"id": "1"}, {}, "out=PATH|target=PATH"),
        ("logtalk.usage", {}, {"data": "x"}, "'data' is no field"),
        ("logtalk.create_conversion", {"titel": "x"}, {}, "Did you mean 'title'"),
        ("logtalk.create_conversation", {}, {}, "Did you mean logtalk.create_conversion"),
        ("bottalk.list_articles", {}, {}, "not of LogTalk"),
        ("logtalk.list_conversions", {"limit": "many"}, {}, "a whole number"),
    ],
)
def test_what_an_operation_does_not_take_is_refused_before_it_is_sent(logtalk, logtalk_server, name, values, files, words):
    with pytest.raises(InputError) as refused:
        call(name, logtalk, values, files)
    assert re.search(words, str(refused.value))
    assert not logtalk_server.log


def test_a_client_is_opened_from_what_a_connection_keeps(respeecher_server):
    with open_client("respeecher", "", base_url=respeecher_server.base_url).transport as transport:
        made = Respeecher(transport).login({"email": respeecher_server.email, "password": respeecher_server.password})
    assert isinstance(made, Session)
    secret = session_secret(made.session_id, made.csrf_token)
    client = open_client("respeecher", secret, base_url=respeecher_server.base_url, sign_in="session")
    with client.transport:
        assert len(all_of(client.voices())) == 30


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_an_address_and_a_pace(service):
    client = open_client(service, "key")
    assert client.transport.base_url == SERVICES[service].default_base_url
    assert client.transport.limiter.per_minute == SERVICES[service].requests_per_minute
    assert open_client(service, "key", requests_per_minute=7).transport.limiter.per_minute == 7


@pytest.mark.parametrize("address", ["http://127.0.0.1@elsewhere/", "http://logtalk.io/api/v1", "nonsense"])
def test_a_client_is_not_opened_for_an_address_where_the_key_must_not_go(address):
    with pytest.raises(InputError):
        open_client("logtalk", "key", base_url=address)
    with pytest.raises(InputError, match="Choose logtalk, bottalk, respeecher"):
        open_client("podtalk", "key")
