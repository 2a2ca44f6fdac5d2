"""What the tree orders: renaming, deleting, moving, starring, and what is new in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from declaim.errors import DeclaimError
from declaim.model.ids import FolderId, ProjectId, RecordingId
from declaim.model.library import TreeRow
from declaim.ui.library.library_rows import Key, outermost, parent_of
from declaim.ui.orders import Orders

if TYPE_CHECKING:
    from declaim.commands.studio import Studio


class LibraryOrders(QObject):
    """``rows`` are all rows of the library as they are now. ``trashed`` carries what was deleted, in words."""

    trashed = Signal(object)

    def __init__(self, studio: Studio, orders: Orders, rows: Callable[[], Mapping[Key, TreeRow]], parent: QObject) -> None:
        super().__init__(parent)
        self._studio, self._orders, self._rows = studio, orders, rows

    def rename(self, key: Key, title: str) -> None:
        kind, number = key
        renames: dict[str, Callable[..., object]] = {
            "project": self._studio.projects.rename,
            "folder": self._studio.projects.rename_folder,
            "script": self._studio.scripts.rename,
            "recording": self._studio.recordings.rename,
        }
        if kind in renames:
            self._orders.give(lambda: renames[kind](number, title))

    def trash(self, keys: tuple[Key, ...]) -> None:
        titles = [row.title for row in map(self._rows().get, keys) if row is not None]
        trash: dict[str, Callable[..., object]] = {
            "project": self._studio.projects.trash,
            "folder": self._studio.projects.trash_folder,
            "document": self._studio.projects.trash_document,
            "script": self._studio.scripts.trash,
            "recording": self._studio.recordings.trash,
        }
        for kind, number in outermost(keys, self._rows()):
            self._orders.give(partial(trash[kind], number))
        if titles:
            self.trashed.emit(f"Deleted “{titles[0]}”." if len(titles) == 1 else f"Deleted {len(titles)} things.")

    def move(self, keys: tuple[Key, ...], target: Key) -> None:
        project_id, folder_id = self.project_and_folder(target)
        for kind, number in outermost(keys, self._rows()):
            self._orders.give(partial(self._studio.projects.move, kind, number, project_id, folder_id))

    def star(self, keys: tuple[Key, ...]) -> None:
        """Takes that have a star lose it."""
        for row in map(self._rows().get, keys):
            if row is not None:
                self._orders.give(partial(self._studio.recordings.star, RecordingId(row.id), not row.starred))

    def create_project(self) -> ProjectId | None:
        return self._orders.give(lambda: self._studio.projects.create("New project"))

    def create_folder(self, place: Key) -> FolderId | None:
        project_id, folder_id = self.project_and_folder(place)
        return self._orders.give(lambda: self._studio.projects.create_folder(project_id, "New folder", folder_id))

    def project_and_folder(self, place: Key) -> tuple[ProjectId, FolderId | None]:
        """A project or folder as the ids that the studio's orders take."""
        if place[0] == "project":
            return ProjectId(place[1]), None
        row = self._rows().get(place)
        while row is not None and row.kind != "project":
            above = parent_of(row)
            row = self._rows().get(above) if above is not None else None
        return ProjectId(row.id if row is not None else 0), FolderId(place[1])

    def find_audio(self, recording_id: int) -> Path | None:
        """None where it has none: what is dragged then is only the row."""
        try:
            return self._studio.recordings.audio_path(RecordingId(recording_id))
        except DeclaimError:
            return None
