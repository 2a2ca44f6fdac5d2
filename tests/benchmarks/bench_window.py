"""The window: `python tests/benchmarks/bench_window.py [--runs N]`.

Prints how long it takes from process start until the window is painted and takes input, on a library of 1,000 takes, and the
longest stall of the main thread during a render of 60 lines. Needs a screen (`xvfb-run -a python …`), or draws into memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from declaim.model.library import RecordingState, RecordingType
from declaim.model.script import Chapter, Line, Script
from declaim.scripts import format_script
from declaim.storage import Library

START = """
import os, sys, time
began = float(sys.argv.pop())
import declaim.app, declaim.cli
background = declaim.app.background

def shown():
    took = time.monotonic() - began
    cpu = time.process_time()
    sdks = [name for name in ("onnxruntime", "piper", "google.genai", "elevenlabs", "sounddevice") if name in sys.modules]
    print(f"{took:.3f} {cpu:.3f} {','.join(sdks) or '-'} {'numpy' if 'numpy' in sys.modules else '-'}", flush=True)
    os._exit(0)

def background_and_watch(*threads, **named):
    declaim.app.background = background  # once is enough
    # Called once Qt is there, which must not be loaded sooner than in a start that nobody measures.
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    run = QApplication.exec

    def loop(*_):
        # The first turn of the loop paints; the one after it would take a key.
        QTimer.singleShot(0, lambda: QTimer.singleShot(0, shown))
        return run()

    QApplication.exec = loop
    return background(*threads, **named)

declaim.app.background = background_and_watch
declaim.cli.main()
"""


OTHER = """
import sys, threading, time
done = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
worst, last = 0.0, time.perf_counter()
while not done.wait(0.005):
    now = time.perf_counter()
    worst, last = max(worst, now - last), now
print(round(worst * 1000))
"""


def make_library(folder: Path, takes: int) -> None:
    """A library with a project per hundred takes, a script per five."""
    lines = tuple(Line("NARRATOR", f"This is line {number} of the script, and it is of a usual length.") for number in range(40))
    text = format_script(Script("Release notes", (Chapter("What's new", lines),)))
    with Library.open(folder) as library, library.transaction("Fill", undoable=False):
        for number in range(takes):
            if number % 100 == 0:
                project_id = library.projects.add(f"Project {number // 100}")
            if number % 5 == 0:
                script_id = library.scripts.add(project_id, None, None, f"Release {number // 5}", text, {})
            library.recordings.add(
                project_id,
                None,
                script_id=script_id,
                label=f"Take {number % 5 + 1}",
                type=RecordingType.CONVERSION,
                state=RecordingState.DONE,
                duration_ms=60_000,
                path=f"takes/{number}.mp3",
            )


def measure_start(folder: Path, runs: int, what: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["DECLAIM_LIBRARY"] = str(folder)
    figures, cpu = [], []
    for run in range(runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", START, str(time.monotonic())],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        took, used, sdks, numpy = done.stdout.split()
        if run:
            # The first run compiles.
            figures.append(float(took))
            cpu.append(float(used))
    print(f"{what:44} median {statistics.median(figures):.2f} s, best {min(figures):.2f} s")
    print(f"{'  its processor time':44} median {statistics.median(cpu):.2f} s, best {min(cpu):.2f} s")
    print(f"{'  engines and SDKs imported before':44} {sdks} (numpy: {numpy})")


def open_script(folder: Path) -> None:
    """As if a script of 40 lines had been open when the window was closed."""
    from declaim.ui.window_state import WindowState

    state = WindowState()
    state.keep_last_script(str(folder), 7)
    state.flush()


def measure_stall(folder: Path) -> None:
    """The longest time between two ticks of a 5 ms timer while 60 lines render with Piper; beside it, what the machine alone
    does to the same timer: in this window when nothing renders, and in another process while it renders."""
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from declaim.app import background, collect_rubbish, load_qt

    load_qt()
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from declaim.commands.studio import Studio
    from declaim.jobs import Jobs
    from declaim.ui.appearance import apply_theme
    from declaim.ui.main_thread import MainThread
    from declaim.ui.main_window import MainWindow
    from declaim.ui.theme import LIGHT
    from declaim.voices import Voices

    application = QApplication(sys.argv[:1])
    apply_theme(application, LIGHT)
    door = MainThread()
    studio = Studio(Library.open(folder), Voices.discover(), Jobs(background(), door.post, quick=background(3)))
    window = MainWindow(studio)
    window.resize(1280, 800)
    window.show()
    collect_rubbish()
    lines = tuple(Line("NARRATOR", f"Line {n} says that {n * n} things are better than they were before.") for n in range(60))
    script_id = studio.scripts.add(studio.projects.create("Bench"), None, Script("Bench", (Chapter("", lines),)))
    window.open_script(script_id)
    stalls: list[float] = []
    idle: list[float] = []
    kept = idle
    last = time.perf_counter()
    other: subprocess.Popen[str] | None = None

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        kept.append((now - last) * 1000)
        last = now

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=5)
    timer.timeout.connect(tick)

    def rest() -> None:
        nonlocal last
        last = time.perf_counter()
        timer.start()

    def start() -> None:
        nonlocal kept, last, other
        other = subprocess.Popen([sys.executable, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        kept, last = stalls, time.perf_counter()
        studio.rendering.render(
            script_id,
            done=lambda _take: QTimer.singleShot(500, application.quit),
            failed=lambda _error: application.quit(),
        )

    QTimer.singleShot(3000, rest)
    QTimer.singleShot(6000, start)
    application.exec()
    timer.stop()
    window.close()
    elsewhere = other.communicate()[0].strip() if other is not None else "?"
    print(f"{'longest main-thread stall while rendering':44} {_longest(stalls)} (limit 50)")
    print(f"{'  over 50 ms':44} {sum(stall > 50 for stall in stalls)} of {len(stalls)} ticks")
    print(f"{'  before, nothing rendering':44} {_longest(idle)}")
    print(f"{'  meanwhile, in a process that only waits':44} {elsewhere} ms; load of the machine {os.getloadavg()[0]:.1f}")
    studio.close()


def _longest(stalls: list[float]) -> str:
    stalls = sorted(stalls, reverse=True)
    return f"{stalls[0]:.0f} ms (next {stalls[1]:.0f}, {stalls[2]:.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["DECLAIM_CONFIG"] = str(Path(place) / "config")
        make_library(Path(place) / "library", 1000)
        library = Path(place) / "library"
        measure_start(library, options.runs, "window interactive, 1,000 takes")
        open_script(library)
        measure_start(library, options.runs, "  with the script that was open last")
        measure_stall(library)


if __name__ == "__main__":
    main()
