from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from declaim.ui.library.library_panel import LibraryPanel
from declaim.ui.library.library_rows import Filter, outermost
from declaim.ui.library.search_results import SearchModel


@pytest.fixture
def panel(qtbot, studio, orders, refusals, script_id):
    made = LibraryPanel(studio, orders)
    qtbot.addWidget(made)
    made.resize(260, 600)
    stop = studio.subscribe(made.on_changes)
    made.refresh()
    made.show()
    yield made
    stop()


@pytest.fixture
def project(studio):
    return studio.projects.find_or_create("MyApp")


def titles(panel):
    model = panel.model
    return [model.index(at, 0, model.index(0, 0)).data() for at in range(model.rowCount(model.index(0, 0)))]


def test_an_empty_library_says_so_and_leaves_the_button_to_the_page_in_the_middle(qtbot, studio, orders):
    panel = LibraryPanel(studio, orders)
    qtbot.addWidget(panel)
    panel.refresh()
    panel.show()
    assert not panel.tree.isVisible()
    assert panel._empty.isVisible()
    assert not panel._empty.findChildren(QPushButton)


def test_the_project_is_open_and_shows_its_script(panel):
    assert titles(panel) == ["MyApp 2.0.0"]
    assert panel.tree.isExpanded(panel.model.index(0, 0))


def test_going_to_a_row_says_so(qtbot, panel, script_id):
    panel.tree.setFocus()
    panel.tree.choose(("project", 1))
    with qtbot.waitSignal(panel.row_chosen) as fact:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    assert fact.args == [("script", script_id)]


def test_f2_renames_in_place_and_the_library_follows(qtbot, panel, studio, script_id):
    panel.tree.choose(("script", script_id))
    panel.tree.setFocus()
    qtbot.keyClick(panel.tree, Qt.Key.Key_F2)
    editor = panel.tree.findChild(QLineEdit)
    assert editor.selectedText() == "MyApp 2.0.0"
    qtbot.keyClicks(editor, "Better")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles(panel) == ["Better"])
    assert studio.scripts.row(script_id).title == "Better"


def test_delete_asks_nothing_and_undo_brings_it_back(qtbot, panel, studio, script_id):
    panel.tree.choose(("script", script_id))
    with qtbot.waitSignal(panel.trashed) as fact:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert fact.args == ["Deleted “MyApp 2.0.0”."]
    assert titles(panel) == []
    studio.undo()
    assert titles(panel) == ["MyApp 2.0.0"]


def test_deleting_a_folder_with_what_is_in_it_is_one_deletion(panel, studio, project, script_id):
    folder = studio.projects.create_folder(project, "Releases")
    studio.projects.move("script", script_id, project, folder)
    assert outermost((("folder", folder), ("script", script_id)), panel._by_key) == (("folder", folder),)


def test_a_dragged_script_moves_into_the_folder(panel, studio, project, script_id):
    folder = studio.projects.create_folder(project, "Releases")
    data = panel.model.mimeData([panel.model.index_of(("script", script_id))])
    panel.model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, panel.model.index_of(("folder", folder)))
    assert studio.scripts.row(script_id).folder_id == folder
    assert panel.path_of(("script", script_id)) == ("MyApp", "Releases")


def drop(panel, data, key):
    """As the system sends a drop onto a row."""
    view = panel.tree.viewport()
    at = panel.tree.visualRect(panel.model.index_of(key)).center()
    action, mouse, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QDragEnterEvent(at, action, data, mouse, held))
    QApplication.sendEvent(view, QDragMoveEvent(at, action, data, mouse, held))
    QApplication.sendEvent(view, QDropEvent(at.toPointF(), action, data, mouse, held))


def test_a_row_dropped_on_a_folder_of_the_tree_moves_there(panel, studio, project, script_id):
    folder = studio.projects.create_folder(project, "Releases")
    drop(panel, panel.model.mimeData([panel.model.index_of(("script", script_id))]), ("folder", folder))
    assert studio.scripts.row(script_id).folder_id == folder


def test_a_file_dropped_on_a_row_of_the_tree_is_to_be_imported_beside_it(qtbot, panel, project, script_id, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.md"))])
    with qtbot.waitSignal(panel.import_requested) as wish:
        drop(panel, data, ("script", script_id))
    assert wish.args == [(tmp_path / "a.md",), ("project", project)]


def test_what_is_dragged_out_of_the_tree_is_only_ever_copied(panel):
    assert panel.model.supportedDragActions() == Qt.DropAction.CopyAction


def test_a_folder_cannot_be_moved_into_its_own_and_the_window_says_why(panel, studio, project, refusals):
    outer = studio.projects.create_folder(project, "Outer")
    inner = studio.projects.create_folder(project, "Inner", outer)
    panel.model.move_requested.emit((("folder", outer),), ("folder", inner))
    assert len(refusals) == 1
    assert refusals[0].message


def test_a_refused_rename_says_why(panel, studio, refusals):
    other = studio.projects.create("Other")
    panel.model.rename_requested.emit(("project", other), "MyApp")
    assert "MyApp" in refusals[0].message
    assert refusals[0].cure


def test_search_finds_lines_and_goes_to_their_script(qtbot, panel, script_id):
    panel.focus_search()
    qtbot.keyClicks(panel.search_box, "collaboration")
    qtbot.keyClick(panel.search_box, Qt.Key.Key_Return)
    assert panel.results.isVisible()
    qtbot.keyClick(panel.search_box, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.row_chosen) as fact:
        qtbot.keyClick(panel.results, Qt.Key.Key_Return)
    assert fact.args == [("script", script_id)]
    qtbot.keyClick(panel.search_box, Qt.Key.Key_Escape)
    assert panel.tree.isVisible()


def test_a_search_that_finds_nothing_says_so(qtbot, panel):
    qtbot.keyClicks(panel.search_box, "zebra")
    qtbot.keyClick(panel.search_box, Qt.Key.Key_Return)
    assert panel._nothing_found.isVisible()


def test_the_results_keep_qts_rules(qtmodeltester, studio, script_id):
    model = SearchModel()
    model.show_hits(studio.search("MyApp"))
    assert model.rowCount()
    qtmodeltester.check(model)


def test_the_starred_filter_shows_starred_takes_only(qtbot, panel, studio, script_id):
    takes = []
    for _ in range(2):
        studio.rendering.render(script_id, done=takes.append)
    studio.recordings.star(takes[0], True)
    panel.filters.findChild(object, "starredFilter").click()
    script = panel.model.index_of(("script", script_id))
    assert panel.model.rowCount(script) == 1
    assert panel.tree.isExpanded(script)
    panel.filters.findChild(object, "starredFilter").click()
    assert panel.filters.value is Filter.ALL
    assert panel.model.rowCount(panel.model.index_of(("script", script_id))) == 2


def test_return_on_a_take_plays_it(qtbot, panel, studio, script_id):
    takes = []
    studio.rendering.render(script_id, done=takes.append)
    panel.choose(("recording", takes[0]))
    with qtbot.waitSignal(panel.play_requested) as wish:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    assert wish.args == takes


def test_a_new_project_is_named_at_once(qtbot, panel):
    panel.findChild(object, "newProjectButton").click()
    editor = panel.tree.findChild(QLineEdit)
    qtbot.keyClicks(editor, "Field notes")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [panel.model.index(at, 0).data() for at in range(2)] == ["Field notes", "MyApp"])


def test_the_menu_of_a_script_offers_what_a_script_can(panel, script_id):
    names = [action.objectName() for action in panel.tree._menu_for((("script", script_id),)).actions() if action.objectName()]
    assert names == ["renderAction", "exportAction", "renameAction", "trashAction"]


def test_new_things_go_where_the_tree_stands(panel, studio, project, script_id):
    folder = studio.projects.create_folder(project, "Releases")
    studio.projects.move("script", script_id, project, folder)
    panel.choose(("script", script_id))
    assert panel.place() == ("folder", folder)
    assert panel.project_and_folder(("folder", folder)) == (project, folder)
    assert [title for _key, title in panel.destinations()] == ["MyApp", "MyApp › Releases"]


def test_a_click_on_the_chevron_folds_the_row(qtbot, panel):
    project = panel.model.index(0, 0)
    at = panel.tree.visualRect(project).topLeft()
    at.setX(20)
    at.setY(at.y() + 14)
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not panel.tree.isExpanded(project)
