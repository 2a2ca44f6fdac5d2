"""LogTalk's side: conversions. Each wish has an idempotency key, good for 24 hours; after that, look before sending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from declaim.commands.syncing.values import Fetching, Found, Sent, WishJob
from declaim.errors import InputError, RemoteRefused
from declaim.model.remote import Wish
from declaim.remote import Download, LogTalk
from declaim.remote.logtalk_values import POLLING, Conversion

_KEY_LIFE = dt.timedelta(hours=23, minutes=30)


class LogTalkSide:
    polling = POLLING
    is_idempotent = True

    def __init__(self, client: LogTalk) -> None:
        self._client = client

    def pages(self, resume: Mapping[str, Any]) -> Iterator[tuple[tuple[Found, ...], Mapping[str, Any]]]:
        for page in self._client.conversions(start=str(resume.get("conversions", ""))):
            yield tuple(_found(item) for item in page.items), {"conversions": page.next_cursor}

    def look_at(self, kind: str, remote_id: str) -> Found:
        return _found(self._client.get_conversion(remote_id))

    def prepare(self, job: WishJob) -> Mapping[str, Any]:
        return {}

    def find_sent(self, job: WishJob) -> Sent | None:
        """Within the life of the key nothing is looked for: the same key brings the same answer."""
        wish = job.wish
        if wish.operation == "change":
            return None
        if wish.operation == "delete":
            return self._if_gone(str(wish.body["target"]))
        if not _is_old(wish):
            return None
        if wish.operation == "retry":
            found = _found(self._client.get_conversion(str(wish.body["target"])))
            return None if found.state == "failed" else Sent((found,))
        fields, since = wish.body["fields"], _day_before(wish.sent_at)
        for page in self._client.conversions(source_type=fields.get("source_type")):
            for item in page.items:
                if item.title == fields.get("title") and item.created_at >= since and item.id not in job.taken:
                    return Sent((_found(item),))
            if page.items and page.items[-1].created_at < since:
                break
        return None

    def send(self, job: WishJob) -> Sent:
        wish, client = job.wish, self._client
        target, fields = str(wish.body.get("target", "")), dict(wish.body.get("fields", {}))
        match wish.operation:
            case "create":
                made = client.create_conversion(fields, idempotency_key=wish.idempotency_key)
            case "change":
                made = client.update_conversion(target, fields)
            case "retry":
                made = client.retry_conversion(target, idempotency_key=wish.idempotency_key)
            case "delete":
                client.delete_conversion(target)
                return Sent(gone=(target,))
            case other:
                raise InputError(f"LogTalk knows no '{other}'.", cure="Report this.")
        return Sent((_found(made, str(fields.get("title", ""))),))

    def download(self, fetching: Fetching, target: Path) -> Download:
        return self._client.download_conversion(fetching.remote_id, target)

    def _if_gone(self, target: str) -> Sent | None:
        try:
            self._client.get_conversion(target)
        except RemoteRefused as refused:
            if refused.is_missing:
                return Sent(gone=(target,))
            raise
        return None


def _found(item: Conversion, title: str = "") -> Found:
    failure = item.failure
    links = {"listen_url": item.listen_url, "embed_url": item.embed_url, "script": item.generated_script}
    details = {name: value for name, value in links.items() if value}
    return Found(
        kind="conversion",
        id=item.id,
        shared={"title": item.title or title},
        state="done" if item.is_done else "failed" if item.is_failed else "running",
        failure=failure.message if failure else "",
        failure_code=failure.code if failure else "",
        duration_ms=None if item.duration_seconds is None else round(item.duration_seconds * 1000),
        audio=(item.completed_at or "there") if item.has_audio else "",
        source=item.source_type,
        details={**details, "public": item.public_url, "estimate_s": item.estimated_completion_seconds},
    )


def _is_old(wish: Wish) -> bool:
    return bool(wish.sent_at) and dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(wish.sent_at) > _KEY_LIFE


def _day_before(stamp: str) -> str:
    return (dt.datetime.fromisoformat(stamp) - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
