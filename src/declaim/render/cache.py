"""The line cache: each spoken line under the hash of what made it, so that nothing is ever spoken twice.

``ab/<key>.flac`` is the line, 16 bit, trimmed and faded; ``ab/<key>.measure`` what it sounds like (``SoundMeasure``), the size of
the FLAC that it was measured from, and how the line came about; ``ab/<key>.<encoding>.mp3piece`` the line encoded, kept so that a
programme with one changed line is not encoded anew. Only the FLAC is worth keeping: the other two are made from it.
"""

from __future__ import annotations

import json
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from declaim.audio import SoundMeasure, measure_sound, read_clip, write_flac
from declaim.errors import AudioError
from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.paths import replacing

_HEAD = struct.Struct("<4sQII")
_MAGIC = b"DLM1"
_PIECES_KEPT = 2


@dataclass(frozen=True)
class LineRecipe:
    """How a line came about: told by the plan when something of it has changed. ``chunks_ms`` are the starts of the pieces that
    the engine gave (usually sentences); ``suspicion`` is what the check said."""

    voice: str = ""
    shown: str = ""
    spoken: str = ""
    delivery: str = ""
    suspicion: str = ""
    chunks_ms: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> LineRecipe:
        known = {name: plain[name] for name in cls.__dataclass_fields__ if name in plain}
        return cls(**{**known, "chunks_ms": tuple(known.get("chunks_ms", ()))})


@dataclass(frozen=True, eq=False)
class KeptLine:
    measure: SoundMeasure
    recipe: LineRecipe = field(default_factory=LineRecipe)


class LineCache:
    """Used by several threads, and by several programs at once: every file is written beside and then moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: LineKey) -> Path:
        return self.folder / key[:2] / f"{key}.flac"

    def has(self, key: LineKey) -> bool:
        """Whether the line is there and whole. A truncated or damaged file is taken away."""
        return self.find(key) is not None

    def find(self, key: LineKey) -> KeptLine | None:
        """What is known of a line, without reading its audio; None where it is not there or not whole."""
        try:
            size = self.path(key).stat().st_size
        except OSError:
            return None
        return self._measured(key, size) or self._measure_again(key)

    def read(self, key: LineKey) -> Clip:
        """The line's sound.

        Raises:
            AudioError: when it is not there or damaged; it is no longer kept then.
        """
        return self.read_whole(key)[0]

    def read_whole(self, key: LineKey) -> tuple[Clip, SoundMeasure]:
        """The line's sound and its measure, which fit each other.

        Raises:
            AudioError: as :meth:`read`.
        """
        known = self.find(key)
        try:
            clip = read_clip(self.path(key))
        except AudioError:
            self.forget(key)
            raise
        if known is None or known.measure.frames != len(clip.samples):
            self.forget(key)
            raise AudioError(f"The kept audio of a line is damaged ({key[:12]}).", cure="Render again: it will be spoken anew.")
        return clip, known.measure

    def write(self, key: LineKey, clip: Clip, known: KeptLine | None = None) -> KeptLine:
        """Keeps a line, durably: it is on disk when this returns. ``known`` is what was measured already.

        Raises:
            OSError: where the disk refuses.
        """
        with replacing(self.path(key)) as beside:
            write_flac(beside, clip)
        kept = known or KeptLine(measure_sound(clip.samples, clip.rate_hz))
        self._write_measure(key, kept)
        return kept

    def forget(self, key: LineKey) -> None:
        for path in self._beside(key):
            path.unlink(missing_ok=True)
        self.path(key).unlink(missing_ok=True)

    def duration_ms(self, key: LineKey) -> int | None:
        known = self.find(key)
        return known.measure.duration_ms if known else None

    # Encoded pieces

    def piece(self, key: LineKey, encoding: str) -> bytes | None:
        """The line as encoded before, or None."""
        try:
            data = self._piece_path(key, encoding).read_bytes()
        except OSError:
            return None
        return data[4:] if len(data) > 4 and struct.unpack("<I", data[:4])[0] == zlib.crc32(data[4:]) else None

    def keep_piece(self, key: LineKey, encoding: str, data: bytes) -> None:
        """Keeps an encoding, and the one before it; a disk that is full costs only the next encoding."""
        try:
            older = sorted(
                (path for path in self._beside(key) if path.suffix == ".mp3piece"), key=lambda path: path.stat().st_mtime_ns
            )
            _write_lightly(self._piece_path(key, encoding), struct.pack("<I", zlib.crc32(data)) + data)
            for path in older[: max(0, len(older) - _PIECES_KEPT + 1)]:
                path.unlink(missing_ok=True)
        except OSError:
            return

    def _piece_path(self, key: LineKey, encoding: str) -> Path:
        return self.folder / key[:2] / f"{key}.{encoding}.mp3piece"

    def _beside(self, key: LineKey) -> list[Path]:
        return list((self.folder / key[:2]).glob(f"{key}.*[!c]"))

    # Measures

    def _measure_path(self, key: LineKey) -> Path:
        return self.folder / key[:2] / f"{key}.measure"

    def _measured(self, key: LineKey, size_bytes: int) -> KeptLine | None:
        try:
            data = self._measure_path(key).read_bytes()
            magic, of_size, recipe_size, measure_size = _HEAD.unpack_from(data)
            if magic != _MAGIC or of_size != size_bytes or len(data) != _HEAD.size + recipe_size + measure_size:
                return None
            recipe = LineRecipe.from_json(json.loads(data[_HEAD.size : _HEAD.size + recipe_size]))
            return KeptLine(SoundMeasure.from_bytes(data[_HEAD.size + recipe_size :]), recipe)
        except (OSError, ValueError, TypeError, struct.error):
            return None

    def _measure_again(self, key: LineKey) -> KeptLine | None:
        """A FLAC whose measure is missing or of another file: kept if it is whole (it may have cost money), else taken away."""
        try:
            clip = read_clip(self.path(key))
        except AudioError:
            self.forget(key)
            return None
        kept = KeptLine(measure_sound(clip.samples, clip.rate_hz))
        with suppress(OSError):  # a read-only cache is as good, only slower
            self._write_measure(key, kept)
        return kept

    def _write_measure(self, key: LineKey, kept: KeptLine) -> None:
        recipe, measure = json.dumps(kept.recipe.to_json()).encode(), kept.measure.to_bytes()
        head = _HEAD.pack(_MAGIC, self.path(key).stat().st_size, len(recipe), len(measure))
        _write_lightly(self._measure_path(key), head + recipe + measure)


def _write_lightly(target: Path, data: bytes) -> None:
    """Beside, then replaced, without waiting for the disk: for what can be made again and carries its own check sum."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
