"""One Declaim at a time: a lock that ends with its process, however that ends.

The operating system holds the lock on ``library.lock``, not the file's existence, so a crash leaves none behind. The file's text
names the holder, for the message only.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

from declaim.errors import LibraryError, LibraryInUse
from declaim.paths import lock_file
from declaim.storage.failures import folder_failure

_NAME = "library.lock"


class LibraryLock:
    """Held from construction to ``release``.

    Raises:
        LibraryInUse: when another Declaim holds it.
        LibraryReadOnly, LibraryError: when the lock file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise folder_failure(error, str(folder)) from error
        try:
            lock_file(self._handle)
        except (BlockingIOError, PermissionError) as error:
            holder = self._close_and_read()
            cure = "Close it there, or choose another library with --library."
            raise LibraryInUse(f"The library in {folder} is open in another Declaim{holder}.", cure=cure) from error
        except OSError as error:
            os.close(self._handle)
            cure = "Keep the library on a local disk: choose another folder with --library."
            raise LibraryError(f"The disk of {folder} cannot lock files ({error.strerror}).", cure=cure) from error
        self._sign()

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _sign(self) -> None:
        text = f"{os.getpid()} {platform.node()}\n".encode()
        try:
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, text)
        except OSError:
            return  # a full disk: the lock holds all the same, it only cannot say whose it is

    def _close_and_read(self) -> str:
        text = os.pread(self._handle, 200, 0) if hasattr(os, "pread") else os.read(self._handle, 200)
        os.close(self._handle)
        words = text.decode("utf-8", "replace").split()
        return f" (process {words[0]} on {words[1]})" if len(words) == 2 else ""
