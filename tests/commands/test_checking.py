"""A model's lines, checked against the document behind them, again after each edit."""

from __future__ import annotations

import dataclasses
import json

import pytest

from declaim.commands.writing import words_sent
from declaim.documents import parse_source
from declaim.model.script import Doubt, ScriptSettings
from declaim.scripts import format_script
from tests.scripts.test_gemini_writer import CHANGELOG, script
from tests.support.gemini_server import GeminiServer, streamed

MADE_UP = script(
    ("NARRATOR", "The editor has a dark mode since 2019.", 7, 7), ("NARRATOR", "The login no longer times out.", 12, 12)
)


@pytest.fixture
def server(monkeypatch):
    with GeminiServer().in_environment(monkeypatch) as server:
        yield server


@pytest.fixture
def written(studio, project_id, server):
    """A script that Gemini wrote again, from a document of the library."""
    made = []
    studio.importing.import_text(CHANGELOG, project_id, done=lambda imported: made.extend(imported.scripts))
    [script_id] = made
    settings = dataclasses.replace(studio.scripts.settings(script_id), writer="gemini")
    studio.scripts.set_settings(script_id, settings)
    server.enqueue(streamed(json.dumps(MADE_UP)))
    pieces, outcomes = [], []
    studio.rewriting.regenerate(script_id, outcomes.append, outcomes.append, pieces.append)
    assert str(outcomes[0].outcome) == "replaced", outcomes
    return script_id, pieces


def doubts_of(studio, script_id):
    found = []
    studio.scripts.source(script_id, lambda source: studio.checking.doubts(script_id, source, found.append))
    return found[-1]


def test_the_answer_is_told_piece_by_piece(written):
    _, pieces = written
    assert len(pieces) > 1
    assert '"chapters"' in "".join(pieces)


def test_what_the_source_lacks_is_found_and_gone_once_it_is_mended(studio, written):
    script_id, _ = written
    assert doubts_of(studio, script_id) == (Doubt(0, ("2019",)),)
    text = studio.scripts.row(script_id).text
    studio.scripts.save_text(script_id, text.replace(" since 2019", ""))
    assert doubts_of(studio, script_id) == ()


def test_lines_of_other_writers_are_not_doubted(studio, project_id):
    made = []
    studio.importing.import_text(CHANGELOG, project_id, done=lambda imported: made.extend(imported.scripts))
    assert doubts_of(studio, made[0]) == ()


def test_a_bad_answer_leaves_the_script_as_it_was(studio, project_id, server):
    made, refused = [], []
    studio.importing.import_text(CHANGELOG, project_id, done=lambda imported: made.extend(imported.scripts))
    [script_id] = made
    before = studio.scripts.row(script_id).text
    studio.scripts.set_settings(script_id, dataclasses.replace(studio.scripts.settings(script_id), writer="gemini"))
    server.enqueue(*[streamed('{"title": "x", "chapters": [{"ti', finish="MAX_TOKENS") for _ in range(3)])
    studio.rewriting.regenerate(script_id, made.append, refused.append)
    assert "Your script is unchanged" in str(refused[0])
    assert studio.scripts.row(script_id).text == before
    assert format_script(studio.scripts.parsed(script_id))


def test_only_the_chosen_release_is_counted_as_sent():
    source = parse_source(CHANGELOG)
    newest, everything = words_sent(source, ScriptSettings()), words_sent(source, ScriptSettings(release="all"))
    assert 0 < newest < everything <= len(CHANGELOG.split())
