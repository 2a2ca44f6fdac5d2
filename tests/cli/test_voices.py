"""The catalogue in the terminal: narrowed, favourites, downloads."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from declaim.cli.group import declaim
from declaim.voices import Access
from tests.support.voice_server import KEY, VoiceServer, tiny_files


def run(*arguments):
    return CliRunner().invoke(declaim, ["voices", *arguments])


def ids(*arguments):
    return [voice["id"] for voice in json.loads(run(*arguments, "--json").stdout)]


@pytest.fixture
def server():
    with VoiceServer(tiny_files()) as running:
        Access().choose("piper", base_url=running.origin)
        yield running


def test_words_and_gender_narrow_the_list():
    assert ids("--search", "joe piper") == ["piper:joe"]
    assert "piper:joe" not in ids("--gender", "female")
    assert ids("--engine", "kokoro", "--gender", "male") == ["kokoro:jm_kumo"]


def test_a_voice_says_exactly_what_it_always_said():
    [joe] = json.loads(run("--search", "joe", "--json").stdout)
    assert set(joe) - {"needs"} == {"id", "name", "engine", "language", "gender", "ready"}


def test_favourites_are_kept_in_the_library():
    assert ids("--favourites") == []
    assert run("--favourite", "piper:joe").exit_code == 0
    assert ids("--favourites") == ["piper:joe"]
    assert "no favourite any more" in run("--unfavourite", "piper:joe").stderr
    assert ids("--favourites") == []


def test_an_unknown_voice_cannot_be_a_favourite():
    result = run("--favourite", "piper:jo")
    assert result.exit_code == 1
    assert "piper:joe" in result.stderr


def test_what_is_offered_says_size_and_licence():
    result = run("--offered", "--engine", "kokoro", "--language", "en-GB")
    assert "kokoro:bf_emma" in result.stdout
    assert "522 kB" in result.stdout
    assert "Apache-2.0" in result.stdout


def test_a_voice_is_downloaded_listed_and_removed(server):
    assert KEY in run("--read-offers").stdout
    assert run("--download", KEY).exit_code == 0
    assert ids("--search", "jolly") == [f"piper:{KEY}"]
    assert f"piper:{KEY}" not in ids("--offered")
    assert run("--remove", f"piper:{KEY}").exit_code == 0
    assert ids("--search", "jolly") == []


def test_a_download_that_fails_says_why_in_one_line(server):
    result = run("--download", "piper:amy")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].startswith("Error: The source's list has no voice")
    assert run("--download", "piper:nobody").exit_code == 1
    assert run("--remove", "piper:joe").exit_code == 1
