"""Files from a service: bounded, whole or not at all, written beside and then moved into place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from declaim.errors import RemoteMisanswered
from declaim.paths import replacing
from declaim.remote.addresses import check_fetched_url, origin_of
from declaim.remote.request import Request
from declaim.remote.transport import Transport, joined

if TYPE_CHECKING:
    import httpx2

MOST_AUDIO_BYTES = 2_000_000_000
MOST_ARCHIVE_BYTES = 8_000_000_000
_PAGES = ("text/html", "application/json", "application/problem+json", "application/xhtml+xml")
_NAME = re.compile(r'filename="?([^";]+)"?', re.IGNORECASE)


@dataclass(frozen=True)
class Download:
    """``name`` is what the service calls the file, its last part only; empty where it says nothing."""

    path: Path
    size_bytes: int
    content_type: str = ""
    name: str = ""


def fetch(transport: Transport, url: str, target: Path, *, most_bytes: int = MOST_AUDIO_BYTES) -> Download:
    """An address that the service gave, fetched without the key.

    Raises:
        RemoteError: and ``target`` is as it was.
    """
    check_fetched_url(url, transport.base_url, allow_insecure=transport.allow_insecure)
    return _Fetching(transport, target, most_bytes).run(Request("GET", url, with_key=False, headers=_ANYTHING))


def fetch_with_key(
    transport: Transport,
    path: str,
    target: Path,
    *,
    query: dict[str, str | bool] | None = None,
    most_bytes: int = MOST_AUDIO_BYTES,
) -> Download:
    """A path of the service itself, as it gave it, fetched with the key.

    Raises:
        RemoteError: and ``target`` is as it was.
    """
    request = Request(
        "GET", "/" + quote(path.lstrip("/"), safe=_KEPT), query=query or {}, headers=_ANYTHING, read_timeout_s=120.0
    )
    return _Fetching(transport, target, most_bytes).run(request)


_KEPT = "/%?=&+,;:@!$'()*~"
_ANYTHING = {"Accept": "*/*", "Accept-Encoding": "identity"}


class _Fetching:
    """One file. A redirect to another host is taken for a fault once; said again, it is followed without the key."""

    def __init__(self, transport: Transport, target: Path, most_bytes: int) -> None:
        self._transport = transport
        self._target = target
        self._most_bytes = most_bytes
        self._sent_to = ""

    def run(self, request: Request) -> Download:
        return self._transport.try_until_done(request, lambda: self._once(replace(request, redirect_is_answer=True)))

    def _once(self, request: Request, hops: int = 0) -> Download:
        with self._transport.open(request) as response:
            if not response.has_redirect_location:
                return self._keep(response)
            here = str(response.request.url)
            target = joined(here, response.headers["location"])
        return self._once(self._followed(request, here, target, hops), hops + 1)

    def _followed(self, request: Request, here: str, target: str, hops: int) -> Request:
        title = self._transport.service.title
        check_fetched_url(target, self._transport.base_url, allow_insecure=self._transport.allow_insecure)
        if hops >= 3:
            raise RemoteMisanswered(f"{title} redirects in a circle.", code="redirected")
        there = origin_of(target)
        if there == origin_of(here):
            return replace(request, path=target, query={})
        if self._sent_to != there.host:
            self._sent_to = there.host
            raise RemoteMisanswered(f"{title} redirects to '{there.host}'.", code="redirected")
        return replace(request, path=target, query={}, with_key=False)

    def _keep(self, response: httpx2.Response) -> Download:
        title = self._transport.service.title
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code != 200 or kind in _PAGES:
            raise RemoteMisanswered(f"{title} gave {kind or 'nothing'} where a file belongs.", code="no_file")
        if response.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
            raise RemoteMisanswered(f"{title} packed the file, which was not asked for.", code="no_file")
        announced = response.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self._most_bytes:
            raise self._too_large(int(announced))
        with replacing(self._target) as beside:
            size_bytes = self._write(response, beside)
            if not size_bytes or (announced.isdigit() and int(announced) != size_bytes):
                raise RemoteMisanswered(f"The file of {title} came only in part.", code="cut_short")
        return Download(self._target, size_bytes, kind, _file_name(response.headers.get("content-disposition", "")))

    def _write(self, response: httpx2.Response, beside: Path) -> int:
        size_bytes = 0
        with beside.open("wb") as file:
            for chunk in response.iter_raw():
                self._transport.cancel.check()
                size_bytes += len(chunk)
                if size_bytes > self._most_bytes:
                    raise self._too_large(size_bytes)
                file.write(chunk)
        return size_bytes

    def _too_large(self, size_bytes: int) -> RemoteMisanswered:
        most = f"{self._most_bytes / 1e9:g} GB"
        message = f"{self._transport.service.title} announces a file of {size_bytes / 1e9:.1f} GB; at most {most} are taken."
        return RemoteMisanswered(message, code="too_large", cure="Look there what it is.")


def _file_name(disposition: str) -> str:
    """The last part of the announced name: never a path."""
    found = _NAME.search(disposition)
    name = re.split(r"[/\\]", found.group(1).strip())[-1] if found else ""
    return "" if name in {".", ".."} else "".join(letter for letter in name if letter.isprintable())[:200]
