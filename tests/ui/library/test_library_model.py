from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt, QUrl

from declaim.model.library import RecordingState, TreeRow
from declaim.ui.library.library_model import COUNT_ROLE, LibraryModel
from declaim.ui.library.library_rows import Filter, arrange


def rows(count=4):
    folders = [TreeRow("folder", n, "project", 1, f"Folder {n}") for n in (1, 2)]
    scripts = [TreeRow("script", n, "folder", 1 + n % 2, f"Script {n}") for n in range(count)]
    takes = [TreeRow("recording", n, "script", n, "Take 1", RecordingState.DONE, 1000 * n, source="voice") for n in range(count)]
    return (TreeRow("project", 1, "", 0, "MyApp"), TreeRow("project", 2, "", 0, "Novel"), *folders, *scripts, *takes)


def shown(model, parent=QModelIndex()):  # noqa: B008
    """What the model holds, as nested tuples."""
    rows = [model.index(at, 0, parent) for at in range(model.rowCount(parent))]
    return tuple((row.data(), shown(model, row)) for row in rows)


def expected(tree_rows, parent=None, chosen=Filter.ALL):
    arranged = arrange(tree_rows, chosen)

    def below(key):
        return tuple((arranged.rows[child].title, below(child)) for child in arranged.children.get(key, ()))

    return below(parent)


@pytest.fixture
def model(qapp):
    made = LibraryModel()
    made.show_rows(rows())
    return made


def test_the_model_keeps_qts_rules(qtmodeltester, model):
    qtmodeltester.check(model)


def test_the_model_keeps_qts_rules_while_it_changes(qtmodeltester, model):
    qtmodeltester.check(model)
    model.show_rows(rows(9))
    model.show_rows(rows(2), Filter.STARRED)
    model.show_rows(())
    model.show_rows(rows(3))
    assert shown(model) == expected(rows(3))


def test_a_row_that_changed_is_told_alone(qtbot, model):
    changed = tuple(dataclasses.replace(row, title="Renamed") if (row.kind, row.id) == ("script", 2) else row for row in rows())
    removed, told = [], []
    model.rowsRemoved.connect(lambda *_: removed.append(1))
    model.dataChanged.connect(lambda index, *_: told.append(index.data()))
    kept = QPersistentModelIndex(model.index_of(("script", 2)))
    model.show_rows(changed)
    assert told == ["Renamed"]
    assert removed == []
    assert kept.isValid()
    assert kept.data() == "Renamed"


def test_a_row_that_moved_to_another_folder_stands_there_with_its_takes(model):
    moved = tuple(dataclasses.replace(row, parent_id=1) if (row.kind, row.id) == ("script", 3) else row for row in rows())
    model.show_rows(moved)
    assert shown(model) == expected(moved)
    assert model.index_of(("recording", 3)).parent() == model.index_of(("script", 3))


@given(st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2), st.sampled_from("abc")), max_size=7), max_size=5))
def test_whatever_follows_whatever_the_model_shows_the_last(qapp, states):
    made = LibraryModel()
    for state in states:
        scripts = {number: (parent, title) for number, parent, title in state}
        now = [TreeRow("project", 1, "", 0, "P"), *(TreeRow("folder", n, "project", 1, f"F{n}") for n in (1, 2))]
        for number, (parent, title) in scripts.items():
            place = ("folder", parent) if parent else ("project", 1)
            now.append(TreeRow("script", number, *place, title))
        made.show_rows(now)
        assert shown(made) == expected(now)


def test_counts_stand_at_projects_and_folders(model):
    assert model.index_of(("project", 1)).data(COUNT_ROLE) == 4


def test_assistive_tools_hear_what_a_row_is_and_how(model):
    text = model.index_of(("recording", 2)).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Recording, Take 1, Ready, 0:02"


def test_a_new_title_is_a_wish_and_an_empty_one_is_none(qtbot, model):
    index = model.index_of(("script", 2))
    with qtbot.waitSignal(model.rename_requested) as wish:
        assert model.setData(index, "  New   title ")
    assert wish.args == [("script", 2), "New title"]
    assert not model.setData(index, "   ")
    assert not model.setData(index, "Script 2")


def test_rows_dropped_on_a_script_go_to_its_folder(qtbot, model):
    data = model.mimeData([model.index_of(("script", 1))])
    target = model.index_of(("script", 0))
    with qtbot.waitSignal(model.move_requested) as wish:
        assert not model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, target)
    assert wish.args == [(("script", 1),), ("folder", 1)]


def test_a_folder_cannot_be_dropped_on_itself(model):
    folder = model.index_of(("folder", 1))
    assert not model.canDropMimeData(model.mimeData([folder]), Qt.DropAction.MoveAction, -1, -1, folder)


def test_a_dragged_recording_carries_its_file(qapp, tmp_path):
    model = LibraryModel(lambda recording_id: tmp_path / f"{recording_id}.mp3")
    model.show_rows(rows())
    urls = model.mimeData([model.index_of(("recording", 3)), model.index_of(("script", 1))]).urls()
    assert [Path(url.toLocalFile()).name for url in urls] == ["3.mp3"]


def test_files_dropped_on_a_folder_are_to_be_imported_there(qtbot, model, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.md"))])
    with qtbot.waitSignal(model.files_dropped) as wish:
        assert model.dropMimeData(data, Qt.DropAction.CopyAction, -1, -1, model.index_of(("folder", 2)))
    assert wish.args == [(tmp_path / "a.md",), ("folder", 2)]
