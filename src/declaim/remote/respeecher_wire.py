"""How Respeecher is spoken: its refusals, its pages, and what every part of its client stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from declaim.errors import RemoteRefused
from declaim.remote.addresses import check_fetched_url, origin_of, path_part
from declaim.remote.bodies import FieldTable, check_body
from declaim.remote.downloads import Download, fetch, fetch_with_key
from declaim.remote.paging import Page, by_offset
from declaim.remote.reading import JSON, Answer, Fields, items_of, same_item, wrong
from declaim.remote.request import Request
from declaim.remote.service import Refusal, Service
from declaim.remote.transport import Transport

T = TypeVar("T")


def _read_refusal(body: JSON) -> Refusal:
    """``detail`` is a text, or a list of places and messages where fields are wrong."""
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, str):
        return Refusal(detail)
    entries = detail if isinstance(detail, list) else [detail]
    return Refusal("; ".join(_problem(entry) for entry in entries if isinstance(entry, dict)))


def _problem(entry: dict[str, JSON]) -> str:
    place = entry.get("loc")
    where = ".".join(str(part) for part in place) if isinstance(place, list) else ""
    message = str(entry.get("msg", ""))
    return f"{where}: {message}" if where else message


RESPEECHER = Service(
    name="respeecher",
    title="Respeecher",
    default_base_url="https://gateway.respeecher.com",
    requests_per_minute=100,
    read_refusal=_read_refusal,
    cures={
        401: "Check the key of this connection, or log in again.",
        402: "There are not enough credits: buy some there, then retry.",
        403: "The plan may not allow this (downloads are a matter of the plan): check it there.",
    },
)


class RespeecherWire:
    """One request of each kind. Without an idempotency key, what makes something is never repeated after an unclear outcome."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def _get(self, path: str, read: Callable[[Answer], T], query: Mapping[str, JSON] | None = None) -> T:
        return self.transport.ask(Request("GET", path, query=query or {}), read)

    def _send(
        self,
        method: str,
        path: str,
        read: Callable[[Answer], T],
        body: Mapping[str, JSON] | None = None,
        *,
        repeatable: bool | None = None,
    ) -> T:
        return self.transport.ask(Request(method, path, json=body, repeatable=repeatable), read)

    def _upload(self, path: str, form: Mapping[str, str], data: Path, of: Callable[[Fields], T]) -> T:
        request = Request("POST", path, form=form, files={"data": data}, read_timeout_s=120.0)
        return self.transport.ask(request, lambda answer: of(answer.record("the answer")))

    def _page(self, path: str, query: Mapping[str, JSON], table: FieldTable, of: Callable[[Fields], T]) -> Page[T]:
        return self._get(path, lambda answer: page_of(answer, of), check_body(query, table, "the list"))

    def _delete(self, path: str, item_id: str, body: Mapping[str, JSON] | None = None) -> tuple[str, ...]:
        """Ids of all that went with it."""
        try:
            return self._send("DELETE", path, deleted_ids, body) or (item_id,)
        except RemoteRefused as refused:
            if refused.is_missing and refused.after_unclear:
                return (item_id,)
            raise

    def download_file(self, url: str, target: Path) -> Download:
        """A recording's ``url`` or ``waveform_url``, or a sample: a path of the service, or (without the key) an address."""
        if not url.startswith(("http://", "https://")):
            return fetch_with_key(self.transport, url, target)
        check_fetched_url(url, self.transport.base_url, allow_insecure=self.transport.allow_insecure)
        base = self.transport.base_url
        if origin_of(url) == origin_of(base) and url.startswith(f"{base}/"):
            return fetch_with_key(self.transport, url.removeprefix(base), target)
        return fetch(self.transport, url, target)


def one(item_id: str, of: Callable[[Fields], T]) -> Callable[[Answer], T]:
    """Reads a record, and refuses another one than was asked for."""

    def read(answer: Answer) -> T:
        fields = answer.record("the answer")
        same_item(item_id, fields.needed("id"), "the item")
        return of(fields)

    return read


def made(of: Callable[[Fields], T]) -> Callable[[Answer], T]:
    return lambda answer: of(answer.record("the answer"))


def page_of(answer: Answer, of: Callable[[Fields], T]) -> Page[T]:
    """``{list, pagination}``, or a bare list, which is a whole one."""
    value = answer.json
    if isinstance(value, list):
        found = tuple(of(entry) for entry in answer.records("entry"))
        return Page(found, total=len(found), raw=value)
    fields = answer.record("the answer")
    if not isinstance(value.get("list"), list):
        wrong("'list' of the answer", "a list", value.get("list"))
    pagination = fields.record("pagination") or wrong("'pagination' of the answer", "an object", None)
    found = tuple(of(entry) for entry in fields.records("list"))
    return Page(found, total=pagination.count("count"), raw=value)


def walk(fetch_page: Callable[[int], Page[T]], identity: Callable[[T], str], limit: int) -> Iterator[Page[T]]:
    return by_offset(fetch_page, identity, limit=limit)


def deleted_ids(answer: Answer) -> tuple[str, ...]:
    """An id, a record with one, or a list of either."""
    if not answer.body:
        return ()
    value = answer.json
    entries = value if isinstance(value, list) else [value]
    return tuple(_id_of(entry) for entry in entries)


def _id_of(entry: JSON) -> str:
    if isinstance(entry, str):
        return entry
    return Fields.of(entry, "what was deleted").text("id")


def one_or_many(answer: Answer, of: Callable[[Fields], T], what: str) -> tuple[T, ...]:
    value = answer.json
    entries: Sequence[JSON] = value if isinstance(value, list) else [value]
    return tuple(of(Fields.of(entry, what)) for entry in items_of(list(entries), what))


def path(*parts: str) -> str:
    """The first part is ours, the others are ids."""
    return "/".join([parts[0], *(path_part(part, "id") for part in parts[1:])])
