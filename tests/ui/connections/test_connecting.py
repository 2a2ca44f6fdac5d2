from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from declaim.ui.connections.account import account_in_lines


def field(sheet, name):
    found = sheet.findChild(QLineEdit, name)
    assert found is not None
    return found


def test_without_a_connection_there_is_one_quiet_entry(desk, script_id):
    assert desk.window._actions["connections"].text() == "Connect a service…"
    assert not desk.window._actions["sync"].isVisible()
    assert not desk.window.library.filters._rows["remote"].isVisible()
    assert [text for text in desk.menu(("script", script_id)) if "Publish" in text] == []
    assert "Connect a service…" in desk.menu(("project", desk.project_id))


def test_a_key_is_tried_kept_in_the_keyring_and_shown_nowhere(desk, logtalk, keys):
    desk.window._actions["connections"].trigger()
    sheet = desk.sheet
    assert sheet.objectName() == "connectSheet"
    assert field(sheet, "connectKey").echoMode() is QLineEdit.EchoMode.Password
    field(sheet, "connectKey").setText(logtalk.key)
    field(sheet, "connectBaseUrl").setText(logtalk.base_url)
    desk.click("connectButton")
    (connection,) = desk.studio.connections.all()
    assert (connection.service, connection.name, connection.project_id) == ("logtalk", "logtalk", desk.project_id)
    assert logtalk.key in keys.kept.values()
    assert desk.window._actions["connections"].text() == "Connections…"
    assert desk.window._actions["sync"].isVisible()
    assert desk.sheet.objectName() == "connectionsSheet"
    assert logtalk.key not in "".join(label.text() for label in desk.sheet.findChildren(QLabel))


def test_a_wrong_key_is_told_with_the_cure_and_nothing_is_kept(desk, logtalk, keys):
    desk.open_connections()
    field(desk.sheet, "connectKey").setText("lt_test_wrong")
    field(desk.sheet, "connectBaseUrl").setText(logtalk.base_url)
    desk.click("connectButton")
    assert "Check the key" in desk.sheet.said.text()
    assert desk.sheet.connect_button.isEnabled()
    assert not desk.studio.connections.all()
    assert not keys.kept


def test_plain_http_to_another_computer_is_told_plainly_and_refused_unless_allowed(desk):
    desk.open_connections()
    sheet = desk.sheet
    field(sheet, "connectKey").setText("lt_test_key")
    assert not sheet.insecure.isVisible()
    field(sheet, "connectBaseUrl").setText("http://studio.example.org/api")
    assert "everyone" in sheet.insecure.text()
    assert sheet.insecure.isVisible()
    desk.click("connectButton")
    assert "Plain http" in sheet.said.text()


@pytest.mark.parametrize("way", ["variable", "key"])
def test_what_is_missing_is_said_before_anything_is_asked(desk, logtalk, way):
    desk.open_connections()
    sheet = desk.sheet
    sheet.way.setCurrentIndex(sheet.way.findData(way))
    sheet.way.activated.emit(0)
    desk.click("connectButton")
    assert ("is not set" if way == "variable" else "There is no key") in sheet.said.text()
    assert not logtalk.log


def test_a_key_from_a_variable_connects(desk, bottalk, monkeypatch):
    monkeypatch.setenv("MY_KEY", bottalk.key)
    desk.open_connections()
    sheet = desk.sheet
    sheet.service._choose(1)
    sheet.way.setCurrentIndex(1)
    sheet.way.activated.emit(1)
    field(sheet, "connectVariable").setText("MY_KEY")
    field(sheet, "connectBaseUrl").setText(bottalk.base_url)
    desk.click("connectButton")
    assert [each.service for each in desk.studio.connections.all()] == ["bottalk"]


def test_respeecher_takes_a_login_whose_password_is_not_kept(desk, respeecher, keys):
    desk.open_connections()
    sheet = desk.sheet
    assert sheet.way.count() == 2
    sheet.service._choose(2)
    assert sheet.way.count() == 3
    sheet.way.setCurrentIndex(2)
    sheet.way.activated.emit(2)
    field(sheet, "connectEmail").setText(respeecher.email)
    field(sheet, "connectPassword").setText(respeecher.password)
    field(sheet, "connectBaseUrl").setText(respeecher.base_url)
    desk.click("connectButton")
    (connection,) = desk.studio.connections.all()
    assert connection.sign_in == "session"
    assert respeecher.password not in "".join(keys.kept.values())


def test_the_page_syncs_tries_out_and_asks_for_the_account(desk, logtalk):
    desk.connect("logtalk", logtalk)
    logtalk.add_conversion(title="Old episode")
    desk.open_connections()
    page = desk.sheet.view.page
    page.try_button.click()
    assert page.said.text().startswith("A sync would take 1 new from there and fetch the audio of 1.")
    assert not desk.library.recordings.all(desk.project_id)
    page.audio.setChecked(False)
    page.sync_button.click()
    assert page.said.text().startswith("1 new from there.")
    assert not desk.recording("Old episode").path
    assert "last sync" in page.facts.text()
    page.account_button.click()
    assert "Plan: growth" in page.account.text()


def test_the_page_says_what_would_go_into_a_mirrored_folder_before_it_goes(desk, respeecher):
    connection = desk.connect("respeecher", respeecher)
    respeecher.add_project("Show")
    desk.sync(connection)
    (folder,) = desk.library.folders.of(desk.project_id)
    desk.studio.projects.create_folder(desk.project_id, "Season 1", folder.id)
    desk.open_connections()
    page = desk.sheet.view.page
    page.try_button.click()
    assert page.said.text().startswith("A sync would send 1.")
    assert "'Season 1' is new here and goes there." in page.said.text()
    assert not respeecher.folders
    page.sync_button.click()
    assert [each["name"] for each in respeecher.folders.values()] == ["Season 1"]


def test_disconnecting_asks_and_keeps_what_was_made(desk, logtalk, keys):
    connection = desk.connect("logtalk", logtalk)
    logtalk.add_conversion(title="Old episode")
    desk.sync(connection)
    desk.open_connections()
    desk.click("disconnectButton")
    assert desk.sheet.objectName() == "remoteQuestion"
    assert desk.studio.connections.all()
    desk.click("remoteYes")
    assert not desk.studio.connections.all()
    assert not keys.kept
    assert desk.recording("Old episode").path


def test_answers_of_any_shape_become_lines():
    assert account_in_lines({"credits": 1200, "stats": {"in_progress": 0}, "plans": [{"name": "A"}], "tags": ["x", "y"]}) == [
        "Credits: 1,200",
        "Stats › in progress: 0",
        "Plans 1 › name: A",
        "Tags: x, y",
    ]
    assert account_in_lines({}) == ["The service told nothing."]
