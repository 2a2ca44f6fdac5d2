"""The library's tables, as migration ``m001`` makes them. Later migrations append; this text is never edited after a release.

Items (projects, folders, documents, scripts, recordings, calibrations, connections) are trashed, not deleted: whatever lies
below a trashed item is hidden by the ``live_…`` views. Ids are never used twice, because undo and remote ids refer to them. Times
are UTC, ISO 8601. ``search`` holds one row per item, kept in step by triggers, so that an undo keeps it right as well. Long
columns come last, because SQLite reads a row from its start.
"""

from __future__ import annotations

from textwrap import dedent

UNDOABLE_TABLES = (
    "projects",
    "folders",
    "documents",
    "scripts",
    "script_versions",
    "lines",
    "line_clips",
    "recordings",
    "notes",
    "labels",
    "item_labels",
    "lexicon",
    "voice_choices",
    "calibrations",
)
OTHER_TABLES = ("connections", "remote_items", "outbox", "jobs", "settings", "spend")
"""Announced like the others, but no undo step touches them: they say what happened outside the library."""

SEARCH_KINDS = ("project", "folder", "document", "script", "line", "recording", "note")
"""A search row's id is its item's id × 8 + its place in this list."""
SEARCH_STRIDE = 8

_ID = "id INTEGER PRIMARY KEY AUTOINCREMENT"
_TIMES = "created_at TEXT NOT NULL, updated_at TEXT NOT NULL"
_TRASH = f"{_TIMES}, trashed_at TEXT"
_PLACE = """project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    folder_id INTEGER REFERENCES folders ON DELETE CASCADE"""


def _json(column: str, default: str = "{}") -> str:
    return f"{column} TEXT NOT NULL DEFAULT '{default}' CHECK (json_valid({column}))"


_TABLES = f"""
CREATE TABLE projects ({_ID}, name TEXT NOT NULL, {_json("settings")}, {_TRASH}) STRICT;

CREATE TABLE folders ({_ID},
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    parent_id INTEGER REFERENCES folders ON DELETE CASCADE,
    name TEXT NOT NULL, {_TRASH}) STRICT;
CREATE INDEX folders_by_project ON folders (project_id);
CREATE INDEX folders_by_parent ON folders (parent_id);

CREATE TABLE documents ({_ID}, {_PLACE},
    title TEXT NOT NULL, source_type TEXT NOT NULL CHECK (source_type IN ('changelog', 'document')),
    origin TEXT NOT NULL DEFAULT '', {_TRASH}, {_json("metadata")}, markdown TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX documents_by_project ON documents (project_id);
CREATE INDEX documents_by_folder ON documents (folder_id);

CREATE TABLE scripts ({_ID}, {_PLACE},
    document_id INTEGER REFERENCES documents ON DELETE SET NULL,
    title TEXT NOT NULL, writer TEXT NOT NULL DEFAULT '', {_TRASH},
    {_json("settings")}, {_json("left_out", "[]")}, text TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX scripts_by_project ON scripts (project_id);
CREATE INDEX scripts_by_folder ON scripts (folder_id);
CREATE INDEX scripts_by_document ON scripts (document_id);

CREATE TABLE script_versions ({_ID},
    script_id INTEGER NOT NULL REFERENCES scripts ON DELETE CASCADE,
    title TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT 'edited', created_at TEXT NOT NULL,
    {_json("settings")}, {_json("lines", "[]")}, text TEXT NOT NULL) STRICT;
CREATE INDEX script_versions_by_script ON script_versions (script_id);

CREATE TABLE lines ({_ID},
    script_id INTEGER NOT NULL REFERENCES scripts ON DELETE CASCADE,
    place INTEGER NOT NULL, chapter TEXT NOT NULL DEFAULT '', speaker TEXT NOT NULL,
    text TEXT NOT NULL, shown TEXT NOT NULL, delivery TEXT, source_first INTEGER, source_last INTEGER,
    key TEXT, duration_ms INTEGER, failure TEXT NOT NULL DEFAULT '', suspicion TEXT NOT NULL DEFAULT '',
    {_TIMES}) STRICT;
CREATE INDEX lines_by_script ON lines (script_id, place);
CREATE INDEX lines_by_key ON lines (key) WHERE key IS NOT NULL;

CREATE TABLE line_clips ({_ID},
    line_id INTEGER NOT NULL REFERENCES lines ON DELETE CASCADE,
    source TEXT NOT NULL DEFAULT 'voice',
    key TEXT, path TEXT NOT NULL DEFAULT '', voice_id TEXT NOT NULL DEFAULT '', duration_ms INTEGER,
    chosen INTEGER NOT NULL DEFAULT 0, suspicion TEXT NOT NULL DEFAULT '', {_json("parameters")}, {_TRASH}) STRICT;
CREATE INDEX line_clips_by_line ON line_clips (line_id);

CREATE TABLE calibrations ({_ID},
    project_id INTEGER REFERENCES projects ON DELETE CASCADE,
    name TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'microphone' CHECK (kind IN ('microphone', 'voice')),
    voice_id TEXT NOT NULL DEFAULT '', path TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'calibrated',
    enabled INTEGER NOT NULL DEFAULT 1, is_auto INTEGER NOT NULL DEFAULT 0,
    {_json("profile")}, {_json("advice", "[]")}, {_TRASH}) STRICT;
CREATE INDEX calibrations_by_project ON calibrations (project_id);

CREATE TABLE recordings ({_ID}, {_PLACE},
    script_id INTEGER REFERENCES scripts ON DELETE CASCADE,
    original_id INTEGER REFERENCES recordings ON DELETE CASCADE,
    calibration_id INTEGER REFERENCES calibrations ON DELETE SET NULL,
    type TEXT NOT NULL CHECK (type IN ('original', 'conversion')),
    state TEXT NOT NULL DEFAULT 'done', label TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT 'voice',
    starred INTEGER NOT NULL DEFAULT 0, listen_count INTEGER NOT NULL DEFAULT 0, listened_at TEXT,
    path TEXT NOT NULL DEFAULT '', peaks_path TEXT NOT NULL DEFAULT '', size_bytes INTEGER, duration_ms INTEGER,
    rate_hz INTEGER, integrated_lufs REAL, true_peak_dbtp REAL, language TEXT NOT NULL DEFAULT '',
    voice_id TEXT NOT NULL DEFAULT '', accent TEXT NOT NULL DEFAULT '', narration_style TEXT NOT NULL DEFAULT '',
    semitones REAL, order_id TEXT NOT NULL DEFAULT '', cost_usd REAL, credits REAL, failure TEXT NOT NULL DEFAULT '', {_TRASH},
    {_json("parameters")}, {_json("timings", "[]")}, text TEXT NOT NULL DEFAULT '', transcript TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX recordings_by_project ON recordings (project_id);
CREATE INDEX recordings_by_folder ON recordings (folder_id);
CREATE INDEX recordings_by_script ON recordings (script_id);
CREATE INDEX recordings_by_original ON recordings (original_id);
CREATE INDEX recordings_by_calibration ON recordings (calibration_id);

CREATE TABLE notes ({_ID}, item_kind TEXT NOT NULL, item_id INTEGER NOT NULL, text TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1, {_TIMES}) STRICT;
CREATE UNIQUE INDEX notes_by_item ON notes (item_kind, item_id);

CREATE TABLE labels ({_ID}, name TEXT NOT NULL UNIQUE COLLATE NOCASE, colour TEXT NOT NULL DEFAULT '', {_TIMES}) STRICT;
CREATE TABLE item_labels ({_ID}, label_id INTEGER NOT NULL REFERENCES labels ON DELETE CASCADE,
    item_kind TEXT NOT NULL, item_id INTEGER NOT NULL, created_at TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX item_labels_by_item ON item_labels (item_kind, item_id, label_id);
CREATE INDEX item_labels_by_label ON item_labels (label_id);

CREATE TABLE lexicon ({_ID}, project_id INTEGER REFERENCES projects ON DELETE CASCADE,
    written TEXT NOT NULL, spoken TEXT NOT NULL, case_sensitive INTEGER NOT NULL DEFAULT 0,
    is_regex INTEGER NOT NULL DEFAULT 0, language TEXT NOT NULL DEFAULT 'en', {_TIMES}) STRICT;
CREATE INDEX lexicon_by_project ON lexicon (project_id);

CREATE TABLE connections ({_ID}, project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    service TEXT NOT NULL, name TEXT NOT NULL, base_url TEXT NOT NULL,
    key_name TEXT NOT NULL DEFAULT '', key_env TEXT NOT NULL DEFAULT '', sign_in TEXT NOT NULL DEFAULT 'key',
    requests_per_minute INTEGER, state TEXT NOT NULL DEFAULT '', failure TEXT NOT NULL DEFAULT '',
    {_json("settings")}, {_json("cursors")}, synced_at TEXT, {_TRASH}) STRICT;
CREATE INDEX connections_by_project ON connections (project_id);

CREATE TABLE remote_items ({_ID}, connection_id INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
    item_kind TEXT NOT NULL DEFAULT '', item_id INTEGER,
    remote_kind TEXT NOT NULL, remote_id TEXT NOT NULL, remote_parent_id TEXT NOT NULL DEFAULT '',
    remote_revision TEXT NOT NULL DEFAULT '', agreed_hash TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'in_step', {_json("remote")}, seen_at TEXT, {_TIMES}) STRICT;
CREATE UNIQUE INDEX remote_items_by_remote ON remote_items (connection_id, remote_kind, remote_id);
CREATE INDEX remote_items_by_item ON remote_items (item_kind, item_id);

CREATE TABLE outbox ({_ID}, connection_id INTEGER NOT NULL REFERENCES connections ON DELETE CASCADE,
    item_kind TEXT NOT NULL DEFAULT '', item_id INTEGER, operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL UNIQUE, {_json("body")}, state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0, next_at TEXT, sent_at TEXT, done_at TEXT,
    answer TEXT CHECK (answer IS NULL OR json_valid(answer)), failure TEXT NOT NULL DEFAULT '',
    failure_code TEXT NOT NULL DEFAULT '', request_id TEXT NOT NULL DEFAULT '', {_TIMES}) STRICT;
CREATE INDEX outbox_by_state ON outbox (state, next_at);
CREATE INDEX outbox_by_item ON outbox (connection_id, item_kind, item_id);

CREATE TABLE jobs ({_ID}, kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued',
    {_json("parameters")}, {_json("result")}, failure TEXT NOT NULL DEFAULT '', {_TIMES}) STRICT;
CREATE INDEX jobs_by_state ON jobs (state);

CREATE TABLE settings ({_ID}, key TEXT NOT NULL UNIQUE, {_json("value", "null")}, updated_at TEXT NOT NULL) STRICT;

CREATE TABLE spend ({_ID}, day TEXT NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL DEFAULT '',
    requests INTEGER NOT NULL DEFAULT 0, characters INTEGER NOT NULL DEFAULT 0, tokens INTEGER NOT NULL DEFAULT 0,
    audio_ms INTEGER NOT NULL DEFAULT 0, cost_usd REAL NOT NULL DEFAULT 0, updated_at TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX spend_by_day ON spend (day, engine, model);

CREATE TABLE voice_choices ({_ID}, voice_id TEXT NOT NULL UNIQUE, favourite INTEGER NOT NULL DEFAULT 0,
    {_json("settings")}, used_at TEXT, updated_at TEXT NOT NULL) STRICT;
"""

_VIEWS = """
CREATE VIEW live_projects AS SELECT * FROM projects WHERE trashed_at IS NULL;

CREATE VIEW live_folders AS
WITH RECURSIVE live (id) AS (
    SELECT folders.id FROM folders JOIN live_projects ON live_projects.id = folders.project_id
    WHERE folders.parent_id IS NULL AND folders.trashed_at IS NULL
    UNION ALL
    SELECT folders.id FROM live JOIN folders ON folders.parent_id = live.id WHERE folders.trashed_at IS NULL)
SELECT folders.* FROM folders WHERE id IN (SELECT id FROM live);

CREATE VIEW live_documents AS SELECT * FROM documents
WHERE trashed_at IS NULL AND project_id IN (SELECT id FROM live_projects)
    AND (folder_id IS NULL OR folder_id IN (SELECT id FROM live_folders));

CREATE VIEW live_scripts AS SELECT * FROM scripts
WHERE trashed_at IS NULL AND project_id IN (SELECT id FROM live_projects)
    AND (folder_id IS NULL OR folder_id IN (SELECT id FROM live_folders));

CREATE VIEW live_recordings AS SELECT * FROM recordings
WHERE trashed_at IS NULL AND project_id IN (SELECT id FROM live_projects)
    AND (folder_id IS NULL OR folder_id IN (SELECT id FROM live_folders))
    AND (script_id IS NULL OR script_id IN (SELECT id FROM live_scripts))
    AND (original_id IS NULL OR original_id IN (SELECT id FROM recordings WHERE trashed_at IS NULL));
"""

_SEARCHED = {
    "projects": ("project", "name", "''"),
    "folders": ("folder", "name", "''"),
    "documents": ("document", "title", "''"),
    "scripts": ("script", "title", "''"),
    "lines": ("line", "''", "shown"),
    "recordings": ("recording", "label", "transcript"),
    "notes": ("note", "''", "text"),
}
"""Table -> kind, title column, body column."""


def _search() -> str:
    options = "tokenize = 'unicode61 remove_diacritics 2'"
    table = f"CREATE VIRTUAL TABLE search USING fts5 (title, body, {options});\n"
    return table + "".join(_search_triggers(name, *columns) for name, columns in _SEARCHED.items())


def _search_triggers(table: str, kind: str, title: str, body: str) -> str:
    code = SEARCH_KINDS.index(kind)
    columns = [column for column in (title, body) if column != "''"]
    values = ", ".join(column if column == "''" else f"NEW.{column}" for column in (title, body))
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    put = f"INSERT INTO search (rowid, title, body) VALUES (NEW.id * {SEARCH_STRIDE} + {code}, {values});"
    drop = f"DELETE FROM search WHERE rowid = OLD.id * {SEARCH_STRIDE} + {code};"
    return dedent(f"""
        CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {put} END;
        CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {drop} END;
        CREATE TRIGGER {table}_search_update AFTER UPDATE OF {", ".join(columns)} ON {table} WHEN {changed}
        BEGIN {drop} {put} END;
        """)


def _attached() -> str:
    """Notes and labels go with what they are attached to."""
    kinds = {table: kind for table, (kind, _, _) in _SEARCHED.items() if kind != "note"}
    return "".join(
        dedent(f"""
            CREATE TRIGGER {table}_attached_delete AFTER DELETE ON {table} BEGIN
                DELETE FROM notes WHERE item_kind = '{kind}' AND item_id = OLD.id;
                DELETE FROM item_labels WHERE item_kind = '{kind}' AND item_id = OLD.id;
            END;
            """)
        for table, kind in kinds.items()
    )


def statements() -> str:
    """All of the first schema, as one script."""
    return _TABLES + _VIEWS + _search() + _attached()
