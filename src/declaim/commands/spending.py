"""How much a render may cost without the user being asked: a setting of the library, for the window and the terminal."""

from __future__ import annotations

from pathlib import Path

from declaim.errors import LibraryError
from declaim.storage import Library

SETTING = "confirm_above_usd"
CONFIRM_ABOVE_USD = 1.0
"""Until the user chooses."""


def confirm_above_usd(library: Library) -> float:
    return float(library.settings.get(SETTING, CONFIRM_ABOVE_USD))


def confirm_above_usd_in(folder: Path) -> float:
    """Of the library in a folder, while the window may have it open; the usual where there is none to read."""
    try:
        library = Library.open(folder, writable=False)
    except LibraryError:
        return CONFIRM_ABOVE_USD
    try:
        return confirm_above_usd(library)
    finally:
        library.close()
