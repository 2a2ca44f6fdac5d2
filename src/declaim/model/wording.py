"""Words that every part says to the user in the same way."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``1 line``, ``1,204 lines``. For nouns whose plural ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def human_seconds(seconds: float) -> str:
    """How long something takes: ``4 s``, ``3 min``, ``2 h``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
