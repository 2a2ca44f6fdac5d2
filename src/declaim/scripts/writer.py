"""The built-in writers by name."""

from __future__ import annotations

from declaim.errors import InputError
from declaim.scripts.offline import OfflineWriter
from declaim.scripts.request import Writer
from declaim.scripts.verbatim import VerbatimWriter


def writer(name: str) -> Writer:
    """The writer of this name.

    Raises:
        InputError: for a name that no writer has.
    """
    writers: dict[str, Writer] = {one.name: one for one in (OfflineWriter(), VerbatimWriter())}
    if name not in writers:
        raise InputError(f"There is no writer named '{name}'.", cure=f"Choose {' or '.join(writers)}.")
    return writers[name]
