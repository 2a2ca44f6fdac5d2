"""Copies of ``library.db`` in ``backups/``: before each migration, and once a day."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from pathlib import Path

from declaim.paths import replacing
from declaim.storage.failures import folder_failure

_KEPT = 5
_DAY_S = 24 * 3600


def back_up(connection: sqlite3.Connection, folder: Path) -> Path:
    """A sound copy by SQLite's backup API, whatever is being written meanwhile; the five newest are kept.

    Raises:
        LibraryReadOnly, LibraryError: when it cannot be written.
        sqlite3.Error: when the library cannot be read.
    """
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / "backups" / f"library-{stamp}.db"
    try:
        with replacing(target) as beside:
            _copy(connection, beside)
    except OSError as error:
        raise folder_failure(error, str(folder)) from error
    for old in all_backups(folder)[_KEPT:]:
        old.unlink(missing_ok=True)
    return target


def all_backups(folder: Path) -> list[Path]:
    """Newest first."""
    return sorted((folder / "backups").glob("library-*.db"), reverse=True)


def is_from_today(folder: Path) -> bool:
    """Whether the newest is less than a day old."""
    newest = all_backups(folder)[:1]
    return bool(newest) and time.time() - newest[0].stat().st_mtime < _DAY_S


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
        # The copy is one file, without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
