"""Keys and sessions: headers that are sent to one origin only, and never shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from declaim.errors import InputError

_SENDABLE = re.compile(r"[\x21-\x7e]{1,4096}")


@dataclass(frozen=True, repr=False)
class Credential:
    """``headers`` go with each request to the service's own origin; ``secrets`` are what must never be read anywhere."""

    headers: Mapping[str, str]
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return "Credential(…)"

    def without_secrets(self, text: str) -> str:
        """For messages of a service, which may repeat the key that it got."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return text


def bearer(key: str) -> Credential:
    """``Authorization: Bearer`` (LogTalk, BotTalk).

    Raises:
        InputError: for what cannot be a key.
    """
    secret = _checked(key)
    return Credential({"Authorization": f"Bearer {secret}"}, (secret,))


def api_key(key: str) -> Credential:
    """The header ``api-key`` (Respeecher).

    Raises:
        InputError: for what cannot be a key.
    """
    secret = _checked(key)
    return Credential({"api-key": secret}, (secret,))


def session(session_id: str, csrf_token: str) -> Credential:
    """The cookie ``session_id`` and the header ``X-Csrf-Token`` (Respeecher, after a login).

    Raises:
        InputError: for what cannot be either.
    """
    cookie, token = _checked(session_id), _checked(csrf_token)
    if ";" in cookie or "," in cookie:
        raise InputError("The session id has characters that a cookie cannot hold.", cure="Log in again.")
    return Credential({"Cookie": f"session_id={cookie}", "X-Csrf-Token": token}, (cookie, token))


def session_secret(session_id: str, csrf_token: str) -> str:
    """A session as one text, for the keyring; ``session_from`` reads it back."""
    return json.dumps({"session_id": session_id, "csrf_token": csrf_token})


def session_from(secret: str) -> Credential:
    """
    Raises:
        InputError: where the text is not a kept session.
    """
    try:
        kept = json.loads(secret)
        return session(kept["session_id"], kept["csrf_token"])
    except (ValueError, TypeError, KeyError):
        raise InputError("What is kept for this connection is not a session.", cure="Log in again.") from None


def _checked(secret: str) -> str:
    text = secret.strip() if isinstance(secret, str) else ""
    if not _SENDABLE.fullmatch(text):
        raise InputError("The key is empty or has characters that no key has.", cure="Copy it again from the service's settings.")
    return text
