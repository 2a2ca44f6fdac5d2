"""Two equal channels for the price of one: a mono MP3 stream as a joint-stereo one, without encoding again.

In middle/side stereo two equal channels are a middle and a silent side. A mono frame has the middle's bits already: they are
taken over as they are, with two steps more of gain (√2, by which the decoder divides), beside a side that takes no bits. That
halves the time of encoding. The layout is that of ISO/IEC 11172-3, 2.4.1.7 (side information) and 2.4.3.4.9 (middle/side); the
data of a frame may begin up to 511 bytes before it (``main_data_begin``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from declaim.audio.mp3_frames import BIT_RATES, RATES_HZ, frame_ends

_HEAD = 4
_MONO_SIDE, _STEREO_SIDE = 17, 32
_REACH = 511
_SQRT_2_STEPS = 2
_MONO_GRANULES = (18, 77)
_STEREO_GRANULES = (20, 138)
"""Where the granules of the first channel begin in the bits of the side information; those of the second follow each."""
_GRANULE_BITS = 59
_LENGTH, _VALUES, _GAIN, _COMPRESS = slice(0, 12), slice(12, 21), slice(21, 29), slice(29, 33)
"""part2_3_length, big_values, global_gain and scalefac_compress in a granule's 59 bits."""

Bits = NDArray[np.uint8]


class Twin:
    """A stream in joint stereo, frame for frame. Give it the mono one in order, in parts of whole frames; what it gives back
    comes a few frames later, as the data of a frame lies in those before it.

    Args:
        bit_rate: of every frame, higher than any in the mono stream; None gives each frame the lowest rate that holds it.
    """

    def __init__(self, bit_rate: int | None = None) -> None:
        self._bit_rate = bit_rate
        self._owed = 0
        """What a constant rate would have given in addition, in shares of a byte."""
        self._payload = b""
        """The data that the next frame may lean on."""
        self._stream, self._stream_at = bytearray(), 0
        """The same of what comes out, of the frames in ``_waiting``."""
        self._slot = self._filled = 0
        self._waiting: list[tuple[bytes, int]] = []
        """Header with side information, and where its frame's place in the stream ends."""

    def add(self, mono: bytes) -> tuple[bytes, int]:
        """Whole frames, and how many.

        Args:
            mono: whole frames of MPEG-1 Layer III in one channel, without check sums; the first of all leans on none before it.

        Raises:
            ValueError: when ``mono`` is something else.
        """
        edges = [0, *frame_ends(mono)]
        starts = np.array(edges[:-1], np.int64)
        heads = np.frombuffer(mono, np.uint8)[starts[:, None] + np.arange(_HEAD + _MONO_SIDE)]
        if np.any(heads[:, 3] >> 6 != 3) or not np.all(heads[:, 1] & 1):
            raise ValueError("not a stream of one channel without check sums")
        side = np.unpackbits(heads[:, _HEAD:], axis=1)
        own = len(self._payload) + starts - np.arange(len(starts)) * (_HEAD + _MONO_SIDE)
        self._payload += b"".join([mono[start + _HEAD + _MONO_SIDE : end] for start, end in pairwise(edges)])
        first, second = (_number(side[:, granule:][:, _LENGTH]) for granule in _MONO_GRANULES)

        words, slots = self._places(heads[:, :_HEAD])
        back = self._laid_down(slots, (own - _number(side[:, :9])).tolist(), ((first + second + 7) // 8).tolist())
        new = np.concatenate((words, np.packbits(_stereo_side(side, np.array(back, np.int64)), axis=1)), axis=1).tobytes()
        width = _HEAD + _STEREO_SIDE
        self._waiting += [(new[at * width : (at + 1) * width], end) for at, end in enumerate(slots[1:])]
        self._payload = self._payload[-_REACH:]
        return self._given(self._slot - _REACH)

    def finish(self) -> tuple[bytes, int]:
        return self._given(self._slot)

    def _places(self, heads: Bits) -> tuple[Bits, list[int]]:
        """The headers, and where the place of each frame begins in the stream; the last number is where that of the next will."""
        words, frame_sizes, self._owed = _stereo_heads(heads, self._bit_rate, self._owed)
        slots = (self._slot + np.concatenate(([0], np.cumsum(frame_sizes - _HEAD - _STEREO_SIDE)))).tolist()
        self._stream += bytes(slots[-1] - self._slot)
        self._slot = slots[-1]
        return words, slots

    def _laid_down(self, slots: Sequence[int], sources: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Puts the data of each frame as far ahead as it may lie; how far that is."""
        back = []
        for slot, source, size in zip(slots, sources, sizes, strict=False):
            begin = max(self._filled, slot - _REACH)
            self._filled = begin + size
            self._stream[begin - self._stream_at : self._filled - self._stream_at] = self._payload[source : source + size]
            back.append(slot - begin)
        return back

    def _given(self, until: int) -> tuple[bytes, int]:
        """The frames whose places end by then."""
        count = sum(end <= until for _, end in self._waiting)
        parts: list[bytes | bytearray] = []
        at = self._stream_at
        for head, end in self._waiting[:count]:
            parts += [head, self._stream[at - self._stream_at : end - self._stream_at]]
            at = end
        del self._stream[: at - self._stream_at], self._waiting[:count]
        self._stream_at = at
        return b"".join(parts), count


def _stereo_heads(heads: Bits, bit_rate: int | None, owed: int) -> tuple[Bits, NDArray[np.int64], int]:
    """The headers in joint stereo with middle/side on, and the bytes of each frame at a rate that holds it. ``owed`` is what the
    frames before have fallen behind a constant rate; the last number is that with these."""
    rate_hz = RATES_HZ[heads[0, 2] >> 2 & 3] if len(heads) else RATES_HZ[0]
    rates = np.full(len(heads), BIT_RATES.index(bit_rate)) if bit_rate else (heads[:, 2] >> 4) + 1
    sizes, rest = np.divmod(144_000 * np.array(BIT_RATES)[rates], rate_hz)
    # A padding byte whenever the frames have fallen a byte behind a constant rate.
    behind = owed + np.cumsum(rest)
    padding = np.diff(behind // rate_hz, prepend=owed // rate_hz) if bit_rate else np.zeros(len(heads), np.int64)
    words = heads.copy()
    words[:, 2] = rates << 4 | heads[:, 2] & 0b1101 | padding << 1
    words[:, 3] = heads[:, 3] & 0xF | 0b0110 << 4
    return words, np.asarray(sizes + padding, np.int64), int(behind[-1]) % rate_hz if len(heads) else owed


def _stereo_side(mono: Bits, back: NDArray[np.int64]) -> Bits:
    """Side information: 9 bits main_data_begin, 3 private, 4 + 4 scfsi, then each granule in the middle and in the side."""
    bits = np.zeros((len(mono), 8 * _STEREO_SIDE), np.uint8)
    bits[:, :9] = back[:, None] >> np.arange(8, -1, -1) & 1
    bits[:, 12:16] = mono[:, 14:18]
    for source, target in zip(_MONO_GRANULES, _STEREO_GRANULES, strict=True):
        middle, silent = bits[:, target:][:, :_GRANULE_BITS], bits[:, target + _GRANULE_BITS :][:, :_GRANULE_BITS]
        middle[:] = silent[:] = mono[:, source : source + _GRANULE_BITS]
        gain = np.minimum(255, _number(middle[:, _GAIN]) + _SQRT_2_STEPS).astype(np.uint8)
        middle[:, _GAIN] = np.unpackbits(gain[:, None], axis=1)
        # Without bits, but of the same block type, which both channels must share.
        for taken_out in (_LENGTH, _VALUES, _COMPRESS):
            silent[:, taken_out] = 0
    return bits


def _number(bits: Bits) -> NDArray[np.int64]:
    """Each row of bits as a number, highest first."""
    return np.asarray(bits @ (1 << np.arange(bits.shape[1] - 1, -1, -1)), np.int64)
