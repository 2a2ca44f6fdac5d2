"""The user's lexicon and those of projects. The built-in one is the speech's own."""

from __future__ import annotations

import sqlite3

from declaim.model.ids import ProjectId
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.storage.database import Database, now


class Lexicon:
    """A project of None is the user's own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, project_id: ProjectId | None) -> tuple[LexiconEntry, ...]:
        """In the order they were added: where two match, the later wins."""
        rows = self._database.rows("SELECT * FROM lexicon WHERE project_id IS ? ORDER BY id", project_id)
        return tuple(_entry(row) for row in rows)

    def put(self, project_id: ProjectId | None, entry: LexiconEntry) -> None:
        """Adds a word. One that is written, matched and spoken in the same way is replaced."""
        same = """SELECT id FROM lexicon WHERE project_id IS ? AND written = ? AND case_sensitive = ? AND is_regex = ?
            AND language = ?"""
        known = (entry.written, int(entry.case_sensitive), int(entry.is_regex), entry.language)
        row_id = self._database.value(same, project_id, *known)
        if row_id is not None:
            self._database.update("lexicon", row_id, {"spoken": entry.spoken, "updated_at": now()})
            return
        at = now()
        values = {
            "project_id": project_id,
            "written": entry.written,
            "spoken": entry.spoken,
            "case_sensitive": int(entry.case_sensitive),
            "is_regex": int(entry.is_regex),
            "language": entry.language,
            "created_at": at,
            "updated_at": at,
        }
        self._database.insert("lexicon", values)

    def remove(self, project_id: ProjectId | None, written: str) -> bool:
        """Every entry written so. Whether there was one."""
        sql = "DELETE FROM lexicon WHERE project_id IS ? AND written = ?"
        return self._database.write(sql, project_id, written).rowcount > 0


def _entry(row: sqlite3.Row) -> LexiconEntry:
    return LexiconEntry(
        row["written"],
        row["spoken"],
        case_sensitive=bool(row["case_sensitive"]),
        is_regex=bool(row["is_regex"]),
        scope=LexiconScope.USER if row["project_id"] is None else LexiconScope.PROJECT,
        language=row["language"],
    )
