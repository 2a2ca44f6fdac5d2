"""Lines and music in one sound: streamed, so that memory holds a second of it and a block of the line that is being heard.

Mixed twice: once to measure it, once to level and limit it by what was measured.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from declaim.audio import SoundMeasure, amplitude, apply_gain, resample_blocks
from declaim.audio.measure import StreamMeasure
from declaim.audio.music import stream_music
from declaim.model.work import CancelToken
from declaim.render.cache import LineCache
from declaim.render.levels import Levels, MatchedVoices
from declaim.render.music import Ducking, Track
from declaim.render.timeline import Placed, Stretch, Timeline

Samples = NDArray[np.float32]


class Mixer:
    """Mixes stretches of a timeline: voices at their matched levels, music at its level against them."""

    def __init__(self, timeline: Timeline, matched: MatchedVoices, channels: int, cache: LineCache, cancel: CancelToken) -> None:
        self._timeline, self._matched, self._channels = timeline, matched, channels
        self._cache, self._cancel = cache, cancel
        heard = [(one.start, one.start + one.length) for one in timeline.placed if one.key is not None]
        self._ducking = Ducking(heard, timeline.rate_hz)
        self._speech_lufs = matched.lufs if np.isfinite(matched.lufs) else -23.0

    def measure(self, stretch: Stretch) -> SoundMeasure:
        """Reads everything that sounds in a stretch.

        Raises:
            LineDamaged, AudioError: for what cannot be read.
            Cancelled: when the user asked to stop.
        """
        measure = StreamMeasure(self._timeline.rate_hz, self._channels)
        for block in _ahead(self._blocks(stretch)):
            measure.add(block)
        return measure.finish()

    def levelled(self, stretch: Stretch, measure: SoundMeasure, levels: Levels) -> Iterator[Samples]:
        """The stretch as it will be heard, in blocks of (n, channels). Raises as :meth:`measure`."""
        gain, at = levels.mix_bin_gain(measure), 0
        for block in _ahead(self._blocks(stretch)):
            yield apply_gain(block, self._timeline.rate_hz, gain, at)
            at += len(block)

    def _blocks(self, stretch: Stretch) -> Iterator[Samples]:
        """A second each, which is a whole number of bins."""
        voices = _Voices(stretch.lines, self._timeline.rate_hz, self._matched, self._channels, self._cache)
        sounding = [track for track in self._timeline.tracks if track.start < stretch.end and track.end > stretch.start]
        readers = [(track, self._music(track)) for track in sounding]
        size = self._timeline.rate_hz
        for start in range(stretch.start, stretch.end, size):
            self._cancel.check()
            block = np.zeros((min(size, stretch.end - start), self._channels), np.float32)
            voices.add_to(block, start)
            for track, reader in readers:
                self._add_music(block, start, track, reader)
            yield block

    def _music(self, track: Track) -> _Reader:
        return _Reader(stream_music(track.path, self._timeline.rate_hz, self._channels, loops=track.loops), self._channels)

    def _add_music(self, block: Samples, start: int, track: Track, reader: _Reader) -> None:
        first, last = max(start, track.start), min(start + len(block), track.end)
        if first >= last:
            return
        # The curve is slow: a value every two milliseconds, and straight lines between them.
        step = self._timeline.rate_hz // 500
        at = np.arange(first, last + step, step, dtype=np.int64)
        gain_db = track.gain_db(self._ducking.at(at), self._speech_lufs)
        curve = np.interp(np.arange(first, last), at, 10 ** (gain_db / 20) * track.fade(at)).astype(np.float32)
        music = reader.take(last - first)
        block[first - start : first - start + len(music)] += music * curve[: len(music), None]


def _ahead(blocks: Iterator[Samples]) -> Iterator[Samples]:
    """Mixes the next block on another core while the last one is measured or encoded."""
    with ThreadPoolExecutor(1, "mixer") as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


class _Reader:
    """Sound from its beginning, in pieces of any size; after its end there is nothing."""

    def __init__(self, blocks: Iterator[Samples], channels: int) -> None:
        self._blocks = blocks
        self._waiting = np.zeros((0, channels), np.float32)

    def take(self, count: int) -> Samples:
        parts, have = [self._waiting], len(self._waiting)
        while have < count and (block := next(self._blocks, None)) is not None:
            parts.append(block)
            have += len(block)
        joined = parts[0] if len(parts) == 1 else np.concatenate(parts)
        self._waiting = joined[count:]
        return joined[:count]


class _Voices:
    """The lines of a stretch, each read as its time comes."""

    def __init__(self, lines: tuple[Placed, ...], rate_hz: int, matched: MatchedVoices, channels: int, cache: LineCache) -> None:
        self._waiting = deque(one for one in lines if one.key is not None)
        self._rate_hz, self._matched, self._channels, self._cache = rate_hz, matched, channels, cache
        self._sounding: tuple[Placed, _Reader] | None = None

    def add_to(self, block: Samples, start: int) -> None:
        end = start + len(block)
        while True:
            if self._sounding is None and self._waiting and self._waiting[0].start < end:
                one = self._waiting.popleft()
                self._sounding = one, _Reader(self._read(one), self._channels)
            if self._sounding is None:
                return
            one, reader = self._sounding
            first, last = max(start, one.start), min(end, one.start + one.length)
            sound = reader.take(last - first)
            block[first - start : first - start + len(sound)] += sound
            if one.start + one.length > end:
                return
            self._sounding = None

    def _read(self, one: Placed) -> Iterator[Samples]:
        assert one.key is not None
        gain = np.float32(amplitude(self._matched.by_voice[one.voice]))
        rate_hz = self._cache.measure(one.key).rate_hz
        for samples in resample_blocks(self._cache.blocks(one.key), rate_hz, self._rate_hz):
            yield placed_in(samples * gain, one, self._channels)


def placed_in(samples: NDArray[np.float32], one: Placed, channels: int) -> Samples:
    """A voice in its place among the channels, shape (n, channels)."""
    if not one.pan or channels == 1:
        return np.broadcast_to(samples[:, None], (len(samples), channels))
    return samples[:, None] * np.array(one.channel_gains, np.float32)
