"""Requests under way, each in a thread of its own, so that whoever waits can stop waiting at once.

An answer that nobody waited for any more (the user cancelled) has been paid for: it is kept, and the next errand of the same key
gets it instead of asking again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_KEPT = 128


class Errand(Generic[T]):
    """A call under way. ``result`` after ``is_done``."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._done = threading.Event()
        self._result: T
        self._error: Exception | None = None
        # A daemon: a server that never answers must not keep the program from ending.
        threading.Thread(target=self._run, name="request", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether it is done, after at most so many seconds."""
        return self._done.wait(seconds)

    @property
    def has_failed(self) -> bool:
        return self._done.is_set() and self._error is not None

    def result(self) -> T:
        """What the call gave; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._call()
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            self._error = error
        finally:
            self._done.set()


class Errands(Generic[T]):
    """The errands that are under way or whose answers nobody has used yet, by key. Any thread."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Errand[T]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: str) -> Errand[T] | None:
        """An errand of this key that has not failed."""
        with self._lock:
            found = self._open.get(key)
            if found is not None and found.has_failed:
                del self._open[key]
                return None
            return found

    def send(self, key: str, call: Callable[[], T]) -> Errand[T]:
        errand = Errand(call)
        with self._lock:
            self._open[key] = errand
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return errand

    def forget(self, key: str) -> None:
        with self._lock:
            self._open.pop(key, None)
