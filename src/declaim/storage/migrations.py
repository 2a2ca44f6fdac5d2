"""Numbered steps from one schema to the next, each one transaction (``sqlite_utils.Migrations``).

``PRAGMA user_version`` is the number of the newest step applied, so that opening an up-to-date library needs no sqlite-utils
(whose import costs 0.15 s). To add one: write ``m00N_verb_noun`` below and append it to ``STEPS``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from declaim.storage import schema

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4465636C
"""``Decl``: marks the file as ours (sqlite.org/pragma.html, application_id)."""


def m001_create_library(db: Database) -> None:
    """Everything of the first release, and the tables that sync, calibration and cloud voices fill later."""
    db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    run(db.conn, schema.statements())


def m002_count_chapters(_db: Database) -> None:
    """The times of a line may end in the index of its chapter (``recordings.timings``). Nothing is to be changed; a Declaim of
    before, which cannot read them, is to say so."""


STEPS: tuple[Callable[[Database], None], ...] = (m001_create_library, m002_count_chapters)


def newest_version() -> int:
    """Of the schemas that this Declaim knows."""
    return len(STEPS)


def schema_version(connection: sqlite3.Connection) -> int:
    """0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Applies what is missing, in order. The connection is in autocommit mode (``isolation_level=None``)."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations("declaim")
    for number, step in enumerate(STEPS, start=1):
        migrations(name=step.__name__)(_numbered(number, step))
    migrations.apply(Database(connection))


def run(connection: sqlite3.Connection, script: str) -> None:
    """Every statement of a script in the open transaction (``executescript`` would commit it first)."""
    pending = ""
    for line in script.splitlines():
        pending += line + "\n"
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            connection.execute(pending)
            pending = ""
    if pending.strip():
        connection.execute(pending)


def _numbered(number: int, step: Callable[[Database], None]) -> Callable[[Database], None]:
    def numbered(db: Database) -> None:
        step(db)
        db.conn.execute(f"PRAGMA user_version = {number}")

    return numbered
