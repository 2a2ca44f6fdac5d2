"""What the user chose about voices: favourites, and which voice is the default for a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from declaim.model.ids import VoiceId
from declaim.storage.database import Database, from_json, now, to_json


class VoiceChoices:
    """Part of undo. A voice need not be there to be chosen: it may come back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def favourites(self) -> frozenset[VoiceId]:
        rows = self._database.rows("SELECT voice_id FROM voice_choices WHERE favourite = 1")
        return frozenset(VoiceId(row["voice_id"]) for row in rows)

    def set_favourite(self, voice_id: VoiceId, is_favourite: bool) -> None:
        self._write(voice_id, {"favourite": int(is_favourite)})

    def defaults(self) -> Mapping[str, VoiceId]:
        """By language, as ``en``."""
        rows = self._database.rows("SELECT voice_id, settings FROM voice_choices ORDER BY id")
        return {str(language): VoiceId(row["voice_id"]) for row in rows for language in _languages(row["settings"])}

    def set_default(self, language: str, voice_id: VoiceId | None) -> None:
        """One voice for a language; None for none."""
        before = self.defaults().get(language)
        if before == voice_id:
            return
        for one, is_default in ((before, False), (voice_id, True)):
            if one is not None:
                self._mark(one, language, is_default)

    def _mark(self, voice_id: VoiceId, language: str, is_default: bool) -> None:
        kept = self._database.value("SELECT settings FROM voice_choices WHERE voice_id = ?", voice_id)
        settings = from_json(kept) if kept else {}
        languages = {*_languages(kept), language} if is_default else {*_languages(kept)} - {language}
        self._write(voice_id, {"settings": to_json({**settings, "default_for": sorted(languages)})})

    def _write(self, voice_id: VoiceId, values: Mapping[str, Any]) -> None:
        row_id = self._database.value("SELECT id FROM voice_choices WHERE voice_id = ?", voice_id)
        plain = {**values, "updated_at": now()}
        if row_id is None:
            self._database.insert("voice_choices", {"voice_id": voice_id, **plain})
        else:
            self._database.update("voice_choices", row_id, plain)


def _languages(settings: str | None) -> tuple[str, ...]:
    plain = from_json(settings) if settings else {}
    found = plain.get("default_for") if isinstance(plain, dict) else None
    return tuple(str(language) for language in found) if isinstance(found, list) else ()
