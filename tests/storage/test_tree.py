from __future__ import annotations

import contextlib

from declaim.model.library import RecordingState, RecordingType
from declaim.model.source import SourceType
from declaim.storage import Library


def fill(library):
    with library.transaction("Fill"):
        project = library.projects.add("MyApp")
        outer = library.folders.add(project, "Z outer")
        inner = library.folders.add(project, "A inner", outer)
        document = library.documents.add(project, inner, "Changelog", SourceType.CHANGELOG, "# 1.0")
        script = library.scripts.add(project, inner, document, "Episode")
        original = library.recordings.add(project, outer, type=RecordingType.ORIGINAL, label="Voice memo", source="microphone")
        return {
            "project": project,
            "outer": outer,
            "inner": inner,
            "document": document,
            "script": script,
            "take": library.recordings.add(project, inner, type=RecordingType.CONVERSION, label="Take 1", script_id=script),
            "original": original,
            "conversion": library.recordings.add(
                project, outer, type=RecordingType.CONVERSION, label="As Joe", original_id=original, state=RecordingState.DONE
            ),
        }


def test_every_row_lies_below_its_parent_and_comes_after_it(library):
    ids = fill(library)
    rows = library.tree()
    assert {(row.title, row.parent_kind, row.parent_id) for row in rows} == {
        ("MyApp", "", 0),
        ("Z outer", "project", ids["project"]),
        ("A inner", "folder", ids["outer"]),
        ("Changelog", "folder", ids["inner"]),
        ("Episode", "folder", ids["inner"]),
        ("Take 1", "script", ids["script"]),
        ("Voice memo", "folder", ids["outer"]),
        ("As Joe", "recording", ids["original"]),
    }
    seen = {("", 0)}
    for row in rows:
        assert (row.parent_kind, row.parent_id) in seen
        seen.add((row.kind, row.id))


def test_a_row_carries_what_its_badge_needs(library):
    ids = fill(library)
    with library.transaction("Star"):
        library.recordings.star(ids["take"])
        library.recordings.finish(ids["take"], path="a", duration_ms=1234)
    rows = {(row.kind, row.id): row for row in library.tree()}
    take = rows["recording", ids["take"]]
    assert (take.state, take.duration_ms, take.starred, take.source) == ("done", 1234, True, "voice")
    assert rows["document", ids["document"]].state == "changelog"
    assert rows["recording", ids["original"]].source == "microphone"


def test_trashing_hides_all_below(library):
    ids = fill(library)

    def titles_without(table, key):
        with library.transaction("Delete"):
            getattr(library, table).trash(ids[key])
        titles = {row.title for row in library.tree()}
        everywhere = {
            *(row.name for row in library.projects.all()),
            *(row.name for row in library.folders.of(ids["project"])),
            *(row.title for row in library.documents.of(ids["project"])),
            *(row.title for row in library.scripts.of(ids["project"])),
            *(row.label for row in library.recordings.all()),
        }
        assert everywhere == titles
        library.undo()
        return titles

    everything = {row.title for row in library.tree()}
    assert everything - titles_without("folders", "inner") == {"A inner", "Changelog", "Episode", "Take 1"}
    assert everything - titles_without("scripts", "script") == {"Episode", "Take 1"}
    assert everything - titles_without("recordings", "original") == {"Voice memo", "As Joe"}
    assert everything - titles_without("folders", "outer") == everything - {"MyApp"}
    assert titles_without("projects", "project") == set()
    assert {row.title for row in library.tree()} == everything


def test_an_empty_library_has_an_empty_tree(library):
    assert library.tree() == ()


def test_what_is_read_again_after_each_write_is_what_another_reads_afresh(tmp_path):
    with Library.open(tmp_path) as library:
        ids = fill(library)
        recordings = library.recordings

        def add():
            ids["new"] = recordings.add(ids["project"], None, type=RecordingType.CONVERSION, label="New", script_id=ids["script"])

        writes = [
            add,
            lambda: recordings.finish(ids["new"], path="new.mp3", duration_ms=900),
            lambda: recordings.rename(ids["original"], "Interview"),
            lambda: recordings.move(ids["original"], ids["project"], ids["inner"]),
            lambda: recordings.trash(ids["original"]),
            lambda: recordings.star(ids["conversion"]),
            lambda: library.scripts.rename(ids["script"], "Episode 2"),
            lambda: recordings.star(ids["take"]),
            lambda: library.folders.trash(ids["inner"]),
            lambda: recordings.rename(ids["take"], "Out of sight"),
        ]
        shown = set()

        def check():
            with Library.open(tmp_path, writable=False) as other:
                assert library.tree() == other.tree()
            shown.add(library.tree())

        for write in writes:
            with library.transaction("Write"):
                write()
            check()
        while library.undo() is not None:
            check()
        assert len(shown) >= 9


def test_what_is_not_committed_is_not_kept(library):
    ids = fill(library)
    before = library.tree()
    with contextlib.suppress(ZeroDivisionError), library.transaction("Fail"):
        library.recordings.rename(ids["take"], "Other")
        assert "Other" in {row.title for row in library.tree()}
        raise ZeroDivisionError
    assert library.tree() == before


def test_a_purged_recording_leaves_the_tree(library):
    ids = fill(library)
    library.tree()
    with library.transaction("Delete"):
        library.recordings.trash(ids["original"])
    library.purge(older_than_days=-1)
    assert {"Voice memo", "As Joe"}.isdisjoint(row.title for row in library.tree())
