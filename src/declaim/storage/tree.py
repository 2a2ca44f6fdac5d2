"""The library tree as light rows, in one pass over each table.

What is in the trash, or below something that is, is left out here rather than by the ``live_…`` views: a plain scan with the
parents at hand is three times as fast as their subqueries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from declaim.model.library import TreeRow
from declaim.model.remote import Badge
from declaim.storage.badges import badges
from declaim.storage.database import Database

Row = list[Any]
_PUBLISHABLE = frozenset({"document", "script", "recording"})
_CONNECTED = "SELECT DISTINCT project_id FROM connections WHERE trashed_at IS NULL"
_PLACE = "CASE WHEN folder_id IS NULL THEN 'project' ELSE 'folder' END, coalesce(folder_id, project_id)"
_PROJECTS = """SELECT 'project', id, '', 0, name, '', NULL, 0, '', updated_at
    FROM projects WHERE trashed_at IS NULL ORDER BY name COLLATE NOCASE, id"""
_FOLDERS = """SELECT 'folder', id, CASE WHEN parent_id IS NULL THEN 'project' ELSE 'folder' END, coalesce(parent_id, project_id),
        name, '', NULL, 0, '', updated_at
    FROM folders WHERE trashed_at IS NULL ORDER BY name COLLATE NOCASE, id"""
_DOCUMENTS = f"""SELECT 'document', id, {_PLACE}, title, source_type, NULL, 0, '', updated_at
    FROM documents WHERE trashed_at IS NULL ORDER BY title COLLATE NOCASE, id"""
_SCRIPTS = f"""SELECT 'script', id, {_PLACE}, title, '', NULL, 0, '', updated_at
    FROM scripts WHERE trashed_at IS NULL ORDER BY title COLLATE NOCASE, id"""
_RECORDINGS = """SELECT 'recording', id,
        CASE WHEN script_id IS NOT NULL THEN 'script' WHEN original_id IS NOT NULL THEN 'recording'
            WHEN folder_id IS NOT NULL THEN 'folder' ELSE 'project' END,
        coalesce(script_id, original_id, folder_id, project_id),
        label, state, duration_ms, starred, source, updated_at, original_id
    FROM recordings WHERE trashed_at IS NULL ORDER BY original_id IS NOT NULL, id DESC"""


def tree(database: Database) -> tuple[TreeRow, ...]:
    """Every row after its parent; by kind, then by name (recordings: originals before their conversions, the newest first)."""
    shown: dict[str, set[int]] = defaultdict(set)
    found: list[TreeRow] = []
    connected = {("project", row[0]) for row in database.rows(_CONNECTED)}
    known = badges(database) if connected else {}

    def badge_of(key: tuple[str, int], parent: tuple[str, int], source: str) -> Badge | None:
        """In a project with a connection, what can be published has one in any case."""
        if parent in connected:
            connected.add(key)
        is_publishable = key in connected and key[0] in _PUBLISHABLE and source != "remote"
        return known.get(key) or (Badge.LOCAL_ONLY if is_publishable else None)

    def show(rows: list[Row], is_hidden: Callable[[Row], bool]) -> None:
        for each in rows:
            if not is_hidden(each):
                kind, row_id, parent_kind, parent_id, title, state, duration_ms, starred, source, updated_at = each[:10]
                shown[kind].add(row_id)
                badge = badge_of((kind, row_id), (parent_kind, parent_id), source) if connected else None
                is_starred = starred == 1
                row = (kind, row_id, parent_kind, parent_id, title, state, duration_ms, is_starred, source, updated_at, badge)
                found.append(TreeRow(*row))

    def has_no_parent(row: Row) -> bool:
        return row[3] not in shown[row[2]]

    def has_no_original(row: Row) -> bool:
        return has_no_parent(row) or not (row[10] is None or row[10] in shown["recording"])

    show(database.rows_at_once(_PROJECTS), lambda _: False)
    show(_outer_first(database.rows_at_once(_FOLDERS)), has_no_parent)
    show(database.rows_at_once(_DOCUMENTS), has_no_parent)
    show(database.rows_at_once(_SCRIPTS), has_no_parent)
    show(database.rows_at_once(_RECORDINGS), has_no_original)
    return tuple(found)


def _outer_first(folders: list[Row]) -> list[Row]:
    """Folders of projects, then those in them, and so on; by name on each level."""
    inner: dict[int, list[Row]] = defaultdict(list)
    ordered: list[Row] = []
    for row in folders:
        (ordered if row[2] == "project" else inner[row[3]]).append(row)
    for row in ordered:  # grows while it is walked
        ordered += inner.pop(row[1], [])
    return ordered
