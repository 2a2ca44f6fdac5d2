"""BotTalk's side: articles. There is no idempotency, but each article that is made here has an external id of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from declaim.commands.syncing.values import Fetching, Found, Sent, WishJob, said
from declaim.errors import InputError, RemoteRefused
from declaim.remote import BotTalk, Download
from declaim.remote.bottalk import POLLING, Article
from declaim.remote.reading import Fields

_KEPT = ("url", "lang", "voice", "isRaw", "prompt", "labels")
_NOT_SHOWN = frozenset({"labels", "parse"})
"""What an article there does not tell."""


class BotTalkSide:
    polling = POLLING
    is_idempotent = False
    listed = frozenset({"article"})

    def __init__(self, client: BotTalk) -> None:
        self._client = client

    def pages(self, resume: Mapping[str, Any]) -> Iterator[tuple[tuple[Found, ...], Mapping[str, Any]]]:
        """From the first: offsets move when articles are added."""
        for page in self._client.articles():
            yield tuple(_found(item) for item in page.items), {}

    def look_at(self, kind: str, remote_id: str) -> Found:
        return _found(self._client.get_article(remote_id))

    def prepare(self, job: WishJob) -> Mapping[str, Any]:
        if job.wish.operation == "create":
            fields = dict(job.wish.body["fields"])
            return {"fields": {**fields, "externalId": fields.get("externalId") or job.wish.idempotency_key}}
        return {}

    def find_sent(self, job: WishJob) -> Sent | None:
        wish = job.wish
        if wish.operation == "create":
            return self._by_external_id(str(wish.body["fields"]["externalId"]), wish.body["fields"])
        target = str(wish.body.get("target", ""))
        article = self._get_or_none(target)
        if wish.operation == "delete":
            return Sent(gone=(target,)) if article is None else None
        if article is None:
            return None
        wanted = {name: value for name, value in wish.body.get("fields", {}).items() if name not in _NOT_SHOWN}
        is_done = all(_value(article, name) == value for name, value in wanted.items()) and (wanted or not article.is_failed)
        return Sent((_found(article),)) if is_done else None

    def send(self, job: WishJob) -> Sent:
        wish = job.wish
        target, fields = str(wish.body.get("target", "")), dict(wish.body.get("fields", {}))
        match wish.operation:
            case "create":
                return self._create(fields)
            case "change" | "update":
                return self._update(target, fields, job.known)
            case "retry":
                return self._update(target, {}, job.known)
            case "delete":
                self._client.delete_article(target)
                return Sent(gone=(target,))
            case other:
                raise InputError(f"BotTalk knows no '{other}'.", cure="Report this.")

    def download(self, fetching: Fetching, target: Path) -> Download:
        return self._client.download_article(fetching.remote_id, target, preview=bool(fetching.record.get("preview")))

    def _create(self, fields: dict[str, Any]) -> Sent:
        """Where the external id is there already, the user chose it: that article is made anew."""
        is_chosen = False
        try:
            made = self._client.create_article(fields)
        except RemoteRefused as refused:
            if refused.code != "already_exists":
                raise
            is_chosen = True
            made = self._client.update_article_by_external_id(str(fields["externalId"]), fields)
            made = made or self._client.get_article_by_external_id(str(fields["externalId"])).id
        raw = {"id": made, "status": "waiting", "title": fields["title"], "text": fields["text"], "url": fields.get("url", "")}
        made_there = _with_hidden(_found(Article.of(Fields(raw, "the article"))), fields)
        return Sent((made_there,), may_be_known=is_chosen)

    def _update(self, target: str, fields: dict[str, Any], known: Mapping[str, Any]) -> Sent:
        whole = self._whole(target, {**{name: known[name] for name in _NOT_SHOWN if name in known}, **fields})
        self._client.update_article(target, whole)
        return Sent((_with_hidden(_found(self._client.get_article(target)), whole),))

    def _whole(self, target: str, fields: dict[str, Any]) -> dict[str, Any]:
        """An update says everything anew: what is not said is taken away there."""
        article = self._client.get_article(target)
        raw = article.raw if isinstance(article.raw, dict) else {}
        kept = {name: raw[name] for name in _KEPT if raw.get(name) not in (None, "", [])}
        return {"title": article.title, "text": article.text, **kept, **fields}

    def _by_external_id(self, external_id: str, fields: Mapping[str, Any]) -> Sent | None:
        try:
            return Sent((_with_hidden(_found(self._client.get_article_by_external_id(external_id)), fields),))
        except RemoteRefused as refused:
            if refused.is_missing:
                return None
            raise

    def _get_or_none(self, target: str) -> Article | None:
        try:
            article = self._client.get_article(target)
        except RemoteRefused as refused:
            if refused.is_missing:
                return None
            raise
        return None if article.status == "deleted" else article


def _with_hidden(found: Found, sent: Mapping[str, Any]) -> Found:
    """With what no answer says of an article, so that it can be said again."""
    return replace(found, details={**found.details, **{name: sent[name] for name in _NOT_SHOWN if name in sent}})


def _value(article: Article, name: str) -> Any:
    raw = article.raw if isinstance(article.raw, dict) else {}
    return raw.get(name)


def _found(item: Article) -> Found:
    return Found(
        kind="article",
        id=item.id,
        shared=said(item.raw, title=str),
        state="done" if item.is_done else "failed" if item.is_failed else "running",
        failure=item.error or (item.status_words if item.is_failed else ""),
        failure_code=item.status if item.is_failed else "",
        duration_ms=None if item.audio_duration is None else round(item.audio_duration * 1000),
        audio=f"{item.updated or item.added or ''} {item.audio}" if item.audio else "",
        source="document",
        details={
            "status": item.status,
            "words": item.status_words,
            **{name: value for name, value in (("url", item.url), ("text", item.text)) if value},
        },
    )
