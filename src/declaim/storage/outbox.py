"""The outbox: each wish to change something at a service is a row before it is a request."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping
from typing import Any

from declaim.errors import InputError
from declaim.model.remote import ConnectionId, Wish, WishId, WishState
from declaim.storage.database import Database, from_json, now, to_json

_OPEN = f"('{WishState.WAITING}', '{WishState.SENDING}')"


class Outbox:
    """Write in transactions that cannot be undone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        connection_id: ConnectionId,
        operation: str,
        *,
        item_kind: str = "",
        item_id: int | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> WishId:
        """With an idempotency key of its own, which each try of it will use."""
        at = now()
        values = {
            "connection_id": connection_id,
            "operation": operation,
            "item_kind": item_kind,
            "item_id": item_id,
            "idempotency_key": str(uuid.uuid4()),
            "body": to_json(body or {}),
            "created_at": at,
            "updated_at": at,
        }
        return WishId(self._database.insert("outbox", values))

    def get(self, wish_id: WishId) -> Wish:
        """
        Raises:
            InputError: where there is none.
        """
        row = self._database.row("SELECT * FROM outbox WHERE id = ?", wish_id)
        if row is None:
            raise InputError(f"There is no wish {wish_id} in the library.", cure="See 'declaim sync --dry-run'.")
        return _wish(row)

    def open(self, connection_id: ConnectionId) -> tuple[Wish, ...]:
        """Not done and not refused, in the order of their making."""
        sql = f"SELECT * FROM outbox WHERE connection_id = ? AND state IN {_OPEN} ORDER BY id"
        return tuple(_wish(row) for row in self._database.rows(sql, connection_id))

    def failed(self, connection_id: ConnectionId) -> tuple[Wish, ...]:
        sql = "SELECT * FROM outbox WHERE connection_id = ? AND state = ? ORDER BY id"
        return tuple(_wish(row) for row in self._database.rows(sql, connection_id, WishState.FAILED.value))

    def of_item(self, item_kind: str, item_id: int) -> tuple[Wish, ...]:
        sql = "SELECT * FROM outbox WHERE item_kind = ? AND item_id = ? ORDER BY id"
        return tuple(_wish(row) for row in self._database.rows(sql, item_kind, item_id))

    def answered_ids(self, connection_id: ConnectionId) -> frozenset[str]:
        """Remote ids that wishes already done have made."""
        sql = "SELECT answer FROM outbox WHERE connection_id = ? AND state = ? AND answer IS NOT NULL"
        answers = (from_json(row["answer"]) for row in self._database.rows(sql, connection_id, WishState.DONE.value))
        return frozenset(remote_id for answer in answers for remote_id in answer.get("ids", ()))

    def made(self, connection_id: ConnectionId) -> frozenset[tuple[str, int]]:
        """Kind and id of the items here of which something was made there."""
        sql = """SELECT DISTINCT item_kind, item_id FROM outbox WHERE connection_id = ? AND operation = 'create'
            AND item_id IS NOT NULL AND state = ? AND json_array_length(answer, '$.ids') > 0"""
        rows = self._database.rows(sql, connection_id, WishState.DONE.value)
        return frozenset((row["item_kind"], row["item_id"]) for row in rows)

    def start(self, wish_id: WishId, body: Mapping[str, Any]) -> None:
        """Committed before the request: after a crash it counts as sent. ``body`` has what was found out before."""
        sql = """UPDATE outbox SET state = ?, attempts = attempts + 1, sent_at = coalesce(sent_at, ?), body = ?, updated_at = ?
            WHERE id = ?"""
        at = now()
        self._database.write(sql, WishState.SENDING.value, at, to_json(body), at, wish_id)

    def reword(self, wish_id: WishId, body: Mapping[str, Any]) -> None:
        """What it is to say, where it was not sent; it waits as long as before."""
        self._database.update("outbox", wish_id, {"body": to_json(body), "updated_at": now()})

    def set_back(self, wish_id: WishId, failure: str, *, code: str = "", next_at: str = "", is_unclear: bool = False) -> None:
        """To be sent again later. Where it surely did not arrive, its next try is a first one."""
        wish = self.get(wish_id)
        values: dict[str, object] = {"state": WishState.WAITING.value, "failure": failure, "failure_code": code}
        values["next_at"] = next_at or None
        if not is_unclear and wish.attempts <= 1:
            values |= {"sent_at": None, "attempts": 0}
        self._database.update("outbox", wish_id, {**values, "updated_at": now()})

    def finish(self, wish_id: WishId, answer: Mapping[str, Any]) -> None:
        values = {"state": WishState.DONE.value, "answer": to_json(answer), "failure": "", "failure_code": "", "next_at": None}
        self._database.update("outbox", wish_id, {**values, "done_at": now(), "updated_at": now()})

    def fail(self, wish_id: WishId, failure: str, *, code: str = "", request_id: str = "", is_unclear: bool = False) -> None:
        """``is_unclear``: an earlier try may have arrived, though this one was refused."""
        values: dict[str, object] = {
            "state": WishState.FAILED.value,
            "failure": failure,
            "failure_code": code,
            "request_id": request_id,
        }
        if not is_unclear:
            values["sent_at"] = None
        self._database.update("outbox", wish_id, {**values, "updated_at": now()})

    def retry(self, wish_id: WishId) -> None:
        """What was refused, once more, as the user asks: with a new key, because a service may keep its answer to the old one;
        but with the old one where a try of it may have arrived.
        """
        values: dict[str, object] = {"state": WishState.WAITING.value, "failure": "", "failure_code": "", "request_id": ""}
        if not self.get(wish_id).sent_at:
            values |= {"idempotency_key": str(uuid.uuid4()), "attempts": 0}
        self._database.update("outbox", wish_id, {**values, "next_at": None, "updated_at": now()})


def _wish(row: sqlite3.Row) -> Wish:
    return Wish(
        id=WishId(row["id"]),
        connection_id=ConnectionId(row["connection_id"]),
        operation=row["operation"],
        idempotency_key=row["idempotency_key"],
        item_kind=row["item_kind"],
        item_id=row["item_id"],
        body=from_json(row["body"]),
        state=WishState(row["state"]),
        attempts=row["attempts"],
        next_at=row["next_at"] or "",
        sent_at=row["sent_at"] or "",
        answer=None if row["answer"] is None else from_json(row["answer"]),
        failure=row["failure"],
        failure_code=row["failure_code"],
        request_id=row["request_id"],
        created_at=row["created_at"],
    )
