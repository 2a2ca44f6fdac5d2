from __future__ import annotations

import dataclasses

import pytest

from declaim.errors import InputError
from declaim.model.library import LineTiming, RecordingState, RecordingType

TIMINGS = (
    LineTiming(0, 900, "HOST1", "Dark mode is here", "New", None),
    LineTiming(900, 2000, "HOST2", "Ünique words", sentence_starts_ms=(900, 1200), chapter_index=3),
)


@pytest.fixture
def project(library):
    with library.transaction("New project"):
        return library.projects.add("MyApp")


@pytest.fixture
def take(library, project):
    with library.transaction("Render", undoable=False):
        script = library.scripts.add(project, None, None, "Script")
        return library.recordings.add(
            project, type=RecordingType.CONVERSION, label="Take 1", script_id=script, parameters={"voice": "piper:joe"}
        )


def test_a_take_is_queued_and_then_done(library, take):
    assert library.recordings.get(take).state is RecordingState.QUEUED
    with library.transaction("Done", undoable=False):
        library.recordings.finish(take, path="takes/ab/cd.mp3", duration_ms=2000, peaks_path="takes/ab/cd.peaks", timings=TIMINGS)
    row = library.recordings.get(take)
    assert (row.state, row.path, row.peaks_path, row.duration_ms) == (
        RecordingState.DONE,
        "takes/ab/cd.mp3",
        "takes/ab/cd.peaks",
        2000,
    )
    assert row.timings == TIMINGS
    assert row.parameters == {"voice": "piper:joe"}


def test_the_times_of_a_take_of_before_chapters_were_counted_are_read(library, take):
    with library.transaction("Done", undoable=False):
        library.recordings.finish(take, path="a", duration_ms=1)
        row = '[[0, 900, "HOST1", "Hello", "New", 7, [0, 400]]]'
        library._database.write("UPDATE recordings SET timings = ? WHERE id = ?", row, take)
    assert library.recordings.get(take).timings == (LineTiming(0, 900, "HOST1", "Hello", "New", 7, (0, 400)),)


def test_lists_leave_out_the_timings(library, take):
    with library.transaction("Done", undoable=False):
        library.recordings.finish(take, path="a", duration_ms=1, timings=TIMINGS)
    assert library.recordings.all()[0].timings == ()
    assert library.recordings.bare(take) == dataclasses.replace(library.recordings.get(take), timings=())


def test_the_words_of_a_take_are_found(library, take):
    with library.transaction("Done", undoable=False):
        library.recordings.finish(take, path="a", duration_ms=1, timings=TIMINGS)
    (hit,) = library.search("unique")
    assert (hit.kind, hit.id, hit.title) == ("recording", take, "Take 1")


def test_a_failure_says_why(library, take):
    with library.transaction("Failed", undoable=False):
        library.recordings.set_state(take, RecordingState.FAILED, "The voice has no model.")
    row = library.recordings.get(take)
    assert (row.state, row.failure) == (RecordingState.FAILED, "The voice has no model.")
    assert library.recordings.in_state(RecordingState.FAILED, RecordingState.CANCELLED) == (row,)


def test_stars_notes_labels_and_listens_are_kept(library, take, announced):
    with library.transaction("Mark"):
        library.recordings.star(take)
        library.recordings.note(take, "  The warm one \n")
        library.recordings.rename(take, "Final")
        library.recordings.listened(take)
        library.recordings.listened(take)
    row = library.recordings.get(take)
    assert (row.starred, row.note, row.label, row.listen_count) == (True, "The warm one", "Final", 2)
    assert announced[-1].ids("recordings") == {take}
    with library.transaction("Unmark"):
        library.recordings.star(take, False)
        library.recordings.note(take, "")
    row = library.recordings.get(take)
    assert (row.starred, row.note) == (False, "")


def test_a_note_alone_announces_its_recording(library, take, announced):
    with library.transaction("Note"):
        library.recordings.note(take, "warm")
    assert announced[-1].ids("recordings") == {take}


def test_the_newest_take_comes_first(library, project, take):
    script = library.recordings.get(take).script_id
    with library.transaction("Render", undoable=False):
        second = library.recordings.add(project, type=RecordingType.CONVERSION, label="Take 2", script_id=script)
    assert [row.id for row in library.recordings.of_script(script)] == [second, take]
    assert [row.id for row in library.recordings.all(project)] == [second, take]


def test_a_take_moved_on_its_own_leaves_its_script_and_takes_its_conversions_along(library, project, take):
    with library.transaction("Move"):
        child = library.recordings.add(project, type=RecordingType.CONVERSION, label="Child", original_id=take)
        other = library.projects.add("Other")
        library.recordings.move(take, other)
    assert (library.recordings.get(take).project_id, library.recordings.get(take).script_id) == (other, None)
    assert library.recordings.get(child).project_id == other


def test_a_take_of_no_project_is_refused(library):
    with pytest.raises(InputError, match="no project 5"), library.transaction("Render"):
        library.recordings.add(5, type=RecordingType.CONVERSION, label="Take")
