"""The one door to the main thread.

A worker owns no ``QObject``: with PySide6 a plain function connected to a signal whose emitter lives in a worker runs in
that worker. So there is one emitter, it lives in the main thread, and workers only call ``post``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class MainThread(QObject):
    """Build it in the main thread. ``post`` may be called from any thread; what is posted runs there, in order."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, work: Callable[[], None]) -> None:
        """Runs ``work`` in the main thread, soon; nothing where the application has gone."""
        try:
            self._posted.emit(work)
        except RuntimeError:  # the window closed while a worker finished: there is nobody left to tell
            return

    @Slot(object)
    def _run(self, work: Callable[[], None]) -> None:
        work()
