"""The whole road: plan, speak what is missing, join, and only then touch the file that is there."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from declaim.errors import AudioError, CostNotAgreed, DeclaimError, InputError
from declaim.model.clip import Clip
from declaim.model.library import LineState, LineTiming
from declaim.model.work import NO_PROGRESS, CancelToken, Progress
from declaim.paths import Together, replacing_together
from declaim.render.asked import with_asked
from declaim.render.cache import KeptLine, LineCache, LineDamaged
from declaim.render.earlier import remember_written, stamp_of
from declaim.render.languages import in_its_language
from declaim.render.outcomes import LineOutcome, ready_outcome
from declaim.render.pace import JoiningLength, PaceBook
from declaim.render.plan import cost_usd, joining_length, plan_line
from declaim.render.planned import PlannedLine, RenderPlan, RenderRequest
from declaim.render.preparing import Prepared, check_voices, prepare
from declaim.render.programme import ProgrammeResult, write_programme
from declaim.render.run import speak_lines
from declaim.render.verify import Ear, verify_lines
from declaim.voices import Voices

_REPAIRS = 3


@dataclass(frozen=True)
class SuspectLine:
    index: int
    reason: str


@dataclass(frozen=True)
class RenderResult:
    """``first_audio_seconds``: from the call until the first sound of the first line could be heard. ``timings`` are real times
    in the file, one for each line of the script. ``peaks`` is the content of a peaks file (``audio.Peaks``)."""

    out: Path
    duration_ms: int
    lines: int
    rendered_lines: int
    cached_lines: int
    wall_seconds: float
    first_audio_seconds: float
    realtime_factor: float
    integrated_lufs: float
    true_peak_dbtp: float
    suspect_lines: tuple[SuspectLine, ...]
    timings: tuple[LineTiming, ...]
    peaks: bytes = dataclasses.field(repr=False)
    cost_usd: float = 0.0
    """Paid for this render; lines that were ready cost nothing."""


_MakeResult = Callable[[Sequence[PlannedLine], ProgrammeResult], RenderResult]
Finish = Callable[[Path, RenderResult, Together], None]


def render(
    request: RenderRequest,
    voices: Voices,
    cache: LineCache,
    cancel: CancelToken,
    progress: Progress = NO_PROGRESS,
    on_line: Callable[[LineOutcome], None] | None = None,
    *,
    finish: Finish | None = None,
    limit_usd: float | None = None,
    on_plan: Callable[[RenderPlan], None] | None = None,
    on_sound: Callable[[int, Clip], None] | None = None,
    ear: Ear | None = None,
) -> RenderResult:
    """Makes ``request.out``. Blocks; call it in a worker.

    Args:
        request: the script, its voices and the file.
        voices: the engines.
        cache: finished lines; what is there is not spoken again.
        cancel: looked at between the pieces that an engine gives, and between lines.
        progress: shares of the whole, in time.
        on_line: called in this thread, for ready lines at once, for the others when they begin and when they end.
        finish: called with the finished file while it still has a hidden name beside ``request.out``: for tags; and with what
            takes the files that stand beside it, which get their names with it or not at all.
        ear: listens to the lines where the request wants that; else one is made.
        limit_usd: nothing is spoken where that would cost more.
        on_plan: called in this thread before anything is told of a line.
        on_sound: called in a worker's thread with each piece of a line that is spoken, and its index, as it comes.

    Raises:
        InputError: for a script without lines, a loudness that is none.
        VoiceError: for a voice that cannot speak; ``LinesFailed`` when lines could not be spoken (the others are kept).
        CostNotAgreed: for a render that costs more than ``limit_usd``.
        AudioError, FileInUse, NotAFile: when the file cannot be written; the old one stays.
        Cancelled: when the user asked to stop; finished lines are kept, and so is the old file.
    """
    request = in_its_language(request, voices)
    listener = _Listener(on_line, on_sound)
    prepared = prepare(request, voices, cache, ear)
    plan = prepared.plan
    speaker = _Speaker(request, cache, cancel, listener, prepared.ear, limit_usd)
    speaker.check_cost(plan.cost_usd)
    if on_plan is not None:
        on_plan(plan)
    for planned in plan.lines:
        if planned.is_ready:
            listener(ready_outcome(planned, planned.known))
    listening_at, joining_at = plan.shares
    speaking, listening = _Stretch(progress, 0.0, listening_at), _Stretch(progress, listening_at, joining_at)
    lines = speaker.spoken(with_asked(plan.lines, cache, cancel), speaking, listening)
    if plan.to_render_count:
        cache.remove_leftovers()
    length = joining_length(plan.lines, request)
    write = _Writing(request, prepared, cache, cancel, _Stretch(progress, joining_at, 1.0), length, speaker)
    return write(lines, partial(_result, request, speaker), finish)


def _result(request: RenderRequest, speaker: _Speaker, lines: Sequence[PlannedLine], made: ProgrammeResult) -> RenderResult:
    listener = speaker.listener
    wall_seconds = listener.seconds()
    return RenderResult(
        out=request.out,
        duration_ms=made.duration_ms,
        lines=len(lines),
        rendered_lines=len(speaker.rendered),
        cached_lines=len(lines) - len(speaker.rendered),
        wall_seconds=round(wall_seconds, 3),
        first_audio_seconds=round(listener.first_audio_seconds, 3),
        realtime_factor=round(made.duration_ms / 1000 / wall_seconds, 2),
        integrated_lufs=made.integrated_lufs,
        true_peak_dbtp=made.true_peak_dbtp,
        suspect_lines=tuple(_suspects(lines)),
        timings=made.timings,
        peaks=made.peaks,
        cost_usd=listener.cost_usd,
    )


def speak_one(
    request: RenderRequest,
    index: int,
    voices: Voices,
    cache: LineCache,
    cancel: CancelToken,
    *,
    on_line: Callable[[LineOutcome], None] | None = None,
    on_sound: Callable[[Clip], None] | None = None,
    limit_usd: float | None = None,
) -> Path:
    """One line of a script, spoken now or taken from the cache: what is heard is what a render has. Gives its file in the cache.
    ``on_sound`` gets, in a worker's thread, each piece of a line that is spoken now as it comes.

    Raises:
        InputError: for a line that has nothing to speak.
        VoiceError, CostNotAgreed, AudioError, Cancelled: as :func:`render`.
    """
    planned = plan_line(request, index, voices, cache)
    if planned.key is None:
        raise InputError("There is nothing to hear: the line has no words.", cure="Write some text in it.")
    if planned.known is None:
        check_voices([planned], voices)
        listener = _Listener(on_line, None if on_sound is None else lambda _index, clip: on_sound(clip))
        speaker = _Speaker(request, cache, cancel, listener, None, limit_usd)
        speaker.check_cost(cost_usd([planned]))
        speaker.spoken([planned])
    return cache.path(planned.key)


class _Listener:
    """Hands outcomes and sound on, and notes when the first line of the programme could be heard."""

    def __init__(self, on_line: Callable[[LineOutcome], None] | None, on_sound: Callable[[int, Clip], None] | None) -> None:
        self._on_line, self._on_sound, self._started = on_line, on_sound, time.monotonic()
        self.first_audio_seconds = 0.0
        self.cost_usd = 0.0
        self.found: set[int] = set()
        """Lines that another render spoke meanwhile."""

    def __call__(self, outcome: LineOutcome) -> None:
        self.cost_usd += outcome.cost_usd
        if outcome.was_found:
            self.found.add(outcome.index)
        if outcome.index == 0 and outcome.state in (LineState.READY, LineState.SUSPECT):
            self._begin()
        if self._on_line is not None:
            self._on_line(outcome)

    def hear(self, index: int, clip: Clip) -> None:
        """From any thread."""
        if index == 0:
            self._begin()
        if self._on_sound is not None:
            self._on_sound(index, clip)

    def _begin(self) -> None:
        self.first_audio_seconds = self.first_audio_seconds or self.seconds()

    def seconds(self) -> float:
        """Since the render began."""
        return time.monotonic() - self._started


class _Stretch(Progress):
    """A part of another progress, from one share of it to another."""

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        super().__init__()
        self._whole, self._start, self._end = whole, start, end

    def update(self, done: float, total: float, text: str = "") -> None:
        self._whole.update(self._start + (self._end - self._start) * min(1.0, done / total), 1.0, text)


class _Speaker:
    """Has lines spoken for a render, and keeps account of it."""

    def __init__(
        self,
        request: RenderRequest,
        cache: LineCache,
        cancel: CancelToken,
        listener: _Listener,
        ear: Ear | None,
        limit_usd: float | None,
    ) -> None:
        self.listener = listener
        self.rendered: set[int] = set()
        """The lines that were spoken, by index."""
        self._request, self._cache, self._cancel, self._ear, self._limit_usd = request, cache, cancel, ear, limit_usd

    def check_cost(self, cost_usd: float) -> None:
        """
        Raises:
            CostNotAgreed: where that and what was paid by now are more than the limit.
        """
        total_usd = self.listener.cost_usd + cost_usd
        if self._limit_usd is not None and cost_usd and total_usd > self._limit_usd:
            raise CostNotAgreed(total_usd, self._limit_usd)

    def spoken(
        self, lines: Sequence[PlannedLine], speaking: Progress = NO_PROGRESS, listening: Progress = NO_PROGRESS
    ) -> list[PlannedLine]:
        """The lines, those spoken that are not ready, and listened to where that was asked for."""
        missing = [planned for planned in lines if not planned.is_ready]
        kept = speak_lines(
            missing,
            self._cache,
            self._cancel,
            speaking,
            self.listener,
            jobs=self._request.jobs,
            total_lines=len(lines),
            on_sound=self.listener.hear,
            is_anew=not self._request.use_cache,
        )
        self.rendered |= {planned.index for planned in missing} - self.listener.found
        ready = [_now_ready(planned, kept) for planned in lines]
        if self._ear is None:
            return ready
        return verify_lines(ready, self._request, self._cache, self._ear, self._cancel, listening, self.listener)

    def repaired(self, lines: Sequence[PlannedLine]) -> list[PlannedLine]:
        """The lines, those spoken anew whose kept audio is gone or damaged."""
        damaged = {planned.index for planned in lines if not self._is_whole(planned)}
        missing = [dataclasses.replace(planned, known=None) if planned.index in damaged else planned for planned in lines]
        self.check_cost(cost_usd(missing))
        return self.spoken(missing)

    def _is_whole(self, planned: PlannedLine) -> bool:
        self._cancel.check()
        try:
            return planned.key is None or all(len(block) for block in self._cache.blocks(planned.key))
        except LineDamaged:
            return False


@dataclass(frozen=True)
class _Writing:
    """The last part of a render: beside, then replaced; lines whose kept audio turns out damaged are spoken anew."""

    request: RenderRequest
    prepared: Prepared
    cache: LineCache
    cancel: CancelToken
    progress: Progress
    length: JoiningLength
    speaker: _Speaker

    def __call__(self, lines: list[PlannedLine], result: _MakeResult, finish: Finish | None) -> RenderResult:
        for attempt in range(_REPAIRS + 1):
            try:
                return self._write(lines, partial(result, lines), finish)
            except LineDamaged:
                if attempt == _REPAIRS:
                    raise
                lines = self.speaker.repaired(lines)
            except OSError as error:
                raise _not_written(self.request.out, error) from error
        raise AssertionError("unreachable")

    def _write(
        self, lines: list[PlannedLine], result: Callable[[ProgrammeResult], RenderResult], finish: Finish | None
    ) -> RenderResult:
        def report(share: float) -> None:
            self.progress.update(0.999 * share, 1.0, "Joining")

        started = time.monotonic()
        with replacing_together() as files:
            hidden = files.add(self.request.out)
            made = write_programme(
                hidden, lines, self.request, self.prepared.standard, self.prepared.music, self.cache, self.cancel, report
            )
            if finish is not None:
                finish(hidden, result(made), files)
            stamp = stamp_of(hidden)
        remember_written(self.cache.folder, self.request.out, stamp, made.pieces, [planned.key for planned in lines])
        PaceBook(self.cache.folder).learn_joining(self.length, time.monotonic() - started)
        self.progress.update(1.0, 1.0, "Done")
        return result(made)


def _not_written(out: Path, error: OSError) -> DeclaimError:
    if isinstance(error, DeclaimError):
        return error
    reason = error.strerror or str(error)
    return AudioError(
        f"'{out}' could not be written: {reason}.", cure="Free some space or choose another folder; the lines are kept."
    )


def _now_ready(planned: PlannedLine, kept: dict[int, KeptLine]) -> PlannedLine:
    known = kept.get(planned.index)
    return dataclasses.replace(planned, known=known) if known else planned


def _suspects(lines: Sequence[PlannedLine]) -> list[SuspectLine]:
    return [
        SuspectLine(planned.index, planned.known.recipe.suspicion)
        for planned in lines
        if planned.known and planned.known.recipe.suspicion
    ]
