from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from shiboken6 import isValid

from declaim.errors import LibraryReadOnly
from declaim.model.library import LineState
from declaim.model.source import SourceType
from declaim.scripts import parse_script
from declaim.ui.script.script_page import SCRIPT, SOURCE, SPOKEN, ScriptPage

CHANGELOG = """# Changelog

## [2.0.0] - 2026-01-15

### Added

- Dark mode on every screen.
- Real-time collaboration.

### Fixed

- The login no longer times out.
"""


@pytest.fixture
def page(qtbot, studio, script_id):
    made = ScriptPage(studio)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.open_script(script_id)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.editor.setFocus()
    yield made
    made.close()


@pytest.fixture
def written(studio, script_id):
    """A script that was written from a changelog."""
    project_id = studio.scripts.row(script_id).project_id
    with studio.library.transaction("Add"):
        document_id = studio.library.documents.add(
            project_id,
            None,
            title="Changelog",
            source_type=SourceType.CHANGELOG,
            markdown=CHANGELOG,
            origin="/home/me/CHANGELOG.md",
        )
    made = []
    studio.scripts.write(document_id, done=made.append)
    return made[0]


def saved(studio, script_id):
    return studio.scripts.row(script_id).text


def type_at_end(page, line, words):
    page.editor.go_to_line(line)
    QTest.keyClicks(page.editor, words)


def test_a_script_is_shown_with_its_title_and_what_is_known_of_it(page):
    assert page.header.title.text() == "MyApp 2.0.0"
    assert page.header.meta.text() == "2 hosts · 6 words · about 0:03"
    assert page.editor.isVisible()


def test_what_is_typed_is_saved_within_a_second(page, studio, script_id, qtbot):
    type_at_end(page, 0, " Really.")
    qtbot.waitUntil(lambda: "here. Really." in saved(studio, script_id), timeout=1000)
    assert [line.text for line in studio.scripts.lines(script_id)] == ["Dark mode is here. Really.", "And collaboration."]


def test_typing_without_a_pause_is_saved_meanwhile(page, studio, script_id, qtbot):
    page.editor.go_to_line(0)
    before = saved(studio, script_id)
    typed = 0

    def is_saved():
        nonlocal typed
        QTest.keyClicks(page.editor, "a")
        typed += 1
        return saved(studio, script_id) != before

    qtbot.waitUntil(is_saved, timeout=1000)
    assert typed > 3


def test_leaving_the_text_or_the_page_saves_at_once(page, studio, script_id):
    type_at_end(page, 0, " One.")
    page.header.title.setFocus()
    assert "One." in saved(studio, script_id)
    type_at_end(page, 0, " Two.")
    page.hide()
    assert "One. Two." in saved(studio, script_id)


def test_another_script_is_opened_only_after_the_first_is_saved(page, studio, script_id):
    from tests.support.studios import add_script

    other = add_script(studio)[1]
    type_at_end(page, 1, " Yes.")
    page.open_script(other)
    assert "collaboration. Yes." in saved(studio, script_id)
    assert "Welcome" in page.editor.text()
    page.close_script()
    assert page.script_id is None


def test_a_mistake_is_kept_told_and_found(page, studio, script_id):
    type_at_end(page, 1, " {puase:short}")
    page.save()
    assert "{puase:short}" in saved(studio, script_id)
    assert "{puase:short} is not a cue" in page.header._problem.text()
    page.header._problem.click()
    assert page.editor.textCursor().selectedText() == "{puase:short}"


def test_the_title_belongs_to_the_text_and_the_library(page, studio, script_id):
    page.header.title.setFocus()
    page.header.title.selectAll()
    QTest.keyClicks(page.header.title, "Dark mode")
    page.save()
    assert studio.scripts.row(script_id).title == "Dark mode"
    assert saved(studio, script_id).startswith("# Dark mode\n")


def test_a_rename_in_the_library_keeps_the_caret_and_the_undo(page, studio, script_id):
    type_at_end(page, 1, " Yes.")
    page.save()
    place = page.editor.textCursor().position()
    studio.scripts.rename(script_id, "Another")
    assert page.header.title.text() == "Another"
    assert page.editor.textCursor().position() == place
    assert page.editor.document().isUndoAvailable()
    type_at_end(page, 1, " No.")
    page.save()
    assert saved(studio, script_id).startswith("# Another\n")


def test_a_text_from_elsewhere_is_taken_over(page, studio, script_id, qtbot):
    page.editor.go_to_line(1)
    studio.scripts.save_text(script_id, "# MyApp 2.0.0\n\n[HOST1]: New.\n[HOST2]: Lines.\n[HOST1]: Here.\n")
    assert [line.text for line in parse_script(page.editor.text()).lines] == ["New.", "Lines.", "Here."]


def test_undo_goes_back_in_the_text_and_then_in_the_library(page, studio, script_id):
    studio.projects.rename(studio.scripts.row(script_id).project_id, "Renamed")
    before = saved(studio, script_id)
    for words in (" One.", " Two."):
        type_at_end(page, 1, words)
        page.save()
    page.editor.go_to_line(0)
    for _ in range(20):
        if not page.editor.document().isUndoAvailable():
            break
        QTest.keyClick(page.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    page.save()
    assert saved(studio, script_id) == page.editor.text()
    QTest.keyClick(page.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert parse_script(page.editor.text()) == parse_script(before)
    project = studio.library.projects.get(studio.scripts.row(script_id).project_id)
    assert project.name == "MyApp"


def test_undone_words_never_come_back(page, studio, script_id):
    type_at_end(page, 1, " One.")
    page.save()
    for _ in range(6):
        QTest.keyClick(page.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        page.save()
        assert "One." not in page.editor.text()


def test_an_edit_is_undone_in_the_library_after_the_script_was_left(page, studio, script_id):
    type_at_end(page, 1, " One.")
    page.close_script()
    studio.undo()
    assert "One." not in saved(studio, script_id)


def test_states_come_as_lines_are_rendered(page, studio, script_id, qtbot):
    assert page.editor.fact(0).state is LineState.NOT_RENDERED
    studio.rendering.render(script_id)
    assert page.editor.fact(0).state is LineState.READY
    qtbot.waitUntil(lambda: (page.editor.fact(0).duration_ms or 0) > 0)
    assert "about" not in page.header.meta.text()


def test_hearing_a_line_saves_it_first(page, studio, script_id, qtbot):
    type_at_end(page, 1, " Loud.")
    with qtbot.waitSignal(page.hear_requested) as heard:
        QTest.keyClick(page.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard.args == [1]
    assert "Loud." in saved(studio, script_id)


def test_a_full_disk_is_told_and_the_text_is_kept_until_it_can_be_saved(page, studio, script_id, qtbot, monkeypatch):
    def refuse(*_, **__):
        raise LibraryReadOnly("The disk is full.", cure="Free some space.")

    with monkeypatch.context() as broken:
        broken.setattr(studio.library, "transaction", refuse)
        type_at_end(page, 1, " Kept.")
        with qtbot.waitSignal(page.refused) as refused:
            page.save()
        assert refused.args[0].cure == "Free some space."
        assert not page.keeper.is_saved
    page.save()
    assert "Kept." in saved(studio, script_id)


def test_the_spoken_form_is_shown_row_by_row(page, studio, script_id):
    page.editor.go_to_line(0)
    QTest.keyClicks(page.editor, " Version 2.0.")
    page.tabs.setCurrentIndex(SPOKEN)
    rows = [block.text() for block in page.spoken_view.blocks()]
    assert rows[0] == "What's new"
    assert "two" in rows[1].lower()
    assert page.spoken_view.isReadOnly()


def test_source_and_script_show_each_other(page, studio, written):
    page.open_script(written)
    assert "From CHANGELOG.md" in page.header.meta.text()
    assert "2.0.0" in page.header.meta.text()
    lines = studio.scripts.lines(written)
    index, lies = next((line.index, line.source_lines) for line in lines if line.source_lines and line.source_lines[0] == 7)
    page.editor.go_to_line(index)
    page.tabs.setCurrentIndex(SOURCE)
    assert page.source_tab.view.toPlainText() == CHANGELOG
    assert page.source_tab.view.marked == lies
    block = page.source_tab.view.document().findBlockByNumber(11)
    page.source_tab.view.setTextCursor(QTextCursor(block))
    made = {line.index for line in lines if line.source_lines and line.source_lines[0] <= 12 <= line.source_lines[1]}
    assert made
    assert page.editor.marked_lines == made
    QTest.keyClick(page.source_tab.view, Qt.Key.Key_Return)
    assert page.tabs.currentIndex() == SCRIPT
    assert page.editor.current_line == min(made)
    assert page.editor.marked_lines == made


def test_a_script_by_hand_has_no_source(page):
    page.tabs.setCurrentIndex(SOURCE)
    assert not page.source_tab.view.isVisible()
    page.tabs.setCurrentIndex(SCRIPT)


def test_the_find_bar_goes_from_match_to_match_and_closes(page, qtbot):
    page.open_find()
    QTest.keyClicks(page.find_bar.field, "DA")
    QTest.keyClick(page.find_bar.field, Qt.Key.Key_Return)
    assert page.editor.textCursor().selectedText() == "Da"
    QTest.keyClick(page.find_bar.field, Qt.Key.Key_Escape)
    assert not page.find_bar.isVisible()
    assert page.editor.hasFocus()
    assert page.editor.extraSelections() == []


def test_finding_around_the_end_and_counting(page):
    page.open_find()
    page.find_bar.field.setText("o")
    page.find_bar.go(1)
    first = page.editor.textCursor().selectionStart()
    page.find_bar.go(-1)
    assert page.editor.textCursor().selectionStart() > first
    page.find_bar.go(1)
    assert page.editor.textCursor().selectionStart() == first
    page.find_bar.field.setText("zebra")
    page.find_bar.go(1)
    assert page.find_bar._count.text() == "Not found"


def test_leaving_a_script_keeps_what_was_made_of_it_as_a_version(page, studio, script_id):
    page.close_script()
    assert len(studio.scripts.versions(script_id)) == 1
    page.open_script(script_id)
    type_at_end(page, 1, " Later.")
    page.close_script()
    assert "Later." in studio.scripts.versions(script_id)[0].text


def test_the_page_lets_the_studio_go_when_it_ends(qtbot, studio, script_id):
    page = ScriptPage(studio)
    page.open_script(script_id)
    page.deleteLater()
    qtbot.waitUntil(lambda: not isValid(page))
    studio.scripts.rename(script_id, "Still fine")


def test_what_is_left_out_stands_under_the_source_with_its_reason(page, studio, written):
    document = studio.scripts.document(written)
    text = CHANGELOG + "\n<!-- for us -->\n"
    with studio.library.transaction("Read again"):
        studio.library.documents.set_source(document.id, document.source_type, text)
    studio.scripts.write(document.id, done=page.open_script)
    page.tabs.setCurrentIndex(SOURCE)
    assert page.source_tab.left_out.isVisible()
    index = page.source_tab.left_out.list.model().index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Line 14: <!-- for us -->. HTML comment"
    page.source_tab.left_out.list.setCurrentIndex(index)
    assert page.source_tab.view.marked == (14, 14)


def test_a_document_that_is_read_again_is_shown_at_once(page, studio, written):
    page.open_script(written)
    page.tabs.setCurrentIndex(SOURCE)
    document = studio.scripts.document(written)
    with studio.library.transaction("Read again"):
        studio.library.documents.set_source(document.id, document.source_type, CHANGELOG + "\nMore.\n")
    assert page.source_tab.view.toPlainText().endswith("More.\n")
