"""What is to be published, as wishes: checked against the service's limits first, then kept, then sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from declaim.commands.originals import Originals, check_original, text_of
from declaim.commands.wording import logtalk_choices, logtalk_text, plain_text
from declaim.errors import InputError
from declaim.model.ids import DocumentId, FolderId, RecordingId
from declaim.model.remote import Connection, RemoteItem, WishId, WishState
from declaim.remote import check_body, set_fields
from declaim.remote.bodies import FieldTable
from declaim.remote.bottalk import ARTICLE, ARTICLE_CHANGE
from declaim.remote.logtalk_fields import CONVERSION, CONVERSION_CHANGE
from declaim.remote.logtalk_fields import SCRIPT as REMOTE_SCRIPT
from declaim.remote.logtalk_values import SCRIPT_LIFE_S
from declaim.remote.respeecher_fields import ORDER, PROJECT_CHANGE, RECORDING_CHANGE, TTS, UPLOAD
from declaim.storage import Library

FORMS: Mapping[str, tuple[str, ...]] = {
    "logtalk": ("changelog", "document"),
    "bottalk": ("article",),
    "respeecher": ("tts", "upload"),
}
"""What something can be published as."""
_PLACES = frozenset({"create_project", "create_folder"})
_CHANGES: Mapping[str, FieldTable] = {
    "logtalk": CONVERSION_CHANGE,
    "bottalk": ARTICLE_CHANGE,
    "respeecher": {**RECORDING_CHANGE, "name": replace(PROJECT_CHANGE["name"], required=False)},
}


class _TakenBack(Exception):
    """Ends the transaction of a look."""


class Publishing:
    """Main thread only. Nothing here sends: ``Syncing.send`` does."""

    def __init__(self, library: Library, audio_path: Callable[[RecordingId], object]) -> None:
        self._library = library
        self._audio_path = audio_path

    def wish(
        self,
        kind: str,
        item_id: int,
        connection: Connection,
        *,
        form: str = "",
        settings: Iterable[str] = (),
        public: bool = False,
        wait: bool = False,
    ) -> tuple[WishId, ...]:
        """Keeps what is to be sent; ``settings`` are ``field=value`` of the contract's body.

        Raises:
            InputError: for what the service would not take, with the cure; nothing is kept then.
        """
        form = form or self._form_for(kind, item_id, connection.service)
        if form not in FORMS[connection.service]:
            choices = " or ".join(FORMS[connection.service])
            raise InputError(f"{connection.name} takes nothing as '{form}'.", cure=f"Choose --as {choices}.")
        if connection.service == "logtalk":
            return self._wish_conversion(kind, item_id, connection, form, settings, public, wait)
        if public:
            raise InputError(f"{connection.name} has no public addresses.", cure="Leave --public out.")
        if connection.service == "bottalk":
            return self._wish_article(kind, item_id, connection, settings)
        return self._wish_original(kind, item_id, connection, form, settings)

    def preview(
        self,
        kind: str,
        item_id: int,
        connection: Connection,
        *,
        form: str = "",
        settings: Iterable[str] = (),
        public: bool = False,
        wait: bool = False,
    ) -> Mapping[str, Any]:
        """The fields that :meth:`wish` would send; nothing is kept.

        Raises:
            InputError: as it would.
        """
        fields: Mapping[str, Any] = {}
        try:
            with self._library.transaction("Look at a wish", undoable=False):
                made = self.wish(kind, item_id, connection, form=form, settings=settings, public=public, wait=wait)
                wishes = [self._library.outbox.get(wish_id) for wish_id in made]
                fields = next(wish.body["fields"] for wish in wishes if wish.operation not in _PLACES)
                raise _TakenBack
        except _TakenBack:
            return fields

    def wish_script(self, document_id: DocumentId, connection: Connection, settings: Iterable[str] = ()) -> tuple[WishId, ...]:
        """That LogTalk write the script of a document; it becomes one here, to be edited and published.

        Raises:
            InputError: for what the service would not take, or another service.
        """
        if connection.service != "logtalk":
            raise InputError(f"{connection.name} writes no scripts.", cure="Choose a connection to LogTalk.")
        title, text, chosen = text_of(self._library, "document", document_id)
        names = ("product_name", "version", "tone", "audience", "verbosity")
        own = {name: value for name, value in logtalk_choices(chosen)["settings"].items() if name in names}
        body = _merged({"content": text, "settings": own}, set_fields(REMOTE_SCRIPT, settings))
        fields = check_body(body, REMOTE_SCRIPT, "a script")
        return (self._add(connection, "write_script", "document", document_id, fields, {"title": title}),)

    def wish_update(
        self,
        connection: Connection,
        remote_id: str,
        settings: Iterable[str] = (),
        *,
        item: RemoteItem | None = None,
        source: tuple[str, int] | None = None,
    ) -> tuple[WishId, ...]:
        """That fields of an item there be changed; ``source`` is a script or document here whose words an article gets.

        Raises:
            InputError: for what the service would not take.
        """
        table = _CHANGES[connection.service]
        fields = set_fields(table, settings)
        if source is not None:
            if connection.service != "bottalk":
                raise InputError(f"{connection.name} takes no other text for what is there.", cure="Publish it anew.")
            title, text, _ = text_of(self._library, *source)
            fields = _merged({"title": title, "text": plain_text(text) if source[0] == "script" else text}, fields)
        if not fields:
            raise InputError("Nothing was said that is to change.", cure=f"Set one of: {', '.join(table)}.")
        needed = {"title": "later", "text": "later"} if connection.service == "bottalk" else {}
        check_body({**needed, **fields}, table, "a change")
        kind, item_id = (item.item_kind, item.item_id) if item and item.item_id is not None else ("", None)
        body = {"target": remote_id, "kind": item.remote_kind if item else "", "fields": fields}
        with self._library.transaction("Update there", undoable=False):
            return (self._library.outbox.add(connection.id, "update", item_kind=kind, item_id=item_id, body=body),)

    def wish_order(self, item: RemoteItem, connection: Connection, settings: Iterable[str]) -> tuple[WishId, ...]:
        """Voices for an original that is there already.

        Raises:
            InputError: for what the service would not take.
        """
        order = check_body({"original_id": item.remote_id, **set_fields(ORDER, settings)}, ORDER, "an order")
        return (self._add(connection, "order", item.item_kind, item.item_id or 0, order),)

    def _form_for(self, kind: str, item_id: int, service: str) -> str:
        if service == "respeecher":
            return "upload" if kind == "recording" else "tts"
        if service == "bottalk":
            return "article"
        if kind == "document":
            return str(self._library.documents.get(DocumentId(item_id)).source_type.value)
        return "document"

    def _wish_conversion(
        self, kind: str, item_id: int, connection: Connection, form: str, settings: Iterable[str], public: bool, wait: bool
    ) -> tuple[WishId, ...]:
        title, text, chosen = text_of(self._library, kind, item_id)
        given = set_fields(CONVERSION, settings)
        body: dict[str, Any] = {"source_type": form, "title": title, "content": text, **logtalk_choices(chosen)}
        if kind == "script":
            body["content"] = logtalk_text(text)
        if public:
            body["public_url"] = True
        if wait:
            body["wait"] = True
        fields = check_body(_merged(body, given), CONVERSION, "a conversion")
        theirs = self._unedited(kind, item_id, connection, text) if not given else None
        if theirs is None:
            return (self._add(connection, "create", kind, item_id, fields),)
        made = self._add(connection, "convert", kind, item_id, fields, {"target": theirs.remote_id})
        if not public:
            return (made,)
        return made, self._add(connection, "share", kind, item_id, {"public_url": True}, {"after": made})

    def _unedited(self, kind: str, item_id: int, connection: Connection, text: str) -> RemoteItem | None:
        """The script of theirs that this one still is, if they still have it."""
        for item in self._library.remote_items.of_item(kind, item_id):
            made_at = str(item.remote.get("made_at", ""))
            if item.connection_id != connection.id or item.remote_kind != "script" or not made_at:
                continue
            age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(made_at)
            if text == item.remote.get("kept_text") and age.total_seconds() < SCRIPT_LIFE_S:
                return item
        return None

    def _wish_article(self, kind: str, item_id: int, connection: Connection, settings: Iterable[str]) -> tuple[WishId, ...]:
        title, text, _ = text_of(self._library, kind, item_id)
        if kind == "script":
            text = plain_text(text)
        fields = check_body(_merged({"title": title, "text": text}, set_fields(ARTICLE, settings)), ARTICLE, "an article")
        return (self._add(connection, "create", kind, item_id, fields),)

    def _wish_original(
        self, kind: str, item_id: int, connection: Connection, form: str, settings: Iterable[str]
    ) -> tuple[WishId, ...]:
        """The project and the folder that it lies in are made there first, where they are not there."""
        table: FieldTable = {**(UPLOAD if form == "upload" else TTS), **ORDER}
        given = set_fields(table, settings)
        order = {name: given.pop(name) for name in tuple(given) if name in ORDER}
        originals = Originals(self._library, connection)
        body = originals.body(kind, item_id, form)
        if form == "upload":
            self._audio_path(RecordingId(item_id))
        body["fields"] = _merged(body["fields"], given)
        check_original(body)
        if order:
            check_body({"original_id": "later", **order}, ORDER, "an order")
        with self._library.transaction("Publish", undoable=False):
            wishes = [] if "parent_folder_id" in body["fields"] else self._wish_places(kind, item_id, connection, body)
            made = self._library.outbox.add(connection.id, "create", item_kind=kind, item_id=item_id, body=body)
            wishes.append(made)
            if order:
                wishes.append(self._add(connection, "order", kind, item_id, order, {"after": made}))
        return tuple(wishes)

    def _wish_places(self, kind: str, item_id: int, connection: Connection, body: dict[str, Any]) -> list[WishId]:
        """Says in ``body`` which folder here the original's folder there will be the twin of."""
        originals = Originals(self._library, connection)
        wishes = []
        for place in (places := originals.places_of(kind, item_id)):
            if not originals.has_twin(place.folder_id) and not self._is_wished(connection, place.folder_id):
                place.check()
                outbox = self._library.outbox
                wishes.append(
                    outbox.add(connection.id, place.operation, item_kind="folder", item_id=place.folder_id, body=place.body)
                )
        body["in_folder"] = places[-1].folder_id
        return wishes

    def _is_wished(self, connection: Connection, folder_id: FolderId) -> bool:
        """Still to be made there. What was refused, as for its name, is wished anew as it is called now."""
        wishes = [
            wish
            for wish in self._library.outbox.of_item("folder", folder_id)
            if wish.connection_id == connection.id and wish.operation in _PLACES
        ]
        for wish in wishes:
            if wish.state is WishState.FAILED:
                self._library.outbox.finish(wish.id, {"ids": []})
        return any(wish.state in {WishState.WAITING, WishState.SENDING} for wish in wishes)

    def _add(
        self,
        connection: Connection,
        operation: str,
        kind: str,
        item_id: int,
        fields: Mapping[str, Any],
        more: Mapping[str, Any] | None = None,
    ) -> WishId:
        body = {"fields": dict(fields), **(more or {})}
        with self._library.transaction("Publish", undoable=False):
            return self._library.outbox.add(connection.id, operation, item_kind=kind, item_id=item_id, body=body)


def _merged(body: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What the user gave overrules, field by field."""
    merged = dict(body)
    for name, value in given.items():
        old = merged.get(name)
        merged[name] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
