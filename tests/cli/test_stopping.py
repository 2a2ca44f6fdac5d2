"""Signals to the real command, in each of its phases: what it says, its exit status, and what it leaves behind."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from declaim.cli.terminal import stoppable
from declaim.errors import AudioError, Cancelled
from declaim.process import Stopped
from tests.support.voices import install_plugin
from tests.support.warm_commands import ROOT, WarmCommands

if os.name == "nt":
    pytest.skip("there a process cannot be sent a signal but its end", allow_module_level=True)
pytestmark = pytest.mark.timeout(60)

STOPPED = "Stopped. What was finished is kept.\n"
PATIENCE_S = 20
ENGINE = """
import os
import time
from pathlib import Path

from tests.support.voices import ScriptedEngine


def reach(place):
    (Path(os.environ["PLACES"]) / place).touch()
    while os.environ["HOLD_AT"] == place:
        time.sleep(0.01)  # a signal that comes just before a sleep does not wake it


class RobotEngine(ScriptedEngine):
    def __init__(self):
        super().__init__("robot", voices=("marvin",))
        reach("found")

    def wake(self, voice):
        reach("loading")

    def speak(self, request, cancel):
        words = request.line.text
        if words.startswith("Long"):
            self.enqueue(25.0, text=words)
        elif words.startswith("Slow"):
            reach("speaking")
            cancel.wait(600)
        elif words.startswith("Paced"):
            cancel.wait(0.1)
        yield from super().speak(request, cancel)
"""
QUICK = "[ADA]: One line that is soon spoken.\n\n[ADA]: Another line of that kind.\n\n"
LONG = "".join(f"[ADA]: Long line {count}.\n\n" for count in range(3))
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg writes it")


class Running:
    """A command that runs, in a group of processes of its own, as a shell starts it."""

    def __init__(self, commands: WarmCommands, folder: Path, *arguments: str, text: str, hold_at: str) -> None:
        self.folder = folder
        (folder / "it.script.md").write_text(text)
        (folder / "places").mkdir(exist_ok=True)
        self._commands = commands
        env = {"DECLAIM_LIBRARY": str(folder / "library"), "PLACES": str(folder / "places"), "HOLD_AT": hold_at}
        self._process = commands.start(folder, list(arguments), env)
        self._has_ended = False

    def wait_for(self, pattern: str) -> None:
        """Until there is a file of that name."""
        until = time.monotonic() + PATIENCE_S
        while not list(self.folder.glob(pattern)):
            assert time.monotonic() < until, (self.folder / "err").read_text()
            time.sleep(0.001)

    def stop_at(self, pattern: str, number: int) -> None:
        """Sends a signal while there is a file of that name."""
        self.wait_for(pattern)
        self.send(signal.SIGSTOP)
        assert list(self.folder.glob(pattern)), "it was over too soon"
        self.send(number)
        self.send(signal.SIGCONT)

    def send(self, number: int) -> None:
        """To all of them, as a terminal does."""
        os.killpg(self._process, number)

    def end(self) -> tuple[int, str]:
        """Its exit status, and what it said."""
        return self.status(), (self.folder / "err").read_text()

    def status(self) -> int:
        status = self._commands.end(self._process)
        self._has_ended = True
        return status

    def kill(self) -> None:
        if not self._has_ended:
            self.send(signal.SIGKILL)
            self.status()


@pytest.fixture(scope="module")
def as_from_a_shell():
    """What runs the tests may ignore a signal, and so would each program that they start."""
    ignored = [number for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="module")
def commands(tmp_path_factory, as_from_a_shell):
    plugins = tmp_path_factory.mktemp("plugins")
    install_plugin(plugins, source=ENGINE)
    commands = WarmCommands(plugins)
    yield commands
    commands.close()


@pytest.fixture
def start(tmp_path, commands):
    """Starts ``declaim`` in a folder of its own; no process is left over."""
    runs = []

    def run(*arguments: str, **more: str) -> Running:
        runs.append(Running(commands, tmp_path, *arguments, **more))
        return runs[-1]

    yield run
    for each in runs:
        each.kill()


def render(start, text: str, out: str, *options: str, hold_at: str = "") -> Running:
    arguments = ("it.script.md", "-o", out, "--voice", "robot:marvin", "--jobs", "1", *options)
    return start("render", *arguments, text=text, hold_at=hold_at)


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*")]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_lines_are_spoken_keeps_those_that_are_finished(start, tmp_path, number, status):
    (tmp_path / "out.mp3").write_text("old")
    run = render(start, f"{QUICK}[ADA]: Slow.\n", "out.mp3")
    run.wait_for("places/speaking")
    run.send(number)

    assert run.end() == (status, STOPPED)
    assert (tmp_path / "out.mp3").read_text() == "old"
    assert len(list((tmp_path / "library").rglob("*.flac"))) == 2
    assert hidden(tmp_path) == []


def test_a_voice_that_does_not_hear_is_left_behind(start, tmp_path):
    run = render(start, f"{QUICK}[ADA]: Slow.\n", "out.mp3", hold_at="speaking")
    run.wait_for("places/speaking")
    run.send(signal.SIGINT)

    assert run.end() == (130, STOPPED)
    assert len(list((tmp_path / "library").rglob("*.flac"))) == 2


@pytest.fixture(scope="module")
def long_lines(tmp_path_factory, commands):
    """A library that has the lines of ``LONG``: to join them takes a moment, to speak them more."""
    folder = tmp_path_factory.mktemp("long")
    assert render(partial(Running, commands, folder), LONG, "out.wav").end()[0] == 0
    return folder / "library"


@pytest.mark.parametrize(
    ("kind", "number", "status"),
    [
        ("mp3", signal.SIGINT, 130),
        ("wav", signal.SIGTERM, 143),
        ("flac", signal.SIGINT, 130),
        ("opus", signal.SIGTERM, 143),
        pytest.param("m4b", signal.SIGINT, 130, marks=needs_ffmpeg),
        pytest.param("m4b", signal.SIGTERM, 143, marks=needs_ffmpeg),
    ],
)
def test_a_signal_while_lines_are_joined_leaves_the_old_file_and_nothing_else(start, tmp_path, long_lines, kind, number, status):
    shutil.copytree(long_lines, tmp_path / "library")
    (tmp_path / f"out.{kind}").write_text("old")
    run = render(start, LONG, f"out.{kind}")
    run.stop_at(f".out*.{kind}", number)

    assert run.end() == (status, STOPPED)
    assert (tmp_path / f"out.{kind}").read_text() == "old"
    assert not (tmp_path / "places" / "speaking").exists()
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("place", ["found", "loading"])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_anything_is_spoken_says_the_same(start, tmp_path, place, number, status):
    run = render(start, QUICK, "out.mp3", hold_at=place)
    run.wait_for(f"places/{place}")
    run.send(number)

    assert run.end() == (status, STOPPED)


def test_the_next_render_takes_away_what_a_kill_left_and_makes_no_line_again(start, tmp_path, long_lines):
    shutil.copytree(long_lines, tmp_path / "library")
    run = render(start, LONG, "out.wav")
    run.stop_at(".out*.wav", signal.SIGKILL)
    assert run.end()[0] == -signal.SIGKILL
    assert len(hidden(tmp_path)) == 1

    assert render(start, LONG, "out.wav").end()[0] == 0
    assert hidden(tmp_path) == []
    assert not (tmp_path / "places" / "speaking").exists()


# On a terminal


class Terminal:
    """A pseudo-terminal that the next command of a folder takes for its standard error."""

    def __init__(self, folder: Path) -> None:
        import termios

        self._ours, self._theirs = os.openpty()
        termios.tcsetwinsize(self._theirs, (24, 80))
        (folder / "err").symlink_to(os.ttyname(self._theirs))
        self._shown = b""
        self._is_closed = False

    def wait_for(self, pattern: str) -> None:
        """Until it shows that."""
        until = time.monotonic() + PATIENCE_S
        while not re.search(pattern, self.shown):
            assert time.monotonic() < until, self.shown
            if select.select([self._ours], [], [], 0.1)[0]:
                self._shown += os.read(self._ours, 4096)

    @property
    def shown(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._shown.decode())

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            os.close(self._ours)
            os.close(self._theirs)


@pytest.fixture
def terminal(tmp_path):
    there = Terminal(tmp_path)
    yield there
    there.close()


def test_a_terminal_shows_how_far_a_render_is_and_the_time_left(start, tmp_path, terminal):
    text = "".join(f"[ADA]: Paced line {count}.\n\n" for count in range(8))
    run = render(start, text, "out.wav")
    terminal.wait_for(r"Rendering .* [1-9]\d? % 0:00:0\d")
    run.send(signal.SIGINT)
    terminal.wait_for(r"\n\s*Stopped\. What was finished is kept\.\r\n$")

    assert run.status() == 130
    assert hidden(tmp_path) == []


def test_a_terminal_that_is_closed_ends_a_render_as_cleanly(start, tmp_path, terminal):
    run = render(start, f"{QUICK}[ADA]: Slow.\n", "out.wav")
    terminal.wait_for(r"Rendering .* [1-9]\d? %")
    run.wait_for("places/speaking")
    terminal.close()
    run.send(signal.SIGHUP)

    assert run.status() == 129
    assert len(list((tmp_path / "library").rglob("*.flac"))) == 2
    assert hidden(tmp_path) == []


# The work that may be stopped


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("declaim.cli.terminal._IMPATIENCE_S", -1.0)


def test_work_that_was_asked_to_stop_has_not_failed(as_from_a_shell):
    def work():
        with stoppable() as cancel:
            signal.raise_signal(signal.SIGTERM)
            with suppress(Cancelled):
                cancel.wait(PATIENCE_S)
            raise AudioError("ffmpeg ended: it got the signal, too.")

    with pytest.raises(Stopped) as stopped:
        work()
    assert stopped.value.status == 143


def test_work_that_fails_by_itself_has_failed():
    with pytest.raises(AudioError), stoppable():
        raise AudioError("The disk is full.")


def test_nothing_follows_on_work_that_was_asked_to_stop_and_was_done_all_the_same(as_from_a_shell):
    with pytest.raises(Stopped), stoppable():
        signal.raise_signal(signal.SIGINT)


def test_work_that_ends_in_no_other_way_goes_on_with_what_it_gave(as_from_a_shell):
    with stoppable(is_its_end=True) as cancel:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Cancelled):
            cancel.wait(PATIENCE_S)


def test_one_key_that_comes_twice_is_one(as_from_a_shell):
    with stoppable(is_its_end=True):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("impatient")
def test_a_second_key_breaks_off(as_from_a_shell):
    with stoppable(is_its_end=True):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_a_signal_does_what_it_did(as_from_a_shell):
    before = signal.getsignal(signal.SIGTERM)
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


# While nothing is there yet


SLOW_TO_LOAD = """
import os
import time

open(os.environ["LOADING"], "w").close()
while True:
    time.sleep(0.01)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_the_program_is_loaded_says_the_same(tmp_path, as_from_a_shell, number, status):
    (tmp_path / "click.py").write_text(SLOW_TO_LOAD)
    paths = os.pathsep.join([str(tmp_path), str(ROOT / "src")])
    env = {**os.environ, "PYTHONPATH": paths, "LOADING": str(tmp_path / "loading")}
    with subprocess.Popen([sys.executable, "-m", "declaim", "list"], env=env, stderr=subprocess.PIPE, text=True) as run:
        while not (tmp_path / "loading").exists():
            assert run.poll() is None
            time.sleep(0.001)
        run.send_signal(number)
        assert (run.communicate()[1], run.returncode) == (STOPPED, status)


def test_what_the_shell_lets_a_command_ignore_it_ignores(tmp_path, as_from_a_shell):
    ignored = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); sys.argv = ['declaim', 'list']; "
    (tmp_path / "click.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGHUP); raise SystemExit(7)")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "src")])}
    command = [sys.executable, "-c", f"{ignored}from declaim.cli import main; main()"]
    assert subprocess.run(command, env=env, check=False).returncode == 7
