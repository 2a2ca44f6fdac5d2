"""What a process of Declaim sets for itself when it starts."""

from __future__ import annotations

import sys
from contextlib import suppress

_M_ARENA_MAX = -8


def share_heaps() -> None:
    """Lets all threads share two heaps. glibc would give each one of its own; they grow apart, 30 MB in a short render, more in
    a long one (mallopt(3), ``M_ARENA_MAX``). To be done before there are threads."""
    if sys.platform.startswith("linux"):
        import ctypes

        with suppress(OSError, AttributeError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
