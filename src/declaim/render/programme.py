"""From finished lines to a file: levels, joining, encoding.

The loudness of the whole follows from the measures of the lines (pass one reads no audio, but of what is mixed with music);
pass two applies gain and limiter and encodes, line by line, on all cores and in order. Memory holds a few lines, however long
the programme is; of a line longer than a minute it holds a part.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from declaim.audio import BINS_PER_S, Peaks, SoundMeasure
from declaim.model.ids import LineKey
from declaim.model.library import LineTiming
from declaim.model.work import CancelToken
from declaim.render.cache import LineCache
from declaim.render.earlier import Piece
from declaim.render.levels import Keeps, MeasuredStretch, find_levels, match_voices
from declaim.render.mixing import Mixer
from declaim.render.music import Music
from declaim.render.planned import PlannedLine, RenderRequest
from declaim.render.sinks import LONG_S, Prepared, Sink, open_sink
from declaim.render.standards import Standard
from declaim.render.timeline import Placed, Stretch, Timeline, lay_out, timings_of


@dataclass(frozen=True)
class ProgrammeResult:
    duration_ms: int
    integrated_lufs: float
    true_peak_dbtp: float
    timings: tuple[LineTiming, ...]
    peaks: bytes
    pieces: Sequence[Piece] = ()
    """What the next render can copy from the file."""


def write_programme(
    path: Path,
    lines: Sequence[PlannedLine],
    request: RenderRequest,
    standard: Standard,
    music: Music,
    cache: LineCache,
    cancel: CancelToken,
    on_progress: Callable[[float], None],
) -> ProgrammeResult:
    """Joins ready lines into ``path`` (written in place; the kind of file is that of ``request.out``).

    Raises:
        LineDamaged: when a line's audio cannot be read any more.
        OSError, AudioError: when the file cannot be written, or music cannot be read any more.
        Cancelled: when the user asked to stop.
    """
    timeline = lay_out(lines, request, standard, music)
    with open_sink(path, request, standard, timeline, cache) as sink:
        programme = _Programme(timeline, standard, cache, cancel, sink.keeps)
        programme.write(sink, on_progress)
        sink.finish()
    levels = programme.levels
    return ProgrammeResult(
        timeline.duration_ms,
        levels.integrated_lufs,
        levels.true_peak_dbtp,
        timings_of(lines, timeline),
        programme.peaks(),
        sink.pieces,
    )


class _Programme:
    """Laid out and measured, ready to be written."""

    def __init__(self, timeline: Timeline, standard: Standard, cache: LineCache, cancel: CancelToken, keeps: Keeps) -> None:
        self.timeline, self._standard, self._cache, self._cancel = timeline, standard, cache, cancel
        self._parts = timeline.parts()
        total, rate_hz = timeline.total, timeline.rate_hz
        matched = match_voices(timeline.placed, total, rate_hz, standard, cache)
        self._mixer = Mixer(timeline, matched, standard.channels, cache, cancel)
        self._measures = {part.start: self._mixer.measure(part) for part in self._parts if isinstance(part, Stretch)}
        mixed = [MeasuredStretch(start, measure) for start, measure in self._measures.items()]
        self.levels = find_levels(self._alone, mixed, matched, total, rate_hz, standard, cache, keeps)

    @property
    def _alone(self) -> list[Placed]:
        return [part for part in self._parts if isinstance(part, Placed)]

    def write(self, sink: Sink, on_progress: Callable[[float], None]) -> None:
        at = 0
        for part, prepared in self._in_order(sink):
            sink.add_quiet(part.start - at, has_tone=not at and self._standard.has_room_tone)
            if isinstance(part, Stretch):
                sink.add_mixed(self._levelled(part, on_progress), part.end - part.start)
            elif prepared is not None:
                sink.add(prepared, part.voiced)
            elif part.key is not None:
                self._add_long(part, part.key, sink, on_progress)
            at = part.end
            on_progress(at / self.timeline.total)
        sink.add_quiet(self.timeline.total - at, has_tone=self._standard.has_room_tone)

    def _add_long(self, placed: Placed, key: LineKey, sink: Sink, on_progress: Callable[[float], None]) -> None:
        at = placed.start
        for prepared, samples in sink.stream(placed, key, self.levels.gain_of(placed)):
            self._cancel.check()
            sink.add(prepared, samples)
            at += samples
            on_progress(at / self.timeline.total)

    def _levelled(self, stretch: Stretch, on_progress: Callable[[float], None]) -> Iterator[NDArray[np.float32]]:
        at = stretch.start
        for block in self._mixer.levelled(stretch, self._measures[stretch.start], self.levels):
            yield block
            at += len(block)
            on_progress(at / self.timeline.total)

    def _in_order(self, sink: Sink) -> Iterator[tuple[Stretch | Placed, Prepared | None]]:
        """Prepares lines on all cores, a few ahead, and gives them in order; what is mixed or long is prepared when its turn
        comes."""
        workers = max(1, os.cpu_count() or 1)
        waiting: deque[tuple[Stretch | Placed, Future[Prepared] | None]] = deque()
        with ThreadPoolExecutor(workers, "encoder") as pool:
            try:
                for part in self._parts:
                    waiting.append((part, pool.submit(self._prepare, part, sink) if self._is_short(part) else None))
                    if len(waiting) > 2 * workers:
                        yield self._next(waiting)
                while waiting:
                    yield self._next(waiting)
            finally:
                for _, future in waiting:
                    if future is not None:
                        future.cancel()

    def _is_short(self, part: Stretch | Placed) -> TypeGuard[Placed]:
        return isinstance(part, Placed) and part.voiced <= LONG_S * self.timeline.rate_hz

    def _next(self, waiting: deque[tuple[Stretch | Placed, Future[Prepared] | None]]) -> tuple[Stretch | Placed, Prepared | None]:
        self._cancel.check()
        part, future = waiting.popleft()
        return part, future.result() if future is not None else None

    def _prepare(self, placed: Placed, sink: Sink) -> Prepared:
        if placed.key is None:
            return sink.nothing
        return sink.prepare(placed, placed.key, self.levels.gain_of(placed))

    def peaks(self) -> bytes:
        """The waveform, from the measures."""
        values = np.zeros((self.timeline.total * BINS_PER_S // self.timeline.rate_hz + 1, 2), np.int8)
        for part in self._parts:
            if isinstance(part, Stretch):
                measure = self._measures[part.start]
                self._draw(values, part.start, measure, self.levels.mix_bin_gain(measure))
            elif part.key is not None:
                measure = self._cache.measure(part.key)
                self._draw(values, part.start, measure, self.levels.bin_gain(part, measure))
        return Peaks(BINS_PER_S, values).to_bytes()

    def _draw(self, values: NDArray[np.int8], start: int, measure: SoundMeasure, gain: NDArray[np.float32]) -> None:
        first = start * BINS_PER_S // self.timeline.rate_hz
        part = values[first : first + len(gain)]
        for column, extremes in enumerate((measure.low, measure.high)):
            part[:, column] = np.clip(np.rint(extremes[: len(part)] * gain[: len(part)]), -127, 127)
