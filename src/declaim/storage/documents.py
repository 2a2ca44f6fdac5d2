"""Documents: imported sources, as Markdown."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.model.ids import DocumentId, FolderId, ProjectId
from declaim.model.library import DocumentRow
from declaim.model.source import SourceType
from declaim.storage.database import to_json
from declaim.storage.table import ItemTable, checked_place, cleaned

_LIGHT = "id, project_id, folder_id, title, source_type, origin, created_at, '' AS markdown"


class Documents(ItemTable):
    TABLE = "documents"
    NOUN = "document"

    def add(
        self,
        project_id: ProjectId,
        folder_id: FolderId | None,
        title: str,
        source_type: SourceType,
        markdown: str,
        origin: str = "",
        metadata: Mapping[str, Any] | None = None,
    ) -> DocumentId:
        checked_place(self._database, project_id, folder_id)
        values = {
            "project_id": project_id,
            "folder_id": folder_id,
            "title": cleaned(title),
            "source_type": source_type.value,
            "markdown": markdown,
            "origin": origin,
            "metadata": to_json(metadata or {}),
        }
        return DocumentId(self._insert(values))

    def get(self, document_id: DocumentId) -> DocumentRow:
        return _document(self._fetch(document_id))

    def of(self, project_id: ProjectId) -> tuple[DocumentRow, ...]:
        """The newest first, without their Markdown."""
        sql = f"SELECT {_LIGHT} FROM live_documents WHERE project_id = ? ORDER BY created_at DESC, id DESC"
        return tuple(_document(row) for row in self._database.rows(sql, project_id))

    def rename(self, document_id: DocumentId, title: str) -> None:
        self._update(document_id, title=cleaned(title))

    def set_source(self, document_id: DocumentId, source_type: SourceType, markdown: str) -> None:
        """Read again from its file, or taken for another type."""
        self._update(document_id, source_type=source_type.value, markdown=markdown)

    def move(self, document_id: DocumentId, project_id: ProjectId, folder_id: FolderId | None = None) -> None:
        checked_place(self._database, project_id, folder_id)
        self._update(document_id, project_id=project_id, folder_id=folder_id)


def _document(row: sqlite3.Row) -> DocumentRow:
    folder = row["folder_id"]
    return DocumentRow(
        DocumentId(row["id"]),
        ProjectId(row["project_id"]),
        None if folder is None else FolderId(folder),
        row["title"],
        SourceType(row["source_type"]),
        row["origin"],
        row["created_at"],
        row["markdown"],
    )
