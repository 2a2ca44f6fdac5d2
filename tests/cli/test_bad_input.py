"""Bad input through the terminal: a script, or one clear line with the cure; never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from declaim.cli.group import declaim
from tests.support.voices import install_plugin

NESTED = "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(40))
READ = {
    "broken.md": ("# A\n\n**bold *it [x](y\n\n| a | b\n|--\n> q\n![\n<div><p>hi\n", "hi"),
    "fence.md": ("# A\n\nText here.\n\n```python\nprint(1)\nnever closed\n", "Text here"),
    "html.md": ("# A\n\n<script>alert(1)</script>Words\n\nmore <!-- never closed\n", "more"),
    "unclosed.html": ("<html><body><h1>Title</h1><p>One<p>Two <b>bold<table><tr><td>x<script>alert(1)", "Two bold"),
    "long_line.md": ("# A\n\n" + "word " * 20_000, "word word"),
    "right_to_left.md": ("# שלום\n\nשלום עולם.\n", "שלום עולם"),
    "nested.md": (f"# A\n\n{NESTED}", "Level 39"),
}
REFUSED = {
    "one_word.md": ("# \n\n" + "[" * 100_000, "no words to speak"),
    "nulls.md": ("# A\n\nHello\0world.\n", "binary data, not text"),
    "deep.json": ("[" * 100_000, "not JSON"),
    "entities.docx": ("no zip", "is damaged"),
    "junk.pdf": ("%PDF-1.4 junk", "damaged"),
}


def run(*arguments):
    result = CliRunner().invoke(declaim, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_becomes_a_script(tmp_path, name):
    text, words = READ[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("script", str(tmp_path / name), "--json")
    assert result.exit_code == 0
    spoken = " ".join(line["text"] for line in json.loads(result.stdout)["lines"])
    assert words in spoken
    assert not any(rest in spoken for rest in ("alert", "<!--", "print(1)", "```"))


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path, name):
    text, words = REFUSED[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("script", str(tmp_path / name))
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def commands(command=declaim, path=()):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), (*path, name))
    else:
        yield path, command


def float_options():
    """Each with all that its command cannot do without."""
    for path, command in commands():
        needed = []
        for param in command.params:
            if param.required:
                value = next(iter(param.type.choices)) if isinstance(param.type, click.Choice) else "1.wav"
                needed += [param.opts[0], value] if isinstance(param, click.Option) else [value]
        for param in command.params:
            if param.type.name.startswith("float"):
                yield pytest.param([*path, *needed], param.opts[0], id=f"{' '.join(path)} {param.opts[0]}")


@pytest.mark.parametrize(("command", "option"), list(float_options()))
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_is_none_is_a_wrong_argument(command, option, value):
    failed = run(*command, f"{option}={value}")
    assert failed.exit_code == 2
    assert f"Invalid value for '{option}'" in failed.stderr


def test_a_reader_that_has_had_enough_is_no_error(tmp_path):
    source = tmp_path / "long.md"
    source.write_text("# A\n\n" + "One more sentence. " * 20_000)
    command = [sys.executable, "-m", "declaim", "script", str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == b""


def render_with_plugin(folder, voice, value, source, lines):
    """A render in the terminal by the voice of a plug-in."""
    (folder / "plugins").mkdir()
    install_plugin(folder / "plugins", name=voice.partition(":")[0], value=value, source=source)
    (folder / "a.script.md").write_text("# One\n\n" + "\n".join(f"[NARRATOR]: {line}" for line in lines), encoding="utf-8")
    root = Path(__file__).parents[2]
    places = (root, root / "src", folder / "plugins")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places)), "DECLAIM_LIBRARY": str(folder / "library")}
    command = [sys.executable, "-m", "declaim", "render", "a.script.md", "-o", "a.mp3", "--voice", voice]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def test_a_crash_inside_an_engine_is_told_without_a_traceback(tmp_path):
    source = """
from tests.support.voices import ScriptedEngine


class Broken(ScriptedEngine):
    def __init__(self):
        super().__init__("broken", voices=("marvin",))

    def speak(self, request, cancel):
        raise ZeroDivisionError("oops")
"""
    ran = render_with_plugin(tmp_path, "broken:marvin", "broken_voices:Broken", source, ["Hello there."])

    assert ran.returncode == 1
    assert "Line 1 could not be spoken: Scripted broke on this line (ZeroDivisionError: oops)." in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the engine here ends itself by a signal")
def test_a_crash_of_native_code_leaves_the_program_and_the_other_lines_alone(tmp_path):
    source = """
from declaim.voices.apart import ApartEngine
from tests.support.fragile_engine import FragileEngine


def engine():
    return ApartEngine(FragileEngine)
"""
    lines = ["Hello there.", "This crashes.", "Goodbye."]
    ran = render_with_plugin(tmp_path, "fragile:ada", "fragile_voices:engine", source, lines)

    assert ran.returncode == 1
    assert "Line 2 could not be spoken: Scripted crashed on this line (SIGSEGV). Try again;" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(list((tmp_path / "library").rglob("*.flac"))) == 2, "the others are kept"
