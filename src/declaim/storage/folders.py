"""Folders: a tree inside a project."""

from __future__ import annotations

import sqlite3

from declaim.errors import InputError
from declaim.model.ids import FolderId, ProjectId
from declaim.model.library import Folder
from declaim.storage.database import now
from declaim.storage.table import ItemTable, checked_place, named

_BELOW = """
    WITH RECURSIVE below (id) AS (
        SELECT ? UNION SELECT folders.id FROM folders JOIN below ON folders.parent_id = below.id)
    SELECT id FROM below"""


class Folders(ItemTable):
    TABLE = "folders"
    NOUN = "folder"

    def add(self, project_id: ProjectId, name: str, parent_id: FolderId | None = None) -> FolderId:
        checked_place(self._database, project_id, parent_id)
        values = {"project_id": project_id, "parent_id": parent_id, "name": named(name, self.NOUN)}
        return FolderId(self._insert(values))

    def get(self, folder_id: FolderId) -> Folder:
        return _folder(self._fetch(folder_id))

    def find_live(self, folder_id: FolderId) -> Folder | None:
        """None where it, or what it lies in, is in the trash."""
        row = self._database.row("SELECT * FROM live_folders WHERE id = ?", folder_id)
        return None if row is None else _folder(row)

    def of(self, project_id: ProjectId) -> tuple[Folder, ...]:
        """All of a project, at any depth, by name."""
        sql = "SELECT * FROM live_folders WHERE project_id = ? ORDER BY name COLLATE NOCASE, id"
        return tuple(_folder(row) for row in self._database.rows(sql, project_id))

    def below(self, folder_id: FolderId) -> frozenset[FolderId]:
        """The folder and every folder in it, at any depth, trashed or not."""
        return frozenset(FolderId(row_id) for (row_id,) in self._database.rows(_BELOW, folder_id))

    def rename(self, folder_id: FolderId, name: str) -> None:
        self._update(folder_id, name=named(name, self.NOUN))

    def move(self, folder_id: FolderId, project_id: ProjectId, parent_id: FolderId | None = None) -> None:
        """With everything in it, also to another project.

        Raises:
            InputError: for a folder that would lie inside itself.
        """
        checked_place(self._database, project_id, parent_id)
        below = self.below(folder_id)
        if parent_id in below:
            raise InputError("A folder cannot lie inside itself.", cure="Choose another place.")
        old_project = self.get(folder_id).project_id
        self._update(folder_id, project_id=project_id, parent_id=parent_id)
        if old_project != project_id:
            self._carry(below, project_id)

    def _carry(self, folders: frozenset[FolderId], project_id: ProjectId) -> None:
        marks, at = ", ".join("?" * len(folders)), now()
        for table in ("folders", "documents", "scripts", "recordings"):
            column = "id" if table == "folders" else "folder_id"
            sql = f"UPDATE {table} SET project_id = ?, updated_at = ? WHERE {column} IN ({marks}) AND project_id <> ?"
            self._database.write(sql, project_id, at, *folders, project_id)


def _folder(row: sqlite3.Row) -> Folder:
    parent = row["parent_id"]
    return Folder(
        FolderId(row["id"]),
        ProjectId(row["project_id"]),
        None if parent is None else FolderId(parent),
        row["name"],
        row["created_at"],
    )
