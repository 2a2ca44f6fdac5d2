"""Where prepared sound goes: an MP3 of pieces that are kept, or samples for everything else."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.audio import (
    AudioWriter,
    SoundMeasure,
    apply_gain,
    faded,
    limiter_gain,
    open_writer,
    resample_blocks,
    to_pcm16,
    writing,
)
from declaim.audio.mp3 import Mp3File, Mp3Settings, encode_piece, encode_stream, encoder_gain
from declaim.audio.mp3_frames import FRAME, in_frames
from declaim.audio.writers import MAX_WAV_BYTES, OpusTwinWriter, WavWriter
from declaim.model.ids import LineKey
from declaim.render.cache import LineCache
from declaim.render.earlier import Earlier, Piece, check_of, find_earlier
from declaim.render.mixing import placed_in
from declaim.render.planned import RenderRequest
from declaim.render.standards import Standard
from declaim.render.timeline import Placed, Timeline

LONG_S = 60
"""A line that is longer goes into the file in parts of so many seconds."""
_ROOM_TONE_DB = -75.0
Pcm = NDArray[np.int16]


class _NamedPcm(NamedTuple):
    """``name`` is different for every other sound; ``check`` is that of its samples."""

    name: str
    pcm: Pcm
    check: int


Prepared = bytes | Pcm | _NamedPcm


class Sink(Protocol):
    """A file that takes prepared lines, mixed sound and quiet. ``prepare`` runs in any thread, the rest in one; ``stream``
    prepares a long line while it is written: in parts, each with its number of samples, never all in memory. ``keeps`` says
    whether a line was prepared with that gain before, and need not be again."""

    nothing: Prepared
    pieces: Sequence[Piece]
    """What of the file can be copied by the next render."""

    def keeps(self, placed: Placed, key: LineKey, gain: float) -> bool: ...

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> Prepared: ...

    def stream(self, placed: Placed, key: LineKey, gain: float) -> Iterator[tuple[Prepared, int]]: ...

    def add(self, prepared: Prepared, samples: int) -> None: ...

    def add_mixed(self, blocks: Iterable[NDArray[np.float32]], samples: int) -> None: ...

    def add_quiet(self, samples: int, *, has_tone: bool) -> None: ...

    def finish(self) -> None: ...


@contextmanager
def open_sink(path: Path, request: RenderRequest, standard: Standard, timeline: Timeline, cache: LineCache) -> Iterator[Sink]:
    """Writes ``path`` in place, as the kind of file that ``request.out`` is."""
    rate_hz = timeline.rate_hz
    kind = request.out.suffix.lower()
    sounds = _Sounds(cache, rate_hz, standard)
    if kind == ".mp3":
        settings = Mp3Settings(rate_hz, standard.channels, request.bit_rate, request.vbr)
        with path.open("wb", buffering=1 << 20) as file:
            yield _Mp3Sink(Mp3File(file, settings), settings, sounds, cache)
    elif kind == ".wav":
        is_long = 2 * standard.channels * timeline.total > MAX_WAV_BYTES
        with (
            closing(find_earlier(cache.folder, request.out)) as earlier,
            writing(WavWriter(path, rate_hz, standard.channels, is_long=is_long)) as writer,
        ):
            yield _WavSink(writer, sounds, earlier)
    elif kind == ".opus" and standard.channels == 2 and timeline.is_in_the_middle:
        with writing(OpusTwinWriter(path, rate_hz)) as twin:
            yield _PcmSink(twin, sounds)
    else:
        with writing(open_writer(path, rate_hz, standard.channels, kind=kind)) as other:
            yield _PcmSink(other, sounds)


class _Sounds:
    """Lines as they will be heard: at the programme's rate, levelled, limited."""

    def __init__(self, cache: LineCache, rate_hz: int, standard: Standard) -> None:
        self._cache, self.rate_hz, self.standard = cache, rate_hz, standard
        self.at_once = LONG_S * rate_hz

    def blocks(self, placed: Placed, key: LineKey, gain: float, makeup: float = 1.0) -> Iterator[Pcm]:
        """All blocks of shape (n,), or (n, 2) where the voice is not in the middle; a short line is one block."""
        rate_hz, left = self._cache.measure(key).rate_hz, placed.length
        for samples in resample_blocks(self._levelled(placed, key, gain, makeup), rate_hz, self.rate_hz):
            samples = samples[:left]
            left -= len(samples)
            yield to_pcm16(placed_in(samples, placed, self.standard.channels) if placed.pan else samples)

    def _levelled(self, placed: Placed, key: LineKey, gain: float, makeup: float) -> Iterator[NDArray[np.float32]]:
        measure, at = self._cache.measure(key), 0
        bin_gain = self._bin_gain(placed, measure, gain, makeup)
        for samples in self._cache.blocks(key):
            yield apply_gain(samples, measure.rate_hz, bin_gain, at)
            at += len(samples)

    def _bin_gain(self, placed: Placed, measure: SoundMeasure, gain: float, makeup: float) -> NDArray[np.float32]:
        if self.standard.is_levelled:
            return limiter_gain(measure.peak, gain, self.standard.ceiling / placed.loudest) * np.float32(makeup)
        most = 1 / max(float(measure.peak.max(initial=0)), 1e-3)
        return np.full(len(measure.peak), min(makeup, most) if makeup > 1 else 1.0, np.float32)

    def mark_of(self, key: LineKey) -> str:
        """The key, and what tells this sound from that of the same words spoken anew."""
        return f"{key}-{zlib.crc32(self._cache.measure(key).power.data):08x}"

    def name_of(self, placed: Placed, gain: float) -> str:
        """Different for everything but the line itself that makes other samples of it."""
        name = self.standard.name_of_gain(gain)
        return f"{name}-p{round(1000 * placed.pan)}" if placed.pan else name

    def room_tone(self, samples: int) -> Pcm:
        """Noise at −75 dB, faded at its ends: a quiet room instead of digital silence."""
        noise = np.random.default_rng(1).standard_normal(samples).astype(np.float32)
        return to_pcm16(faded(noise * np.float32(10 ** (_ROOM_TONE_DB / 20)), self.rate_hz))


class _Mp3Sink:
    def __init__(self, file: Mp3File, settings: Mp3Settings, sounds: _Sounds, cache: LineCache) -> None:
        self._file, self._settings, self._sounds, self._cache = file, settings, sounds, cache
        self.nothing: Prepared = b""
        self.pieces: Sequence[Piece] = ()

    def keeps(self, placed: Placed, key: LineKey, gain: float) -> bool:
        return self._cache.has_piece(key, self._encoding(placed, gain))

    def _encoding(self, placed: Placed, gain: float) -> str:
        return f"{self._settings.name}-{self._sounds.name_of(placed, gain)}"

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> bytes:
        encoding = self._encoding(placed, gain)
        kept = self._cache.piece(key, encoding)
        if kept is not None:
            return kept
        piece = b"".join([part for part, _ in self._encoded(placed, key, gain)])
        self._cache.keep_piece(key, encoding, piece)
        return piece

    def stream(self, placed: Placed, key: LineKey, gain: float) -> Iterator[tuple[bytes, int]]:
        encoding = self._encoding(placed, gain)
        parts = in_frames(self._cache.long_piece(key, encoding), placed.voiced // FRAME)
        if (first := next(parts, None)) is not None:
            parts = chain((first,), parts)
        else:
            parts = self._cache.keeping_piece(key, encoding, self._encoded(placed, key, gain))
        for part, frames in parts:
            yield part, frames * FRAME

    def _encoded(self, placed: Placed, key: LineKey, gain: float) -> Iterator[tuple[bytes, int]]:
        makeup = 1 / encoder_gain(self._settings, has_twin=not placed.pan)
        return encode_stream(self._sounds.blocks(placed, key, gain, makeup), placed.voiced // FRAME, self._settings)

    def add(self, prepared: Prepared, samples: int) -> None:
        assert isinstance(prepared, bytes)
        self._file.add(prepared, samples // FRAME)

    def add_mixed(self, blocks: Iterable[NDArray[np.float32]], samples: int) -> None:
        makeup = np.float32(1 / encoder_gain(self._settings, has_twin=False))
        pcm = (_own_channels(to_pcm16(block * makeup)) for block in blocks)
        for piece, frames in encode_stream(pcm, samples // FRAME, self._settings):
            self._file.add(piece, frames)

    def add_quiet(self, samples: int, *, has_tone: bool) -> None:
        if has_tone and samples >= 4 * FRAME:
            tone = self._sounds.room_tone(samples - 2 * FRAME)
            self._file.add(encode_piece(tone, samples // FRAME, self._settings), samples // FRAME)
        else:
            self._file.add_silence(samples // FRAME)

    def finish(self) -> None:
        self._file.finish()


class _PcmSink:
    def __init__(self, writer: AudioWriter, sounds: _Sounds) -> None:
        self._writer, self._sounds = writer, sounds
        self.nothing: Prepared = np.zeros(0, np.int16)
        self.pieces: Sequence[Piece] = ()

    def keeps(self, placed: Placed, key: LineKey, gain: float) -> bool:
        return False

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> Prepared:
        return next(self.stream(placed, key, gain))[0]

    def stream(self, placed: Placed, key: LineKey, gain: float) -> Iterator[tuple[Prepared, int]]:
        for pcm in self._parts(placed, key, gain):
            yield pcm, len(pcm)

    def _parts(self, placed: Placed, key: LineKey, gain: float) -> Iterator[Pcm]:
        """The line and the quiet that belongs to it, in parts of a minute but for the last; shape (n, channels)."""
        blocks = self._sounds.blocks(placed, key, gain)
        left: Pcm | None = np.zeros(0, np.int16)
        for start in range(0, placed.voiced, self._sounds.at_once):
            pcm, at = np.zeros((min(self._sounds.at_once, placed.voiced - start), self._sounds.standard.channels), np.int16), 0
            while left is not None and at < len(pcm):
                part, left = left[: len(pcm) - at], left[len(pcm) - at :]
                pcm[at : at + len(part)] = part if part.ndim == 2 else part[:, None]
                at += len(part)
                left = left if len(left) else next(blocks, None)
            yield pcm

    def add(self, prepared: Prepared, samples: int) -> None:
        assert isinstance(prepared, np.ndarray)
        self._writer.write_pcm(prepared)

    def add_mixed(self, blocks: Iterable[NDArray[np.float32]], samples: int) -> None:
        for block in blocks:
            self._writer.write_pcm(_own_channels(to_pcm16(block)))

    def add_quiet(self, samples: int, *, has_tone: bool) -> None:
        self._writer.write_pcm(self._sounds.room_tone(samples) if has_tone else np.zeros(samples, np.int16))

    def finish(self) -> None:
        return


class _WavSink(_PcmSink):
    """Takes what it can from the file that is there."""

    def __init__(self, writer: WavWriter, sounds: _Sounds, earlier: Earlier) -> None:
        super().__init__(writer, sounds)
        self._wav, self._earlier = writer, earlier
        self._written: list[Piece] = []
        self.pieces = self._written

    def keeps(self, placed: Placed, key: LineKey, gain: float) -> bool:
        return self._earlier.has(self._name(placed, key, gain), self._size(min(placed.voiced, self._sounds.at_once)))

    def _name(self, placed: Placed, key: LineKey, gain: float) -> str:
        sounds = self._sounds
        return f"{sounds.mark_of(key)}-{sounds.rate_hz}-{sounds.standard.channels}-{sounds.name_of(placed, gain)}"

    def _size(self, samples: int) -> int:
        return 2 * self._sounds.standard.channels * samples

    def stream(self, placed: Placed, key: LineKey, gain: float) -> Iterator[tuple[Prepared, int]]:
        """Each part is looked for on its own; to make one that is not found, the line is made up to there."""
        whole, made, count = self._name(placed, key, gain), self._parts(placed, key, gain), 0
        for number, start in enumerate(range(0, placed.voiced, self._sounds.at_once)):
            name = f"{whole}-{number}" if number else whole
            samples = min(self._sounds.at_once, placed.voiced - start)
            found = self._earlier.find(name, self._size(samples))
            if found is not None:
                yield _NamedPcm(name, found[0].reshape(samples, -1), found[1]), samples
                continue
            pcm = next(islice(made, number - count, None))
            count = number + 1
            yield _NamedPcm(name, pcm, check_of(pcm)), samples

    def add(self, prepared: Prepared, samples: int) -> None:
        if isinstance(prepared, _NamedPcm):
            self._written.append(Piece(prepared.name, self._wav.end, prepared.pcm.nbytes, prepared.check))
            prepared = prepared.pcm
        super().add(prepared, samples)


def _own_channels(pcm: Pcm) -> Pcm:
    """(n, 1) as (n,), which every writer takes."""
    return pcm[:, 0] if pcm.shape[1] == 1 else pcm
