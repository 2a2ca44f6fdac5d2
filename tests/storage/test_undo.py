from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry
from declaim.model.library import LineDraft, LineTiming, RecordingState, RecordingType
from declaim.model.source import SourceType
from declaim.storage import Library
from declaim.storage.schema import OTHER_TABLES, UNDOABLE_TABLES

TEXTS = st.text(max_size=30) | st.sampled_from(["", "Dark mode", "a\0b", "\udc80name", "{pause:short} ü", "x" * 5000])
NAMES = st.sampled_from(["Alpha", "beta", "Gämma", "D"])
ACTIONS = (
    *("project", "folder", "document", "script", "lines", "text", "star", "note", "rename", "move", "trash", "restore"),
    *("word", "unword", "version", "finish", "settings", "delete_lines"),
)


def dump(library):
    """Every row of every table that undo knows, and of the search."""
    database = library._database
    tables = {table: [tuple(row) for row in database.rows(f"SELECT * FROM {table} ORDER BY id")] for table in UNDOABLE_TABLES}
    tables["search"] = [tuple(row) for row in database.rows("SELECT rowid, * FROM search ORDER BY rowid")]
    return tables


def act(library, action, pick, text, name):
    """One random write by the library's own methods. ``pick`` chooses among what is there."""

    def some(table):
        ids = [row[0] for row in library._database.rows(f"SELECT id FROM {table} ORDER BY id")]
        return ids[pick % len(ids)] if ids else None

    project, folder, script, recording = some("projects"), some("folders"), some("scripts"), some("recordings")
    if action == "project" or project is None:
        library.projects.add(name)
    elif action == "folder":
        library.folders.add(project, name)
    elif action == "document":
        library.documents.add(project, None, text, SourceType.DOCUMENT, text, "a.md")
    elif action == "script" or script is None:
        library.scripts.add(project, None, some("documents"), name, text, {"cast": text.replace("\udc80", "")})
    elif action == "lines":
        old = [LineDraft(row.speaker, row.text, row.chapter, id=row.id) for row in library.lines.of(script)]
        at = pick % (len(old) + 1)
        library.lines.replace(script, [*old[:at], LineDraft("HOST1", text), LineDraft("HOST2", name), *old[at + 1 :]])
    elif action == "delete_lines":
        library.lines.replace(script, [])
    elif action == "text":
        library.scripts.set_text(script, text)
    elif action == "version":
        library.versions.add(script, text, "edited")
    elif action == "word":
        library.lexicon.put(project, LexiconEntry(name, text))
    elif action == "unword":
        library.lexicon.remove(project, name)
    elif action == "settings":
        library.settings.put(name, pick)
    elif recording is None:
        library.recordings.add(project, type=RecordingType.CONVERSION, label=name, script_id=script, note=text)
    elif action == "star":
        library.recordings.star(recording, pick % 2 == 0)
    elif action == "note":
        library.recordings.note(recording, text)
    elif action == "rename":
        library.recordings.rename(recording, name)
    elif action == "finish":
        library.recordings.finish(recording, path="takes/a", duration_ms=pick, timings=[LineTiming(0, 5, "HOST1", text)])
    elif action == "move":
        target = some("projects")
        library.scripts.move(script, target)
        if folder is not None:
            library.folders.move(folder, target)
    elif action == "trash":
        (library.projects.trash, library.scripts.trash, library.recordings.trash)[pick % 3](
            (project, script, recording)[pick % 3]
        )
    elif action == "restore" and library.trash.items():
        item = library.trash.items()[0]
        library.trash.restore(item.kind, item.id)


writes = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 50), TEXTS, NAMES, st.sampled_from(["", "", "typing"])),
    min_size=1,
    max_size=25,
)


@given(writes)
@settings(max_examples=15)
def test_undoing_everything_and_doing_it_again_leads_back_exactly(actions):
    with tempfile.TemporaryDirectory() as media, Library.in_memory(Path(media)) as library:
        states, steps = [dump(library)], 0
        for action, pick, text, name, merge_key in actions:
            before = library._history._undo[-1:]
            with library.transaction(action, merge_key=merge_key):
                act(library, action, pick, text, name)
            after = library._history._undo[-1:]
            steps = len(library._history._undo)
            if before and after and before[0].first == after[0].first:
                states[-1] = dump(library)
            else:
                states.append(dump(library))
        assert len(states) == steps + 1
        for _ in range(2):
            for state in reversed(states[:-1]):
                assert library.undo() is not None
                assert dump(library) == state
            assert library.undo() is None
            for state in states[1:]:
                assert library.redo() is not None
                assert dump(library) == state
            assert library.redo() is None
        assert library.check() == ()


@given(writes, st.lists(st.sampled_from(["undo", "redo", "outcome", "write"]), max_size=20))
@settings(max_examples=20)
def test_whatever_is_undone_and_rendered_between_the_library_stays_sound(actions, moves):
    with tempfile.TemporaryDirectory() as media, Library.in_memory(Path(media)) as library:
        for index, (action, pick, text, name, _) in enumerate(actions):
            with library.transaction(action, undoable=index % 4 != 3):
                act(library, action, pick, text, name)
        for index, move in enumerate(moves):
            if move == "write":
                with library.transaction("write"):
                    act(library, "lines", index, "more", "words")
            elif move == "outcome":
                with library.transaction("outcome", undoable=False):
                    act(library, "finish", index, "more", "words")
            else:
                getattr(library, move)()
        assert library.check() == ()
        indexed = {row[0] for row in library._database.rows("SELECT rowid FROM search")}
        kinds = ("projects", "folders", "documents", "scripts", "lines", "recordings", "notes")
        kept = {
            row[0] * 8 + code for code, table in enumerate(kinds) for row in library._database.rows(f"SELECT id FROM {table}")
        }
        assert indexed == kept


def test_a_step_says_its_label(library):
    with library.transaction("New project"):
        library.projects.add("Alpha")
    assert (library.undo_label, library.redo_label) == ("New project", None)
    assert library.undo() == "New project"
    assert (library.undo_label, library.redo_label) == (None, "New project")
    assert library.redo() == "New project"


def test_nothing_to_undo_is_said_by_none(library):
    assert library.undo() is None
    assert library.redo() is None


def test_an_undo_announces_the_rows_it_changed(library, announced):
    with library.transaction("New project"):
        project = library.projects.add("Alpha")
    library.undo()
    library.redo()
    assert [(change.label, change.ids("projects")) for change in announced] == [("New project", {project})] * 3


def test_a_new_step_ends_redoing(library):
    with library.transaction("One"):
        library.projects.add("Alpha")
    library.undo()
    with library.transaction("Two"):
        library.projects.add("Beta")
    assert library.redo_label is None
    assert [project.name for project in library.projects.all()] == ["Beta"]


def test_a_transaction_that_changes_nothing_is_no_step(library, announced):
    with library.transaction("One"):
        project = library.projects.add("Alpha")
    with library.transaction("Two"):
        library.projects.rename(project, "Alpha")
    assert library.undo_label == "One"
    assert len(announced) == 1


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_typing_is_one_step_until_the_typist_pauses(tmp_path):
    clock = Clock()
    with Library.in_memory(tmp_path, clock=clock) as library:
        with library.transaction("New"):
            script = library.scripts.add(library.projects.add("Alpha"), None, None, "Title", "")
        for index, moment in enumerate((0.0, 1.0, 2.5, 10.0)):
            clock.now = moment
            with library.transaction("Edit script", merge_key="script 1"):
                library.scripts.set_text(script, "word " * (index + 1))
        library.undo()
        assert library.scripts.get(script).text == "word " * 3
        library.undo()
        assert library.scripts.get(script).text == ""
        assert library.undo_label == "New"


def test_another_label_or_key_begins_another_step(library):
    with library.transaction("New"):
        project = library.projects.add("A")
    for label, key, name in (
        ("Rename", "1", "B"),
        ("Rename", "2", "C"),
        ("Retitle", "2", "D"),
        ("Retitle", "", "E"),
        ("Retitle", "", "F"),
    ):
        with library.transaction(label, merge_key=key):
            library.projects.rename(project, name)
    names = []
    while library.undo_label != "New":
        library.undo()
        names.append(library.projects.get(project).name)
    assert names == ["E", "D", "C", "B", "A"]


def test_long_typing_keeps_one_value_only(library):
    with library.transaction("New"):
        script = library.scripts.add(library.projects.add("Alpha"), None, None, "Title", "start")
    for index in range(50):
        with library.transaction("Edit", merge_key="script"):
            library.scripts.set_text(script, f"text {index}")
    assert library._database.value("SELECT count(*) FROM undo_log") <= 4
    library.undo()
    assert library.scripts.get(script).text == "start"


def test_a_step_after_long_typing_is_undone_on_its_own(library):
    with library.transaction("New"):
        project = library.projects.add("Alpha")
        script = library.scripts.add(project, None, None, "Title", "start")
        library.lines.replace(script, [LineDraft("HOST1", "start")] * 5)

    def state():
        row = library.scripts.get(script)
        return row.text, row.title, {line.text for line in library.lines.of(script)}, library.projects.get(project).name

    def type_text(text):
        time.sleep(0.002)  # so that each edit changes the same columns, the time among them
        with library.transaction("Edit", merge_key="script"):
            library.scripts.set_text(script, text)
            library.lines.replace(script, [LineDraft("HOST1", text, id=line.id) for line in library.lines.of(script)])

    type_text("first")
    with library.transaction("Edit", merge_key="script"):
        library.scripts.rename(script, "Other")
    type_text("second")
    type_text("third")
    with library.transaction("Rename"):
        library.projects.rename(project, "Beta")
    states = [
        ("start", "Title", {"start"}, "Alpha"),
        ("third", "Other", {"third"}, "Alpha"),
        ("third", "Other", {"third"}, "Beta"),
    ]
    for _ in range(2):
        assert state() == states[2]
        library.undo()
        assert state() == states[1]
        library.undo()
        assert state() == states[0]
        library.redo()
        assert state() == states[1]
        library.redo()


def test_the_two_hundred_newest_steps_are_kept(library):
    with library.transaction("New"):
        project = library.projects.add("0")
    for index in range(1, 251):
        with library.transaction("Rename"):
            library.projects.rename(project, str(index))
    undone = 0
    while library.undo():
        undone += 1
    assert undone == 200
    assert library.projects.get(project).name == "50"


def test_undoing_a_rename_keeps_what_a_render_wrote_since(library):
    with library.transaction("New"):
        project = library.projects.add("Alpha")
        take = library.recordings.add(project, type=RecordingType.CONVERSION, label="Take 1")
    with library.transaction("Rename"):
        library.recordings.rename(take, "The good one")
    with library.transaction("Rendered", undoable=False):
        library.recordings.finish(take, path="takes/ab/cd.mp3", duration_ms=1234)
    library.undo()
    row = library.recordings.get(take)
    assert (row.label, row.state, row.duration_ms) == ("Take 1", RecordingState.DONE, 1234)


def test_undoing_a_new_script_that_has_a_take_by_now_trashes_it(library):
    with library.transaction("New project"):
        project = library.projects.add("Alpha")
    with library.transaction("New script"):
        script = library.scripts.add(project, None, None, "Title")
    with library.transaction("Rendered", undoable=False):
        take = library.recordings.add(project, type=RecordingType.CONVERSION, label="Take 1", script_id=script)
    library.undo()
    assert [row.kind for row in library.tree()] == ["project"]
    assert [(item.kind, item.id) for item in library.trash.items()] == [("script", script)]
    with library.transaction("Something else"):
        library.projects.add("Beta")
    with library.transaction("Restore"):
        library.trash.restore("script", script)
    assert library.recordings.of_script(script)[0].id == take


def test_what_is_not_undoable_is_no_step(library):
    with library.transaction("One"):
        library.projects.add("Alpha")
    with library.transaction("Journal", undoable=False):
        library.journal.add("render", "Render")
        library.settings.put("theme", "dark")
    library.undo()
    assert library.settings.get("theme") == "dark"
    assert len(library.journal.all()) == 1
    assert library.undo_label is None


def test_settings_written_in_an_undoable_step_stay(library):
    with library.transaction("One"):
        library.projects.add("Alpha")
        library.settings.put("last", 1)
    library.undo()
    assert library.projects.all() == ()
    assert library.settings.get("last") == 1


def test_undo_inside_a_transaction_is_a_bug(library):
    with library.transaction("One"), pytest.raises(RuntimeError):
        library.undo()


def test_an_id_is_never_used_twice(library):
    with library.transaction("One"):
        first = library.projects.add("Alpha")
    library.undo()
    with library.transaction("Two"):
        second = library.projects.add("Beta")
    assert second != first
    with pytest.raises(InputError):
        library.projects.get(first)


def test_every_table_is_watched(library):
    tables = {
        row[0]
        for row in library._database.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%'"
        )
    }
    assert tables - {"_sqlite_migrations"} == {*UNDOABLE_TABLES, *OTHER_TABLES}
