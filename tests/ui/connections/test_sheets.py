"""What holds for every sheet: names for all controls, room on a small screen, both themes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox

from declaim.ui.appearance import apply_theme
from declaim.ui.theme import DARK, LIGHT

CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox)
INNER = ("qt_spinbox_lineedit", "ScrollLeftButton", "ScrollRightButton")


def _is_popup(child):
    return child.metaObject().className() == "QComboBoxListView"


def nameless(sheet):
    found = [child for kind in CONTROLS for child in sheet.findChildren(kind) if not child.accessibleName()]
    return [
        f"{type(child).__name__} {child.objectName()}"
        for child in found
        if child.objectName() not in INNER
        and not isinstance(child.parent(), QComboBox)
        and child.metaObject().className() != "QComboBoxListView"
    ]


@pytest.fixture
def opened(desk, logtalk, respeecher):
    """Opens a sheet by its name, with something real in it."""
    connection, voices = desk.connect("logtalk", logtalk), desk.connect("respeecher", respeecher)
    remote_id = logtalk.add_conversion(title="Episode 1")
    respeecher.add_original(respeecher.add_folder(respeecher.add_project("Novel"), "One"), label="Opening")
    desk.sync(connection, audio=False)
    desk.sync(voices, audio=False)
    take = desk.recording("Episode 1").id
    desk.studio.recordings.rename(take, "Mine")
    logtalk.conversions[remote_id]["title"] = "Theirs"
    desk.sync(connection, audio=False)
    document, remote = desk.document(), desk.remote
    item, original = desk.item(connection, take), desk.item(voices, desk.recording("Opening").id)
    opens = {
        "connectSheet": lambda: remote.open_connect(desk.project_id),
        "connectionsSheet": lambda: remote.connections_requested.emit(desk.project_id, None),
        "publishSheet": lambda: remote.open_publish(("document", document), voices),
        "orderSheet": lambda: remote.open_orders(original),
        "shareSheet": lambda: remote.open_share(item),
        "conflictSheet": lambda: remote.open_conflict(item),
        "operationSheet": lambda: remote.open_operations(connection),
    }

    def open_it(name):
        opens[name]()
        assert desk.sheet.objectName() == name
        return desk.sheet

    return open_it


@pytest.mark.parametrize(
    "name", ["connectSheet", "connectionsSheet", "publishSheet", "orderSheet", "shareSheet", "conflictSheet", "operationSheet"]
)
def test_every_control_has_a_name_and_every_sheet_fits_a_small_screen(opened, name):
    sheet = opened(name)
    assert nameless(sheet) == []
    assert sheet.minimumSizeHint().height() <= 640
    assert sheet.minimumSizeHint().width() <= 900


def test_a_change_of_the_theme_is_followed(opened, qapp):
    sheet = opened("conflictSheet")
    apply_theme(qapp, DARK)
    try:
        sheet.grab()
    finally:
        apply_theme(qapp, LIGHT)
