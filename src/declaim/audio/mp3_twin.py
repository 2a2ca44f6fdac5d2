"""Two equal channels for the price of one: a mono MP3 stream as a joint-stereo one, without encoding again.

In middle/side stereo two equal channels are a middle and a silent side. A mono frame has the middle's bits already: they are
taken over as they are, with two steps more of gain (√2, by which the decoder divides), beside a side that takes no bits. That
halves the time of encoding. The layout is that of ISO/IEC 11172-3, 2.4.1.7 (side information) and 2.4.3.4.9 (middle/side); the
data of a frame may begin up to 511 bytes before it (``main_data_begin``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from declaim.audio.mp3_frames import BIT_RATES, RATES_HZ, frame_ends, frame_size

_HEAD = 4
_MONO_SIDE, _STEREO_SIDE = 17, 32
_GRANULE_BITS = 59
_REACH = 511
_SQRT_2_STEPS = 2
_LENGTH, _VALUES, _GAIN, _COMPRESS = 47, 38, 30, 26
"""Where part2_3_length (12 bits), big_values (9), global_gain (8) and scalefac_compress (4) end in a granule's 59 bits."""
_SILENT = ~((0xFFF << _LENGTH) | (0x1FF << _VALUES) | (0xF << _COMPRESS))
"""Takes the bits out of a granule but leaves its block type, which both channels must share."""


@dataclass(frozen=True)
class _MonoFrame:
    word: int
    scale_factors: int
    granules: tuple[int, int]
    data: bytes


def with_twin(mono: bytes, bit_rate: int | None = None) -> bytes:
    """The stream in joint stereo, frame for frame.

    Args:
        mono: whole frames of MPEG-1 Layer III in one channel, without check sums; the first leans on none before it.
        bit_rate: of every frame, higher than any in ``mono``; None gives each frame the lowest rate that holds it.

    Raises:
        ValueError: when ``mono`` is something else.
    """
    heads: list[bytes] = []
    sizes: list[int] = []
    stream = bytearray()
    slot = owed = 0
    for frame in _mono_frames(mono):
        word = _stereo_word(frame.word, bit_rate)
        if bit_rate:  # a padding byte whenever the frames have fallen a byte behind their rate
            rate_hz = RATES_HZ[word >> 10 & 3]
            owed += 144_000 * bit_rate % rate_hz
            word |= (owed >= rate_hz) << 9
            owed %= rate_hz
        begin = max(len(stream), slot - _REACH)
        stream.extend(bytes(begin - len(stream)))
        stream.extend(frame.data)
        heads.append(word.to_bytes(4, "big") + _side(frame, slot - begin))
        sizes.append(frame_size(word) - _HEAD - _STEREO_SIDE)
        slot += sizes[-1]
    stream.extend(bytes(slot - len(stream)))
    return b"".join(_interleaved(heads, sizes, bytes(stream)))


def _interleaved(heads: list[bytes], sizes: list[int], stream: bytes) -> Iterator[bytes]:
    at = 0
    for head, size in zip(heads, sizes, strict=True):
        yield head
        yield stream[at : at + size]
        at += size


def _mono_frames(mono: bytes) -> Iterator[_MonoFrame]:
    slots = bytearray()
    at = 0
    for end in frame_ends(mono):
        word = int.from_bytes(mono[at : at + _HEAD], "big")
        if word >> 6 & 3 != 3 or not word >> 16 & 1:
            raise ValueError("not a stream of one channel without check sums")
        side = int.from_bytes(mono[at + _HEAD : at + _HEAD + _MONO_SIDE], "big")
        first, second = side >> _GRANULE_BITS & _mask(_GRANULE_BITS), side & _mask(_GRANULE_BITS)
        begin = len(slots) - (side >> 127)
        slots += mono[at + _HEAD + _MONO_SIDE : end]
        bits = (first >> _LENGTH) + (second >> _LENGTH)
        yield _MonoFrame(word, side >> 118 & 0xF, (first, second), bytes(slots[begin : begin + (bits + 7) // 8]))
        at = end


def _stereo_word(word: int, bit_rate: int | None) -> int:
    """The header in joint stereo with middle/side on, without padding, at a rate that holds the frame."""
    rate = BIT_RATES.index(bit_rate) if bit_rate else (word >> 12 & 15) + 1
    return word & ~(0xF << 12 | 1 << 9 | 0xF << 4) | rate << 12 | 0b0110 << 4


def _side(frame: _MonoFrame, begin: int) -> bytes:
    """Side information: 9 bits main_data_begin, 3 private, 4 + 4 scfsi, then each granule in the middle and in the side."""
    bits = begin << 11 | frame.scale_factors << 4
    for granule in frame.granules:
        gain = min(255, (granule >> _GAIN & 0xFF) + _SQRT_2_STEPS)
        middle = granule & ~(0xFF << _GAIN) | gain << _GAIN
        bits = (bits << _GRANULE_BITS | middle) << _GRANULE_BITS | granule & _SILENT
    return bits.to_bytes(_STEREO_SIDE, "big")


def _mask(bits: int) -> int:
    return (1 << bits) - 1
