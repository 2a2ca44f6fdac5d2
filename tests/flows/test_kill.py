"""A Declaim that is killed in the middle of typing and rendering: the next one has the words, and goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from declaim.app import background
from declaim.commands.studio import Studio
from declaim.jobs import Jobs
from declaim.model.library import RecordingState
from declaim.storage import Library
from declaim.ui.main_thread import MainThread
from declaim.ui.main_window import MainWindow
from declaim.voices import Voices
from tests.flows.stories import Story

USER = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
import declaim.app
from declaim.model.script import Chapter, Line, Script
from declaim.ui.main_window import MainWindow

run = QApplication.exec

def act():
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    studio = window._studio
    lines = tuple(Line("NARRATOR", f"Line {n} says that things are better than they were.") for n in range(6))
    script_id = studio.scripts.add(studio.projects.create("Kill"), None, Script("Kill", (Chapter("", lines),)))
    window.open_script(script_id)
    window.inspector.start_render()
    window.script.editor.go_to_line(5)
    QTest.keyClick(window.script.editor, Qt.Key.Key_End)
    QTest.keyClicks(window.script.editor, " Typed before the end.")

def loop(*_):
    QTimer.singleShot(0, act)
    return run()

QApplication.exec = loop
declaim.app.run(Path(sys.argv[1]))
"""


def wait_for(condition, process, seconds=30.0):
    """For another process; False where it ended or took too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.voices
@pytest.mark.timeout(60)
def test_after_a_kill_the_words_are_there_and_the_render_goes_on(qtbot, qapp, tmp_path):
    folder = tmp_path / "library"
    lines = folder / "media" / "lines"

    def has_typed_words_and_a_line():
        if len(list(lines.rglob("[!.]*.flac"))) < 1:
            return False
        with Library.open(folder, writable=False) as library:
            return any(
                "Typed before the end." in library.scripts.get(row.id).text for row in library.tree() if row.kind == "script"
            )

    process = subprocess.Popen([sys.executable, "-c", USER, str(folder)])
    try:
        assert wait_for(has_typed_words_and_a_line, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    finished = {path: path.stat().st_mtime_ns for path in lines.rglob("[!.]*.flac")}

    door = MainThread()
    studio = Studio(Library.open(folder), Voices.discover(), Jobs(background(), door.post))
    window = MainWindow(studio)
    qtbot.addWidget(window)
    window.show()
    story = Story(qtbot, studio, window)
    assert studio.rendering.resume_unfinished() == 1
    assert window.script.script_id is not None, "what was open is open again"
    assert "Typed before the end." in story.text
    qtbot.waitUntil(lambda: story.takes[0].state is RecordingState.DONE, timeout=40_000)
    assert len(story.takes) == 1
    assert {path: path.stat().st_mtime_ns for path in finished} == finished, "no finished line was spoken again"
    assert studio.library.check() == ()
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    studio.close()
