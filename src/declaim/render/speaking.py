"""One line through its engine: what the engine gives becomes a fit, trimmed sound, or an error that says what was wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from declaim.audio import SoundMeasure, Spool, measure_blocks
from declaim.audio.clips import MAX_RATE_HZ, MIN_RATE_HZ
from declaim.errors import VoiceError
from declaim.model.clip import Clip
from declaim.model.spoken import SpokenPause
from declaim.model.work import CancelToken
from declaim.render.asked import asked_of
from declaim.render.cache import KeptLine, LineCache, LineRecipe
from declaim.render.check import suspicion
from declaim.render.pace import PaceBook, speech_length
from declaim.render.planned import PlannedLine
from declaim.render.preview import line_loudness
from declaim.voices import VoiceEngine

OnSound = Callable[[Clip], None]
_QUIET_RATE_HZ = 22_050
_CURE = "Try again, or choose another voice for this line."


@dataclass(frozen=True, eq=False)
class Utterance:
    """``chunks_ms``: where each piece that the engine gave starts in the sound."""

    sound: Spool
    measure: SoundMeasure
    chunks_ms: tuple[int, ...] = ()
    cost_usd: float = 0.0


def utter(
    planned: PlannedLine, sound: Spool, cancel: CancelToken, beat: Callable[[], None], on_sound: OnSound | None = None
) -> Utterance:
    """Has the engine speak one line into ``sound``. ``beat`` is called at every sign of life, ``on_sound`` with each piece that
    is heard.

    Raises:
        VoiceError: when the engine gives nothing, silence, or something that is no sound; and what the engine raises.
        OSError: where the disk refuses.
        Cancelled: at the first piece after the user asked to stop.
    """
    cost_usd = 0.0
    starts_ms: list[int] = []
    for piece in _pieces(planned, cancel):
        beat()
        cancel.check()
        cost_usd += getattr(piece, "cost_usd", 0.0)
        clip = fit_clip(piece)
        if clip.samples.any() and not clip.goes_on:
            starts_ms.append(sound.duration_ms)
        sound.add(clip)
        if on_sound is not None and len(clip.samples):
            on_sound(clip)
    if planned.edged.is_wordless and not sound.peak:
        return _quiet(sound)
    if not sound.frames:
        raise VoiceError("The voice returned no sound for this line.", cure=_CURE)
    lead = sound.trim()
    if not sound.frames:
        raise VoiceError("The voice returned only silence for this line.", cure=_CURE)
    lead_ms = round(1000 * lead / sound.rate_hz)
    chunks_ms = tuple(max(0, start_ms - lead_ms) for start_ms in starts_ms)
    return Utterance(sound, measure_blocks(sound.blocks(), sound.rate_hz), chunks_ms, cost_usd)


def _pieces(planned: PlannedLine, cancel: CancelToken) -> Iterator[Clip]:
    """What the engine gives. What the system refuses it is told as its own, not as the disk's that lines are kept on."""
    together = planned.exchange
    try:
        yield from together.speak(planned.place, cancel) if together else planned.engine.speak(planned.request, cancel)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise VoiceError(f"{planned.engine.label} could not speak this line: {reason}.", cure=_CURE) from error


def _quiet(sound: Spool) -> Utterance:
    """A line of sounds that its voice cannot make: left out, as in any other line."""
    if not sound.frames:
        sound.add(Clip(np.zeros(_QUIET_RATE_HZ // 100, np.float32), _QUIET_RATE_HZ))
    return Utterance(sound, measure_blocks(sound.blocks(), sound.rate_hz))


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
    with Spool(cache.folder) as sound, Spool(cache.folder) as another:
        spoken = utter(planned, sound, cancel, beat, on_sound)
        pace_s = time.monotonic() - started
        length = speech_length(planned.edged.line.text)
        doubt = _doubt(planned, spoken, pace, length)
        if doubt and _may_try_again(planned.engine):
            again = utter(planned, another, cancel, beat)
            if not _doubt(planned, again, pace, length):
                spoken, doubt = again, ""
        if not doubt:
            audio_s, lufs = spoken.sound.duration_ms / 1000, line_loudness(spoken.measure)
            pace.learn(planned.request.voice, length, audio_s, pace_s, lufs)
        recipe = LineRecipe(doubt, spoken.chunks_ms, round(spoken.cost_usd, 6), asked=asked_of(planned).to_json())
        return cache.write(planned.key, spoken.sound.blocks(), spoken.measure, recipe)


def _may_try_again(engine: VoiceEngine) -> bool:
    """Where the same request may come out better and costs nothing."""
    return engine.is_random and engine.key_name is None


def _doubt(planned: PlannedLine, spoken: Utterance, pace: PaceBook, length: float) -> str:
    if planned.edged.is_wordless and not spoken.sound.peak:
        return ""
    voice = planned.request.voice
    asked_ms = sum(part.pause_ms for part in planned.edged.line.parts if isinstance(part, SpokenPause))
    return suspicion(
        spoken.sound.blocks(),
        spoken.measure,
        length,
        pace.seconds_per_unit(voice),
        pace_is_known=pace.is_known(voice),
        pauses_ms=asked_ms,
    )
