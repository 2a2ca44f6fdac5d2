"""Recordings: rows with audio. A take is a conversion."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from declaim.model.ids import FolderId, LineId, ProjectId, RecordingId, ScriptId
from declaim.model.library import LineTiming, Recording, RecordingState, RecordingType
from declaim.model.remote import ConnectionId
from declaim.storage.database import Database, from_json, now, to_json
from declaim.storage.notes import Notes
from declaim.storage.table import ItemTable, checked_place, cleaned

_COLUMNS = """id, project_id, folder_id, script_id, original_id, type, state, label, created_at, path, peaks_path, duration_ms,
    starred, source, listen_count, failure, parameters, cost_usd,
    (SELECT text FROM notes WHERE item_kind = 'recording' AND item_id = recordings.id) AS note"""
_LIGHT = f"SELECT {_COLUMNS}, '[]' AS timings FROM live_recordings AS recordings"
_WHOLE = f"SELECT {_COLUMNS}, timings FROM recordings WHERE id = ?"
_BARE = f"SELECT {_COLUMNS}, '[]' AS timings FROM recordings WHERE id = ?"


class Recordings(ItemTable):
    TABLE = "recordings"
    NOUN = "recording"

    def __init__(self, database: Database, notes: Notes) -> None:
        super().__init__(database)
        self._notes = notes

    def add(
        self,
        project_id: ProjectId,
        folder_id: FolderId | None = None,
        *,
        type: RecordingType,  # noqa: A002  the library's own word
        label: str,
        state: RecordingState = RecordingState.QUEUED,
        script_id: ScriptId | None = None,
        original_id: RecordingId | None = None,
        source: str = "voice",
        path: str = "",
        peaks_path: str = "",
        duration_ms: int | None = None,
        starred: bool = False,
        note: str = "",
        parameters: Mapping[str, Any] | None = None,
        timings: Iterable[LineTiming] = (),
    ) -> RecordingId:
        """``path`` and ``peaks_path`` are relative to the media folder."""
        checked_place(self._database, project_id, folder_id)
        values = {
            "project_id": project_id,
            "folder_id": folder_id,
            "script_id": script_id,
            "original_id": original_id,
            "type": type.value,
            "state": state.value,
            "label": cleaned(label),
            "source": source,
            "path": path,
            "peaks_path": peaks_path,
            "duration_ms": duration_ms,
            "starred": int(starred),
            "parameters": to_json(parameters or {}),
            **_timed(timings),
        }
        recording_id = RecordingId(self._insert(values))
        self._notes.put("recording", recording_id, note)
        return recording_id

    def get(self, recording_id: RecordingId) -> Recording:
        """Timings included."""
        return self._one(_WHOLE, recording_id)

    def bare(self, recording_id: RecordingId) -> Recording:
        """Without its timings, of which a long take has hundreds."""
        return self._one(_BARE, recording_id)

    def of_script(self, script_id: ScriptId) -> tuple[Recording, ...]:
        """The newest first, without their timings."""
        return self._light("WHERE script_id = ?", script_id)

    def all(self, project_id: ProjectId | None = None) -> tuple[Recording, ...]:
        """Of a project or of the library, the newest first, without their timings."""
        return self._light("") if project_id is None else self._light("WHERE project_id = ?", project_id)

    def brought(self, project_id: ProjectId, connection_id: ConnectionId) -> tuple[Recording, ...]:
        """Originals of a project with audio of their own, from a file or a microphone, that have no twin at that connection; the
        newest first, without their timings.
        """
        where = """WHERE project_id = ? AND type = 'original' AND path <> '' AND source IN ('file', 'microphone') AND id NOT IN
            (SELECT item_id FROM remote_items WHERE connection_id = ? AND item_kind = 'recording' AND item_id IS NOT NULL)"""
        return self._light(where, project_id, connection_id)

    def some(self, ids: Collection[RecordingId]) -> tuple[Recording, ...]:
        """Those of them that are not in the trash, without their timings."""
        return self._light(f"WHERE id IN ({', '.join('?' * len(ids))})", *ids)

    def in_state(self, *states: RecordingState) -> tuple[Recording, ...]:
        """The newest first, without their timings."""
        return self._light(f"WHERE state IN ({', '.join('?' * len(states))})", *(state.value for state in states))

    def set_state(self, recording_id: RecordingId, state: RecordingState, failure: str = "") -> None:
        self._update(recording_id, state=state.value, failure=failure)

    def finish(
        self,
        recording_id: RecordingId,
        *,
        path: str,
        duration_ms: int,
        peaks_path: str = "",
        timings: Iterable[LineTiming] = (),
        parameters: Mapping[str, Any] | None = None,
        integrated_lufs: float | None = None,
        true_peak_dbtp: float | None = None,
        size_bytes: int | None = None,
        cost_usd: float | None = None,
    ) -> None:
        """The audio is there: the recording is done. ``parameters`` of None leaves those it was added with."""
        values: dict[str, object] = {
            "state": RecordingState.DONE.value,
            "failure": "",
            "path": path,
            "duration_ms": duration_ms,
            "peaks_path": peaks_path,
            "integrated_lufs": integrated_lufs,
            "true_peak_dbtp": true_peak_dbtp,
            "size_bytes": size_bytes,
            "cost_usd": cost_usd,
            **_timed(timings),
        }
        if parameters is not None:
            values["parameters"] = to_json(parameters)
        self._update(recording_id, **values)

    def star(self, recording_id: RecordingId, starred: bool = True) -> None:
        self._update(recording_id, starred=int(starred))

    def note(self, recording_id: RecordingId, text: str) -> None:
        """A blank text removes the note."""
        self._fetch(recording_id)
        if self._notes.put("recording", recording_id, text):
            self._database.update(self.TABLE, recording_id, {"updated_at": now()})

    def set_script(self, recording_id: RecordingId, script_id: ScriptId) -> None:
        """Which script it says."""
        self._update(recording_id, script_id=script_id)

    def rename(self, recording_id: RecordingId, label: str) -> None:
        self._update(recording_id, label=cleaned(label))

    def listened(self, recording_id: RecordingId) -> None:
        """Once more. Write it in a transaction that cannot be undone."""
        self._fetch(recording_id)
        sql = "UPDATE recordings SET listen_count = listen_count + 1, listened_at = ? WHERE id = ?"
        self._database.write(sql, now(), recording_id)

    def move(self, recording_id: RecordingId, project_id: ProjectId, folder_id: FolderId | None = None) -> None:
        """On its own: out of its script, where it belongs to one. Conversions follow their original."""
        checked_place(self._database, project_id, folder_id)
        self._update(recording_id, project_id=project_id, folder_id=folder_id, script_id=None)
        sql = "UPDATE recordings SET project_id = ?, folder_id = ?, script_id = NULL, updated_at = ? WHERE original_id = ?"
        self._database.write(sql, project_id, folder_id, now(), recording_id)

    def _one(self, sql: str, recording_id: RecordingId) -> Recording:
        row = self._database.row(sql, recording_id)
        if row is None:
            raise self._missing(recording_id)
        return _recording(row)

    def _light(self, where: str, *values: object) -> tuple[Recording, ...]:
        rows = self._database.rows(f"{_LIGHT} {where} ORDER BY created_at DESC, id DESC", *values)
        return tuple(_recording(row) for row in rows)


def _timed(timings: Iterable[LineTiming]) -> dict[str, object]:
    """Timings as rows of JSON, and what the search finds of them."""
    kept = tuple(timings)
    rows = [(t.start_ms, t.end_ms, t.speaker, t.shown, t.chapter, t.line_id, t.sentence_starts_ms, t.chapter_index) for t in kept]
    return {"timings": to_json(rows), "transcript": "\n".join(timing.shown for timing in kept)}


def _timing(row: list[Any]) -> LineTiming:
    start_ms, end_ms, speaker, shown, chapter, line_id, starts, *index = row  # old rows have no index
    line = None if line_id is None else LineId(line_id)
    return LineTiming(start_ms, end_ms, speaker, shown, chapter, line, tuple(starts), *index)


def _recording(row: sqlite3.Row) -> Recording:
    folder, script, original = row["folder_id"], row["script_id"], row["original_id"]
    return Recording(
        id=RecordingId(row["id"]),
        project_id=ProjectId(row["project_id"]),
        folder_id=None if folder is None else FolderId(folder),
        script_id=None if script is None else ScriptId(script),
        original_id=None if original is None else RecordingId(original),
        type=RecordingType(row["type"]),
        state=RecordingState(row["state"]),
        label=row["label"],
        created_at=row["created_at"],
        path=row["path"],
        peaks_path=row["peaks_path"],
        duration_ms=row["duration_ms"],
        starred=bool(row["starred"]),
        note=row["note"] or "",
        source=row["source"],
        listen_count=row["listen_count"],
        failure=row["failure"],
        parameters=from_json(row["parameters"]),
        timings=tuple(_timing(timing) for timing in from_json(row["timings"])),
        cost_usd=row["cost_usd"],
    )
