"""What was made here inside the folders that mirror projects at Respeecher, as wishes; and what was moved. Main thread only.

To sync is to ask for it: new folders, the text of new scripts and new originals with audio of their own go there. Takes do not,
nor anything that lies outside such a folder, nor what lay in a folder before something in it was published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from declaim.commands.originals import Originals, Place, check_original
from declaim.commands.syncing.values import Failure, Report, words_of
from declaim.errors import InputError
from declaim.model.ids import FolderId, outside_id
from declaim.model.library import Folder, Recording, ScriptRow
from declaim.model.remote import Connection, RemoteItem, StepState, Wish, WishId, WishState
from declaim.storage import Library

_MIRRORED = {"mirrored": True}
"""Marks wishes that were made here: they follow what they are about until they are sent."""
_OPERATIONS = frozenset({"create", "create_folder"})


@dataclass(frozen=True)
class _Top:
    """A top-level folder that is a project there; ``since`` it became one, where it was made here."""

    folder_id: FolderId
    since: str


@dataclass(frozen=True)
class _New:
    operation: str
    kind: str
    item_id: int
    name: str
    body: dict[str, Any]
    check: Callable[[], None]

    @property
    def key(self) -> tuple[str, str, int]:
        return self.operation, self.kind, self.item_id


class Mirror:
    """Of one connection to Respeecher."""

    def __init__(self, library: Library, connection: Connection) -> None:
        self._library = library
        self._connection = connection
        self._originals = Originals(library, connection)

    def wish_new(self) -> Report:
        """A wish for each that is not there: how many (``pushed``), which (``new``), and what the service would not take,
        which is told once, until it is changed.
        """
        report = Report()
        with self._library.transaction("Send what is new", undoable=False):
            mirrored = self._mirrored()
            found = [*self._new_folders(mirrored), *self._new_originals(mirrored, report)] if mirrored else []
            self._withdraw({new.key for new in found})
            for new in found:
                report.add(self._wish(new))
        return report

    def notes(self) -> list[str]:
        """What lies elsewhere here than there."""
        folders = {folder.id: folder for folder in self._library.folders.of(self._connection.project_id)}
        return [
            f"{outside_id(item.item_kind, item.item_id or 0)} lies in another folder here than there. "
            f"{self._connection.name} has no call that moves it: move it there by hand, or back here."
            for item, expected, actual in self._library.remote_items.elsewhere(self._connection.id)
            if not _is_tolerable(item, expected, actual, folders)
        ]

    # What is new

    def _mirrored(self) -> dict[FolderId, _Top]:
        """Each folder in a mirrored project, with the top-level one that it lies in. What was deleted there is none any more."""
        items = {item.item_id: item for item in self._library.remote_items.of_folders(self._connection.id)}
        gone = {folder for folder, item in items.items() if item.state is StepState.GONE}
        folders = {folder.id: folder for folder in self._library.folders.of(self._connection.project_id)}
        projects = {folder for folder, item in items.items() if item.remote_kind == "project"}
        tops = {folder: self._top(folder) for folder in folders if folder in projects}
        chains = {folder: _chain(folder, folders) for folder in folders}
        return {folder: tops[chain[-1]] for folder, chain in chains.items() if chain[-1] in tops and not gone & set(chain)}

    def _top(self, folder_id: FolderId) -> _Top:
        wishes = self._library.outbox.of_item("folder", folder_id)
        made = (each for each in wishes if each.operation == "create_project" and each.connection_id == self._connection.id)
        return _Top(folder_id, max((wish.created_at for wish in made), default=""))

    def _new_folders(self, mirrored: dict[FolderId, _Top]) -> Iterator[_New]:
        """Below each other here, they lie side by side there: the service has no call that nests them."""
        known = {item.item_id for item in self._library.remote_items.of_folders(self._connection.id)}
        for folder_id, top in mirrored.items():
            folder = self._library.folders.get(folder_id)
            if folder_id not in known and folder.created_at >= top.since:
                yield _new_place(Place(folder_id, folder.name, top.folder_id))

    def _new_originals(self, mirrored: dict[FolderId, _Top], report: Report) -> Iterator[_New]:
        made = self._library.outbox.made(self._connection.id)
        for kind, row in self._candidates():
            top = mirrored.get(row.folder_id) if row.folder_id is not None else None
            if top is None or row.created_at < top.since or (kind, row.id) in made:
                continue
            form = "tts" if kind == "script" else "upload"
            try:
                body = self._originals.body(kind, row.id, form)
            except InputError as error:
                report.notes.append(f"{outside_id(kind, row.id)} cannot be sent: {words_of(error)}")
                continue
            if form == "upload" or body["fields"]["text"]:
                yield _New("create", kind, row.id, body["fields"]["label"], body, partial(check_original, body))

    def _candidates(self) -> Iterator[tuple[str, ScriptRow | Recording]]:
        for script in self._library.scripts.of(self._connection.project_id):
            yield "script", script
        for recording in self._library.recordings.brought(self._connection.project_id, self._connection.id):
            yield "recording", recording

    # As wishes

    def _wish(self, new: _New) -> Report:
        try:
            new.check()
        except InputError as error:
            return self._refuse(new, error)
        needed: list[Place] = []
        body = new.body
        if new.operation == "create":
            _, below = self._originals.places_of(new.kind, new.item_id)
            body = {**body, "in_folder": below.folder_id}
            needed = [] if self._originals.has_twin(below.folder_id) else [below]
        before = self._earlier(new)
        if before is not None and (not is_unsent(before) or _says(before, body)):
            return Report()
        report = Report()
        for place in needed:
            report.add(self._wish(_new_place(place)))
        self._put(new, body, before)
        report.add(Report(pushed=1, new=[f"{outside_id(new.kind, new.item_id)} '{new.name}' is new here and goes there."]))
        return report

    def _refuse(self, new: _New, error: InputError) -> Report:
        before = self._earlier(new)
        if before is not None and (not is_unsent(before) or (_says(before, new.body) and before.state is WishState.FAILED)):
            return Report()
        wish = self._put(new, new.body, before)
        self._library.outbox.fail(wish, error.message, code="not_sent")
        return Report(failed=[Failure(outside_id(new.kind, new.item_id), "not_sent", words_of(error))])

    def _earlier(self, new: _New) -> Wish | None:
        """A wish for it that is not done."""
        wishes = self._library.outbox.of_item(new.kind, new.item_id)
        own = (wish for wish in wishes if wish.connection_id == self._connection.id and wish.operation in _OPERATIONS)
        return next((wish for wish in own if wish.state is not WishState.DONE), None)

    def _put(self, new: _New, body: dict[str, Any], before: Wish | None) -> WishId:
        """What waits goes on waiting, for what it is now; what was refused is another wish."""
        outbox, body = self._library.outbox, {**body, **_MIRRORED}
        if before is not None and before.state is WishState.WAITING:
            outbox.reword(before.id, body)
            return before.id
        if before is not None:
            outbox.finish(before.id, {"ids": []})
        return outbox.add(self._connection.id, new.operation, item_kind=new.kind, item_id=new.item_id, body=body)

    def _withdraw(self, still_new: Collection[tuple[str, str, int]]) -> None:
        """What was deleted here, or moved out, before it was sent."""
        outbox = self._library.outbox
        for wish in (*outbox.open(self._connection.id), *outbox.failed(self._connection.id)):
            if is_unsent(wish) and (wish.operation, wish.item_kind, wish.item_id) not in still_new:
                outbox.finish(wish.id, {"ids": []})


def _new_place(place: Place) -> _New:
    return _New(place.operation, "folder", place.folder_id, place.name, place.body, place.check)


def is_unsent(wish: Wish) -> bool:
    """Made by a sync, and surely not there."""
    return bool(wish.body.get("mirrored")) and not wish.sent_at


def _says(wish: Wish, body: dict[str, Any]) -> bool:
    """What was refused was so for its fields."""
    names = ("fields", "file") if wish.state is WishState.FAILED else ("fields", "file", "in_folder")
    return all(wish.body.get(name) == body.get(name) for name in names)


def _chain(folder_id: FolderId | None, folders: dict[FolderId, Folder]) -> tuple[FolderId | None, ...]:
    """The folder and those that it lies in, from below."""
    chain: list[FolderId | None] = []
    while folder_id is not None and folder_id in folders:
        chain.append(folder_id)
        folder_id = folders[folder_id].parent_id
    return tuple(chain)


def _is_tolerable(item: RemoteItem, expected: FolderId, actual: FolderId | None, folders: dict[FolderId, Folder]) -> bool:
    """A project there holds no recordings itself, and its folders none of their own: deeper or flatter here is the same."""
    if item.item_kind == "folder":
        return expected in _chain(actual, folders)
    return actual in _chain(expected, folders)
