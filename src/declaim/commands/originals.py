"""What becomes an original at Respeecher, and the places there that it needs. Main thread only; nothing here is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declaim.commands.wording import plain_text
from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, ProjectId, RecordingId, ScriptId
from declaim.model.remote import Connection, StepState
from declaim.model.settings import StudioSettings
from declaim.remote import check_body
from declaim.remote.respeecher_fields import FOLDER, PROJECT, TTS, UPLOAD
from declaim.remote.respeecher_library import check_suffix
from declaim.storage import Library

DEFAULT_FOLDER = "Recordings"


@dataclass(frozen=True)
class Place:
    """A folder here that is to be a project there or, with ``in_folder``, a folder of one."""

    folder_id: FolderId
    name: str
    in_folder: FolderId | None = None

    @property
    def operation(self) -> str:
        return "create_project" if self.in_folder is None else "create_folder"

    @property
    def body(self) -> dict[str, Any]:
        below = {} if self.in_folder is None else {"in_folder": self.in_folder}
        return {"fields": {"name": self.name}, **below}

    def check(self) -> None:
        """
        Raises:
            InputError: for a name that the service would not take.
        """
        if self.in_folder is None:
            check_body({"name": self.name, "owner": "later"}, PROJECT, "a project")
        else:
            check_body({"name": self.name, "project_id": "later"}, FOLDER, "a folder")


class Originals:
    """Of one connection."""

    def __init__(self, library: Library, connection: Connection) -> None:
        self._library = library
        self._connection = connection

    def body(self, kind: str, item_id: int, form: str) -> dict[str, Any]:
        """Its ``fields`` there and, of an upload, the ``file``; not yet checked.

        Raises:
            InputError: for what has no audio to upload, or no text.
        """
        if form == "upload":
            if kind != "recording":
                raise InputError("Only a recording has audio to upload.", cure="Render it first, or publish it --as tts.")
            recording = self._library.recordings.get(RecordingId(item_id))
            return {"fields": {"label": recording.label}, "file": recording.path}
        title, text, _ = text_of(self._library, kind, item_id)
        return {"fields": {"label": title, "text": plain_text(text) if kind == "script" else text}}

    def places_of(self, kind: str, item_id: int) -> tuple[Place, Place]:
        """Where it is to lie: a project there, and a folder of it. What lies in no folder here, or in a project, gets one."""
        project_id, folder_id = self._place_of(kind, item_id)
        chain = self._chain(project_id, folder_id)
        top, below = chain[0], chain[-1] if len(chain) > 1 else self._find_or_add(project_id, DEFAULT_FOLDER, chain[0])
        return Place(top, self._name(top)), Place(below, self._name(below), top)

    def has_twin(self, folder_id: FolderId) -> bool:
        twins = self._library.remote_items.of_item("folder", folder_id)
        return any(item.connection_id == self._connection.id and item.state is not StepState.GONE for item in twins)

    def _chain(self, project_id: ProjectId, folder_id: FolderId | None) -> list[FolderId]:
        """Folders from the top down. What lies in none gets one that is called as its project."""
        if folder_id is None:
            name = self._library.projects.get(project_id).name
            return [self._find_or_add(project_id, name, None)]
        chain = [folder_id]
        while (parent := self._library.folders.get(chain[0]).parent_id) is not None:
            chain.insert(0, parent)
        return chain

    def _find_or_add(self, project_id: ProjectId, name: str, parent: FolderId | None) -> FolderId:
        folders = self._library.folders.of(project_id)
        found = next((folder.id for folder in folders if folder.name == name and folder.parent_id == parent), None)
        return found or self._library.folders.add(project_id, name, parent)

    def _name(self, folder_id: FolderId) -> str:
        return self._library.folders.get(folder_id).name

    def _place_of(self, kind: str, item_id: int) -> tuple[ProjectId, FolderId | None]:
        if kind == "script":
            script = self._library.scripts.get(ScriptId(item_id))
            return script.project_id, script.folder_id
        if kind == "document":
            document = self._library.documents.get(DocumentId(item_id))
            return document.project_id, document.folder_id
        recording = self._library.recordings.get(RecordingId(item_id))
        return recording.project_id, recording.folder_id


def check_original(body: Mapping[str, Any]) -> None:
    """
    Raises:
        InputError: for what the service would not take.
    """
    if "file" in body:
        check_suffix(Path(body["file"]))
    check_body({"parent_folder_id": "later", **body["fields"]}, UPLOAD if "file" in body else TTS, "an original")


def text_of(library: Library, kind: str, item_id: int) -> tuple[str, str, StudioSettings]:
    """Title, text and choices of a script or a document.

    Raises:
        InputError: for anything else.
    """
    if kind == "script":
        script = library.scripts.get(ScriptId(item_id))
        return script.title, script.text, StudioSettings.from_json(script.settings)
    if kind == "document":
        document = library.documents.get(DocumentId(item_id))
        project = library.projects.get(document.project_id)
        return document.title, document.markdown, StudioSettings.from_json(project.settings)
    raise InputError(f"A {kind} cannot be published as text.", cure="Name a script or a document.")
