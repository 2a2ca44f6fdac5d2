from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from declaim.audio.tape import Tape
from declaim.errors import VoiceKeyMissing
from declaim.model.script import Tone
from declaim.ui.appearance import apply_theme
from declaim.ui.main_window import MainWindow
from declaim.ui.theme import DARK, LIGHT, ThemeChoice, current_theme
from declaim.ui.widgets.section import FoldedSection
from declaim.ui.window_state import WindowState

CHANGELOG = "# Changelog\n\n## [1.0.0] - 2026-01-15\n\n### Added\n\n- Dark mode.\n"


@pytest.fixture
def window(qtbot, studio, script_id):
    made = MainWindow(studio)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.close()


@pytest.fixture
def opened(window, script_id):
    window.open_script(script_id)
    return window


def button(window, name):
    return window.findChild(QAbstractButton, name)


def test_the_window_says_what_to_do_while_nothing_is_open(window):
    assert window.windowTitle() == "Declaim"
    assert window.welcome.isVisible()


def test_an_empty_library_offers_the_sample_and_no_button_has_the_focus(qtbot, studio):
    window = MainWindow(studio)
    qtbot.addWidget(window)
    window.show()
    assert window.focusWidget() is window.welcome
    button(window, "sampleButton").click()
    assert window.windowTitle() == "Papertrail 2.0.0 – Declaim"
    assert window.focusWidget() is window.script.editor
    first = window.script.script_id
    window.commands.begin("sample")
    assert window.script.script_id == first
    assert len(studio.projects.all()) == 1
    window.close()


def test_choosing_a_script_opens_it_everywhere(qtbot, window, script_id):
    window.library.tree.setFocus()
    window.library.tree.choose(("script", script_id))
    assert window.windowTitle() == "MyApp 2.0.0 – Declaim"
    assert window.script.isVisible()
    assert window.script.script_id == script_id
    assert window.inspector.cast.isVisible()
    assert window.header._path.text() == "MyApp"


def test_the_parts_have_the_names_that_tests_and_assistive_tools_use(opened):
    opened.show_queue()
    names = (
        "libraryTree", "searchBox", "scriptEditor", "castTable", "voicePicker", "deliveryPicker", "lexiconTable",
        "renderButton", "renderSummary", "takesTable", "waveformView", "playButton", "queueTable", "notice",
    )  # fmt: skip
    assert [name for name in names if opened.findChild(QWidget, name) is None] == []
    opened.commands._queue.close()


def test_every_button_of_the_window_has_an_accessible_name(opened):
    buttons = opened.findChildren(QAbstractButton)
    shown = [each for each in buttons if each.isVisible() and each.objectName()]
    nameless = [each for each in shown if not each.accessibleName() and not each.text()]
    assert [each.objectName() for each in nameless if not each.objectName().startswith(("qt_", "Scroll"))] == []


def test_ctrl_r_renders_and_the_take_is_ready_to_play(qtbot, opened, studio, script_id):
    qtbot.waitUntil(opened.inspector.footer.button.isEnabled)
    opened.library.tree.setFocus()
    qtbot.keyClick(opened, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened.player.take_id is not None)
    takes = studio.recordings.of_script(script_id)
    assert [take.id for take in takes] == [opened.player.take_id]


def test_ctrl_n_makes_a_script_and_opens_it(qtbot, window, studio, script_id):
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.script.script_id not in (None, script_id)
    assert window.windowTitle() == "Untitled script – Declaim"


def test_deleting_says_so_and_its_undo_button_brings_it_back(qtbot, opened, studio, script_id):
    qtbot.keyClick(opened.library.tree, Qt.Key.Key_Delete)
    assert opened.notice.text == "Deleted “MyApp 2.0.0”."
    assert opened.windowTitle() == "Declaim"
    assert opened.welcome.isVisible()
    button(opened, "noticeAction").click()
    assert studio.scripts.row(script_id).title == "MyApp 2.0.0"
    assert opened.library.row(("script", script_id)) is not None


def test_ctrl_z_outside_text_undoes_across_the_library(qtbot, opened, studio, script_id):
    studio.scripts.rename(script_id, "Other")
    opened.library.tree.setFocus()
    qtbot.keyClick(opened.library.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert studio.scripts.row(script_id).title == "MyApp 2.0.0"
    assert opened.notice.text == "Undone: rename script."
    assert opened._actions["redo"].text() == "Redo rename script"


def test_a_refusal_is_shown_with_its_cure_and_stays(window):
    window.orders.refuse(VoiceKeyMissing("Gemini needs a key.", cure="Add one in Settings › Voices."))
    assert window.notice.isVisible()
    assert window.notice.text == "Gemini needs a key. Add one in Settings › Voices."


def test_ctrl_shift_f_searches_the_library(qtbot, window):
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(window.library.search_box.hasFocus)


def test_f1_shows_the_shortcuts(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(QWidget, "shortcutsDialog")
    assert sheet.isVisible()
    sheet.reject()


def test_space_presses_a_button_that_has_the_focus_and_does_not_play(qtbot, opened, monkeypatch):
    heard = []
    opened.header.export_requested.connect(lambda: heard.append("export"))
    opened.header.export_button.setFocus()
    qtbot.waitUntil(opened.header.export_button.hasFocus)
    qtbot.keyClick(opened.header.export_button, Qt.Key.Key_Space)
    assert heard == ["export"]
    assert not opened.player.is_playing
    opened.findChild(QWidget, "exportDialog").reject()


def test_a_file_dropped_anywhere_opens_the_import_sheet(qtbot, window, tmp_path):
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "CHANGELOG.md"))])
    action, key, mouse = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(600, 300), action, data, mouse, key)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(600, 300), action, data, mouse, key))
    qtbot.waitUntil(lambda: window.findChild(QWidget, "importDialog") is not None)
    sheet = window.findChild(QWidget, "importDialog")
    button(sheet, "importConfirmButton").click()
    qtbot.waitUntil(lambda: "Changelog" in window.windowTitle() or "1.0.0" in window.windowTitle())
    assert window.notice.text == "Imported."


def test_pasted_text_becomes_a_script(qtbot, window, qapp):
    qapp.clipboard().setText(CHANGELOG)
    before = window.script.script_id
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.script.script_id not in (None, before)


def test_an_empty_clipboard_is_refused_with_words(qtbot, window, qapp):
    qapp.clipboard().clear()
    window.commands.import_clipboard()
    assert "clipboard" in window.notice.text


def test_the_theme_changes_while_the_window_is_open(qtbot, qapp, opened):
    state = WindowState()
    state.theme = ThemeChoice.DARK
    state.flush()
    opened._on_theme()
    assert current_theme() in (DARK, LIGHT)
    apply_theme(qapp, DARK)
    assert opened.grab().toImage().pixelColor(2, 790) == DARK.panel
    apply_theme(qapp, LIGHT)
    assert opened.grab().toImage().pixelColor(2, 790) == LIGHT.panel


def test_the_columns_and_the_script_that_was_open_are_remembered(qtbot, opened, studio, script_id):
    opened.resize(900, 560)
    opened.frame.columns.setSizes([256, 370, 272])
    before = opened.frame.columns.sizes()
    opened.close()
    again = MainWindow(studio)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.script.script_id == script_id)
    assert again.frame.columns.sizes() == before
    again.close()


def test_the_window_fits_a_small_screen_and_a_large_one(qtbot, opened):
    for width, height in ((1280, 800), (2560, 1440), (900, 560)):
        opened.resize(width, height)
        QApplication.processEvents()
        sizes = opened.frame.columns.sizes()
        assert (opened.width(), opened.height()) == (width, height)
        assert sizes[1] >= 360
        assert opened.inspector.footer.button.isVisible()


def test_hearing_a_line_plays_it(qtbot, opened, engine, monkeypatch):
    played = []
    opened.commands.clip_ready.connect(played.append)
    opened._hear_line(0)
    qtbot.waitUntil(lambda: len(played) == 1)
    assert engine.spoken == ["Dark mode is here."]


def test_a_document_offers_to_write_its_script(qtbot, window, studio):
    studio.importing.import_text(CHANGELOG, studio.projects.find_or_create("MyApp"))
    document = next(row for row in studio.tree() if row.kind == "document")
    window.library.choose(("document", document.id))
    assert window.document.isVisible()
    scripts = {row.id for row in studio.tree() if row.kind == "script"}
    with qtbot.waitSignal(window.commands.script_made):
        next(each for each in window.document.findChildren(QAbstractButton)).click()
    assert window.script.script_id not in scripts


def test_the_job_line_sums_up_what_runs(window):
    from declaim.jobs import JobState, JobStatus
    from declaim.model.ids import JobId
    from declaim.model.work import ProgressReport

    running = JobStatus(JobId(1), "Render", JobState.RUNNING, ProgressReport(62, 100, "", 4.2))
    waiting = JobStatus(JobId(2), "Render", JobState.QUEUED)
    over = JobStatus(JobId(3), "Render", JobState.DONE, ProgressReport(1, 1))
    window.header.show_jobs([running, over])
    assert window.header.jobs.text() == "1 job · 62 % · 4 s left"
    window.header.show_jobs([running, waiting])
    assert window.header.jobs.text() == "2 jobs · 31 % · 4 s left"
    paused = JobStatus(JobId(4), "Render", JobState.PAUSED, ProgressReport(62, 100, "", 4.2))
    window.header.show_jobs([paused])
    assert window.header.jobs.text() == "1 job · paused at 62 %"
    window.header.show_jobs([over])
    assert not window.header.jobs.isVisible()


def test_a_document_that_is_chosen_takes_the_script_away(opened, studio):
    studio.importing.import_text(CHANGELOG, studio.projects.find_or_create("MyApp"))
    document = next(row for row in studio.tree() if row.kind == "document")
    opened.library.choose(("document", document.id))
    assert opened.script.script_id is None
    assert not opened.inspector.footer.isVisible()


def test_a_document_says_what_it_is_taken_for_and_can_be_overruled(qtbot, window, studio):
    studio.importing.import_text(CHANGELOG, studio.projects.find_or_create("MyApp"))
    document = next(row for row in studio.tree() if row.kind == "document")
    window.library.choose(("document", document.id))
    assert window.document.kind.value == "changelog"
    window.document.kind.setFocus()
    qtbot.keyClick(window.document.kind, Qt.Key.Key_Right)
    assert studio.documents.row(document.id).source_type == "document"
    studio.undo()
    assert window.document.kind.value == "changelog"


def test_writing_again_asks_only_where_there_is_an_edit_to_lose(qtbot, window, studio):
    studio.importing.import_text(CHANGELOG, studio.projects.find_or_create("MyApp"))
    script = next(row for row in studio.tree() if row.kind == "script" and row.title != "MyApp 2.0.0")
    window.open_script(script.id)
    window._actions["write_again"].trigger()
    assert window.findChild(object, "mergeSheet") is None
    studio.scripts.save_text(script.id, studio.scripts.row(script.id).text + "\n[NARRATOR]: Mine.\n")
    settings = studio.scripts.settings(script.id)
    studio.scripts.set_script_settings(script.id, dataclasses.replace(settings.script, tone=Tone.TECHNICAL))
    window._actions["write_again"].trigger()
    sheet = window.findChild(object, "mergeSheet")
    sheet.findChild(object, "mergeApplyButton").click()
    assert "Mine." in studio.scripts.row(script.id).text
    assert window.notice.isVisible()


def test_the_versions_open_by_their_keys(opened):
    opened._actions["versions"].trigger()
    assert opened.findChild(object, "versionsSheet").isVisible()


def test_tab_goes_from_the_library_over_the_script_and_the_cast_to_the_takes(opened):
    wanted = ("libraryTree", "scriptTitle", "versionsButton", "scriptEditor", "voicePicker", "deliveryPicker", "takesTable")
    opened.library.search_box.setFocus()
    passed = []
    while not passed or opened.focusWidget() is not opened.library.search_box:
        passed.append(opened.focusWidget().objectName())
        opened.focusNextChild()
    assert [name for name in dict.fromkeys(passed) if name in wanted] == list(wanted)


def test_what_was_left_unfolded_is_unfolded_at_the_next_start(qtbot, studio, script_id):
    def opened_again():
        window = MainWindow(studio)
        qtbot.addWidget(window)
        window.show()
        window.open_script(script_id)
        return window, window.findChild(FoldedSection, "SoundSection")

    first, sound = opened_again()
    qtbot.waitUntil(lambda: first.frame.knows_folds)
    assert not sound.is_open
    sound.set_open(True)
    first.close()
    second, sound = opened_again()
    qtbot.waitUntil(lambda: sound.is_open)
    second.close()


def test_what_an_earlier_declaim_was_recording_when_it_was_killed_is_kept_told_and_shown(window, studio, script_id):
    window.commands.restore_recordings()
    assert not window.notice.isVisible()
    tape = Tape(studio.microphone.new_path(script_id), 8_000)
    tape.add(np.full(8_000, 0.25, np.float32))
    tape.close()
    window.commands.restore_recordings()
    assert "Declaim ended while you recorded" in window.notice.text
    assert f"Take 1 of “{studio.scripts.row(script_id).title}”" in window.notice.text
    button(window, "noticeAction").click()
    assert window.script.script_id == script_id
    (take,) = studio.recordings.of_script(script_id)
    assert (take.source, window.player.take_id) == ("microphone", take.id)


def test_what_is_left_of_a_recording_and_is_no_audio_is_told_once(window, studio, script_id):
    path = studio.microphone.new_path(script_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no sound")
    window.commands.restore_recordings()
    assert f"It was put aside as '{path}.no-audio'." in window.notice.text
    assert not list(path.parent.glob("*.wav"))
