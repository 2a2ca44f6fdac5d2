"""Settings of the library: JSON values under a key."""

from __future__ import annotations

from typing import Any

from declaim.storage.database import Database, from_json, now, to_json


class Settings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Any = None) -> Any:
        found = self._database.value("SELECT value FROM settings WHERE key = ?", key)
        return default if found is None else from_json(found)

    def put(self, key: str, value: object) -> None:
        """Settings are not part of undo."""
        self._database.write(
            """INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at""",
            key,
            to_json(value),
            now(),
        )

    def remove(self, key: str) -> None:
        self._database.write("DELETE FROM settings WHERE key = ?", key)
