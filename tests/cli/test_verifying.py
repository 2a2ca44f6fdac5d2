"""``render --verify`` in the terminal, with and without a recogniser."""

from __future__ import annotations

import importlib.util
import json

import pytest
from click.testing import CliRunner

from declaim.cli.group import declaim

LINE = "# Hello\n\n[NARRATOR]: The editor keeps every word as you type it.\n"
is_installed = importlib.util.find_spec("faster_whisper") is not None


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(declaim, ["--library", str(tmp_path / "library"), *arguments])


@pytest.mark.skipif(is_installed, reason="the [verify] extra is installed")
def test_without_a_recogniser_it_says_how_to_install_one_and_makes_nothing(run, tmp_path):
    (tmp_path / "a.script.md").write_text(LINE)
    result = run("render", "a.script.md", "-o", "a.mp3", "--verify")
    assert result.exit_code == 1
    assert "pip install 'declaim[verify]'" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "a.mp3").exists()


@pytest.mark.skipif(not is_installed, reason="the [verify] extra is not installed")
@pytest.mark.voices
@pytest.mark.slow
def test_what_piper_says_is_heard(run, tmp_path):
    (tmp_path / "a.script.md").write_text(LINE)
    found = json.loads(run("render", "a.script.md", "-o", "a.mp3", "--verify", "--json").stdout)
    assert found["suspect_lines"] == []
