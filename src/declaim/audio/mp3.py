"""MP3 with the LAME encoder, in pieces that can be kept.

A Layer III encoder starts with an empty bit reservoir and finishes what it was given, so pieces that were encoded apart may
follow each other wherever there is silence: a decoder hears what one long encoding would have given. ``encode_piece`` makes
such a piece with an exact number of frames; an ``Mp3File`` puts pieces and silent frames behind an Info (Xing) frame, which
carries the length, a table for seeking and the delay (gapless playback). Layout of that frame: LAME's "VBR Tag"
specification, revision 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from declaim.audio.mp3_frames import BIT_RATES, FRAME, RATES_HZ, frame_ends, frame_size, in_frames
from declaim.audio.mp3_twin import Twin
from declaim.errors import AudioError

DELAY = 1105
"""Samples by which sound comes out later than it went in: 576 of the encoder, 529 of every decoder."""
TAIL = 1728
"""Silent samples that a piece needs behind its sound, so that nothing of it is cut off."""
_INFO_BIT_RATE = 64
"""What the Info frame needs at least."""
_MARK_EVERY = 400
"""Frames (ten seconds)."""


@dataclass(frozen=True)
class Mp3Settings:
    """``vbr`` 0 (best) … 9 replaces the constant ``bit_rate`` (kbit/s). ``effort`` is LAME's quality: 2 best, 7 fastest."""

    rate_hz: int = 44_100
    channels: int = 2
    bit_rate: int = 192
    vbr: int | None = None
    effort: int = 7

    def __post_init__(self) -> None:
        if self.bit_rate not in BIT_RATES[1:]:
            rates = ", ".join(map(str, BIT_RATES[1:]))
            raise AudioError(f"MP3 has no rate of {self.bit_rate} kbit/s.", cure=f"Choose one of {rates}.")
        if self.rate_hz not in RATES_HZ or self.channels not in (1, 2):
            raise AudioError(f"MP3 takes no {self.channels} channels at {self.rate_hz} Hz.", cure="Choose 44.1 or 48 kHz.")

    @property
    def name(self) -> str:
        """Short, and different for everything that makes other bytes."""
        rate = f"c{self.bit_rate}" if self.vbr is None else f"v{self.vbr}"
        return f"{self.rate_hz}-{self.channels}-{rate}-{self.effort}"


class Mp3Encoder:
    """One LAME encoder: int16 samples in, bytes out. ``encode`` and ``finish`` release the interpreter lock."""

    def __init__(self, settings: Mp3Settings) -> None:
        import lameenc

        self._channels = settings.channels
        self._lame = lameenc.Encoder()
        self._lame.silence()
        self._lame.set_in_sample_rate(settings.rate_hz)
        self._lame.set_out_sample_rate(settings.rate_hz)  # else LAME takes a lower one for few bits
        self._lame.set_channels(settings.channels)
        self._lame.set_quality(settings.effort)
        if settings.vbr is None:
            self._lame.set_bit_rate(settings.bit_rate)
        else:
            self._lame.set_vbr(4)
            self._lame.set_vbr_quality(settings.vbr)
            if settings.channels == 1:  # room for the twin
                self._lame.set_vbr_max_bitrate_kbps(BIT_RATES[-2])

    def encode(self, pcm: NDArray[np.int16]) -> bytes:
        """Samples of shape (n,), the same for every channel, or (n, channels)."""
        if pcm.ndim == 1 and self._channels > 1:
            pcm = np.repeat(pcm[:, None], self._channels, axis=1)
        return bytes(self._lame.encode(pcm.tobytes()))

    def finish(self) -> bytes:
        return bytes(self._lame.flush())


def encode_piece(pcm: NDArray[np.int16], frames: int, settings: Mp3Settings) -> bytes:
    """Exactly ``frames`` frames, starting with the first sample; the last ``TAIL`` of the time must lie behind the sound.

    Sound of shape (n,) in a file of two channels is encoded once and then given its twin.
    """
    return b"".join([part for part, _ in encode_stream((pcm,), frames, settings)])


def encode_stream(blocks: Iterable[NDArray[np.int16]], frames: int, settings: Mp3Settings) -> Iterator[tuple[bytes, int]]:
    """A piece of any length in parts, each with its number of frames: ``frames`` together, as :func:`encode_piece`."""
    blocks = iter(blocks)
    first = next(blocks, np.zeros(0, np.int16))
    if settings.channels == 2 and first.ndim == 1 and settings.bit_rate > BIT_RATES[1]:
        twin = Twin(settings.bit_rate if settings.vbr is None else None)
        for part, _ in _encoded(chain((first,), blocks), frames, _one_channel(settings)):
            yield twin.add(part)
        yield twin.finish()
    else:
        yield from _encoded(chain((first,), blocks), frames, settings)


def _encoded(blocks: Iterable[NDArray[np.int16]], frames: int, settings: Mp3Settings) -> Iterator[tuple[bytes, int]]:
    encoder = Mp3Encoder(settings)

    def parts() -> Iterator[bytes]:
        missing, data = frames * FRAME, b""
        for block in blocks:
            yield data
            missing -= len(block)
            data = encoder.encode(block)
        yield data + encoder.encode(np.zeros(max(0, missing), np.int16)) + encoder.finish()  # of one block all at once

    return in_frames(parts(), frames)


def _one_channel(settings: Mp3Settings) -> Mp3Settings:
    """A mono stream whose frames have room in those of ``settings``, with the longer side information of two channels."""
    lower = BIT_RATES[BIT_RATES.index(settings.bit_rate) - 1]
    return replace(settings, channels=1, bit_rate=lower)


@lru_cache(maxsize=8)
def encoder_gain(settings: Mp3Settings, *, has_twin: bool = True) -> float:
    """By how much LAME's own preset scales the sound (0.97 for 192 kbit/s in stereo, for one), measured on a tone.

    Two channels are encoded by other presets where one is the other's twin.

    The encoder gives no way to switch it off: whoever wants the loudness that was asked for divides by it.
    """
    import io

    import soundfile

    tone = np.asarray(8000 * np.sin(2 * np.pi * 440 * np.arange(24 * FRAME) / settings.rate_hz), np.int16)
    memory = io.BytesIO()
    file = Mp3File(memory, settings)
    sound = tone if has_twin or settings.channels == 1 else np.stack((tone, tone), axis=1)
    file.add(encode_piece(sound, 26, settings), 26)
    file.finish()
    memory.seek(0)
    heard, _ = soundfile.read(memory, dtype="float32", always_2d=True)
    middle = slice(6 * FRAME, 18 * FRAME)
    return float(np.sqrt(np.mean(np.square(heard[middle, 0])) / np.mean(np.square(tone[middle] / 32768.0))))


@lru_cache(maxsize=8)
def silent_frame(settings: Mp3Settings) -> bytes:
    """A frame of silence that leans on no frame before it."""
    data = encode_piece(np.zeros(0, np.int16), 6, settings)
    ends = list(frame_ends(data))
    return data[ends[0] : ends[1]]


class Mp3File:
    """Writes pieces to an open file; ``finish`` adds the last silent frame and fills in the Info frame at the front."""

    def __init__(self, file: BinaryIO, settings: Mp3Settings) -> None:
        self._file = file
        self._settings = settings
        self._start = file.tell()
        self._frames = 0
        self._bytes = file.write(self._info_frame())
        self._marks = [(0, self._bytes)]
        """Frames and bytes before each piece: what the seek table is made from."""

    def add(self, piece: bytes, frames: int) -> None:
        """A piece of so many whole frames."""
        self._file.write(piece)
        self._frames += frames
        self._bytes += len(piece)
        if self._frames - self._marks[-1][0] >= _MARK_EVERY:
            self._marks.append((self._frames, self._bytes))

    def add_silence(self, frames: int) -> None:
        self.add(silent_frame(self._settings) * frames, frames)

    def finish(self, padding: int | None = None) -> None:
        """``padding``: samples at the end that are not sound, where the caller knows better than the frames' grid."""
        if padding is None:
            self.add_silence(1)
            padding = FRAME - DELAY + 529
        self._marks.append((self._frames, self._bytes))
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(self._info_frame(padding))
        self._file.seek(end)

    def _info_frame(self, padding: int = 0) -> bytes:
        """The first frame: silence to a player that knows nothing of it."""
        head = self._info_header()
        size = frame_size(int.from_bytes(head, "big"))
        at = 4 + (17 if self._settings.channels == 1 else 32)
        total = self._bytes if self._frames else size
        tag = (b"Info" if self._settings.vbr is None else b"Xing") + (15).to_bytes(4, "big")
        tag += self._frames.to_bytes(4, "big") + total.to_bytes(4, "big") + self._seek_table(total) + bytes(4)
        method = 1 if self._settings.vbr is None else 4
        tag += b"LAME3.100" + bytes([method, 0]) + bytes(8) + bytes([0, min(255, self._settings.bit_rate)])
        tag += (576 << 12 | min(4095, padding)).to_bytes(3, "big") + bytes(4) + total.to_bytes(4, "big") + bytes(2)
        frame = (head + bytes(at - 4) + tag).ljust(size, b"\0")
        checked = at + len(tag)
        return frame[:checked] + _crc16(frame[:checked]).to_bytes(2, "big") + frame[checked + 2 :]

    def _info_header(self) -> bytes:
        rate = BIT_RATES.index(max(_INFO_BIT_RATE, self._settings.bit_rate) if self._settings.vbr is None else _INFO_BIT_RATE)
        mode = 3 if self._settings.channels == 1 else 1
        word = 0xFFFB << 16 | rate << 12 | RATES_HZ.index(self._settings.rate_hz) << 10 | mode << 6 | 4
        return word.to_bytes(4, "big")

    def _seek_table(self, total: int) -> bytes:
        """Where each hundredth of the time lies, in 256ths of the bytes."""
        if not self._frames:
            return bytes(100)
        frames, places = zip(*self._marks, strict=True)
        wanted = np.interp(np.arange(100) * self._frames / 100, frames, places)
        return bytes(np.minimum(255, wanted * 256 / total).astype(np.uint8))


def _crc16(data: bytes) -> int:
    """CRC-16/ARC, as LAME checks its tag."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
