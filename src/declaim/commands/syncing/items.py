"""What is known here of the items there: pulled page by page, compared with their twins, their audio kept. Main thread only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from declaim.commands.adopting import Adopted
from declaim.commands.syncing.twins import Twins
from declaim.commands.syncing.values import AUDIO_KINDS, Failure, Fetching, Found, Report, hash_of, words_of
from declaim.errors import InputError
from declaim.model.ids import RecordingId, outside_id
from declaim.model.remote import Connection, RemoteItem, StepState, Wish
from declaim.storage import Library


class Items:
    """Of one connection."""

    def __init__(self, library: Library, connection: Connection) -> None:
        self._library = library
        self._connection = connection
        self._twins = Twins(library)

    def all(self) -> tuple[RemoteItem, ...]:
        return self._library.remote_items.of(self._connection.id)

    def find(self, kind: str, remote_id: str) -> RemoteItem | None:
        return self._library.remote_items.find(self._connection.id, kind, remote_id)

    def shared_here(self, item: RemoteItem) -> dict[str, Any] | None:
        """What both sides have, as it is here; None where the twin is in the trash or gone."""
        return self._twins.shared(item)

    # A pull

    def keep_page(self, page: Collection[Found], cursors: Mapping[str, Any] | None = None, *, only_known: bool = False) -> Report:
        """One page of a pull, in one transaction. What cannot be kept is said and left out; with ``only_known`` what is new."""
        report = Report()
        with self._library.transaction("Pull", undoable=False), self._twins.remembering():
            once = {(found.kind, found.id): found for found in page}  # a list may name one twice
            known = {key: self.find(*key) for key in once}
            self._twins.remember(item for item in known.values() if item is not None)
            for key, found in once.items():
                if known[key] is not None or not only_known:
                    report.add(self._keep_safely(found.beside(known[key]), known[key]))
            if cursors:
                self._library.connections.set_cursors(self._connection.id, cursors)
        return report

    def note_missing(self, seen: Collection[str], listed: Collection[str]) -> Report:
        """After a whole walk: what of the ``listed`` kinds was not in it is gone there, and stays here."""
        report = Report()
        with self._library.transaction("Pull", undoable=False):
            for item in self.all():
                if item.remote_id not in seen and item.remote_kind in listed and item.state is not StepState.GONE:
                    self._library.remote_items.update(item, state=StepState.GONE)
                    report.deleted += 1
                    if self._twins.shared(item) is not None:
                        report.notes.append(f"{self.name_of(item)} was deleted there; it is kept here.")
            self._library.connections.note_synced(self._connection.id)
        return report

    def forget_cursors(self) -> None:
        """The next pull begins at the start."""
        with self._library.transaction("Pull", undoable=False):
            self._library.connections.set_cursors(self._connection.id, {})

    def note_gone(self, item: RemoteItem) -> Report:
        with self._library.transaction("Pull", undoable=False):
            self._library.remote_items.update(item, state=StepState.GONE)
        return Report(deleted=1)

    # What is where

    def deleted_here(self, listed: Collection[str] = AUDIO_KINDS | {"project", "folder"}) -> tuple[RemoteItem, ...]:
        """What was deleted here and is still there."""
        items = self._library.remote_items.deleted_here(self._connection.id)
        return tuple(item for item in items if item.remote_kind in listed)

    def running(self) -> tuple[RemoteItem, ...]:
        return tuple(item for item in self.all() if item.remote.get("state") == "running" and item.state is not StepState.GONE)

    def to_fetch(self) -> tuple[Fetching, ...]:
        """Recordings whose audio is there, or another one than what was fetched."""
        found = []
        for item in self.all():
            audio = item.remote.get("audio")
            if item.remote_kind not in AUDIO_KINDS or not audio or item.state is StepState.GONE:
                continue
            if item.remote_revision == audio:
                continue
            recording = self._twins.live_recording(item)
            if recording is not None and (recording.source == "remote" or not recording.path):
                found.append(Fetching(recording.id, item.remote_kind, item.remote_id, item.remote))
        return tuple(found)

    def keep_audio(self, fetching: Fetching, audio: Adopted) -> Report:
        """The take is here."""
        item = self.find(fetching.remote_kind, fetching.remote_id)
        if item is None:
            return Report()
        with self._library.transaction("Download", undoable=False):
            self._library.recordings.finish(
                RecordingId(fetching.recording_id),
                path=audio.path,
                duration_ms=audio.duration_ms,
                peaks_path=audio.peaks_path,
            )
            self._library.remote_items.update(item, remote_revision=str(fetching.record.get("audio", "")))
        return Report(downloaded=1)

    # What wishes made

    def keep_made(self, wish: Wish, found: Found) -> Report:
        """Made or changed there as the user asked: both sides agree on it."""
        known = self.find(found.kind, found.id)
        found = found.beside(known)
        if known is None:
            item = self._add(self._twins.as_kept(found, twin := self._twins.make_for(self._connection, wish, found)), twin)
            if found.state != "failed" and (here := self._twins.shared(item)) and hash_of(here) != found.hash:
                self._library.remote_items.update(item, state=StepState.CHANGED_HERE)
            return self._failure_of(item, found) if found.state == "failed" else Report()
        self._library.remote_items.update(known, agreed_hash=found.hash)
        return self._step(self.find(found.kind, found.id) or known, found)

    def keep_text(self, found: Found) -> None:
        """What was said there, as a script to work on beside its take."""
        item, text = self.find(found.kind, found.id), str(found.details.get("script") or "")
        if item is not None and text:
            with self._library.transaction("Pull", undoable=False):
                self._twins.attach_script(item, str(found.shared.get("title") or found.details.get("label") or ""), text)

    def keep_preview(self, item: RemoteItem, audio: Adopted) -> Report:
        """A take beside the whole one."""
        whole = self._twins.live_recording(item)
        if whole is None:
            return Report()
        with self._library.transaction("Download", undoable=False):
            made = self._library.recordings.add(
                whole.project_id,
                whole.folder_id,
                type=whole.type,
                label=f"{whole.label} (preview)",
                script_id=whole.script_id,
                source="remote",
            )
            self._library.recordings.finish(made, path=audio.path, duration_ms=audio.duration_ms, peaks_path=audio.peaks_path)
        return Report(downloaded=1)

    def forget(self, remote_id: str) -> None:
        """Deleted there as the user asked: what is here is no one's twin any more."""
        for item in self._library.remote_items.with_remote_id(remote_id):
            if item.connection_id == self._connection.id:
                self._library.remote_items.remove(item)

    def name_of(self, item: RemoteItem) -> str:
        return outside_id(item.item_kind, item.item_id) if item.item_kind and item.item_id is not None else item.remote_id

    # Inside

    def _keep_safely(self, found: Found, known: RemoteItem | None) -> Report:
        """The tables check before they write: what is refused has written nothing."""
        try:
            return self._keep(found, known)
        except InputError as error:
            return Report(failed=[Failure(found.id, "not_kept", words_of(error))])

    def _keep(self, found: Found, known: RemoteItem | None) -> Report:
        if known is not None:
            return self._step(known, found)
        if found.kind == "episode" and self.find("conversion", found.id) is not None:
            return Report()  # the same work under its old name
        twin = self._twins.make(self._connection, found)
        if twin is None:
            return Report()
        self._add(found, twin)
        return Report(pulled=1)

    def _add(self, found: Found, twin: tuple[str, int] | None) -> RemoteItem:
        kind, item_id = twin or ("", None)
        return self._library.remote_items.add(
            self._connection.id,
            found.kind,
            found.id,
            remote_parent_id=found.original_id or found.parent_id,
            item_kind=kind,
            item_id=item_id,
            agreed_hash=found.hash,
            state=_step_state(found),
            remote=found.record,
        )

    def _step(self, item: RemoteItem, found: Found) -> Report:
        """One item on both sides: who changed since they last agreed decides."""
        report = Report()
        here = self._twins.shared(item)
        if here is None:
            return report  # deleted here: the user is asked before anything else
        record = {**item.remote, **found.record}
        mine, theirs, agreed = hash_of(here), found.hash, item.agreed_hash
        state = _step_state(found)
        parent, is_moved = self._twins.follow(self._connection, item, found)
        if mine == theirs == agreed and (state, record, parent) == (item.state, item.remote, item.remote_parent_id):
            return report
        if mine == theirs:
            agreed = theirs
        elif mine == agreed:
            self._twins.change(item, found.shared)
            agreed, report.updated = theirs, 1
        elif theirs == agreed:
            state = StepState.CHANGED_HERE
        else:
            state, report.conflicts = StepState.CONFLICT, 1
        report.updated |= int(self._twins.change_text(item, found)) | int(is_moved)
        if found.state == "failed" and item.remote.get("state") != "failed":
            report.add(self._failure_of(item, found))
        self._twins.set_state(item, found)
        self._library.remote_items.update(item, agreed_hash=agreed, state=state, remote=record, remote_parent_id=parent)
        return report

    def _failure_of(self, item: RemoteItem, found: Found) -> Report:
        """What failed while it was made there."""
        return Report(failed=[Failure(self.name_of(item), found.failure_code or "failed", found.failure)])


def _step_state(found: Found) -> StepState:
    return StepState.IN_STEP if found.state == "done" else StepState(found.state)
