"""The window's composition: everything is built here once and handed on; nothing imports this module but the entry points."""

from __future__ import annotations

import builtins
import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from declaim.errors import DeclaimError
from declaim.process import when_told_to_end

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)

SWITCH_S = 0.0005
"""How long a thread computes in Python before another one that waits gets its turn. Qt's calls give the turn away and must win it
back, some hundred times in one painting: with Python's 5 ms the window would stand still for seconds while a render works."""
_LESS_URGENT = 4
"""Steps of niceness: enough for the window, and a render still gets on beside the programs of others."""


def run(folder: Path, *, with_sample: bool = False) -> int:
    """Opens the window on a library; returns the exit status.

    Raises:
        DeclaimError: where there is no screen that could tell the user of it.
    """
    # What is built now stays; to look through it for rubbish, again and again while it grows, would take a tenth of the start.
    gc.disable()
    from declaim.commands.keys import discover_voices
    from declaim.commands.studio import Studio
    from declaim.jobs import Jobs
    from declaim.storage import Library

    try:
        load_qt()
    except ImportError as error:
        cure = "Run 'declaim doctor': it says what to install. The terminal commands work without."
        raise DeclaimError(f"The window cannot open: {error}.", cure=cure) from error
    if sys.platform.startswith("linux") and not _has_screen():
        cure = "Use the terminal commands (declaim --help), or start it where DISPLAY or WAYLAND_DISPLAY is set."
        raise DeclaimError("There is no screen to open a window on.", cure=cure)

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from declaim.ui.appearance import apply_colours, apply_theme
    from declaim.ui.main_thread import MainThread
    from declaim.ui.main_window import MainWindow
    from declaim.ui.theme import theme_for
    from declaim.ui.window_state import WindowState

    application = QApplication(sys.argv[:1])
    application.setApplicationName("Declaim")
    application.setDesktopFileName("declaim")
    state = WindowState()
    theme = theme_for(state.theme)
    apply_colours(application, theme)
    try:
        library = Library.open(folder)
    except DeclaimError as error:
        apply_theme(application, theme)
        _tell(error)
        return 1
    door = MainThread()
    jobs = Jobs(background(), door.post, quick=background(3))
    studio = Studio(library, discover_voices(), jobs)
    _report_bugs()
    window = MainWindow(studio, state)
    apply_theme(application, theme)
    window.show()
    QTimer.singleShot(0, collect_rubbish)
    if with_sample:
        from declaim.commands.sample import open_sample

        open_sample(studio, window.open_script)
    QTimer.singleShot(0, window.commands.restore_recordings)
    studio.rendering.resume_unfinished()
    with closed_when_told(window):
        status = application.exec()
    studio.close()
    return status


def load_qt() -> None:
    """Loads Qt, and sets the interpreter so that other threads do not hold the window up.

    PySide6 puts an ``import`` of its own in place, which reads the source of every module that is imported later, in search of a
    word that nothing here uses: loading numpy would take a third longer. What was there before is put back.

    Raises:
        ImportError: where PySide6 or a library of the system that Qt needs is missing.
    """
    plain = builtins.__import__
    try:
        import PySide6.QtWidgets  # noqa: F401
    finally:
        builtins.__import__ = plain
    sys.setswitchinterval(SWITCH_S)


def collect_rubbish() -> None:
    """From here on, but never in what the start built: the thread that collects holds the window up."""
    gc.freeze()
    gc.enable()


def background(threads: int = 8) -> Executor:
    """Where jobs run, behind the window: on Linux a thread may be less urgent than another, and those that it starts are so too.

    Two voices compute on all cores for minutes, and each painting must find one free.
    """
    return ThreadPoolExecutor(threads, thread_name_prefix="job", initializer=_give_way)


def _give_way() -> None:
    if sys.platform == "linux":
        os.nice(_LESS_URGENT)


@contextmanager
def closed_when_told(window: QWidget) -> Iterator[None]:
    """Ctrl-C in the terminal that it was started from, ``kill`` and the end of a session close the window as the user would, so
    that nothing typed is lost; the status is that of a program that the signal ended.

    Qt waits outside Python, which learns of a signal when it is called again: what the signal writes into a pipe wakes it.
    """
    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtWidgets import QApplication

    def close(number: int) -> None:
        window.close()
        QApplication.exit(128 + number)

    with when_told_to_end(close):
        if os.name == "nt":  # where Qt waits for no pipe
            yield
            return
        read, written = os.pipe()
        os.set_blocking(written, False)
        before = signal.set_wakeup_fd(written)
        waker = QSocketNotifier(read, QSocketNotifier.Type.Read)
        waker.activated.connect(lambda: os.read(read, 64))
        try:
            yield
        finally:
            waker.setEnabled(False)
            signal.set_wakeup_fd(before)
            os.close(read)
            os.close(written)


def _has_screen() -> bool:
    offscreen = os.environ.get("QT_QPA_PLATFORM", "") not in ("", "xcb", "wayland")
    return offscreen or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _tell(error: DeclaimError) -> None:
    from PySide6.QtWidgets import QMessageBox

    logging.getLogger("declaim").error("%s", error)
    box = QMessageBox(QMessageBox.Icon.Warning, "Declaim", error.message)
    box.setInformativeText(error.cure)
    box.exec()


def _report_bugs() -> None:
    """An error that nobody foresaw is logged with its traceback and shown, and the program goes on: nothing typed is lost."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("A bug in Declaim", exc_info=(kind, error, trace))
        from declaim.ui.dialogs.report_dialog import show_bug

        show_bug(kind, error, trace)

    sys.excepthook = report
