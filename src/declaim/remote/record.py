"""One reader for all that services answer: a frozen dataclass is the table, its annotations say how each field is read.

======================  ==========================================================================
``str``                 text; without a default it must be there, else the whole record is refused
``bool``                true or false
``float`` (or None)     a number; ``int``: cut to a whole one
``tuple[str, ...]``     a list of texts
another ``Record``      an object; in ``tuple[…, ...]`` a list of them
``raw``                 the whole record, as it came
======================  ==========================================================================

What is missing, null, or of the wrong type is its default: one odd field never hides the others. Words that nobody knows (a
new state) stay as they came. Names that differ from the attribute's are given as ``Annotated[str, Named("theirs")]``.
"""

from __future__ import annotations

import logging
import types
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, Self, Union, get_args, get_origin, get_type_hints

from declaim.errors import RemoteMisanswered
from declaim.remote.reading import Fields

_log = logging.getLogger(__name__)
_Read = Callable[[Fields, str], Any]


class _Column(NamedTuple):
    attribute: str
    names: tuple[str, ...]
    """With a dot, in an object of the record."""
    is_needed: bool
    default: Any
    read: _Read


class Named:
    """A field that services call otherwise; of several names, the first that is there wins. ``info.name`` is in ``info``."""

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True)
class Record:
    """What a service answers."""

    @classmethod
    def of(cls, values: Fields) -> Self:
        """
        Raises:
            RemoteMisanswered: where what it cannot be without is missing, as its id.
        """
        found: dict[str, Any] = {}
        for column in _columns(cls):  # type: ignore[arg-type]  # mypy does not know that types are hashable
            found[column.attribute] = values.values if column.attribute == "raw" else _value(values, column)
        return cls(**found)


def _value(values: Fields, column: _Column) -> Any:
    if column.is_needed:
        return values.needed(column.names[0])
    for name in column.names:
        place, last = (values, name) if "." not in name else _inner(values, name)
        if place.values.get(last) is None:
            continue
        try:
            value = column.read(place, last)
        except RemoteMisanswered as odd:
            _log.info("%s It is left out.", odd.message)
            continue
        if value not in (None, "", ()):
            return value
    return column.default


def _inner(values: Fields, name: str) -> tuple[Fields, str]:
    outer, _, last = name.partition(".")
    inside = values.values.get(outer)
    return Fields(inside if isinstance(inside, dict) else {}, f"'{outer}' of {values.what}"), last


@lru_cache(maxsize=64)
def _columns(kind: type[Record]) -> tuple[_Column, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_column(entry.name, entry.default, hints[entry.name]) for entry in fields(kind))


def _column(attribute: str, default: Any, hint: Any) -> _Column:
    names = next((extra.names for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Named)), (attribute,))
    is_needed = default is MISSING
    return _Column(attribute, names, is_needed, None if is_needed else default, _reader(hint))


def _reader(hint: Any) -> _Read:
    kind = _plain(hint)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return Fields.texts if inner is str else lambda values, name: tuple(inner.of(entry) for entry in values.records(name))
    if isinstance(kind, type) and issubclass(kind, Record):
        return lambda values, name: kind.of(Fields.of(values.values[name], f"'{name}' of {values.what}"))
    return _SIMPLE.get(kind, Fields.value)


_SIMPLE: dict[Any, _Read] = {str: Fields.text, bool: Fields.flag, int: Fields.count, float: Fields.number}


def _plain(hint: Any) -> Any:
    """Without its names, and without the None of what may be missing."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        return next(part for part in get_args(hint) if part is not type(None))
    return hint
