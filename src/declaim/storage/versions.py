"""Script versions: a script's text as it once was."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.errors import InputError
from declaim.model.ids import ScriptId
from declaim.model.library import VersionRow
from declaim.storage.database import Database, from_json, now, to_json


class Versions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, script_id: ScriptId, text: str, reason: str, *, title: str = "", settings: Mapping[str, Any] | None = None
    ) -> int:
        """``reason`` is a word for the list of versions: written, edited, restored, imported."""
        values = {
            "script_id": script_id,
            "title": title,
            "text": text,
            "settings": to_json(settings or {}),
            "reason": reason,
            "created_at": now(),
        }
        return self._database.insert("script_versions", values)

    def of(self, script_id: ScriptId) -> tuple[VersionRow, ...]:
        """The newest first."""
        rows = self._database.rows("SELECT * FROM script_versions WHERE script_id = ? ORDER BY id DESC", script_id)
        return tuple(_version(row) for row in rows)

    def newest(self, script_id: ScriptId, *reasons: str) -> VersionRow | None:
        """The last one that was made, for one of the ``reasons`` where any are given."""
        among = f"AND reason IN ({', '.join('?' * len(reasons))})" if reasons else ""
        sql = f"SELECT * FROM script_versions WHERE script_id = ? {among} ORDER BY id DESC LIMIT 1"
        row = self._database.row(sql, script_id, *reasons)
        return None if row is None else _version(row)

    def get(self, version_id: int) -> VersionRow:
        """
        Raises:
            InputError: when there is no such version.
        """
        row = self._database.row("SELECT * FROM script_versions WHERE id = ?", version_id)
        if row is None:
            raise InputError(f"There is no version {version_id} in the library.", cure="List the versions anew.")
        return _version(row)


def _version(row: sqlite3.Row) -> VersionRow:
    return VersionRow(
        row["id"],
        ScriptId(row["script_id"]),
        row["title"],
        row["text"],
        from_json(row["settings"]),
        row["reason"],
        row["created_at"],
    )
