"""What travels between the library (main thread) and a service (worker), as frozen values."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from declaim.errors import DeclaimError, RemoteRefused
from declaim.model.remote import RemoteItem, Wish
from declaim.remote import Download, PollingPlan

AUDIO_KINDS = frozenset({"conversion", "episode", "doctalk", "article", "recording"})
"""Kinds of remote items that may have audio."""
_BARE: Mapping[str, Mapping[str, Any]] = {
    "conversion": {"title": ""},
    "article": {"title": ""},
    "recording": {"label": "", "starred": False, "note": ""},
    "project": {"name": ""},
    "folder": {"name": ""},
}
"""What items of a kind share with their twin, as long as nothing is said of it. Other kinds share nothing."""


def normal(shared: Mapping[str, Any]) -> dict[str, Any]:
    """As the library keeps it, so that what was taken over compares equal: names on one line, notes without a blank edge."""
    plain = dict(shared)
    for name in ("name", "title", "label"):
        if name in plain:
            plain[name] = " ".join(str(plain[name]).replace("\0", " ").split())[:500]
    if plain.get("name") == "":
        plain["name"] = "Untitled"
    if "note" in plain:
        plain["note"] = str(plain["note"]).strip()
    return plain


def said(raw: Any, **kinds: type) -> dict[str, Any]:
    """Those fields of a service's record that are there and of that kind; null is an empty one."""
    if not isinstance(raw, Mapping):
        return {}
    there = {name: kind() if raw[name] is None else raw[name] for name, kind in kinds.items() if name in raw}
    return {name: value for name, value in there.items() if isinstance(value, kinds[name])}


def hash_of(shared: Mapping[str, Any]) -> str:
    """Of normal ones."""
    return hashlib.sha256(json.dumps(shared, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Found:
    """An item as a service shows it. ``shared`` is what both sides have and may change: a name, a star, a note. What an answer
    leaves out, or says in the wrong type, is not in it: see :meth:`beside`.

    ``state`` is running, done or failed; ``audio`` names this audio, so that another one is noticed; empty where there is none.
    ``details`` is what else is worth keeping.
    """

    kind: str
    id: str
    shared: Mapping[str, Any]
    parent_id: str = ""
    original_id: str = ""
    state: str = "done"
    failure: str = ""
    failure_code: str = ""
    duration_ms: int | None = None
    audio: str = ""
    source: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def beside(self, item: RemoteItem | None) -> Found:
        """With all that is shared: what this answer does not say is as it was said before."""
        before = item.remote.get("shared", {}) if item is not None else {}
        known = {**_BARE.get(self.kind, {}), **(before if isinstance(before, Mapping) else {}), **self.shared}
        return dataclasses.replace(self, shared=normal(known))

    @property
    def hash(self) -> str:
        return hash_of(self.shared)

    @property
    def record(self) -> dict[str, Any]:
        """What the library keeps of it, beside what it knew."""
        kept = {"shared": dict(self.shared), "state": self.state, "audio": self.audio, "failure": self.failure}
        return {**kept, **self.details}


@dataclass(frozen=True)
class Sent:
    """What a wish brought: items made or changed there, and ids of those that are gone.

    ``token`` is an embed token that was made. ``may_be_known``: what it made may be an item that was there before.
    """

    items: tuple[Found, ...] = ()
    gone: tuple[str, ...] = ()
    token: str = field(default="", repr=False)
    may_be_known: bool = False


@dataclass(frozen=True)
class Failure:
    """``item`` is an id here where there is one, else the remote id."""

    item: str
    code: str
    message: str
    request_id: str = ""

    def to_json(self) -> dict[str, str]:
        return {"item": self.item, "code": self.code, "message": self.message, "request_id": self.request_id}


@dataclass
class Report:
    """What a sync did; counted by worker and library together."""

    pushed: int = 0
    pulled: int = 0
    downloaded: int = 0
    updated: int = 0
    deleted: int = 0
    conflicts: int = 0
    waiting: int = 0
    failed: list[Failure] = field(default_factory=list)
    requests: int = 0
    notes: list[str] = field(default_factory=list)
    """For the person: what was deleted here and is still there."""
    new: list[str] = field(default_factory=list)
    """For the person: what was made here in a mirrored folder and goes there."""
    items: list[str] = field(default_factory=list)
    """Remote ids that wishes made."""
    tokens: list[str] = field(default_factory=list, repr=False)
    """Embed tokens that wishes made."""

    def add(self, other: Report) -> None:
        for name in ("pushed", "pulled", "downloaded", "updated", "deleted", "conflicts", "waiting", "requests"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failed += other.failed
        self.notes += other.notes
        self.new += other.new
        self.items += other.items
        self.tokens += other.tokens

    def to_json(self) -> dict[str, Any]:
        counts = ("pushed", "pulled", "downloaded", "updated", "deleted", "conflicts", "waiting")
        plain: dict[str, Any] = {name: getattr(self, name) for name in counts}
        return {**plain, "failed": [failure.to_json() for failure in self.failed], "requests": self.requests}


@dataclass(frozen=True)
class SyncOptions:
    """``only``: nothing but these wishes and what stands before them in the same item's order; no pull."""

    dry_run: bool = False
    wait: bool = False
    audio: bool = True
    only: frozenset[int] | None = None


@dataclass(frozen=True)
class WishJob:
    """A wish with what it needs of the library: the file to upload, ids that other wishes made there."""

    wish: Wish
    file: Path | None = None
    taken: frozenset[str] = frozenset()
    made_before: tuple[str, ...] = ()
    """Remote ids that the wish named as ``after`` made."""
    parent_id: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the item there that it is about."""


@dataclass(frozen=True)
class Fetching:
    """A recording here whose audio is there."""

    recording_id: int
    remote_kind: str
    remote_id: str
    record: Mapping[str, Any]


class Side(Protocol):
    """One service, spoken to in a worker. Everything but ``polling`` may raise RemoteError or InputError."""

    polling: PollingPlan
    is_idempotent: bool
    """Sending the same wish twice makes one item, at least for a day."""
    listed: frozenset[str]
    """Kinds of items that the last walk over :meth:`pages` listed whole: what is not in it is gone there."""

    def pages(self, resume: Mapping[str, Any]) -> Iterator[tuple[tuple[Found, ...], Mapping[str, Any]]]:
        """Every item, parents before children, each page with the cursors that would go on after it."""

    def look_at(self, kind: str, remote_id: str) -> Found:
        """One item."""

    def prepare(self, job: WishJob) -> Mapping[str, Any]:
        """What must be known before a wish is sent for the first time, to find it again after an unclear outcome."""

    def find_sent(self, job: WishJob) -> Sent | None:
        """What an earlier, unclear try of the wish made; None where it did not arrive."""

    def send(self, job: WishJob) -> Sent:
        """Once, as the wish says."""

    def download(self, fetching: Fetching, target: Path) -> Download:
        """The audio, under ``target``."""


def words_of(error: DeclaimError) -> str:
    """What went wrong and the cure, in one line."""
    return f"{error.message} {error.cure}".strip()


def sent_if_gone(side: Side, kind: str, target: str) -> Sent | None:
    """What an earlier, unclear try to delete something made; None where it is still there."""
    try:
        side.look_at(kind, target)
    except RemoteRefused as refused:
        if refused.is_missing:
            return Sent(gone=(target,))
        raise
    return None
