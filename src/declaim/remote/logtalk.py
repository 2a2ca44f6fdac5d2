"""LogTalk: conversions, scripts, embed tokens, usage, changelogs, oEmbed, and the deprecated episodes and DocTalk.

One method per published operation, named as in ``OPERATIONS``. Bodies are mappings in the contract's own names, checked
before they are sent. Every POST takes an idempotency key: keep it before the first try, use it for each further one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from declaim.errors import InputError, RemoteRefused
from declaim.remote import logtalk_fields as tables
from declaim.remote.addresses import path_part
from declaim.remote.bodies import check_body
from declaim.remote.downloads import Download, fetch
from declaim.remote.logtalk_values import Conversion, Deleted, EmbedToken, Episode, RemoteScript, SignedAudio
from declaim.remote.paging import Page, by_cursor
from declaim.remote.reading import JSON, Answer, Fields, items_of, same_item, wrong
from declaim.remote.request import Request
from declaim.remote.service import Refusal, Service
from declaim.remote.transport import Transport

_KEY = re.compile(r"[\x20-\x7e]{1,256}")
_WAIT_TIMEOUT_S = 100.0
"""The service holds a ``wait`` for up to 90 s."""
_PAGE = 20
"""Entries of a list where no limit is given."""
T = TypeVar("T")


def _read_refusal(body: JSON) -> Refusal:
    if not isinstance(body, dict):
        return Refusal()
    request_id, error = _words(body.get("request_id")), body.get("error")
    if not isinstance(error, dict):
        return Refusal(_words(error) or _words(body.get("message")), "", request_id)
    details = error.get("details")
    place = _words(details.get("field")) if isinstance(details, dict) else ""
    message = _words(error.get("message"))
    return Refusal(f"{message} ({place})" if place else message, _words(error.get("code")), request_id)


def _words(value: JSON) -> str:
    return value if isinstance(value, str) else ""


LOGTALK = Service(
    name="logtalk",
    title="LogTalk",
    default_base_url="https://logtalk.io/api/v1",
    requests_per_minute=20,
    read_refusal=_read_refusal,
    cures={
        402: "The plan's quota is used up: wait for the next period or change the plan there.",
        403: "The key may lack a permission, or the plan the API (Growth or higher).",
    },
)


class LogTalk:
    """``organization_id`` is sent with the episodes only, for users of several organizations."""

    def __init__(self, transport: Transport, *, organization_id: str = "") -> None:
        self.transport = transport
        self._organization_id = organization_id

    def verify(self) -> None:
        """One harmless request.

        Raises:
            RemoteError: where the connection does not work.
        """
        self.list_conversions(limit=1)

    # Conversions

    def create_conversion(self, body: Mapping[str, JSON], *, idempotency_key: str) -> Conversion:
        """With ``wait`` the answer may take 90 s and be done; it may also be a running one."""
        sent = check_body(body, tables.CONVERSION, "a conversion")
        timeout_s = _WAIT_TIMEOUT_S if sent.get("wait") else 30.0
        return self._post("conversions", sent, idempotency_key, Conversion.of, read_timeout_s=timeout_s)

    def list_conversions(
        self, *, source_type: str | None = None, status: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Page[Conversion]:
        query = {"source_type": source_type, "status": status, "limit": limit, "cursor": cursor or None}
        return self._list("conversions", check_body(query, tables.LIST, "the list"), Conversion.of)

    def conversions(
        self, *, source_type: str | None = None, status: str | None = None, start: str = ""
    ) -> Iterator[Page[Conversion]]:
        """All pages, newest first, from a cursor on."""
        return by_cursor(
            lambda cursor: self.list_conversions(source_type=source_type, status=status, limit=100, cursor=cursor), start=start
        )

    def get_conversion(self, conversion_id: str) -> Conversion:
        return self._one(Request("GET", _path("conversions", conversion_id)), conversion_id, Conversion.of)

    def update_conversion(self, conversion_id: str, body: Mapping[str, JSON]) -> Conversion:
        sent = check_body(body, tables.CONVERSION_CHANGE, "a change of a conversion")
        request = Request("PATCH", _path("conversions", conversion_id), json=sent)
        changed = self.transport.ask(request, lambda answer: self._maybe_conversion(answer, conversion_id))
        return changed or self.get_conversion(conversion_id)

    def delete_conversion(self, conversion_id: str) -> Deleted:
        return self._delete(Request("DELETE", _path("conversions", conversion_id)), conversion_id)

    def retry_conversion(self, conversion_id: str, *, idempotency_key: str) -> Conversion:
        """Uses up quota again. Only a failed one can be retried."""
        read = _checked(conversion_id, Conversion.of)
        return self._post(_path("conversions", conversion_id, "retry"), None, idempotency_key, read)

    def conversion_audio(self, conversion_id: str) -> SignedAudio:
        return self._signed(_path("conversions", conversion_id, "audio"))

    def download_conversion(self, conversion_id: str, target: Path) -> Download:
        """The audio, through a signed address that is fetched without the key; signed anew once where it has expired."""
        return self._download(partial(self.conversion_audio, conversion_id), target)

    # Embed tokens

    def create_embed_token(self, conversion_id: str, *, idempotency_key: str) -> EmbedToken:
        read = _checked(conversion_id, EmbedToken.of, lambda token: token.conversion_id or conversion_id)
        return self._post(_path("conversions", conversion_id, "embed-token"), None, idempotency_key, read)

    def list_embed_tokens(self, conversion_id: str) -> tuple[EmbedToken, ...]:
        def read(answer: Answer) -> tuple[EmbedToken, ...]:
            data = self._data(answer)
            items = data.get("tokens") if isinstance(data, dict) else data
            return tuple(EmbedToken.of(Fields.of(item, "an embed token")) for item in items_of(items, "the list of embed tokens"))

        return self.transport.ask(Request("GET", _path("conversions", conversion_id, "embed-token")), read)

    def revoke_embed_token(self, conversion_id: str, token: str) -> Deleted:
        path = _path("conversions", conversion_id, "embed-token", token)
        return self._delete(Request("DELETE", path), "")

    # Scripts

    def create_script(self, body: Mapping[str, JSON], *, idempotency_key: str) -> RemoteScript:
        """The service writes a script, without audio; it keeps it for two hours."""
        sent = check_body(body, tables.SCRIPT, "a script")
        return self._post("scripts", sent, idempotency_key, RemoteScript.of, read_timeout_s=_WAIT_TIMEOUT_S)

    def convert_script(self, script_id: str, body: Mapping[str, JSON] | None = None, *, idempotency_key: str) -> Conversion:
        """Audio of a script that was not edited: the body stays empty. What an edited one would need is not published."""
        sent = check_body(body or {}, tables.SCRIPT_CONVERT, "a script's conversion")
        return self._post(_path("scripts", script_id, "convert"), sent, idempotency_key, _conversion_of_script)

    # Metadata

    def usage(self) -> JSON:
        """As it came: its shape is not published."""
        return self.transport.ask(Request("GET", "usage"), self._data)

    def changelogs(self) -> JSON:
        """Earlier changelogs, as they came: their shape is not published."""
        return self.transport.ask(Request("GET", "changelogs"), self._data)

    def oembed(self, url: str) -> JSON:
        """What pages that know oEmbed get for a public listen address; asked without the key."""
        request = Request("GET", self.oembed_address, query={"url": url}, with_key=False)
        return self.transport.ask(request, lambda answer: answer.record("the oEmbed").values)

    @property
    def oembed_address(self) -> str:
        """``/api/oembed``, beside the versions of the API; the service's older host has none."""
        base = self.transport.base_url
        if urlsplit(base).hostname == "api.logtalk.io":
            return "https://logtalk.io/api/oembed"
        root = base.removesuffix("/v1")
        return f"{root}/oembed" if root.endswith("/api") else f"{root}/api/oembed"

    # DocTalk (deprecated there)

    def create_doctalk(self, body: Mapping[str, JSON], *, idempotency_key: str) -> Conversion:
        """New work goes through :meth:`create_conversion`."""
        sent = check_body(body, tables.DOCTALK, "a DocTalk conversion")
        return self._post("doctalk/convert", sent, idempotency_key, Conversion.of)

    def get_doctalk(self, conversion_id: str) -> Conversion:
        return self._one(Request("GET", _path("doctalk/convert", conversion_id)), conversion_id, Conversion.of)

    def download_doctalk(self, conversion_id: str, target: Path) -> Download:
        return self._download(partial(self._signed, _path("doctalk/convert", conversion_id, "audio")), target)

    # Episodes (deprecated there)

    def create_episode(self, body: Mapping[str, JSON], *, idempotency_key: str, organization_id: str = "") -> Episode:
        """New work goes through :meth:`create_conversion`. Audio is made while the request waits."""
        sent = check_body(body, tables.EPISODE, "an episode")
        headers = self._organization(organization_id)
        return self._post("episodes", sent, idempotency_key, Episode.of, read_timeout_s=_WAIT_TIMEOUT_S, headers=headers)

    def list_episodes(
        self,
        *,
        status: str | None = None,
        mode: str | None = None,
        output_format: str | None = None,
        created_after: str | None = None,
        created_before: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        organization_id: str = "",
    ) -> Page[Episode]:
        query = {"status": status, "mode": mode, "output_format": output_format, "created_after": created_after}
        query |= {"created_before": created_before, "cursor": cursor or None}
        checked = check_body({**query, "limit": limit}, tables.EPISODE_LIST, "the list")
        return self._list("episodes", checked, Episode.of, self._organization(organization_id))

    def episodes(self, *, created_after: str | None = None, start: str = "") -> Iterator[Page[Episode]]:
        """All pages, newest first, from a cursor on."""
        return by_cursor(lambda cursor: self.list_episodes(created_after=created_after, limit=100, cursor=cursor), start=start)

    def get_episode(self, episode_id: str, *, expand: str | None = None, organization_id: str = "") -> Episode:
        """``expand``: ``organization``."""
        headers = self._organization(organization_id)
        return self._one(
            Request("GET", _path("episodes", episode_id), query={"expand": expand}, headers=headers), episode_id, Episode.of
        )

    def retry_episode(
        self, episode_id: str, body: Mapping[str, JSON] | None = None, *, idempotency_key: str, organization_id: str = ""
    ) -> Episode:
        sent = check_body(body, tables.EPISODE_RETRY, "an episode's retry") if body else None
        read, headers = _checked(episode_id, Episode.of), self._organization(organization_id)
        return self._post(_path("episodes", episode_id, "retry"), sent, idempotency_key, read, headers=headers)

    def delete_episode(self, episode_id: str, *, organization_id: str = "") -> Deleted:
        headers = self._organization(organization_id)
        return self._delete(Request("DELETE", _path("episodes", episode_id), headers=headers), episode_id)

    def download_episode(self, episode_id: str, target: Path) -> Download:
        """From the address that :meth:`get_episode` gives as its ``audio_url``, on the connection's own base URL."""
        return self._download(partial(self._signed, _path("episodes", episode_id, "audio")), target)

    # How it is spoken

    def _data(self, answer: Answer) -> JSON:
        envelope = answer.record("the answer")
        if envelope.values.get("success") is False:
            self.transport.raise_refusal(answer.status, _read_refusal(envelope.values))
        if envelope.values.get("success") is not True or "data" not in envelope.values:
            wrong("the answer", "LogTalk's envelope", envelope.values)
        return envelope.values["data"]

    def _post(
        self,
        path: str,
        body: Mapping[str, JSON] | None,
        idempotency_key: str,
        of: Callable[[Fields], T],
        *,
        read_timeout_s: float = 30.0,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        if not _KEY.fullmatch(idempotency_key):
            raise InputError("An idempotency key has 1 to 256 printable ASCII characters.", cure="Use a UUID.")
        headers = {**(headers or {}), "Idempotency-Key": idempotency_key}
        request = Request("POST", path, json=body, headers=headers, read_timeout_s=read_timeout_s)
        return self.transport.ask(request, lambda answer: of(Fields.of(self._data(answer), "the answer's data")))

    def _one(self, request: Request, item_id: str, of: Callable[[Fields], T]) -> T:
        read = _checked(item_id, of)
        return self.transport.ask(request, lambda answer: read(Fields.of(self._data(answer), "the answer's data")))

    def _list(
        self, path: str, query: Mapping[str, JSON], of: Callable[[Fields], T], headers: Mapping[str, str] | None = None
    ) -> Page[T]:
        def read(answer: Answer) -> Page[T]:
            items = items_of(self._data(answer), "the list")
            found = tuple(of(Fields.of(item, f"entry {place} of the list")) for place, item in enumerate(items, 1))
            envelope = answer.record("the answer")
            meta = envelope.record("meta")
            if meta is None and len(found) >= (query.get("limit") or _PAGE):
                wrong("'meta' of the answer", "an object", None)
            cursor = meta.needed("next_cursor") if meta and meta.flag("has_more") else ""
            return Page(found, cursor, meta.count("total_count") if meta else None, raw=envelope.values)

        return self.transport.ask(Request("GET", path, query=query, headers=headers or {}), read)

    def _maybe_conversion(self, answer: Answer, conversion_id: str) -> Conversion | None:
        """What a change answers is not published: taken where it is a conversion."""
        data = self._data(answer) if answer.body else None
        if not isinstance(data, dict) or "id" not in data or "status" not in data:
            return None
        return _checked(conversion_id, Conversion.of)(Fields.of(data, "the answer's data"))

    def _delete(self, request: Request, item_id: str) -> Deleted:
        def read(answer: Answer) -> Deleted:
            data = self._data(answer) if answer.body else None
            fields = Fields(data if isinstance(data, dict) else {}, "the answer's data")
            if item_id and fields.has("id"):
                same_item(item_id, fields.text("id"), "the deletion of")
            return Deleted(item_id, fields.text("deleted_at"), data)

        try:
            return self.transport.ask(request, read)
        except RemoteRefused as refused:
            if refused.status == 404 and refused.after_unclear:
                return Deleted(item_id)
            raise

    def _signed(self, path: str) -> SignedAudio:
        def read(answer: Answer) -> SignedAudio:
            if answer.location:
                return SignedAudio(answer.location)
            return SignedAudio.of(Fields.of(self._data(answer), "the answer's data"))

        return self.transport.ask(Request("GET", path, redirect_is_answer=True), read)

    def _download(self, sign: Callable[[], SignedAudio], target: Path) -> Download:
        try:
            return fetch(self.transport, sign().url, target)
        except RemoteRefused as refused:
            if refused.status not in {401, 403, 410}:
                raise
            return fetch(self.transport, sign().url, target)

    def _organization(self, organization_id: str) -> dict[str, str]:
        wanted = organization_id or self._organization_id
        if wanted and not _KEY.fullmatch(wanted):
            raise InputError("The organization's id has characters that no id has.", cure="Copy it from LogTalk.")
        return {"X-Organization-ID": wanted} if wanted else {}


def _path(collection: str, *parts: str) -> str:
    return "/".join([collection, *(path_part(part, "id") for part in parts)])


def _checked(item_id: str, of: Callable[[Fields], T], identity: Callable[[T], str] | None = None) -> Callable[[Fields], T]:
    """Reads, and refuses another item than the one asked for."""

    def read(fields: Fields) -> T:
        value = of(fields)
        same_item(item_id, identity(value) if identity else fields.text("id"), "the item")
        return value

    return read


def _conversion_of_script(fields: Fields) -> Conversion:
    """What a script's conversion answers is not published: a conversion, one inside, or its id."""
    inner = fields.value("conversion")
    if isinstance(inner, dict):
        return Conversion.of(Fields(inner, f"'conversion' of {fields.what}"))
    if fields.has("conversion_id"):
        return Conversion.of(Fields({**fields.values, "id": fields.text("conversion_id")}, fields.what))
    return Conversion.of(fields)
