"""The library's side of a sync: what is to be sent and what came of it; ``items`` is what is known there. Main thread only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from declaim.commands.syncing.items import Items
from declaim.commands.syncing.mirroring import Mirror, is_unsent
from declaim.commands.syncing.twins import Twins
from declaim.commands.syncing.values import Failure, Found, Report, Sent, WishJob, hash_of, words_of
from declaim.errors import DeclaimError, InputError, RemoteError
from declaim.model.ids import FolderId, outside_id
from declaim.model.remote import Connection, ConnectionId, RemoteItem, StepState, Wish, WishId, WishState
from declaim.remote.logtalk_values import SCRIPT_LIFE_S, SCRIPT_WARN_S
from declaim.storage import Library

_MAKES = frozenset({"create", "create_project", "create_folder", "order", "convert", "write_script"})


_JUST_NOW_S = 60


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


class Ledger:
    """Of one connection."""

    def __init__(self, library: Library, connection: Connection) -> None:
        self._library = library
        self._connection = connection
        self.items = Items(library, connection)
        self._mirror = Mirror(library, connection) if connection.service == "respeecher" else None

    # The outbox

    def next_wish(self, tried: Collection[WishId], only: Collection[int] | None, *, with_changes: bool = True) -> WishJob | None:
        """The first that may be sent now and was not yet tried. Changes wait for a pull, which may find a conflict, and so does
        what is only mirrored: it may not be there any more by then, or say something else.
        """
        waiting: set[tuple[str, int | None]] = set()
        items = self._items_of(only)
        for wish in self._library.outbox.open(self._connection.id):
            item = (wish.item_kind, wish.item_id)
            is_blocked = item in waiting and wish.item_id is not None
            waiting.add(item)
            if wish.id in tried or is_blocked or not self._is_wanted(wish, only, items):
                continue
            if not with_changes and (wish.operation == "change" or is_unsent(wish)):
                continue
            if wish.next_at > _now() or not self._has_what_it_needs(wish):
                continue
            return self._job(wish)
        return None

    def open_count(self) -> int:
        return len(self._library.outbox.open(self._connection.id))

    def has_unclear(self) -> bool:
        """Whether something may be there that is not known here: pulled now, it would be there twice here."""
        return any(wish.is_unclear for wish in self._library.outbox.open(self._connection.id) if wish.operation in _MAKES)

    def start(self, wish_id: WishId, additions: Mapping[str, Any]) -> Wish:
        outbox = self._library.outbox
        with self._library.transaction("Send", undoable=False):
            outbox.start(wish_id, {**outbox.get(wish_id).body, **additions})
        return outbox.get(wish_id)

    def note_sent(self, wish: Wish, sent: Sent) -> Report:
        """The wish is done and what it made is known here, in one transaction."""
        another = next((found for found in sent.items if self._is_anothers(wish, found, sent)), None)
        if another is not None:
            message = f"The service answered with {another.id}, which was there before."
            strange = InputError(message, cure="Look there whether it was made, then retry or publish it again.")
            return self.note_refused(wish, strange, code="other_item")
        report = Report(pushed=1, tokens=[sent.token] if sent.token else [])
        with self._library.transaction("Send", undoable=False):
            for found in sent.items:
                report.add(self.items.keep_made(wish, found))
                self._wish_the_rest(wish, found)
            for remote_id in sent.gone:
                self.items.forget(remote_id)
            ids = [found.id for found in sent.items]
            self._library.outbox.finish(wish.id, {"ids": ids})
            report.items += ids
        return report

    def note_refused(self, wish: Wish, error: DeclaimError, *, code: str = "") -> Report:
        """Not sent again until the user asks; where an earlier try may have arrived, that is looked at first then."""
        code, request_id = code or _code_of(error), getattr(error, "request_id", "")
        is_unclear = wish.is_unclear or bool(getattr(error, "after_unclear", False))
        with self._library.transaction("Send", undoable=False):
            self._library.outbox.fail(
                wish.id, str(error.message), code=code, request_id=request_id, is_unclear=is_unclear and code != "other_item"
            )
        return Report(failed=[Failure(self._name_of(wish), code, words_of(error), request_id)])

    def note_later(self, wish: Wish, error: RemoteError) -> None:
        """To be sent again; after the time that the service asks for, where it does."""
        wait_s = getattr(error, "retry_after_s", None)
        next_at = _now(wait_s) if wait_s and wait_s > 1 else ""
        with self._library.transaction("Send", undoable=False):
            self._library.outbox.set_back(
                wish.id, error.message, code=_code_of(error), next_at=next_at, is_unclear=error.maybe_done
            )

    def notes(self) -> list[str]:
        """What waits, and why; what expires there; what was moved; what was deleted here and is still there."""
        waiting = [self._reason(wish) for wish in self._library.outbox.open(self._connection.id)]
        moved = self._mirror.notes() if self._mirror else []
        return [note for note in (*waiting, *map(self._expiry, self.items.all()), *moved) if note] + [
            f"{item.remote_id} was deleted here and is still there: 'declaim remote delete {item.remote_id} --yes' deletes it."
            for item in self.items.deleted_here()
        ]

    def _reason(self, wish: Wish) -> str:
        name = self._name_of(wish)
        if not self._has_what_it_needs(wish):
            return f"{name} waits for what is to be there before it. If that was refused: 'declaim remote retry'."
        if wish.next_at > _now():
            return f"{name} waits until {dt.datetime.fromisoformat(wish.next_at).astimezone():%H:%M:%S}: {wish.failure}"
        return f"{name} waits: {wish.failure}" if wish.failure else ""

    def _expiry(self, item: RemoteItem) -> str:
        """Of a script that LogTalk wrote: said when it was written, and once more before it is gone there."""
        made_at = str(item.remote.get("made_at", "")) if item.remote_kind == "script" else ""
        if not made_at:
            return ""
        made = dt.datetime.fromisoformat(made_at)
        age_s = (dt.datetime.now(dt.UTC) - made).total_seconds()
        if _JUST_NOW_S < age_s < SCRIPT_WARN_S or age_s > SCRIPT_LIFE_S:
            return ""
        until = (made + dt.timedelta(seconds=SCRIPT_LIFE_S)).astimezone()
        return f"{self.items.name_of(item)}: the service keeps the script until {until:%H:%M}; published later, its text is sent."

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
            for item in self.items.all():
                if item.state is StepState.CHANGED_HERE:
                    made += self._wish_change(item, refused.get(item.remote_id))
        return made

    def wish_new(self) -> Report:
        """Wishes for what was made here inside mirrored folders, see :meth:`Mirror.wish_new`."""
        return self._mirror.wish_new() if self._mirror else Report()

    # Trying out

    def try_out(self, pages: Collection[Collection[Found]], listed: Collection[str], *, with_audio: bool) -> Report:
        """What a sync would do; nothing of it is kept."""
        report = Report()
        with self._taken_back():
            for page in pages:
                report.add(self.items.keep_page(page))
            report.add(self.items.note_missing({found.id for page in pages for found in page}, listed))
            self.wish_changes()
            report.add(self.wish_new())
            report.pushed = self.open_count()
            report.downloaded = len(self.items.to_fetch()) if with_audio else 0
            report.waiting = len(self.items.running())
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

    def _items_of(self, only: Collection[int] | None) -> set[tuple[str, int]]:
        """Whose wishes they are, and the folders that these lie in."""
        wishes = [self._library.outbox.get(WishId(wish_id)) for wish_id in only or ()]
        items = {(wish.item_kind, wish.item_id) for wish in wishes if wish.item_id is not None}
        folders = {int(wish.body["in_folder"]) for wish in wishes if "in_folder" in wish.body}
        while folders:
            items |= {("folder", folder) for folder in folders}
            above = (self._library.folders.get(FolderId(folder)).parent_id for folder in folders)
            folders = {int(parent) for parent in above if parent is not None}
        return items

    def _is_wanted(self, wish: Wish, only: Collection[int] | None, items: Collection[tuple[str, int]]) -> bool:
        """With ``only``, also what stands before it in the same item's order."""
        return only is None or wish.id in only or (wish.item_id is not None and (wish.item_kind, wish.item_id) in items)

    def _is_anothers(self, wish: Wish, found: Found, sent: Sent) -> bool:
        """Something new cannot be what was known before: it would take that one's place."""
        return wish.operation in _MAKES and not sent.may_be_known and self.items.find(found.kind, found.id) is not None

    def _has_what_it_needs(self, wish: Wish) -> bool:
        after = wish.body.get("after")
        if after is not None and self._library.outbox.get(WishId(after)).state is not WishState.DONE:
            return False
        folder = wish.body.get("in_folder")
        return folder is None or bool(self._remote_id_of_folder(int(folder)))

    def _remote_id_of_folder(self, folder_id: int) -> str:
        twins = self._library.remote_items.of_item("folder", folder_id)
        live = (item for item in twins if item.connection_id == self._connection.id and item.state is not StepState.GONE)
        return next((item.remote_id for item in live), "")

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
            self._known_of(wish),
        )

    def _known_of(self, wish: Wish) -> Mapping[str, Any]:
        kind, target = str(wish.body.get("kind", "")), str(wish.body.get("target", ""))
        item = self.items.find(kind, target) if kind and target else None
        return item.remote if item is not None else {}

    def _wish_the_rest(self, wish: Wish, found: Found) -> None:
        """What was made of something here may have a star or a note here that making it did not say."""
        item = self.items.find(found.kind, found.id) if wish.operation in _MAKES else None
        if item is not None and item.state is StepState.CHANGED_HERE:
            self._wish_change(item, None)

    def _changes(self, wishes: Collection[Wish]) -> dict[str, Wish]:
        return {str(wish.body.get("target")): wish for wish in wishes if wish.operation == "change"}

    def _wish_change(self, item: RemoteItem, refused: Wish | None) -> int:
        """What was refused is not sent again; where it was changed since, that is another wish."""
        here, there = self.items.shared_here(item), item.remote.get("shared", {})
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

    def _name_of(self, wish: Wish) -> str:
        if wish.item_id is not None and wish.item_kind:
            return outside_id(wish.item_kind, wish.item_id)
        return str(wish.body.get("target", ""))


def resolve(library: Library, item: RemoteItem, keep: str) -> None:
    """Ends a conflict as the user chose: ``here``, ``there`` or ``both``.

    Raises:
        InputError: where there is none to choose about.
    """
    twins, shared = Twins(library), item.remote.get("shared")
    if item.state is not StepState.CONFLICT or not isinstance(shared, Mapping):
        raise InputError(f"{item.remote_id} has no conflict.", cure="Run 'declaim sync' to see how it stands.")
    with library.transaction("Resolve conflict", undoable=keep != "here"):
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
