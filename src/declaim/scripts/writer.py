"""The built-in writers by name."""

from __future__ import annotations

from collections.abc import Callable

from declaim.errors import InputError
from declaim.scripts.request import Writer


def writer(
    name: str,
    *,
    find_key: Callable[[], str] | None = None,
    base_url: str = "",
    on_text: Callable[[str], None] | None = None,
) -> Writer:
    """The writer of this name.

    Args:
        name: offline, verbatim or gemini.
        find_key: gives the key of a writer in the cloud; without it the environment does.
        base_url: where that one is reached; empty for its own.
        on_text: called, in the writing thread, with each piece of text as it arrives from there.

    Raises:
        InputError: for a name that no writer has.
    """
    # Their word lists cost a tenth of a second; a window that only shows scripts needs none.
    from declaim.scripts.gemini_writer import GeminiWriter
    from declaim.scripts.offline import OfflineWriter
    from declaim.scripts.verbatim import VerbatimWriter

    gemini = GeminiWriter(find_key, base_url=base_url, on_text=on_text)
    writers: dict[str, Writer] = {one.name: one for one in (OfflineWriter(), VerbatimWriter(), gemini)}
    if name not in writers:
        raise InputError(f"There is no writer named '{name}'.", cure=f"Choose {' or '.join(writers)}.")
    return writers[name]
