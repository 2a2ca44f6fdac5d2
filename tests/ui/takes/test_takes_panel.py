from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from declaim.errors import VoiceError
from declaim.model.library import RecordingState
from declaim.ui.takes.take_files import file_name
from declaim.ui.takes.takes_model import DETAILS, LENGTH, STAR, TAKE
from declaim.ui.takes.takes_table import TakesPanel


@pytest.fixture
def takes(studio, script_id):
    """Two takes, the newest first."""
    made = []
    for _ in range(2):
        studio.rendering.render(script_id, done=made.append)
    return made[::-1]


@pytest.fixture
def panel(qtbot, studio, script_id, takes):
    made = TakesPanel(studio)
    qtbot.addWidget(made)
    made.resize(420, 160)
    made.show_script(script_id)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.table.setFocus()
    return made


def words(panel, row, column):
    return panel.model.index(row, column).data()


def test_the_model_is_sound(panel, qtmodeltester):
    qtmodeltester.check(panel.model)


def test_takes_say_who_speaks_how_and_how_long(panel):
    assert [words(panel, row, TAKE) for row in (0, 1)] == ["Take 2", "Take 1"]
    assert words(panel, 0, DETAILS).endswith(" · dynamic")
    assert ":" in words(panel, 0, LENGTH)


@pytest.mark.parametrize(("cost_usd", "words_of_it"), [(0.021, "$0.02"), (0.0004, "less than $0.01")])
def test_a_take_says_what_was_paid_for_it(qtbot, panel, studio, cost_usd, words_of_it):
    take = panel.model.take(panel.model.index(0, 0))
    with studio.library.transaction("Cost", undoable=False):
        studio.library.recordings.finish(take.id, path=take.path, duration_ms=take.duration_ms, cost_usd=cost_usd)
    qtbot.waitUntil(lambda: words(panel, 0, DETAILS).endswith(f" · dynamic · {words_of_it}"))


def test_a_script_without_takes_says_how_they_come(qtbot, studio, script_id):
    panel = TakesPanel(studio)
    qtbot.addWidget(panel)
    panel.show_script(script_id)
    panel.show()
    assert not panel.table.isVisible()


def test_showing_a_script_announces_nothing_and_keys_do(panel, takes, script_id, qtbot):
    with qtbot.assertNotEmitted(panel.take_selected):
        panel.show_script(script_id)
    with qtbot.waitSignal(panel.take_selected) as told:
        QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert told.args == [takes[1]]
    with qtbot.waitSignal(panel.play_requested) as told:
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert told.args == [takes[1]]


def test_the_star_is_set_by_key_and_by_click(panel, studio, takes, qtbot):
    QTest.keyClick(panel.table, Qt.Key.Key_S)
    assert studio.recordings.get(takes[0]).starred
    star = panel.table.visualRect(panel.model.index(0, STAR)).center()
    with qtbot.assertNotEmitted(panel.take_selected):
        qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=star)
    assert not studio.recordings.get(takes[0]).starred


def test_a_take_is_renamed_in_its_row(panel, studio, takes, qtbot):
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("  The good   one ")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: studio.recordings.get(takes[0]).label == "The good one")
    assert words(panel, 0, TAKE) == "The good one"


def test_a_note_is_kept_while_it_is_typed(panel, studio, takes, qtbot):
    panel.note.setFocus()
    QTest.keyClicks(panel.note, "Slower")
    qtbot.waitUntil(lambda: studio.recordings.get(takes[0]).note == "Slower", timeout=1500)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.note.text() == ""
    QTest.keyClicks(panel.note, "Fast")
    QTest.keyClick(panel.table, Qt.Key.Key_Up)
    assert panel.note.text() == "Slower"
    assert studio.recordings.get(takes[1]).note == "Fast"


def test_a_take_is_deleted_and_comes_back_with_undo(panel, studio, takes, qtbot):
    with qtbot.waitSignal(panel.trashed) as told:
        QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    assert told.args == ["Deleted Take 2."]
    assert panel.model.rowCount() == 1
    studio.undo()
    assert panel.model.rowCount() == 2


def test_a_take_is_dragged_out_as_a_file_with_its_own_name(panel, studio, takes):
    mime = panel.model.mimeData([panel.model.index(0, TAKE), panel.model.index(0, STAR)])
    (url,) = mime.urls()
    assert url.fileName() == "MyApp 2.0.0 - Take 2.mp3"
    assert Path(url.toLocalFile()).read_bytes() == studio.recordings.audio_path(takes[0]).read_bytes()
    assert panel.model.flags(panel.model.index(0, TAKE)) & Qt.ItemFlag.ItemIsDragEnabled


def test_a_take_is_saved_where_and_as_one_likes(panel, tmp_path, qtbot):
    with qtbot.waitSignal(panel.saved) as told:
        panel.save_current(tmp_path / "out.wav")
    assert told.args == [tmp_path / "out.wav"]
    assert (tmp_path / "out.wav").read_bytes()[:4] == b"RIFF"
    with qtbot.waitSignal(panel.refused):
        panel.save_current(tmp_path / "out.xyz")


def test_a_render_that_fails_stays_as_a_take_that_says_why(qtbot, studio, script_id, engine):
    engine.enqueue(VoiceError("The voice lost its tongue.", cure="Try again."))
    studio.rendering.render(script_id, failed=lambda _error: None)
    panel = TakesPanel(studio)
    qtbot.addWidget(panel)
    panel.show_script(script_id)
    assert panel.current_take.state is RecordingState.FAILED
    assert words(panel, 0, DETAILS) == "Failed"
    assert "tongue" in panel.model.index(0, TAKE).data(Qt.ItemDataRole.ToolTipRole)


def test_names_of_files_are_taken_everywhere():
    assert file_name('a/b: "c" <d>?') == "a b c d"
    assert file_name(" ..hidden. ") == "hidden"
    assert file_name("///") == "Take"
    assert len(file_name("x" * 500)) == 120


def test_the_delivery_sheet_shows_each_measure_and_its_result(panel, qtbot):
    from declaim.ui.takes.delivery_sheet import DeliverySheetDialog

    panel.measure_current()
    dialog = panel.window().findChild(DeliverySheetDialog, "deliverySheetDialog")
    qtbot.addWidget(dialog)
    cells = [[dialog.table.item(row, column).text() for column in range(4)] for row in range(dialog.table.rowCount())]
    assert any(what == "Loudness" and figure.endswith("LUFS") and "−17 to −15" in limit for what, figure, limit, _ in cells)
    assert {result for *_, result in cells} <= {"✓ pass", "✗ fail", "–"}
    dialog.findChild(QPushButton, "copySheetButton").click()
    assert "True peak" in QApplication.clipboard().text()
    dialog.accept()


def test_a_take_without_audio_has_no_delivery_sheet(panel, studio, takes):
    studio.recordings.audio_path(takes[0]).unlink()
    refused = []
    panel.refused.connect(refused.append)
    panel.measure_current()
    assert "Render it again." in refused[0].cure
