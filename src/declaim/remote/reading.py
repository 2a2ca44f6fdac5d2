"""What comes back, read with suspicion: bounded, typed, and named where it is wrong.

Fields that nobody knows are ignored; a field of the wrong type is a :class:`RemoteMisanswered` that names it, unless a
:class:`~declaim.remote.record.Record` can do without it. Text is made safe to keep: no NUL, no lone surrogates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn, TypeAlias

from declaim.errors import RemoteMisanswered

JSON: TypeAlias = Any
"""What ``json.loads`` gives."""

MOST_CHARACTERS = 2_000_000
"""Of one text; a longer one is as good as of the wrong type."""
_ODD_ESCAPES = re.compile(rb"\\u(?:d[89a-f]|0000)", re.IGNORECASE)
_ODD = re.compile("[\x00\ud800-\udfff]")


def parse_json(body: bytes) -> JSON:
    """
    Raises:
        RemoteMisanswered: where it is not whole JSON.
    """
    try:
        value = json.loads(body, parse_constant=_not_a_number)
    except (ValueError, RecursionError):
        raise RemoteMisanswered(_unreadable(body), code="not_json") from None
    return _clean(value) if _ODD_ESCAPES.search(body) else value


def _unreadable(body: bytes) -> str:
    if not body.strip():
        return "The answer is empty."
    if body.lstrip()[:1] == b"<":
        return "The answer is a web page, not JSON."
    return "The answer is not whole JSON."


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(name)


def _clean(value: JSON) -> JSON:
    if isinstance(value, str):
        return _ODD.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(item) for name, item in value.items()}
    return value


@dataclass(frozen=True)
class Answer:
    """``headers`` have small names. ``location`` is absolute and set only where a redirect is the answer."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    location: str = field(default="", repr=False)

    @cached_property
    def json(self) -> JSON:
        return parse_json(self.body)

    def record(self, what: str) -> Fields:
        return Fields.of(self.json, what)

    def records(self, what: str) -> list[Fields]:
        return [Fields.of(item, f"{what} {place}") for place, item in enumerate(items_of(self.json, what), 1)]


def items_of(value: JSON, what: str) -> list[JSON]:
    """
    Raises:
        RemoteMisanswered: where it is not a list.
    """
    return value if isinstance(value, list) else wrong(what, "a list", value)


def wrong(what: str, wanted: str, value: JSON) -> NoReturn:
    """
    Raises:
        RemoteMisanswered: always.
    """
    found = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}.get(
        type(value), "a number"
    )
    raise RemoteMisanswered(f"{what[:1].upper()}{what[1:]} should be {wanted}, but is {found}.", code="wrong_type")


@dataclass(frozen=True)
class Fields:
    """A JSON object and what it is called in messages."""

    values: Mapping[str, JSON]
    what: str

    @classmethod
    def of(cls, value: JSON, what: str) -> Fields:
        return cls(value, what) if isinstance(value, dict) else wrong(what, "an object", value)

    def _name(self, name: str) -> str:
        return f"'{name}' of {self.what}"

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def value(self, name: str) -> JSON:
        """Whatever it is."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """An empty one where it is missing."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            wrong(self._name(name), "text", value)
        return value if len(value) <= MOST_CHARACTERS else wrong(self._name(name), "a text of less length", value)

    def needed(self, name: str) -> str:
        """Text that must be there: an id, a state."""
        return self.text(name) or wrong(self._name(name), "text", self.values.get(name))

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else wrong(self._name(name), "true or false", value)

    def number(self, name: str) -> float | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
            wrong(self._name(name), "a number", value)
        return float(value)

    def count(self, name: str) -> int | None:
        value = self.number(name)
        return None if value is None else int(value)

    def record(self, name: str) -> Fields | None:
        value = self.values.get(name)
        return None if value is None else Fields.of(value, self._name(name))

    def records(self, name: str) -> list[Fields]:
        what = self._name(name)
        return [Fields.of(item, f"{what} {place}") for place, item in enumerate(self.items(name), 1)]

    def items(self, name: str) -> list[JSON]:
        value = self.values.get(name)
        return [] if value is None else items_of(value, self._name(name))

    def texts(self, name: str) -> tuple[str, ...]:
        what = self._name(name)
        return tuple(item if isinstance(item, str) else wrong(f"an entry of {what}", "text", item) for item in self.items(name))


def same_item(asked: str, given: str, what: str) -> None:
    """
    Raises:
        RemoteMisanswered: where the service answered with another item than the one asked for.
    """
    if asked.strip().lower() != given.strip().lower():
        message = f"The service was asked for {what} {asked[:80]} and answered with {given[:80]}."
        raise RemoteMisanswered(message, code="other_item")
