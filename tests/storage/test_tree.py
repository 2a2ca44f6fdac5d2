from __future__ import annotations

from declaim.model.library import RecordingState, RecordingType
from declaim.model.source import SourceType


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
