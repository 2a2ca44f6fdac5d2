"""Executors for tests: work that is done when the call returns."""

from __future__ import annotations

from concurrent.futures import Executor, Future


class InlineExecutor(Executor):
    """Runs a job at once, on the thread that submits it."""

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001  what an executor does
            future.set_exception(error)
        return future


def post_now(call):
    """The door to the main thread where there is only one thread."""
    call()
