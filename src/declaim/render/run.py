"""Lines to workers and back.

Each engine has the number of workers that it declares; a budget of cores keeps engines that compute here from crowding each
other. Lines are dealt in the order in which they will be heard, the last few longest first, so that no core ends the run
alone. Workers are daemon threads that get values and give values: everything else, and every announcement, happens in the
thread that called ``speak_lines``. A worker that gives no sign of life is left behind with its line and replaced.
"""

from __future__ import annotations

import errno
import logging
import os
import queue
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from declaim.errors import Cancelled, DeclaimError, VoiceCrashed, VoiceError
from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.model.library import LineState
from declaim.model.work import CancelToken, Progress
from declaim.render.cache import KeptLine, LineCache
from declaim.render.dealing import Deal
from declaim.render.outcomes import Failure, LineOutcome, LinesFailed, ready_outcome
from declaim.render.pace import PaceBook
from declaim.render.plan import workers_for
from declaim.render.planned import PlannedLine
from declaim.render.speaking import speak_and_keep
from declaim.voices import VoiceEngine

logger = logging.getLogger(__name__)

_TICK_S = 0.05
_PATIENCE_S = 1.0
_ASLEEP_S = 10.0
_STALL_S = 120.0
_ORDINARY_WORK_S = 6.0
"""A line of more work than that may take as much longer to show life (an engine may give it in one piece)."""
_BREAKDOWNS_FORGIVEN = 2
"""Of one engine: hangs in a run, crashes with no line finished between them."""
_FULL_BYTES = 1_000_000


@dataclass(frozen=True)
class _Event:
    worker: _Worker
    planned: PlannedLine
    kept: KeptLine | None = None
    error: DeclaimError | None = None
    has_begun: bool = False
    was_found: bool = False


class _Cores:
    """How many threads may compute at once. ``take`` waits."""

    def __init__(self, count: int) -> None:
        self.count = max(1, count)
        self._free = self.count
        self._changed = threading.Condition()

    def take(self, wanted: int, cancel: CancelToken) -> int:
        """Takes ``wanted`` cores, or all there are where that is more; gives the number to give back."""
        taken = min(wanted, self.count)
        with self._changed:
            while self._free < taken and not cancel.is_cancelled:
                self._changed.wait(0.2)
            self._free -= taken
        return taken

    def give_back(self, taken: int) -> None:
        with self._changed:
            self._free += taken
            self._changed.notify_all()


class _Worker:
    """One daemon thread that speaks the lines of one engine until none is left."""

    def __init__(self, run: _Run, engine: VoiceEngine, deal: Deal) -> None:
        self.engine, self.deal = engine, deal
        self._run = run
        self.planned: PlannedLine | None = None
        self.last_sign = time.monotonic()
        self.is_left_behind = False
        self.cores = 0
        self._thread = threading.Thread(target=self._work, name=f"voice {engine.name}", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def beat(self) -> None:
        self.last_sign = time.monotonic()

    def _work(self) -> None:
        while not self.is_left_behind and (planned := self.deal.next()) is not None:
            if not self._run.cancel.is_cancelled or planned.has_come:
                self._speak(planned)

    def _speak(self, planned: PlannedLine) -> None:
        run = self._run
        self.cores = run.cores.take(_threads(self.engine, run.jobs), run.cancel)
        self.beat()
        self.planned = planned
        run.events.put(_Event(self, planned, has_begun=True))
        try:
            event = self._spoken(planned)
        except DeclaimError as error:
            event = _Event(self, planned, error=error)
        except OSError as error:
            event = _Event(self, planned, error=_disk_failure(error, run.cache))
        except Exception as error:
            logger.exception("The engine %s broke on a line", self.engine.name)
            reason = f"{self.engine.label} broke on this line ({type(error).__name__}: {error})."
            event = _Event(self, planned, error=VoiceError(reason, cure="Try again, or choose another voice for this line."))
        self.planned = None
        if not self.is_left_behind:
            run.cores.give_back(self.cores)
        run.events.put(event)

    def _spoken(self, planned: PlannedLine) -> _Event:
        """Speaks and keeps a line, unless another render has done so since this one was planned."""
        run, key, exchange = self._run, planned.key, planned.exchange
        assert key is not None
        if run.is_anew:
            return _Event(self, planned, self._kept(planned))
        keys = exchange.keys if exchange and not exchange.is_asked else (key,)
        try:
            self._claim(planned, keys)
            known = {key: kept for key in keys if (kept := run.cache.find(key)) is not None}
            if known and exchange:
                exchange.give_up()
            if key in known:
                return _Event(self, planned, known[key], was_found=True)
            return _Event(self, planned, self._kept(planned))
        finally:
            over = (key,) if exchange is None or keys == (key,) else (key, *exchange.silent_keys)
            run.cache.under_way.release(over, run.cancel)

    def _claim(self, planned: PlannedLine, keys: Sequence[LineKey]) -> None:
        try:
            self._run.cache.under_way.claim(keys, self._run.cancel, self.beat)
        except Cancelled:
            if not planned.has_come:  # what has come is paid for, and kept in any case
                raise

    def _kept(self, planned: PlannedLine) -> KeptLine:
        """What an exchange has brought is kept also where the user asks to stop: it is paid for."""
        run, heard = self._run, self._run.heard(planned)
        try:
            run.cancel.check()
            return speak_and_keep(planned, run.cache, run.pace, run.cancel, self.beat, heard)
        except VoiceCrashed:
            if self.is_left_behind:
                raise
            self.beat()
            return speak_and_keep(planned, run.cache, run.pace, run.cancel, self.beat, heard and heard.again())
        except Cancelled:
            if not planned.has_come:
                raise
            return speak_and_keep(planned, run.cache, run.pace, CancelToken(), self.beat, heard)


class _Heard:
    """Who hears a line while it is spoken. ``again``: when it is spoken once more, from where the sound broke off."""

    def __init__(self, on_sound: Callable[[Clip], None], known: int = 0) -> None:
        self._on_sound, self._known = on_sound, known
        self._frames = 0

    def __call__(self, clip: Clip) -> None:
        new = clip.samples[max(0, self._known - self._frames) :]
        self._frames += len(clip.samples)
        if len(new):
            self._on_sound(clip if len(new) == len(clip.samples) else replace(clip, samples=new, goes_on=True))

    def again(self) -> _Heard:
        return _Heard(self._on_sound, max(self._known, self._frames))


def _threads(engine: VoiceEngine, jobs: int | None) -> int:
    """How many cores a line takes: none where the engine computes elsewhere, or where the user has chosen."""
    return engine.layout.threads if jobs is None and engine.key_name is None else 0


def _disk_failure(error: OSError, cache: LineCache) -> DeclaimError:
    """Says that the disk is full also where the encoder has words of its own for it."""
    reason = error.strerror or str(error).rstrip(".")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        cure = "Make the folder writable, or choose another library."
    else:
        cure = "Free some space there and render again."
        with suppress(OSError):
            reason = "the disk is full" if shutil.disk_usage(cache.folder).free < _FULL_BYTES else reason
    return DeclaimError(f"The line could not be kept in {cache.folder}: {reason}.", cure=cure)


@dataclass(eq=False)
class _Run:
    """What the workers of one render share."""

    cache: LineCache
    pace: PaceBook
    cancel: CancelToken
    jobs: int | None
    cores: _Cores
    stall_s: float
    events: queue.SimpleQueue[_Event] = field(default_factory=queue.SimpleQueue)
    workers: list[_Worker] = field(default_factory=list)
    hangs: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    last_look: float = field(default_factory=time.monotonic)
    on_sound: Callable[[int, Clip], None] | None = None
    is_anew: bool = False

    def heard(self, planned: PlannedLine) -> _Heard | None:
        """Who hears this line while it is spoken."""
        return None if self.on_sound is None else _Heard(partial(self.on_sound, planned.index))


def speak_lines(
    lines: Sequence[PlannedLine],
    cache: LineCache,
    cancel: CancelToken,
    progress: Progress,
    on_line: Callable[[LineOutcome], None],
    *,
    jobs: int | None = None,
    stall_s: float = _STALL_S,
    total_lines: int | None = None,
    on_sound: Callable[[int, Clip], None] | None = None,
    is_anew: bool = False,
) -> dict[int, KeptLine]:
    """Speaks lines that are not ready. Two lines of one key are spoken once, and one that another render has made meanwhile is
    taken as it is, unless ``is_anew``. ``on_line`` runs in this thread, for each line when it begins and when it ends.
    ``on_sound`` gets each piece of a line, with its index, as it comes from the engine, in the worker's thread.

    Raises:
        LinesFailed: when lines failed; all others are kept.
        Cancelled: when the user asked to stop; finished lines are kept.
    """
    twins = _twins(lines)
    cores = _Cores(os.cpu_count() or 1)
    run = _Run(cache, PaceBook(cache.folder), cancel, jobs, cores, stall_s, on_sound=on_sound, is_anew=is_anew)
    _hire(run, [group[0] for group in twins.values()])
    talk = _Talk(twins, progress, on_line, total_lines or len(lines))
    try:
        _listen(run, talk)
    finally:
        cache.under_way.release_all(cancel)
        run.pace.save()
    if talk.failures:
        raise LinesFailed(talk.failures, total_lines or len(lines))
    return talk.kept


def _twins(lines: Sequence[PlannedLine]) -> dict[LineKey, list[PlannedLine]]:
    groups: dict[LineKey, list[PlannedLine]] = {}
    for planned in lines:
        assert planned.key is not None
        groups.setdefault(planned.key, []).append(planned)
    return groups


def _hire(run: _Run, lines: Sequence[PlannedLine]) -> None:
    by_engine: dict[str, list[PlannedLine]] = {}
    for planned in lines:
        by_engine.setdefault(planned.engine.name, []).append(planned)
    for engine_lines in by_engine.values():
        engine = engine_lines[0].engine
        count = workers_for(engine_lines, run.jobs)
        deal = Deal(engine_lines, count)
        run.workers.extend(_Worker(run, engine, deal) for _ in range(count))


def _listen(run: _Run, talk: _Talk) -> None:
    """Hears the workers until every line is spoken, has failed, or the user asks to stop."""
    while talk.open:
        if run.cancel.is_cancelled:
            _let_go(run.workers)
            raise Cancelled
        _look_for_hangs(run, talk)
        try:
            event = run.events.get(timeout=_TICK_S)
        except queue.Empty:
            continue
        if event.worker.is_left_behind or (isinstance(event.error, Cancelled) and run.cancel.is_cancelled):
            continue
        talk.hear(event)
        if isinstance(event.error, VoiceCrashed):
            _is_given_up(run.crashes, event.worker, event.error, talk)
        elif event.kept is not None:
            del run.crashes[event.worker.engine.name]


def _let_go(workers: Sequence[_Worker]) -> None:
    """Gives the workers a moment to notice; one that computes on ends alone, and its line is kept."""
    deadline = time.monotonic() + _PATIENCE_S
    for worker in workers:
        worker.wait(max(0.0, deadline - time.monotonic()))


def _look_for_hangs(run: _Run, talk: _Talk) -> None:
    now = time.monotonic()
    was_away = now - run.last_look > _ASLEEP_S or run.cancel.is_paused
    run.last_look = now
    for worker in list(run.workers):
        planned = worker.planned
        if planned is None or worker.is_left_behind:
            continue
        if was_away:  # the user paused, or the machine slept: the worker could not give a sign
            worker.beat()
            continue
        patience_s = run.stall_s * (1 + planned.work_estimate / _ORDINARY_WORK_S)
        if now - worker.last_sign > patience_s:
            _leave_behind(run, worker, planned, patience_s, talk)


def _leave_behind(run: _Run, worker: _Worker, planned: PlannedLine, patience_s: float, talk: _Talk) -> None:
    """Its line fails, and another worker takes over."""
    worker.is_left_behind = True
    run.cores.give_back(worker.cores)
    if planned.exchange:
        planned.exchange.give_up()
        run.cache.under_way.release(planned.exchange.silent_keys, run.cancel)
    elif planned.key is not None:
        run.cache.under_way.release((planned.key,), run.cancel)
    label = worker.engine.label
    error = VoiceError(f"{label} gave no sign of life for {patience_s:.0f} seconds.", cure="Try again, or choose another voice.")
    talk.hear(_Event(worker, planned, error=error))
    worker.engine.restart()
    if not _is_given_up(run.hangs, worker, error, talk):
        run.workers.append(_Worker(run, worker.engine, worker.deal))


def _is_given_up(breakdowns: Counter[str], worker: _Worker, error: DeclaimError, talk: _Talk) -> bool:
    """An engine that breaks down again and again fails all its lines."""
    breakdowns[worker.engine.name] += 1
    if breakdowns[worker.engine.name] <= _BREAKDOWNS_FORGIVEN:
        return False
    for left in worker.deal.take_all():
        talk.hear(_Event(worker, left, error=error))
    return True


class _Talk:
    """What has been heard so far, and the announcements."""

    def __init__(
        self,
        twins: dict[LineKey, list[PlannedLine]],
        progress: Progress,
        on_line: Callable[[LineOutcome], None],
        total_lines: int,
    ) -> None:
        self.open = set(twins)
        self.kept: dict[int, KeptLine] = {}
        self.failures: list[Failure] = []
        self._twins, self._progress, self._on_line = twins, progress, on_line
        self._total_lines = total_lines
        self._ready_before = total_lines - sum(len(group) for group in twins.values())
        self._work_done = 0.0
        self._work = sum(group[0].work_estimate for group in twins.values()) or 1.0

    def hear(self, event: _Event) -> None:
        key = event.planned.key
        assert key is not None
        for planned in self._twins[key]:
            self._on_line(self._outcome(planned, event))
        if event.has_begun:
            return
        self.open.discard(key)
        self._work_done += event.planned.work_estimate
        count = len(self.kept) + len(self.failures) + self._ready_before
        done = min(self._work_done, self._work * 0.999)  # the file is still to come
        self._progress.update(done, self._work, f"Line {count} of {self._total_lines}")

    def _outcome(self, planned: PlannedLine, event: _Event) -> LineOutcome:
        if event.has_begun:
            return LineOutcome(planned.index, planned.key, LineState.RENDERING)
        if event.kept is None:
            assert event.error is not None
            self.failures.append(Failure(planned.index, event.error))
            return LineOutcome(planned.index, planned.key, LineState.FAILED, failure=str(event.error))
        self.kept[planned.index] = event.kept
        ready = replace(ready_outcome(planned, event.kept), was_found=event.was_found)
        if planned is not event.planned or event.was_found:
            return ready
        characters = len(planned.edged.line.text)
        return replace(ready, engine=planned.engine.name, characters=characters, cost_usd=event.kept.recipe.cost_usd)
