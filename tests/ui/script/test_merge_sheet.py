from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from declaim.commands.rewriting import Outcome, Rewrite
from declaim.model.script import WrittenScript
from declaim.scripts import merge_scripts, parse_script
from declaim.ui.script.merge_model import MINE, NEW, MergeModel
from declaim.ui.script.merge_sheet import MergeSheet

BASE = "# A\n\n[HOST1]: One.\n\n[HOST1]: Two.\n\n[HOST1]: Three.\n"
MINE_TEXT = BASE.replace("One.", "One of mine.").replace("Three.", "Three of mine.")
THEIRS = BASE.replace("Two.", "Two anew.").replace("Three.", "Three anew.")


@pytest.fixture
def host(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def merge():
    return merge_scripts(parse_script(BASE), parse_script(MINE_TEXT), parse_script(THEIRS))


@pytest.fixture
def sheet(host, studio, orders, refusals, script_id, merge):
    studio.scripts.save_text(script_id, MINE_TEXT)
    rewrite = Rewrite(script_id, MINE_TEXT, WrittenScript(parse_script(THEIRS)), merge, Outcome.EDITED)
    made = MergeSheet(studio, orders, rewrite, host)
    made.open()
    return made


def texts(studio, script_id):
    return [line.text for line in studio.scripts.lines(script_id)]


def test_edits_stay_and_what_only_the_writer_changed_becomes_new(sheet, studio, script_id):
    assert sheet.model.rowCount() == 3
    assert sheet._said.text().startswith("You edited this script. 3 places differ: yours in 2, new in 1.")
    captions = [sheet.model.caption(sheet.model.index(row, side)) for row in range(3) for side in (MINE, NEW)]
    assert captions == ["Your edit", "Written before", "Written before", "Written now", "Your edit", "Written now"]
    sheet.findChild(object, "mergeApplyButton").click()
    assert texts(studio, script_id) == ["One of mine.", "Two anew.", "Three of mine."]
    assert studio.undo() == "Write again"
    assert texts(studio, script_id) == ["One of mine.", "Two.", "Three of mine."]


def test_the_side_is_chosen_by_keys_alone(qtbot, sheet, studio, script_id):
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return):
        qtbot.keyClick(sheet.table, key)
    assert texts(studio, script_id) == ["One of mine.", "Two anew.", "Three anew."]


@pytest.mark.parametrize(
    ("button", "lines"),
    [
        ("mergeKeepAllButton", ["One of mine.", "Two.", "Three of mine."]),
        ("mergeTakeAllButton", ["One.", "Two anew.", "Three anew."]),
    ],
)
def test_one_button_chooses_a_whole_side(sheet, studio, script_id, button, lines):
    sheet.findChild(object, button).click()
    sheet.findChild(object, "mergeApplyButton").click()
    assert texts(studio, script_id) == lines


def test_escape_changes_nothing(qtbot, sheet, studio, script_id):
    qtbot.keyClick(sheet.table, Qt.Key.Key_Escape)
    assert studio.scripts.row(script_id).text == MINE_TEXT


def test_a_text_that_was_changed_meanwhile_is_not_overwritten(sheet, studio, script_id, refusals):
    studio.scripts.save_text(script_id, BASE)
    sheet.findChild(object, "mergeApplyButton").click()
    assert studio.scripts.row(script_id).text == BASE
    assert "changed meanwhile" in refusals[0].message


def test_the_choice_is_told_to_those_who_hear_the_window(sheet):
    index = sheet.model.index(2, MINE)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Chosen. Your edit: HOST1: Three of mine."


def test_the_merge_keeps_qts_rules(qtmodeltester, merge):
    qtmodeltester.check(MergeModel(merge))
