"""Projects and folders: make, rename, move, trash."""

from __future__ import annotations

from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, ProjectId, RecordingId, ScriptId
from declaim.model.library import Folder, Project
from declaim.model.settings import StudioSettings
from declaim.storage import Library


class Projects:
    def __init__(self, library: Library) -> None:
        self._library = library

    def all(self) -> tuple[Project, ...]:
        return self._library.projects.all()

    def create(self, name: str) -> ProjectId:
        """A new project.

        Raises:
            InputError: for an empty name, or one that a project has already.
        """
        name = _checked(name)
        if self._library.projects.find(name):
            raise InputError(f"There is a project '{name}' already.", cure="Choose another name.")
        with self._library.transaction("New project"):
            return self._library.projects.add(name)

    def find_or_create(self, name: str) -> ProjectId:
        found = self._library.projects.find(_checked(name))
        return found.id if found else self.create(name)

    def rename(self, project_id: ProjectId, name: str) -> None:
        name = _checked(name)
        other = self._library.projects.find(name)
        if other and other.id != project_id:
            raise InputError(f"There is a project '{name}' already.", cure="Choose another name.")
        with self._library.transaction("Rename project"):
            self._library.projects.rename(project_id, name)

    def trash(self, project_id: ProjectId) -> None:
        with self._library.transaction("Delete project"):
            self._library.projects.trash(project_id)

    def settings(self, project_id: ProjectId) -> StudioSettings:
        """What its new scripts start with."""
        return StudioSettings.from_json(self._library.projects.get(project_id).settings)

    def set_settings(self, project_id: ProjectId, settings: StudioSettings) -> None:
        with self._library.transaction("Change project settings"):
            self._library.projects.set_settings(project_id, settings.to_json())

    def folders(self, project_id: ProjectId) -> tuple[Folder, ...]:
        return self._library.folders.of(project_id)

    def create_folder(self, project_id: ProjectId, name: str, parent_id: FolderId | None = None) -> FolderId:
        with self._library.transaction("New folder"):
            return self._library.folders.add(project_id, _checked(name), parent_id)

    def find_or_create_folder(self, project_id: ProjectId, name: str) -> FolderId:
        """The folder of that name at the top of the project; ``a/b`` is a folder in a folder."""
        parent: FolderId | None = None
        for part in name.strip("/").split("/"):
            part = _checked(part)
            found = next((f for f in self.folders(project_id) if f.name == part and f.parent_id == parent), None)
            parent = found.id if found else self.create_folder(project_id, part, parent)
        if parent is None:
            raise InputError("A folder needs a name.", cure="Type one.")
        return parent

    def rename_folder(self, folder_id: FolderId, name: str) -> None:
        with self._library.transaction("Rename folder"):
            self._library.folders.rename(folder_id, _checked(name))

    def trash_folder(self, folder_id: FolderId) -> None:
        with self._library.transaction("Delete folder"):
            self._library.folders.trash(folder_id)

    def trash_document(self, document_id: DocumentId) -> None:
        with self._library.transaction("Delete document"):
            self._library.documents.trash(document_id)

    def move(self, kind: str, item_id: int, project_id: ProjectId, folder_id: FolderId | None) -> None:
        """Moves a folder, document, script or recording into a project or a folder of it. ``kind`` is a ``TreeRow``'s.

        Raises:
            InputError: where a folder would land inside itself.
        """
        with self._library.transaction("Move"):
            match kind:
                case "folder":
                    self._library.folders.move(FolderId(item_id), project_id, folder_id)
                case "document":
                    self._library.documents.move(DocumentId(item_id), project_id, folder_id)
                case "script":
                    self._library.scripts.move(ScriptId(item_id), project_id, folder_id)
                case "recording":
                    self._library.recordings.move(RecordingId(item_id), project_id, folder_id)
                case _:
                    raise InputError(f"A {kind} cannot be moved.")


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("A name is needed.", cure="Type one.")
    if len(name) > 200:
        raise InputError("The name is longer than 200 characters.", cure="Shorten it.")
    return name
