"""What a person names in the terminal: an id as ``list`` prints it, or a title that only one thing has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, ProjectId, RecordingId, ScriptId, outside_id, read_outside_id

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


@dataclass(frozen=True)
class Named:
    kind: str
    id: int
    title: str

    @property
    def outside_id(self) -> str:
        return outside_id(self.kind, self.id)

    def rename(self, studio: Studio, title: str) -> None:
        match self.kind:
            case "project":
                studio.projects.rename(ProjectId(self.id), title)
            case "folder":
                studio.projects.rename_folder(FolderId(self.id), title)
            case "script":
                studio.scripts.rename(ScriptId(self.id), title)
            case "recording":
                studio.recordings.rename(RecordingId(self.id), title)
            case _:
                with studio.library.transaction("Rename document"):
                    studio.library.documents.rename(DocumentId(self.id), title)

    def trash(self, studio: Studio) -> None:
        match self.kind:
            case "project":
                studio.projects.trash(ProjectId(self.id))
            case "folder":
                studio.projects.trash_folder(FolderId(self.id))
            case "script":
                studio.scripts.trash(ScriptId(self.id))
            case "recording":
                studio.recordings.trash(RecordingId(self.id))
            case _:
                with studio.library.transaction("Delete document"):
                    studio.library.documents.trash(DocumentId(self.id))


def find_named(studio: Studio, what: str) -> Named:
    """The one thing that is meant.

    Raises:
        InputError: where nothing, or more than one thing, has that id or title.
    """
    rows = studio.tree()
    things = [Named(row.kind, row.id, row.title) for row in rows]
    wanted = read_outside_id(what)
    for thing in things:
        if (thing.kind, thing.id) == wanted:
            return thing
    titled = [thing for thing in things if thing.title == what] or [
        thing for thing in things if thing.title.casefold() == what.casefold()
    ]
    # A script's original is called like it, and its title means the script.
    scripts = {thing.id for thing in titled if thing.kind == "script"}
    its_own = {row.id for row in rows if row.kind == "recording" and row.parent_kind == "script" and row.parent_id in scripts}
    titled = [thing for thing in titled if thing.kind != "recording" or thing.id not in its_own]
    if len(titled) == 1:
        return titled[0]
    if titled:
        ids = ", ".join(f"{thing.outside_id} ({thing.kind})" for thing in titled[:8])
        raise InputError(f"More than one thing is called '{what}': {ids}.", cure="Name it by its id.")
    raise InputError(f"Nothing in the library is called '{what}'.", cure="See 'declaim list'.")


def find_project(studio: Studio, what: str) -> ProjectId:
    """A project by its id or name.

    Raises:
        InputError: where there is none.
    """
    projects = {outside_id("project", row.id): row for row in studio.projects.all()}
    row = projects.get(what) or next((row for row in projects.values() if row.name.casefold() == what.casefold()), None)
    if row is None:
        raise InputError(f"There is no project '{what}'.", cure="See 'declaim list'.")
    return row.id
