from __future__ import annotations

from declaim.model.library import LineState, RecordingState, TreeRow
from declaim.ui.library.library_rows import Filter, arrange, counts

P, F = ("project", 1), ("folder", 1)


def row(kind, number, parent=("", 0), title="", **rest):
    return TreeRow(kind, number, parent[0], parent[1], title or f"{kind} {number}", **rest)


def take(number, script, **rest):
    return row("recording", number, ("script", script), source="voice", **{"state": RecordingState.DONE, **rest})


ROWS = (
    row("project", 1),
    row("folder", 1, P),
    row("script", 1, F, "MyApp 1.9.0"),
    row("script", 2, F, "MyApp 1.9.12"),
    row("script", 3, F, "MyApp 2.0.0"),
    row("recording", 9, ("script", 1), source="script", state=RecordingState.DONE),
    take(1, 1, duration_ms=1000),
    take(2, 1, duration_ms=2000, starred=True),
    row("recording", 5, P, "Chapter 10", source="microphone", state=RecordingState.DONE),
    row("recording", 6, P, "Chapter 2", source="file", state=RecordingState.FAILED),
)


def test_releases_stand_newest_first_and_chapters_in_their_order():
    children = arrange(ROWS).children
    assert children[F] == (("script", 3), ("script", 2), ("script", 1))
    assert children[P] == (F, ("recording", 6), ("recording", 5))


def test_the_takes_of_a_script_stand_newest_first_without_its_original():
    assert arrange(ROWS).children[("script", 1)] == (("recording", 2), ("recording", 1))


def test_a_script_is_as_its_newest_take():
    script = arrange(ROWS).rows[("script", 1)]
    assert (script.state, script.duration_ms, script.starred) == (RecordingState.DONE, 2000, True)
    assert arrange(ROWS).rows[("script", 2)].state == LineState.NOT_RENDERED


def test_a_script_that_is_being_rendered_shows_it_and_keeps_its_length():
    script = arrange([*ROWS, take(7, 1, state=RecordingState.RENDERING)]).rows[("script", 1)]
    assert (script.state, script.duration_ms) == (RecordingState.RENDERING, 2000)


def test_projects_and_folders_count_scripts_and_recordings_but_no_takes():
    counts = arrange(ROWS).counts
    assert (counts[P], counts[F]) == (5, 3)


def test_a_filter_keeps_what_fits_and_what_it_lies_under():
    assert set(arrange(ROWS, Filter.STARRED).rows) == {P, F, ("script", 1), ("recording", 2)}
    assert set(arrange(ROWS, Filter.MICROPHONE).rows) == {P, ("recording", 5)}
    assert set(arrange(ROWS, Filter.ATTENTION).rows) == {P, ("recording", 6)}


def test_filters_say_how_many_there_are():
    assert [counts(ROWS)[chosen] for chosen in (Filter.STARRED, Filter.ATTENTION, Filter.MICROPHONE)] == [1, 1, 1]
