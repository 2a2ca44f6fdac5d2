"""Qt counts text in UTF-16 units, Python in characters: they part at the first emoji."""

from __future__ import annotations


def to_qt(text: str, index: int) -> int:
    """The offset in Qt's count of a Python index."""
    return index if _is_plain(text) else index + sum(char > "\uffff" for char in text[:index])


def from_qt(text: str, offset: int) -> int:
    """The Python index of an offset in Qt's count."""
    if _is_plain(text):
        return offset
    counted = 0
    for index, char in enumerate(text):
        if counted >= offset:
            return index
        counted += 2 if char > "\uffff" else 1
    return len(text)


def qt_length(text: str) -> int:
    return to_qt(text, len(text))


def _is_plain(text: str) -> bool:
    return text.isascii() or not any(char > "\uffff" for char in text)
