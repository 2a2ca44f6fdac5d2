"""The library's side of a sync: what is to be sent, what came of it, what is known of the items there. Main thread only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from declaim.commands.adopting import Adopted
from declaim.commands.syncing.twins import Twins
from declaim.commands.syncing.values import AUDIO_KINDS, Failure, Fetching, Found, Report, Sent, WishJob, hash_of
from declaim.errors import DeclaimError, InputError, RemoteError
from declaim.model.ids import RecordingId, outside_id
from declaim.model.remote import Connection, ConnectionId, RemoteItem, StepState, Wish, WishId, WishState
from declaim.storage import Library


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


class Ledger:
    """Of one connection."""

    def __init__(self, library: Library, connection: Connection) -> None:
        self._library = library
        self._connection = connection
        self._twins = Twins(library)

    # The outbox

    def next_wish(self, tried: Collection[WishId], only: Collection[int] | None, *, with_changes: bool = True) -> WishJob | None:
        """The first that may be sent now and was not yet tried. Changes wait for a pull, which may find a conflict."""
        waiting: set[tuple[str, int | None]] = set()
        items = self._items_of(only)
        for wish in self._library.outbox.open(self._connection.id):
            item = (wish.item_kind, wish.item_id)
            is_blocked = item in waiting and wish.item_id is not None
            waiting.add(item)
            if wish.id in tried or is_blocked or (items is not None and item not in items):
                continue
            if wish.operation == "change" and not with_changes:
                continue
            if wish.next_at > _now() or not self._has_what_it_needs(wish):
                continue
            return self._job(wish)
        return None

    def open_count(self) -> int:
        return len(self._library.outbox.open(self._connection.id))

    def has_unclear(self) -> bool:
        """Whether something may be there that is not known here: pulled now, it would be there twice here."""
        return any(wish.is_unclear for wish in self._library.outbox.open(self._connection.id) if wish.operation != "change")

    def start(self, wish_id: WishId, additions: Mapping[str, Any]) -> Wish:
        outbox = self._library.outbox
        with self._library.transaction("Send", undoable=False):
            outbox.start(wish_id, {**outbox.get(wish_id).body, **additions})
        return outbox.get(wish_id)

    def note_sent(self, wish: Wish, sent: Sent) -> Report:
        """The wish is done and what it made is known here, in one transaction."""
        report = Report(pushed=1)
        with self._library.transaction("Send", undoable=False):
            for found in sent.items:
                report.add(self._keep_made(wish, found))
            for remote_id in sent.gone:
                self._forget(remote_id)
            ids = [found.id for found in sent.items]
            self._library.outbox.finish(wish.id, {"ids": ids})
            report.items += ids
        return report

    def note_refused(self, wish: Wish, error: DeclaimError) -> Report:
        """Not sent again until the user asks."""
        code, request_id = _code_of(error), getattr(error, "request_id", "")
        with self._library.transaction("Send", undoable=False):
            self._library.outbox.fail(wish.id, str(error.message), code=code, request_id=request_id)
        return Report(failed=[Failure(self._name_of(wish), code, _words(error), request_id)])

    def note_later(self, wish: Wish, error: RemoteError) -> None:
        """To be sent again; after the time that the service asks for, where it does."""
        wait_s = getattr(error, "retry_after_s", None)
        next_at = _now(wait_s) if wait_s and wait_s > 1 else ""
        with self._library.transaction("Send", undoable=False):
            self._library.outbox.set_back(
                wish.id, error.message, code=_code_of(error), next_at=next_at, is_unclear=error.maybe_done
            )

    # What is there

    def keep_page(self, page: Collection[Found], cursors: Mapping[str, Any] | None = None, *, only_known: bool = False) -> Report:
        """One page of a pull, in one transaction. What cannot be kept is said and left out; with ``only_known`` what is new."""
        report = Report()
        with self._library.transaction("Pull", undoable=False), self._twins.remembering():
            once = {(found.kind, found.id): found for found in page}  # a list may name one twice
            known = {key: self._library.remote_items.find(self._connection.id, *key) for key in once}
            self._twins.remember(item for item in known.values() if item is not None)
            for key, found in once.items():
                if known[key] is not None or not only_known:
                    report.add(self._keep_safely(found, known[key]))
            if cursors:
                self._library.connections.set_cursors(self._connection.id, cursors)
        return report

    def note_missing(self, seen: Collection[str]) -> Report:
        """After a whole walk: what was not in it is gone there, and stays here."""
        report = Report()
        with self._library.transaction("Pull", undoable=False):
            for item in self._library.remote_items.of(self._connection.id):
                if item.remote_id not in seen and item.state is not StepState.GONE:
                    self._library.remote_items.update(item, state=StepState.GONE)
                    report.deleted += 1
                    if self._twins.shared(item) is not None:
                        report.notes.append(f"{self._name_of_item(item)} was deleted there; it is kept here.")
            self._library.connections.note_synced(self._connection.id)
        return report

    def note_gone(self, item: RemoteItem) -> Report:
        with self._library.transaction("Pull", undoable=False):
            self._library.remote_items.update(item, state=StepState.GONE)
        return Report(deleted=1)

    def deleted_here(self) -> tuple[RemoteItem, ...]:
        """What was deleted here and is still there."""
        items = [item for item in self._library.remote_items.of(self._connection.id) if item.state is not StepState.GONE]
        with self._twins.remembering():
            self._twins.remember(items)
            return tuple(item for item in items if self._twins.shared(item) is None)

    def notes(self) -> list[str]:
        return [
            f"{item.remote_id} was deleted here and is still there: 'declaim remote delete {item.remote_id} --yes' deletes it."
            for item in self.deleted_here()
        ]

    def wish_changes(self) -> int:
        """A wish for each item that changed here alone, in place of those still to be sent; how many.

        Whether an earlier one arrived, the pull before has shown: each sets what it says.
        """
        made = 0
        with self._library.transaction("Send changes", undoable=False):
            for wish in self._library.outbox.open(self._connection.id):
                if wish.operation == "change":
                    self._library.outbox.finish(wish.id, {"ids": []})
            refused = self._changes(self._library.outbox.failed(self._connection.id))
            for item in self._library.remote_items.of(self._connection.id):
                if item.state is StepState.CHANGED_HERE:
                    made += self._wish_change(item, refused.get(item.remote_id))
        return made

    def _changes(self, wishes: Collection[Wish]) -> dict[str, Wish]:
        return {str(wish.body.get("target")): wish for wish in wishes if wish.operation == "change"}

    def running(self) -> tuple[RemoteItem, ...]:
        items = self._library.remote_items.of(self._connection.id)
        return tuple(item for item in items if item.remote.get("state") == "running" and item.state is not StepState.GONE)

    def to_fetch(self) -> tuple[Fetching, ...]:
        """Recordings whose audio is there, or another one than what was fetched."""
        found = []
        for item in self._library.remote_items.of(self._connection.id):
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
        item = self._library.remote_items.find(self._connection.id, fetching.remote_kind, fetching.remote_id)
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

    # Trying out

    def try_out(self, pages: Collection[Collection[Found]], *, with_audio: bool) -> Report:
        """What a sync would do; nothing of it is kept."""
        report = Report(pushed=self.open_count())
        with self._taken_back():
            for page in pages:
                report.add(self.keep_page(page))
            report.add(self.note_missing({found.id for page in pages for found in page}))
            report.pushed += self.wish_changes()
            report.downloaded = len(self.to_fetch()) if with_audio else 0
            report.waiting = len(self.running())
            report.notes += self.notes()
        return report

    @contextmanager
    def _taken_back(self) -> Iterator[None]:
        try:
            with self._library.transaction("Dry run", undoable=False):
                yield
                raise _TakenBack
        except _TakenBack:
            return

    # Inside

    def _items_of(self, only: Collection[int] | None) -> set[tuple[str, int | None]] | None:
        if only is None:
            return None
        wishes = [self._library.outbox.get(WishId(wish_id)) for wish_id in only]
        return {(wish.item_kind, wish.item_id) for wish in wishes}

    def _has_what_it_needs(self, wish: Wish) -> bool:
        after = wish.body.get("after")
        if after is not None and self._library.outbox.get(WishId(after)).state is not WishState.DONE:
            return False
        folder = wish.body.get("in_folder")
        return folder is None or bool(self._remote_id_of_folder(int(folder)))

    def _remote_id_of_folder(self, folder_id: int) -> str:
        twins = self._library.remote_items.of_item("folder", folder_id)
        return next((item.remote_id for item in twins if item.connection_id == self._connection.id), "")

    def _job(self, wish: Wish) -> WishJob:
        outbox, body = self._library.outbox, wish.body
        after = body.get("after")
        answer = outbox.get(WishId(after)).answer if after is not None else None
        folder, path = body.get("in_folder"), body.get("file")
        return WishJob(
            wish,
            self._library.media / path if path else None,
            outbox.answered_ids(self._connection.id),
            tuple((answer or {}).get("ids", ())),
            self._remote_id_of_folder(int(folder)) if folder is not None else "",
        )

    def _keep_made(self, wish: Wish, found: Found) -> Report:
        items = self._library.remote_items
        known = items.find(self._connection.id, found.kind, found.id)
        if known is not None:
            items.update(known, agreed_hash=found.hash)
            refreshed = items.find(self._connection.id, found.kind, found.id)
            return self._step(refreshed or known, found)
        twin = self._twins.make_for(self._connection, wish, found)
        item = self._add(found, twin)
        return self._failure_of(item, found) if found.state == "failed" else Report()

    def _keep_safely(self, found: Found, known: RemoteItem | None) -> Report:
        """The tables check before they write: what is refused has written nothing."""
        try:
            return self._keep(found, known)
        except InputError as error:
            return Report(failed=[Failure(found.id, "not_kept", _words(error))])

    def _keep(self, found: Found, known: RemoteItem | None) -> Report:
        if known is not None:
            return self._step(known, found)
        twin = self._twins.make(self._connection, found)
        if twin is None:
            return Report()
        self._add(found, twin)
        return Report(pulled=1)

    def _add(self, found: Found, twin: tuple[str, int] | None) -> RemoteItem:
        kind, item_id = twin or ("", None)
        state = StepState.IN_STEP if found.state == "done" else StepState(found.state)
        return self._library.remote_items.add(
            self._connection.id,
            found.kind,
            found.id,
            remote_parent_id=found.original_id or found.parent_id,
            item_kind=kind,
            item_id=item_id,
            agreed_hash=found.hash,
            state=state,
            remote=found.record,
        )

    def _step(self, item: RemoteItem, found: Found) -> Report:
        """One item on both sides: who changed since they last agreed decides."""
        report = Report()
        here = self._twins.shared(item)
        if here is None:
            return report  # deleted here: the user is asked before anything else
        record = {**item.remote, **found.record} if "text" in item.remote else found.record
        mine, theirs, agreed = hash_of(here), found.hash, item.agreed_hash
        state = StepState.IN_STEP if found.state == "done" else StepState(found.state)
        if mine == theirs == agreed and (state, record) == (item.state, item.remote):
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
        if found.state == "failed" and item.remote.get("state") != "failed":
            report.add(self._failure_of(item, found))
        self._twins.set_state(item, found)
        self._library.remote_items.update(item, agreed_hash=agreed, state=state, remote=record)
        return report

    def _failure_of(self, item: RemoteItem, found: Found) -> Report:
        """What failed while it was made there."""
        return Report(failed=[Failure(self._name_of_item(item), found.failure_code or "failed", found.failure)])

    def _wish_change(self, item: RemoteItem, refused: Wish | None) -> int:
        """What was refused is not sent again; where it was changed since, that is another wish."""
        here, there = self._twins.shared(item), item.remote.get("shared", {})
        if here is None:
            return 0
        changed = {name: value for name, value in here.items() if there.get(name) != value}
        if refused is not None:
            if refused.body.get("fields") == changed:
                return 0
            self._library.outbox.finish(refused.id, {"ids": []})
        body = {"target": item.remote_id, "kind": item.remote_kind, "fields": changed}
        self._library.outbox.add(self._connection.id, "change", item_kind=item.item_kind, item_id=item.item_id, body=body)
        return 1

    def _forget(self, remote_id: str) -> None:
        """Deleted there as the user asked: what is here is no one's twin any more."""
        for item in self._library.remote_items.with_remote_id(remote_id):
            if item.connection_id == self._connection.id:
                self._library.remote_items.remove(item)

    def _name_of(self, wish: Wish) -> str:
        if wish.item_id is not None and wish.item_kind:
            return outside_id(wish.item_kind, wish.item_id)
        return str(wish.body.get("target", ""))

    def _name_of_item(self, item: RemoteItem) -> str:
        return outside_id(item.item_kind, item.item_id) if item.item_kind and item.item_id is not None else item.remote_id


def resolve(library: Library, item: RemoteItem, keep: str) -> None:
    """Ends a conflict as the user chose: ``here``, ``there`` or ``both``.

    Raises:
        InputError: where there is none to choose about.
    """
    twins, shared = Twins(library), item.remote.get("shared")
    if item.state is not StepState.CONFLICT or not isinstance(shared, Mapping):
        raise InputError(f"{item.remote_id} has no conflict.", cure="Run 'declaim sync' to see how it stands.")
    with library.transaction("Resolve conflict", undoable=False):
        if keep == "both":
            twins.copy(item)
        if keep != "here":
            twins.change(item, shared)
        state = StepState.CHANGED_HERE if keep == "here" else StepState.IN_STEP
        library.remote_items.update(item, agreed_hash=hash_of(shared), state=state)


def close_unfinished(library: Library, connection_id: ConnectionId, item: RemoteItem) -> None:
    """Wishes about an item that is to be deleted there are of no use any more."""
    for wish in library.outbox.open(connection_id):
        if wish.body.get("target") == item.remote_id:
            library.outbox.finish(wish.id, {"ids": []})


def _now(after_s: float = 0.0) -> str:
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=after_s)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _code_of(error: DeclaimError) -> str:
    code, status = getattr(error, "code", ""), getattr(error, "status", None)
    return str(code or (status if status is not None else "not_sent"))


def _words(error: DeclaimError) -> str:
    return f"{error.message} {error.cure}".strip()
