"""Scripts: the text to be spoken, and the choices of how."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.model.ids import DocumentId, FolderId, ProjectId, ScriptId
from declaim.model.library import ScriptRow
from declaim.storage.database import from_json, now, to_json
from declaim.storage.table import ItemTable, checked_place, cleaned

_LIGHT = "id, project_id, folder_id, document_id, title, '' AS text, '{}' AS settings, created_at, updated_at"


class Scripts(ItemTable):
    TABLE = "scripts"
    NOUN = "script"

    def add(
        self,
        project_id: ProjectId,
        folder_id: FolderId | None,
        document_id: DocumentId | None,
        title: str,
        text: str = "",
        settings: Mapping[str, Any] | None = None,
        *,
        writer: str = "",
        left_out: object = (),
    ) -> ScriptId:
        """``left_out`` is any JSON list of what the writer left out of the document."""
        checked_place(self._database, project_id, folder_id)
        values = {
            "project_id": project_id,
            "folder_id": folder_id,
            "document_id": document_id,
            "title": cleaned(title),
            "text": text,
            "settings": to_json(settings or {}),
            "writer": writer,
            "left_out": to_json(left_out),
        }
        return ScriptId(self._insert(values))

    def get(self, script_id: ScriptId) -> ScriptRow:
        return _script(self._fetch(script_id))

    def of(self, project_id: ProjectId) -> tuple[ScriptRow, ...]:
        """By title, without text and settings."""
        sql = f"SELECT {_LIGHT} FROM live_scripts WHERE project_id = ? ORDER BY title COLLATE NOCASE, id"
        return tuple(_script(row) for row in self._database.rows(sql, project_id))

    def of_document(self, document_id: DocumentId) -> tuple[ScriptRow, ...]:
        """The newest first, without text and settings."""
        sql = f"SELECT {_LIGHT} FROM live_scripts WHERE document_id = ? ORDER BY id DESC"
        return tuple(_script(row) for row in self._database.rows(sql, document_id))

    def left_out(self, script_id: ScriptId) -> Any:
        """As it was added."""
        return from_json(self._fetch(script_id)["left_out"])

    def writer(self, script_id: ScriptId) -> str:
        """Who wrote it last; empty for a script written by hand."""
        return str(self._fetch(script_id)["writer"] or "")

    def set_text(self, script_id: ScriptId, text: str) -> None:
        self._update(script_id, text=text)

    def set_settings(self, script_id: ScriptId, settings: Mapping[str, Any]) -> None:
        self._update(script_id, settings=to_json(settings))

    def set_writing(self, script_id: ScriptId, writer: str, left_out: object) -> None:
        """Who wrote it last, and what was left out then."""
        self._update(script_id, writer=writer, left_out=to_json(left_out))

    def rename(self, script_id: ScriptId, title: str) -> None:
        self._update(script_id, title=cleaned(title))

    def move(self, script_id: ScriptId, project_id: ProjectId, folder_id: FolderId | None = None) -> None:
        """Its recordings go with it."""
        checked_place(self._database, project_id, folder_id)
        self._update(script_id, project_id=project_id, folder_id=folder_id)
        sql = """UPDATE recordings SET project_id = ?, folder_id = ?, updated_at = ?
            WHERE script_id = ? AND (project_id IS NOT ? OR folder_id IS NOT ?)"""
        self._database.write(sql, project_id, folder_id, now(), script_id, project_id, folder_id)


def _script(row: sqlite3.Row) -> ScriptRow:
    folder, document = row["folder_id"], row["document_id"]
    return ScriptRow(
        ScriptId(row["id"]),
        ProjectId(row["project_id"]),
        None if folder is None else FolderId(folder),
        None if document is None else DocumentId(document),
        row["title"],
        row["text"],
        from_json(row["settings"]),
        row["created_at"],
        row["updated_at"],
    )
