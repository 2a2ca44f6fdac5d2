"""The jobs of a session: started, watched, paused, cancelled, tried again.

A job's work runs in the executor and knows nothing of this class; everything else here happens on the main thread, where ``post``
brings the news of the workers.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from declaim.errors import Cancelled, DeclaimError
from declaim.model.ids import JobId
from declaim.model.work import CancelToken, Progress, ProgressReport

log = logging.getLogger(__name__)
T = TypeVar("T")
Work = Callable[[CancelToken, Progress], T]
Post = Callable[[Callable[[], None]], None]


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    """For the network, and for the user to say "try again"."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is at work."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.WAITING)


@dataclass(frozen=True)
class JobStatus:
    """``failure`` says what went wrong, why and the cure."""

    id: JobId
    title: str
    state: JobState = JobState.QUEUED
    progress: ProgressReport | None = None
    failure: str = ""


@dataclass
class _Job:
    status: JobStatus
    work: Work[Any]
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    is_quiet: bool
    cancel: CancelToken
    again: Callable[[], None] | None = None
    has_begun: bool = False


class Jobs:
    """Main thread only, but for :attr:`post`, which any thread may call.

    ``executor`` runs what the queue shows, ``quick`` the quiet jobs: what the user waits for does not stand behind renders that
    take minutes, or are paused.
    """

    def __init__(self, executor: Executor, post: Post, quick: Executor | None = None) -> None:
        self._executor = executor
        self._quick = quick or executor
        self._post = post
        self._is_shut_down = False
        self._jobs: dict[JobId, _Job] = {}
        self._ids = itertools.count(1)
        self._listeners: list[Callable[[JobStatus], None]] = []

    def post(self, work: Callable[[], None]) -> None:
        """Runs ``work`` on the main thread, soon; not after :meth:`shut_down`. From any thread."""
        self._post(lambda: None if self._is_shut_down else work())

    def start(
        self,
        title: str,
        work: Work[T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        quiet: bool = False,
        again: Callable[[], None] | None = None,
    ) -> JobId:
        """Queues ``work(cancel, progress)``.

        Args:
            title: what the queue shows.
            work: runs in a worker: values in, a value out.
            done: gets the result, on the main thread. A ``DeclaimError`` or ``OSError`` in it fails the job.
            failed: gets the error, ``Cancelled`` included, on the main thread.
            quiet: for the small things that no queue should show (a plan, a preview).
            again: called on the main thread when a job that is over is to be tried once more, before it is queued. An error of
                it is why the job failed then.
        """
        job_id = JobId(next(self._ids))
        self._jobs[job_id] = _Job(JobStatus(job_id, title), work, done, failed, quiet, CancelToken(), again)
        self._announce(job_id)
        self._submit(job_id)
        return job_id

    def all(self) -> tuple[JobStatus, ...]:
        """Every job that is not quiet, in the order of starting."""
        return tuple(job.status for job in self._jobs.values() if not job.is_quiet)

    def status(self, job_id: JobId) -> JobStatus | None:
        """None for a job that was cleared away."""
        job = self._jobs.get(job_id)
        return job.status if job else None

    def subscribe(self, listener: Callable[[JobStatus], None]) -> Callable[[], None]:
        """Calls ``listener`` whenever a job that is not quiet changes; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def cancel(self, job_id: JobId) -> None:
        """Asks a job to stop; what it finished is kept."""
        job = self._jobs.get(job_id)
        if job and job.status.state is JobState.WAITING:
            self._set(job_id, state=JobState.CANCELLED)
        elif job and not job.status.state.is_over:
            job.cancel.cancel()

    def pause(self, job_id: JobId) -> None:
        job = self._jobs.get(job_id)
        if job and job.status.state in (JobState.QUEUED, JobState.RUNNING):
            job.cancel.pause()
            self._set(job_id, state=JobState.PAUSED)

    def resume(self, job_id: JobId) -> None:
        job = self._jobs.get(job_id)
        if job and job.status.state is JobState.PAUSED:
            job.cancel.resume()
            self._set(job_id, state=JobState.RUNNING if job.has_begun else JobState.QUEUED)

    def retry(self, job_id: JobId) -> None:
        """Starts a job that failed, was cancelled or waits once more, under the same id."""
        job = self._jobs.get(job_id)
        if job and job.status.state in (JobState.FAILED, JobState.CANCELLED, JobState.WAITING):
            try:
                if job.again:
                    job.again()
            except DeclaimError as error:
                self._set(job_id, state=JobState.FAILED, failure=str(error))
                return
            job.cancel, job.has_begun = CancelToken(), False
            self._set(job_id, state=JobState.QUEUED, failure="", progress=None)
            self._submit(job_id)

    def clear_finished(self) -> None:
        """Forgets the jobs that are over; not those that wait."""
        over = (job for job in self._jobs.values() if job.status.state.is_over)
        for job_id in [job.status.id for job in over if job.status.state is not JobState.WAITING]:
            del self._jobs[job_id]

    def shut_down(self) -> None:
        """Cancels everything and waits for the workers to notice. What they still post is of no use to anybody."""
        self._is_shut_down = True
        for job_id in tuple(self._jobs):
            self.cancel(job_id)
        for executor in (self._executor, self._quick):
            executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, job_id: JobId) -> None:
        job = self._jobs[job_id]
        cancel, work = job.cancel, job.work
        progress = Progress(lambda report: self.post(lambda: self._set(job_id, progress=report)))

        def run() -> None:
            try:
                cancel.check()
                self.post(lambda: self._begin(job_id))
                result = work(cancel, progress)
            except Exception as error:  # noqa: BLE001  the one door through which the errors of workers go up
                # The name `error` ends with this block; the closure runs later.
                self.post(lambda error=error: self._fail(job_id, error))  # type: ignore[misc]
            else:
                self.post(lambda: self._finish(job_id, result))

        (self._quick if job.is_quiet else self._executor).submit(run)

    def _begin(self, job_id: JobId) -> None:
        if job_id in self._jobs:
            self._jobs[job_id].has_begun = True
            self._set(job_id, state=JobState.RUNNING)

    def _finish(self, job_id: JobId, result: object) -> None:
        job = self._jobs.get(job_id)
        if job is None:
            return
        try:
            if job.done:
                job.done(result)
        except (DeclaimError, OSError) as error:
            self._fail(job_id, error)
        else:
            self._end(job_id, JobState.DONE, "")

    def _fail(self, job_id: JobId, error: Exception) -> None:
        job = self._jobs.get(job_id)
        if job is None:
            return
        stopped = isinstance(error, Cancelled)
        if not isinstance(error, DeclaimError | OSError):
            log.error("A bug in the job '%s'", job.status.title, exc_info=error)
        is_offline = isinstance(error, DeclaimError) and error.is_offline
        state = JobState.CANCELLED if stopped else JobState.WAITING if is_offline else JobState.FAILED
        self._end(job_id, state, str(error) or type(error).__name__)
        if job.failed:
            job.failed(error)

    def _end(self, job_id: JobId, state: JobState, failure: str) -> None:
        self._set(job_id, state=state, failure=failure)
        if self._jobs[job_id].is_quiet:
            del self._jobs[job_id]

    def _set(self, job_id: JobId, **changes: Any) -> None:
        job = self._jobs.get(job_id)
        if job is None:
            return
        # News of a worker that was on its way when the user paused must not undo the pause.
        if changes.get("state") is JobState.RUNNING and job.cancel.is_paused:
            return
        job.status = replace(job.status, **changes)
        self._announce(job_id)

    def _announce(self, job_id: JobId) -> None:
        job = self._jobs[job_id]
        if not job.is_quiet:
            for listener in tuple(self._listeners):
                listener(job.status)
