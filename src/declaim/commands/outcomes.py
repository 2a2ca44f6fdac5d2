"""What the workers of a render report, on its way to the main thread: a thousand ready lines are not a thousand writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from declaim.jobs import Jobs

if TYPE_CHECKING:
    from declaim.render import LineOutcome

EACH_S, BURST_S = 0.06, 0.5
"""Lines that come one by one are announced as they come; of a flood, one bundle in ``EACH_S`` once ``BURST_S`` is used up."""


class Outcomes:
    """``add`` is for any thread. ``deliver`` gets, on the main thread, what came since it was called last: of each line the
    latest. What a flood leaves waiting goes with the next outcome, or with ``hand_over`` at the end."""

    def __init__(self, jobs: Jobs, deliver: Callable[[list[LineOutcome]], None]) -> None:
        self._jobs = jobs
        self._deliver = deliver
        self._lock = threading.Lock()
        self._waiting: dict[int, LineOutcome] = {}
        self._is_posted = False
        self._next_at = 0.0

    def add(self, outcome: LineOutcome) -> None:
        now = time.monotonic()
        with self._lock:
            self._waiting[outcome.index] = _with_what_was_paid(outcome, self._waiting.get(outcome.index))
            if self._is_posted or now < self._next_at:
                return
            self._is_posted = True
            self._next_at = max(self._next_at, now - BURST_S) + EACH_S
        self._jobs.post(self.hand_over)

    def hand_over(self) -> None:
        """Delivers what waits, now. Main thread only."""
        with self._lock:
            found, self._waiting, self._is_posted = list(self._waiting.values()), {}, False
        if found:
            self._deliver(found)


def _with_what_was_paid(outcome: LineOutcome, earlier: LineOutcome | None) -> LineOutcome:
    """What follows at once (somebody has listened to the line) must not hide the price."""
    if earlier is None or not earlier.cost_usd:
        return outcome
    paid_usd = earlier.cost_usd + outcome.cost_usd
    return replace(outcome, engine=earlier.engine, characters=earlier.characters, cost_usd=paid_usd)
