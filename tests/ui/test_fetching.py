"""An address that is pasted or dropped: asked first, and only then fetched."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QMessageBox, QPushButton

from declaim.ui.main_window import MainWindow
from tests.support.page_server import PageServer


@pytest.fixture
def window(qtbot, studio, script_id):
    made = MainWindow(studio)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


@pytest.fixture
def server():
    with PageServer() as made:
        made.pages["/post"] = ("text/html", "<h1>A day with the owl</h1><p>It sleeps all day long.</p>")
        yield made


def box_of(window):
    return window.findChild(QMessageBox, "fetchDialog")


def press(qtbot, window, name):
    qtbot.mouseClick(box_of(window).findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_a_pasted_address_is_fetched_when_the_user_says_so(qtbot, window, qapp, server):
    qapp.clipboard().setText(f"{server.origin}/post")
    window.commands.import_clipboard()
    assert "Fetch this page?" in box_of(window).text()
    assert server.asked == []
    before = window.script.script_id
    press(qtbot, window, "fetchButton")
    assert server.asked == ["/post"]
    assert window.script.script_id not in (None, before)


def test_without_a_yes_nothing_is_fetched(qtbot, window, server):
    window.commands.take_dropped([QUrl(f"{server.origin}/post")])
    press(qtbot, window, "notFetchButton")
    assert server.asked == []


def test_what_cannot_be_fetched_is_told(qtbot, window, server):
    window.commands.ask_for_page(f"{server.origin}/gone")
    press(qtbot, window, "fetchButton")
    assert "answers 404" in window.notice.text


def test_only_files_and_addresses_are_taken(window):
    assert window.commands.can_take([QUrl("https://x.io/a")])
    assert window.commands.can_take([QUrl.fromLocalFile("/tmp/a.md")])
    assert not window.commands.can_take([QUrl("mailto:owl@x.io")])
