"""Starting syncs, and what the user decides about single items. Main thread only; services are spoken to in jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from declaim.commands.connections import Access, Connections
from declaim.commands.syncing.bottalk_side import BotTalkSide
from declaim.commands.syncing.door import Door
from declaim.commands.syncing.ledger import Ledger, close_unfinished, resolve
from declaim.commands.syncing.logtalk_side import LogTalkSide
from declaim.commands.syncing.respeecher_side import RespeecherSide
from declaim.commands.syncing.session import Session
from declaim.commands.syncing.twins import Twins
from declaim.commands.syncing.values import Failure, Report, Side, SyncOptions
from declaim.errors import DeclaimError, InputError
from declaim.jobs import Jobs
from declaim.model.ids import JobId, outside_id, read_outside_id
from declaim.model.remote import Badge, Connection, ConnectionId, RemoteItem, StepState, Wish, WishId
from declaim.model.work import CancelToken, Progress
from declaim.remote import BotTalk, Client, Limiter, LogTalk, RetryPolicy, check_body
from declaim.remote.respeecher_fields import PROJECT_CHANGE
from declaim.storage import Library

Done = Callable[[Report], None]
Failed = Callable[[Exception], None]
_OWN_KIND = {"logtalk": "conversion", "bottalk": "article", "respeecher": "recording"}
_LOGTALK_ONLY = frozenset({"share", "embed_token", "revoke"})
_LOOPBACK_PATIENCE = 0.05
"""Looks at a service on this computer are not counted by any plan."""


class Syncing:
    def __init__(self, library: Library, jobs: Jobs, connections: Connections, *, policy: RetryPolicy | None = None) -> None:
        self._library = library
        self._jobs = jobs
        self._connections = connections
        self._policy = policy
        self._limiters: dict[ConnectionId, Limiter] = {}

    def sync(self, connections: Sequence[Connection], options: SyncOptions, done: Done, failed: Failed | None = None) -> JobId:
        """Starts a job that brings each connection in step, one after the other."""
        return self._start(f"Sync {_names(connections)}", connections, options, Session.run, done, failed)

    def fetch(
        self,
        connection: Connection,
        kind: str,
        remote_id: str,
        done: Done,
        failed: Failed | None = None,
        *,
        preview: bool = False,
    ) -> JobId:
        """Starts a job that brings one item here, with its words as a script and its audio; ``kind`` may be empty."""
        kind = kind or _OWN_KIND[connection.service]

        def work(session: Session) -> Report:
            return session.fetch_one(kind, remote_id, preview=preview)

        return self._start(f"Fetch from {connection.name}", [connection], SyncOptions(), work, done, failed)

    def _start(
        self,
        title: str,
        connections: Sequence[Connection],
        options: SyncOptions,
        work: Callable[[Session], Report],
        done: Done,
        failed: Failed | None,
    ) -> JobId:
        tasks = [(each, self._connections.access(each), Ledger(self._library, each)) for each in connections]

        def one_after_the_other(cancel: CancelToken, progress: Progress) -> Report:
            report = Report()
            for connection, access, ledger in tasks:
                report.add(self._work_at(connection, access, ledger, options, work, cancel, progress))
            return report

        return self._jobs.start(title, one_after_the_other, done=done, failed=failed)

    def send(self, wishes: Sequence[WishId], options: SyncOptions, done: Done, failed: Failed | None = None) -> JobId:
        """Sends these wishes and nothing else."""
        rows = [self._library.outbox.get(wish_id) for wish_id in wishes]
        connections = [self._library.connections.get(each) for each in dict.fromkeys(row.connection_id for row in rows)]
        only = SyncOptions(wait=options.wait, audio=options.audio, only=frozenset(wishes))
        return self.sync(connections, only, done, failed)

    def run(
        self,
        connection: Connection,
        title: str,
        work: Callable[[Client, CancelToken], object],
        done: Callable[[object], None],
        failed: Failed | None = None,
    ) -> JobId:
        """Any other question to a service, in a job."""
        access = self._connections.access(connection)

        def ask(cancel: CancelToken, _progress: Progress) -> object:
            client = access.open(cancel, policy=self._policy, limiter=self._limiters.get(connection.id))
            with client.transport:
                return work(client, cancel)

        return self._jobs.start(title, ask, done=done, failed=failed)

    def badge(self, kind: str, item_id: int) -> Badge:
        """How an item here stands to the services."""
        return self._library.badges().get((kind, item_id), Badge.LOCAL_ONLY)

    # Single items

    def find_item(self, remote_id: str, connection: Connection | None = None) -> RemoteItem:
        """By its id there, or by that of its twin here.

        Raises:
            InputError: where none is known, or several connections have one.
        """
        found = list(self._library.remote_items.with_remote_id(remote_id)) or self._twins_of(remote_id)
        if connection is not None:
            found = [item for item in found if item.connection_id == connection.id]
        if not found:
            raise InputError(
                f"No remote item '{remote_id}' is known here.", cure="Run 'declaim sync' first, or name --connection."
            )
        if len(found) > 1:
            raise InputError(f"Several connections have an item '{remote_id}'.", cure="Say which with --connection.")
        return found[0]

    def sides(self, item: RemoteItem) -> tuple[Mapping[str, object], Mapping[str, object]]:
        """What both sides have and may change, as it is here and as it was there last."""
        return Twins(self._library).shared(item) or {}, item.remote.get("shared") or {}

    def resolve(self, item: RemoteItem, keep: str) -> tuple[WishId, ...]:
        """Ends a conflict; the wishes to send because of it.

        Raises:
            InputError: where there is none.
        """
        resolve(self._library, item, keep)
        connection = self._library.connections.get(item.connection_id)
        if keep != "here":
            return ()
        Ledger(self._library, connection).wish_changes()
        return self._open_wishes_of(item)

    def wish_delete(self, item: RemoteItem) -> WishId:
        """That it be deleted there; what is here stays."""
        body = {"target": item.remote_id, "kind": item.remote_kind}
        with self._library.transaction("Delete there", undoable=False):
            close_unfinished(self._library, item.connection_id, item)
            return self._library.outbox.add(
                item.connection_id, "delete", item_kind=item.item_kind, item_id=item.item_id, body=body
            )

    def wish_delete_unknown(self, connection: Connection, remote_id: str, kind: str = "") -> WishId:
        """Of an item that is only known there."""
        return self._wish_about(connection, remote_id, "delete", None, {"kind": kind or _OWN_KIND[connection.service]})

    def wish_share(self, connection: Connection, remote_id: str, public: bool, item: RemoteItem | None = None) -> WishId:
        """LogTalk: that it be public, or private again."""
        return self._wish_about(connection, remote_id, "share", item, {"fields": {"public_url": public}})

    def wish_embed_token(self, connection: Connection, remote_id: str, item: RemoteItem | None = None) -> WishId:
        """LogTalk: a new embed token, which the report of sending it names."""
        return self._wish_about(connection, remote_id, "embed_token", item, {})

    def wish_revoke(self, connection: Connection, remote_id: str, token: str, item: RemoteItem | None = None) -> WishId:
        """LogTalk: that an embed token open nothing any more."""
        return self._wish_about(connection, remote_id, "revoke", item, {"token": token})

    def wish_retry_unknown(self, connection: Connection, remote_id: str, kind: str = "") -> WishId:
        """Of an item that is only known there."""
        return self._wish_about(connection, remote_id, "retry", None, {"kind": kind or _OWN_KIND[connection.service]})

    def retry_all(self, connection: Connection | None = None) -> tuple[WishId, ...]:
        """Every wish that was refused, of one connection or of all."""
        refused = self._refused(connection)
        with self._library.transaction("Retry", undoable=False):
            for wish in refused:
                self._library.outbox.retry(wish.id)
        return tuple(wish.id for wish in refused)

    def _wish_about(
        self, connection: Connection, remote_id: str, operation: str, item: RemoteItem | None, body: Mapping[str, object]
    ) -> WishId:
        if operation in _LOGTALK_ONLY and connection.service != "logtalk":
            raise InputError(f"{connection.name} has nothing to share.", cure="Fetch its audio and share that.")
        kind, item_id = (item.item_kind, item.item_id) if item is not None and item.item_id is not None else ("", None)
        with self._library.transaction(operation.capitalize(), undoable=False):
            whole = {"target": remote_id, "kind": item.remote_kind if item else "", **body}
            return self._library.outbox.add(connection.id, operation, item_kind=kind, item_id=item_id, body=whole)

    def wish_rename(self, item: RemoteItem, title: str) -> tuple[WishId, ...]:
        """Here and there."""
        twins = Twins(self._library)
        shared = twins.shared(item)
        if shared is None:
            raise InputError(f"{item.remote_id} was deleted here.", cure="Rename it in the service's own page.")
        name = next((name for name in ("title", "label", "name") if name in shared), "")
        if not name:
            raise InputError(f"What {item.remote_id} is called cannot be changed there.", cure="Rename it here.")
        connection = self._library.connections.get(item.connection_id)
        if connection.service == "respeecher":
            check_body({name: title}, {name: PROJECT_CHANGE["name"]}, f"a {item.remote_kind}")
        with self._library.transaction("Rename there", undoable=False):
            twins.change(item, {**shared, name: title})
            self._library.remote_items.update(item, state=StepState.CHANGED_HERE)
            Ledger(self._library, connection).wish_changes()
        return self._open_wishes_of(item)

    def wish_retry(self, what: str, connection: Connection | None = None) -> tuple[WishId, ...]:
        """Once more: wishes of an item that were refused, or an item that failed while it was made there.

        Raises:
            InputError: where nothing failed.
        """
        refused = [wish for wish in self._refused(connection) if self._is_of(wish, what)]
        with self._library.transaction("Retry", undoable=False):
            for wish in refused:
                self._library.outbox.retry(wish.id)
        if refused:
            return tuple(wish.id for wish in refused)
        item = self.find_item(what, connection)
        if item.state is not StepState.FAILED:
            raise InputError(f"Nothing of '{what}' failed.", cure="Run 'declaim sync' to see how it stands.")
        with self._library.transaction("Retry", undoable=False):
            body = {"target": item.remote_id, "kind": item.remote_kind}
            wish_id = self._library.outbox.add(
                item.connection_id, "retry", item_kind=item.item_kind, item_id=item.item_id, body=body
            )
        return (wish_id,)

    # Inside

    def _work_at(
        self,
        connection: Connection,
        access: Access,
        ledger: Ledger,
        options: SyncOptions,
        work: Callable[[Session], Report],
        cancel: CancelToken,
        progress: Progress,
    ) -> Report:
        """In the worker. A connection that cannot be used does not keep the others from it."""
        try:
            client = access.open(cancel, policy=self._policy, limiter=self._limiters.get(connection.id))
        except DeclaimError as error:
            return Report(failed=[Failure(connection.name, "no_key", f"{error.message} {error.cure}".strip())])
        self._limiters[connection.id] = client.transport.limiter
        before = client.transport.sent
        with client.transport:
            from declaim.remote.addresses import origin_of

            is_near = origin_of(client.transport.base_url).is_loopback
            session = Session(
                connection,
                side_of(client),
                ledger,
                Door(self._jobs.post, cancel),
                options,
                self._library.media,
                cancel,
                progress,
                policy=self._policy,
                patience=_LOOPBACK_PATIENCE if is_near else 1.0,
            )
            report = work(session)
        report.requests = client.transport.sent - before
        return report

    def _twins_of(self, what: str) -> list[RemoteItem]:
        here = read_outside_id(what)
        return list(self._library.remote_items.of_item(*here)) if here else []

    def _open_wishes_of(self, item: RemoteItem) -> tuple[WishId, ...]:
        wishes = self._library.outbox.open(item.connection_id)
        return tuple(wish.id for wish in wishes if wish.body.get("target") == item.remote_id)

    def _refused(self, connection: Connection | None) -> list[Wish]:
        chosen = [connection] if connection else self._connections.all()
        return [wish for each in chosen for wish in self._library.outbox.failed(each.id)]

    def _is_of(self, wish: Wish, what: str) -> bool:
        own = outside_id(wish.item_kind, wish.item_id) if wish.item_kind and wish.item_id is not None else ""
        return what in {own, str(wish.body.get("target", ""))} - {""}


def _names(connections: Sequence[Connection]) -> str:
    return ", ".join(each.name for each in connections)


def side_of(client: Client) -> Side:
    if isinstance(client, LogTalk):
        return LogTalkSide(client)
    return BotTalkSide(client) if isinstance(client, BotTalk) else RespeecherSide(client)
