"""What each item there is here: its twin, made, compared, changed. Main thread, inside a transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from declaim.commands.syncing.texts import Texts
from declaim.commands.syncing.values import Found
from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, ProjectId, RecordingId, ScriptId
from declaim.model.library import Recording, RecordingState, RecordingType
from declaim.model.remote import Connection, RemoteItem, Wish
from declaim.storage import Library

_AT_ONCE = 500
_STATES = {"running": RecordingState.RENDERING, "done": RecordingState.DONE, "failed": RecordingState.FAILED}


class Twins:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._texts = Texts(library)
        self._recordings: dict[int, Recording | None] = {}
        self._parents: dict[str, FolderId | None] = {}
        self._is_remembering = False

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """For the length of one page: what was read is not read again."""
        self._is_remembering = True
        try:
            yield
        finally:
            self._is_remembering = False
            self._recordings.clear()
            self._parents.clear()

    def remember(self, items: Iterable[RemoteItem]) -> None:
        """The recordings of these, in few queries."""
        ids = [RecordingId(item.item_id) for item in items if item.item_kind == "recording" and item.item_id is not None]
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            self._recordings |= {**dict.fromkeys(part), **{row.id: row for row in self._library.recordings.some(part)}}

    def shared(self, item: RemoteItem) -> dict[str, Any] | None:
        """What both sides have, as it is here; None where the twin is in the trash or gone."""
        if item.item_id is None:
            return None
        if item.item_kind == "folder":
            folder = self._live_folder(FolderId(item.item_id))
            return {"name": folder} if folder is not None else None
        if item.item_kind == "script":
            return {}
        recording = self.live_recording(item)
        return None if recording is None else _shared_of(recording, item.remote_kind)

    def live_recording(self, item: RemoteItem) -> Recording | None:
        if item.item_kind != "recording" or item.item_id is None:
            return None
        if item.item_id in self._recordings:
            return self._recordings[item.item_id]
        found = self._library.recordings.some((RecordingId(item.item_id),))
        return found[0] if found else None

    def make(self, connection: Connection, found: Found) -> tuple[str, int] | None:
        """A twin for what was pulled: its kind and id; None where what it lies in was deleted here."""
        parent = self._parent(connection, found)
        if found.kind in {"project", "folder"}:
            if parent is None and found.kind == "folder":
                return None
            name, project_id = str(found.shared["name"]), connection.project_id
            return "folder", self._library.folders.add(project_id, name, None if found.kind == "project" else parent)
        if found.parent_id and parent is None:
            return None
        original = self._original(connection, found)
        if found.original_id and original is None:
            return None
        if original is not None and not found.parent_id:
            parent = self._library.recordings.get(original).folder_id
        script_id = self._texts.keep_article(connection, parent, found) if found.kind == "article" else None
        return "recording", self._add_recording(connection.project_id, parent, found, original, script_id)

    def make_for(self, connection: Connection, wish: Wish, found: Found) -> tuple[str, int] | None:
        """The twin of what a wish made."""
        if wish.item_kind in {"folder", "recording"} and wish.operation != "order" and wish.item_id is not None:
            return wish.item_kind, wish.item_id
        if wish.operation == "order":
            return self.make(connection, found)
        place = self._place_of(connection, wish)
        if place is None:
            return self.make(connection, found)
        project_id, folder_id, script_id = place
        if found.kind == "script":
            return self._make_script(wish, found, project_id, folder_id)
        if found.parent_id:
            folder_id = self._parent(connection, found) or folder_id
        return "recording", self._add_recording(project_id, folder_id, found, None, script_id)

    def _make_script(self, wish: Wish, found: Found, project_id: ProjectId, folder_id: FolderId | None) -> tuple[str, int] | None:
        """A script that the service wrote of a document here."""
        document_id = DocumentId(wish.item_id) if wish.item_kind == "document" and wish.item_id is not None else None
        title, text = str(found.details.get("title", "")), str(found.details.get("text", ""))
        script_id = self._texts.keep_script(project_id, folder_id, title, text, document_id)
        return None if script_id is None else ("script", script_id)

    def as_kept(self, found: Found, twin: tuple[str, int] | None) -> Found:
        """With the text of a script as it stands here before anybody edits it."""
        if found.kind != "script" or twin is None:
            return found
        kept = self._library.scripts.get(ScriptId(twin[1])).text
        return dataclasses.replace(found, details={**found.details, "kept_text": kept})

    def change_text(self, item: RemoteItem, found: Found) -> bool:
        """Whether the text of a pulled article, changed there, was taken over."""
        before, now = str(item.remote.get("text") or ""), str(found.details.get("text") or "")
        recording = self.live_recording(item) if found.kind == "article" and before and now not in {"", before} else None
        return bool(recording and recording.script_id and self._texts.change_article(recording.script_id, before, found))

    def attach_script(self, item: RemoteItem, title: str, text: str) -> ScriptId | None:
        """What was said, as a script beside its take; the one that is there already, where there is one."""
        recording = self.live_recording(item)
        if recording is None or recording.script_id is not None:
            return recording.script_id if recording else None
        script_id = self._texts.keep_script(recording.project_id, recording.folder_id, title, text)
        if script_id is not None:
            self._recordings.pop(recording.id, None)
            self._library.recordings.set_script(recording.id, script_id)
        return script_id

    def follow(self, connection: Connection, item: RemoteItem, found: Found) -> tuple[str, bool]:
        """Where it lies there now, as far as that is known here, and whether its twin was moved after it.

        A twin that was moved here stays, and one that lies with its script.
        """
        if not found.parent_id or found.original_id or found.parent_id == item.remote_parent_id:
            return item.remote_parent_id, False
        before, now = self._find_parent(connection, item.remote_parent_id), self._find_parent(connection, found.parent_id)
        if now is None or item.item_id is None:
            return item.remote_parent_id, False
        return found.parent_id, before is not None and self._move(item, before, now)

    def _move(self, item: RemoteItem, before: FolderId, now: FolderId) -> bool:
        assert item.item_id is not None
        folders, recording = self._library.folders, self.live_recording(item)
        if item.item_kind == "folder":
            folder = folders.find_live(FolderId(item.item_id))
            if folder is None or folder.parent_id != before or now in folders.below(folder.id):
                return False
            folders.move(folder.id, folder.project_id, now)
            return True
        if recording is None or recording.folder_id != before or recording.script_id is not None:
            return False
        self._library.recordings.move(recording.id, recording.project_id, now)
        self._recordings.clear()
        return True

    def change(self, item: RemoteItem, shared: Mapping[str, Any]) -> None:
        """Makes the twin like the item there."""
        if item.item_id is None:
            return
        self._recordings.pop(item.item_id, None)
        if item.item_kind == "folder":
            self._library.folders.rename(FolderId(item.item_id), str(shared["name"]))
            return
        recording_id, table = RecordingId(item.item_id), self._library.recordings
        table.rename(recording_id, str(shared.get("title", shared.get("label", ""))))
        if "starred" in shared:
            table.star(recording_id, bool(shared["starred"]))
        if "note" in shared:
            table.note(recording_id, str(shared["note"]))

    def set_state(self, item: RemoteItem, found: Found) -> None:
        """Of a recording that is made there; one that has audio of its own here stays done."""
        recording = self.live_recording(item)
        if recording is None or (recording.path and found.state != "failed"):
            return
        wanted = _STATES[found.state]
        if (recording.state, recording.failure) != (wanted, found.failure):
            self._recordings.pop(recording.id, None)
            self._library.recordings.set_state(recording.id, wanted, found.failure)

    def copy(self, item: RemoteItem) -> RecordingId:
        """Another recording as the twin is now, with no twin of its own.

        Raises:
            InputError: for a folder.
        """
        recording = self.live_recording(item)
        if recording is None:
            raise InputError("Only a recording can be kept twice.", cure="Choose --keep here or --keep there.")
        return self._library.recordings.add(
            recording.project_id,
            recording.folder_id,
            type=recording.type,
            label=recording.label,
            state=recording.state,
            script_id=recording.script_id,
            original_id=recording.original_id,
            source=recording.source,
            path=recording.path,
            peaks_path=recording.peaks_path,
            duration_ms=recording.duration_ms,
            starred=recording.starred,
            note=recording.note,
            parameters=recording.parameters,
        )

    def _add_recording(
        self,
        project_id: ProjectId,
        folder_id: FolderId | None,
        found: Found,
        original_id: RecordingId | None,
        script_id: ScriptId | None = None,
    ) -> RecordingId:
        is_original = found.kind == "recording" and not found.original_id
        shared = found.shared
        text = str(found.details.get("text") or found.details.get("script") or "")
        recording_id = self._library.recordings.add(
            project_id,
            folder_id,
            type=RecordingType.ORIGINAL if is_original else RecordingType.CONVERSION,
            label=str(shared.get("title", shared.get("label", "")) or found.details.get("label", "")),
            state=_STATES[found.state],
            script_id=script_id,
            original_id=original_id,
            source="remote",
            duration_ms=found.duration_ms,
            starred=bool(shared.get("starred")),
            note=str(shared.get("note", "")),
            parameters={"text": text} if text else {},
        )
        if found.failure:
            self._library.recordings.set_state(recording_id, _STATES[found.state], found.failure)
        return recording_id

    def _parent(self, connection: Connection, found: Found) -> FolderId | None:
        if not found.parent_id:
            return None
        if found.parent_id not in self._parents:
            parent = self._find_parent(connection, found.parent_id)
            if not self._is_remembering or parent is None:
                return parent
            self._parents[found.parent_id] = parent
        return self._parents[found.parent_id]

    def _find_parent(self, connection: Connection, remote_id: str) -> FolderId | None:
        items = self._library.remote_items
        parent = items.find(connection.id, "folder", remote_id) or items.find(connection.id, "project", remote_id)
        if parent is None or parent.item_id is None or self._live_folder(FolderId(parent.item_id)) is None:
            return None
        return FolderId(parent.item_id)

    def _original(self, connection: Connection, found: Found) -> RecordingId | None:
        if not found.original_id:
            return None
        item = self._library.remote_items.find(connection.id, "recording", found.original_id)
        recording = None if item is None else self.live_recording(item)
        return None if recording is None else recording.id

    def _live_folder(self, folder_id: FolderId) -> str | None:
        found = self._library.folders.find_live(folder_id)
        return None if found is None else found.name

    def _place_of(self, connection: Connection, wish: Wish) -> tuple[ProjectId, FolderId | None, ScriptId | None] | None:
        if wish.item_kind == "script" and wish.item_id is not None:
            script = self._library.scripts.get(ScriptId(wish.item_id))
            return script.project_id, script.folder_id, script.id
        if wish.item_kind == "document" and wish.item_id is not None:
            document = self._library.documents.get(DocumentId(wish.item_id))
            return document.project_id, document.folder_id, None
        return None


def _shared_of(recording: Recording, remote_kind: str) -> dict[str, Any]:
    if remote_kind == "recording":
        return {"label": recording.label, "starred": recording.starred, "note": recording.note}
    return {"title": recording.label} if remote_kind in {"conversion", "article"} else {}
