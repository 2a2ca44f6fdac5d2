from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaim.model.library import LineDraft, RecordingType
from declaim.model.source import SourceType
from declaim.storage import Library


@pytest.fixture
def ids(library):
    with library.transaction("Fill"):
        project = library.projects.add("MyApp")
        folder = library.folders.add(project, "Spring releases")
        library.documents.add(project, folder, "Dark changelog", SourceType.CHANGELOG, "# 1.0")
        script = library.scripts.add(project, folder, None, "Episode of May")
        library.lines.replace(
            script,
            [
                LineDraft("HOST1", "Dark mode is here. {pause:short} It follows {say:sis tem|system}"),
                LineDraft("HOST2", "Grüße an alle"),
                LineDraft("HOST1", "东京没有空格的文字"),
            ],
        )
        take = library.recordings.add(project, type=RecordingType.CONVERSION, label="Take 7", script_id=script)
        library.recordings.note(take, "Too fast near the end")
    return {"script": script, "take": take, "folder": folder, "project": project}


def found(library, query):
    return {(hit.kind, hit.title) for hit in library.search(query)}


def test_titles_lines_and_notes_are_found(library, ids):
    assert found(library, "dark") == {("document", "Dark changelog"), ("line", "Episode of May")}
    assert found(library, "spring") == {("folder", "Spring releases")}
    assert found(library, "fast end") == {("recording", "Take 7")}
    assert found(library, "episode") == {("script", "Episode of May")}
    assert found(library, "myapp") == {("project", "MyApp")}


def test_a_title_comes_before_a_line(library, ids):
    assert [hit.kind for hit in library.search("dark")] == ["document", "line"]


def test_a_hit_shows_its_words(library, ids):
    (hit,) = library.search("mode her")
    assert hit.snippet == "Dark mode is here. It follows system"
    assert [hit.snippet[start:end] for start, end in hit.matches] == ["mode", "her"]
    assert hit.script_id == ids["script"]


def test_what_is_shown_is_found_and_cues_are_not(library, ids):
    assert found(library, "system")
    assert not found(library, "pause")


def test_accents_may_be_left_out(library, ids):
    assert found(library, "gruße") == {("line", "Episode of May")}


def test_text_without_spaces_and_the_middle_of_words_are_found(library, ids):
    assert found(library, "没有") == {("line", "Episode of May")}
    assert found(library, "angelo") == {("document", "Dark changelog")}


def test_what_is_in_the_trash_is_not_found(library, ids):
    with library.transaction("Delete"):
        library.folders.trash(ids["folder"])
    assert found(library, "dark") == set()
    assert found(library, "fast end") == set()
    library.undo()
    assert len(found(library, "dark")) == 2


def test_the_search_follows_edits_undo_and_redo(library, ids):
    with library.transaction("Edit"):
        library.lines.replace(ids["script"], [LineDraft("HOST1", "Nothing of the kind")])
        library.recordings.note(ids["take"], "")
        library.scripts.rename(ids["script"], "June")
    for _ in range(2):
        assert found(library, "kind") == {("line", "June")}
        assert not found(library, "mode")
        assert not found(library, "fast")
        library.undo()
        assert found(library, "mode") == {("line", "Episode of May")}
        assert found(library, "fast") == {("recording", "Take 7")}
        assert not found(library, "kind")
        library.redo()


def test_the_best_hits_are_as_many_as_asked_for(library, ids):
    with library.transaction("Many"):
        library.lines.replace(ids["script"], [LineDraft("HOST1", f"word {number}") for number in range(300)])
    assert len(library.search("word")) == 100
    assert len(library.search("word", limit=7)) == 7


def test_a_long_text_is_cut_around_the_match(library, ids):
    with library.transaction("Long"):
        library.lines.replace(ids["script"], [LineDraft("HOST1", "before " * 200 + "needle " + "after " * 200)])
    (hit,) = library.search("needle")
    assert hit.snippet.startswith("…before")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 130
    assert [hit.snippet[start:end] for start, end in hit.matches] == ["needle"]


@pytest.mark.parametrize("query", ["", " ", "-", '"', "*", "()", "^", "\0", "…", "' OR 1"])
def test_a_query_of_signs_finds_nothing_and_breaks_nothing(library, ids, query):
    assert library.search(query) == ()


@given(st.text(max_size=60) | st.text(alphabet='ab"*()^:-{}+ANDORNOT\\%_~ \0', max_size=30))
@settings(max_examples=60)
def test_any_text_is_a_query(shared_library, query):
    for hit in shared_library.search(query):
        assert all(0 <= start <= end <= len(hit.snippet) for start, end in hit.matches)


@pytest.fixture(scope="module")
def shared_library(tmp_path_factory):
    with Library.in_memory(tmp_path_factory.mktemp("media")) as library:
        with library.transaction("Fill"):
            project = library.projects.add("AND a OR b")
            script = library.scripts.add(project, None, None, "title:")
            library.lines.replace(script, [LineDraft("HOST1", 'a "quoted" AND* NOT (b) 100% a_b ~')])
        yield library
