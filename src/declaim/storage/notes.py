"""Notes: one text on any item."""

from __future__ import annotations

from declaim.storage.database import Database, now


class Notes:
    """``kind`` is project, folder, document, script, line or recording."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, kind: str, item_id: int) -> str:
        """Empty where there is none."""
        return str(self._database.value("SELECT text FROM notes WHERE item_kind = ? AND item_id = ?", kind, item_id) or "")

    def put(self, kind: str, item_id: int, text: str) -> bool:
        """Replaces the item's note; a blank text removes it. False where nothing changed."""
        text, old = text.strip(), self.of(kind, item_id)
        if text == old:
            return False
        if not text:
            self._database.write("DELETE FROM notes WHERE item_kind = ? AND item_id = ?", kind, item_id)
            return True
        at = now()
        self._database.write(
            """INSERT INTO notes (item_kind, item_id, text, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (item_kind, item_id) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at""",
            kind,
            item_id,
            text,
            at,
            at,
        )
        return True
