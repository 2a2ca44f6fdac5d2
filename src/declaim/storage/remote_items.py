"""What is known of the items at a service, and which items here are their twins."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.model.ids import FolderId
from declaim.model.remote import ConnectionId, RemoteItem, StepState
from declaim.storage.database import Database, from_json, now, to_json

_ELSEWHERE = """SELECT mine.*, place.item_id AS expected,
        CASE mine.item_kind WHEN 'folder' THEN live_folders.parent_id ELSE live_recordings.folder_id END AS actual
    FROM remote_items AS mine
    JOIN remote_items AS place ON place.connection_id = mine.connection_id AND place.remote_id = mine.remote_parent_id
        AND place.remote_kind IN ('folder', 'project') AND place.state <> 'gone' AND place.item_id IS NOT NULL
    LEFT JOIN live_folders ON mine.item_kind = 'folder' AND live_folders.id = mine.item_id
    LEFT JOIN live_recordings ON mine.item_kind = 'recording' AND live_recordings.id = mine.item_id
    WHERE mine.connection_id = ? AND mine.remote_parent_id <> '' AND mine.state <> 'gone'
        AND coalesce(live_folders.id, live_recordings.id) IS NOT NULL AND actual IS NOT expected
    ORDER BY mine.id"""


class RemoteItems:
    """Write in transactions that cannot be undone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        connection_id: ConnectionId,
        remote_kind: str,
        remote_id: str,
        *,
        remote_parent_id: str = "",
        item_kind: str = "",
        item_id: int | None = None,
        agreed_hash: str = "",
        remote_revision: str = "",
        state: StepState = StepState.IN_STEP,
        remote: Mapping[str, Any] | None = None,
    ) -> RemoteItem:
        at = now()
        values = {
            "connection_id": connection_id,
            "remote_kind": remote_kind,
            "remote_id": remote_id,
            "remote_parent_id": remote_parent_id,
            "item_kind": item_kind,
            "item_id": item_id,
            "agreed_hash": agreed_hash,
            "remote_revision": remote_revision,
            "state": state.value,
            "remote": to_json(remote or {}),
            "seen_at": at,
            "created_at": at,
            "updated_at": at,
        }
        row_id = self._database.insert("remote_items", values)
        return RemoteItem(
            row_id,
            connection_id,
            remote_kind,
            remote_id,
            remote_parent_id,
            item_kind,
            item_id,
            remote_revision,
            agreed_hash,
            state,
            remote or {},
        )

    def update(self, item: RemoteItem, **values: Any) -> None:
        """Columns by name, those of :meth:`add`; nothing is written where nothing differs."""
        changed = {name: value for name, value in values.items() if getattr(item, name) != value}
        if not changed:
            return
        if "remote" in changed:
            changed["remote"] = to_json(changed["remote"])
        if "state" in changed:
            changed["state"] = StepState(changed["state"]).value
        self._database.update("remote_items", item.id, {**changed, "updated_at": now()})

    def find(self, connection_id: ConnectionId, remote_kind: str, remote_id: str) -> RemoteItem | None:
        sql = "SELECT * FROM remote_items WHERE connection_id = ? AND remote_kind = ? AND remote_id = ?"
        row = self._database.row(sql, connection_id, remote_kind, remote_id)
        return None if row is None else _item(row)

    def of(self, connection_id: ConnectionId) -> tuple[RemoteItem, ...]:
        sql = "SELECT * FROM remote_items WHERE connection_id = ? ORDER BY id"
        return tuple(_item(row) for row in self._database.rows(sql, connection_id))

    def of_item(self, item_kind: str, item_id: int) -> tuple[RemoteItem, ...]:
        """One item here may have a twin at several connections."""
        sql = "SELECT * FROM remote_items WHERE item_kind = ? AND item_id = ? ORDER BY id"
        return tuple(_item(row) for row in self._database.rows(sql, item_kind, item_id))

    def with_remote_id(self, remote_id: str) -> tuple[RemoteItem, ...]:
        """At any connection that was not removed."""
        sql = """SELECT remote_items.* FROM remote_items JOIN connections ON connections.id = connection_id
            WHERE remote_id = ? AND connections.trashed_at IS NULL ORDER BY remote_items.id"""
        return tuple(_item(row) for row in self._database.rows(sql, remote_id))

    def twins(self, item_kind: str) -> dict[int, RemoteItem]:
        """By the id of the item here, for lists."""
        sql = """SELECT remote_items.* FROM remote_items JOIN connections ON connections.id = connection_id
            WHERE item_kind = ? AND connections.trashed_at IS NULL ORDER BY remote_items.id DESC"""
        return {row["item_id"]: _item(row) for row in self._database.rows(sql, item_kind) if row["item_id"] is not None}

    def unsettled(self, connection_id: ConnectionId) -> tuple[RemoteItem, ...]:
        """Those in conflict, failed, being made, or gone there."""
        states = "('conflict', 'failed', 'running', 'gone')"
        sql = f"SELECT * FROM remote_items WHERE connection_id = ? AND state IN {states} ORDER BY state, id"
        return tuple(_item(row) for row in self._database.rows(sql, connection_id))

    def deleted_here(self, connection_id: ConnectionId) -> tuple[RemoteItem, ...]:
        """Those whose twin is in the trash or gone, and that are still there."""
        sql = """SELECT * FROM remote_items WHERE connection_id = ? AND state <> 'gone' AND CASE item_kind
            WHEN 'recording' THEN item_id NOT IN (SELECT id FROM live_recordings)
            WHEN 'folder' THEN item_id NOT IN (SELECT id FROM live_folders)
            WHEN 'script' THEN 0 ELSE item_id IS NULL END ORDER BY id"""
        return tuple(_item(row) for row in self._database.rows(sql, connection_id))

    def of_folders(self, connection_id: ConnectionId) -> tuple[RemoteItem, ...]:
        """Those whose twins are folders here."""
        sql = "SELECT * FROM remote_items WHERE connection_id = ? AND item_kind = 'folder' ORDER BY id"
        return tuple(_item(row) for row in self._database.rows(sql, connection_id))

    def elsewhere(self, connection_id: ConnectionId) -> tuple[tuple[RemoteItem, FolderId, FolderId | None], ...]:
        """Those that lie in another folder here than there: with the folder expected and the one they lie in."""
        rows = self._database.rows(_ELSEWHERE, connection_id)
        return tuple((_item(row), FolderId(row["expected"]), _folder_id(row["actual"])) for row in rows)

    def remove(self, item: RemoteItem) -> None:
        self._database.delete("remote_items", item.id)


def _folder_id(value: int | None) -> FolderId | None:
    return None if value is None else FolderId(value)


def _item(row: sqlite3.Row) -> RemoteItem:
    return RemoteItem(
        id=row["id"],
        connection_id=ConnectionId(row["connection_id"]),
        remote_kind=row["remote_kind"],
        remote_id=row["remote_id"],
        remote_parent_id=row["remote_parent_id"],
        item_kind=row["item_kind"],
        item_id=row["item_id"],
        remote_revision=row["remote_revision"],
        agreed_hash=row["agreed_hash"],
        state=StepState(row["state"]),
        remote=from_json(row["remote"]),
    )
