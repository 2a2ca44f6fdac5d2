from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from declaim.scripts import diff_scripts, parse_script
from declaim.ui.appearance import apply_theme
from declaim.ui.script.diff_view import ADDED, REMOVED, SAME, DiffView, diff_rows
from declaim.ui.script.versions_sheet import VersionsModel, VersionsSheet
from declaim.ui.theme import DARK, LIGHT
from tests.ui.conftest import SHORT


@pytest.fixture
def host(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def edited(studio, script_id):
    """The short script with its second line changed and a third added."""
    text = SHORT.replace("And collaboration.", "And live collaboration.") + "\n[HOST1]: At last.\n"
    studio.scripts.save_text(script_id, text)
    return script_id


@pytest.fixture
def sheet(host, studio, orders, edited):
    made = VersionsSheet(studio, orders, edited, host)
    made.open()
    return made


def said(sheet, row):
    return sheet.list.model().index(row).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_sheet_lists_when_how_long_and_what_changed(sheet):
    assert sheet.list.model().rowCount() == 2
    assert said(sheet, 0).startswith("Today ")
    assert said(sheet, 0).endswith("Edited · 9 words · the text now. 1 line changed, 1 added")
    assert said(sheet, 1).endswith("Begun · 6 words. The first version")


def test_the_difference_is_shown_by_signs_and_words(sheet):
    rows = [(row.sign, row.text) for row in sheet.diff.rows if row.sign != SAME]
    assert rows == [
        (REMOVED, "HOST2: And collaboration."),
        (ADDED, "HOST2: And live collaboration."),
        (ADDED, "HOST1: At last."),
    ]
    new = sheet.diff.rows[-2]
    assert [new.text[start:end] for start, end in new.changed] == ["live"]
    assert "+\tHOST1: At last." in sheet.diff.toPlainText()


def test_a_version_is_chosen_and_restored_by_keys_alone_and_undone(qtbot, sheet, studio, edited):
    restore = sheet.findChild(object, "versionsRestoreButton")
    assert not restore.isEnabled()
    qtbot.keyClick(sheet.list, Qt.Key.Key_Down)
    assert restore.isEnabled()
    qtbot.keyClick(sheet.list, Qt.Key.Key_Return)
    assert len(studio.scripts.lines(edited)) == 2
    assert studio.undo() == "Restore version"
    assert len(studio.scripts.lines(edited)) == 3


def test_a_version_is_compared_with_the_text_now(qtbot, sheet):
    qtbot.keyClick(sheet.list, Qt.Key.Key_Down)
    sheet.mode.setFocus()
    qtbot.keyClick(sheet.mode, Qt.Key.Key_Right)
    rows = [(row.sign, row.text) for row in sheet.diff.rows if row.sign != SAME]
    assert (REMOVED, "HOST1: At last.") in rows


def test_unchanged_lines_far_from_a_change_are_counted(qtbot, qapp):
    old = parse_script("\n\n".join(f"[HOST1]: Line {at}." for at in range(20)))
    new = parse_script("\n\n".join(f"[HOST1]: Line {at}{' more' if at == 10 else ''}." for at in range(20)))
    texts = [row.text for row in diff_rows(diff_scripts(old, new))]
    assert texts[0] == "8 unchanged lines"
    assert texts[-1] == "7 unchanged lines"
    view = DiffView()
    qtbot.addWidget(view)
    view.show_changes(diff_scripts(old, old))
    assert view.toPlainText() == "Nothing is different."


def test_the_difference_follows_the_theme(qapp, sheet):
    def ground():
        block = sheet.diff.document().lastBlock()
        return block.blockFormat().background().color()

    light = ground()
    apply_theme(qapp, DARK)
    assert ground().lightness() < light.lightness()
    apply_theme(qapp, LIGHT)
    assert ground() == light


def test_the_list_of_versions_keeps_qts_rules(qtmodeltester, studio, edited):
    model = VersionsModel()
    studio.versions.history(edited, model.show_views)
    qtmodeltester.check(model)
