"""Questions to a service that change nothing in the library: what the account has used, and how an item is shared.

Each is the work of a job (``Syncing.run``): it runs in a worker and gets the client.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from declaim.errors import InputError
from declaim.remote import Client, LogTalk, Respeecher, as_json, embed_frame, oembed_link


@dataclass(frozen=True)
class Token:
    token: str
    embed_url: str
    created_at: str


@dataclass(frozen=True)
class Shared:
    """How an item can be heard elsewhere. Addresses are empty where it is private."""

    id: str
    is_public: bool
    listen_url: str
    embed_url: str
    tokens: tuple[Token, ...]
    iframe: str = ""
    oembed: str = ""

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "id": self.id,
            "public": self.is_public,
            "listen_url": self.listen_url,
            "embed_url": self.embed_url,
        }
        plain["tokens"] = [{"token": token.token, "embed_url": token.embed_url} for token in self.tokens]
        more = {"iframe": self.iframe, "oembed": self.oembed}
        return {**plain, **{name: value for name, value in more.items() if value}}


def share(client: Client, remote_id: str) -> Shared:
    """
    Raises:
        InputError: for a service that shares nothing.
        RemoteError: what the service says.
    """
    if not isinstance(client, LogTalk):
        raise InputError(f"{client.transport.service.title} has nothing to share.", cure="Fetch its audio and share that.")
    found = client.get_conversion(remote_id)
    return Shared(
        found.id,
        found.public_url,
        found.listen_url,
        found.embed_url,
        tuple(Token(each.token, each.embed_url, each.created_at) for each in client.list_embed_tokens(remote_id)),
        embed_frame(found.embed_url) if found.embed_url else "",
        oembed_link(client.oembed_address, found.listen_url) if found.listen_url else "",
    )


def usage(client: Client) -> Any:
    """Quota, or credits and statistics, as the service tells them.

    Raises:
        InputError: for a service that tells none.
        RemoteError: what the service says.
    """
    if isinstance(client, LogTalk):
        return as_json(client.usage())
    if isinstance(client, Respeecher):
        return {"credits": client.credits().credits, "statistics": as_json(client.stats())}
    raise InputError("BotTalk tells no usage.", cure="Look in its web page.")
