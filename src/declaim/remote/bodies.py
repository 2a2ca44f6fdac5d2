"""What is sent, checked before it is sent: the fields of each published body and query, as data.

A check never changes a value: what is too long is refused with the cure, not cut. The names are the contracts' own, so that
a body can be kept as JSON, shown, and set field by field from the terminal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from declaim.errors import InputError
from declaim.remote.reading import JSON

Kind = Literal["text", "flag", "integer", "number", "object", "texts", "objects", "any"]


@dataclass(frozen=True)
class Field:
    """``most`` characters of a text, entries of a list, or value of a number; ``most_bytes`` in UTF-8. ``fields`` of an object
    or of each of a list of objects; an object without ``fields`` takes any.
    """

    kind: Kind = "text"
    required: bool = False
    least: float | None = None
    most: float | None = None
    most_bytes: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    alphabet: str = ""
    """What ``pattern`` allows, in words."""
    nullable: bool = False
    https: bool = False
    cure: str = ""
    """What to do where a text is too long; else it is to be shortened."""
    fields: Mapping[str, Field] = field(default_factory=dict)


FieldTable = Mapping[str, Field]


def check_body(values: Mapping[str, JSON], table: FieldTable, what: str) -> dict[str, JSON]:
    """The same values. ``what`` is how messages call it: ``a conversion``.

    Raises:
        InputError: at the first field that the contract does not allow.
    """
    for name in values:
        if name not in table:
            raise InputError(f"'{name}' is no field of {what}.", cure=_known(name, table))
    for name, spec in table.items():
        if spec.required and values.get(name) in (None, ""):
            raise InputError(f"{_upper(what)} needs '{name}'.", cure="Give it.")
    for name, value in values.items():
        _check(value, table[name], f"'{name}' of {what}")
    return dict(values)


def set_fields(table: FieldTable, settings: Iterable[str]) -> dict[str, JSON]:
    """``name=value`` settings as a body; a dotted name goes into an object. Text stays text, the rest is read as JSON.

    Raises:
        InputError: for a setting without '=', and where a name is both a value and an object.
    """
    body: dict[str, JSON] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise InputError(f"'{setting[:80]}' sets nothing.", cure="Give FIELD=VALUE.")
        _put(body, name.strip().split("."), _value(text, _find(table, name.strip().split("."))))
    return body


def _put(body: dict[str, JSON], names: list[str], value: JSON) -> None:
    place = body
    for name in names[:-1]:
        place = place.setdefault(name, {})
        if not isinstance(place, dict):
            raise InputError(f"'{'.'.join(names)}' is set twice, in two ways.", cure="Set it once.")
    place[names[-1]] = value


def _find(table: FieldTable, names: list[str]) -> Field | None:
    found = table.get(names[0])
    return _find(found.fields, names[1:]) if found and len(names) > 1 else found


def _value(text: str, spec: Field | None) -> JSON:
    """``1.10`` stays a version where text belongs."""
    if spec is not None and spec.kind == "text" and not (spec.nullable and text == "null"):
        return _unquoted(text)
    try:
        return json.loads(text)
    except ValueError:
        return [part.strip() for part in text.split(",")] if spec is not None and spec.kind == "texts" else text


def _unquoted(text: str) -> str:
    """What is a JSON text is meant as one."""
    try:
        value = json.loads(text) if text.startswith('"') else text
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _check(value: JSON, spec: Field, what: str) -> None:
    if value is None:
        if spec.nullable or not spec.required:
            return
        raise InputError(f"{_upper(what)} is empty.", cure="Give it.")
    if spec.kind == "text":
        _check_text(value, spec, what)
    elif spec.kind == "flag":
        _require(isinstance(value, bool), what, "true or false")
    elif spec.kind in {"integer", "number"}:
        _check_number(value, spec, what)
    elif spec.kind == "object":
        _require(isinstance(value, Mapping), what, "an object")
        if spec.fields:
            check_body(value, spec.fields, what)
    elif spec.kind in {"texts", "objects"}:
        _check_list(value, spec, what)


def _check_text(value: JSON, spec: Field, what: str) -> None:
    _require(isinstance(value, str), what, "text")
    if spec.choices and value not in spec.choices:
        raise InputError(f"{_upper(what)} is '{value[:40]}'.", cure=f"Choose {' or '.join(spec.choices)}.")
    if spec.most is not None and len(value) > spec.most:
        raise InputError(
            f"{_upper(what)} has {len(value):,} characters; {spec.most:,.0f} are allowed.", cure=spec.cure or "Shorten it."
        )
    if spec.least is not None and len(value) < spec.least:
        raise InputError(f"{_upper(what)} has {len(value)} characters; at least {spec.least:.0f} are needed.", cure="Write more.")
    try:
        size_bytes = len(value.encode())
    except UnicodeEncodeError:
        raise InputError(f"{_upper(what)} has characters that are none.", cure="Write it again.") from None
    if spec.most_bytes is not None and size_bytes > spec.most_bytes:
        cure = spec.cure or "Shorten it, or send it in parts."
        raise InputError(f"{_upper(what)} has {size_bytes:,} bytes; {spec.most_bytes:,} are allowed.", cure=cure)
    if spec.pattern and not re.fullmatch(spec.pattern, value):
        raise InputError(f"{_upper(what)} is '{value[:60]}', which the service does not take.", cure=f"Use {spec.alphabet}.")
    if spec.https and not value.startswith("https://"):
        raise InputError(f"{_upper(what)} is no https address.", cure="Give it as https://….")


def _check_number(value: JSON, spec: Field, what: str) -> None:
    wanted = "a whole number" if spec.kind == "integer" else "a number"
    fits = isinstance(value, int) or (isinstance(value, float) and spec.kind == "number")
    _require(fits and not isinstance(value, bool), what, wanted)
    least, most = spec.least, spec.most
    if (least is not None and value < least) or (most is not None and value > most):
        between = f"between {least:g} and {most:g}" if least is not None and most is not None else f"{least or most:g} or so"
        raise InputError(f"{_upper(what)} is {value}.", cure=f"Choose a number {between}.")


def _check_list(value: JSON, spec: Field, what: str) -> None:
    _require(isinstance(value, list | tuple), what, "a list")
    if spec.most is not None and len(value) > spec.most:
        raise InputError(f"{_upper(what)} has {len(value)} entries; {spec.most:.0f} are allowed.", cure="Send fewer at once.")
    if spec.least is not None and len(value) < spec.least:
        raise InputError(f"{_upper(what)} is empty.", cure="Give at least one.")
    for item in value:
        if spec.kind == "objects":
            _require(isinstance(item, Mapping), f"an entry of {what}", "an object")
            check_body(item, spec.fields, f"an entry of {what}")
        else:
            _check_text(item, Field(https=spec.https), f"an entry of {what}")


def _require(fits: bool, what: str, wanted: str) -> None:
    if not fits:
        raise InputError(f"{_upper(what)} should be {wanted}.", cure="Correct it.")


def _known(name: str, table: FieldTable) -> str:
    close = get_close_matches(name, table, 1, 0.6)
    return f"Did you mean '{close[0]}'?" if close else f"Its fields are: {', '.join(table)}."


def _upper(what: str) -> str:
    return what[:1].upper() + what[1:]
