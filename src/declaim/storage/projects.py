"""Projects: the top of the tree."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.model.ids import ProjectId
from declaim.model.library import Project
from declaim.storage.database import from_json, to_json
from declaim.storage.table import ItemTable, named


class Projects(ItemTable):
    TABLE = "projects"
    NOUN = "project"

    def add(self, name: str, settings: Mapping[str, Any] | None = None) -> ProjectId:
        return ProjectId(self._insert({"name": named(name, self.NOUN), "settings": to_json(settings or {})}))

    def get(self, project_id: ProjectId) -> Project:
        return _project(self._fetch(project_id))

    def all(self) -> tuple[Project, ...]:
        """By name."""
        rows = self._database.rows("SELECT * FROM live_projects ORDER BY name COLLATE NOCASE, id")
        return tuple(_project(row) for row in rows)

    def find(self, name: str) -> Project | None:
        """The oldest of that name."""
        row = self._database.row("SELECT * FROM live_projects WHERE name = ? ORDER BY id LIMIT 1", name)
        return None if row is None else _project(row)

    def rename(self, project_id: ProjectId, name: str) -> None:
        self._update(project_id, name=named(name, self.NOUN))

    def set_settings(self, project_id: ProjectId, settings: Mapping[str, Any]) -> None:
        self._update(project_id, settings=to_json(settings))


def _project(row: sqlite3.Row) -> Project:
    return Project(ProjectId(row["id"]), row["name"], row["created_at"], from_json(row["settings"]))
