"""Words that every part says to the user in the same way."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``1 line``, ``1,204 lines``. For nouns whose plural ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
