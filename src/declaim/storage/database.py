"""The one connection, with a guard: nothing is written outside a transaction."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from declaim.storage.failures import known_failure, read_only

_READING = ("SELECT", "WITH", "PRAGMA")


def now() -> str:
    """UTC, ISO 8601, milliseconds: sorts as text."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def to_json(value: object) -> str:
    """Compact; mappings of any kind are written as objects."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def from_json(text: str) -> Any:
    return json.loads(text)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _bindable(value: Any) -> Any:
    """Lone surrogates (names of files that are not UTF-8) cannot be stored as text; they become question marks."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


class Database:
    """Reads at any time, writes inside a transaction only. Table and column names are the code's own, never input.

    Raises everywhere:
        LibraryError: where the disk, the file or its rights are to blame (see ``failures``).
        RuntimeError: for a write outside a transaction, which is a bug.
    """

    def __init__(self, connection: sqlite3.Connection, where: str, *, is_writable: bool = True) -> None:
        self._connection = connection
        self._connection.row_factory = sqlite3.Row
        self._where = where
        self._is_writable = is_writable
        self._depth = 0
        self._widths: dict[str, int] = {}
        """Of queries, in columns."""

    @property
    def is_writing(self) -> bool:
        return self._depth > 0

    @property
    def connection(self) -> sqlite3.Connection:
        """For migrations, backups and checks."""
        return self._connection

    @property
    def where(self) -> str:
        """The folder, for messages."""
        return self._where

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        if not sql.lstrip().upper().startswith(_READING):
            raise RuntimeError("rows() is for reading")
        return self._execute(sql, values).fetchall()

    def rows_at_once(self, sql: str, *values: object) -> list[list[Any]]:
        """As :meth:`rows`, in one step; no blobs. Each step of SQLite lets the interpreter's lock go and waits for it again, so
        that a thousand rows wait a thousand times while a voice computes."""
        columns = ", ".join(f"c{number}" for number in range(self._width(sql, values)))
        found = self.row(f"WITH found ({columns}) AS ({sql}) SELECT json_group_array(json_array({columns})) FROM found", *values)
        return list(from_json(found[0])) if found else []

    def _width(self, sql: str, values: tuple[object, ...]) -> int:
        if sql not in self._widths:
            self._widths[sql] = len(self._execute(f"SELECT * FROM ({sql}) LIMIT 0", values).description)
        return self._widths[sql]

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, *values)
        return None if found is None else found[0]

    def write(self, sql: str, *values: object) -> sqlite3.Cursor:
        if not self._depth:
            raise RuntimeError("a write outside a transaction")
        return self._execute(sql, tuple(_bindable(value) for value in values))

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """The new row's id."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self.write(f"INSERT INTO {table} ({columns}) VALUES ({marks})", *values.values())
        return int(cursor.lastrowid or 0)

    def update(self, table: str, row_id: int, values: Mapping[str, object]) -> bool:
        """Whether there was such a row."""
        columns = ", ".join(f"{column} = ?" for column in values)
        return self.write(f"UPDATE {table} SET {columns} WHERE id = ?", *values.values(), row_id).rowcount > 0

    def delete(self, table: str, row_id: int) -> bool:
        return self.write(f"DELETE FROM {table} WHERE id = ?", row_id).rowcount > 0

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing. A nested one is a savepoint of the outer."""
        if not self._is_writable:
            raise read_only(self._where)
        begin, commit, roll_back = self._words(self._depth)
        self._execute(begin)
        self._depth += 1
        try:
            yield
            self._execute(commit)
        except BaseException:
            # A full disk or an I/O error may have ended the transaction already.
            if self._connection.in_transaction:
                for statement in roll_back:
                    self._execute(statement)
            raise
        finally:
            self._depth -= 1

    def close(self) -> None:
        self._connection.close()

    @staticmethod
    def _words(depth: int) -> tuple[str, str, tuple[str, ...]]:
        if depth:
            name = f"nested_{depth}"
            return f"SAVEPOINT {name}", f"RELEASE {name}", (f"ROLLBACK TO {name}", f"RELEASE {name}")
        return "BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",)

    def _execute(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except sqlite3.Error as error:
            failure = known_failure(error, self._where)
            if failure is None:
                raise
            raise failure from error
