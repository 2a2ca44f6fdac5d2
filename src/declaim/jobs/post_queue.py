"""The door to the main thread where there is no window: a plain queue that the main thread empties while it waits."""

from __future__ import annotations

import queue
from collections.abc import Callable


class PostQueue:
    """``post`` from any thread, ``run_until`` on the main one."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, call: Callable[[], None]) -> None:
        self._queue.put(call)

    def run_until(self, is_over: Callable[[], bool], tick: Callable[[], None] | None = None) -> None:
        """Makes the posted calls in order until ``is_over()``; ``tick`` is called at least ten times a second."""
        while not is_over():
            if tick:
                tick()
            try:
                self._queue.get(timeout=0.1)()
            except queue.Empty:
                continue
