"""What a model may have made up is marked where it stands, listed, and gone once it is mended."""

from __future__ import annotations

import dataclasses
import json

import pytest

from declaim.ui.script.script_page import ScriptPage
from tests.scripts.test_gemini_writer import CHANGELOG, script
from tests.support.gemini_server import GeminiServer, streamed

MADE_UP = script(
    ("NARRATOR", "The editor has a dark mode since 2019.", 7, 7), ("NARRATOR", "The login no longer times out.", 12, 12)
)


@pytest.fixture
def script_id(studio, monkeypatch):
    server = GeminiServer()
    server.enqueue(streamed(json.dumps(MADE_UP)))
    made = []
    with server.running() as url:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", url)
        monkeypatch.setenv("GEMINI_API_KEY", server.key)
        project_id = studio.projects.find_or_create("Anvil")
        studio.importing.import_text(CHANGELOG, project_id, done=lambda imported: made.extend(imported.scripts))
        settings = dataclasses.replace(studio.scripts.settings(made[0]), writer="gemini")
        studio.scripts.set_settings(made[0], settings)
        studio.rewriting.regenerate(made[0], lambda _rewrite: None)
    return made[0]


@pytest.fixture
def page(qtbot, studio, script_id):
    made = ScriptPage(studio)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    made.open_script(script_id)
    yield made
    made.close_script()
    made.hide()


def test_a_doubtful_line_is_marked_and_listed(page):
    assert page.editor.fact(0).doubts == ("2019",)
    assert page.editor.fact(1).doubts == ()
    assert page.header.doubts.text() == "1 line to check"
    assert [action.text() for action in page.header.doubts.menu().actions()] == ["Line 1: 2019"]
    page.grab()


def test_the_list_leads_to_the_line(page):
    page.editor.go_to_line(1)
    page.header.doubts.menu().actions()[0].trigger()
    assert page.editor.current_line == 0


def test_a_mended_line_is_doubted_no_more(page, studio, script_id):
    text = studio.scripts.row(script_id).text
    studio.scripts.save_text(script_id, text.replace(" since 2019", ""))
    page._refresh()
    assert page.editor.fact(0).doubts == ()
    assert not page.header.doubts.isVisible()


def test_a_script_by_hand_is_not_doubted(page, studio):
    other = studio.scripts.create(studio.projects.find_or_create("Other"))
    page.open_script(other)
    assert not page.header.doubts.isVisible()
