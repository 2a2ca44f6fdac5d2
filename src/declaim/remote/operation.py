"""One row of the table of operations, and how any of them is called by name."""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from declaim.errors import InputError
from declaim.remote.bodies import Field, FieldTable
from declaim.remote.reading import JSON

_FILES = {"data": "the sound file to upload", "target": "the file to write"}
"""Parameters that are files here. ``target`` may also be given as ``out``."""
_OTHERS = {"starred_only": Field("flag")}
"""Parameters that are in no table and are no text."""


@dataclass(frozen=True)
class Operation:
    """``path`` as the contract writes it; ``function`` the client's method that speaks it; ``fields`` of its body or query.

    ``window`` and ``terminal`` say where a user finds it. Not every operation that works is published.
    """

    name: str
    method: str
    path: str
    function: Callable[..., Any] = field(repr=False)
    window: str
    terminal: str
    fields: FieldTable = field(default_factory=dict, repr=False)
    published: bool = True

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]

    @property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def settable(self) -> FieldTable:
        """The fields, and what else the function takes, which is text where nothing else is said."""
        others = (*self.placeholders, *(parameter.name for parameter in self.parameters if parameter.name != "body"))
        return {**{name: _OTHERS.get(name, Field()) for name in others}, **self.fields}

    @property
    def changes(self) -> bool:
        return self.method not in {"GET", "HEAD"}

    @property
    def parameters(self) -> tuple[inspect.Parameter, ...]:
        """Of the function, without the client."""
        return tuple(inspect.signature(self.function).parameters.values())[1:]

    def call(self, client: object, values: Mapping[str, JSON], files: Mapping[str, Path]) -> JSON:
        """
        Raises:
            InputError: for a field or file that it does not have, or lacks.
            RemoteError: what the service says.
        """
        arguments = _Arguments(self, values, files)
        return as_json(self.function(client, **arguments.bound()))


class _Arguments:
    """Fields and files by their published names, as the function wants them."""

    def __init__(self, operation: Operation, values: Mapping[str, JSON], files: Mapping[str, Path]) -> None:
        self._operation = operation
        self._values = dict(values)
        self._files = {"target" if name == "out" else name: path for name, path in files.items()}

    def bound(self) -> dict[str, Any]:
        parameters = self._operation.parameters
        found = {
            parameter.name: self._value(parameter, place)
            for place, parameter in enumerate(parameters)
            if parameter.name != "body"
        }
        if any(parameter.name == "body" for parameter in parameters):
            found["body"] = {name: self._values.pop(name) for name in list(self._values)}
        for name in [*self._values, *self._files]:
            raise InputError(f"'{name}' is no field of {self._operation.name}.", cure=self._known())
        return {name: value for name, value in found.items() if value is not inspect.Parameter.empty}

    def _value(self, parameter: inspect.Parameter, place: int) -> Any:
        if parameter.name in _FILES:
            return self._file(parameter.name)
        for name in self._names(parameter, place):
            if name in self._values:
                return self._values.pop(name)
        if parameter.name == "idempotency_key":
            return str(uuid.uuid4())
        if parameter.default is inspect.Parameter.empty:
            raise InputError(f"{self._operation.name} needs '{self._names(parameter, place)[0]}'.", cure="Set it.")
        return inspect.Parameter.empty

    def _names(self, parameter: inspect.Parameter, place: int) -> tuple[str, ...]:
        """What stands in the path comes first in the function, in the same order."""
        placeholders = self._operation.placeholders
        return (placeholders[place], parameter.name) if place < len(placeholders) else (parameter.name,)

    def _file(self, name: str) -> Path:
        if name not in self._files:
            raise InputError(f"{self._operation.name} needs '{name}': {_FILES[name]}.", cure=f"Give it as a file: {name}=PATH.")
        return self._files.pop(name)

    def _known(self) -> str:
        own = {parameter.name for parameter in self._operation.parameters} - {"body", "idempotency_key"}
        known = [*self._operation.placeholders, *self._operation.fields, *sorted(own - set(self._operation.fields))]
        return f"It has: {', '.join(dict.fromkeys(known))}." if known else "It has none."


def as_json(value: Any) -> JSON:
    """What a client's method gives, as JSON: the service's own record where there is one."""
    if value is None:
        return {}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [as_json(entry) for entry in value]
    if not is_dataclass(value):
        return value
    raw = getattr(value, "raw", None)
    if raw is not None:
        return raw
    return {entry.name: as_json(getattr(value, entry.name)) for entry in fields(value) if entry.name != "raw"}
