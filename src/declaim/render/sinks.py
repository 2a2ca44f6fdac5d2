"""Where prepared sound goes: an MP3 of pieces that are kept, or samples for everything else."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.audio import AudioWriter, apply_gain, faded, limiter_gain, open_writer, resample, to_pcm16, writing
from declaim.audio.mp3 import Mp3File, Mp3Settings, encode_piece, encode_stream, encoder_gain
from declaim.audio.mp3_frames import FRAME
from declaim.audio.writers import MAX_WAV_BYTES, OpusTwinWriter, WavWriter
from declaim.model.ids import LineKey
from declaim.render.cache import LineCache
from declaim.render.earlier import Earlier, Piece, check_of, find_earlier
from declaim.render.mixing import placed_in
from declaim.render.planned import RenderRequest
from declaim.render.standards import Standard
from declaim.render.timeline import Placed, Timeline

_ROOM_TONE_DB = -75.0
Pcm = NDArray[np.int16]


class _NamedPcm(NamedTuple):
    """``name`` is different for every other sound; ``check`` is that of its samples."""

    name: str
    pcm: Pcm
    check: int


Prepared = bytes | Pcm | _NamedPcm


class Sink(Protocol):
    """A file that takes prepared lines, mixed sound and quiet. ``prepare`` runs in any thread, the rest in one. ``keeps`` says
    whether a line was prepared with that gain before, and need not be again."""

    nothing: Prepared
    pieces: Sequence[Piece]
    """What of the file can be copied by the next render."""

    def keeps(self, placed: Placed, key: LineKey, gain: float) -> bool: ...

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> Prepared: ...

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

    def pcm(self, placed: Placed, key: LineKey, gain: float, makeup: float = 1.0) -> Pcm:
        """Shape (n,), or (n, 2) where the voice is not in the middle."""
        measure = self._cache.measure(key)
        clip = self._cache.read(key)
        samples, from_hz = clip.samples, clip.rate_hz
        del clip  # each step lets go of what it was given: a line may be twenty minutes long
        if self.standard.is_levelled:
            limited = limiter_gain(measure.peak, gain, self.standard.ceiling / placed.loudest)
            samples = apply_gain(samples, from_hz, limited * np.float32(makeup))
        elif makeup > 1:
            samples = samples * np.float32(min(makeup, 1 / max(float(measure.peak.max(initial=0)), 1e-3)))
        samples = resample(samples, from_hz, self.rate_hz)[: placed.length]
        return to_pcm16(placed_in(samples, placed, self.standard.channels) if placed.pan else samples)

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
        pcm = self._sounds.pcm(placed, key, gain, 1 / encoder_gain(self._settings, has_twin=not placed.pan))
        piece = encode_piece(pcm, placed.voiced // FRAME, self._settings)
        self._cache.keep_piece(key, encoding, piece)
        return piece

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
        return self._pcm(placed, key, gain)

    def _pcm(self, placed: Placed, key: LineKey, gain: float) -> Pcm:
        """Shape (n, channels): the line and the quiet that belongs to it."""
        sound = self._sounds.pcm(placed, key, gain)
        pcm = np.zeros((placed.voiced, self._sounds.standard.channels), np.int16)
        pcm[: len(sound)] = sound if sound.ndim == 2 else sound[:, None]
        return pcm

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
        return self._earlier.has(self._name(placed, key, gain), self._size(placed))

    def _name(self, placed: Placed, key: LineKey, gain: float) -> str:
        sounds = self._sounds
        return f"{sounds.mark_of(key)}-{sounds.rate_hz}-{sounds.standard.channels}-{sounds.name_of(placed, gain)}"

    def _size(self, placed: Placed) -> int:
        return 2 * self._sounds.standard.channels * placed.voiced

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> _NamedPcm:
        channels, name = self._sounds.standard.channels, self._name(placed, key, gain)
        found = self._earlier.find(name, self._size(placed))
        if found is not None:
            return _NamedPcm(name, found[0].reshape(-1, channels), found[1])
        pcm = self._pcm(placed, key, gain)
        return _NamedPcm(name, pcm, check_of(pcm))

    def add(self, prepared: Prepared, samples: int) -> None:
        if isinstance(prepared, _NamedPcm):
            self._written.append(Piece(prepared.name, self._wav.end, prepared.pcm.nbytes, prepared.check))
            prepared = prepared.pcm
        super().add(prepared, samples)


def _own_channels(pcm: Pcm) -> Pcm:
    """(n, 1) as (n,), which every writer takes."""
    return pcm[:, 0] if pcm.shape[1] == 1 else pcm
