"""Word lists as they are easiest to read and to change: words between spaces."""

from __future__ import annotations


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(text.split())
