"""The built-in writers by name."""

from __future__ import annotations

from declaim.errors import InputError
from declaim.scripts.request import Writer


def writer(name: str) -> Writer:
    """The writer of this name.

    Raises:
        InputError: for a name that no writer has.
    """
    # Their word lists cost a tenth of a second; a window that only shows scripts needs none.
    from declaim.scripts.offline import OfflineWriter
    from declaim.scripts.verbatim import VerbatimWriter

    writers: dict[str, Writer] = {one.name: one for one in (OfflineWriter(), VerbatimWriter())}
    if name not in writers:
        raise InputError(f"There is no writer named '{name}'.", cure=f"Choose {' or '.join(writers)}.")
    return writers[name]
