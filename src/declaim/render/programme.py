"""From finished lines to a file: where each line lies, how loud, and the encoding.

Every line starts on the grid of MP3 frames (26 ms at 44.1 kHz) in every kind of file, so that a line's encoding can be kept
and put anywhere. The loudness of the whole follows from the measures of the lines (pass one reads no audio); pass two applies
gain and limiter and encodes, line by line, on all cores and in order. Memory holds a few lines, however long the programme
is.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.audio import (
    BINS_PER_S,
    AudioWriter,
    Peaks,
    apply_gain,
    limiter_gain,
    open_writer,
    resample,
    to_pcm16,
    writing,
)
from declaim.audio.mp3 import TAIL, Mp3File, Mp3Settings, encode_piece, encoder_gain
from declaim.audio.mp3_frames import FRAME
from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.model.library import LineTiming
from declaim.model.work import CancelToken
from declaim.render.cache import LineCache
from declaim.render.levels import Levels, Placed, Standard, find_levels
from declaim.render.pauses import PAUSES, pause_after
from declaim.render.plan import PlannedLine, RenderRequest

_ROOM_TONE_DB = -75.0
_OPUS_RATE_HZ = 48_000


@dataclass(frozen=True, eq=False)
class Timeline:
    """Where everything lies, in samples at ``rate_hz``; all numbers are whole frames of the grid but a line's own length."""

    rate_hz: int
    placed: tuple[Placed, ...]
    head: int
    total: int

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.total / self.rate_hz)


def lay_out(lines: Sequence[PlannedLine], request: RenderRequest, standard: Standard, cache: LineCache) -> Timeline:
    """Gives every line its place. All lines must be ready."""
    rate_hz = _OPUS_RATE_HZ if request.out.suffix.lower() == ".opus" else request.rate_hz
    at = head = _grid(standard.head_ms, rate_hz)
    placed: list[Placed] = []
    after = [*_quiet_after(lines, request), standard.tail_ms]
    for planned, quiet_ms in zip(lines, after, strict=True):
        at += _grid(planned.edged.before_ms, rate_hz)
        known = planned.known
        length = -(-known.frames * rate_hz // known.rate_hz) if known else 0
        voiced = -(-(length + TAIL) // FRAME) * FRAME if length else 0
        quiet_ms += planned.edged.after_ms
        slot = max(voiced, _grid(1000 * length / rate_hz + quiet_ms, rate_hz))
        placed.append(Placed(planned.index, planned.key, planned.request.voice, at, length, voiced, slot))
        at += slot
    return Timeline(rate_hz, tuple(placed), head, at)


def _quiet_after(lines: Sequence[PlannedLine], request: RenderRequest) -> Iterator[int]:
    for this, following in pairwise(lines):
        delivery = this.request.delivery
        yield pause_after(
            this.spoken.shown,
            speaker_changes=this.line.speaker != following.line.speaker,
            chapter_ends=this.chapter_index != following.chapter_index,
            delivery=delivery,
            pauses=request.pauses or PAUSES[delivery.preset],
        )


def _grid(milliseconds: float, rate_hz: int) -> int:
    return round(milliseconds * rate_hz / 1000 / FRAME) * FRAME


def timings_of(lines: Sequence[PlannedLine], timeline: Timeline) -> tuple[LineTiming, ...]:
    """Where each line is heard. A line that is only quiet has no length."""
    return tuple(_timing(planned, placed, timeline.rate_hz) for planned, placed in zip(lines, timeline.placed, strict=True))


def _timing(planned: PlannedLine, placed: Placed, rate_hz: int) -> LineTiming:
    start_ms = round(1000 * placed.start / rate_hz)
    chunks_ms = planned.known.recipe.chunks_ms if planned.known else ()
    return LineTiming(
        start_ms=start_ms,
        end_ms=round(1000 * (placed.start + placed.length) / rate_hz),
        speaker=planned.line.speaker,
        shown=planned.spoken.shown,
        chapter=planned.chapter,
        sentence_starts_ms=tuple(start_ms + chunk_ms for chunk_ms in chunks_ms),
    )


@dataclass(frozen=True)
class ProgrammeResult:
    duration_ms: int
    integrated_lufs: float
    true_peak_dbtp: float
    timings: tuple[LineTiming, ...]
    peaks: bytes


def write_programme(
    path: Path,
    lines: Sequence[PlannedLine],
    request: RenderRequest,
    standard: Standard,
    cache: LineCache,
    cancel: CancelToken,
    on_progress: Callable[[float], None],
) -> ProgrammeResult:
    """Joins ready lines into ``path`` (written in place; the kind of file is that of ``request.out``).

    Raises:
        LineDamaged: when a line's audio cannot be read any more.
        OSError, AudioError: when the file cannot be written.
        Cancelled: when the user asked to stop.
    """
    timeline = lay_out(lines, request, standard, cache)
    levels = find_levels(timeline.placed, timeline.total / timeline.rate_hz, timeline.rate_hz, standard, cache)
    with _open_sink(path, request, standard, timeline, cache) as sink:
        sink.add_quiet(timeline.head, has_tone=standard.has_room_tone)
        for placed, prepared in _in_order(timeline.placed, levels, sink, cache, cancel):
            sink.add(prepared, placed.voiced)
            last = placed is timeline.placed[-1]
            sink.add_quiet(placed.slot - placed.voiced, has_tone=last and standard.has_room_tone)
            on_progress((placed.start + placed.slot) / timeline.total)
        sink.finish()
    peaks = _peaks(timeline, levels, cache)
    return ProgrammeResult(
        timeline.duration_ms, levels.integrated_lufs, levels.true_peak_dbtp, timings_of(lines, timeline), peaks
    )


def _in_order(
    placed: Sequence[Placed], levels: Levels, sink: _Sink, cache: LineCache, cancel: CancelToken
) -> Iterator[tuple[Placed, bytes | NDArray[np.int16]]]:
    """Prepares lines on all cores, a few ahead, and gives them in order."""
    workers = max(1, os.cpu_count() or 1)
    waiting: deque[tuple[Placed, Future[bytes | NDArray[np.int16]]]] = deque()
    with ThreadPoolExecutor(workers, "encoder") as pool:
        try:
            for one in placed:
                waiting.append((one, pool.submit(_prepare, one, levels, sink, cache)))
                if len(waiting) > 2 * workers:
                    cancel.check()
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                cancel.check()
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _prepare(placed: Placed, levels: Levels, sink: _Sink, cache: LineCache) -> bytes | NDArray[np.int16]:
    if placed.key is None:
        return sink.nothing
    return sink.prepare(placed, placed.key, levels.gain_of(placed))


class _Sink(Protocol):
    """A file that takes prepared lines and quiet. ``prepare`` runs in any thread, the rest in one."""

    nothing: bytes | NDArray[np.int16]

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> bytes | NDArray[np.int16]: ...

    def add(self, prepared: bytes | NDArray[np.int16], samples: int) -> None: ...

    def add_quiet(self, samples: int, *, has_tone: bool) -> None: ...

    def finish(self) -> None: ...


@contextmanager
def _open_sink(path: Path, request: RenderRequest, standard: Standard, timeline: Timeline, cache: LineCache) -> Iterator[_Sink]:
    kind = request.out.suffix.lower()
    sounds = _Sounds(cache, timeline.rate_hz, standard)
    if kind == ".mp3":
        settings = Mp3Settings(timeline.rate_hz, standard.channels, request.bit_rate, request.vbr)
        with path.open("wb", buffering=1 << 20) as file:
            yield _Mp3Sink(Mp3File(file, settings), settings, sounds, cache)
    else:
        with writing(open_writer(path, timeline.rate_hz, standard.channels, kind=kind)) as writer:
            yield _PcmSink(writer, sounds)


class _Sounds:
    """Lines as they will be heard: at the programme's rate, levelled, limited."""

    def __init__(self, cache: LineCache, rate_hz: int, standard: Standard) -> None:
        self._cache, self.rate_hz, self.standard = cache, rate_hz, standard

    def pcm(self, placed: Placed, key: LineKey, gain: float, makeup: float = 1.0) -> NDArray[np.int16]:
        clip, measure = self._cache.read(key), self._cache.measure(key)
        samples = clip.samples
        if self.standard.is_levelled:
            samples = apply_gain(samples, clip.rate_hz, limiter_gain(measure.peak, gain, self.standard.ceiling) * makeup)
        samples = resample(samples, clip.rate_hz, self.rate_hz)
        return to_pcm16(samples[: placed.length])

    def room_tone(self, samples: int) -> NDArray[np.int16]:
        """Noise at −75 dB, faded at its ends: a quiet room instead of digital silence."""
        noise = np.random.default_rng(1).standard_normal(samples).astype(np.float32)
        from declaim.audio import faded

        return to_pcm16(faded(Clip(noise * np.float32(10 ** (_ROOM_TONE_DB / 20)), self.rate_hz)).samples)


class _Mp3Sink:
    def __init__(self, file: Mp3File, settings: Mp3Settings, sounds: _Sounds, cache: LineCache) -> None:
        self._file, self._settings, self._sounds, self._cache = file, settings, sounds, cache
        self.nothing: bytes | NDArray[np.int16] = b""

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> bytes:
        encoding = f"{self._settings.name}-{self._sounds.standard.name_of_gain(gain)}"
        kept = self._cache.piece(key, encoding)
        if kept is not None:
            return kept
        pcm = self._sounds.pcm(placed, key, gain, 1 / encoder_gain(self._settings))
        piece = encode_piece(pcm, placed.voiced // FRAME, self._settings)
        self._cache.keep_piece(key, encoding, piece)
        return piece

    def add(self, prepared: bytes | NDArray[np.int16], samples: int) -> None:
        assert isinstance(prepared, bytes)
        self._file.add(prepared, samples // FRAME)

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
        self.nothing: bytes | NDArray[np.int16] = np.zeros(0, np.int16)

    def prepare(self, placed: Placed, key: LineKey, gain: float) -> NDArray[np.int16]:
        pcm = np.zeros(placed.voiced, np.int16)
        sound = self._sounds.pcm(placed, key, gain)
        pcm[: len(sound)] = sound
        return pcm

    def add(self, prepared: bytes | NDArray[np.int16], samples: int) -> None:
        assert not isinstance(prepared, bytes)
        self._writer.write_pcm(prepared)

    def add_quiet(self, samples: int, *, has_tone: bool) -> None:
        self._writer.write_pcm(self._sounds.room_tone(samples) if has_tone else np.zeros(samples, np.int16))

    def finish(self) -> None:
        return


def _peaks(timeline: Timeline, levels: Levels, cache: LineCache) -> bytes:
    """The waveform, from the measures."""
    values = np.zeros((timeline.total * BINS_PER_S // timeline.rate_hz + 1, 2), np.int8)
    for placed in timeline.placed:
        if placed.key is None:
            continue
        measure = cache.measure(placed.key)
        gain = levels.bin_gain(placed, measure)
        first = placed.start * BINS_PER_S // timeline.rate_hz
        part = values[first : first + len(gain)]
        for column, extremes in enumerate((measure.low, measure.high)):
            part[:, column] = np.clip(np.rint(extremes[: len(part)] * gain[: len(part)]), -127, 127)
    return Peaks(BINS_PER_S, values).to_bytes()
