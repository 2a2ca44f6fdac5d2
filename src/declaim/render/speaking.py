"""One line through its engine: what the engine gives becomes a fit, trimmed clip, or an error that says what was wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from declaim.audio import SoundMeasure, joined, measure_sound, trimmed
from declaim.audio.clips import MAX_RATE_HZ, MIN_RATE_HZ
from declaim.errors import VoiceError
from declaim.model.clip import Clip
from declaim.model.spoken import SpokenPause
from declaim.model.work import CancelToken
from declaim.render.cache import KeptLine, LineCache
from declaim.render.check import suspicion
from declaim.render.pace import PaceBook, speech_length
from declaim.render.plan import recipe_of
from declaim.render.planned import PlannedLine
from declaim.render.preview import line_loudness
from declaim.voices import VoiceEngine

OnSound = Callable[[Clip], None]
_QUIET_RATE_HZ = 22_050
_CURE = "Try again, or choose another voice for this line."


@dataclass(frozen=True, eq=False)
class Utterance:
    """``chunks_ms``: where each piece that the engine gave starts in the clip."""

    clip: Clip
    measure: SoundMeasure
    chunks_ms: tuple[int, ...] = ()
    cost_usd: float = 0.0


def utter(planned: PlannedLine, cancel: CancelToken, beat: Callable[[], None], on_sound: OnSound | None = None) -> Utterance:
    """Has the engine speak one line. ``beat`` is called at every sign of life, ``on_sound`` with each piece that is heard.

    Raises:
        VoiceError: when the engine gives nothing, silence, or something that is no sound; and what the engine raises.
        Cancelled: at the first piece after the user asked to stop.
    """
    clips: list[Clip] = []
    cost_usd = 0.0
    together = planned.exchange
    for clip in together.speak(planned.place, cancel) if together else planned.engine.speak(planned.request, cancel):
        beat()
        cancel.check()
        cost_usd += getattr(clip, "cost_usd", 0.0)
        clips.append(fit_clip(clip))
        if on_sound is not None and len(clips[-1].samples):
            on_sound(clips[-1])
    clips = [clip for clip in clips if len(clip.samples)]
    if planned.edged.is_wordless and not any(clip.samples.any() for clip in clips):
        return _quiet(joined(clips) if clips else Clip(np.zeros(_QUIET_RATE_HZ // 100, np.float32), _QUIET_RATE_HZ))
    if not clips:
        raise VoiceError("The voice returned no sound for this line.", cure=_CURE)
    starts_ms, whole = _chunk_starts(clips), joined(clips)
    clips.clear()  # of a line of twenty minutes they are large
    clip = trimmed(whole)
    if not len(clip.samples):
        raise VoiceError("The voice returned only silence for this line.", cure=_CURE)
    lead_ms = _lead_ms(whole, clip)
    del whole
    chunks_ms = tuple(max(0, start_ms - lead_ms) for start_ms in starts_ms)
    return Utterance(clip, measure_sound(clip.samples, clip.rate_hz), chunks_ms, cost_usd)


def _quiet(clip: Clip) -> Utterance:
    """A line of sounds that its voice cannot make: left out, as in any other line."""
    return Utterance(clip, measure_sound(clip.samples, clip.rate_hz))


def _chunk_starts(clips: list[Clip]) -> list[int]:
    """Where the pieces with sound in them start in the whole, in milliseconds; a piece that goes on is no start."""
    starts, at_ms = [], 0
    for clip in clips:
        if clip.samples.any() and not clip.goes_on:
            starts.append(at_ms)
        at_ms += clip.duration_ms
    return starts


def fit_clip(clip: Clip) -> Clip:
    """Mono float32 at a rate that exists.

    Raises:
        VoiceError: when that cannot be made of it.
    """
    samples: NDArray[Any] = np.asarray(clip.samples)
    if not MIN_RATE_HZ <= clip.rate_hz <= MAX_RATE_HZ:
        raise VoiceError(f"The voice returned audio at an impossible rate ({clip.rate_hz} Hz).", cure=_CURE)
    if samples.dtype.kind == "i":
        samples = samples.astype(np.float32) / np.float32(np.iinfo(samples.dtype).max)
    if samples.ndim == 2:
        samples = samples.mean(axis=0 if samples.shape[0] < samples.shape[1] else 1)
    if samples.ndim != 1 or samples.dtype.kind != "f":
        raise VoiceError("The voice returned something that is not audio.", cure=_CURE)
    if not np.isfinite(samples).all():
        raise VoiceError("The voice returned broken audio (numbers that are no sound).", cure=_CURE)
    return Clip(np.ascontiguousarray(samples, np.float32), clip.rate_hz, goes_on=clip.goes_on)


def speak_and_keep(
    planned: PlannedLine,
    cache: LineCache,
    pace: PaceBook,
    cancel: CancelToken,
    beat: Callable[[], None],
    on_sound: OnSound | None = None,
) -> KeptLine:
    """Speaks a line, checks it, speaks it once more where it is suspect, the engine is random and that costs
    nothing, and keeps the better one. ``on_sound`` hears the first try.

    Raises:
        VoiceError: as :func:`utter`.
        OSError: where the disk refuses.
    """
    assert planned.key is not None
    started = time.monotonic()
    spoken = utter(planned, cancel, beat, on_sound)
    pace_s = time.monotonic() - started
    length = speech_length(planned.edged.line.text)
    doubt = _doubt(planned, spoken, pace, length)
    if doubt and _may_try_again(planned.engine):
        again = utter(planned, cancel, beat)
        doubt_again = _doubt(planned, again, pace, length)
        if not doubt_again:
            spoken, doubt = again, ""
    if not doubt:
        pace.learn(planned.request.voice, length, spoken.clip.duration_ms / 1000, pace_s, line_loudness(spoken.measure))
    recipe = replace(
        recipe_of(planned.spoken, planned.request),
        suspicion=doubt,
        chunks_ms=spoken.chunks_ms,
        cost_usd=round(spoken.cost_usd, 6),
    )
    return cache.write(planned.key, spoken.clip, recipe, spoken.measure)


def _may_try_again(engine: VoiceEngine) -> bool:
    """Where the same request may come out better and costs nothing. Engines of before the question never did."""
    return getattr(engine, "is_random", False) and engine.key_name is None


def _doubt(planned: PlannedLine, spoken: Utterance, pace: PaceBook, length: float) -> str:
    if planned.edged.is_wordless and not spoken.clip.samples.any():
        return ""
    voice = planned.request.voice
    asked_ms = sum(part.pause_ms for part in planned.edged.line.parts if isinstance(part, SpokenPause))
    return suspicion(
        spoken.clip,
        spoken.measure,
        length,
        pace.seconds_per_unit(voice),
        pace_is_known=pace.is_known(voice),
        pauses_ms=asked_ms,
    )


def _lead_ms(whole: Clip, kept: Clip) -> int:
    """How much was trimmed at the start: the fade leaves the middle as it was, so look for that."""
    if len(kept.samples) == len(whole.samples):
        return 0
    return round(1000 * (_loudest(whole.samples) - _loudest(kept.samples)) / whole.rate_hz)


def _loudest(samples: NDArray[np.float32]) -> int:
    """Where the sample is that lies farthest from 0; without a copy, which a line of twenty minutes makes large."""
    return max(int(np.argmax(samples)), int(np.argmin(samples)), key=lambda at: abs(float(samples[at])))
