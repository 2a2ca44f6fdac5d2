"""Where a request goes: base URLs checked before any call, and what may be fetched on a service's word.

The key only ever goes to the origin (scheme, host, port) of the connection's base URL. Plain ``http`` is for this computer,
unless the user allowed it. What stands before an ``@`` in an address is no host: ``http://127.0.0.1@elsewhere/`` is elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from declaim.errors import InputError, RemoteMisanswered

_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = {"http": 80, "https": 443}
_CURE = "Give it as https://host/path."


@dataclass(frozen=True)
class Origin:
    scheme: str
    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return self.host == "localhost" or _is(self.host, "is_loopback")

    @property
    def is_internal(self) -> bool:
        """This computer or this network, as far as the address itself says."""
        return self.host == "localhost" or _is(self.host, "is_private", "is_loopback", "is_link_local", "is_unspecified")


def check_base_url(address: str, *, allow_insecure: bool = False) -> str:
    """The address without a slash at its end.

    Raises:
        InputError: where a key must not be sent to it, or where it is no address.
    """
    parts = _split(address.strip())
    if parts is None:
        raise InputError(f"'{address.strip()[:200]}' is not the address of a service.", cure=_CURE)
    origin = origin_of(address.strip())
    if parts.username is not None or parts.password is not None:
        raise InputError(f"The address names a user before its host, which is '{origin.host}'.", cure=_CURE)
    if parts.query or parts.fragment:
        raise InputError("A base URL has no '?' and no '#'.", cure=_CURE)
    if origin.scheme == "http" and not origin.is_loopback and not allow_insecure:
        cure = "Use https://, or allow plain http for this connection."
        raise InputError(f"Plain http to '{origin.host}' would show the key to everyone on the way.", cure=cure)
    return address.strip().rstrip("/")


def origin_of(address: str) -> Origin:
    """Of an absolute http(s) address.

    Raises:
        InputError: where it is none.
    """
    parts = _split(address)
    if parts is None or not parts.hostname:
        raise InputError(f"'{address[:200]}' is not an address.", cure=_CURE)
    return Origin(parts.scheme, parts.hostname.lower(), parts.port or _PORTS[parts.scheme])


def check_fetched_url(address: str, base_url: str, *, allow_insecure: bool = False) -> str:
    """An address that a service gave, to be fetched without the key.

    Raises:
        RemoteMisanswered: where it leads into this computer or network while the service is outside, or is not encrypted.
    """
    parts = _split(address)
    if parts is None or parts.username is not None:
        raise RemoteMisanswered(f"The service gave '{address[:80]}' where the address of a file belongs.", code="bad_address")
    origin, base = origin_of(address), origin_of(base_url)
    if origin.is_internal and not base.is_internal:
        raise RemoteMisanswered(f"The service points to '{origin.host}', inside this network.", code="bad_address")
    if origin.scheme == "http" and not origin.is_loopback and not allow_insecure:
        raise RemoteMisanswered(f"The service points to '{origin.host}' over plain http.", code="bad_address")
    return address


def path_part(text: str, what: str) -> str:
    """One part of a path, percent-encoded: an id or an address can never become another path.

    Raises:
        InputError: for what cannot be one part.
    """
    if not text or text in {".", ".."} or len(text) > 2000 or any(ord(letter) < 32 for letter in text):
        raise InputError(f"'{text[:80]}' cannot be the {what} of something.", cure="Copy it from the list of the service.")
    return quote(text, safe="")


def _split(address: str) -> SplitResult | None:
    if _UNFIT.search(address):
        return None
    try:
        parts = urlsplit(address)
        fits = parts.scheme in _PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if fits else None


def _is(host: str, *properties: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(getattr(mapped, name) for name in properties)
