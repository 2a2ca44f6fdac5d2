"""BotTalk Publishers: articles that become audio. One method per published operation, named as in ``OPERATIONS``.

An answer is an error wherever its ``result`` is not ``ok``, whatever its status. There is no idempotency: what makes an article
or makes its audio anew (create, update) is never repeated after an unclear outcome; look for the article before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

from declaim.errors import InputError, RemoteMisanswered, RemoteRefused
from declaim.remote.addresses import path_part
from declaim.remote.bodies import Field, FieldTable, check_body
from declaim.remote.downloads import Download, fetch
from declaim.remote.pacing import PollingPlan
from declaim.remote.paging import Page, by_offset
from declaim.remote.reading import JSON, Answer, Fields, same_item, wrong
from declaim.remote.record import Named, Record
from declaim.remote.request import Request
from declaim.remote.service import Refusal, Service
from declaim.remote.transport import Transport

POLLING = PollingPlan(first_s=10.0, then_s=(10.0, 15.0, 30.0, 60.0), most=20)
MOST_PER_PAGE = 100
STATUS_WORDS: Mapping[str, str] = {
    "waiting": "waits for its audio",
    "processing": "its audio is being made",
    "ready": "its audio is ready",
    "errored": "an error prevented its audio",
    "deleted": "deleted there",
    "retry": "the voice's provider failed; it is tried again there",
    "fallback": "another provider makes its audio",
    "no_money": "the balance there is too low",
    "limit_reached": "today's limit of articles is reached",
    "rejected": "the rules there reject it",
    "parsed": "its text is read, its audio is to come",
    "recrawling": "its text is being fetched again",
}
_ENDED_WITHOUT_AUDIO = frozenset({"errored", "deleted", "no_money", "limit_reached", "rejected"})
_VOICES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("echo", "fable", "alloy", "onyx", "nova", "shimmer"), ("de-DE", "en-US")),
    **dict.fromkeys(("de-DE-ConradNeural", "de-DE-KatjaNeural"), ("de-DE",)),
}
"""Published voices and the languages that they speak; others are left to the service."""

ARTICLE: FieldTable = {
    "title": Field(required=True),
    "text": Field(required=True),
    "url": Field(),
    "externalId": Field(),
    "voice": Field(),
    "lang": Field(),
    "parse": Field("flag"),
    "isRaw": Field("flag"),
    "prompt": Field(),
    "labels": Field("texts"),
}
ARTICLE_CHANGE: FieldTable = {**ARTICLE, "prompt": Field(nullable=True)}
LIST: FieldTable = {"limit": Field("integer", least=10, most=MOST_PER_PAGE), "offset": Field("integer", least=0)}
T = TypeVar("T")


def _read_refusal(body: JSON) -> Refusal:
    message = body.get("message") if isinstance(body, dict) else None
    told = message if isinstance(message, str) else ""
    return Refusal(told, "already_exists" if "already exists" in told else "")


BOTTALK = Service(
    name="bottalk",
    title="BotTalk",
    default_base_url="https://bottalk.io",
    requests_per_minute=60,
    read_refusal=_read_refusal,
    cures={
        401: "The article belongs to another project: use that project's key.",
        403: "Check the key of this connection; a read-only key can only read.",
    },
)


@dataclass(frozen=True)
class ArticleError(Record):
    error: str = ""
    date: str = ""


@dataclass(frozen=True)
class Article(Record):
    """Times are Unix seconds. A list's entry has fewer fields. An unknown status counts as still running."""

    id: str
    status: str = ""
    external_id: Annotated[str, Named("externalId", "external_id")] = ""
    title: str = ""
    text: str = ""
    prompt: str = ""
    url: str = ""
    is_raw: Annotated[bool, Named("isRaw")] = False
    voice: str = ""
    lang: str = ""
    added: int | None = None
    updated: int | None = None
    audio: str = ""
    audio_duration: float | None = None
    audio_preview: str = ""
    audio_preview_duration: float | None = None
    error: str = ""
    errors: tuple[ArticleError, ...] = ()
    raw: JSON = field(default=None, repr=False, compare=False)

    @property
    def is_done(self) -> bool:
        return self.status == "ready" or (self.status == "fallback" and bool(self.audio))

    @property
    def is_failed(self) -> bool:
        return self.status in _ENDED_WITHOUT_AUDIO

    @property
    def is_running(self) -> bool:
        return not (self.is_done or self.is_failed)

    @property
    def status_words(self) -> str:
        return STATUS_WORDS.get(self.status, self.status)


class BotTalk:
    """The articles of the project that the key belongs to."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def verify(self) -> None:
        """One harmless request.

        Raises:
            RemoteError: where the connection does not work.
        """
        self.list_articles(limit=10)

    def documentation(self) -> str:
        """The address of the service's documentation, which is not fetched."""
        request = Request("GET", "api", with_key=False, redirect_is_answer=True)
        return self.transport.ask(request, lambda answer: answer.location or wrong("the answer", "a redirect", answer.status))

    def list_articles(self, *, limit: int | None = None, offset: int | None = None) -> Page[Article]:
        """Deleted ones are not listed. Whether ``count`` is of the page or of the whole list is not published."""

        def read(answer: Answer) -> Page[Article]:
            fields = self._checked(answer)
            if not fields.has("articles"):
                wrong("'articles' of the answer", "a list", None)
            found = tuple(Article.of(entry) for entry in fields.records("articles"))
            return Page(found, total=fields.count("count"), count_is_total=False, raw=fields.values)

        query = check_body({"limit": limit, "offset": offset}, LIST, "the list")
        return self.transport.ask(Request("GET", "api/articles", query=query), read)

    def articles(self, *, start: int = 0) -> Iterator[Page[Article]]:
        """All pages, from an offset on."""
        return by_offset(
            lambda offset: self.list_articles(limit=MOST_PER_PAGE, offset=offset),
            lambda item: item.id,
            limit=MOST_PER_PAGE,
            start=start,
        )

    def create_article(self, body: Mapping[str, JSON]) -> str:
        """The new article's id. With an ``externalId`` that is there already: RemoteRefused with code ``already_exists``."""
        sent = _checked_article(body, ARTICLE)
        return self.transport.ask(Request("POST", "api/articles", json=sent), lambda answer: self._checked(answer).needed("id"))

    def get_article(self, article_id: str) -> Article:
        """
        Raises:
            RemoteRefused: with ``is_missing`` where there is none.
        """
        return self._get(
            f"api/articles/{path_part(article_id, 'id')}", lambda article: same_item(article_id, article.id, "article")
        )

    def update_article(self, article_id: str, body: Mapping[str, JSON]) -> str:
        """Makes the audio anew. Labels that are not in the body are taken away there."""
        sent = _checked_article(body, ARTICLE_CHANGE)
        updated = self._put(f"api/articles/{path_part(article_id, 'id')}", sent)
        if updated:
            same_item(article_id, updated, "article")
        return article_id

    def delete_article(self, article_id: str) -> None:
        request = Request("DELETE", f"api/articles/{path_part(article_id, 'id')}")
        try:
            self.transport.ask(request, lambda answer: self._checked(answer) and None)
        except RemoteRefused as refused:
            if not (refused.is_missing and refused.after_unclear):
                raise

    def get_article_by_external_id(self, external_id: str) -> Article:
        """
        Raises:
            RemoteRefused: with ``is_missing`` where there is none.
        """

        def check(article: Article) -> None:
            if article.external_id:
                same_item(external_id, article.external_id, "the article with the external id")

        return self._get(f"api/articles_external_id/{path_part(external_id, 'external id')}", check)

    def update_article_by_external_id(self, external_id: str, body: Mapping[str, JSON]) -> str:
        """The article's own id; its audio is made anew."""
        sent = _checked_article(body, ARTICLE_CHANGE)
        return self._put(f"api/articles_external_id/{path_part(external_id, 'external id')}", sent)

    def get_article_by_url(self, url: str) -> Article:
        """
        Raises:
            RemoteRefused: with ``is_missing`` where there is none.
        """

        def check(article: Article) -> None:
            if article.url:
                same_item(_plain_url(url), _plain_url(article.url), "the article with the address")

        return self._get(f"api/articles_external_url/{path_part(url, 'address')}", check)

    def download_article(self, article_id: str, target: Path, *, preview: bool = False) -> Download:
        """The audio, or its preview, fetched without the key."""
        article = self.get_article(article_id)
        url = article.audio_preview if preview else article.audio
        if not url:
            raise RemoteRefused("The article has no audio.", cure=f"Its state there: {article.status_words}.", code="no_audio")
        return fetch(self.transport, url, target)

    def _checked(self, answer: Answer) -> Fields:
        fields = answer.record("the answer")
        result = fields.text("result")
        if result != "ok":
            self._raise(answer, fields, result)
        return fields

    def _raise(self, answer: Answer, fields: Fields, result: str, code: str = "") -> NoReturn:
        if result not in {"error", "fail"}:
            raise RemoteMisanswered("The answer does not say whether it is one.", code="wrong_type")
        refusal = _read_refusal(fields.values)
        self.transport.raise_refusal(answer.status, Refusal(refusal.message, code or refusal.code))

    def _get(self, path: str, check: Callable[[Article], None]) -> Article:
        def read(answer: Answer) -> Article:
            fields = answer.record("the answer")
            result = fields.text("result")
            if result != "ok":
                self._raise(answer, fields, result, _code_of_missing(fields))
            article = Article.of(fields.record("article") or wrong("'article' of the answer", "an object", None))
            check(article)
            return article

        return self.transport.ask(Request("GET", path), read)

    def _put(self, path: str, body: Mapping[str, JSON]) -> str:
        request = Request("PUT", path, json=body, repeatable=False)
        return self.transport.ask(request, lambda answer: self._checked(answer).text("id"))


def _code_of_missing(fields: Fields) -> str:
    """Where one article is asked for, an error with status 200 is published to mean that there is none."""
    return "" if re.search(r"auth|token|\bkey\b|denied|permission", fields.text("message"), re.IGNORECASE) else "not_found"


def _checked_article(body: Mapping[str, JSON], table: FieldTable) -> dict[str, JSON]:
    sent = check_body(body, table, "an article")
    voice, lang = sent.get("voice"), sent.get("lang")
    if bool(voice) != bool(lang):
        raise InputError("A voice and its language go together.", cure="Give both 'voice' and 'lang', or neither.")
    known = _VOICES.get(voice or "", ())
    if known and lang not in known:
        raise InputError(f"The voice {voice} does not speak {lang}.", cure=f"Choose {' or '.join(known)}.")
    return sent


def _plain_url(url: str) -> str:
    """Without what services add or take away: scheme, fragment, a slash at the end."""
    return re.sub(r"^https?://", "", url.partition("#")[0]).rstrip("/")
