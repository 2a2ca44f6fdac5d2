"""What a library keeps of a service: its connections, what is known of each item there, and the wishes still to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType

from declaim.model.ids import ProjectId

ConnectionId = NewType("ConnectionId", int)
WishId = NewType("WishId", int)


@dataclass(frozen=True)
class Connection:
    """An account at a service, attached to a project. The key itself is elsewhere: in the keyring under ``key_name``, or in
    the environment under ``key_env``.
    """

    id: ConnectionId
    project_id: ProjectId
    service: str
    name: str
    base_url: str
    key_name: str = ""
    key_env: str = ""
    sign_in: str = "key"
    """``key`` or ``session``."""
    requests_per_minute: int | None = None
    failure: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    cursors: Mapping[str, Any] = field(default_factory=dict)
    synced_at: str = ""


class StepState(StrEnum):
    """How an item here stands to the one there."""

    IN_STEP = "in_step"
    CHANGED_HERE = "changed_here"
    CHANGED_THERE = "changed_there"
    CONFLICT = "conflict"
    RUNNING = "running"
    FAILED = "failed"
    GONE = "gone"
    """Deleted there, kept here."""


class Badge(StrEnum):
    """How an item here stands to the services, in one word."""

    LOCAL_ONLY = "local_only"
    IN_STEP = "in_step"
    CHANGED_HERE = "changed_here"
    CHANGED_THERE = "changed_there"
    CONFLICT = "conflict"
    WAITING = "waiting"
    """To be sent, or being made there."""
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class RemoteItem:
    """What is known of one item there. ``item_kind`` and ``item_id`` name its twin here; ``remote`` is what it said last."""

    id: int
    connection_id: ConnectionId
    remote_kind: str
    remote_id: str
    remote_parent_id: str = ""
    item_kind: str = ""
    item_id: int | None = None
    remote_revision: str = ""
    agreed_hash: str = ""
    state: StepState = StepState.IN_STEP
    remote: Mapping[str, Any] = field(default_factory=dict)


class WishState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    """Also what a crash leaves: whether it arrived is not known."""
    DONE = "done"
    FAILED = "failed"
    """Refused: not sent again until the user asks."""


@dataclass(frozen=True)
class Wish:
    """Something that is to be changed there. ``sent_at`` is of the first try whose outcome is unknown, else empty."""

    id: WishId
    connection_id: ConnectionId
    operation: str
    idempotency_key: str
    item_kind: str = ""
    item_id: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    state: WishState = WishState.WAITING
    attempts: int = 0
    next_at: str = ""
    sent_at: str = ""
    answer: Any = None
    failure: str = ""
    failure_code: str = ""
    request_id: str = ""
    created_at: str = ""

    @property
    def is_unclear(self) -> bool:
        """It may have been done there."""
        return bool(self.sent_at) and self.state in {WishState.WAITING, WishState.SENDING}
