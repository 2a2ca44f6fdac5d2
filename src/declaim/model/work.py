"""What every worker takes: a token that says stop, and a place to say how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from declaim.errors import Cancelled


class CancelToken:
    """Set from any thread; workers look at each chunk."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._running = threading.Event()
        self._running.set()

    def cancel(self) -> None:
        self._event.set()
        self._running.set()

    @property
    def is_cancelled(self) -> bool:
        return self._event.is_set()

    def pause(self) -> None:
        if not self._event.is_set():
            self._running.clear()

    def resume(self) -> None:
        self._running.set()

    @property
    def is_paused(self) -> bool:
        return not self._running.is_set()

    def check(self) -> None:
        """Waits while paused.

        Raises:
            Cancelled: when the user asked to stop.
        """
        self._running.wait()
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleeps unless cancelled first.

        Raises:
            Cancelled: when the user asks to stop meanwhile.
        """
        if self._event.wait(seconds):
            raise Cancelled


@dataclass(frozen=True)
class ProgressReport:
    """``done`` of ``total`` (in whatever ``unit`` says); ``seconds_left`` is None while unknown."""

    done: float
    total: float
    text: str = ""
    seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


class Progress:
    """Reports at most every ``interval_s`` (Anki's throttle), and always the last one. Called from any thread."""

    def __init__(self, report: Callable[[ProgressReport], None] | None = None, *, interval_s: float = 0.1) -> None:
        self._report = report
        self._interval_s = interval_s
        self._started = time.monotonic()
        self._last = float("-inf")
        self._lock = threading.Lock()

    def update(self, done: float, total: float, text: str = "") -> None:
        if self._report is None:
            return
        now = time.monotonic()
        with self._lock:
            if done < total and now - self._last < self._interval_s:
                return
            self._last = now
        spent = now - self._started
        left = spent / done * (total - done) if 0 < done <= total and spent > 0.3 else None
        self._report(ProgressReport(done, total, text, left))

    def forward(self, report: ProgressReport) -> None:
        """Hands on a report that another ``Progress`` made."""
        if self._report:
            self._report(report)


NO_PROGRESS = Progress()
