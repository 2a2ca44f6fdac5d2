"""The trash: what was deleted and can come back, and the end of what was not fetched in time."""

from __future__ import annotations

import datetime as dt

from declaim.errors import InputError
from declaim.model.library import TrashItem
from declaim.storage.database import Database, now

_TABLES = {
    "project": ("projects", "name"),
    "folder": ("folders", "name"),
    "document": ("documents", "title"),
    "script": ("scripts", "title"),
    "recording": ("recordings", "label"),
}
_ABOVE = {
    "script_id": "script",
    "original_id": "recording",
    "parent_id": "folder",
    "folder_id": "folder",
    "project_id": "project",
}
"""Column of a row -> kind of what it lies below."""
_FILES = (("recordings", "path"), ("recordings", "peaks_path"), ("line_clips", "path"), ("calibrations", "path"))


class Trash:
    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self) -> tuple[TrashItem, ...]:
        """What was trashed itself (not what it hides), the latest first."""
        selects = [
            f"SELECT '{kind}' AS kind, id, {title} AS title, trashed_at FROM {table} WHERE trashed_at IS NOT NULL"
            for kind, (table, title) in _TABLES.items()
        ]
        rows = self._database.rows(f"{' UNION ALL '.join(selects)} ORDER BY trashed_at DESC, kind, id DESC")
        return tuple(TrashItem(*row) for row in rows)

    def restore(self, kind: str, item_id: int) -> None:
        """Brings an item back to its place, and whatever trashed item above hides it.

        Raises:
            InputError: when it was purged.
        """
        table, _ = _TABLES[kind]
        row = self._database.row(f"SELECT * FROM {table} WHERE id = ?", item_id)
        if row is None:
            raise InputError(f"The {kind} is not in the trash any more.", cure="It was deleted for good.")
        if row["trashed_at"] is not None:
            self._database.update(table, item_id, {"trashed_at": None, "updated_at": now()})
        for column, above in _ABOVE.items():
            if column in row.keys() and row[column] is not None:  # noqa: SIM118  a Row is searched by value
                self.restore(above, row[column])

    def purge(self, before: dt.datetime) -> int:
        """Deletes for good what was trashed before then, with all below it; how many items that were.

        Not undoable: earlier steps of undo go as well. The audio stays until ``MediaFolder.remove_unnamed``.
        """
        stamp = before.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        return sum(
            self._database.write(f"DELETE FROM {table} WHERE trashed_at < ?", stamp).rowcount for table, _ in _TABLES.values()
        )

    def named_files(self) -> frozenset[str]:
        """Every file of the media folder that a row names, for ``MediaFolder.remove_unnamed``."""
        return frozenset(
            name
            for table, column in _FILES
            for (name,) in self._database.rows(f"SELECT {column} FROM {table} WHERE {column} <> ''")
        )
