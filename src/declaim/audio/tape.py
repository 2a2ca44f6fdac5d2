"""What is recorded, on the disk as it comes.

A thread of its own writes: a disk that is busy holds nobody up who listens. The file lies beside its place under a name that says
so (``take.unfinished.wav``). After each second of sound its header tells how much there is, and all of that is on the disk: when
the program is killed or the power fails, :func:`restore` makes a recording of it. A lock tells whether somebody still writes.
"""

from __future__ import annotations

import os
import struct
import threading
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from declaim.audio.writers import MAX_WAV_BYTES
from declaim.errors import AudioError
from declaim.paths import lock_file

_MARK = ".unfinished"
_HEAD_BYTES, _WIDTH = 44, 3


class Tape:
    """One channel in 24 bit, into the WAV file ``path``. ``add`` returns at once.

    Raises:
        OSError: from the next ``add``, or ``close``, after the disk refused.
        AudioError: from ``add``, where the file would get too long.
    """

    def __init__(self, path: Path, rate_hz: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._rate_hz, self._bytes = path, rate_hz, 0
        self._file: BinaryIO = unfinished(path).open("xb")
        with suppress(OSError):  # a disk that cannot lock
            lock_file(self._file.fileno())
        self._blocks: SimpleQueue[bytes | None] = SimpleQueue()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)
        self._thread.start()

    def add(self, samples: NDArray[np.float32]) -> None:
        """Samples in −1…1."""
        if self._failure is not None:
            raise self._failure
        block = _in_24_bit(samples)
        self._bytes += len(block)
        if self._bytes > MAX_WAV_BYTES:
            raise AudioError("A recording holds at most 4 GB, and that is full.", cure="Go on in another take.")
        self._blocks.put(block)

    def close(self) -> None:
        """Puts the file in its place; none where nothing was recorded. What was there before the disk refused is kept."""
        self._blocks.put(None)
        self._thread.join()
        restore(self._path)
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        written = safe = 0
        try:
            with self._file as file:
                file.write(_header(self._rate_hz, 0))
                while (block := self._blocks.get()) is not None:
                    file.write(block)
                    written += len(block)
                    if written - safe >= self._rate_hz * _WIDTH:
                        file.seek(0)
                        file.write(_header(self._rate_hz, written))
                        file.seek(0, os.SEEK_END)
                        _to_disk(file)
                        safe = written
        except OSError as error:
            self._failure = error


def unfinished(path: Path) -> Path:
    """Where what belongs into ``path`` lies while it is recorded."""
    return path.with_name(f"{path.stem}{_MARK}{path.suffix}")


def unfinished_in(folder: Path) -> tuple[Path, ...]:
    """The places of all that was recorded in a folder and did not come to its end."""
    return tuple(sorted(path.with_name(path.name.replace(_MARK, "")) for path in folder.glob(f"*{_MARK}.wav")))


def restore(path: Path, target: Path | None = None) -> bool:
    """Makes a whole file of all that was recorded for ``path``, there or as ``target``; False where there is nothing.

    Raises:
        AudioError: where it is still being recorded.
        OSError: where the disk refuses.
    """
    beside = unfinished(path)
    if not beside.is_file():
        return False
    with beside.open("rb+") as file:
        _take_over(file, path)
        head = file.read(_HEAD_BYTES)
        size = (beside.stat().st_size - _HEAD_BYTES) // _WIDTH * _WIDTH
        if size > 0:
            file.truncate(_HEAD_BYTES + size)
            file.seek(0)
            file.write(_header(struct.unpack_from("<I", head, 24)[0], size))
            _to_disk(file)
    if size <= 0:
        beside.unlink()
        return False
    beside.replace(target or path)
    return True


def _take_over(file: BinaryIO, path: Path) -> None:
    try:
        lock_file(file.fileno())
    except (BlockingIOError, PermissionError) as error:
        cure = "Let it end, or choose another file."
        raise AudioError(f"Another Declaim is recording to '{path.name}'.", cure=cure) from error
    except OSError:
        return  # a disk that cannot lock


def _header(rate_hz: int, size: int) -> bytes:
    layout = struct.pack("<IHHIIHH", 16, 1, 1, rate_hz, rate_hz * _WIDTH, _WIDTH, 8 * _WIDTH)
    return b"RIFF" + struct.pack("<I", _HEAD_BYTES - 8 + size) + b"WAVEfmt " + layout + b"data" + struct.pack("<I", size)


def _in_24_bit(samples: NDArray[np.float32]) -> bytes:
    scaled = np.rint(samples.reshape(-1) * np.float32(0x7F_FFFF)).clip(-0x80_0000, 0x7F_FFFF)
    return bytes(scaled.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :_WIDTH].tobytes())


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
