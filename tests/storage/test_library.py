from __future__ import annotations

import threading

import pytest

from declaim.errors import InputError, LibraryReadOnly
from declaim.storage import Library


def test_a_write_outside_a_transaction_is_a_bug(library):
    with pytest.raises(RuntimeError, match="outside a transaction"):
        library.projects.add("Alpha")


def test_a_commit_is_announced_once_with_the_rows_of_each_table(library, announced):
    with library.transaction("New script"):
        project = library.projects.add("Alpha")
        script = library.scripts.add(project, None, None, "Title")
        assert announced == []
    (change,) = announced
    assert change.label == "New script"
    assert dict(change.rows) == {"projects": {project}, "scripts": {script}}


def test_a_write_that_is_not_undoable_is_announced_too(library, announced):
    with library.transaction("Queue", undoable=False):
        job = library.journal.add("render", "Render MyApp")
        library.settings.put("theme", "dark")
    assert announced[0].ids("jobs") == {job}
    assert announced[0].touches("settings")


def test_an_error_takes_everything_back(library, announced):
    def write():
        with library.transaction("New"):
            library.projects.add("Alpha")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert library.projects.all() == ()
    assert announced == []
    assert library.undo_label is None


def test_nested_transactions_join_the_outer_one(library, announced):
    with library.transaction("Outer"):
        library.projects.add("Alpha")
        with library.transaction("Inner", undoable=False):
            library.projects.add("Beta")
    assert len(announced) == 1
    assert library.undo() == "Outer"
    assert library.projects.all() == ()


def test_an_error_caught_around_a_nested_transaction_takes_back_only_its_writes(library):
    def add_two():
        with library.transaction("One of them"):
            library.projects.add("Beta")
            library.projects.add("  ")

    with library.transaction("Import"):
        library.projects.add("Alpha")
        with pytest.raises(InputError):
            add_two()
    assert [project.name for project in library.projects.all()] == ["Alpha"]


def test_every_subscriber_is_told_before_the_error_of_one_goes_up(library):
    told = []

    def broken(changes):
        raise LookupError("a bug")

    library.subscribe(broken)
    library.subscribe(told.append)
    with pytest.raises(LookupError), library.transaction("New"):
        library.projects.add("Alpha")
    assert len(told) == 1
    assert len(library.projects.all()) == 1


def test_a_subscriber_may_write_and_all_hear_of_it_in_order(library):
    heard = []

    def follow(changes):
        if changes.label == "First":
            with library.transaction("Second"):
                library.projects.add("Beta")

    library.subscribe(follow)
    library.subscribe(lambda changes: heard.append(changes.label))
    with library.transaction("First"):
        library.projects.add("Alpha")
    assert heard == ["First", "Second"]


def test_an_ended_subscription_hears_nothing(library, announced):
    heard = []
    end = library.subscribe(heard.append)
    end()
    end()
    with library.transaction("New"):
        library.projects.add("Alpha")
    assert heard == []
    assert len(announced) == 1


def test_another_thread_may_not_touch_the_library(library):
    failures = []

    def read():
        try:
            library.projects.all()
        except Exception as error:  # noqa: BLE001
            failures.append(type(error).__name__)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert failures == ["ProgrammingError"]


def test_a_library_open_for_reading_refuses_to_be_written(folder):
    Library.open(folder).close()
    with (
        Library.open(folder, writable=False) as library,
        pytest.raises(LibraryReadOnly, match="open for reading"),
        library.transaction("New"),
    ):
        library.projects.add("Alpha")


def test_what_is_committed_is_there_after_closing(folder):
    with Library.open(folder) as library, library.transaction("New"):
        library.projects.add("Alpha", {"cast": {"default": "piper:joe"}})
    with Library.open(folder) as library:
        (project,) = library.projects.all()
        assert (project.name, project.settings) == ("Alpha", {"cast": {"default": "piper:joe"}})
        assert library.undo_label is None


def test_closing_twice_is_harmless(folder):
    library = Library.open(folder)
    library.close()
    library.close()


def test_settings_are_json_values_under_a_key(library):
    assert library.settings.get("volume", 0.5) == 0.5
    with library.transaction("Set", undoable=False):
        library.settings.put("volume", 0.7)
        library.settings.put("recent", ["a", {"b": None}])
        library.settings.put("gone", 1)
        library.settings.remove("gone")
    assert library.settings.get("volume") == 0.7
    assert library.settings.get("recent") == ["a", {"b": None}]
    assert library.settings.get("gone") is None


def test_the_journal_knows_what_a_restart_must_go_on_with(folder):
    with Library.open(folder) as library, library.transaction("Queue", undoable=False):
        jobs = [library.journal.add("render", f"Render {name}", {"script_id": 1}) for name in "abc"]
        library.journal.set_state(jobs[0], "done")
        library.journal.set_state(jobs[1], "running")
    with Library.open(folder) as library:
        assert [job.state for job in library.journal.unfinished()] == ["running", "queued"]
        with library.transaction("Clear", undoable=False):
            library.journal.set_state(jobs[2], "failed", "No key.")
            library.journal.clear_finished()
        assert [job.id for job in library.journal.all()] == [jobs[1]]
