"""The audio of a library, in files: lines under the hash of what made them, everything else under its own hash.

``lines/ab/<key>.flac`` is the line cache (``render`` writes it). ``takes/ab/<sha-256><suffix>`` holds takes, imported audio and
their peaks, ``recording/`` what a microphone gives until it is kept as a take. Rows name files relative to the folder, with
``/``.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from declaim.errors import InputError, LibraryError
from declaim.model.ids import LineKey
from declaim.model.work import CancelToken
from declaim.paths import replacing
from declaim.storage.failures import folder_failure

_KEY = re.compile(r"[0-9a-f]{8,128}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_YOUNG_S = 24 * 3600
_CHUNK = 1 << 20


class MediaFolder:
    """Safe to use from any thread: files appear whole, under names that only their content makes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def lines(self) -> Path:
        """Where the line cache lies."""
        return self.root / "lines"

    @property
    def recording(self) -> Path:
        """Where takes lie while they are spoken into a microphone; what is there at the start was cut short."""
        return self.root / "recording"

    def line(self, key: LineKey) -> Path:
        """Where a line's audio lies or will lie."""
        if not _KEY.fullmatch(key):
            raise InputError(f"'{key[:80]}' is not the key of a line.")
        return self.lines / key[:2] / f"{key}.flac"

    def resolve(self, relative: str) -> Path:
        """The file that a row names.

        Raises:
            LibraryError: for a name that is empty or leads out of the folder.
        """
        parts = PurePosixPath(relative)
        is_inside = bool(relative) and not parts.is_absolute() and ".." not in parts.parts and not re.search(r"[\\:\0]", relative)
        path = self.root / parts
        if not is_inside or not path.resolve().is_relative_to(self.root.resolve()):
            cure = "Delete that recording and render it again."
            raise LibraryError(f"'{relative[:200]}' is not a file of the library.", cure=cure)
        return path

    def is_named_by_hash(self, relative: str) -> bool:
        """As ``adopt`` names files."""
        return _DIGEST.fullmatch(PurePosixPath(relative).stem) is not None

    def relative(self, path: Path) -> str:
        """What a row keeps of a file inside the folder.

        Raises:
            LibraryError: for a file elsewhere.
        """
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError as error:
            raise LibraryError(f"{path} is not inside the library.") from error

    def adopt(self, file: Path, *, move: bool = False) -> str:
        """Copies (or moves) a file into ``takes/`` under the hash of its bytes and returns its relative name.

        The same bytes are kept once. A large file takes a while: call it from a worker.

        Raises:
            InputError: when the file cannot be read, or changes meanwhile.
            LibraryError, LibraryReadOnly: when the library cannot be written.
        """
        try:
            digest = file_digest(file)
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}.", cure="See that it is still there.") from error
        target = self._named(digest, file.suffix)
        try:
            if target.exists() and file_digest(target) == digest:
                target.touch()  # young again, as ``remove_unnamed`` sees it
            else:
                with replacing(target) as beside:
                    shutil.copyfile(file, beside)
                    if file_digest(beside) != digest:
                        raise InputError(f"{file} changed while it was copied.", cure="Try again when it is complete.")
            if move:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise folder_failure(error, str(self.root.parent)) from error
        return self.relative(target)

    def keep(self, data: bytes, suffix: str) -> str:
        """Bytes (peaks, a cover) as :meth:`adopt` keeps files."""
        import hashlib

        target = self._named(hashlib.sha256(data).hexdigest(), suffix)
        try:
            if target.exists() and target.read_bytes() == data:
                target.touch()
            else:
                with replacing(target) as beside:
                    beside.write_bytes(data)
        except OSError as error:
            raise folder_failure(error, str(self.root.parent)) from error
        return self.relative(target)

    def remove_unnamed(self, named: Collection[str]) -> int:
        """Deletes the files of ``takes/`` that no row names (``Trash.named_files``); how many bytes that freed.

        A file younger than a day may belong to a row that is about to be written: it stays. Rendered lines stay as well:
        nothing is paid for twice. Walks the disk: call it from a worker.
        """
        freed = 0
        for path in (self.root / "takes").rglob("*"):
            if not path.is_file() or self.relative(path) in named:
                continue
            status = path.stat()
            if time.time() - status.st_mtime > _YOUNG_S:
                path.unlink(missing_ok=True)
                freed += status.st_size
        return freed

    def _named(self, digest: str, suffix: str) -> Path:
        clean = suffix.lower() if _SUFFIX.fullmatch(suffix.lower()) else ""
        return self.root / "takes" / digest[:2] / f"{digest}{clean}"


def file_digest(file: Path, cancel: CancelToken | None = None) -> str:
    """The SHA-256 of its bytes, in hex. A large file takes a while: call it from a worker.

    Raises:
        OSError: where the disk refuses.
        Cancelled: when the user asked to stop.
    """
    import hashlib

    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            if cancel is not None:
                cancel.check()
    return digest.hexdigest()
