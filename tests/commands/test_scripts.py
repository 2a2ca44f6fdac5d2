from __future__ import annotations

import pytest

from declaim.errors import InputError
from declaim.model.source import SourceType
from declaim.scripts import parse_script
from tests.support.studios import SCRIPT, add_script

CHANGELOG = """# Changelog for Lantern

## [1.2.0] - 2026-03-04

### Added

- A night mode for the reader

## [1.1.0] - 2026-02-01

### Fixed

- Crash on an empty page
"""


def test_typed_text_is_kept_even_where_it_does_not_parse(studio, project_id):
    _, script_id = add_script(studio)
    broken = SCRIPT.replace("{pause:short}", "{puase:short}")
    studio.scripts.save_text(script_id, broken)
    assert studio.scripts.row(script_id).text == broken
    assert "Did you mean {pause" in str(studio.scripts.problem(script_id))
    assert len(studio.scripts.lines(script_id)) == 7


def test_typing_in_one_go_is_one_step_of_undo(studio, project_id):
    _, script_id = add_script(studio)
    for text in ("Wow", "Wow, and", "Wow, and more"):
        studio.scripts.save_text(script_id, SCRIPT.replace("Everywhere, or just the editor?", text))
    assert studio.undo() == "Edit script"
    assert studio.scripts.parsed(script_id) == parse_script(SCRIPT)
    studio.redo()
    assert studio.scripts.lines(script_id)[1].text == "Wow, and more"


def test_a_line_put_in_between_leaves_the_rows_of_the_others(studio, project_id):
    _, script_id = add_script(studio)
    before = [line.line_id for line in studio.scripts.lines(script_id)]
    studio.scripts.save_text(script_id, SCRIPT.replace("## Fixes", "[HOST1]: One more thing.\n\n## Fixes"))
    after = [line.line_id for line in studio.scripts.lines(script_id)]
    assert [line_id for line_id in after if line_id in before] == before
    assert len(after) == 8


def test_renaming_a_script_renames_it_in_its_text(studio, project_id):
    _, script_id = add_script(studio)
    studio.scripts.rename(script_id, "MyApp two")
    assert studio.scripts.parsed(script_id).title == "MyApp two"
    with pytest.raises(InputError):
        studio.scripts.rename(script_id, "  ")


def test_restoring_a_version_keeps_the_present_one(studio, project_id):
    _, script_id = add_script(studio)
    first = studio.scripts.versions(script_id)[0]
    studio.scripts.save_text(script_id, "# New\n\n[NARRATOR]: All new.\n")
    studio.scripts.restore(script_id, first)
    assert parse_script(studio.scripts.row(script_id).text) == parse_script(SCRIPT)
    assert [version.reason for version in studio.scripts.versions(script_id)] == ["restored", "edited", "created"]
    assert studio.scripts.versions(script_id)[1].text == "# New\n\n[NARRATOR]: All new.\n"
    assert studio.scripts.row(script_id).title == "MyApp 2.0.0"
    assert studio.undo() == "Restore version"
    assert studio.scripts.lines(script_id)[0].text == "All new."
    assert studio.scripts.row(script_id).title == "New"


def test_writing_a_document_makes_a_script_whose_lines_know_their_source(studio, project_id):
    with studio.library.transaction("Add"):
        document_id = studio.library.documents.add(
            project_id, None, "Changelog for Lantern", SourceType.CHANGELOG, CHANGELOG, "CHANGELOG.md"
        )
    made = []
    studio.scripts.write(document_id, done=made.append)
    lines = studio.scripts.lines(made[0])
    told = next(line for line in lines if "night mode" in line.text)
    assert told.source_lines == (7, 7)
    assert studio.scripts.document(made[0]).id == document_id
    sources = []
    studio.scripts.source(made[0], sources.append)
    assert [release.version for release in sources[0].releases] == ["1.2.0", "1.1.0"]


def test_the_spoken_form_uses_the_words_of_the_project(studio, project_id):
    from declaim.model.lexicon import LexiconEntry, LexiconScope

    _, script_id = add_script(studio)
    studio.lexicons.add(LexiconEntry("MyApp", "my app", scope=LexiconScope.PROJECT), project_id)
    spoken = []
    studio.scripts.spoken(script_id, spoken.append)
    assert "my app" in spoken[0][0].text
    assert "MyApp" in spoken[0][0].shown
