"""A window that is told to end, by Ctrl-C in its terminal or by the end of the session, closes as if the user had closed it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from declaim.paths import library_dir
from declaim.storage import Library

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there a process cannot be sent a signal but its end")

USER = """
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from declaim.cli import main
from declaim.model.script import Chapter, Line, Script
from declaim.ui.main_window import MainWindow
import os, sys

run, shown = QApplication.exec, sys.argv.pop()

def act():
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    studio = window._studio
    script = Script("Told", (Chapter("", (Line("NARRATOR", "One"),)),))
    window.open_script(studio.scripts.add(studio.projects.create("Told"), None, script))
    QTest.keyClick(window.script.editor, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.script.editor, " typed before the end.")
    os.write(1, b"typed\\n")
    if shown == "dialog":
        QDialog(window).exec()

def loop(*_):
    QTimer.singleShot(0, act)
    return run()

QApplication.exec = loop
main()
"""


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("number", "status", "shown"),
    [(signal.SIGTERM, 143, "window"), (signal.SIGINT, 130, "window"), (signal.SIGHUP, 129, "dialog")],
)
def test_a_window_that_is_told_to_end_keeps_what_was_typed(number, status, shown):
    command = [sys.executable, "-c", USER, shown]
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("what runs the tests ignores it")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "typed\n"
        process.send_signal(number)
        assert (process.communicate()[1], process.returncode) == ("", status)
    with Library.open(library_dir(), writable=False) as library:
        (script,) = [row for row in library.tree() if row.kind == "script"]
        assert "One typed before the end." in library.scripts.get(script.id).text
