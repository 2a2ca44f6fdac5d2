"""Where everything lies: the lines, and the stretches in which music sounds.

Every line starts on the grid of MP3 frames (26 ms at 44.1 kHz) in every kind of file, so that a line's encoding can be kept and
put anywhere where there is silence around it. Where there is music there is none: a ``Stretch`` is mixed and encoded as one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from declaim.audio.mp3 import TAIL
from declaim.audio.mp3_frames import FRAME
from declaim.model.ids import LineKey, VoiceId
from declaim.model.library import LineTiming
from declaim.model.pauses import pauses_of
from declaim.model.script import NARRATOR
from declaim.render.music import Music, Track
from declaim.render.pauses import pause_after
from declaim.render.planned import PlannedLine, RenderRequest
from declaim.render.standards import Standard

_OPUS_RATE_HZ = 48_000


@dataclass(frozen=True)
class Placed:
    """A line in the programme, in samples at the programme's rate: it starts at ``start`` and sounds for ``length``.
    ``voiced`` is the same on the grid of frames with a little silence behind it; ``pan`` is −1 (left) to 1 (right)."""

    index: int
    key: LineKey | None
    voice: VoiceId
    start: int
    length: int
    voiced: int
    pan: float = 0.0

    @property
    def end(self) -> int:
        return self.start + self.voiced

    @property
    def channel_gains(self) -> tuple[float, float]:
        """Equal power: how loud both channels are together does not depend on the place."""
        angle = (1 + self.pan) * math.pi / 4
        return math.sqrt(2) * math.cos(angle), math.sqrt(2) * math.sin(angle)

    @property
    def loudest(self) -> float:
        """The gain of the louder channel."""
        return max(self.channel_gains) if self.pan else 1.0


@dataclass(frozen=True)
class Stretch:
    """A part of the programme that is mixed, silent at its ends: music, and the lines within it."""

    start: int
    end: int
    lines: tuple[Placed, ...]


@dataclass(frozen=True, eq=False)
class Timeline:
    """In samples at ``rate_hz``; all numbers are whole frames of the grid but a line's own length and the music's edges."""

    rate_hz: int
    placed: tuple[Placed, ...]
    total: int
    tracks: tuple[Track, ...] = ()

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.total / self.rate_hz)

    @property
    def is_in_the_middle(self) -> bool:
        """Whether every channel has the same sound."""
        return not self.tracks and not any(one.pan for one in self.placed)

    def parts(self) -> tuple[Stretch | Placed, ...]:
        """In order: lines that have only silence around them, and what is mixed. Between them it is quiet."""
        lines = iter(self.placed)
        parts: list[Stretch | Placed] = []
        one = next(lines, None)
        for start, end in _mixed_ranges(self.tracks, self.placed, self.total):
            inside: list[Placed] = []
            while one is not None and one.start < end:
                (inside if one.end > start else parts).append(one)
                one = next(lines, None)
            parts.append(Stretch(start, end, tuple(inside)))
        return (*parts, *([one] if one is not None else []), *lines)


def _mixed_ranges(tracks: Sequence[Track], placed: Sequence[Placed], total: int) -> list[tuple[int, int]]:
    """From and to, on the grid and apart from each other: where music sounds, and every line that it touches to its end."""
    ranges: list[tuple[int, int]] = []
    for track in sorted(tracks, key=lambda track: track.start):
        start, end = track.start // FRAME * FRAME, min(total, _whole(track.end + TAIL))
        touched = [one for one in placed if one.start < end and one.end > start]
        start, end = min([start, *(one.start for one in touched)]), max([end, *(one.end for one in touched)])
        if ranges and start <= ranges[-1][1]:
            start, end = ranges[-1][0], max(end, ranges.pop()[1])
        ranges.append((start, end))
    return ranges


def lay_out(lines: Sequence[PlannedLine], request: RenderRequest, standard: Standard, music: Music) -> Timeline:
    """Gives every line and every music file its place. All lines must be ready."""
    rate_hz = _OPUS_RATE_HZ if request.out.suffix.lower() == ".opus" else request.rate_hz
    pans = _pans(request, standard)
    at = _grid(max(standard.head_ms, music.head_ms) + lines[0].edged.before_ms, rate_hz)
    placed: list[Placed] = []
    tail_ms = lines[-1].edged.after_ms + max(standard.tail_ms, music.tail_ms)
    for planned, quiet_ms in zip(lines, [*_quiet_after(lines, request), tail_ms], strict=True):
        known = planned.known
        length = -(-known.frames * rate_hz // known.rate_hz) if known else 0
        voiced = _whole(length + TAIL) if length else 0
        pan = pans.get(planned.line.speaker, 0.0)
        placed.append(Placed(planned.index, planned.key, planned.request.voice, at, length, voiced, pan))
        at += max(voiced, _grid(1000 * length / rate_hz + quiet_ms, rate_hz))
    tracks = music.tracks(placed[0].start, placed[-1].start + placed[-1].length, rate_hz)
    total = max([at, *(_whole(track.end + TAIL) for track in tracks)])
    return Timeline(rate_hz, tuple(placed), total, tracks)


def _pans(request: RenderRequest, standard: Standard) -> dict[str, float]:
    """The hosts side by side, evenly from left to right; who narrates alone, or beside them, stays in the middle."""
    speakers = request.script.speakers
    hosts = [name for name in speakers if name != NARRATOR]
    hosts = hosts if len(hosts) > 1 else list(speakers)
    if standard.channels == 1 or not request.spread_percent or len(hosts) < 2:
        return {}
    return {name: request.spread_percent / 100 * (2 * at / (len(hosts) - 1) - 1) for at, name in enumerate(hosts)}


def quiet_before(lines: Sequence[PlannedLine], request: RenderRequest) -> list[int]:
    """Milliseconds before each line in which nothing sounds; lines that are only quiet count as that of the line behind them."""
    quiet = [lines[0].edged.before_ms]
    for planned, after_ms in zip(lines, _quiet_after(lines, request), strict=False):
        quiet.append(after_ms if planned.key is not None else quiet[-1] + after_ms)
    return quiet


def _quiet_after(lines: Sequence[PlannedLine], request: RenderRequest) -> Iterator[int]:
    """Milliseconds between each line and the next one, with the pauses at their edges."""
    for this, following in pairwise(lines):
        delivery = this.request.delivery
        pause_ms = pause_after(
            this.spoken.shown,
            speaker_changes=this.line.speaker != following.line.speaker,
            chapter_ends=this.chapter_index != following.chapter_index,
            delivery=delivery,
            pauses=pauses_of(delivery.preset, request.pauses),
        )
        yield this.edged.after_ms + pause_ms + following.edged.before_ms


def _grid(milliseconds: float, rate_hz: int) -> int:
    return round(milliseconds * rate_hz / 1000 / FRAME) * FRAME


def _whole(samples: int) -> int:
    """Up to the end of a frame."""
    return -(-samples // FRAME) * FRAME


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
        chapter_index=planned.chapter_index,
    )
