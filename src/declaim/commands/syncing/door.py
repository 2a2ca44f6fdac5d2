"""How a worker asks the library: the call is made on the main thread, the worker waits for its value."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from declaim.jobs.jobs import Post
from declaim.model.work import CancelToken

T = TypeVar("T")


class Door:
    """Any worker; ``cancel`` ends the waiting, so that a main thread that waits for its workers is never waited for."""

    def __init__(self, post: Post, cancel: CancelToken) -> None:
        self._post = post
        self._cancel = cancel

    def ask(self, call: Callable[[], T]) -> T:
        """What ``call`` gives or raises.

        Raises:
            Cancelled: when the user asks to stop meanwhile; a call that has not begun is not made.
        """
        return self.finish(self.begin(call))

    def begin(self, call: Callable[[], T]) -> Future[T]:
        """The main thread makes the call when it can; the worker may do something else meanwhile."""
        future: Future[T] = Future()
        self._post(lambda: _run(future, call))
        return future

    def finish(self, future: Future[T]) -> T:
        """As :meth:`ask`."""
        while not future.done():
            try:
                future.exception(timeout=0.2)
            except NotYet:
                if self._cancel.is_cancelled and future.cancel():
                    self._cancel.check()
        return future.result()


def _run(future: Future[T], call: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(call())
    except Exception as error:  # noqa: BLE001  raised again in the worker that asked
        future.set_exception(error)
