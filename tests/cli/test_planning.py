"""What ``render --plan`` foretells is what the render then does: lines, cost and refusals; and it leaves no trace."""

from __future__ import annotations

import importlib.util
import json

import pytest
from click.testing import CliRunner

from declaim.audio import write_flac
from declaim.cli.group import declaim
from declaim.storage import Library
from tests.support.gemini_server import GeminiServer
from tests.support.voices import tone

LINES = ["This is the first line of a script.", "Here is the second one, which is longer.", "And a third."]


def script_of(*lines: str) -> str:
    said = (line if line.startswith("[") else f"[NARRATOR]: {line}" for line in lines)
    return "\n\n".join(("# Plans", *said)) + "\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "a.script.md").write_text(script_of(*LINES))
    return lambda *arguments: CliRunner().invoke(declaim, ["render", "a.script.md", *map(str, arguments)])


@pytest.fixture
def gemini(monkeypatch):
    with GeminiServer().in_environment(monkeypatch) as server:
        yield server


def everything_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ((), LINES),
        ((), [LINES[0]] * 5),
        ((), ["{pause:1s}", LINES[0], "...", "{laugh}"]),
        ((), [f"[HOST{1 + at % 2}]: {line}" for at, line in enumerate(LINES * 2)]),
        (LINES, LINES),
        (LINES, [LINES[0], "Here is another second one.", LINES[2], LINES[0]]),
        (LINES, ["First of all, a new one.", *LINES]),
    ],
    ids=["fresh", "twins", "quiet lines", "two hosts", "all ready", "one changed", "one new"],
)
@pytest.mark.parametrize("again", [(), ("--no-cache",)])
def test_a_render_speaks_and_costs_what_its_plan_said(run, gemini, tmp_path, before, now, again):
    script, chosen = tmp_path / "here" / "a.script.md", ("-o", "a.wav", "--voice", "gemini:Kore", "--cast", "HOST2=gemini:Puck")
    if before:
        script.write_text(script_of(*before))
        assert run(*chosen).exit_code == 0
    script.write_text(script_of(*now))
    untouched, asked = everything_in(tmp_path), len(gemini.asked)
    plan = json.loads(run(*chosen, *again, "--plan", "--json").stdout)
    assert (everything_in(tmp_path), len(gemini.asked)) == (untouched, asked)

    made = json.loads(run(*chosen, *again, "--json").stdout)
    assert (plan["lines"], plan["ready_lines"]) == (made["lines"], made["cached_lines"])
    assert len(plan["stale_lines"]) == made["rendered_lines"]
    assert plan["cost_usd"] == pytest.approx(made.get("cost_usd", 0), rel=0.2)
    assert not plan["asks_first"]


def test_a_plan_says_where_a_render_would_ask(run, gemini, tmp_path):
    library = Library.open(tmp_path / "library")
    with library.transaction("Limit"):
        library.settings.put("confirm_above_usd", 0.0)
    library.close()
    chosen = ("--library", tmp_path / "library", "render", "a.script.md", "-o", "a.wav", "--voice", "gemini:Kore")

    def of_library(*more):
        return CliRunner().invoke(declaim, [*map(str, chosen), *more])

    assert "more than your limit of $0.00" in of_library("--plan").stdout
    assert json.loads(of_library("--plan", "--json").stdout)["asks_first"]
    assert of_library().exit_code == 1
    assert "limit" not in of_library("--plan", "--yes").stdout
    assert of_library("--yes").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("-o", "a.mp3", "--voice", "gemini:Kore"),
        ("-o", "a.mp3", "--voice", "gemini:Nobody"),
        ("-o", "a.mp3", "--voice", "nowhere:nobody"),
        ("-o", "a.mp3", "--intro", "nope.mp3"),
        ("-o", "a.mp3", "--bed", "a.script.md"),
        ("-o", "a.mp3", "--cover", "nope.png"),
        ("-o", "folder.mp3"),
        ("-o", "a.script.md/a.mp3"),
        ("-o", "a.script.md/deeper/a.mp3"),
        ("-o", "a.m4b"),
        ("-o", "new/a.m4b"),
        pytest.param(
            ("-o", "a.mp3", "--verify"),
            marks=pytest.mark.skipif(importlib.util.find_spec("faster_whisper") is not None, reason="a recogniser is there"),
        ),
    ],
    ids=" ".join,
)
def test_a_plan_refuses_what_the_render_refuses_with_the_same_words(run, tmp_path, monkeypatch, arguments):
    monkeypatch.setenv("PATH", "")  # no ffmpeg
    (tmp_path / "here" / "folder.mp3").mkdir()
    untouched = everything_in(tmp_path)
    plan = run(*arguments, "--plan")
    assert everything_in(tmp_path) == untouched
    made = run(*arguments)
    assert (plan.exit_code, made.exit_code) == (1, 1)
    assert plan.stderr == made.stderr != ""


@pytest.mark.parametrize("text", ["", "[NARRATOR]: {puase:short}\n", "# Only a title\n"])
def test_a_plan_refuses_a_script_that_cannot_be_spoken(run, tmp_path, text):
    (tmp_path / "here" / "a.script.md").write_text(text)
    plan, made = run("-o", "a.mp3", "--plan"), run("-o", "a.mp3")
    assert plan.exit_code == made.exit_code == 1
    assert plan.stderr == made.stderr != ""


def test_a_plan_makes_no_folder_and_keeps_no_measure_of_music(run, gemini, tmp_path):
    clip = tone(2.0)
    write_flac(tmp_path / "intro.flac", [clip.samples], clip.rate_hz)
    untouched = everything_in(tmp_path)
    chosen = ("-o", "new/er/a.mp3", "--intro", tmp_path / "intro.flac", "--voice", "gemini:Kore")
    assert run(*chosen, "--plan").exit_code == 0
    assert everything_in(tmp_path) == untouched
    assert run(*chosen).exit_code == 0
    assert (tmp_path / "here" / "new" / "er" / "a.mp3").is_file()
