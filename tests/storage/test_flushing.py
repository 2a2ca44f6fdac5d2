from __future__ import annotations

import os
import threading

from declaim.storage import Library, flushing
from declaim.storage.flushing import Flusher


def flushers():
    return [thread for thread in threading.enumerate() if thread.name == "library-flusher"]


def test_a_commit_reaches_the_disk_within_a_second(tmp_path, monkeypatch):
    synced = threading.Event()
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (real(handle), synced.set()))
    log = tmp_path / "library.db-wal"
    log.write_bytes(b"frames")
    flusher = Flusher(log)
    flusher.note_commit()
    assert synced.wait(1)
    flusher.stop()


def test_a_log_that_is_gone_is_no_fault(tmp_path):
    flusher = Flusher(tmp_path / "gone")
    flusher.note_commit()
    flusher.stop()


def test_the_thread_ends_with_the_library(folder):
    with Library.open(folder) as library:
        assert flushers() == []
        with library.transaction("New"):
            library.projects.add("Alpha")
        assert len(flushers()) == 1
    assert flushers() == []


def test_closing_does_not_wait_for_the_pause(folder, monkeypatch):
    monkeypatch.setattr(flushing, "_PAUSE_S", 3600)
    library = Library.open(folder)
    with library.transaction("New"):
        library.projects.add("Alpha")
    library.back_up()
    library.close()
    assert flushers() == []
