"""Full-text search over the library (SQLite FTS5; sqlite.org/fts5.html)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from declaim.model.ids import ScriptId
from declaim.model.library import SearchHit
from declaim.storage.database import Database
from declaim.storage.schema import SEARCH_KINDS, SEARCH_STRIDE

_MOST_MATCHES = 2000
"""Of these, those that are not in the trash are shown."""
_START, _END = "\x02", "\x03"
_SNIPPET = f"snippet(search, -1, '{_START}', '{_END}', '…', 16)"
_TITLES = {
    "project": "SELECT id, name, NULL FROM live_projects",
    "folder": "SELECT id, name, NULL FROM live_folders",
    "document": "SELECT id, title, NULL FROM live_documents",
    "script": "SELECT id, title, NULL FROM live_scripts",
    "recording": "SELECT id, label, NULL FROM live_recordings",
    "line": """SELECT lines.id, live_scripts.title, live_scripts.id FROM lines
        JOIN live_scripts ON live_scripts.id = lines.script_id""",
}


def search(database: Database, query: str, limit: int) -> tuple[SearchHit, ...]:
    """The best first. Any text is a valid query; what has no letter or digit in it finds nothing."""
    words = _words(query)
    if not words:
        return ()
    match = " ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    ranked = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 4.0, 1.0), rowid DESC LIMIT ?"
    found = [row_id for (row_id,) in database.rows(ranked, match, _MOST_MATCHES)]
    snippets = f"SELECT rowid, {_SNIPPET} FROM search WHERE search MATCH ? AND rowid IN"
    if not found:
        # Text without spaces between words, and the middle of words.
        inside = ["%" + re.sub(r"([%_~])", r"~\1", word) + "%" for word in words]
        where = " AND ".join("title || ' ' || body LIKE ? ESCAPE '~'" for _ in inside)
        scan = f"SELECT rowid FROM search WHERE {where} ORDER BY rowid DESC LIMIT ?"
        found = [row_id for (row_id,) in database.rows(scan, *inside, _MOST_MATCHES)]
        match, snippets = "", "SELECT rowid, substr(title || body, 1, 120) FROM search WHERE ? = '' AND rowid IN"
    hits = _live(database, found, limit)
    marks = ", ".join("?" * len(hits))
    texts = {row["rowid"]: row[1] for row in database.rows(f"{snippets} ({marks})", match, *hits)}
    return tuple(_with_snippet(hit, texts.get(row_id, "")) for row_id, hit in hits.items())


def _words(query: str) -> list[str]:
    clean = query.replace("\0", " ").replace('"', " ").encode("utf-8", "ignore").decode("utf-8")
    return [word for word in clean[:1000].split() if any(char.isalnum() for char in word)][:32]


def _live(database: Database, found: Iterable[int], limit: int) -> dict[int, SearchHit]:
    """Search rows as hits, without what is in the trash; a note as a hit of its item."""
    places = {row_id: (SEARCH_KINDS[row_id % SEARCH_STRIDE], row_id // SEARCH_STRIDE) for row_id in found}
    places |= _note_places(database, places)
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, item_id in places.values():
        wanted[kind].add(item_id)
    titles = {
        (kind, item_id): (title, script_id)
        for kind, ids in wanted.items()
        if kind in _TITLES
        for item_id, title, script_id in _titled(database, kind, ids)
    }
    hits: dict[int, SearchHit] = {}
    for row_id, place in places.items():
        if place in titles and len(hits) < limit:
            title, script_id = titles[place]
            hits[row_id] = SearchHit(*place, title, script_id=None if script_id is None else ScriptId(script_id))
    return hits


def _note_places(database: Database, places: dict[int, tuple[str, int]]) -> dict[int, tuple[str, int]]:
    notes = {item_id: row_id for row_id, (kind, item_id) in places.items() if kind == "note"}
    sql = f"SELECT id, item_kind, item_id FROM notes WHERE id IN ({', '.join('?' * len(notes))})"
    return {notes[note_id]: (kind, item_id) for note_id, kind, item_id in database.rows(sql, *notes)}


def _titled(database: Database, kind: str, ids: set[int]) -> list[tuple[int, str, int | None]]:
    column = "lines.id" if kind == "line" else "id"
    sql = f"{_TITLES[kind]} WHERE {column} IN ({', '.join('?' * len(ids))})"
    return [(item_id, title, script_id) for item_id, title, script_id in database.rows(sql, *ids)]


def _with_snippet(hit: SearchHit, marked: str) -> SearchHit:
    plain, matches, start = "", [], 0
    for part in re.split(f"([{_START}{_END}])", marked):
        if part == _START:
            start = len(plain)
        elif part == _END:
            matches.append((start, len(plain)))
        else:
            plain += part
    return SearchHit(hit.kind, hit.id, hit.title, plain, tuple(matches), hit.script_id)
