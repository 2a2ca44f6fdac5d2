"""Which line is spoken next."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from declaim.render.planned import PlannedLine

_TAIL_LINES = 4
"""For each worker: how many of the last lines are dealt longest first."""


class Deal:
    """The lines of one engine that nobody speaks yet, in the order of hearing."""

    def __init__(self, lines: Sequence[PlannedLine], workers: int) -> None:
        split = max(0, len(lines) - _TAIL_LINES * workers) if workers > 1 else len(lines)
        tail = sorted(lines[split:], key=lambda planned: -planned.work_estimate)
        # The very first line is waited for by whoever listens.
        self._waiting = (
            [*lines[:1], *(planned for planned in (*lines[:split], *tail) if planned is not lines[0])] if lines else []
        )
        self._has_exchanges = any(planned.exchange for planned in lines)
        self._lock = threading.Lock()

    def next(self) -> PlannedLine | None:
        with self._lock:
            chosen = self._come() or next((planned for planned in self._waiting if not _comes_with_another(planned)), None)
            if chosen is None:
                return None
            if chosen.exchange:
                chosen.exchange.begin()
            self._waiting.remove(chosen)
            return chosen

    def _come(self) -> PlannedLine | None:
        """A line that an exchange has brought: until it is kept, other renders wait for it."""
        waiting = self._waiting if self._has_exchanges else ()
        return next((planned for planned in waiting if planned.has_come and not _comes_with_another(planned)), None)

    def take_all(self) -> list[PlannedLine]:
        with self._lock:
            left, self._waiting = self._waiting, []
            return left


def _comes_with_another(planned: PlannedLine) -> bool:
    """Somebody speaks its exchange."""
    return planned.exchange is not None and planned.exchange.is_under_way
