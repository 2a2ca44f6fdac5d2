"""Two equal channels of Ogg Opus for the price of one: a stream of mono packets that says it has two channels.

The head of an Opus stream says how many channels come out of the decoder; a packet says for itself how many are coded in it, and
a mono packet sounds in both (RFC 7845, section 5.1.1; RFC 6716, section 3.1). Encoding takes half the time of two channels. Only
the head is changed; the page that holds it gets a new check sum (RFC 3533, section 6).
"""

from __future__ import annotations

from pathlib import Path

_HEAD = b"OpusHead"
_CHANNELS = 9
"""Where in the head the number of channels stands."""
_PAGE_HEAD, _CHECK, _SEGMENTS = 27, 22, 26
"""The fixed part of a page's head; where in it its check sum and the number of its segments stand."""


def make_twin(path: Path) -> None:
    """Makes a mono file one of two channels, in place.

    Raises:
        ValueError: when it is no Ogg Opus file of one channel.
        OSError: where the disk refuses.
    """
    with path.open("rb+") as file:
        page = bytearray(file.read(_PAGE_HEAD + 255 + 255 * 255))
        segments = page[_SEGMENTS] if len(page) > _PAGE_HEAD else 0
        start = _PAGE_HEAD + segments
        page = page[: start + sum(page[_PAGE_HEAD:start])]
        if page[:4] != b"OggS" or page[start : start + 8] != _HEAD or page[start + _CHANNELS] != 1:
            raise ValueError("no Ogg Opus file of one channel")
        page[start + _CHANNELS] = 2
        page[_CHECK : _CHECK + 4] = bytes(4)
        page[_CHECK : _CHECK + 4] = _crc32(page).to_bytes(4, "little")
        file.seek(0)
        file.write(page)


def _crc32(data: bytearray) -> int:
    """Ogg's: polynomial 0x04C11DB7, nothing reflected, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc >> 31 else crc << 1) & 0xFFFF_FFFF
    return crc
