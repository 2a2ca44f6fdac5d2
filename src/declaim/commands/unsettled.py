"""What lies between here and the services and is not settled: wishes still to be sent or refused, and items in conflict, failed,
being made, or gone on one side. Main thread only; nothing here speaks to a service.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, RecordingId, ScriptId
from declaim.model.remote import Badge, Connection, ConnectionId, RemoteItem, StepState, Wish, WishId, WishState
from declaim.storage import Library

_DOING = {
    "create": "Publish {}",
    "convert": "Publish {}",
    "create_project": "Make the project {} there",
    "create_folder": "Make the folder {} there",
    "order": "Order voices for {}",
    "change": "Send what changed in {}",
    "retry": "Have {} made again",
    "delete": "Delete {} there",
    "update": "Update {} there",
    "share": "Change who may hear {}",
    "embed_token": "Make an embed token for {}",
    "revoke": "Revoke an embed token of {}",
    "write_script": "Have the script of {} written there",
}
_OF_STATE = {
    StepState.CONFLICT: (Badge.CONFLICT, "Changed here and there. Choose what to keep.", ("resolve",)),
    StepState.FAILED: (Badge.FAILED, "", ("retry",)),
    StepState.RUNNING: (Badge.WAITING, "Is being made there. The next sync looks again.", ()),
    StepState.GONE: (Badge.GONE, "Was deleted there. It is kept here.", ("forget",)),
}
_DELETED_HERE = "Was deleted here and is still there."
_ON_THE_WAY = frozenset({"unreachable", "tls", "timeout"})


@dataclass(frozen=True)
class Open:
    """One of them. ``words`` say what it waits for or why it failed; ``actions`` are of ``send``, ``retry``, ``cancel``,
    ``resolve``, ``delete`` and ``forget``. ``wish`` or ``item`` is what it is about.
    """

    connection: Connection
    title: str
    words: str
    badge: Badge
    actions: tuple[str, ...]
    wish: Wish | None = None
    item: RemoteItem | None = None


class Unsettled:
    def __init__(self, library: Library) -> None:
        self._library = library

    def wishes(self, connection_id: ConnectionId | None = None) -> tuple[Open, ...]:
        """Of all connections or of one: refused ones first, then in the order of sending."""
        found: list[Open] = []
        for connection in self._connections(connection_id):
            outbox = self._library.outbox
            found += [self._refused(connection, wish) for wish in outbox.failed(connection.id)]
            found += [self._waiting(connection, wish) for wish in outbox.open(connection.id)]
        return tuple(found)

    def items(self, connection_id: ConnectionId) -> tuple[Open, ...]:
        """Of one connection: what the user may have to decide."""
        connection = self._library.connections.get(connection_id)
        items = self._library.remote_items
        deleted = items.deleted_here(connection_id)
        known = {item.remote_id for item in deleted}
        found = [self._item(connection, item) for item in items.unsettled(connection_id) if item.remote_id not in known]
        for item in deleted:
            if item.remote_parent_id not in known:
                title = f"“{_name_there(item)}”"
                found.append(Open(connection, title, _DELETED_HERE, Badge.CHANGED_HERE, ("delete", "forget"), item=item))
        return tuple(found)

    def cancel(self, wish_id: WishId) -> int:
        """Takes back a wish that was not sent, with those that wait for it; how many.

        Raises:
            InputError: where it may be there already.
        """
        wish = self._library.outbox.get(wish_id)
        if wish.is_unclear or wish.state is WishState.SENDING:
            raise InputError("It may have arrived there already.", cure="Sync first: that finds out.")
        wishes = [wish, *self._waiting_for(wish)]
        with self._library.transaction("Cancel", undoable=False):
            for each in wishes:
                self._library.outbox.finish(each.id, {"ids": []})
        return len(wishes)

    def retry(self, wish_id: WishId) -> None:
        """A refused wish may be sent again."""
        with self._library.transaction("Retry", undoable=False):
            self._library.outbox.retry(wish_id)

    def forget(self, item: RemoteItem) -> None:
        """What is here, if anything, has to do with the item there no longer."""
        with self._library.transaction("Let go", undoable=False):
            self._library.remote_items.remove(item)

    def made_of(self, kind: str, item_id: int) -> tuple[RemoteItem, ...]:
        """Items there that were made of a script or a document, or that a script here says; the newest last."""
        library = self._library
        found: dict[int, RemoteItem] = {}
        for wish in library.outbox.of_item(kind, item_id):
            for remote_id in (wish.answer or {}).get("ids", ()) if wish.operation == "create" else ():
                found |= {item.id: item for item in library.remote_items.with_remote_id(remote_id)}
        for take in library.recordings.of_script(ScriptId(item_id)) if kind == "script" else ():
            found |= {item.id: item for item in library.remote_items.of_item("recording", take.id)}
        return tuple(found[number] for number in sorted(found))

    def title_of(self, kind: str, item_id: int | None) -> str:
        """Of an item here; empty where it is gone."""
        try:
            return self._title(kind, item_id) if item_id is not None else ""
        except InputError:
            return ""

    # Inside

    def _connections(self, connection_id: ConnectionId | None) -> tuple[Connection, ...]:
        known = self._library.connections
        return known.all() if connection_id is None else (known.get(connection_id),)

    def _refused(self, connection: Connection, wish: Wish) -> Open:
        marks = [wish.failure_code, f"request {wish.request_id}" if wish.request_id else ""]
        told = ", ".join(mark for mark in marks if mark)
        words = f"{wish.failure} ({told})" if told else wish.failure
        return Open(connection, self._doing(wish), words, Badge.FAILED, ("retry", "cancel"), wish=wish)

    def _waiting(self, connection: Connection, wish: Wish) -> Open:
        actions = ("send",) if wish.is_unclear or wish.state is WishState.SENDING else ("send", "cancel")
        return Open(connection, self._doing(wish), self._reason(wish), Badge.WAITING, actions, wish=wish)

    def _reason(self, wish: Wish) -> str:
        if wish.state is WishState.SENDING:
            return "Is being sent, or its answer did not come: the next sync looks."
        after = wish.body.get("after")
        if after is not None and self._library.outbox.get(WishId(after)).state is not WishState.DONE:
            return f"Waits for: {self._doing(self._library.outbox.get(WishId(after)))}."
        if wish.next_at > dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S"):
            at = dt.datetime.fromisoformat(wish.next_at).astimezone()
            return f"The service asks to wait until {at:%H:%M:%S}. {wish.failure}".strip()
        folder = wish.body.get("in_folder")
        if folder is not None and not self._library.remote_items.of_item("folder", int(folder)):
            return "Waits for its folder to be made there."
        if wish.failure:
            return f"Waits for {'the network' if wish.failure_code in _ON_THE_WAY else 'the service'}: {wish.failure}"
        return "Waits to be sent."

    def _item(self, connection: Connection, item: RemoteItem) -> Open:
        badge, words, actions = _OF_STATE[item.state]
        name = self.title_of(item.item_kind, item.item_id) or _name_there(item)
        words = words or str(item.remote.get("failure") or "It could not be made there.")
        return Open(connection, f"“{name}”", words, badge, actions, item=item)

    def _doing(self, wish: Wish) -> str:
        fields = wish.body.get("fields", {})
        name = self.title_of(wish.item_kind, wish.item_id) or next(
            (str(fields[each]) for each in ("title", "label", "name") if fields.get(each)), str(wish.body.get("target", "?"))
        )
        return _DOING.get(wish.operation, wish.operation + " {}").format(f"“{name}”")

    def _waiting_for(self, wish: Wish) -> Iterator[Wish]:
        for each in self._library.outbox.open(wish.connection_id):
            lies_in = wish.operation in {"create_project", "create_folder"} and each.body.get("in_folder") == wish.item_id
            if each.id != wish.id and (each.body.get("after") == wish.id or lies_in):
                yield each
                yield from self._waiting_for(each)

    def _title(self, kind: str, item_id: int) -> str:
        library = self._library
        match kind:
            case "document":
                return library.documents.get(DocumentId(item_id)).title
            case "script":
                return library.scripts.get(ScriptId(item_id)).title
            case "recording":
                return library.recordings.get(RecordingId(item_id)).label
            case "folder":
                return library.folders.get(FolderId(item_id)).name
        return ""


def _name_there(item: RemoteItem) -> str:
    shared = item.remote.get("shared") or {}
    return next((str(shared[name]) for name in ("title", "label", "name") if shared.get(name)), item.remote_id)
