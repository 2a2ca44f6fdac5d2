"""Music around and under the words: where it lies, how loud, and how it makes way for them.

A track has a level while nobody speaks and goes down under speech. Speech is known from the times of the lines, so the ducking
looks ahead: music is down when a word begins, stays down over short pauses and comes up gently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from declaim.audio.music import MusicMeasure, measure_music
from declaim.errors import AudioError
from declaim.model.settings import MusicSettings
from declaim.paths import replacing

_OPEN_LU = {"intro": -2.0, "outro": -2.0}
"""Against speech, while nobody speaks."""
_BED_RISE_DB = 8.0
"""By how much a bed comes up while nobody speaks."""
_BED_LEAD_MS, _BED_FADE_MS = 1000, 2500
_EDGE_FADE_MS = 20
_ATTACK_MS, _HOLD_MS, _RELEASE_MS = 300, 250, 800


@dataclass(frozen=True)
class Track:
    """A music file in the programme, in samples: it sounds from ``start`` to ``end``. Levels in LU against speech: ``open_db``
    while nobody speaks, ``ducked_db`` under speech; ``own_lufs`` is its own loudness."""

    path: Path
    own_lufs: float
    start: int
    end: int
    fade_in: int
    fade_out: int
    open_db: float
    ducked_db: float
    loops: bool = False

    def gain_db(self, ducked: NDArray[np.float64], speech_lufs: float) -> NDArray[np.float64]:
        """Where music is so far ``ducked``, 0 … 1."""
        return speech_lufs - self.own_lufs + self.open_db + (self.ducked_db - self.open_db) * ducked

    def fade(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """0 … 1 at samples of the programme, raised cosines at both ends and 0 outside."""
        rise = np.clip((at - self.start) / max(1, self.fade_in), 0, 1)
        fall = np.clip((self.end - at) / max(1, self.fade_out), 0, 1)
        return np.asarray((0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall)))


@dataclass(frozen=True)
class Music:
    """Measured files; what is not chosen is None."""

    settings: MusicSettings
    intro: MusicMeasure | None = None
    outro: MusicMeasure | None = None
    bed: MusicMeasure | None = None

    @property
    def head_ms(self) -> int:
        """Before the first line, at least."""
        if self.intro:
            return self.intro.duration_ms - self._overlap_ms(self.intro)
        return _BED_LEAD_MS if self.bed else 0

    @property
    def tail_ms(self) -> int:
        """After the last word, at least."""
        after_ms = self.outro.duration_ms - self._overlap_ms(self.outro) if self.outro else 0
        return max(after_ms, _BED_FADE_MS if self.bed else 0)

    def tracks(self, speech_start: int, speech_end: int, rate_hz: int) -> tuple[Track, ...]:
        """What sounds where, around words from ``speech_start`` to ``speech_end``."""

        def samples(milliseconds: float) -> int:
            return round(milliseconds * rate_hz / 1000)

        made = []
        ducked_db, edge = self.settings.bed_level_db, samples(_EDGE_FADE_MS)
        if self.bed:
            start = max(0, speech_start - samples(max(_BED_LEAD_MS, self._overlap_ms(self.intro))))
            fades = (speech_start - start, samples(_BED_FADE_MS))
            end, level = speech_end + samples(_BED_FADE_MS), min(0.0, ducked_db + _BED_RISE_DB)
            path = Path(self.settings.bed)
            made.append(Track(path, self.bed.lufs, start, end, *fades, level, ducked_db, loops=True))
        for name, measure in (("intro", self.intro), ("outro", self.outro)):
            if measure:
                overlap = samples(self._overlap_ms(measure))
                length = samples(measure.duration_ms)
                start = 0 if name == "intro" else max(0, speech_end - overlap)
                fades = (edge, max(overlap, edge)) if name == "intro" else (max(overlap, edge), edge)
                path = Path(getattr(self.settings, name))
                level = _OPEN_LU[name]
                made.append(Track(path, measure.lufs, start, start + length, *fades, level, min(level, ducked_db)))
        return tuple(made)

    def _overlap_ms(self, measure: MusicMeasure | None) -> int:
        return min(self.settings.overlap_ms, measure.duration_ms // 2) if measure else 0


def open_music(settings: MusicSettings, folder: Path, *, keeps: bool = True) -> Music:
    """Measures what is chosen; a file that was measured before is known by its name, size and date in ``folder``, where its
    measure is kept if it ``keeps``.

    Raises:
        AudioError: for a file that is missing or no music, with what it was chosen for.
    """
    measures = {}
    for name, path in settings.files.items():
        try:
            measures[name] = _measured(Path(path), folder, keeps=keeps)
        except AudioError as error:
            cure = f"{error.cure} Or render without the {name} music."
            raise AudioError(f"The {name} music cannot be used. {error.message}", cure=cure) from error
    return Music(settings, **measures)


def _measured(path: Path, folder: Path, *, keeps: bool) -> MusicMeasure:
    try:
        found = path.stat()
    except OSError as error:
        raise AudioError(f"There is no file '{path}'.", cure="Choose it again.") from error
    known = json.dumps([str(path.absolute()), found.st_size, found.st_mtime_ns])
    kept = folder / f"{hashlib.sha256(known.encode()).hexdigest()[:32]}.json"
    with suppress(OSError, ValueError, TypeError):
        return MusicMeasure(**json.loads(kept.read_text(encoding="utf-8")))
    measure = measure_music(path)
    if not keeps:
        return measure
    with suppress(OSError), replacing(kept) as beside:  # without it the file is only measured again
        beside.write_text(json.dumps({"lufs": measure.lufs, "duration_ms": measure.duration_ms}), encoding="utf-8")
    return measure


class Ducking:
    """How far music is down, 0 … 1, from where somebody speaks."""

    def __init__(self, speech: Sequence[tuple[int, int]], rate_hz: int) -> None:
        attack, hold, release = (rate_hz * part_ms / 1000 for part_ms in (_ATTACK_MS, _HOLD_MS, _RELEASE_MS))
        joined: list[tuple[int, int]] = []
        for start, end in speech:
            if joined and start - attack <= joined[-1][1] + hold + release:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        corners = [(start - attack, start, end + hold, end + hold + release) for start, end in joined]
        self._times = np.array(corners, np.float64).ravel()
        self._depths = np.tile(np.array([0.0, 1.0, 1.0, 0.0]), len(corners))

    def at(self, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """At samples of the programme, shape as given."""
        if not len(self._times):
            return np.zeros(times.shape)
        return np.asarray(np.interp(times, self._times, self._depths))
