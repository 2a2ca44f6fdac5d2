"""What the window orders about remote services: the sheets, the syncs, and what is said when they are done.

Built when something remote is asked for; until then nothing of this package is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from declaim.commands.syncing import Report, SyncOptions
from declaim.errors import Cancelled, DeclaimError
from declaim.model.ids import DocumentId, JobId, ProjectId
from declaim.model.remote import Connection, ConnectionId, RemoteItem, WishId
from declaim.remote import Client
from declaim.ui.connections.report_words import failures_in_words, report_in_words
from declaim.ui.orders import Orders

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.commands.unsettled import Open
    from declaim.ui.library.library_rows import Key

_KEEPS = "What was made with it stays, here and there. The key is forgotten."


@dataclass(frozen=True)
class Told:
    """A notice. ``run`` is what the button ``action`` does."""

    message: str
    cure: str = ""
    is_problem: bool = False
    action: str = ""
    run: Callable[[], object] | None = None


class RemoteOrders(QObject):
    """``told(object)`` carries what the window is to say, a ``Told``."""

    told = Signal(object)
    connections_requested = Signal(object, object)
    """Id of the project (or None), id of the connection to go to (or None)."""

    def __init__(self, studio: Studio, orders: Orders, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._orders, self._window = studio, orders, window

    # Sheets

    def open_connect(self, project_id: ProjectId | None, done: Callable[[ConnectionId], object] | None = None) -> None:
        from declaim.ui.connections.connect_sheet import ConnectSheet

        sheet = ConnectSheet(self._studio, project_id, self._over())
        sheet.connected.connect(lambda made: self.told.emit(Told(f"Connected “{self._name(made)}”.")))
        if done is not None:
            sheet.connected.connect(done)
        sheet.open()

    def open_publish(self, key: Key, connection: Connection) -> None:
        from declaim.ui.connections.publish_sheet import PublishSheet

        sheet = PublishSheet(self._studio, key, connection, self._over())
        sheet.published.connect(partial(self.send, connection))
        sheet.open()

    def open_orders(self, item: RemoteItem) -> None:
        """Voices for an original that is there already."""
        from declaim.ui.connections.order_sheet import OrderSheet

        connection = self._connection_of(item)
        sheet = OrderSheet(self._studio, item, connection, self._over())
        sheet.ordered.connect(partial(self.send, connection))
        sheet.open()

    def open_share(self, item: RemoteItem) -> None:
        from declaim.ui.connections.share_sheet import ShareSheet

        ShareSheet(self._studio, item, self._connection_of(item), self._over()).open()

    def open_conflict(self, item: RemoteItem) -> None:
        from declaim.ui.connections.conflict_sheet import ConflictSheet

        connection = self._connection_of(item)
        sheet = ConflictSheet(self._studio, self._orders, item, connection, self._over())
        sheet.resolved.connect(partial(self.send, connection))
        sheet.open()

    def open_details(self, item: RemoteItem) -> None:
        from declaim.ui.connections.operation_sheet import open_details

        open_details(self._studio, item, self._connection_of(item), self._over())

    def open_export(self, item: RemoteItem) -> None:
        from declaim.ui.connections.operation_sheet import open_export

        open_export(self._studio, item, self._connection_of(item), self._over())

    def open_operations(self, connection: Connection) -> None:
        from declaim.ui.connections.operation_sheet import OperationSheet

        OperationSheet(self._studio, connection, parent=self._over()).open()

    # Orders

    def start_sync(
        self,
        connections: Sequence[Connection],
        *,
        audio: bool = True,
        dry_run: bool = False,
        done: Callable[[Report, bool], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> JobId | None:
        """A sync as a job; without ``done`` the window says how it ended."""
        options = SyncOptions(audio=audio, dry_run=dry_run)
        finish = partial(self._on_synced, tuple(connections)) if done is None else done

        def end(report: Report) -> None:
            finish(report, dry_run)

        refuse = _known_only(failed) if failed else self._orders.refuse
        return self._orders.give(partial(self._studio.syncing.sync, connections, options, end, refuse))

    def send(self, connection: Connection, wishes: Sequence[WishId]) -> None:
        """These wishes and nothing else; the window says how it ended."""
        if wishes:
            done = partial(self._on_sent, connection)
            self._orders.give(partial(self._studio.syncing.send, wishes, SyncOptions(), done, self._orders.refuse))

    def ask(
        self,
        connection: Connection,
        title: str,
        work: Callable[[Client, Any], object],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """A question in a job; a refusal at once goes to ``failed`` too."""

        def answer(found: object) -> None:
            done(found)

        try:
            self._studio.syncing.run(connection, title, work, answer, _known_only(failed))
        except DeclaimError as error:
            failed(error)

    def act(self, action: str, opened: Open) -> None:
        """What the buttons under a list of open things do."""
        unsettled = self._studio.unsettled
        wish, item = opened.wish, opened.item
        if wish is not None and action == "cancel":
            self._orders.give(partial(unsettled.cancel, wish.id))
        elif wish is not None:
            if action == "retry":
                self._orders.give(partial(unsettled.retry, wish.id))
            self.send(opened.connection, (wish.id,))
        elif item is not None:
            self.act_on_item(action, item)

    def act_on_item(self, action: str, item: RemoteItem) -> None:
        if action == "forget":
            self._orders.give(partial(self._studio.unsettled.forget, item))
        elif action == "retry":
            wishes = self._orders.give(partial(self._studio.syncing.wish_retry, item.remote_id, self._connection_of(item)))
            self.send(self._connection_of(item), wishes or ())
        elif action == "delete":
            self.delete_there(item)
        else:
            sheets = {
                "resolve": self.open_conflict,
                "share": self.open_share,
                "order": self.open_orders,
                "details": self.open_details,
                "fetch": lambda item: self.fetch(self._connection_of(item), item.remote_kind, item.remote_id),
                "export": self.open_export,
            }
            sheets[action](item)

    def fetch(self, connection: Connection, kind: str, remote_id: str) -> None:
        """One item with its words and its audio."""
        done = partial(self._on_synced, (connection,), dry_run=False)
        self._orders.give(partial(self._studio.syncing.fetch, connection, kind, remote_id, done, self._orders.refuse))

    def write_there(self, document_id: DocumentId, connection: Connection) -> None:
        """LogTalk writes the script of a document; the next sync brings it."""
        wishes = self._orders.give(partial(self._studio.publishing.wish_script, document_id, connection))
        self.send(connection, wishes or ())

    def update_there(self, item: RemoteItem, key: Key) -> None:
        """The article there gets the words of a script or document here, and is spoken anew."""
        connection = self._connection_of(item)
        update = partial(self._studio.publishing.wish_update, connection, item.remote_id, item=item, source=key)
        self.send(connection, self._orders.give(update) or ())

    def delete_there(self, item: RemoteItem) -> None:
        """Asks; what is here stays."""
        connection = self._connection_of(item)
        shared = item.remote.get("shared") or {}
        name = next((shared[each] for each in ("title", "label", "name") if shared.get(each)), item.remote_id)
        more = " Everything in it goes with it." if item.remote_kind in ("project", "folder") else ""
        text = f"Delete “{name}” at {connection.name}?"
        self._ask_user(
            text, f"This cannot be undone there.{more} What is here stays.", "Delete there", lambda: self._delete(item)
        )

    def disconnect_service(self, connection: Connection, done: Callable[[], object]) -> None:
        """Asks first."""

        def disconnected() -> None:
            self.told.emit(Told(f"Disconnected “{connection.name}”."))
            done()

        def go() -> None:
            self._orders.give(partial(self._studio.connections.disconnect, connection, disconnected, self._orders.refuse))

        self._ask_user(f"Disconnect “{connection.name}”?", _KEEPS, "Disconnect", go)

    # What came of it

    def _on_synced(self, connections: tuple[Connection, ...], report: Report, dry_run: bool) -> None:
        look = partial(self.connections_requested.emit, None, connections[0].id if len(connections) == 1 else None)
        said = report_in_words(report, dry_run=dry_run)
        left = sum("delete" in each.actions for each in self._items(connections))
        still = f"{left} deleted here and still there." if left else ""
        if report.failed:
            self.told.emit(Told(said, failures_in_words(report), True, "Look", look))
        elif report.conflicts or left:
            self.told.emit(Told(f"{said} {still}".strip(), "", False, "Look", look))
        else:
            self.told.emit(Told(said))

    def _on_sent(self, connection: Connection, report: Report) -> None:
        look = partial(self.connections_requested.emit, None, connection.id)
        if report.failed:
            self.told.emit(Told(f"{connection.name} refused it.", failures_in_words(report), True, "Look", look))
        elif report.pushed:
            later = " It is being made there; the next sync looks for it." if report.waiting else ""
            self.told.emit(
                Told(f"Sent to {connection.name}.{later}", "", False, "Sync now", partial(self.start_sync, (connection,)))
            )
        else:
            self.told.emit(Told(f"It waits: {connection.name} does not answer now.", "", False, "Look", look))

    # Inside

    def _delete(self, item: RemoteItem) -> None:
        wish = self._orders.give(partial(self._studio.syncing.wish_delete, item))
        if wish is not None:
            self.send(self._connection_of(item), (wish,))

    def _ask_user(self, text: str, more: str, yes: str, do: Callable[[], object]) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, "Declaim", text, QMessageBox.StandardButton.Cancel, self._over())
        box.setObjectName("remoteQuestion")
        box.setInformativeText(more)
        button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        button.setObjectName("remoteYes")
        button.clicked.connect(lambda: do())
        box.open()

    def _items(self, connections: Sequence[Connection]) -> list[Open]:
        return [each for connection in connections for each in self._studio.unsettled.items(connection.id)]

    def _connection_of(self, item: RemoteItem) -> Connection:
        return self._studio.library.connections.get(item.connection_id)

    def _name(self, connection_id: ConnectionId) -> str:
        return self._studio.library.connections.get(connection_id).name

    def _over(self) -> QWidget:
        """What a sheet opens over: the sheet on top, else the window."""
        return QApplication.activeModalWidget() or self._window


def _known_only(failed: Callable[[Exception], object]) -> Callable[[Exception], None]:
    """A bug goes to the report."""

    def tell(error: Exception) -> None:
        if not isinstance(error, DeclaimError | Cancelled):
            raise error
        failed(error)

    return tell
