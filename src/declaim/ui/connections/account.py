"""Whatever a service tells of an account, as lines of names and values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_MOST_LINES = 40


def account_in_lines(answer: Any) -> list[str]:
    """``Credits: 100``; what lies deeper as ``Statistics › conversions: 3``."""
    lines = list(_lines(answer, ""))
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], f"And {more} more."] if more > 0 else lines or ["The service told nothing."]


def _lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            shown = str(name).replace("_", " ")
            yield from _lines(inner, f"{path} › {shown}" if path else f"{shown[:1].upper()}{shown[1:]}")
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for at, inner in enumerate(value, 1):
            yield from _lines(inner, f"{path} {at}".strip())
    elif value not in (None, "", [], {}):
        shown = ", ".join(map(str, value)) if isinstance(value, list) else f"{value:,}" if _is_number(value) else str(value)
        yield f"{path}: {shown}" if path else shown


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
