"""Projects, folders, documents, scripts, versions, lexicon."""

from __future__ import annotations

import pytest

from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.model.library import RecordingType
from declaim.model.source import SourceType


@pytest.fixture
def project(library):
    with library.transaction("New project"):
        return library.projects.add("MyApp")


def test_a_project_is_found_by_its_name(library, project):
    assert library.projects.find("MyApp").id == project
    assert library.projects.find("myapp ") is None


def test_projects_come_by_name(library):
    with library.transaction("New"):
        for name in ("beta", "Alpha", "gamma"):
            library.projects.add(name)
    assert [row.name for row in library.projects.all()] == ["Alpha", "beta", "gamma"]


def test_a_name_is_kept_on_one_line(library):
    with library.transaction("New"):
        project = library.projects.add("  My\n\tApp\0 ")
    assert library.projects.get(project).name == "My App"


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_blank_name_is_refused(library, project, name):
    with pytest.raises(InputError, match="needs a name"), library.transaction("Rename"):
        library.projects.rename(project, name)


def test_what_is_gone_says_so(library):
    for get in (library.projects.get, library.folders.get, library.documents.get, library.scripts.get, library.recordings.get):
        with pytest.raises(InputError, match=r"There is no .* 99"):
            get(99)


def test_text_that_is_no_unicode_is_kept_as_well_as_can_be(library, project):
    with library.transaction("Import"):
        document = library.documents.add(project, None, "x", SourceType.CHANGELOG, "# Ü\0 \U0001f600", "/tmp/\udcff.md")
    row = library.documents.get(document)
    assert (row.markdown, row.origin, row.source_type) == ("# Ü\0 \U0001f600", "/tmp/?.md", SourceType.CHANGELOG)


def test_lists_leave_out_what_is_long(library, project):
    with library.transaction("Import"):
        document = library.documents.add(project, None, "Notes", SourceType.DOCUMENT, "long " * 1000)
        library.scripts.add(project, None, document, "Notes", "long " * 1000, {"tone": "casual"})
    assert library.documents.of(project)[0].markdown == ""
    (script,) = library.scripts.of_document(document)
    assert (script.text, script.settings, script.title) == ("", {}, "Notes")
    assert library.scripts.get(script.id).settings == {"tone": "casual"}


def test_a_folder_lies_in_its_own_project_only(library, project):
    with library.transaction("New"):
        folder = library.folders.add(project, "Releases")
        other = library.projects.add("Other")
    with pytest.raises(InputError, match=f"no folder {folder} in project {other}"), library.transaction("New"):
        library.scripts.add(other, folder, None, "Title")


def test_a_folder_cannot_be_moved_into_itself(library, project):
    with library.transaction("New"):
        outer = library.folders.add(project, "Outer")
        inner = library.folders.add(project, "Inner", outer)
        innermost = library.folders.add(project, "Innermost", inner)
    for target in (outer, innermost):
        with pytest.raises(InputError, match="inside itself"), library.transaction("Move"):
            library.folders.move(outer, project, target)


def test_a_folder_takes_everything_along_to_another_project(library, project):
    with library.transaction("New"):
        other = library.projects.add("Other")
        outer = library.folders.add(project, "Outer")
        inner = library.folders.add(project, "Inner", outer)
        document = library.documents.add(project, inner, "Doc", SourceType.DOCUMENT, "text")
        script = library.scripts.add(project, inner, document, "Script")
        take = library.recordings.add(project, inner, type=RecordingType.CONVERSION, label="Take", script_id=script)
    with library.transaction("Move"):
        library.folders.move(outer, other)
    assert library.folders.of(project) == ()
    assert {folder.id for folder in library.folders.of(other)} == {outer, inner}
    assert library.documents.get(document).project_id == other
    assert library.scripts.get(script).project_id == other
    assert library.recordings.get(take).project_id == other
    library.undo()
    assert library.recordings.get(take).project_id == project


def test_a_script_takes_its_recordings_along(library, project):
    with library.transaction("New"):
        folder = library.folders.add(project, "Releases")
        script = library.scripts.add(project, None, None, "Script")
        take = library.recordings.add(project, type=RecordingType.CONVERSION, label="Take", script_id=script)
        library.scripts.move(script, project, folder)
    assert library.recordings.get(take).folder_id == folder


def test_what_a_writer_left_out_is_kept(library, project):
    with library.transaction("Write"):
        script = library.scripts.add(project, None, None, "Title", left_out=[{"text": "code", "reason": "not spoken"}])
    assert library.scripts.left_out(script) == [{"text": "code", "reason": "not spoken"}]


def test_versions_come_newest_first(library, project):
    with library.transaction("Write"):
        script = library.scripts.add(project, None, None, "Title")
        first = library.versions.add(script, "one", "written", settings={"tone": "casual"})
        library.versions.add(script, "two", "edited")
    assert [(row.text, row.reason) for row in library.versions.of(script)] == [("two", "edited"), ("one", "written")]
    assert library.versions.get(first).settings == {"tone": "casual"}
    with pytest.raises(InputError):
        library.versions.get(99)


def test_the_user_and_each_project_have_a_lexicon(library, project):
    with library.transaction("Words"):
        library.lexicon.put(None, LexiconEntry("kubectl", "kube control"))
        library.lexicon.put(project, LexiconEntry("SQL", "sequel", case_sensitive=True))
        library.lexicon.put(project, LexiconEntry(r"v(\d+)", r"version \1", is_regex=True))
    assert [(entry.written, entry.scope) for entry in library.lexicon.of(None)] == [("kubectl", LexiconScope.USER)]
    assert [(entry.written, entry.scope) for entry in library.lexicon.of(project)] == [
        ("SQL", LexiconScope.PROJECT),
        (r"v(\d+)", LexiconScope.PROJECT),
    ]


def test_a_word_that_is_there_is_said_anew(library):
    with library.transaction("Words"):
        library.lexicon.put(None, LexiconEntry("SQL", "sequel"))
        library.lexicon.put(None, LexiconEntry("SQL", "ess queue ell"))
        library.lexicon.put(None, LexiconEntry("SQL", "es ku el", language="de"))
    assert [(entry.spoken, entry.language) for entry in library.lexicon.of(None)] == [("ess queue ell", "en"), ("es ku el", "de")]
    with library.transaction("Remove"):
        assert library.lexicon.remove(None, "SQL")
        assert not library.lexicon.remove(None, "SQL")
    assert library.lexicon.of(None) == ()
