"""The line cache: each spoken line under the hash of what made it, so that nothing is ever spoken twice.

``ab/<key>.flac`` is the line, 16 bit, trimmed and faded; ``ab/<key>.measure`` what it sounds like (``SoundMeasure``), the size of
the FLAC that it was measured from, and how the line came about; ``ab/<key>.<encoding>.mp3piece`` the line encoded, kept so that a
programme with one changed line is not encoded anew. The first two get their names together, and are on the disk by then; all
but how the line came about can be made from the FLAC again.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from declaim.audio import SoundMeasure, measure_blocks, read_blocks, write_flac
from declaim.errors import AudioError
from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.paths import replacing, replacing_together
from declaim.render.under_way import UnderWay

_HEAD = struct.Struct("<4sQII")
_MAGIC = b"DLM1"
_CHECK = struct.Struct("<I")
_PIECE = "mp3piece"
_PIECES_KEPT = 2
_PART_BYTES = 1 << 18
_REMEMBERED_BYTES = 4 << 20

Samples = NDArray[np.float32]


_ASKED_BEFORE = ("shown", "spoken", "voice", "delivery", "pace")
"""What a Declaim of before kept of it."""


@dataclass(frozen=True)
class LineRecipe:
    """How a line came about. ``suspicion`` is what the check said; ``chunks_ms`` are the starts of the pieces that the engine
    gave (usually sentences); ``cost_usd`` what the service counted for it."""

    suspicion: str = ""
    chunks_ms: tuple[int, ...] = ()
    cost_usd: float = 0.0
    heard: str | None = None
    """What a recogniser wrote down, where one listened."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What it was asked for (``asked.Asked`` as JSON), to tell later what has changed; empty where that was lost."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> LineRecipe:
        known = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        asked = plain.get("asked") or {name: plain[name] for name in _ASKED_BEFORE if name in plain}
        return cls(**{**known, "chunks_ms": tuple(known.get("chunks_ms", ())), "asked": asked})


@dataclass(frozen=True)
class KeptLine:
    """What is known of a kept line, but for its measure."""

    rate_hz: int
    frames: int
    recipe: LineRecipe = field(default_factory=LineRecipe)

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.frames / self.rate_hz)


class LineDamaged(AudioError):
    """The audio of a line is gone or damaged: it is no longer kept, and can be spoken anew."""

    def __init__(self, key: LineKey) -> None:
        super().__init__("The kept audio of a line is gone or damaged.", cure="Render again: the line will be spoken anew.")
        self.key = key


_Entry = tuple[int, KeptLine, SoundMeasure]
"""Of a FLAC of so many bytes."""


class LineCache:
    """Used by several threads, and by several programs at once: every file is written beside and then moved into place.

    The measures that were looked at last are kept in memory, up to ``_REMEMBERED_BYTES``: those of three quarters of an hour.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._folder = str(folder)
        self._remembered: OrderedDict[LineKey, _Entry] = OrderedDict()
        self._remembered_bytes = 0
        self._lock = threading.Lock()
        self.under_way = UnderWay()

    def path(self, key: LineKey) -> Path:
        return Path(self._name(key, "flac"))

    def has(self, key: LineKey) -> bool:
        """Whether the line is there and whole. A truncated or damaged file is taken away."""
        return self.find(key) is not None

    def find(self, key: LineKey) -> KeptLine | None:
        """What is known of a line, without reading its audio; None where it is not there or not whole."""
        entry = self._entry(key)
        return entry[1] if entry else None

    def measure(self, key: LineKey) -> SoundMeasure:
        """What a line sounds like.

        Raises:
            LineDamaged: when it is not there or damaged.
        """
        entry = self._entry(key)
        if entry is None:
            raise LineDamaged(key)
        return entry[2]

    def blocks(self, key: LineKey) -> Iterator[Samples]:
        """The line's sound in blocks of ``audio.BLOCK_S`` seconds, but for the last; together as long as its measure says.

        Raises:
            LineDamaged: when it is not there or damaged, at the latest behind its last block; it is no longer kept then.
        """
        entry, frames = self._entry(key), 0
        try:
            for block, _rate_hz in read_blocks(self.path(key), None):
                frames += len(block)
                yield block[:, 0]
        except AudioError as error:
            self.forget(key)
            raise LineDamaged(key) from error
        if entry is None or entry[1].frames != frames:
            self.forget(key)
            raise LineDamaged(key)

    def read(self, key: LineKey) -> Clip:
        """The whole line in memory. Raises as :meth:`blocks`."""
        samples = np.concatenate(list(self.blocks(key)))
        return Clip(samples, self.measure(key).rate_hz)

    def write(self, key: LineKey, blocks: Iterable[Samples], measure: SoundMeasure, recipe: LineRecipe | None = None) -> KeptLine:
        """Keeps a line, durably: it is on disk when this returns. ``measure`` is that of the blocks.

        Raises:
            OSError: where the disk refuses; the line that was there stays.
        """
        recipe = recipe or LineRecipe()
        with replacing_together() as files:
            beside = files.add(self.path(key))  # gets its name last: where a line is, there is its measure
            write_flac(beside, blocks, measure.rate_hz)
            size_bytes = beside.stat().st_size
            files.add(self._measure_path(key)).write_bytes(_packed(size_bytes, measure, recipe))
        self._forget_pieces(key)
        return self._know(key, size_bytes, measure, recipe)

    def note(self, key: LineKey, recipe: LineRecipe, *, lightly: bool = False) -> KeptLine:
        """Keeps what was learned about a line later; ``lightly`` without waiting for the disk.

        Raises:
            LineDamaged: when it is not there or damaged.
            OSError: where the disk refuses.
        """
        measure, size_bytes = self.measure(key), self.path(key).stat().st_size
        data = _packed(size_bytes, measure, recipe)
        if lightly:
            write_lightly(self._measure_path(key), data)
        else:
            with replacing(self._measure_path(key)) as beside:
                beside.write_bytes(data)
        return self._know(key, size_bytes, measure, recipe)

    def forget(self, key: LineKey) -> None:
        with self._lock:
            entry = self._remembered.pop(key, None)
            self._remembered_bytes -= entry[2].size_bytes if entry else 0
        self._forget_pieces(key)
        for suffix in ("measure", "flac"):
            Path(self._name(key, suffix)).unlink(missing_ok=True)

    def remove_leftovers(self, older_than_s: float = 3600) -> int:
        """Takes away what a kill or a power cut left half written (hidden files that nobody works on any more); how many."""
        before, count = time.time() - older_than_s, 0
        for path in self.folder.glob("*/.*"):
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    count += 1
        return count

    # Encoded pieces

    def piece(self, key: LineKey, encoding: str) -> bytes | None:
        """The line as encoded before, or None."""
        try:
            with open(self._name(key, f"{encoding}.{_PIECE}"), "rb") as file:  # noqa: PTH123 - a Path costs as much again
                data = file.read()
        except OSError:
            return None
        if len(data) <= _CHECK.size or _CHECK.unpack_from(data)[0] != zlib.crc32(memoryview(data)[_CHECK.size :]):
            return None
        return data[_CHECK.size :]

    def has_piece(self, key: LineKey, encoding: str) -> bool:
        """Whether there is one, whole or not."""
        return os.path.exists(self._name(key, f"{encoding}.{_PIECE}"))  # noqa: PTH110

    def long_piece(self, key: LineKey, encoding: str) -> Iterator[bytes]:
        """The same of a long line, in parts; nothing where there is none."""
        with suppress(OSError), open(self._name(key, f"{encoding}.{_PIECE}"), "rb") as file:  # noqa: PTH123
            head, check = file.read(_CHECK.size), 0
            for part in iter(partial(file.read, _PART_BYTES), b""):
                check = zlib.crc32(part, check)
            if file.tell() > _CHECK.size and head == _CHECK.pack(check):
                file.seek(_CHECK.size)
                yield from iter(partial(file.read, _PART_BYTES), b"")

    def keep_piece(self, key: LineKey, encoding: str, data: bytes) -> None:
        """Keeps an encoding, and the one before it; a disk that is full costs only the next encoding."""
        for _ in self.keeping_piece(key, encoding, [(data, 0)]):
            pass

    def keeping_piece(self, key: LineKey, encoding: str, parts: Iterable[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
        """Hands on the parts of an encoding, and keeps it as :meth:`keep_piece` when all of them were taken."""
        with _PieceFile(Path(self._name(key, f"{encoding}.{_PIECE}"))) as file:
            for part in parts:
                file.add(part[0])
                yield part
            with suppress(OSError):
                oldest = self._oldest_pieces(key)
                file.keep()
                for path in oldest:
                    path.unlink(missing_ok=True)

    def _oldest_pieces(self, key: LineKey) -> list[Path]:
        """What must go when one more is kept."""
        older = sorted(self._pieces(key), key=lambda path: path.stat().st_mtime_ns)
        return older[: max(0, len(older) - _PIECES_KEPT + 1)]

    def _pieces(self, key: LineKey) -> list[Path]:
        return list((self.folder / key[:2]).glob(f"{key}.*.{_PIECE}"))

    def _forget_pieces(self, key: LineKey) -> None:
        for path in self._pieces(key):
            path.unlink(missing_ok=True)

    # Measures

    def _name(self, key: LineKey, suffix: str) -> str:
        return f"{self._folder}{os.sep}{key[:2]}{os.sep}{key}.{suffix}"

    def _entry(self, key: LineKey) -> _Entry | None:
        try:
            size_bytes = os.stat(self._name(key, "flac")).st_size  # noqa: PTH116
        except OSError:
            return None
        with self._lock:
            entry = self._remembered.get(key)
            if entry is not None and entry[0] == size_bytes:
                self._remembered.move_to_end(key)
                return entry
        found = self._measured(key, size_bytes)
        if found is None:
            return self._measure_again(key)
        return self._remember(key, (size_bytes, *found))

    def _remember(self, key: LineKey, entry: _Entry) -> _Entry:
        with self._lock:
            before = self._remembered.pop(key, None)
            self._remembered_bytes += entry[2].size_bytes - (before[2].size_bytes if before else 0)
            self._remembered[key] = entry
            while self._remembered_bytes > _REMEMBERED_BYTES:
                self._remembered_bytes -= self._remembered.popitem(last=False)[1][2].size_bytes
        return entry

    def _measured(self, key: LineKey, size_bytes: int) -> tuple[KeptLine, SoundMeasure] | None:
        try:
            with open(self._name(key, "measure"), "rb") as file:  # noqa: PTH123
                data = file.read()
            magic, of_size, recipe_size, measure_size = _HEAD.unpack_from(data)
            if magic != _MAGIC or of_size != size_bytes or len(data) != _HEAD.size + recipe_size + measure_size:
                return None
            recipe = LineRecipe.from_json(json.loads(data[_HEAD.size : _HEAD.size + recipe_size]))
            measure = SoundMeasure.from_bytes(data[_HEAD.size + recipe_size :])
        except (OSError, ValueError, TypeError, struct.error):
            return None
        return KeptLine(measure.rate_hz, measure.frames, recipe), measure

    def _measure_again(self, key: LineKey) -> _Entry | None:
        """A FLAC whose measure is missing or of another file: kept if it is whole (it may have cost money), else taken away."""
        blocks = read_blocks(self.path(key), None)
        try:
            first, rate_hz = next(blocks)
            measure = measure_blocks(chain((first[:, 0],), (block[:, 0] for block, _ in blocks)), rate_hz)
        except (AudioError, StopIteration):
            self.forget(key)
            return None
        size_bytes = self.path(key).stat().st_size
        with suppress(OSError):  # a read-only cache is as good, only slower
            write_lightly(self._measure_path(key), _packed(size_bytes, measure, LineRecipe()))
            self._know(key, size_bytes, measure, LineRecipe())
        return size_bytes, KeptLine(measure.rate_hz, measure.frames), measure

    def _measure_path(self, key: LineKey) -> Path:
        return Path(self._name(key, "measure"))

    def _know(self, key: LineKey, size_bytes: int, measure: SoundMeasure, recipe: LineRecipe) -> KeptLine:
        kept = KeptLine(measure.rate_hz, measure.frames, recipe)
        self._remember(key, (size_bytes, kept, measure))
        return kept


def _packed(size_bytes: int, measure: SoundMeasure, recipe: LineRecipe) -> bytes:
    """The content of a ``.measure`` of a FLAC of so many bytes."""
    plain, numbers = json.dumps(recipe.to_json()).encode(), measure.to_bytes()
    return _HEAD.pack(_MAGIC, size_bytes, len(plain), len(numbers)) + plain + numbers


class _PieceFile:
    """An encoding on its way to the disk, beside its place until it is whole. Where the disk refuses, it is only not kept."""

    def __init__(self, target: Path) -> None:
        self._target, self._check, self._is_refused = target, 0, False
        self._file: BinaryIO | None = None
        self._name = ""

    def __enter__(self) -> Self:
        self._try(self._open)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            Path(self._name).unlink(missing_ok=True)

    def add(self, data: bytes) -> None:
        self._check = zlib.crc32(data, self._check)
        self._try(lambda: self._file and self._file.write(data))

    def keep(self) -> None:
        self._try(self._finish)

    def _open(self) -> None:
        handle, self._name = tempfile.mkstemp(prefix=".", suffix=".part", dir=self._target.parent)
        self._file = os.fdopen(handle, "wb")
        self._file.write(_CHECK.pack(0))

    def _finish(self) -> None:
        assert self._file is not None
        self._file.seek(0)
        self._file.write(_CHECK.pack(self._check))
        self._file.close()
        Path(self._name).replace(self._target)

    def _try(self, step: Callable[[], object]) -> None:
        if not self._is_refused:
            try:
                step()
            except OSError:
                self._is_refused = True


def write_lightly(target: Path, data: bytes) -> None:
    """Beside, then replaced, without waiting for the disk: for what can be made again and carries its own check sum."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
