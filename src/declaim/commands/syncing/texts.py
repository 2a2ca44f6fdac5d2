"""Texts that come from a service, as documents and scripts to work on. Main thread only, inside a transaction."""

from __future__ import annotations

import dataclasses
import re

from declaim.commands.scripts import add_script, first_settings
from declaim.commands.syncing.values import Found
from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, ProjectId, ScriptId
from declaim.model.library import ScriptRow
from declaim.model.remote import Connection
from declaim.model.script import Script
from declaim.model.settings import StudioSettings
from declaim.model.source import SourceType
from declaim.scripts import import_plain
from declaim.storage import Library

_TAG = re.compile(r"</?(?:p|br|div|h[1-6]|ul|ol|li|a|strong|em|b|i|span|blockquote)\b[^>]*>", re.IGNORECASE)


class Texts:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._settings: dict[ProjectId, StudioSettings] = {}

    def keep_article(self, connection: Connection, folder_id: FolderId | None, found: Found) -> ScriptId | None:
        """An article as a document and the script that says it word for word; None where it has no text."""
        title, markdown = str(found.shared["title"]), as_markdown(str(found.details.get("text") or ""))
        if not markdown:
            return None
        origin = str(found.details.get("url") or f"{connection.name}:{found.id}")
        document_id = self._library.documents.add(
            connection.project_id, folder_id, title or "Untitled", SourceType.DOCUMENT, markdown, origin
        )
        return self.keep_script(connection.project_id, folder_id, title, markdown, document_id)

    def keep_script(
        self,
        project_id: ProjectId,
        folder_id: FolderId | None,
        title: str,
        text: str,
        document_id: DocumentId | None = None,
    ) -> ScriptId | None:
        """None where there are no words in it."""
        try:
            script: Script = import_plain(text)
        except InputError:
            return None
        named = script if script.title else dataclasses.replace(script, title=title)
        chosen = self._settings_of(project_id)
        return add_script(self._library, project_id, folder_id, named, document_id=document_id, settings=chosen)

    def _settings_of(self, project_id: ProjectId) -> StudioSettings:
        """Read once: a pull may bring a thousand articles."""
        if project_id not in self._settings:
            self._settings[project_id] = first_settings(self._library, project_id)
        return self._settings[project_id]

    def change_article(self, script_id: ScriptId, before: str, found: Found) -> bool:
        """Whether the document was made like the article there; one that was edited here stays."""
        row = self._library.scripts.get(script_id)
        markdown = as_markdown(str(found.details.get("text") or ""))
        if row.document_id is None or not markdown or self._is_edited(row, before):
            return False
        self._library.documents.set_source(row.document_id, SourceType.DOCUMENT, markdown)
        return True

    def _is_edited(self, row: ScriptRow, before: str) -> bool:
        assert row.document_id is not None
        return self._library.documents.get(row.document_id).markdown != as_markdown(before)


def as_markdown(text: str) -> str:
    """Without its HTML mark-up, where it has any."""
    if not _TAG.search(text):
        return text.strip()
    from declaim.documents import parse_source

    return parse_source(text, format="html").markdown.strip()
