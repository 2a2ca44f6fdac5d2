from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaim.model.delivery import DeliveryPreset
from declaim.model.ids import LineKey
from declaim.model.library import LineDraft
from declaim.storage import Library, align_lines


@pytest.fixture
def script(library):
    with library.transaction("New script"):
        script = library.scripts.add(library.projects.add("MyApp"), None, None, "Title")
        library.lines.replace(script, drafts("one", "two", "three"))
    return script


def drafts(*texts):
    return [LineDraft("HOST1", text) for text in texts]


def edit(library, script, *texts):
    """The script's lines as a user retypes them."""
    with library.transaction("Edit"):
        library.lines.replace(script, align_lines(library.lines.of(script), drafts(*texts)))
    return {line.text: line.id for line in library.lines.of(script)}


def test_a_line_keeps_all_that_it_is(library, script):
    line = LineDraft("HOST2", "{emph:every} screen", "Fixes", DeliveryPreset.THEATRICAL, (3, 7))
    with library.transaction("Edit"):
        library.lines.replace(script, [line])
    (row,) = library.lines.of(script)
    assert (row.speaker, row.text, row.chapter, row.delivery, row.source_lines) == (
        "HOST2",
        "{emph:every} screen",
        "Fixes",
        DeliveryPreset.THEATRICAL,
        (3, 7),
    )
    assert library.lines.get(row.id) == row


def test_lines_that_stayed_keep_their_ids(library, script):
    before = edit(library, script, "one", "two", "three")
    after = edit(library, script, "zero", "one", "three", "four")
    assert after["one"] == before["one"]
    assert after["three"] == before["three"]
    assert [line.position for line in library.lines.of(script)] == [0, 1, 2, 3]


def test_a_reworded_line_keeps_its_id_and_its_key_but_not_its_failure(library, script):
    line = library.lines.of(script)[1]
    with library.transaction("Rendered", undoable=False):
        library.lines.set_outcome(line.id, key=LineKey("ab" * 32), duration_ms=900, failure="No voice", suspicion="long")
    edit(library, script, "one", "two and a half", "three")
    row = library.lines.get(line.id)
    assert (row.text, row.key, row.duration_ms) == ("two and a half", "ab" * 32, 900)
    assert (row.failure, row.suspicion) == ("", "")


def test_a_moved_line_keeps_its_id(library, script):
    before = edit(library, script, "one", "two", "three")
    assert edit(library, script, "three", "one", "two") == before
    assert [line.text for line in library.lines.of(script)] == ["three", "one", "two"]


def test_setting_a_line_between_others_writes_that_line_only(library, script, announced):
    edit(library, script, "one", "new", "two", "three")
    (new,) = (line.id for line in library.lines.of(script) if line.text == "new")
    assert announced[-1].ids("lines") == {new}


def test_writing_the_same_lines_writes_nothing(library, script, announced):
    before = len(announced)
    edit(library, script, "one", "two", "three")
    assert len(announced) == before


def test_an_id_of_another_script_or_named_twice_makes_a_new_line(library, script):
    line = library.lines.of(script)[0]
    with library.transaction("Other"):
        other = library.scripts.add(library.scripts.get(script).project_id, None, None, "Other")
        library.lines.replace(other, [LineDraft("HOST1", "stolen", id=line.id)])
        library.lines.replace(script, [LineDraft("HOST1", "a", id=line.id), LineDraft("HOST1", "b", id=line.id)])
    assert library.lines.of(other)[0].id != line.id
    first, second = library.lines.of(script)
    assert first.id == line.id
    assert second.id != line.id


def test_a_failure_keeps_the_key_of_the_audio_made_before(library, script):
    line = library.lines.of(script)[0]
    with library.transaction("Rendered", undoable=False):
        library.lines.set_outcome(line.id, key=LineKey("cd" * 32), duration_ms=700)
        library.lines.set_outcome(line.id, failure="The engine stopped.")
    row = library.lines.get(line.id)
    assert (row.key, row.duration_ms, row.failure) == ("cd" * 32, 700, "The engine stopped.")
    assert library.lines.keys() == {"cd" * 32}


def test_the_outcome_of_a_deleted_line_is_dropped(library, script):
    line = library.lines.of(script)[0]
    edit(library, script, "two", "three")
    with library.transaction("Rendered", undoable=False):
        assert not library.lines.set_outcome(line.id, key=LineKey("ab" * 32), duration_ms=1)


def test_half_a_cue_can_be_saved(library, script):
    edit(library, script, "one {puase:short}", "{pause:")
    assert [hit.snippet for hit in library.search("puase")] == ["one {puase:short}"]


def test_many_lines_set_at_one_place_find_room(library, script):
    texts = ["one", "two", "three"]
    for number in range(40):
        texts.insert(1, f"new {number}")
        edit(library, script, *texts)
    assert [line.text for line in library.lines.of(script)] == texts


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), min_size=1, max_size=6))
@settings(max_examples=30)
def test_whatever_is_retyped_the_lines_are_what_was_typed(tmp_path_factory, versions):
    with Library.in_memory(tmp_path_factory.getbasetemp()) as library:
        with library.transaction("New"):
            script = library.scripts.add(library.projects.add("MyApp"), None, None, "Title")
        for texts in versions:
            edit(library, script, *texts)
            lines = library.lines.of(script)
            assert [line.text for line in lines] == texts
            edit(library, script, *texts)
            assert library.lines.of(script) == lines
            assert len({line.id for line in lines}) == len(lines)


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=12), st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), max_size=6)
)
@settings(deadline=None, max_examples=40)
def test_revising_gives_the_lines_that_were_typed_and_changes_no_others(first, later):
    with Library.in_memory(Path("media")) as library:
        with library.transaction("New script"):
            script = library.scripts.add(library.projects.add("MyApp"), None, None, "Title")
        for texts in (first, *later):
            before = {line.id: line for line in library.lines.of(script)}
            expected = align_lines(tuple(before.values()), drafts(*texts))
            with library.transaction("Edit"):
                library.lines.revise(script, drafts(*texts))
            after = library.lines.of(script)
            assert [line.text for line in after] == texts
            kept = {draft.id for draft in expected if draft.id is not None}
            assert {line.id for line in after} & before.keys() == kept


def test_revising_keeps_source_lines_and_finds_room_between_crowded_lines(library, script):
    with library.transaction("Edit"):
        library.lines.replace(
            script, [LineDraft("HOST1", "one", source_lines=(1, 1)), LineDraft("HOST1", "last", source_lines=(9, 9))]
        )
    texts = ["one", "last"]
    for number in range(40):
        texts.insert(1, f"new {number}")
        with library.transaction("Edit"):
            library.lines.revise(script, drafts(*texts))
    rows = library.lines.of(script)
    assert [row.text for row in rows] == texts
    assert (rows[0].source_lines, rows[-1].source_lines) == ((1, 1), (9, 9))
