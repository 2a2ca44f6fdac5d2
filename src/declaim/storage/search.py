"""Full-text search over the library (SQLite FTS5; sqlite.org/fts5.html)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from declaim.model.ids import ScriptId
from declaim.model.library import SearchHit
from declaim.storage.database import Database
from declaim.storage.schema import SEARCH_KINDS, SEARCH_STRIDE

_MOST_TITLES = 200
_MOST_TEXTS = 1000
"""The newest that match are ranked, so that a word that stands everywhere does not keep the window waiting."""
_IN_TITLES = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT ?"
_IN_TEXTS = """SELECT id FROM (
        SELECT rowid AS id, bm25(search) AS score FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?)
    ORDER BY score, id DESC"""
_SNIPPET_LENGTH = 120
_BEFORE_MATCH = 40
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
    """Titles first, then texts, the best first. Any text is a valid query; one without letter or digit finds nothing."""
    words = _words(query)
    if not words:
        return ()
    hits = _live(database, _matches(database, words) or _scan(database, words), limit)
    sql = f"SELECT rowid, body FROM search WHERE rowid IN ({', '.join('?' * len(hits))})"
    texts = {row_id: body for row_id, body in database.rows(sql, *hits)}  # noqa: C416  a Row is not a pair to dict()
    return tuple(_with_snippet(hit, texts.get(row_id, ""), words) for row_id, hit in hits.items())


def _words(query: str) -> list[str]:
    clean = re.sub(r'[\0"]', " ", query[:1000]).encode("utf-8", "ignore").decode("utf-8")
    return [word for word in clean.split() if any(char.isalnum() for char in word)][:32]


def _matches(database: Database, words: Sequence[str]) -> list[int]:
    """Ids of search rows that hold every word, the last of them perhaps unfinished."""
    match = " ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    titles = database.rows(_IN_TITLES, f"title : ({match})", _MOST_TITLES)
    texts = database.rows(_IN_TEXTS, match, _MOST_TEXTS)
    return list(dict.fromkeys(row_id for (row_id,) in (*titles, *texts)))


def _scan(database: Database, words: Sequence[str]) -> list[int]:
    """The same by reading everything: for the middle of words, and for text that has no spaces between words."""
    inside = ["%" + re.sub(r"([%_~])", r"~\1", word) + "%" for word in words]
    where = " AND ".join("title || ' ' || body LIKE ? ESCAPE '~'" for _ in inside)
    sql = f"SELECT rowid FROM search WHERE {where} ORDER BY rowid DESC LIMIT ?"
    return [row_id for (row_id,) in database.rows(sql, *inside, _MOST_TITLES)]


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


def _with_snippet(hit: SearchHit, text: str, words: Sequence[str]) -> SearchHit:
    """The words around the first match. A match that differs in accents is found, but not marked."""
    pattern = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, first.start() - _BEFORE_MATCH) if first else 0
    start = text.find(" ", start, start + _BEFORE_MATCH) + 1 or start if start else 0
    snippet = " ".join(text[start : start + _SNIPPET_LENGTH].split())
    snippet = ("…" if start else "") + snippet + ("…" if start + _SNIPPET_LENGTH < len(text) else "")
    matches = tuple(match.span() for match in pattern.finditer(snippet))
    return SearchHit(hit.kind, hit.id, hit.title, snippet, matches, hit.script_id)
