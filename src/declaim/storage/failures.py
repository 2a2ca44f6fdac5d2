"""What SQLite's complaints mean to the user."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from declaim.errors import DeclaimError, FileInUse, LibraryDamaged, LibraryError, LibraryInUse, LibraryReadOnly

_FREE_SPACE = "Free some space on that disk and try again; what was saved before is kept."
_OTHER_FOLDER = "Make the folder writable, or choose another library with --library."


def known_failure(error: sqlite3.Error, where: str) -> DeclaimError | None:
    """The environment's fault in the user's words, or None where the error is a bug of ours.

    ``where`` is the library's folder. Primary result codes are the low byte of SQLite's extended ones (sqlite.org/rescode.html).
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return LibraryError(f"The disk of the library in {where} is full.", cure=_FREE_SPACE)
        case sqlite3.SQLITE_IOERR:
            cure = "See that its disk is connected and has free space, and try again; what was saved before is kept."
            return LibraryError(f"The library in {where} could not be read or written.", cure=cure)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return read_only(where)
        case sqlite3.SQLITE_CANTOPEN:
            cure = "See that the folder exists and may be written, or choose another library with --library."
            return LibraryError(f"The library in {where} cannot be opened.", cure=cure)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LibraryInUse(f"The library in {where} is busy in another program.", cure="Close it there and try again.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(where, str(error))
    return None


def read_only(where: str) -> LibraryReadOnly:
    return LibraryReadOnly(f"The library in {where} cannot be written.", cure=_OTHER_FOLDER)


def damaged(where: str, detail: str) -> LibraryDamaged:
    """Names the newest backup as the cure, where there is one."""
    backups = sorted((Path(where) / "backups").glob("library-*.db"))
    cure = (
        f"Restore the newest backup, backups/{backups[-1].name}: move library.db, library.db-wal and library.db-shm out of the "
        f"folder, and copy the backup to library.db."
        if backups
        else "There is no backup yet. Move library.db away to begin a new library; the audio in media/ is not touched."
    )
    return LibraryDamaged(f"The library in {where} is damaged ({detail}).", cure=cure)


def folder_failure(error: OSError, where: str) -> LibraryError:
    """Why a folder or file of the library cannot be made or written."""
    if isinstance(error, FileInUse):
        return LibraryError(error.message, cure=error.cure)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LibraryError(f"The disk of the library in {where} is full.", cure=_FREE_SPACE)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return read_only(where)
    reason = error.strerror or type(error).__name__
    cure = "Choose another folder with --library, or in Settings."
    return LibraryError(f"The library in {where} cannot be used: {reason}.", cure=cure)
