"""The library tree as light rows, in one pass over each table.

What is in the trash, or below something that is, is left out here rather than by the ``live_…`` views: a plain scan with the
parents at hand is three times as fast as their subqueries. A render writes a recording as it begins and as it ends, and a
library has thousands of them: after such a write only that one is read again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

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
    FROM recordings WHERE trashed_at IS NULL{} ORDER BY original_id IS NOT NULL, id DESC"""
_SOME_RECORDINGS = _RECORDINGS.format(" AND id IN (SELECT value FROM json_each(?))")
_BELOW = """WITH RECURSIVE below (id) AS (SELECT value FROM json_each(?)
        UNION SELECT recordings.id FROM recordings JOIN below ON original_id = below.id)
    SELECT id FROM below"""
"""Of recordings: themselves, and what was made of them."""
_ALL_TABLES = frozenset({"projects", "folders", "documents", "scripts", "connections"})
"""After a write to one of these everything is read again. So it is where something is connected: badges hang on much."""


class Tree:
    """Every row after its parent; by kind, then by name (recordings: originals before their conversions, the newest first).

    ``is_alone``: nobody else writes to the library, so that rows may be kept. It must be told of each commit.
    """

    def __init__(self, database: Database, *, is_alone: bool) -> None:
        self._database = database
        self._is_alone = is_alone
        self._kept: _Reading | None = None
        self._stale: set[int] = set()
        """Recordings that were written since."""

    def note_commit(self, changed: Mapping[str, Collection[int]]) -> None:
        if not _ALL_TABLES.isdisjoint(changed):
            self._kept = None
        self._stale.update(changed.get("recordings", ()))

    def rows(self) -> tuple[TreeRow, ...]:
        if self._database.is_writing:  # what is not committed may be taken back
            return _Reading(self._database).rows
        if self._kept is None:
            reading = _Reading(self._database)
            if self._is_alone and not reading.has_badges:
                self._kept = reading
        else:
            reading = self._kept
            if self._stale:
                reading.read_again(self._stale)
        self._stale.clear()
        return reading.rows


class _Recording(NamedTuple):
    is_conversion: bool
    newest_first: int
    row: TreeRow


class _Reading:
    """What the tree was when it was read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connected = {("project", row[0]) for row in database.rows(_CONNECTED)}
        self._known = badges(database) if self._connected else {}
        self.has_badges = bool(self._connected)
        self._places: dict[tuple[str, int], TreeRow] = {}
        self._recordings: dict[int, _Recording] = {}
        self._add_places(database.rows_at_once(_PROJECTS))
        self._add_places(_outer_first(database.rows_at_once(_FOLDERS)))
        self._add_places(database.rows_at_once(_DOCUMENTS))
        self._add_places(database.rows_at_once(_SCRIPTS))
        self._add_recordings(database.rows_at_once(_RECORDINGS.format("")))
        self.rows = self._all()

    def read_again(self, changed: Iterable[int]) -> None:
        """After a write to these recordings alone: with what was made of them, which hides and comes back as they do."""
        below = [row[0] for row in self._database.rows_at_once(_BELOW, json.dumps(list(changed)))]
        for recording_id in below:
            self._recordings.pop(recording_id, None)
        self._add_recordings(self._database.rows_at_once(_SOME_RECORDINGS, json.dumps(below)))
        self.rows = self._all()

    def _all(self) -> tuple[TreeRow, ...]:
        recordings = sorted(self._recordings.values(), key=itemgetter(0, 1))
        return (*self._places.values(), *(each.row for each in recordings))

    def _add_places(self, rows: Iterable[Row]) -> None:
        for each in rows:
            row = self._made(each)
            if row.kind == "project" or (row.parent_kind, row.parent_id) in self._places:
                self._places[row.kind, row.id] = row

    def _add_recordings(self, rows: Iterable[Row]) -> None:
        for each in rows:
            *_, original_id = each
            if original_id is not None and original_id not in self._recordings:
                continue
            parent = (each[2], each[3])
            if parent in self._places or (parent[0] == "recording" and parent[1] in self._recordings):
                self._recordings[each[1]] = _Recording(original_id is not None, -each[1], self._made(each))

    def _made(self, each: Row) -> TreeRow:
        kind, row_id, parent_kind, parent_id, title, state, duration_ms, starred, source, updated_at = each[:10]
        badge = self._badge_of((kind, row_id), (parent_kind, parent_id), source) if self.has_badges else None
        is_starred = starred == 1
        row = (kind, row_id, parent_kind, parent_id, title, state, duration_ms, is_starred, source, updated_at, badge)
        return TreeRow(*row)

    def _badge_of(self, key: tuple[str, int], parent: tuple[str, int], source: str) -> Badge | None:
        """In a project with a connection, what can be published has one in any case."""
        if parent in self._connected:
            self._connected.add(key)
        is_publishable = key in self._connected and key[0] in _PUBLISHABLE and source != "remote"
        return self._known.get(key) or (Badge.LOCAL_ONLY if is_publishable else None)


def _outer_first(folders: list[Row]) -> list[Row]:
    """Folders of projects, then those in them, and so on; by name on each level."""
    inner: dict[int, list[Row]] = defaultdict(list)
    ordered: list[Row] = []
    for row in folders:
        (ordered if row[2] == "project" else inner[row[3]]).append(row)
    for row in ordered:  # grows while it is walked
        ordered += inner.pop(row[1], [])
    return ordered
