from __future__ import annotations

import pytest

from declaim.commands.scripts import EDITING_PAUSE_S, Scripts
from declaim.scripts import ChangeKind
from tests.support.studios import SCRIPT, add_script


@pytest.fixture
def script_id(studio, project_id):
    return add_script(studio)[1]


def history(studio, script_id):
    found = []
    studio.versions.history(script_id, found.extend)
    return found


def test_the_list_says_how_long_each_version_is_and_what_it_changed(studio, script_id):
    studio.scripts.save_text(script_id, SCRIPT.replace("Everywhere, or just the editor?", "Everywhere?"))
    newest, first = history(studio, script_id)
    assert (newest.changed, first.changed) == ("1 line changed", "")
    assert newest.is_present
    assert not first.is_present
    assert first.words - newest.words == 4
    assert len(history(studio, script_id)) == 2


def test_each_editing_pause_makes_a_version(studio, script_id):
    now = [1000.0]
    scripts = Scripts(studio.library, studio.voices, studio.jobs, clock=lambda: now[0])
    for text, pause in (("One", 5), ("One two", 5), ("One two three", EDITING_PAUSE_S), ("Four", 5), ("Four five", 5)):
        scripts.save_text(script_id, f"[HOST1]: {text}\n")
        now[0] += pause
    assert [version.text for version in scripts.versions(script_id)[:-1]] == ["[HOST1]: One two three\n"]


def test_a_version_with_a_mistake_can_be_compared_and_taken_back(studio, script_id):
    broken = "[HOST1]: Hello {puase:short}\n"
    studio.scripts.save_text(script_id, broken)
    assert history(studio, script_id)[0].changed
    changes = []
    studio.versions.compare(SCRIPT, broken, changes.extend)
    assert {change.kind for change in changes} > {ChangeKind.REMOVED}
    studio.scripts.save_text(script_id, SCRIPT)
    version = next(view.row for view in history(studio, script_id) if view.row.text == broken)
    studio.versions.restore(version)
    assert studio.scripts.row(script_id).text == broken


def test_a_line_that_was_changed_beside_one_that_was_removed_is_told_apart(studio, script_id):
    text = SCRIPT.replace("[HOST2]: And startup dropped from 1.2 seconds to 0.7.\n\n", "").replace("this week", "today")
    studio.scripts.save_text(script_id, text)
    assert history(studio, script_id)[0].changed == "1 line changed, 1 removed"
