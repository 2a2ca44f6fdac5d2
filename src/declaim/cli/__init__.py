"""The terminal: ``declaim COMMAND``; with no command it opens the window.

``group`` holds the group and the shared options, ``terminal`` what is printed and how Ctrl-C works; the commands stand in
``scripting`` (script, spoken, render; ``sound_options`` are those of the file), ``voices``, ``calibrating`` (calibrate),
``library`` (import, list, rename, delete, search, export, stats), ``connections`` (connect, connections, disconnect),
``remote`` (sync, and what changes something there) with ``remote_looks`` (what only looks), both on ``services``, and
``doctor``.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

_M_ARENA_MAX = -8


def main() -> NoReturn:
    """The entry point of ``declaim``."""
    for stream in (sys.stdout, sys.stderr):
        # A console in another code page must not turn an arrow in a title into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    _share_heaps()
    try:
        if sys.argv[1:]:
            from declaim.cli.group import declaim

            declaim(prog_name="declaim")
        else:
            _open_window()
    except SystemExit as end:
        _leave(end)
    raise SystemExit(0)


def _share_heaps() -> None:
    """Lets all threads share two heaps. glibc would give each one of its own; they grow apart, 30 MB in a short render, more in
    a long one (mallopt(3), ``M_ARENA_MAX``). To be done before there are threads."""
    if sys.platform.startswith("linux"):
        import ctypes

        with suppress(OSError, AttributeError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _open_window() -> NoReturn:
    """What ``declaim`` without arguments does. It needs no commands: to declare their options would hold the window up."""
    from declaim import app, paths
    from declaim.errors import DeclaimError

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        raise SystemExit(app.run(paths.library_dir()))
    except DeclaimError as error:
        from declaim.cli.terminal import say

        say(f"Error: {error}")
        raise SystemExit(1) from error


def _leave(end: SystemExit) -> NoReturn:
    """Ends the process. A voice that still computes on a line that nobody waits for must not do so while the interpreter is
    taken down: its library would abort the process. All that was finished is on disk by now."""
    if not any(thread.daemon and thread.name.startswith("voice ") for thread in threading.enumerate()):
        raise end
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(end.code if isinstance(end.code, int) else 1)
