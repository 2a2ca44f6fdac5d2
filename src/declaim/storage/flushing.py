"""Makes commits outlive a power cut, without making the main thread wait for the disk.

With ``synchronous = NORMAL`` a commit is in the operating system's hands at once (a crash or ``kill -9`` loses nothing), but on
the disk only at the next checkpoint. A thread syncs the write-ahead log soon after each commit, so that a power cut loses less
than a second. A commit is whole or absent, whatever reached the disk: the log's frames have checksums
(sqlite.org/walformat.html).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

_PAUSE_S = 0.3
"""Commits this close together are synced at once."""


class Flusher:
    """``path`` is the write-ahead log. The thread starts with the first commit and ends with ``stop``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_due = threading.Event()
        self._is_stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def note_commit(self) -> None:
        self._is_due.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="library-flusher", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._is_stopped.set()
        self._is_due.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._is_stopped.is_set():
            self._is_due.wait()
            self._is_stopped.wait(_PAUSE_S)
            self._is_due.clear()
            _sync(self._path)


def _sync(path: Path) -> None:
    """SQLite keeps no lock on the log itself, so that closing a second handle breaks none (sqlite.org/howtocorrupt.html)."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return  # checkpointed and removed, or the disk went away: the next commit of the main thread says so
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
