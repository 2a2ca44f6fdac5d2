"""LogTalk's side: conversions, scripts, and the old episodes and DocTalk conversions.

Each wish has an idempotency key, good for 24 hours; after that, look before sending.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from declaim.commands.syncing.values import Fetching, Found, Sent, WishJob, said, sent_if_gone
from declaim.errors import InputError, RemoteRefused
from declaim.model.remote import Wish
from declaim.remote import Download, LogTalk
from declaim.remote.logtalk_values import POLLING, Conversion, Episode, Job, RemoteScript

_KEY_LIFE = dt.timedelta(hours=23, minutes=30)
_NO_SUCH_LIST = frozenset({403, 404, 405, 410})
"""The episodes are deprecated there: their list may be gone."""
_Doing = Callable[[Wish, str, dict[str, Any]], Sent]


class LogTalkSide:
    polling = POLLING
    is_idempotent = True

    def __init__(self, client: LogTalk) -> None:
        self._client = client
        self.listed = frozenset({"conversion"})

    def pages(self, resume: Mapping[str, Any]) -> Iterator[tuple[tuple[Found, ...], Mapping[str, Any]]]:
        self.listed = frozenset({"conversion"})
        for page in self._client.conversions(start=str(resume.get("conversions", ""))):
            yield tuple(conversion_found(item) for item in page.items), {"conversions": page.next_cursor}
        try:
            for old in self._client.episodes():
                if old.items:
                    yield tuple(_episode(item) for item in old.items), {}
        except RemoteRefused as refused:
            if refused.status not in _NO_SUCH_LIST:
                raise
        else:
            self.listed |= {"episode"}

    def look_at(self, kind: str, remote_id: str) -> Found:
        if kind == "episode":
            return _episode(self._client.get_episode(remote_id))
        if kind == "doctalk":
            return conversion_found(self._client.get_doctalk(remote_id), kind="doctalk")
        return conversion_found(self._client.get_conversion(remote_id))

    def prepare(self, job: WishJob) -> Mapping[str, Any]:
        return {}

    def find_sent(self, job: WishJob) -> Sent | None:
        """Within the life of the key nothing is looked for: the same key brings the same answer."""
        wish = job.wish
        if wish.operation == "delete":
            return sent_if_gone(self, _kind_of(wish), str(wish.body["target"]))
        if wish.operation in {"change", "update", "share", "revoke", "embed_token", "write_script"} or not _is_old(wish):
            return None
        if wish.operation == "retry":
            found = self.look_at(_kind_of(wish), str(wish.body["target"]))
            return None if found.state == "failed" else Sent((found,))
        return self._find_made(wish, job.taken)

    def send(self, job: WishJob) -> Sent:
        wish = job.wish
        doing: Mapping[str, _Doing] = {
            "create": self._create,
            "convert": self._convert,
            "write_script": self._write_script,
            "change": self._update,
            "update": self._update,
            "share": self._update,
            "embed_token": self._make_token,
            "revoke": self._revoke,
            "retry": self._retry,
            "delete": self._delete,
        }
        if wish.operation not in doing:
            raise InputError(f"LogTalk knows no '{wish.operation}'.", cure="Report this.")
        target = str(wish.body.get("target") or next(iter(job.made_before), ""))
        return doing[wish.operation](wish, target, dict(wish.body.get("fields", {})))

    def download(self, fetching: Fetching, target: Path) -> Download:
        download = {"episode": self._client.download_episode, "doctalk": self._client.download_doctalk}
        return download.get(fetching.remote_kind, self._client.download_conversion)(fetching.remote_id, target)

    # One wish of each kind

    def _create(self, wish: Wish, _target: str, fields: dict[str, Any]) -> Sent:
        made = self._client.create_conversion(fields, idempotency_key=wish.idempotency_key)
        return Sent((conversion_found(made, str(fields.get("title", ""))),))

    def _convert(self, wish: Wish, target: str, fields: dict[str, Any]) -> Sent:
        """A script of theirs that was not edited. Where it is gone there meanwhile, its text is sent instead."""
        try:
            made = self._client.convert_script(target, {}, idempotency_key=wish.idempotency_key)
        except RemoteRefused as refused:
            if not refused.is_missing:
                raise
            made = self._client.create_conversion(fields, idempotency_key=f"{wish.idempotency_key}-text")
        return Sent((conversion_found(made, str(fields.get("title", ""))),))

    def _write_script(self, wish: Wish, _target: str, fields: dict[str, Any]) -> Sent:
        made = self._client.create_script(fields, idempotency_key=wish.idempotency_key)
        return Sent((_script(made, str(wish.body.get("title", ""))),))

    def _update(self, _wish: Wish, target: str, fields: dict[str, Any]) -> Sent:
        return Sent((conversion_found(self._client.update_conversion(target, fields)),))

    def _make_token(self, wish: Wish, target: str, _fields: dict[str, Any]) -> Sent:
        return Sent(token=self._client.create_embed_token(target, idempotency_key=wish.idempotency_key).token)

    def _revoke(self, wish: Wish, target: str, _fields: dict[str, Any]) -> Sent:
        self._client.revoke_embed_token(target, str(wish.body["token"]))
        return Sent()

    def _retry(self, wish: Wish, target: str, fields: dict[str, Any]) -> Sent:
        if _kind_of(wish) == "episode":
            return Sent((_episode(self._client.retry_episode(target, fields, idempotency_key=wish.idempotency_key)),))
        return Sent((conversion_found(self._client.retry_conversion(target, idempotency_key=wish.idempotency_key)),))

    def _delete(self, wish: Wish, target: str, _fields: dict[str, Any]) -> Sent:
        if _kind_of(wish) == "doctalk":
            raise InputError("LogTalk deletes no DocTalk conversions.", cure="Delete its take here.")
        delete = self._client.delete_episode if _kind_of(wish) == "episode" else self._client.delete_conversion
        delete(target)
        return Sent(gone=(target,))

    def _find_made(self, wish: Wish, taken: frozenset[str]) -> Sent | None:
        fields = wish.body["fields"]
        for page in self._client.conversions(source_type=fields.get("source_type")):
            since = _since(wish, page.raw)
            for item in page.items:
                if item.title == fields.get("title") and item.created_at >= since and item.id not in taken:
                    return Sent((conversion_found(item),))
            if page.items and page.items[-1].created_at < since:
                break
        return None


def conversion_found(item: Conversion, title: str = "", *, kind: str = "conversion") -> Found:
    """``title`` for an answer that says none, because it was given with the wish."""
    shared = said(item.raw, title=str)
    if not shared.get("title"):
        shared = {"title": title} if title else {}
    details: dict[str, Any] = {"script": item.generated_script, "label": item.title or f"DocTalk {item.created_at[:10]}".strip()}
    if isinstance(item.raw, Mapping) and isinstance(item.raw.get("public_url"), bool):
        details["public"] = item.public_url
    links = {"listen_url": item.listen_url, "embed_url": item.embed_url}
    details |= links if details.get("public") is False else {name: link for name, link in links.items() if link}
    return _job(item, kind, shared if kind == "conversion" else {}, details, source=item.source_type)


def _episode(item: Episode) -> Found:
    """It has no title there."""
    words = " ".join(word for word in (item.mode.replace("-", " ").capitalize(), "episode", item.created_at[:10]) if word)
    details = {"script": item.script, "label": words, "listen_url": item.listen_url, "embed_url": item.embed_url}
    return _job(item, "episode", {}, details, source="changelog")


def _job(item: Job, kind: str, shared: Mapping[str, Any], details: Mapping[str, Any], *, source: str) -> Found:
    failure = item.failure
    is_there = item.has_audio or (kind != "conversion" and bool(item.audio_url))
    more = {name: value for name, value in details.items() if value or name in {"public", "listen_url", "embed_url"}}
    if item.estimated_completion_seconds is not None:
        more["estimate_s"] = item.estimated_completion_seconds
    return Found(
        kind=kind,
        id=item.id,
        shared=shared,
        state="done" if item.is_done else "failed" if item.is_failed else "running",
        failure=failure.message if failure else "",
        failure_code=failure.code if failure else "",
        duration_ms=None if item.duration_seconds is None else round(item.duration_seconds * 1000),
        audio=(item.completed_at or "there") if is_there else "",
        source=source,
        details=more,
    )


def _script(made: RemoteScript, title: str) -> Found:
    details = {"text": made.content, "title": title, "made_at": dt.datetime.now(dt.UTC).isoformat()}
    return Found("script", made.id, {}, details=details)


def _kind_of(wish: Wish) -> str:
    return str(wish.body.get("kind") or "conversion")


def _is_old(wish: Wish) -> bool:
    return bool(wish.sent_at) and dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(wish.sent_at) > _KEY_LIFE


def _since(wish: Wish, answer: Any) -> str:
    """An hour before the wish was first sent, by the clock of the service, which its answers tell."""
    sent_at = dt.datetime.fromisoformat(wish.sent_at)
    told = said(answer, timestamp=str).get("timestamp", "")
    try:
        skew = dt.datetime.fromisoformat(told) - dt.datetime.now(dt.UTC)
    except (ValueError, TypeError):
        skew = dt.timedelta(hours=-23)
    return (sent_at + skew - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
