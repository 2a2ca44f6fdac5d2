"""The frames of an MPEG-1 Layer III stream (ISO/IEC 11172-3, 2.4.1.3)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

FRAME = 1152
"""Samples of one frame."""
BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES_HZ = (44_100, 48_000, 32_000)


def frame_ends(data: bytes) -> Iterator[int]:
    """Where each whole frame ends.

    Raises:
        ValueError: where something else than a frame begins.
    """
    at = 0
    while at + 4 <= len(data):
        at += frame_size(int.from_bytes(data[at : at + 4], "big"))
        if at > len(data):
            return
        yield at


def in_frames(parts: Iterable[bytes], frames: int) -> Iterator[tuple[bytes, int]]:
    """The first ``frames`` frames of a stream that comes in parts of any size: whole ones, and how many.

    Raises:
        ValueError: where something else than a frame begins.
    """
    waiting = b""
    for part in parts:
        waiting += part
        ends = list(itertools.islice(frame_ends(waiting), frames))
        if ends:
            frames -= len(ends)
            yield waiting[: ends[-1]], len(ends)
            waiting = waiting[ends[-1] :]


@lru_cache(maxsize=256)  # the headers of a stream differ in a few bits
def frame_size(word: int) -> int:
    """Bytes of the frame with this header.

    Raises:
        ValueError: when it is none.
    """
    rate, rate_hz = word >> 12 & 15, word >> 10 & 3
    if word >> 17 != 0x7FFD or not 0 < rate < 15 or rate_hz == 3:
        raise ValueError("not an MPEG-1 Layer III frame")
    return 144_000 * BIT_RATES[rate] // RATES_HZ[rate_hz] + (word >> 9 & 1)


@dataclass(frozen=True)
class Mp3Rates:
    """The lowest and the highest bit rate of the frames of a file, in kbit/s, and how long the whole ones last."""

    lowest: int
    highest: int
    duration_ms: int = field(default=0, compare=False)

    @property
    def is_constant(self) -> bool:
        return self.lowest == self.highest


def mp3_rates(path: Path) -> Mp3Rates | None:
    """Of every frame but the first, which may carry a table; None where the file is no MPEG-1 Layer III. Reads headers only.

    Raises:
        OSError: where the disk refuses.
    """
    seen: set[int] = set()
    seconds = 0.0
    size = path.stat().st_size
    with path.open("rb") as file:
        at = _behind_tag(file.read(10))
        for count in itertools.count():
            file.seek(at)
            word = int.from_bytes(file.read(4), "big")
            try:
                at += frame_size(word)
            except ValueError:  # the end, or a tag behind the sound
                break
            if count:
                seen.add(BIT_RATES[word >> 12 & 15])
                seconds += FRAME / RATES_HZ[word >> 10 & 3] * (at <= size)
    return Mp3Rates(min(seen), max(seen), round(1000 * seconds)) if seen else None


def _behind_tag(head: bytes) -> int:
    """Where an ID3v2 tag ends (ID3v2.4.0 structure, 3.1: seven bits a byte)."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 127
    return 10 + size + (10 if head[5] & 16 else 0)
