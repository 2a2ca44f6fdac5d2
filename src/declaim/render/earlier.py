"""The file of an earlier render: what lines it was made of, to say why one is stale; and of a WAV where each lies, so that lines
that did not change are copied from it instead of being decoded, levelled and resampled again.

A file is known again by its size and the time of its last change; what was written where is kept beside the lines, with a check
sum of each piece. Another program may replace the file, or write in it, at any moment: what was read counts only where the open
file was still the known one afterwards.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from declaim.model.ids import LineKey
from declaim.render.cache import write_lightly

_FOLDER = "written"
_FILES_KEPT = 100
_VERSION = 1
"""Counted up when levelling, limiting or resampling makes another sound of the same line."""
Pcm = NDArray[np.int16]


class Piece(NamedTuple):
    """``name`` is different for everything that makes another sound; ``start`` and ``size`` in bytes; ``check`` is the sum
    of the samples."""

    name: str
    start: int
    size: int
    check: int


class Earlier:
    """What an earlier render wrote to a file. Thread-safe; close it before the file is replaced."""

    def __init__(self, file: BinaryIO | None = None, stamp: Sequence[int] = (), pieces: Iterable[Piece] = ()) -> None:
        self._file, self._stamp = file, list(stamp)
        self._pieces = {piece.name: piece for piece in pieces}
        self._lock = threading.Lock()

    def has(self, name: str, size: int) -> bool:
        """Whether a piece of ``size`` bytes was written, which need not be there any more."""
        return name in self._pieces and self._pieces[name].size == size

    def find(self, name: str, size: int) -> tuple[Pcm, int] | None:
        """The samples of a piece of ``size`` bytes, shape (n,), and their check sum; None where it is not there, or is not what
        was written."""
        if not self.has(name, size) or self._file is None:
            return None
        piece = self._pieces[name]
        try:
            with self._lock:
                self._file.seek(piece.start)
                data = self._file.read(size)
            if len(data) != size or _stamp(os.fstat(self._file.fileno())) != self._stamp:
                return None
        except (OSError, ValueError, OverflowError):  # then it is made again
            return None
        pcm = np.frombuffer(data, "<i2")
        return (pcm, piece.check) if check_of(pcm) == piece.check else None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def find_earlier(folder: Path, out: Path) -> Earlier:
    """What is known of ``out``: nothing, where another program has changed it, or it was never written."""
    try:
        known = json.loads(_note(folder, out).read_text(encoding="utf-8"))
        if known["version"] != _VERSION or not known["pieces"]:
            return Earlier()
        pieces = [Piece(str(name), int(start), int(size), int(check)) for name, start, size, check in known["pieces"]]
        file = out.open("rb")
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return Earlier()
    return Earlier(file, known["stamp"], pieces)


def check_of(pcm: Pcm) -> int:
    return zlib.crc32(np.ascontiguousarray(pcm, "<i2").data)


def stamp_of(path: Path) -> list[int]:
    """What a file is known by; it keeps that when it gets another name."""
    return _stamp(path.stat())


def _stamp(status: os.stat_result) -> list[int]:
    return [status.st_size, status.st_mtime_ns]


def keys_written(folder: Path, out: Path) -> tuple[LineKey | None, ...]:
    """The keys of the lines that ``out`` was last made of, in order; empty where nobody remembers."""
    try:
        keys = json.loads(_note(folder, out).read_text(encoding="utf-8"))["keys"]
        return tuple(LineKey(key) if isinstance(key, str) else None for key in keys)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def remember_written(
    folder: Path, out: Path, stamp: Sequence[int], pieces: Sequence[Piece], keys: Sequence[LineKey | None]
) -> None:
    """Notes what ``out`` is made of, and where its pieces lie if it is the file of that stamp: another render may have replaced
    it since. A disk that is full costs only the next render some time."""
    with suppress(OSError):
        note = _note(folder, out)
        note.parent.mkdir(parents=True, exist_ok=True)
        write_lightly(note, json.dumps({"version": _VERSION, "stamp": stamp, "pieces": pieces, "keys": keys}).encode())
        for older in sorted(note.parent.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)[:-_FILES_KEPT]:
            older.unlink(missing_ok=True)


def _note(folder: Path, out: Path) -> Path:
    return folder / _FOLDER / f"{hashlib.sha256(str(out.absolute()).encode()).hexdigest()[:32]}.json"
