"""When to ask, when to ask again, and when to look again: values, and one limiter that all jobs of a connection share."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from declaim.errors import RemoteError, RemoteMisanswered, RemoteUnavailable
from declaim.model.work import CancelToken

DAY_S = 86_400.0
_HOPELESS = frozenset({"tls", "too_large", "bad_address"})
"""Our codes for what the next try would only repeat."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how patiently one request is tried. What was refused is never tried again.

    A wait that the service asks for is kept to where it is at most ``longest_wait_s``; a longer one is the caller's to plan.
    An answer that is not what the contract says gets fewer tries: it is more often a wrong address than bad luck. So does a
    computer that is not reached at all: what is to be sent there is kept for later.
    """

    attempts: int = 6
    misanswered_attempts: int = 4
    unreachable_attempts: int = 3
    first_s: float = 0.5
    longest_s: float = 16.0
    longest_wait_s: float = 60.0
    jitter: float = 0.25

    def wait_after(self, failure: RemoteError, attempt: int, *, is_repeatable: bool) -> float | None:
        """Seconds to wait after try number ``attempt`` (from 1), or None where there is to be no other."""
        if (failure.maybe_done and not is_repeatable) or failure.code in _HOPELESS:
            return None
        if isinstance(failure, RemoteMisanswered):
            return self.backoff_s(attempt) if attempt < self.misanswered_attempts else None
        most = min(self.attempts, self.unreachable_attempts) if failure.code == "unreachable" else self.attempts
        if not isinstance(failure, RemoteUnavailable) or attempt >= most:
            return None
        asked = failure.retry_after_s
        if asked is None:
            return self.backoff_s(attempt)
        return asked if asked <= self.longest_wait_s else None

    def backoff_s(self, attempt: int) -> float:
        """Exponential, with jitter to both sides, so that many clients do not come back together."""
        wait = min(self.first_s * 2.0 ** min(attempt - 1, 30), self.longest_s)
        return wait * random.uniform(1 - self.jitter, 1 + self.jitter)


NO_RETRY = RetryPolicy(attempts=1, misanswered_attempts=1)
"""For a test call: one try, one answer."""


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` in seconds or as a date (RFC 9110 10.2.3), between 0 and a day; None where it says nothing usable.

    A date is read against the answer's own ``Date``, so that a wrong clock here does not matter. Without it,
    ``X-RateLimit-Reset`` (seconds, or a Unix time) is taken.
    """
    text = headers.get("retry-after", "").strip()
    if text:
        seconds = _number(text)
        return _bounded(seconds if seconds is not None else _seconds_until(text, headers.get("date", "")))
    reset = _number(headers.get("x-ratelimit-reset", ""))
    if reset is None or headers.get("x-ratelimit-remaining", "0").strip() != "0":
        return None
    return _bounded(reset - time.time() if reset > 1e9 else reset)


def _bounded(seconds: float | None) -> float | None:
    return None if seconds is None else min(max(seconds, 0.0), DAY_S)


def _number(text: str) -> float | None:
    return float(text) if text.strip().isascii() and text.strip().isdigit() else None


def _seconds_until(text: str, date: str) -> float | None:
    until = _unix(text)
    if until is None:
        return None
    now = _unix(date)
    return until - (time.time() if now is None else now)


def _unix(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


class Limiter:
    """At most ``per_minute`` requests in any 60 s, over all threads; None is no limit. ``sent`` counts them all."""

    def __init__(self, per_minute: int | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self.sent = 0
        self._clock = clock
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, cancel: CancelToken) -> None:
        """Waits for a place.

        Raises:
            Cancelled: when the user asks to stop meanwhile.
        """
        while (wait := self._place()) > 0:
            cancel.wait(min(wait, 1.0))

    def _place(self) -> float:
        """Seconds until there may be a place; 0 where one was taken."""
        with self._lock:
            now = self._clock()
            while self._times and now - self._times[0] >= 60.0:
                self._times.popleft()
            if self.per_minute and len(self._times) >= self.per_minute:
                return 60.0 - (now - self._times[0])
            self.sent += 1
            if self.per_minute:
                self._times.append(now)
            return 0.0


@dataclass(frozen=True)
class PollingPlan:
    """When to look at something that is being made: ``first_s`` after the start (or the service's estimate), then ``then_s``."""

    first_s: float
    then_s: tuple[float, ...]
    most: int

    def waits(self, estimate_s: float | None = None) -> Iterator[float]:
        """Seconds to wait before each look; the last step repeats. When it ends, it is still running: look another day."""
        steps = [estimate_s if estimate_s and 0 < estimate_s <= 3600 else self.first_s, *self.then_s]
        for index in range(self.most):
            yield steps[min(index, len(steps) - 1)]
