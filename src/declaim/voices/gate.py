"""How much an engine computes at once: bounds both cores and memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """At most ``workers`` utterances at once, and at most ``load`` phonemes in them; first come, first served.

    What a model needs grows with the length of what it speaks. A single utterance above ``load`` runs alone.
    """

    def __init__(self, workers: int, load: int) -> None:
        self.workers = workers
        self._load = load
        self._running: list[int] = []
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def passing(self, load: int) -> Iterator[None]:
        """Waits for room, and holds it."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is ticket and self._has_room(load))
                self._running.append(load)
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._running.remove(load)
                self._changed.notify_all()

    def _has_room(self, load: int) -> bool:
        return not self._running or (len(self._running) < self.workers and sum(self._running) + load <= self._load)
