from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from declaim.cli.group import declaim

CHANGELOG = """# Changelog for Lantern

## [1.2.0] - 2026-03-04

### Added

- A night mode for the reader (#12)
- `lantern --dim` for the terminal

## [1.1.0] - 2026-02-01

### Fixed

- Crash on an empty page
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the terminal in a folder of its own; an exception that escapes fails the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)

    def call(*arguments, stdin=None):
        result = CliRunner().invoke(declaim, [str(argument) for argument in arguments], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def test_script_prints_the_script_format(run):
    result = run("script", "CHANGELOG.md")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Lantern 1.2.0")
    assert "[NARRATOR]: " in result.stdout
    assert "night mode" in result.stdout
    assert "empty page" not in result.stdout


def test_script_json_has_the_agreed_keys(run):
    found = json.loads(run("script", "CHANGELOG.md", "--release", "all", "--json").stdout)
    assert set(found) == {"title", "chapters", "lines", "word_count", "estimated_seconds", "left_out"}
    assert set(found["lines"][0]) == {"speaker", "text", "source_lines"}
    assert set(found["chapters"][0]) == {"title", "first_line"}
    told = next(line for line in found["lines"] if "night mode" in line["text"])
    assert told["source_lines"][0] == 7
    assert all(set(left) == {"source_lines", "text", "reason"} for left in found["left_out"])


def test_source_lines_of_a_page_are_those_of_its_file(run, tmp_path):
    page = "<!doctype html>\n<html><body>\n<h1>Lantern</h1>\n<p>The reader has a night mode.</p>\n\n<p>It dims\nthe lamp.</p>\n"
    (tmp_path / "page.html").write_text(page)
    found = json.loads(run("script", "page.html", "--writer", "verbatim", "--json").stdout)
    places = {line["text"]: line["source_lines"] for line in found["lines"]}
    assert places["The reader has a night mode."] == [4, 4]
    assert places["It dims the lamp."] == [6, 7]


def test_script_writes_a_file_and_reads_standard_input(run, tmp_path):
    assert run("script", "-", "-o", "out.script.md", stdin=CHANGELOG).exit_code == 0
    assert "night mode" in (tmp_path / "out.script.md").read_text()


def test_the_options_of_script_change_it(run):
    host = run("script", "CHANGELOG.md", "--speakers", "2").stdout
    assert "[HOST1]" in host
    assert "[HOST2]" in host
    assert "empty page" in run("script", "CHANGELOG.md", "--release", "1.1.0").stdout
    assert "Glow" in run("script", "CHANGELOG.md", "--product-name", "Glow", "--cta", "Get it today.").stdout


def test_spoken_prints_one_line_for_each_line(run, tmp_path):
    (tmp_path / "a.script.md").write_text(
        "[HOST1]: The {say:kube control|kubectl} plugin, v2.0.0-rc.1.\n[HOST2]: See `--no-cache` (#88)\n"
    )
    assert (
        run("spoken", "a.script.md").stdout.splitlines()
        == [
            "The kube control plugin, version two point oh release candidate one.",
            "See the no cache flag",
        ]
        or run("spoken", "a.script.md").stdout.count("\n") == 2
    )
    found = json.loads(run("spoken", "a.script.md", "--json").stdout)
    assert found[0]["speaker"] == "HOST1"
    assert found[0]["shown"] == "The kubectl plugin, v2.0.0-rc.1."
    assert "kube control" in found[0]["spoken"]


def test_spoken_takes_plain_text_from_standard_input(run):
    result = run("spoken", "-", stdin="v2.0.0\n\nDark mode (#1234)\n")
    assert result.stdout.lower().splitlines() == ["version two point oh", "dark mode"]


def test_spoken_uses_a_lexicon_file(run, tmp_path):
    (tmp_path / "words.tsv").write_text("Lantern\tlan turn\n")
    result = run("spoken", "-", "--lexicon", "words.tsv", stdin="Lantern is out")
    assert result.stdout.strip() == "lan turn is out"


def test_voices_lists_every_local_voice(run):
    found = json.loads(run("voices", "--json").stdout)
    ids = [voice["id"] for voice in found]
    assert "piper:joe" in ids
    assert sum(voice["engine"] == "kokoro" for voice in found) == 5
    assert {"id", "name", "engine", "language", "gender", "ready"} <= set(found[0])
    assert {voice["engine"] for voice in json.loads(run("voices", "--engine", "kokoro", "--json").stdout)} == {"kokoro"}
    assert json.loads(run("voices", "--language", "xx", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("script", "gone.md"), 1, "gone.md"),
        (("script", "CHANGELOG.md", "--release", "9.9"), 1, "1.2.0"),
        (("script", "CHANGELOG.md", "--tone", "loud"), 2, "tone"),
        (("render", "CHANGELOG.md", "-o", "out.xyz"), 2, ".mp3"),
        (("render", "CHANGELOG.md", "-o", "out.mp3", "--voice", "piper:jo"), 1, "piper:joe"),
        (("render", "CHANGELOG.md", "-o", "out.mp3", "--cast", "HOST1"), 2, "SPEAKER=ID"),
        (("render", "CHANGELOG.md", "-o", "out.mp3", "--captions", "pdf"), 2, "srt"),
        (("render", "CHANGELOG.md", "-o", "CHANGELOG.md/out.mp3"), 1, "CHANGELOG.md"),
        (("spoken", "bad.script.md"), 1, "line 1"),
        (("script", "binary.md"), 1, "binary"),
        (("script", "empty.md"), 1, "empty"),
        (("script", "."), 1, "folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_the_cure(run, tmp_path, arguments, status, words):
    (tmp_path / "bad.script.md").write_text("[HOST1]: {puase:short}\n")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "empty.md").write_text("")
    result = run(*arguments)
    assert result.exit_code == status
    assert words.lower() in result.stderr.lower()
    assert "Traceback" not in result.output
    if status == 1:
        assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.voices
def test_render_makes_a_tagged_file_and_says_how(run, tmp_path):
    import mutagen

    (tmp_path / "a.script.md").write_text("# Hello\n\n[NARRATOR]: Hello there.\n")
    found = json.loads(run("render", "a.script.md", "-o", "a.mp3", "--captions", "srt,vtt", "--chapters", "--json").stdout)
    keys = "out seconds lines rendered_lines cached_lines wall_seconds first_audio_seconds realtime_factor integrated_lufs"
    assert set(found) == {*keys.split(), "true_peak_dbtp", "suspect_lines"}
    assert (found["lines"], found["rendered_lines"], found["cached_lines"]) == (1, 1, 0)
    assert str(mutagen.File(tmp_path / "a.mp3")["TIT2"]) == "Hello"
    assert "Hello there." in (tmp_path / "a.srt").read_text()
    again = json.loads(run("render", "a.script.md", "-o", "b.wav", "--json").stdout)
    assert (again["rendered_lines"], again["cached_lines"]) == (0, 1)


def test_render_writes_the_delivery_sheet_on_request_only(run, tmp_path):
    (tmp_path / "a.script.md").write_text("# Hello\n\n[NARRATOR]: Hello there.\n")
    silent = run("render", "a.script.md", "-o", "a.mp3", "--loudness", "acx")
    assert not list(tmp_path.glob("*.delivery.*"))
    assert "ACX" not in silent.stderr

    shown = run("render", "a.script.md", "-o", "a.mp3", "--loudness", "acx", "--sheet")
    sheet = json.loads((tmp_path / "a.delivery.json").read_text())
    assert sheet["standard"] == "acx"
    assert {row["what"] for row in sheet["rows"]} >= {"RMS", "Peak", "Noise floor", "Bit rate", "Length"}
    assert "Noise floor" in (tmp_path / "a.delivery.txt").read_text()
    assert "Noise floor" in shown.stderr


@pytest.mark.voices
def test_a_plan_says_what_would_be_spoken_and_why_and_does_nothing(run, tmp_path):
    script = tmp_path / "a.script.md"
    script.write_text("# Hello\n\n[NARRATOR]: Hello there.\n\n[HOST1]: {pause:1s}\n")
    fresh = run("render", "a.script.md", "-o", "a.mp3", "--plan").stdout.splitlines()
    assert fresh[0].startswith("1 line will render, 1 is ready")
    assert fresh[1:] == ["Line 1, NARRATOR: not spoken yet"]
    assert not (tmp_path / "a.mp3").exists()

    run("render", "a.script.md", "-o", "a.mp3")
    assert run("render", "a.script.md", "-o", "a.mp3", "--plan").stdout == "All 2 lines are ready\n"
    script.write_text(script.read_text().replace("there", "you"))
    found = json.loads(run("render", "a.script.md", "-o", "a.mp3", "--plan", "--json").stdout)
    assert (found["lines"], found["ready_lines"], found["cost_usd"]) == (2, 1, 0)
    assert found["stale_lines"] == [{"index": 0, "speaker": "NARRATOR", "text": "Hello you.", "reason": "text changed"}]
