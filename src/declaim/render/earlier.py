"""The WAV file of an earlier render: lines that did not change are copied from it, instead of being decoded, levelled and
resampled again.

A file is known again by its size and the time of its last change; what was written where is kept beside the lines.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from declaim.render.cache import write_lightly

_FOLDER = "written"
_FILES_KEPT = 20


class Piece(NamedTuple):
    """``name`` is different for everything that makes another sound; ``start`` and ``size`` in bytes of the file."""

    name: str
    start: int
    size: int


class Earlier:
    """What an earlier render wrote to a file. Thread-safe; close it before the file is replaced."""

    def __init__(self, path: Path, pieces: Sequence[Piece]) -> None:
        self._pieces = {piece.name: piece for piece in pieces}
        self._file = path.open("rb") if pieces else None
        self._lock = threading.Lock()

    def pcm(self, name: str, size: int) -> NDArray[np.int16] | None:
        """The samples of a piece of ``size`` bytes, shape (n,); None where it is not there."""
        piece = self._pieces.get(name)
        if piece is None or piece.size != size or self._file is None:
            return None
        try:
            with self._lock:
                self._file.seek(piece.start)
                data = self._file.read(size)
        except OSError:  # then it is made again
            return None
        return np.frombuffer(data, "<i2") if len(data) == size else None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def find_earlier(folder: Path, out: Path) -> Earlier:
    """What is known of ``out``: nothing, where another program has changed it, or it was never written."""
    try:
        known = json.loads(_note(folder, out).read_text(encoding="utf-8"))
        if known["stamp"] != stamp_of(out):
            return Earlier(out, ())
        return Earlier(out, [Piece(str(name), int(start), int(size)) for name, start, size in known["pieces"]])
    except (OSError, ValueError, KeyError, TypeError):
        return Earlier(out, ())


def stamp_of(path: Path) -> list[int]:
    """What a file is known by; it keeps that when it gets another name."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def remember_written(folder: Path, out: Path, stamp: Sequence[int], pieces: Sequence[Piece]) -> None:
    """Notes what ``out`` is made of, if it is the file of that stamp: another render may have replaced it since. A disk that is
    full costs only the next render some time."""
    if not pieces:
        return
    with suppress(OSError):
        note = _note(folder, out)
        note.parent.mkdir(parents=True, exist_ok=True)
        write_lightly(note, json.dumps({"stamp": stamp, "pieces": pieces}).encode())
        for older in sorted(note.parent.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)[:-_FILES_KEPT]:
            older.unlink(missing_ok=True)


def _note(folder: Path, out: Path) -> Path:
    return folder / _FOLDER / f"{hashlib.sha256(str(out.absolute()).encode()).hexdigest()[:32]}.json"
