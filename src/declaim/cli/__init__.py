"""The terminal: ``declaim COMMAND``; with no command it opens the window.

``group`` holds the group and the shared options, ``terminal`` what is printed and how Ctrl-C works; the commands stand in
``scripting`` (script, spoken), ``rendering`` (render: ``sound_options`` are those of the file, ``producing`` makes it,
``planning`` only says what it would do), ``voices``, ``calibrating`` (calibrate),
``recording`` (record), ``library`` (import, list, rename, delete, search, export, stats), ``connections`` (connect, connections,
disconnect),
``remote`` (sync, and what changes something there) with ``remote_looks`` (what only looks), both on ``services``, and
``doctor``.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from declaim.process import Stopped, share_heaps, when_told_to_end

TYPE_CHECKING = False
if TYPE_CHECKING:  # what is loaded before ``main`` holds a Ctrl-C up
    from typing import NoReturn


def main() -> NoReturn:
    """The entry point of ``declaim``."""
    if sys.argv[1:2] == ["--engine-host"]:  # a frozen program is its own interpreter
        from declaim.voices.engine_host import main as serve

        serve(sys.argv[2])
    try:
        with when_told_to_end(Stopped.by):
            _run()
    except Stopped as stopped:
        _leave_stopped(stopped)
    except SystemExit as end:
        _leave(end)
    raise SystemExit(0)


def _run() -> None:
    for stream in (sys.stdout, sys.stderr):
        # A console in another code page must not turn an arrow in a title into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    share_heaps()
    if sys.argv[1:]:
        from declaim.cli.group import declaim

        declaim(prog_name="declaim")
    else:
        _open_window()


def _open_window() -> NoReturn:
    """What ``declaim`` without arguments does. It needs no commands: to declare their options would hold the window up."""
    import logging

    from declaim import app, paths
    from declaim.errors import DeclaimError

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        raise SystemExit(app.run(paths.library_dir()))
    except DeclaimError as error:
        from declaim.cli.terminal import say

        say(f"Error: {error}")
        raise SystemExit(1) from error


def _leave_stopped(stopped: Stopped) -> NoReturn:
    """Whatever still computes is left behind: all that was finished is on disk by now."""
    with suppress(OSError, AttributeError):  # the terminal may be gone, or never have been
        before = "\n" if sys.stderr.isatty() else ""  # the key that was pressed shows as ^C
        sys.stderr.write(f"{before}{stopped}\n")
    _end(stopped.status)


def _leave(end: SystemExit) -> NoReturn:
    """Ends the process. A voice that still computes on a line that nobody waits for must not do so while the interpreter is
    taken down: its library would abort the process. All that was finished is on disk by now."""
    import threading

    if not any(thread.daemon and thread.name.startswith("voice ") for thread in threading.enumerate()):
        raise end
    _end(end.code if isinstance(end.code, int) else 1)


def _end(status: int) -> NoReturn:
    import logging

    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):
            stream.flush()
    os._exit(status)
