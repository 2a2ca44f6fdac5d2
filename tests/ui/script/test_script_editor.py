from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from declaim.model.delivery import DeliveryPreset
from declaim.model.library import LineState
from declaim.scripts import parse_script
from declaim.ui.script.row_format import delivery_of, is_chapter, speaker_of
from declaim.ui.script.row_painter import RowFacts, play_rect, state_rect
from declaim.ui.script.script_editor import ScriptEditor

TEXT = """# Two

## What's new

[HOST1]: Dark mode is here. {pause:short} It follows your system.
[HOST2]: Everywhere?

## Fixes

[HOST1, theatrical]: The login works.
"""


@pytest.fixture
def editor(qtbot):
    made = ScriptEditor()
    qtbot.addWidget(made)
    made.resize(880, 500)
    made.load(TEXT)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.setFocus()
    return made


def rows(editor):
    return [("##" if is_chapter(block) else speaker_of(block), block.text()) for block in editor.blocks()]


def put_caret(editor, row, column=0):
    cursor = QTextCursor(editor.document().findBlockByNumber(row))
    cursor.setPosition(cursor.position() + column)
    editor.setTextCursor(cursor)


def select(editor, first, last):
    document = editor.document()
    cursor = QTextCursor(document.findBlockByNumber(first[0]))
    cursor.setPosition(document.findBlockByNumber(first[0]).position() + first[1])
    cursor.setPosition(document.findBlockByNumber(last[0]).position() + last[1], QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def press(editor, key, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(editor, key, held)


def test_a_script_is_shown_row_by_row_and_given_back_as_it_was(editor):
    assert rows(editor)[0] == ("##", "What's new")
    assert rows(editor)[2] == ("HOST2", "Everywhere?")
    assert editor.text() == TEXT
    assert not editor.document().isUndoAvailable()


def test_lines_are_numbered_as_the_library_counts(editor):
    assert [block.userState() for block in editor.blocks()] == [-1, 0, 1, -1, 2]


def test_return_makes_a_line_of_the_same_speaker(editor):
    put_caret(editor, 1, len("Dark mode is here."))
    press(editor, Qt.Key.Key_Return)
    assert rows(editor)[1:3] == [("HOST1", "Dark mode is here."), ("HOST1", "{pause:short} It follows your system.")]
    QTest.keyClicks(editor, "Yes. ")
    assert parse_script(editor.text()).lines[1].text.startswith("Yes. {pause")


def test_return_in_a_chapter_starts_a_line(editor):
    put_caret(editor, 3, len("Fixes"))
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "New.")
    assert rows(editor)[3:5] == [("##", "Fixes"), ("HOST1", "New.")]


def test_backspace_at_the_start_joins_with_the_line_above(editor):
    put_caret(editor, 2)
    press(editor, Qt.Key.Key_Backspace)
    assert rows(editor)[1] == ("HOST1", "Dark mode is here. {pause:short} It follows your system. Everywhere?")
    editor.undo_step()
    assert editor.text() == TEXT


def test_backspace_at_the_start_of_a_chapter_makes_it_a_line(editor):
    put_caret(editor, 3)
    press(editor, Qt.Key.Key_Backspace)
    assert rows(editor)[3] == ("HOST2", "Fixes")


def test_backspace_below_a_chapter_joins_nothing(editor):
    put_caret(editor, 1)
    press(editor, Qt.Key.Key_Backspace)
    assert editor.text() == TEXT
    assert editor.textCursor().blockNumber() == 0


def test_delete_at_the_end_joins_with_the_line_below(editor):
    put_caret(editor, 1, len("Dark mode is here. {pause:short} It follows your system."))
    press(editor, Qt.Key.Key_Delete)
    assert rows(editor)[1][1].endswith("system. Everywhere?")
    assert rows(editor)[1][0] == "HOST1"


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_X])
def test_removing_a_selection_over_rows_keeps_the_first_ones_speaker(editor, key):
    select(editor, (1, 0), (2, 5))
    press(editor, key)
    assert rows(editor)[1] == ("HOST1", ("x" if key == Qt.Key.Key_X else "") + "where?")
    editor.undo_step()
    while editor.document().isUndoAvailable():
        editor.undo_step()
    assert editor.text() == TEXT


def test_control_and_a_number_says_who_speaks(editor):
    put_caret(editor, 1)
    press(editor, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert rows(editor)[1][0] == "HOST2"
    editor.undo_step()
    assert editor.text() == TEXT


def test_the_speaker_of_every_selected_line_changes_in_one_step(editor):
    editor.selectAll()
    editor.set_speaker("NARRATOR")
    assert [name for name, _ in rows(editor)] == ["##", "NARRATOR", "NARRATOR", "##", "NARRATOR"]
    editor.undo_step()
    assert editor.text() == TEXT


def test_typing_a_speaker_or_a_chapter_makes_one(editor):
    put_caret(editor, 2, len("Everywhere?"))
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "[guest]: Hello.")
    press(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "## Thanks")
    assert rows(editor)[3:5] == [("GUEST", "Hello."), ("##", "Thanks")]
    assert "[GUEST]: Hello.\n\n## Thanks\n" in editor.text()
    assert "GUEST" in editor.speakers


def test_copying_rows_gives_the_script_format(editor, qtbot):
    select(editor, (1, len("Dark mode is here. {pause:short} ")), (3, 3))
    editor.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "")
    assert QGuiApplication.clipboard().text() == "[HOST1]: It follows your system.\n[HOST2]: Everywhere?\n\n## Fix\n"


def test_copying_words_gives_words(editor):
    select(editor, (1, 0), (1, 9))
    editor.copy()
    assert QGuiApplication.clipboard().text() == "Dark mode"


def paste(editor, text):
    mime = QMimeData()
    mime.setText(text)
    editor.insertFromMimeData(mime)


def test_pasted_script_text_makes_lines(editor):
    put_caret(editor, 2, len("Everywhere?"))
    paste(editor, "[HOST1]: Yes.\n[GUEST, measured]: Really.\n\n## More\n")
    assert rows(editor)[2:6] == [("HOST2", "Everywhere?"), ("HOST1", "Yes."), ("GUEST", "Really."), ("##", "More")]
    assert delivery_of(editor.document().findBlockByNumber(4)) is DeliveryPreset.MEASURED


def test_pasted_rows_in_the_middle_of_a_line_keep_what_comes_after(editor):
    put_caret(editor, 1, len("Dark mode is here."))
    paste(editor, "[HOST2]: So soon?\n[HOST1]: Yes.")
    assert [text for _, text in rows(editor)[1:5]] == [
        "Dark mode is here.", "So soon?", "Yes.", "{pause:short} It follows your system.",
    ]  # fmt: skip
    assert rows(editor)[4][0] == "HOST1"
    editor.undo_step()
    assert editor.text() == TEXT


def test_pasted_words_stay_words(editor):
    put_caret(editor, 2, len("Every"))
    paste(editor, " single ")
    assert rows(editor)[2] == ("HOST2", "Every single where?")


def test_no_character_breaks_a_row(editor):
    put_caret(editor, 2, len("Every"))
    paste(editor, " a\u2028b\u2029c\x0bd\x85e\tf ")
    assert rows(editor)[2] == ("HOST2", "Every a b c d e f where?")
    assert len(rows(editor)) == 5
    editor.load("[HOST1]: a\u2028b\u2029c\x0bd\x85e\n[HOST2]: f\n")
    assert rows(editor) == [("HOST1", "a b c d e"), ("HOST2", "f")]


def test_files_are_not_for_the_editor(editor):
    mime = QMimeData()
    mime.setUrls(["file:///tmp/CHANGELOG.md"])
    assert not editor.canInsertFromMimeData(mime)


def test_rows_move_up_and_down_with_the_caret(editor):
    put_caret(editor, 2, 3)
    press(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert rows(editor)[1][0] == "HOST2"
    assert (editor.textCursor().blockNumber(), editor.textCursor().positionInBlock()) == (1, 3)
    press(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert editor.text() == TEXT


def test_emoji_do_not_shift_what_is_edited(editor):
    put_caret(editor, 2)
    QTest.keyClicks(editor, "a")
    editor.textCursor().insertText("🎉🎉 ")
    put_caret(editor, 2, len("a") + 5)
    press(editor, Qt.Key.Key_Return)
    assert [text for _, text in rows(editor)[2:4]] == ["a🎉🎉 ", "Everywhere?"]
    put_caret(editor, 3)
    press(editor, Qt.Key.Key_Backspace)
    assert rows(editor)[2] == ("HOST2", "a🎉🎉 Everywhere?")


def test_control_return_wants_to_hear_the_line(editor, qtbot):
    put_caret(editor, 2)
    with qtbot.waitSignal(editor.hear_requested) as heard:
        press(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard.args == [1]
    assert editor.text() == TEXT


def test_moving_the_caret_tells_the_line_once(editor, qtbot):
    told = []
    editor.line_selected.connect(told.append)
    for row, column in ((1, 0), (1, 4), (2, 0), (3, 0), (4, 0)):
        put_caret(editor, row, column)
    assert told == [0, 1, 2]


def test_a_click_on_the_play_glyph_lets_the_line_be_heard(editor, qtbot):
    middle = play_rect(editor.row_rect(editor.document().findBlockByNumber(4))).center().toPoint()
    with qtbot.waitSignal(editor.hear_requested) as heard:
        qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert heard.args == [2]


def test_a_click_on_the_chip_offers_the_speakers(editor, qtbot):
    block = editor.document().findBlockByNumber(2)
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=editor.chip_rect(block).center().toPoint())
    menu = editor.findChild(QMenu)
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked[0] == "HOST2"
    next(action for action in menu.actions() if action.text() == "NARRATOR").trigger()
    assert rows(editor)[2][0] == "NARRATOR"
    menu.close()


def test_the_menu_of_the_speaker_opens_by_tab_and_sets_the_delivery(editor):
    put_caret(editor, 2)
    press(editor, Qt.Key.Key_Tab)
    menu = editor.findChild(QMenu)
    next(action for action in menu.actions() if action.text() == "Dynamic").trigger()
    menu.close()
    assert "[HOST2, dynamic]: Everywhere?" in editor.text()
    assert editor.text().count("\t") == 0


def test_a_mistaken_cue_says_line_column_and_cure(editor):
    put_caret(editor, 2, len("Everywhere?"))
    QTest.keyClicks(editor, " {puase:short}")
    ((block, mark),) = editor.problems()
    lies = editor.cursorRect().center()
    tip = editor.tool_tip_at(QPointF(lies.x() - 20, lies.y()))
    assert tip.startswith("Line 2, column 13: ")
    assert "pause" in tip
    assert (block.blockNumber(), mark.column) == (2, 13)
    editor.go_to_problem()
    assert editor.textCursor().selectedText() == "{puase:short}"


def test_a_row_says_its_state_in_words(editor):
    editor.set_facts([RowFacts(LineState.READY, 5100), RowFacts(LineState.FAILED, None, "No key.")])
    rect = editor.row_rect(editor.document().findBlockByNumber(2))
    assert editor.tool_tip_at(state_rect(rect).center()) == "Failed: No key."
    put_caret(editor, 2)
    put_caret(editor, 1)
    assert editor.accessibleDescription() == "Line 1, HOST1, Ready, 5.1 s"


class Paints(QObject):
    """Records the areas that are painted."""

    def __init__(self):
        super().__init__()
        self.areas = []

    def eventFilter(self, _watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.areas.append(event.region().boundingRect())
        return False


def test_a_changed_state_repaints_only_its_row(editor, qtbot):
    editor.clearFocus()
    QGuiApplication.processEvents()
    paints = Paints()
    editor.viewport().installEventFilter(paints)
    editor.update_facts({1: RowFacts(LineState.READY, 900)})
    qtbot.waitUntil(lambda: bool(paints.areas))
    row = editor.row_rect(editor.document().findBlockByNumber(2)).toAlignedRect()
    assert all(row.contains(area) for area in paints.areas)


def test_the_text_undoes_itself_before_the_library_is_asked(editor, qtbot):
    put_caret(editor, 2, 5)
    QTest.keyClicks(editor, "xy")
    with qtbot.assertNotEmitted(editor.undo_requested):
        press(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.text() == TEXT
    with qtbot.waitSignal(editor.undo_requested):
        press(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_cue_is_put_around_the_selected_words(editor):
    select(editor, (1, 0), (1, 4))
    editor.insert_cue("{emph:", "}")
    assert rows(editor)[1][1].startswith("{emph:Dark} mode")
    put_caret(editor, 2)
    editor.insert_cue("{slow:", "}")
    assert editor.textCursor().positionInBlock() == len("{slow:")


def test_an_empty_script_can_be_typed_into(qtbot):
    editor = ScriptEditor()
    qtbot.addWidget(editor)
    editor.load("")
    QTest.keyClicks(editor, "Hello.")
    assert editor.text() == "[NARRATOR]: Hello.\n"


def test_a_state_that_is_painted_alone_looks_as_when_all_is_painted(editor):
    editor.set_facts([RowFacts(LineState.RENDERING), RowFacts(LineState.READY, 5100), RowFacts(LineState.STALE)])
    editor._turning.stop()
    whole = editor.viewport().grab().toImage()
    for block in editor.blocks():
        box = state_rect(editor.row_rect(block)).toAlignedRect()
        if box.bottom() < editor.viewport().height():
            assert editor.viewport().grab(box).toImage() == whole.copy(box)
