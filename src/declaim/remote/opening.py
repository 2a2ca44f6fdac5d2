"""From what a connection keeps to a client that speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from declaim.errors import InputError
from declaim.model.work import CancelToken
from declaim.remote.bottalk import BOTTALK, BotTalk
from declaim.remote.credentials import Credential, api_key, bearer, session_from
from declaim.remote.logtalk import LOGTALK, LogTalk
from declaim.remote.pacing import Limiter, RetryPolicy
from declaim.remote.respeecher import RESPEECHER, Respeecher
from declaim.remote.service import Service
from declaim.remote.transport import Transport

Client: TypeAlias = LogTalk | BotTalk | Respeecher
SERVICES: Mapping[str, Service] = {service.name: service for service in (LOGTALK, BOTTALK, RESPEECHER)}


def find_service(name: str) -> Service:
    """
    Raises:
        InputError: for a name that is none.
    """
    if name not in SERVICES:
        raise InputError(f"'{name}' is no service.", cure=f"Choose {', '.join(SERVICES)}.")
    return SERVICES[name]


def open_client(
    service: str,
    secret: str,
    *,
    base_url: str = "",
    sign_in: str = "key",
    organization_id: str = "",
    allow_insecure: bool = False,
    requests_per_minute: int | None = None,
    limiter: Limiter | None = None,
    policy: RetryPolicy | None = None,
    cancel: CancelToken | None = None,
) -> Client:
    """``secret``: a key, with ``sign_in`` "session" what ``session_secret`` made, or empty for a login. Close its transport.

    Raises:
        InputError: for a base URL or a secret that cannot be used.
    """
    found = find_service(service)
    address = base_url or found.default_base_url
    transport = Transport(
        found, address, _credential(found, secret, sign_in), allow_insecure=allow_insecure, policy=policy, cancel=cancel
    )
    transport.limiter = limiter or found.limiter(transport.base_url, requests_per_minute)
    if found is LOGTALK:
        return LogTalk(transport, organization_id=organization_id)
    return BotTalk(transport) if found is BOTTALK else Respeecher(transport)


def _credential(service: Service, secret: str, sign_in: str) -> Credential | None:
    if not secret:
        return None
    if sign_in == "session":
        return session_from(secret)
    return api_key(secret) if service is RESPEECHER else bearer(secret)
