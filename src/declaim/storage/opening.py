"""How a library is opened: lock, pragmas, version, integrity, migration."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from declaim.errors import LibraryError, LibraryTooNew
from declaim.storage import backups
from declaim.storage.failures import damaged, folder_failure, known_failure
from declaim.storage.lock import LibraryLock
from declaim.storage.migrations import APPLICATION_ID, migrate, newest_version, schema_version

DATABASE_NAME = "library.db"
_OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
_CHECK_SECONDS = 0.1
_CHECK_EVERY = 20_000
"""Steps of SQLite's machine between two looks at the clock."""


def make_folder_and_lock(folder: Path) -> LibraryLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise folder_failure(error, str(folder)) from error
    return LibraryLock(folder)


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """The lock is held. Makes the file, or brings an older one up to date after a backup."""
    path = folder / DATABASE_NAME
    with explained(folder):
        connection = _connect(str(path))
        with _closed_on_error(connection):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            version = _checked_version(connection, folder)
            if version < newest_version():
                if version:
                    backups.back_up(connection, folder)
                migrate(connection)
            return connection


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """Needs no lock: WAL lets others read what is committed.

    Raises:
        LibraryError: where there is no library yet, or an older Declaim made it.
    """
    path = folder / DATABASE_NAME
    if not path.is_file():
        raise LibraryError(f"There is no library in {folder}.", cure="Open Declaim once, or choose its folder with --library.")
    with explained(folder):
        connection = _connect_for_reading(path)
        with _closed_on_error(connection):
            version = _checked_version(connection, folder)
            if not version:
                raise LibraryError(
                    f"The library in {folder} was begun but not finished.", cure="Open Declaim once, or import a file."
                )
            if version < newest_version():
                cure = "Open it once with this Declaim, which brings it up to date."
                raise LibraryError(f"The library in {folder} was made by an older Declaim.", cure=cure)
            return connection


def open_in_memory() -> sqlite3.Connection:
    connection = _connect(":memory:")
    connection.deserialize(_empty_library())
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@cache
def _empty_library() -> bytes:
    connection = _connect(":memory:")
    migrate(connection)
    image = connection.serialize()
    connection.close()
    return image


def _connect(target: str, *, is_uri: bool = False) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        cure = "Use a Python with SQLite 3.37 or newer."
        raise LibraryError(f"This Python brings SQLite {sqlite3.sqlite_version}, which is too old.", cure=cure)
    connection = sqlite3.connect(target, timeout=2.0, isolation_level=None, uri=is_uri, cached_statements=256)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    """In a folder that cannot be written, SQLite cannot make the WAL's index; without a WAL the file is read as it stands."""
    uri = path.resolve().as_uri()
    connection = _connect(f"{uri}?mode=ro", is_uri=True)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        wal = path.with_name(f"{path.name}-wal")
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN or (wal.exists() and wal.stat().st_size):
            raise
        connection = _connect(f"{uri}?immutable=1", is_uri=True)
    return connection


def _checked_version(connection: sqlite3.Connection, folder: Path) -> int:
    """The schema's version of a sound file that this Declaim can read; 0 for an empty one."""
    version = schema_version(connection)
    if version > newest_version():
        cure = "Update Declaim, or choose another library with --library."
        raise LibraryTooNew(f"The library in {folder} was written by a newer Declaim (version {version}).", cure=cure)
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    has_tables = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
    if has_tables and mark != APPLICATION_ID:
        cure = "Choose another folder with --library."
        raise LibraryError(f"{folder / DATABASE_NAME} is a database of another program.", cure=cure)
    if has_tables:
        _quick_check(connection, folder)
    return version


def _quick_check(connection: sqlite3.Connection, folder: Path) -> None:
    """``PRAGMA quick_check``, given up after 0.1 s: a large library is checked in full by ``Library.check``."""
    give_up_at = time.monotonic() + _CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > give_up_at, _CHECK_EVERY)
    try:
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return
    finally:
        connection.set_progress_handler(None, 0)
    if problem != "ok":
        raise damaged(str(folder), str(problem).splitlines()[0])


def check(connection: sqlite3.Connection, where: str) -> tuple[str, ...]:
    """Every fault of the file's structure and of its foreign keys."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        loose = [
            f"{row[0]} {row[1]} belongs to a row of {row[2]} that is gone"
            for row in connection.execute("PRAGMA foreign_key_check")
        ]
    except sqlite3.DatabaseError as error:
        failure = known_failure(error, where)
        return (str(failure or error),)
    return tuple(fault for fault in (*found, *loose) if fault != "ok")


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """SQLite's complaints become errors for the user."""
    try:
        yield
    except sqlite3.Error as error:
        failure = known_failure(error, str(folder))
        if failure is None:
            raise
        raise failure from error


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise
