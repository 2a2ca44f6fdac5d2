"""What of the services stands in the context menu of a row of the library, and what each entry does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from declaim.model.ids import DocumentId, ProjectId, RecordingId
from declaim.model.library import TreeRow
from declaim.model.remote import Badge, Connection, RemoteItem, StepState, WishState

if TYPE_CHECKING:
    from declaim.commands.unsettled import Unsettled
    from declaim.storage import Library
    from declaim.ui.connections.remote_orders import RemoteOrders

Entry = tuple[str, str, "Callable[[RemoteOrders], object]"]
"""Object name, label, what it does."""
_TEXTS = frozenset({"document", "script"})


def remote_entries(library: Library, unsettled: Unsettled, row: TreeRow, project_id: ProjectId) -> tuple[Entry, ...]:
    """Without a connection one quiet entry on the project, else nothing."""
    connections = library.connections.all(project_id)
    if row.kind == "project":
        return _of_project(project_id, connections)
    if not connections:
        return ()
    by_id = {each.id: each for each in library.connections.all()}
    items = [each for each in library.remote_items.of_item(row.kind, row.id) if each.connection_id in by_id]
    is_original = row.kind == "recording" and library.recordings.get(RecordingId(row.id)).original_id is None
    found = (_of_item(item, by_id[item.connection_id], is_original=is_original) for item in items)
    entries = [entry for each in found for entry in each]
    there = {item.connection_id for item in items if item.state is not StepState.GONE}
    for connection in connections:
        if _takes(connection, row) and connection.id not in there:
            entries += _of_text(unsettled, connection, row)
    if row.badge in (Badge.FAILED, Badge.WAITING):
        open_at = [wish.connection_id for wish in library.outbox.of_item(row.kind, row.id) if wish.state is not WishState.DONE]
        where = next((number for number in (*open_at, *there) if number in by_id), connections[0].id)
        entries.append(("remoteWhy", "What it waits for…", lambda remote: remote.connections_requested.emit(project_id, where)))
    return tuple(entries)


def _of_project(project_id: ProjectId, connections: tuple[Connection, ...]) -> tuple[Entry, ...]:
    if not connections:
        return (("connectService", "Connect a service…", lambda remote: remote.open_connect(project_id)),)
    return (
        ("syncProject", "Sync now", lambda remote: remote.start_sync(connections)),
        ("tryProject", "What would a sync do?", lambda remote: remote.start_sync(connections, dry_run=True)),
        ("connections", "Connections…", lambda remote: remote.connections_requested.emit(project_id, None)),
    )


def _of_text(unsettled: Unsettled, connection: Connection, row: TreeRow) -> list[Entry]:
    """What can be published, and what of it is there already."""
    key, name = (row.kind, row.id), connection.name
    entries: list[Entry] = [(f"publish-{name}", f"Publish to {name}…", lambda remote: remote.open_publish(key, connection))]
    if connection.service == "logtalk" and row.kind == "document":
        number = DocumentId(row.id)
        entries.append((f"write-{name}", f"Have {name} write the script", lambda remote: remote.write_there(number, connection)))
    made = [item for item in unsettled.made_of(*key) if item.connection_id == connection.id and item.state is not StepState.GONE]
    if connection.service == "bottalk" and made:
        entries.append((f"update-{name}", f"Update the article at {name}", lambda remote: remote.update_there(made[-1], key)))
    return entries


def _of_item(item: RemoteItem, connection: Connection, *, is_original: bool) -> list[Entry]:
    """An item there with a twin here."""
    wanted = []
    if item.state is StepState.CONFLICT:
        wanted.append(("resolve", "Choose what to keep…"))
    if item.state is StepState.FAILED:
        wanted.append(("retry", f"Have it made again at {connection.name}"))
    if item.state is StepState.GONE:
        return [_entry("forget", f"Let go of {connection.name}", item)]
    if item.remote_kind == "conversion":
        wanted.append(("share", "Share and embed…"))
    if item.remote_kind == "recording" and is_original:
        wanted.append(("order", "Order voices…"))
    if connection.service == "respeecher" and (is_original or item.remote_kind == "project"):
        wanted.append(("export", f"Export a zip from {connection.name}…"))
    if item.item_kind == "recording":
        wanted.append(("fetch", f"Fetch from {connection.name} again"))
    wanted += [("details", f"Details at {connection.name}…"), ("delete", f"Delete at {connection.name}…")]
    return [_entry(action, label, item) for action, label in wanted]


def _entry(action: str, label: str, item: RemoteItem) -> Entry:
    return f"{action}There", label, lambda remote: remote.act_on_item(action, item)


def _takes(connection: Connection, row: TreeRow) -> bool:
    if row.kind in _TEXTS:
        return True
    return row.kind == "recording" and connection.service == "respeecher" and bool(row.duration_ms) and row.source != "remote"
