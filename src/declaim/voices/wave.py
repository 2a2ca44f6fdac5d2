"""The bytes that a service calls audio -> a ``Clip``: WAV or raw PCM told apart by the bytes, any rate, mono or stereo."""

from __future__ import annotations

import re
import struct

import numpy as np
from numpy.typing import NDArray

from declaim.model.clip import Clip

RATE_HZ = 24_000
"""What the services are asked for; anything else is resampled to it, so that all clips of a line have one rate."""
_UNKNOWN_SIZES = frozenset({0, 0x7FFFFFFF, 0x7FFFF000, 0xFFFFFFFF, 0xFFFFFFDB, 0xFFFFFFD7})
"""What writers put for the size of a WAV that they stream."""
_OTHER_KINDS = {
    b"ID3": "MP3",
    b"\xff\xfb": "MP3",
    b"\xff\xf3": "MP3",
    b"OggS": "Ogg",
    b"fLaC": "FLAC",
    b"<!DO": "HTML",
    b"<htm": "HTML",
}
_RATE = re.compile(r"rate=(\d{4,6})")
_CHANNELS = re.compile(r"channels=(\d)")
_PAD = 480


class NoSound(Exception):
    """The bytes are not audio, or not all of it; the words say why."""


def clip_of(data: bytes, mime_type: str = "", *, rate_hz: int = RATE_HZ) -> Clip:
    """Mono at 24 kHz. ``rate_hz`` is that of raw PCM (s16le) whose ``mime_type`` names none.

    Raises:
        NoSound: for anything that is not the whole of a sound.
    """
    if not data:
        raise NoSound("the answer has no audio in it")
    if data[:4] == b"RIFF":
        samples, rate_hz = _wav(data)
    else:
        samples, rate_hz = _pcm(data, mime_type, rate_hz)
    if not len(samples):
        raise NoSound("the audio in the answer has no length")
    return Clip(resampled(samples, rate_hz, RATE_HZ), RATE_HZ)


def _pcm(data: bytes, mime_type: str, rate_hz: int) -> tuple[NDArray[np.float32], int]:
    kind = next((name for mark, name in _OTHER_KINDS.items() if data.startswith(mark)), "")
    if kind:
        raise NoSound(f"the answer is {kind}, not the PCM that was asked for")
    if mime_type.startswith(("text/", "application/json")) or (data[:1] in (b"{", b"<") and _is_text(data)):
        raise NoSound("the answer is text, not audio")
    named, channels = _RATE.search(mime_type), _CHANNELS.search(mime_type)
    count = int(channels.group(1)) if channels else 1
    if len(data) % (2 * max(1, count)):
        raise NoSound("the audio in the answer is cut off")
    samples = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
    return _mono(samples, max(1, count)), int(named.group(1)) if named else rate_hz


def _is_text(data: bytes) -> bool:
    try:
        return data[:200].decode("ascii").isprintable()
    except UnicodeDecodeError:
        return False


def _wav(data: bytes) -> tuple[NDArray[np.float32], int]:
    """Chunks as in Microsoft's "Multimedia Programming Interface and Data Specifications 1.0"."""
    at, shape = 12, None
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            shape = struct.unpack_from("<HHIIHH", body)
            if shape[0] == 0xFFFE and len(body) >= 26:
                shape = (struct.unpack_from("<H", body, 24)[0], *shape[1:])
        elif name == b"data":
            if size in _UNKNOWN_SIZES:
                body = data[at + 8 :]
            elif len(body) < size:
                raise NoSound("the audio in the answer is cut off")
            return _decoded(body, shape)
        at += 8 + size + size % 2
    raise NoSound("the WAV in the answer has no sound in it")


def _decoded(body: bytes, shape: tuple[int, ...] | None) -> tuple[NDArray[np.float32], int]:
    if shape is None or not 1 <= shape[1] <= 8 or not 4_000 <= shape[2] <= 384_000:
        raise NoSound("the WAV in the answer is damaged")
    code, channels, rate_hz, bits = shape[0], shape[1], shape[2], shape[5]
    width = bits // 8
    body = body[: len(body) // (width * channels) * width * channels] if width else b""
    samples: NDArray[np.float32]
    if code == 1 and bits == 16:
        samples = np.frombuffer(body, "<i2").astype(np.float32) / np.float32(32768)
    elif code == 1 and bits == 32:
        samples = (np.frombuffer(body, "<i4") / 2147483648).astype(np.float32)
    elif code == 1 and bits == 24:
        wide = np.zeros((len(body) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(body, np.uint8).reshape(-1, 3)
        samples = (wide.view("<i4").reshape(-1) / 2147483648).astype(np.float32)
    elif code == 1 and bits == 8:
        samples = (np.frombuffer(body, np.uint8).astype(np.float32) - np.float32(128)) / np.float32(128)
    elif code == 3 and bits == 32:
        samples = np.frombuffer(body, "<f4").astype(np.float32)
    else:
        raise NoSound(f"the WAV in the answer has an encoding that Declaim does not read ({code}, {bits} bit)")
    if not np.isfinite(samples).all():
        raise NoSound("the audio in the answer is broken")
    return _mono(samples, channels), rate_hz


def _mono(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    return samples if channels == 1 else samples.reshape(-1, channels).mean(axis=1, dtype=np.float32)


def resampled(samples: NDArray[np.float32], from_hz: int, to_hz: int) -> NDArray[np.float32]:
    """The same sound at another rate, through its spectrum: exact for a sound that is quiet at both ends, as speech is."""
    if from_hz == to_hz or not len(samples):
        return samples
    wanted = max(1, round(len(samples) * to_hz / from_hz))
    # Both paddings are whole at both rates where the rates are multiples of 50 Hz, as all usual ones are.
    pad_in, pad_out = _PAD * from_hz // 24_000, _PAD * to_hz // 24_000
    padded = np.pad(samples, pad_in)
    spectrum = np.fft.rfft(padded)
    length = round(len(padded) * to_hz / from_hz)
    kept = np.zeros(length // 2 + 1, spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    result = np.fft.irfft(kept, length) * (length / len(padded))
    return np.clip(result[pad_out : pad_out + wanted], -1.0, 1.0).astype(np.float32)
