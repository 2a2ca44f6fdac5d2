"""Respeecher's account, voices and calibrations, spoken to a server that keeps to its published reference."""

from __future__ import annotations

import pytest

from declaim.errors import InputError, RemoteMisanswered, RemoteRefused, RemoteUnavailable
from declaim.remote.credentials import api_key, session, session_from, session_secret
from declaim.remote.paging import items_in
from declaim.remote.respeecher import RESPEECHER, Respeecher
from tests.support.respeecher_server import OWNER
from tests.support.service_server import Reply, tone_wav


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "my sample.wav"
    path.write_bytes(tone_wav(123))
    return path


def test_the_key_goes_in_its_own_header(respeecher, respeecher_server):
    respeecher.verify()
    assert respeecher_server.log[-1].headers["api-key"] == respeecher_server.key
    assert respeecher.credits().credits == 100


def test_a_wrong_key_is_told_with_the_cure(connect, respeecher_server):
    with pytest.raises(RemoteRefused, match="Not authenticated") as refused:
        Respeecher(connect(RESPEECHER, respeecher_server, api_key("wrong"))).verify()
    assert "key" in refused.value.cure


def test_a_login_gives_a_session_that_works_until_the_logout(connect, respeecher_server):
    unknown = Respeecher(connect(RESPEECHER, respeecher_server))
    made = unknown.login({"email": respeecher_server.email, "password": respeecher_server.password, "session_duration": 3600})
    assert made.user.id == OWNER
    assert made.session_id not in repr(made)
    secret = session_secret(made.session_id, made.csrf_token)
    client = Respeecher(connect(RESPEECHER, respeecher_server, session_from(secret)))
    client.verify()
    sent = respeecher_server.log[-1].headers
    assert (sent["cookie"], sent["x-csrf-token"]) == (f"session_id={made.session_id}", made.csrf_token)
    client.logout()
    with pytest.raises(RemoteRefused):
        client.verify()


def test_a_wrong_password_is_refused_and_shown_nowhere(connect, respeecher_server):
    client = Respeecher(connect(RESPEECHER, respeecher_server))
    with pytest.raises(RemoteRefused) as refused:
        client.login({"email": "a@example.org", "password": "hunter2hunter2"})
    assert "hunter2" not in str(refused.value)
    with pytest.raises(InputError):
        client.login({"email": "a@example.org"})


def test_a_login_without_a_cookie_is_no_session(connect, respeecher_server):
    client = Respeecher(connect(RESPEECHER, respeecher_server))
    respeecher_server.fail("reply", times=9, reply=Reply({"csrf_token": "c"}))
    with pytest.raises(RemoteMisanswered, match="no session"):
        client.login({"email": "a@example.org", "password": "x"})


@pytest.mark.parametrize("secret", ["", "x", "{}", '{"session_id": 1, "csrf_token": "c"}', "[]"])
def test_what_is_no_kept_session_is_refused(secret):
    with pytest.raises(InputError):
        session_from(secret)


def test_a_session_id_cannot_bring_another_cookie():
    with pytest.raises(InputError):
        session("a;b=c", "t")


def test_api_keys_are_made_once_and_deleted(respeecher, respeecher_server):
    made = respeecher.create_api_key({"expires_at": "2027-01-01T00:00:00Z"})
    assert made.key.startswith("rs-")
    assert made.key not in repr(made)
    assert respeecher_server.log[-1].json == {"expires_at": "2027-01-01T00:00:00Z"}
    respeecher.delete_api_key()


def test_the_owner_comes_from_the_account_from_a_project_or_from_a_calibration(respeecher, respeecher_server):
    assert respeecher.owner_id() == OWNER
    respeecher_server.knows_auth = False
    assert respeecher.owner_id() == ""
    respeecher_server.calibrations["c1"] = {"id": "c1", "name": "Mic", "user_id": "somebody", "state": "calibrated"}
    assert respeecher.owner_id() == "somebody"
    respeecher_server.add_project()
    assert respeecher.owner_id() == OWNER


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_statistics_are_asked_for_in_the_way_that_works(respeecher, respeecher_server, method):
    respeecher_server.stats_by = method
    project = respeecher_server.add_project()
    folder = respeecher_server.add_folder(project)
    respeecher_server.add_conversion(respeecher_server.add_original(folder))
    assert respeecher.project_stats([project])[0]["conversions"]["completed"] == 1
    assert respeecher.folder_stats([folder])[0]["stats"]["total"] == 1
    assert respeecher.stats()["conversions"]["total"] == 1
    with pytest.raises(InputError, match="200"):
        respeecher.project_stats([project] * 201)


def test_calibrations_are_uploaded_listed_enabled_and_deleted(respeecher, respeecher_server, sound):
    first = respeecher.create_calibration({"name": "My mic 1"}, sound)
    assert first.f0 == 110
    assert not first.is_running
    parts = respeecher_server.log[-1].parts
    assert parts["data"][1] == sound.read_bytes()
    assert parts["data"][0]["filename"] == "audio.wav"
    second = respeecher.create_calibration({"name": "My mic 2"}, sound)
    assert [item.enabled for item in respeecher.enable_calibration(second.id)] == [True]
    assert respeecher.get_calibration(second.id).enabled
    respeecher.auto_calibration()
    assert not respeecher.get_calibration(second.id).enabled
    assert respeecher.rename_calibration(first.id, {"name": "New"}).name == "New"
    for bare in (True, False):
        respeecher_server.lists_bare_calibrations = bare
        assert [item.id for item in items_in(respeecher.calibrations())] == [first.id, second.id]
    assert respeecher.delete_calibration(first.id) == (first.id,)


def test_enabling_may_answer_with_all_of_them(respeecher, respeecher_server):
    respeecher_server.fail("reply", reply=Reply([{"id": "a", "enabled": True}, {"id": "b"}]))
    assert [item.id for item in respeecher.enable_calibration("a")] == ["a", "b"]


@pytest.mark.parametrize("name", ["", "x" * 41, "naïve", "a/b", "../x", "a_b"])
def test_a_name_outside_the_alphabet_is_refused_with_the_cure(respeecher, respeecher_server, sound, name):
    with pytest.raises(InputError) as refused:
        respeecher.create_calibration({"name": name}, sound)
    assert refused.value.cure
    assert not respeecher_server.log


def test_a_file_of_another_kind_or_none_is_refused(respeecher, respeecher_server, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    for name in ("a.txt", "missing.wav"):
        with pytest.raises(InputError):
            respeecher.create_calibration({"name": "Name"}, tmp_path / name)
    assert not respeecher_server.log


def test_voices_are_filtered_by_several_values_and_walked(respeecher, respeecher_server):
    page = respeecher.list_voices(gender=["female"], visibility=["public", "kids"], sort="pitch", direction="desc", limit=10)
    assert page.total == 15
    assert {voice.gender for voice in page.items} == {"female"}
    assert respeecher_server.log[-1].query["visibility"] == ["public", "kids"]
    respeecher_server.page_most = 12
    assert len(list(items_in(respeecher.voices()))) == 30


def test_a_voice_has_accents_and_narration_styles(respeecher):
    first, second = respeecher.list_voices(limit=2).items
    assert (first.accents[0].name, first.accents[0].locale) == ("American", "en-US")
    assert first.narration_styles[0].name == "warm, slow"
    assert second.narration_styles[0].name == "Narration"


def test_voices_are_searched_liked_and_set(respeecher):
    (voice,) = respeecher.search_voices("voice 07", limit=3)
    assert respeecher.favourite_voice(voice.id, {"favorite": True}).favorite
    settings = {"voice_id": voice.id, "accent_id": voice.accents[0].id, "semitones_correction": -2}
    assert respeecher.set_voice(settings).accents[0].semitones_correction == -2
    with pytest.raises(InputError, match="at least 2"):
        respeecher.search_voices("v")
    with pytest.raises(InputError, match="limit"):
        respeecher.search_voices("voice", limit=11)


def test_samples_are_found_in_whatever_they_come_in(respeecher):
    assert respeecher.accent_samples("a").urls == ("/api/storage/sample.wav",)
    assert respeecher.narration_style_samples("n").urls == ("https://cdn.example/s.wav",)
    assert respeecher.list_tts_voices()[0].f0 == 120


def test_reasons_come_as_text_or_as_a_list(respeecher, respeecher_server):
    respeecher_server.fail("reply", reply=Reply({"detail": "Not enough credits"}, 402))
    with pytest.raises(RemoteRefused, match="Not enough credits"):
        respeecher.credits()
    detail = [{"loc": ["body", "text"], "msg": "too long", "type": "value_error"}, {"loc": ["body", 3], "msg": "odd"}]
    respeecher_server.fail("reply", reply=Reply({"detail": detail}, 422))
    with pytest.raises(RemoteRefused, match=r"body\.text: too long; body\.3: odd"):
        respeecher.credits()
    for odd in ({"detail": None}, {"detail": {"msg": "m"}}, {"detail": [3]}, [], 3, None):
        respeecher_server.fail("reply", reply=Reply(odd, 400))
        with pytest.raises(RemoteRefused):
            respeecher.credits()


def test_a_key_is_not_made_twice(respeecher, respeecher_server):
    respeecher_server.fail("cut-after")
    with pytest.raises(RemoteUnavailable) as failure:
        respeecher.create_api_key()
    assert failure.value.maybe_done
    assert len(respeecher_server.log) == 1
