"""One request as a value: what is sent, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from declaim.errors import InputError
from declaim.remote.reading import JSON

_SETS_WHAT_IT_SAYS = frozenset({"GET", "HEAD", "DELETE", "PUT", "PATCH"})
Query = Mapping[str, str | int | float | bool | Sequence[str] | None]


@dataclass(frozen=True)
class Request:
    """``path`` is joined to the base URL; an absolute address is taken as it is. ``query``: None is left out, lists repeat.

    ``repeatable`` None: as the method and an idempotency key say. ``redirect_is_answer``: where it leads is what was asked.
    """

    method: str
    path: str
    query: Query = field(default_factory=dict)
    json: JSON = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool | None = None
    read_timeout_s: float = 30.0
    with_key: bool = True
    redirect_is_answer: bool = False

    @property
    def is_repeatable(self) -> bool:
        if self.repeatable is not None:
            return self.repeatable
        return self.method in _SETS_WHAT_IT_SAYS or "Idempotency-Key" in self.headers

    @property
    def changes(self) -> bool:
        return self.method not in {"GET", "HEAD"}


def parameters(query: Query) -> dict[str, str | list[str]]:
    """As they are written in an address."""
    found: dict[str, str | list[str]] = {}
    for name, value in query.items():
        if isinstance(value, bool):
            found[name] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            found[name] = str(value)
        elif value:
            found[name] = list(value)
    return found


def plain_name(path: Path) -> str:
    """The name that is told to the service: the suffix matters, where it lay and what it was called do not."""
    return f"audio{path.suffix.lower()}"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """
    Raises:
        InputError: where it cannot be read.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}.", cure="Choose another file.") from error
    with file:
        yield file
