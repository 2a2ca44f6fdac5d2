"""Connections: accounts at remote services, attached to projects. No key is ever in here."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.errors import InputError
from declaim.model.ids import ProjectId
from declaim.model.remote import Connection, ConnectionId
from declaim.storage.database import from_json, now, to_json
from declaim.storage.table import ItemTable, checked_place, named

_LIVE = """SELECT connections.* FROM connections JOIN live_projects ON live_projects.id = connections.project_id
    WHERE connections.trashed_at IS NULL"""


class Connections(ItemTable):
    """Write in transactions that cannot be undone."""

    TABLE = "connections"
    NOUN = "connection"

    def add(
        self,
        project_id: ProjectId,
        service: str,
        name: str,
        base_url: str,
        *,
        key_name: str = "",
        key_env: str = "",
        sign_in: str = "key",
        requests_per_minute: int | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> ConnectionId:
        """
        Raises:
            InputError: for a name that another connection has.
        """
        checked_place(self._database, project_id, None)
        name = named(name, self.NOUN)
        if self.find(name):
            raise InputError(f"There is a connection '{name}' already.", cure="Choose another name.")
        values = {
            "project_id": project_id,
            "service": service,
            "name": name,
            "base_url": base_url,
            "key_name": key_name,
            "key_env": key_env,
            "sign_in": sign_in,
            "requests_per_minute": requests_per_minute,
            "settings": to_json(settings or {}),
        }
        return ConnectionId(self._insert(values))

    def get(self, connection_id: ConnectionId) -> Connection:
        return _connection(self._fetch(connection_id))

    def all(self, project_id: ProjectId | None = None) -> tuple[Connection, ...]:
        """Of a project or of the library, in the order of their making."""
        more = "" if project_id is None else "AND project_id = ?"
        values = () if project_id is None else (project_id,)
        return tuple(_connection(row) for row in self._database.rows(f"{_LIVE} {more} ORDER BY connections.id", *values))

    def find(self, name: str) -> Connection | None:
        return next((each for each in self.all() if each.name.casefold() == name.strip().casefold()), None)

    def set_cursors(self, connection_id: ConnectionId, cursors: Mapping[str, Any]) -> None:
        self._update(connection_id, cursors=to_json(cursors))

    def note_synced(self, connection_id: ConnectionId) -> None:
        self._update(connection_id, synced_at=now(), failure="", cursors=to_json({}))


def _connection(row: sqlite3.Row) -> Connection:
    return Connection(
        id=ConnectionId(row["id"]),
        project_id=ProjectId(row["project_id"]),
        service=row["service"],
        name=row["name"],
        base_url=row["base_url"],
        key_name=row["key_name"],
        key_env=row["key_env"],
        sign_in=row["sign_in"],
        requests_per_minute=row["requests_per_minute"],
        failure=row["failure"],
        settings=from_json(row["settings"]),
        cursors=from_json(row["cursors"]),
        synced_at=row["synced_at"] or "",
    )
