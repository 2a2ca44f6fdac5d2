"""Is the audio of a recording still what it was? Somebody may have deleted or damaged a file behind our back.

What was found of a file is remembered beside the audio (``found.json``): while its size and its times stay the same it is not
read again. Only reading it all finds what a disk forgot by itself.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from declaim.audio.mp3_frames import mp3_rates
from declaim.model.library import Recording
from declaim.model.work import CancelToken
from declaim.paths import replacing
from declaim.storage import MediaFolder, file_digest

FOUND = "found.json"
_TOLERANCE_MS = 60
"""Two frames."""
_SETTLED_S = 2.0
"""A file that was written so shortly ago may change again without its time telling: FAT counts in two seconds."""


@dataclass(frozen=True)
class _Found:
    """``stamp``: what the file was known by. ``sha256`` of its bytes, empty where they were not what they should be."""

    stamp: list[int]
    sha256: str
    day: str


class Wholeness:
    """A look at some recordings, in one worker; leaving it keeps what was found, also on the way out of a cancelled one."""

    def __init__(self, media: Path, *, is_thorough: bool = False) -> None:
        self._folder = MediaFolder(media)
        self._is_thorough = is_thorough
        self._known = _read_found(media / FOUND)
        self._news: dict[str, _Found] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._news:
            self._keep()

    def bytes_to_read(self, recording: Recording) -> int:
        """How much :meth:`is_whole` will read; 0 where the answer is known.

        Raises:
            LibraryError: for a row that names no file of the library.
        """
        stamp = self._stamp(recording)
        return stamp[0] if stamp and (self._is_thorough or self._seen(recording, stamp) is None) else 0

    def read_on(self, recording: Recording) -> str:
        """The day (ISO 8601) on which a file was read that has not changed since; empty for others.

        Raises:
            LibraryError: for a row that names no file of the library.
        """
        stamp = self._stamp(recording)
        found = self._seen(recording, stamp) if stamp else None
        return found.day if found else ""

    def is_whole(self, recording: Recording, cancel: CancelToken | None = None) -> bool:
        """Whether its file is there and, as far as can be told, as it was: by the hash that it is named by, by the one that it
        had when it was read before, or by its length.

        Raises:
            LibraryError: for a row that names no file of the library.
            Cancelled: when the user asked to stop.
        """
        stamp = self._stamp(recording)
        if stamp is None:
            return False
        seen = self._seen(recording, stamp)
        if seen is not None and not self._is_thorough:
            return bool(seen.sha256)
        try:
            digest = self._read(recording, seen, cancel)
            if self._stamp(recording) == stamp and time.time() - stamp[1] / 1e9 > _SETTLED_S:
                self._news[recording.path] = _Found(stamp, digest, dt.datetime.now().astimezone().date().isoformat())
        except OSError:
            return False
        return bool(digest)

    def _read(self, recording: Recording, seen: _Found | None, cancel: CancelToken | None) -> str:
        """Its hash; empty where it is not what it should be."""
        path = self._folder.resolve(recording.path)
        digest = file_digest(path, cancel)
        if self._folder.is_named_by_hash(recording.path):
            return digest if digest == path.stem else ""
        if seen is not None and digest != seen.sha256:
            return ""
        if path.suffix.lower() == ".mp3" and recording.duration_ms:
            rates = mp3_rates(path)
            return digest if rates is not None and rates.duration_ms >= recording.duration_ms - _TOLERANCE_MS else ""
        return digest

    def _seen(self, recording: Recording, stamp: list[int]) -> _Found | None:
        """What was found of the file as it is now."""
        found = self._news.get(recording.path) or self._known.get(recording.path)
        return found if found is not None and found.stamp == stamp else None

    def _stamp(self, recording: Recording) -> list[int] | None:
        """Size, times and the length that it should have. No program can set back the time of the last change of anything; where
        the third is the time of its making (Windows), another file in its place is known by that."""
        path = self._folder.resolve(recording.path)
        try:
            status = path.stat()
        except OSError:
            return None
        return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, recording.duration_ms or 0] if path.is_file() else None

    def _keep(self) -> None:
        """With what others found meanwhile, without files that are gone. A library that cannot be written is read again."""
        file = self._folder.root / FOUND
        known = {**_read_found(file), **self._news}
        there = {path: asdict(found) for path, found in known.items() if (self._folder.root / path).is_file()}
        with suppress(OSError), replacing(file) as beside:
            beside.write_text(json.dumps(there), encoding="utf-8")


def _read_found(file: Path) -> dict[str, _Found]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        return {path: _found(entry) for path, entry in read.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _found(entry: Mapping[str, Any]) -> _Found:
    return _Found(list(entry["stamp"]), str(entry["sha256"]), str(entry["day"]))
