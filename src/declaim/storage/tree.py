"""The library tree as light rows, in one pass over each table."""

from __future__ import annotations

from declaim.model.library import TreeRow
from declaim.storage.database import Database

_PLACE = """CASE WHEN folder_id IS NULL THEN 'project' ELSE 'folder' END, coalesce(folder_id, project_id)"""
_SQL = f"""
SELECT 'project', id, '', 0, name, '', NULL, 0, '', updated_at FROM live_projects ORDER BY name COLLATE NOCASE, id;
SELECT 'folder', id, CASE WHEN parent_id IS NULL THEN 'project' ELSE 'folder' END, coalesce(parent_id, project_id),
    name, '', NULL, 0, '', updated_at FROM live_folders ORDER BY name COLLATE NOCASE, id;
SELECT 'document', id, {_PLACE}, title, source_type, NULL, 0, '', updated_at
    FROM live_documents ORDER BY title COLLATE NOCASE, id;
SELECT 'script', id, {_PLACE}, title, '', NULL, 0, '', updated_at FROM live_scripts ORDER BY title COLLATE NOCASE, id;
SELECT 'recording', id,
    CASE WHEN script_id IS NOT NULL THEN 'script' WHEN original_id IS NOT NULL THEN 'recording'
        WHEN folder_id IS NOT NULL THEN 'folder' ELSE 'project' END,
    coalesce(script_id, original_id, folder_id, project_id),
    label, state, duration_ms, starred, source, updated_at FROM live_recordings ORDER BY original_id IS NOT NULL, id DESC
"""


def tree(database: Database) -> tuple[TreeRow, ...]:
    """By kind, then by name (recordings: originals first, the newest first). A folder may precede its parent."""
    found: list[TreeRow] = []
    for sql in _SQL.split(";"):
        for kind, row_id, parent_kind, parent_id, title, state, duration_ms, starred, source, updated_at in database.rows(sql):
            starred_flag = bool(starred)
            found.append(
                TreeRow(kind, row_id, parent_kind, parent_id, title, state, duration_ms, starred_flag, source, updated_at)
            )
    return tuple(found)
