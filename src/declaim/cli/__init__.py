"""The terminal: ``declaim COMMAND``; with no command it opens the window.

``group`` holds the group and the shared options, ``terminal`` what is printed and how Ctrl-C works; the commands stand in
``scripting`` (script, spoken, voices, render), ``library`` (import, list, rename, delete, search, export, stats),
``connections`` (connect, connections, disconnect), ``remote`` (sync, remote …) and ``doctor``.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from declaim.cli.group import declaim


def main() -> NoReturn:
    """The entry point of ``declaim``."""
    for stream in (sys.stdout, sys.stderr):
        # A console in another code page must not turn an arrow in a title into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    declaim(prog_name="declaim")
    raise SystemExit(0)
