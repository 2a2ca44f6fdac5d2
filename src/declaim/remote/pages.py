"""A page of the web that the user asked for: fetched once, bounded, nothing in it run or loaded. httpx2 is imported here."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from declaim.errors import InputError
from declaim.model.work import CancelToken

if TYPE_CHECKING:
    import httpx2

MOST_PAGE_BYTES = 20_000_000
_HOPS = 5
_ALL_S = 60.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READABLE = frozenset(
    (
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
        "text/x-rst",
        "text/prs.fallenstein.rst",
        "application/json",
        "application/pdf",
    )
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_GITHUB_FILE = re.compile(r"(https://github\.com/[^/?#]+/[^/?#]+)/blob/([^?#]+)")


@dataclass(frozen=True)
class Page:
    """``url`` is where it was found in the end; ``content_type`` without parameters, ``charset`` as the server says."""

    url: str
    content_type: str
    charset: str
    data: bytes


def is_web_address(text: str) -> bool:
    """Whether a text is one address of the web and nothing else."""
    words = text.strip()
    if len(words) > 2000 or any(char.isspace() for char in words) or not words.lower().startswith(("http://", "https://")):
        return False
    try:
        return bool(urlsplit(words).hostname)
    except ValueError:
        return False


def fetch_page(address: str, cancel: CancelToken | None = None) -> Page:
    """What stands at an address, after at most five redirects, in at most a minute.

    Raises:
        InputError: for what is no page of the web, cannot be reached, refuses, is too large or no text; with the cure.
        Cancelled: when asked to stop.
    """
    import httpx2

    url = _GITHUB_FILE.sub(r"\1/raw/\2", _checked(address))
    token, until = cancel or CancelToken(), time.monotonic() + _ALL_S
    headers = {"User-Agent": "Declaim", "Accept": "text/html, text/markdown, text/plain, application/json, */*;q=0.1"}
    try:
        for _ in range(_HOPS + 1):
            token.check()
            own = urlsplit(url).hostname in _LOOPBACK
            with (
                httpx2.Client(trust_env=not own, headers=headers, timeout=httpx2.Timeout(10.0, read=20.0)) as client,
                client.stream("GET", url, follow_redirects=False) as answer,
            ):
                if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                    return _page(url, answer, token, until)
                url = _checked(urljoin(url, answer.headers["location"]))
    except httpx2.TimeoutException as error:
        raise InputError(f"{_host(url)} did not answer in time.", cure="Try again later.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise InputError(f"{_host(url)} cannot be reached: {error}.", cure="Check the address and the network.") from error
    raise InputError(f"{_host(url)} sends from one address to the next.", cure="Copy the page's own address, or save the page.")


def _checked(url: str) -> str:
    if not is_web_address(url):
        raise InputError(f"'{url[:100]}' is no address of a page.", cure="Give one that begins with https://.")
    return url.strip()


def _host(url: str) -> str:
    return urlsplit(url).hostname or "The page"


def _page(url: str, answer: httpx2.Response, cancel: CancelToken, until: float) -> Page:
    if answer.status_code != 200:
        cure = "Open the address in a browser, or save the page and import it."
        raise InputError(f"{_host(url)} answers {answer.status_code} for this page.", cure=cure)
    kind, _, parameters = answer.headers.get("content-type", "text/plain").partition(";")
    kind = kind.strip().lower()
    if kind not in _READABLE:
        raise InputError(f"The page is no text but {kind or 'something else'}.", cure="Give the address of a page with text.")
    charset = re.search(r"charset=[\"']?([\w.:-]{1,40})", parameters, re.IGNORECASE)
    data = bytearray()
    for piece in answer.iter_bytes():
        cancel.check()
        data += piece
        if len(data) > MOST_PAGE_BYTES:
            cure = "Save it, and import a part of it."
            raise InputError(f"The page is larger than {MOST_PAGE_BYTES // 1_000_000} MB.", cure=cure)
        if time.monotonic() > until:
            raise InputError(f"{_host(url)} is too slow: the page is not here after a minute.", cure="Try again later.")
    return Page(url, kind, charset.group(1) if charset else "", bytes(data))
