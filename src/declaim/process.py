"""What a process of Declaim sets for itself when it starts, and how it ends when it is told to.

Imports next to nothing: until the signals are in hand, Ctrl-C shows a traceback.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_M_ARENA_MAX = -8
_ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl-C; what ``kill`` and the end of a session send; a terminal that is closed; the same on Windows."""


def share_heaps() -> None:
    """Lets all threads share two heaps. glibc would give each one of its own; they grow apart, 30 MB in a short render, more in
    a long one (mallopt(3), ``M_ARENA_MAX``). To be done before there are threads."""
    if sys.platform.startswith("linux"):
        import ctypes

        with suppress(OSError, AttributeError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


class Stopped(BaseException):
    """The process was told to end. No ``Exception``, which much code takes for a failure of its own and goes on after; no
    ``KeyboardInterrupt`` either, for which Click has words of its own."""

    def __init__(self, number: int) -> None:
        super().__init__("Stopped. What was finished is kept.")
        self.status = 128 + number
        """What a shell says of a program that the signal ended."""

    @classmethod
    def by(cls, number: int) -> None:
        """
        Raises:
            Stopped: always; to be given to :func:`when_told_to_end`.
        """
        raise cls(number)


@contextmanager
def when_told_to_end(act: Callable[[int], None]) -> Iterator[None]:
    """Within it, a signal that would end the process is given to ``act``, in the main thread. What whoever started the process
    lets it ignore stays ignored (``nohup``, a script's job in the background)."""
    before = {}
    for number in (getattr(signal, name) for name in _ENDS if hasattr(signal, name)):
        handler = signal.getsignal(number)
        if handler not in (signal.SIG_IGN, None):
            before[number] = handler
            signal.signal(number, lambda number, _frame: act(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
