"""How many requests an engine may have under way, learned from what the service says.

Additive increase, multiplicative decrease (the rule of TCP's congestion control, RFC 5681): it starts at four side by side,
halves when the service says "too many", and creeps up again with each answer; beyond four slowly, and never again to where the
service said "too many". ``try_enter`` says how long to wait, so that the caller can look at its cancel token, and tests can turn
the clock; ``wait`` waits that long, or until a place is free.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from declaim.errors import VoiceError
from declaim.voices.access import Access

START, MOST = 4, 8
CREEP, SLOW_CREEP = 0.5, 0.1
"""Side by side, gained in as many answers as there are side by side: up to the start, and beyond it."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
_FULL_S = 0.1
"""Until it is worth asking again, when all places are taken, unless ``wait`` hears of a free one before."""
_COUNTERS = "requests.json"
_WRITE_EVERY_S = 2.0


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


class DayCounter:
    """How many requests each engine has sent today, kept in a file so that a restart does not forget."""

    def __init__(self, access: Access, engine: str, today: Callable[[], dt.date] | None = None) -> None:
        self._access, self._engine, self._today = access, engine, today or _today
        self._day, self._count = "", 0
        self._written = 0.0

    @property
    def count(self) -> int:
        self._turn_page()
        return self._count

    def add(self) -> None:
        self._turn_page()
        self._count += 1
        now = time.monotonic()
        if now - self._written > _WRITE_EVERY_S or self._count < 10:
            self._written = now
            self.save()

    def save(self) -> None:
        if self._day:
            kept = {name: value for name, value in self._access.recall(_COUNTERS).items() if name != self._engine}
            with suppress(OSError):  # a counter is not worth a line
                self._access.remember(_COUNTERS, {**kept, self._engine: {"day": self._day, "requests": self._count}})

    def _turn_page(self) -> None:
        today = self._today().isoformat()
        if today == self._day:
            return
        kept = self._access.recall(_COUNTERS).get(self._engine)
        is_today = isinstance(kept, dict) and kept.get("day") == today and isinstance(kept.get("requests"), int)
        self._day, self._count = today, kept["requests"] if is_today and isinstance(kept, dict) else 0


class Limiter:
    """One for each engine; any thread. Each ``try_enter`` that gives 0 is followed by one ``leave``."""

    def __init__(
        self,
        label: str,
        *,
        per_minute: int = 0,
        per_day: int = 0,
        most: int = MOST,
        counter: DayCounter | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._label, self._per_minute, self._per_day, self._counter = label, per_minute, per_day, counter
        self._clock, self._chance = clock, chance
        self._lock = threading.Lock()
        self._place_free = threading.Condition(self._lock)
        self._most = most
        self._allowed = float(min(START, most))
        self._under_way = 0
        self._not_before = 0.0
        self._halved_at = float("-inf")
        self._refusals = 0
        self._starts: deque[float] = deque()

    @property
    def allowed(self) -> int:
        """Requests side by side at this moment."""
        return max(1, int(self._allowed))

    @property
    def requests_today(self) -> int:
        with self._lock:
            return self._counter.count if self._counter is not None else 0

    def save(self) -> None:
        """Keeps the count of the day."""
        with self._lock:
            if self._counter is not None:
                self._counter.save()

    def try_enter(self) -> float:
        """0 when a request may start now, else the seconds after which it is worth asking again.

        Raises:
            VoiceError: when the user's cap for the day is reached.
        """
        with self._lock:
            now = self._clock()
            self._check_day()
            wait_s = max(self._not_before - now, self._minute_wait(now))
            if wait_s <= 0 and self._under_way >= self.allowed:
                wait_s = _FULL_S
            if wait_s > 0:
                return wait_s
            self._under_way += 1
            self._starts.append(now)
            if self._counter is not None:
                self._counter.add()
            return 0.0

    def wait(self, seconds: float) -> None:
        """Waits so long, or until a place is free."""
        with self._place_free:
            self._place_free.wait(seconds)

    def leave(self) -> None:
        with self._place_free:
            self._under_way = max(0, self._under_way - 1)
            self._place_free.notify()

    def answered(self) -> None:
        """The service answered: a little more may go side by side."""
        with self._place_free:
            self._refusals = 0
            creep = CREEP if self._allowed < START else SLOW_CREEP
            before, self._allowed = self.allowed, min(float(self._most), self._allowed + creep / self._allowed)
            if self.allowed > before:
                self._place_free.notify()

    def refused(self, started_at: float, retry_after_s: float | None = None) -> None:
        """The service said "too many" to a request begun at ``started_at`` (of ``now``): halves, once for all that were under way
        together, and starts nothing before the service wants it (or a growing, jittered time)."""
        with self._lock:
            now = self._clock()
            if started_at >= self._halved_at:
                self._most = min(self._most, max(START, self.allowed - 1))
                self._allowed = max(1.0, self._allowed / 2)
                self._halved_at = now
                self._refusals += 1
            wait_s = retry_after_s if retry_after_s is not None else self.back_off_s(self._refusals)
            self._not_before = max(self._not_before, now + wait_s)

    def now(self) -> float:
        return self._clock()

    def back_off_s(self, times: int) -> float:
        """Doubles from a second to a minute; a random half of it, so that callers do not come back together."""
        whole: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** max(0, min(times, 10) - 1))
        return whole * (0.5 + 0.5 * self._chance())

    def _check_day(self) -> None:
        if self._per_day and self._counter is not None and self._counter.count >= self._per_day:
            raise VoiceError(
                f"Your limit of {self._per_day} requests a day for {self._label} is reached.",
                cure="Raise it in Settings › Voices, or render the rest tomorrow: finished lines are kept.",
            )

    def _minute_wait(self, now: float) -> float:
        while self._starts and now - self._starts[0] >= 60:
            self._starts.popleft()
        if not self._per_minute or len(self._starts) < self._per_minute:
            return 0.0
        return self._starts[-self._per_minute] + 60 - now


class Place:
    """Of one request under way; left once, however often somebody says so."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter
        self._is_taken = threading.Lock()
        self._is_taken.acquire()

    def leave(self) -> None:
        with suppress(RuntimeError):  # it was left before
            self._is_taken.release()
            self._limiter.leave()


def retry_after_s(header: str | None, now: Callable[[], float] = time.time) -> float | None:
    """The seconds of a ``Retry-After`` header: a number or an HTTP date (RFC 9110, 10.2.3)."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - now())
    except (TypeError, ValueError):
        return None
