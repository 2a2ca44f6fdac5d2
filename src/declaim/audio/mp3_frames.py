"""The frames of an MPEG-1 Layer III stream (ISO/IEC 11172-3, 2.4.1.3)."""

from __future__ import annotations

from collections.abc import Iterator

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


def frame_size(word: int) -> int:
    """Bytes of the frame with this header.

    Raises:
        ValueError: when it is none.
    """
    rate, rate_hz = word >> 12 & 15, word >> 10 & 3
    if word >> 17 != 0x7FFD or not 0 < rate < 15 or rate_hz == 3:
        raise ValueError("not an MPEG-1 Layer III frame")
    return 144_000 * BIT_RATES[rate] // RATES_HZ[rate_hz] + (word >> 9 & 1)
