"""The cloud from the terminal: voices, the writer, a render; and what is said where a key is missing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from declaim.cli import group
from declaim.storage import Library
from tests.support.elevenlabs_server import ElevenLabsServer
from tests.support.gemini_server import GeminiServer

NOTES = "# Anvil\n\n## 1.1.0\n\n- Dark mode is here.\n"


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(group.declaim, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def gemini(monkeypatch):
    with GeminiServer().in_environment(monkeypatch) as server:
        yield server


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "CHANGELOG.md"
    path.write_text(NOTES, encoding="utf-8")
    return path


def test_voices_say_which_key_they_need(run):
    listed = json.loads(run("voices", "--engine", "gemini", "--json").stdout)
    assert len(listed) == 30
    assert listed[0]["needs"] == "Add a Gemini key in Settings › Voices, or set GEMINI_API_KEY."


def test_the_voices_of_an_account_are_read(run, monkeypatch):
    server = ElevenLabsServer()
    with server.running() as url:
        monkeypatch.setenv("ELEVENLABS_BASE_URL", url)
        monkeypatch.setenv("ELEVENLABS_API_KEY", server.key)
        assert [voice["name"] for voice in json.loads(run("voices", "--engine", "elevenlabs", "--json").stdout)] == [
            "Your voices"
        ]
        listed = json.loads(run("voices", "--engine", "elevenlabs", "--read", "--json").stdout)
        assert [(voice["name"], voice["ready"]) for voice in listed] == [("Vera", True), ("Otto", True)]
        assert json.loads(run("voices", "--engine", "elevenlabs", "--json").stdout) == listed


def test_a_script_by_gemini_tells_its_doubts(run, gemini, notes):
    line = {"speaker": "NARRATOR", "text": "Dark mode and 12 more.", "first_source_line": 5, "last_source_line": 5}
    gemini.script = {"title": "Anvil", "chapters": [{"title": "News", "lines": [line]}]}
    result = run("script", notes, "--writer", "gemini")
    assert result.exit_code == 0
    assert "[NARRATOR]: Dark mode and 12 more." in result.stdout
    assert "Line 1 says what its source lines do not: 12" in result.stderr


def test_a_render_without_a_key_says_how_to_add_one(run, notes, tmp_path):
    result = run("render", notes, "-o", tmp_path / "out.wav", "--voice", "gemini:Kore")
    assert result.exit_code == 1
    assert "Add a Gemini key in Settings › Voices, or set GEMINI_API_KEY." in result.stderr
    assert run("script", notes, "--writer", "gemini").exit_code == 1


def test_a_render_with_gemini_makes_a_file(run, gemini, notes, tmp_path):
    result = run("render", notes, "-o", tmp_path / "out.wav", "--voice", "gemini:Kore", "--loudness", "none", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["rendered_lines"] == len(gemini.asked) > 0
    assert (tmp_path / "out.wav").stat().st_size > 10_000
    assert told["cost_usd"] > 0


@pytest.fixture
def limited(tmp_path, monkeypatch):
    """A library whose user wants to be asked before a hundredth of a cent."""
    monkeypatch.setenv("DECLAIM_LIBRARY", str(tmp_path / "library"))
    with Library.open(tmp_path / "library") as library, library.transaction("Limit", undoable=False):
        library.settings.put("confirm_above_usd", 0.0)


def test_a_render_above_the_limit_says_how_to_agree(run, gemini, notes, tmp_path, limited):
    order = ("render", notes, "-o", tmp_path / "out.wav", "--voice", "gemini:Kore", "--loudness", "none")
    refused = run(*order)
    assert refused.exit_code == 1
    assert "more than your limit of $0.00. Pass --yes to agree to it" in refused.stderr
    assert not gemini.asked
    agreed = run(*order, "--yes")
    assert agreed.exit_code == 0
    assert gemini.asked
    assert ", for $0.00" in agreed.stderr


def test_a_render_without_a_network_says_so(run, notes, tmp_path, monkeypatch):
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://no-such-host.invalid")
    monkeypatch.setenv("GEMINI_API_KEY", "k" * 20)
    monkeypatch.setattr("declaim.voices.limiter.FIRST_WAIT_S", 0.01)
    result = run("render", notes, "-o", tmp_path / "out.wav", "--voice", "gemini:Kore")
    assert result.exit_code == 1
    assert "no network. Connect, then render again. Finished lines are kept." in result.stderr


@pytest.mark.parametrize(("answer", "exit_code", "is_sent"), [("y\n", 0, True), ("n\n", 1, False)])
def test_who_sits_at_a_terminal_is_asked(gemini, notes, tmp_path, limited, monkeypatch, answer, exit_code, is_sent):
    monkeypatch.setattr("declaim.cli.producing.may_ask", lambda: True)
    order = ("render", notes, "-o", tmp_path / "out.wav", "--voice", "gemini:Kore", "--loudness", "none")
    result = CliRunner().invoke(group.declaim, [str(word) for word in order], input=answer)
    assert result.exit_code == exit_code
    assert "more than your limit of $0.00. Go on? [y/N]" in result.stderr
    assert bool(gemini.asked) is is_sent
    assert is_sent or "Nothing was sent, and nothing was paid." in result.stderr
