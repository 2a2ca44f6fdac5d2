"""How much a render may cost without the user being asked (a setting of the library, for the window and the terminal), and
what was paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.errors import LibraryError
from declaim.storage import Library

if TYPE_CHECKING:
    from declaim.render import LineOutcome

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


def keep_spend(library: Library, outcomes: Sequence[LineOutcome]) -> None:
    """Books what was paid."""
    paid = [outcome for outcome in outcomes if outcome.cost_usd]
    if not paid:
        return
    today = dt.datetime.now().astimezone().date().isoformat()
    with library.transaction("Spend", undoable=False):
        for outcome in paid:
            audio_ms = outcome.duration_ms or 0
            library.spend.add(today, outcome.engine, characters=outcome.characters, audio_ms=audio_ms, cost_usd=outcome.cost_usd)
