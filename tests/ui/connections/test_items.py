from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from declaim.model.remote import Badge, StepState
from declaim.ui.connections.conflict_sheet import compared
from declaim.ui.library.library_model import ROW_ROLE
from declaim.ui.library.library_rows import Filter, remote_in_words
from declaim.ui.script.diff_view import ADDED, REMOVED, SAME


@pytest.fixture
def pulled(desk, logtalk):
    """A connection with one conversion, which is here too."""
    connection = desk.connect("logtalk", logtalk)
    remote_id = logtalk.add_conversion(title="Episode 1")
    desk.sync(connection)
    return connection, remote_id, desk.recording("Episode 1").id


def in_conflict(desk, logtalk, pulled):
    connection, remote_id, take = pulled
    desk.studio.recordings.rename(take, "Episode one")
    logtalk.conversions[remote_id]["title"] = "Episode 1, final"
    desk.sync(connection, audio=False)
    return desk.item(connection, take)


# Share


def test_what_is_private_becomes_public_and_its_addresses_are_copied(desk, logtalk, pulled):
    _connection, remote_id, take = pulled
    desk.menu(("recording", take))["Share and embed…"].trigger()
    sheet = desk.sheet
    assert not sheet.public.isChecked()
    assert not sheet.copies["listen_url"].isEnabled()
    desk.click("sharePublic")
    assert logtalk.conversions[remote_id]["public_url"] is True
    assert sheet.fields["listen_url"].text() == f"https://logtalk.io/listen/{remote_id}"
    desk.click("copy-iframe")
    assert QGuiApplication.clipboard().text().startswith(f'<iframe src="https://logtalk.io/embed/{remote_id}"')
    desk.click("copy-oembed")
    assert "json+oembed" in QGuiApplication.clipboard().text()
    desk.click("sharePublic")
    assert sheet.fields["listen_url"].text() == ""
    assert logtalk.conversions[remote_id]["public_url"] is False


def test_embed_tokens_are_made_listed_copied_and_revoked(desk, logtalk, pulled):
    desk.menu(("recording", pulled[2]))["Share and embed…"].trigger()
    sheet = desk.sheet
    assert not sheet.findChild(QPushButton, "revokeTokenButton").isEnabled()
    desk.click("newTokenButton")
    desk.click("newTokenButton")
    assert sheet.tokens.count() == 2
    desk.click("copyTokenButton")
    assert "token=emb_" in QGuiApplication.clipboard().text()
    desk.click("revokeTokenButton")
    assert sheet.tokens.count() == 1
    assert len([token for token in logtalk.tokens.values() if not token.get("revoked")]) == 1


def test_a_refused_change_shows_how_it_stands_and_why(desk, logtalk, pulled):
    desk.menu(("recording", pulled[2]))["Share and embed…"].trigger()
    logtalk.fail("reply", on="PATCH", reply=logtalk.no(403, "INSUFFICIENT_PERMISSIONS", "Not with this plan"))
    desk.click("sharePublic")
    assert "Not with this plan" in desk.sheet.said.text()
    assert not desk.sheet.public.isChecked()


# Conflicts


def test_both_sides_stand_beside_each_other(desk, logtalk, pulled):
    in_conflict(desk, logtalk, pulled)
    desk.menu(("recording", pulled[2]))["Choose what to keep…"].trigger()
    sheet = desk.sheet
    assert [row.text for row in sheet.here.rows] == ["Title", "Episode one"]
    assert [row.text for row in sheet.there.rows] == ["Title", "Episode 1, final"]
    assert sheet.here.rows[1].sign == REMOVED
    assert sheet.there.rows[1].changed == ((8, 16),)


def test_keeping_here_sends_it_there(desk, logtalk, pulled):
    item = in_conflict(desk, logtalk, pulled)
    desk.remote.open_conflict(item)
    desk.click("keepHereButton")
    assert logtalk.conversions[pulled[1]]["title"] == "Episode one"
    assert desk.library.badges()["recording", pulled[2]] is Badge.IN_STEP


def test_keeping_there_can_be_undone_here(desk, logtalk, pulled):
    item = in_conflict(desk, logtalk, pulled)
    desk.remote.open_conflict(item)
    desk.click("keepThereButton")
    assert desk.studio.recordings.get(pulled[2]).label == "Episode 1, final"
    desk.studio.undo()
    assert desk.studio.recordings.get(pulled[2]).label == "Episode one"
    assert desk.library.badges()["recording", pulled[2]] is Badge.CHANGED_HERE


def test_keeping_both_makes_a_copy(desk, logtalk, pulled):
    item = in_conflict(desk, logtalk, pulled)
    desk.remote.open_conflict(item)
    desk.click("keepBothButton")
    labels = sorted(each.label for each in desk.library.recordings.all(desk.project_id))
    assert [label for label in labels if label.startswith("Episode")] == ["Episode 1, final", "Episode one"]


def test_equal_fields_and_lines_are_no_difference():
    here = {"title": "A", "starred": True, "note": "one\ntwo"}
    there = {"title": "A", "starred": False, "note": "one\nthree"}
    rows = [[(row.sign, row.text) for row in mine] for mine, _ in compared(here, there)]
    assert rows == [
        [(SAME, "Title"), (SAME, "A")],
        [(SAME, "Star"), (REMOVED, "Starred")],
        [(SAME, "Note"), (SAME, "one"), (REMOVED, "two")],
    ]
    assert [row.sign for _, theirs in compared(here, there) for row in theirs].count(ADDED) == 2


# Gone on one side


def test_what_was_deleted_here_is_asked_about_before_it_is_deleted_there(desk, logtalk, pulled):
    connection, remote_id, take = pulled
    desk.studio.recordings.trash(take)
    desk.remote.start_sync(desk.studio.connections.all())
    assert "1 deleted here and still there." in desk.notice
    assert remote_id in logtalk.conversions
    desk.look()
    opened = desk.sheet.view.page.open_list
    assert opened.current.title == "“Episode 1”"
    desk.click("deleteConnectionOpen")
    assert desk.sheet.objectName() == "remoteQuestion"
    assert remote_id in logtalk.conversions
    desk.click("remoteYes")
    assert remote_id not in logtalk.conversions
    assert not desk.studio.unsettled.items(connection.id)


def test_what_was_deleted_there_is_kept_and_said(desk, logtalk, pulled):
    connection, remote_id, take = pulled
    del logtalk.conversions[remote_id]
    desk.remote.start_sync(desk.studio.connections.all())
    assert "1 gone there, kept here" in desk.notice
    assert desk.library.badges()["recording", take] is Badge.GONE
    desk.menu(("recording", take))["Let go of logtalk"].trigger()
    assert desk.library.badges().get(("recording", take)) is None
    assert not desk.library.remote_items.of(connection.id)


def test_deleting_there_from_the_menu_asks_and_keeps_what_is_here(desk, logtalk, pulled):
    desk.menu(("recording", pulled[2]))["Delete at logtalk…"].trigger()
    assert "What is here stays" in desk.sheet.informativeText()
    desk.click("remoteYes")
    assert not logtalk.conversions
    assert desk.studio.recordings.get(pulled[2]).path


# One item, and everything


def test_details_are_what_the_service_says_now(desk, logtalk, pulled):
    desk.menu(("recording", pulled[2]))["Details at logtalk…"].trigger()
    assert json.loads(desk.sheet.answer.toPlainText())["id"] == pulled[1]


def test_one_item_is_fetched_again(desk, logtalk, pulled):
    logtalk.conversions[pulled[1]]["title"] = "Episode 1, better"
    desk.menu(("recording", pulled[2]))["Fetch from logtalk again"].trigger()
    assert desk.studio.recordings.get(pulled[2]).label == "Episode 1, better"


def test_old_work_is_found_by_its_id(desk, logtalk):
    desk.connect("logtalk", logtalk)
    episode = logtalk.add_episode(title="Old news")
    desk.open_connections()
    page = desk.sheet.view.page
    page.kind.setCurrentIndex(page.kind.findData("episode"))
    page.remote_id.setText(episode)
    desk.click("fetchButton")
    assert [each.path != "" for each in desk.library.recordings.all(desk.project_id) if each.source == "remote"] == [True]


def test_an_original_with_its_takes_leaves_as_a_zip(desk, respeecher, tmp_path):
    connection = desk.connect("respeecher", respeecher)
    original = respeecher.add_original(respeecher.add_folder(respeecher.add_project("Novel"), "One"), label="Opening")
    respeecher.add_conversion(original, label="Voice 03")
    desk.sync(connection)
    desk.menu(("recording", desk.recording("Opening").id))["Export a zip from respeecher…"].trigger()
    desk.sheet.files["target"].setText(str(tmp_path / "opening.zip"))
    desk.click("operationAskButton")
    assert (tmp_path / "opening.zip").read_bytes().startswith(b"PK")


def test_every_operation_can_be_asked_and_what_changes_something_only_knowingly(desk, logtalk, pulled):
    desk.open_connections()
    desk.click("operationsButton")
    sheet = desk.sheet
    sheet.picker.setCurrentIndex(sheet.picker.findData("logtalk.changelogs"))
    desk.click("operationAskButton")
    assert "v1.9.0" in sheet.answer.toPlainText()
    sheet.picker.setCurrentIndex(sheet.picker.findData("logtalk.update_conversion"))
    assert not sheet.ask_button.isEnabled()
    sheet.form.set_value("id", pulled[1])
    sheet.form.set_value("title", "Renamed")
    desk.click("operationSure")
    desk.click("operationAskButton")
    assert logtalk.conversions[pulled[1]]["title"] == "Renamed"


@pytest.mark.parametrize("service", ["logtalk", "bottalk", "respeecher"])
def test_every_operation_has_a_form(desk, serve, service, request):
    connection = desk.connect(service, request.getfixturevalue(service))
    desk.remote.open_operations(connection)
    sheet = desk.sheet
    for at in range(sheet.picker.count()):
        sheet.picker.setCurrentIndex(at)
        assert set(sheet.operation.placeholders) <= set(sheet.form.fields)


# The tree


def test_the_filter_of_the_services_shows_what_is_there_and_how_it_stands(desk, logtalk, pulled, qtbot):
    library = desk.panel
    qtbot.waitUntil(lambda: not library.filters._rows[Filter.REMOTE].isHidden())
    row = library.filters._rows[Filter.REMOTE]
    library.refresh()
    assert (row.text(), row.accessibleName()) == ("logtalk", "logtalk, in step")
    row.click()
    top = library.model.index(0, 0)
    shown = [library.model.index(at, 0, top).data() for at in range(library.model.rowCount(top))]
    assert shown == ["Episode 1"]


def test_a_badge_is_told_in_words(desk, logtalk, pulled):
    library = desk.panel
    library.refresh()
    index = library.model.index_of(("recording", pulled[2]))
    assert index.data(ROW_ROLE).badge is Badge.IN_STEP
    assert "in step with the service" in index.data(0x0B)  # AccessibleTextRole


def test_what_needs_the_user_most_is_said_first(desk, logtalk, pulled):
    in_conflict(desk, logtalk, pulled)
    assert remote_in_words(desk.studio.tree()) == "1 to choose"
    assert desk.item(pulled[0], pulled[2]).state is StepState.CONFLICT


# The queue


def test_the_queue_shows_what_waits_and_cancels_it(desk, logtalk, pulled):
    document = desk.document()
    desk.studio.publishing.wish("document", document, pulled[0])
    desk.window.show_queue()
    queue = desk.window.commands._queue
    assert [row.title for row in queue.outbox.model._rows] == ["Publish “Notes”"]
    assert queue.outbox.current.words == "Waits to be sent."
    desk.click("cancelOutbox", queue)
    queue.refresh()
    assert not queue.outbox.isVisible()
    assert not desk.library.outbox.open(pulled[0].id)
    queue.close()


def test_the_queue_sends_what_waits(desk, logtalk, pulled):
    desk.studio.publishing.wish("document", desk.document(), pulled[0])
    desk.window.show_queue()
    queue = desk.window.commands._queue
    desk.click("sendOutbox", queue)
    assert len(logtalk.conversions) == 2
    queue.close()


def test_the_model_of_open_things_is_sound(desk, logtalk, pulled, qtmodeltester):
    from declaim.ui.connections.open_list import OpenList

    in_conflict(desk, logtalk, pulled)
    desk.studio.publishing.wish("document", desk.document(), pulled[0])
    made = OpenList("Open", "open")
    desk.qtbot.addWidget(made)
    made.show_rows((*desk.studio.unsettled.wishes(), *desk.studio.unsettled.items(pulled[0].id)))
    qtmodeltester.check(made.model)
    assert "changed on both sides" in made.model.index(1).data(0x0B)
