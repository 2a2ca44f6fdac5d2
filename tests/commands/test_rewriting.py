from __future__ import annotations

import dataclasses

import pytest

from declaim.commands.rewriting import Outcome
from declaim.errors import InputError
from declaim.model.script import Tone, Verbosity
from declaim.model.source import SourceType
from declaim.scripts import Choice
from tests.commands.test_scripts import CHANGELOG
from tests.support.studios import add_script


@pytest.fixture
def script_id(studio, project_id):
    with studio.library.transaction("Add"):
        document_id = studio.library.documents.add(
            project_id, None, "Changelog for Lantern", SourceType.CHANGELOG, CHANGELOG, "CHANGELOG.md"
        )
    made = []
    studio.scripts.write(document_id, done=made.append)
    return made[0]


def change(studio, script_id, **choices):
    settings = studio.scripts.settings(script_id).script
    studio.scripts.set_script_settings(script_id, dataclasses.replace(settings, **choices))


def regenerate(studio, script_id):
    made = []
    studio.rewriting.regenerate(script_id, made.append)
    return made[0]


def edit(studio, script_id, old, new):
    text = studio.scripts.row(script_id).text
    assert old in text
    studio.scripts.save_text(script_id, text.replace(old, new))


def test_a_script_that_nobody_edited_is_replaced_at_once_and_the_old_one_comes_back_by_undo(studio, script_id):
    before = studio.scripts.row(script_id).text
    change(studio, script_id, release="all")
    rewrite = regenerate(studio, script_id)
    assert rewrite.outcome is Outcome.REPLACED
    assert any("empty page" in line.text for line in studio.scripts.lines(script_id))
    assert [version.reason for version in studio.scripts.versions(script_id)] == ["regenerated", "written"]
    assert studio.undo() == "Write again"
    assert studio.scripts.row(script_id).text == before


def test_an_edit_is_kept_and_what_is_new_is_taken_in_one_step(studio, script_id):
    line = next(line for line in studio.scripts.lines(script_id) if "night mode" in line.text)
    edit(studio, script_id, line.text, "Night owls, rejoice.")
    edited = studio.scripts.row(script_id).text
    change(studio, script_id, release="all")
    rewrite = regenerate(studio, script_id)
    assert rewrite.outcome is Outcome.EDITED
    assert studio.scripts.row(script_id).text == edited
    studio.rewriting.apply(rewrite)
    texts = [line.text for line in studio.scripts.lines(script_id)]
    assert "Night owls, rejoice." in texts
    assert any("empty page" in text for text in texts)
    assert studio.undo() == "Write again"
    assert studio.scripts.row(script_id).text == edited


def test_the_users_choices_win(studio, script_id):
    line = next(line for line in studio.scripts.lines(script_id) if "night mode" in line.text)
    edit(studio, script_id, line.text, "Night owls, rejoice.")
    change(studio, script_id, tone=Tone.PROFESSIONAL)
    rewrite = regenerate(studio, script_id)
    conflict = next(at for at, hunk in enumerate(rewrite.merge.hunks) if "rejoice" in str(hunk.mine))
    studio.rewriting.apply(rewrite, {conflict: Choice.TAKE_NEW})
    assert "rejoice" not in studio.scripts.row(script_id).text
    assert any("rejoice" in version.text for version in studio.scripts.versions(script_id))


def test_after_a_merge_the_edit_is_still_known_as_one(studio, script_id):
    line = next(line for line in studio.scripts.lines(script_id) if "night mode" in line.text)
    edit(studio, script_id, line.text, "Night owls, rejoice.")
    change(studio, script_id, release="all")
    studio.rewriting.apply(regenerate(studio, script_id))
    change(studio, script_id, release="latest", verbosity=Verbosity.DETAILED)
    rewrite = regenerate(studio, script_id)
    assert rewrite.outcome is Outcome.EDITED
    studio.rewriting.apply(rewrite)
    assert "Night owls, rejoice." in studio.scripts.row(script_id).text


def test_a_merge_with_a_text_that_was_changed_since_is_refused(studio, script_id):
    edit(studio, script_id, "night mode", "evening mode")
    change(studio, script_id, release="all")
    rewrite = regenerate(studio, script_id)
    edit(studio, script_id, "evening mode", "dark mode")
    with pytest.raises(InputError, match="changed meanwhile"):
        studio.rewriting.apply(rewrite)


def test_a_script_whose_first_writing_is_not_known_loses_no_line(studio, script_id):
    with studio.library.transaction("Forget"):
        studio.library._database.write("DELETE FROM script_versions")
    edit(studio, script_id, "night mode", "evening mode")
    change(studio, script_id, release="all")
    rewrite = regenerate(studio, script_id)
    assert rewrite.outcome is Outcome.EDITED
    studio.rewriting.apply(rewrite)
    assert "evening mode" in studio.scripts.row(script_id).text


def test_the_same_settings_write_the_same_script(studio, script_id):
    assert regenerate(studio, script_id).outcome is Outcome.SAME
    assert len(studio.scripts.versions(script_id)) == 1


def test_what_cannot_be_written_again_says_why(studio, script_id, project_id):
    _, by_hand = add_script(studio)
    with pytest.raises(InputError, match="not made from a document"):
        studio.rewriting.regenerate(by_hand, lambda _rewrite: None)
    studio.scripts.save_text(script_id, "[HOST1]: {puase:short}\n")
    with pytest.raises(InputError, match="Line 1, column 10"):
        studio.rewriting.regenerate(script_id, lambda _rewrite: None)


def test_what_was_left_out_is_kept_with_its_reason(studio, project_id):
    text = "# Notes\n\nSome prose to read aloud.\n\n```\ncode()\n```\n"
    with studio.library.transaction("Add"):
        document_id = studio.library.documents.add(project_id, None, "Notes", SourceType.DOCUMENT, text, "notes.md")
    made = []
    studio.scripts.write(document_id, done=made.append)
    left = studio.scripts.left_out(made[0])
    assert [(one.source_lines, bool(one.reason)) for one in left] == [((5, 7), True)]
