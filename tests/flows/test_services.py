"""A service from the first key to a take, through the real window, real workers and real HTTP."""

from __future__ import annotations

import keyring
import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from declaim.model.remote import Badge
from declaim.model.source import SourceType
from tests.support.keyrings import MemoryKeyring
from tests.support.logtalk_server import LogTalkServer
from tests.support.service_server import Elsewhere


@pytest.fixture
def logtalk():
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    with Elsewhere() as elsewhere, LogTalkServer() as server:
        server.elsewhere = elsewhere.origin
        yield server
    keyring.set_keyring(before)


def sheet():
    return QApplication.activeModalWidget()


def test_a_document_becomes_a_take_made_there(story, logtalk):
    studio, window = story.studio, story.window
    project_id = studio.projects.find_or_create("MyApp")
    with studio.library.transaction("Import"):
        document = studio.library.documents.add(project_id, None, "MyApp 2.0", SourceType.CHANGELOG, "## 2.0\n\n- Dark mode\n")

    window._actions["connections"].trigger()
    sheet().findChild(QLineEdit, "connectKey").setText(logtalk.key)
    sheet().findChild(QLineEdit, "connectBaseUrl").setText(logtalk.base_url)
    sheet().connect_button.click()
    story.until(lambda: sheet() is not None and sheet().objectName() == "connectionsSheet")
    sheet().accept()

    actions = {action.text(): action for action in window.library.tree._menu_for((("document", document),)).actions()}
    actions["Publish to logtalk…"].trigger()
    sheet().send_button.click()
    story.until(lambda: window.notice.text.startswith("Sent to logtalk."))
    assert len(logtalk.conversions) == 1

    window._actions["sync"].trigger()
    story.until(lambda: any(take.path for take in studio.library.recordings.all(project_id)))
    story.until(lambda: studio.library.badges().get(("document", document)) is Badge.IN_STEP)
    story.until(lambda: window.library.row(("document", document)).badge is Badge.IN_STEP)


def test_a_sync_is_stopped_from_its_page(story, logtalk):
    studio, window = story.studio, story.window
    project_id = studio.projects.find_or_create("MyApp")
    made = []
    from declaim.commands.connections import ConnectionWish

    studio.connections.connect(project_id, ConnectionWish("logtalk", logtalk.key, logtalk.base_url), made.append)
    story.until(lambda: bool(made))
    logtalk.endless = True
    window._actions["connections"].trigger()
    page = sheet().view.page
    page.sync_button.click()
    story.until(lambda: len(logtalk.log) > 5)
    assert page.cancel_button.isVisible()
    page.cancel_button.click()
    story.until(page.sync_button.isEnabled)
    assert not studio.library.recordings.all(project_id)
    sheet().accept()
