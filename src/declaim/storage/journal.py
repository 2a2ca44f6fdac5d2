"""The journal of jobs: what the queue shows again after a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from declaim.model.ids import JobId
from declaim.model.library import JobRow
from declaim.storage.database import Database, from_json, now, to_json

_ENDED = ("done", "failed", "cancelled")


class Journal:
    """Write it in transactions that cannot be undone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, title: str, parameters: Mapping[str, Any] | None = None, *, state: str = "queued") -> JobId:
        """``kind`` and ``parameters`` are what it takes to start the job again."""
        at = now()
        values = {
            "kind": kind,
            "title": title,
            "state": state,
            "parameters": to_json(parameters or {}),
            "created_at": at,
            "updated_at": at,
        }
        return JobId(self._database.insert("jobs", values))

    def set_state(self, job_id: JobId, state: str, failure: str = "") -> None:
        self._database.update("jobs", job_id, {"state": state, "failure": failure, "updated_at": now()})

    def all(self) -> tuple[JobRow, ...]:
        """The oldest first."""
        return tuple(_job(row) for row in self._database.rows("SELECT * FROM jobs ORDER BY id"))

    def unfinished(self) -> tuple[JobRow, ...]:
        """What a restart finds queued, running or paused; the oldest first."""
        sql = f"SELECT * FROM jobs WHERE state NOT IN {_ENDED} ORDER BY id"
        return tuple(_job(row) for row in self._database.rows(sql))

    def clear_finished(self) -> None:
        self._database.write(f"DELETE FROM jobs WHERE state IN {_ENDED}")


def _job(row: sqlite3.Row) -> JobRow:
    return JobRow(
        JobId(row["id"]),
        row["kind"],
        row["title"],
        row["state"],
        from_json(row["parameters"]),
        row["failure"],
        row["created_at"],
        row["updated_at"],
    )
