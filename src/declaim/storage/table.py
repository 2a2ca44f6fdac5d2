"""What the tables of items share: fetching by id, naming, trashing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import ClassVar

from declaim.errors import InputError
from declaim.model.ids import FolderId, ProjectId
from declaim.storage.database import Database, now

MAX_NAME = 500
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class ItemTable:
    """``TABLE`` is the table's name; ``NOUN`` what a user calls one of its rows."""

    TABLE: ClassVar[str]
    NOUN: ClassVar[str]

    def __init__(self, database: Database) -> None:
        self._database = database

    def _fetch(self, row_id: int) -> sqlite3.Row:
        """Trashed or not.

        Raises:
            InputError: when there is no such row.
        """
        row = self._database.row(f"SELECT * FROM {self.TABLE} WHERE id = ?", row_id)
        if row is None:
            raise self._missing(row_id)
        return row

    def _missing(self, row_id: int) -> InputError:
        return InputError(f"There is no {self.NOUN} {row_id} in the library.", cure="It was deleted; list the library anew.")

    def _insert(self, values: Mapping[str, object]) -> int:
        at = now()
        return self._database.insert(self.TABLE, {**values, "created_at": at, "updated_at": at})

    def _update(self, row_id: int, **values: object) -> None:
        """Nothing is written where nothing differs.

        Raises:
            InputError: when there is no such row.
        """
        row = self._fetch(row_id)
        changed = {column: value for column, value in values.items() if row[column] != value}
        if changed:
            self._database.update(self.TABLE, row_id, {**changed, "updated_at": now()})

    def date(self, row_id: int, created_at: object) -> None:
        """What comes back from a bundle keeps the time when it was made; what is no such time is passed over."""
        if isinstance(created_at, str) and _TIME.fullmatch(created_at):
            self._update(row_id, created_at=created_at)

    def trash(self, row_id: int) -> None:
        """Hides the row and all that lies below it, until it is restored or purged."""
        if self._fetch(row_id)["trashed_at"] is None:
            self._update(row_id, trashed_at=now())


def cleaned(title: str) -> str:
    """A title on one line, of bounded length."""
    return " ".join(title.replace("\0", " ").split())[:MAX_NAME]


def named(name: str, noun: str) -> str:
    """A name that is there.

    Raises:
        InputError: for a blank one.
    """
    if not (clean := cleaned(name)):
        raise InputError(f"A {noun} needs a name.", cure="Type one.")
    return clean


def checked_place(database: Database, project_id: ProjectId, folder_id: FolderId | None) -> None:
    """
    Raises:
        InputError: when the project or the folder is gone, or the folder is another project's.
    """
    if database.row("SELECT 1 FROM projects WHERE id = ?", project_id) is None:
        raise InputError(f"There is no project {project_id} in the library.", cure="It was deleted; list the library anew.")
    if folder_id is not None and database.value("SELECT project_id FROM folders WHERE id = ?", folder_id) != project_id:
        raise InputError(f"There is no folder {folder_id} in project {project_id}.", cure="Choose one of its own folders.")
