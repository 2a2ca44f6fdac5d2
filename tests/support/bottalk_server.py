"""BotTalk Publishers, as its OpenAPI has it, on this computer."""

from __future__ import annotations

from typing import Any

from tests.support.service_server import NOW, Logged, LoopbackServer, Reply, Storage, tone_mp3

VOICES = ("echo", "fable", "alloy", "onyx", "nova", "shimmer", "de-DE-ConradNeural", "de-DE-KatjaNeural")
AUDIO = ("audio", "audio_duration", "audio_preview", "audio_preview_duration")
IN_LIST = ("title", "text", "added", "updated", "status", "url", "isRaw", "voice", "lang")


class BotTalkServer(LoopbackServer):
    """``looks_until_ready``: how often an article is looked at before its audio is there."""

    def __init__(self, key: str = "bt_write_0123456789", read_only_key: str = "bt_read_0123456789") -> None:
        super().__init__()
        self.key, self.read_only_key = key, read_only_key
        self.storage = Storage()
        self.articles: dict[str, dict[str, Any]] = {}
        self.looks_until_ready = 1
        self.count_is_total = True
        add = self.route
        add("GET", "/api", lambda _request: Reply(status=302, headers={"Location": f"{self.origin}/docs/api/"}))
        add("GET", "/api/articles", self._list)
        add("POST", "/api/articles", self._create)
        add("GET", "/api/articles/{item}", lambda _request, item: self._get("id", item))
        add("PUT", "/api/articles/{item}", lambda request, item: self._update(request, "id", item))
        add("DELETE", "/api/articles/{item}", self._delete)
        add("GET", "/api/articles_external_id/{item}", lambda _request, item: self._get("externalId", item))
        add("PUT", "/api/articles_external_id/{item}", lambda request, item: self._update(request, "externalId", item))
        add("GET", "/api/articles_external_url/{item}", lambda _request, item: self._get("url", item))

    def __enter__(self):
        self.storage.__enter__()
        return super().__enter__()

    def __exit__(self, *exc) -> None:
        super().__exit__(*exc)
        self.storage.__exit__(*exc)

    def add_article(self, **values: Any) -> str:
        item = f"article-{self.new_id()[-6:]}"
        known = {"id": item, "externalId": None, "title": f"Title {item}", "text": "Words.", "prompt": None, "url": None}
        state = {
            "added": NOW + self._serial,
            "updated": None,
            "status": "waiting",
            "isRaw": False,
            "voice": "nova",
            "lang": "en-US",
        }
        self.articles[item] = {**known, **state, **dict.fromkeys(AUDIO), "_looks": 0, **values}
        if self.articles[item]["status"] == "ready":
            self._make_audio(self.articles[item])
        return item

    def _make_audio(self, article: dict[str, Any]) -> None:
        pitch = 300 + int(article["id"][-6:])
        audio = self.storage.put(f"/audio/{article['id']}.mp3", tone_mp3(pitch))
        preview = self.storage.put(f"/audio/{article['id']}-preview.mp3", tone_mp3(pitch, 0.05))
        article.update(status="ready", audio=audio, audio_duration=0.1, audio_preview=preview, audio_preview_duration=0.05)
        article["updated"] = NOW + self._serial

    def no(self, message: str, status: int) -> Reply:
        return Reply({"result": "error", "message": message}, status)

    def guard(self, request: Logged) -> Reply | None:
        if request.path in {"/api", "/docs/api/"}:
            return None
        sent = request.headers.get("authorization", "")
        allowed = {f"Bearer {self.key}"} | ({f"Bearer {self.read_only_key}"} if request.method == "GET" else set())
        return None if sent in allowed else self.no("Authentication failed", 403)

    def not_found(self) -> Reply:
        return self.no("Not found", 404)

    def _found(self, name: str, value: str) -> dict[str, Any] | None:
        live = (article for article in self.articles.values() if article["status"] != "deleted")
        return next((article for article in live if article[name] == value), None)

    def _list(self, request: Logged) -> Reply:
        limit, offset = int(request.one("limit", "10")), int(request.one("offset", "0"))
        live = [article for article in reversed(self.articles.values()) if article["status"] != "deleted"]
        shown = [self._in_list(article) for article in live[offset : offset + limit]]
        return Reply({"result": "ok", "count": len(live) if self.count_is_total else len(shown), "articles": shown})

    def _in_list(self, article: dict[str, Any]) -> dict[str, Any]:
        names = (*IN_LIST, *AUDIO)
        return {"id": article["id"], "external_id": article["externalId"], **{name: article[name] for name in names}}

    def _create(self, request: Logged) -> Reply:
        refused = self._refused(request.json, None)
        return refused or Reply({"result": "ok", "id": self.add_article(**request.json)})

    def _refused(self, body: dict[str, Any], own: dict[str, Any] | None) -> Reply | None:
        if not body.get("title") or not body.get("text"):
            return self.no("Title is not set or is too short", 400)
        if bool(body.get("voice")) != bool(body.get("lang")) or body.get("voice", "nova") not in VOICES:
            return self.no("Voice and lang do not match", 400)
        twin = self._found("externalId", body["externalId"]) if body.get("externalId") else None
        if twin is not None and twin is not own:
            return self.no(f"article with externalId='{body['externalId']}' already exists", 400)
        return None

    def _get(self, name: str, value: str) -> Reply:
        article = self._found(name, value)
        if article is None:
            return self.no("Article not found", 200)
        article["_looks"] += 1
        if article["status"] == "waiting" and article["_looks"] >= self.looks_until_ready:
            self._make_audio(article)
        shown = {key: entry for key, entry in article.items() if not key.startswith("_") and key != "labels"}
        return Reply({"result": "ok", "article": shown})

    def _update(self, request: Logged, name: str, value: str) -> Reply:
        article = self._found(name, value)
        if article is None:
            return self.no("Article not found", 404)
        refused = self._refused(request.json, article)
        if refused is None:
            article.update(request.json, status="waiting", audio=None, audio_preview=None, _looks=0)
            article["labels"] = request.json.get("labels", [])
        return refused or Reply({"result": "ok", "id": article["id"]})

    def _delete(self, _request: Logged, item: str) -> Reply:
        article = self._found("id", item)
        if article is None:
            return self.no("Article not found or already deleted", 404)
        article["status"] = "deleted"
        return Reply({"result": "ok"})
