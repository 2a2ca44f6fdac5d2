"""LogTalk, as its published contract has it, on this computer. What is published nowhere (usage, changelogs) is made up here."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tests.support.service_server import Logged, LoopbackServer, Reply, Storage, cursor_of, tone_mp3, value_of


class LogTalkServer(LoopbackServer):
    """``looks_until_done``: how often a job is looked at before it is done. Content with FAIL in it fails.

    ``endless`` and ``repeats_cursor`` spoil the lists; ``answers_with`` makes it answer with that id, whatever was asked.
    """

    prefix = "/api/v1"

    def __init__(self, key: str = "lt_test_0123456789abcdef0123456789abcdef") -> None:
        super().__init__()
        self.key = key
        self.storage = Storage()
        self.conversions: dict[str, dict[str, Any]] = {}
        self.episodes: dict[str, dict[str, Any]] = {}
        self.doctalk: dict[str, dict[str, Any]] = {}
        self.scripts: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.looks_until_done = 1
        self.endless = self.repeats_cursor = False
        self.answers_with = ""
        self._replies: dict[str, tuple[str, Reply]] = {}
        self._add_routes()

    def __enter__(self):
        self.storage.__enter__()
        return super().__enter__()

    def __exit__(self, *exc) -> None:
        super().__exit__(*exc)
        self.storage.__exit__(*exc)

    def _add_routes(self) -> None:
        self._add_current_routes()
        self._add_deprecated_routes()

    def _add_current_routes(self) -> None:
        add = self.route
        add("POST", "/conversions", self._once(self._create_conversion))
        add("GET", "/conversions", lambda request: self._list(request, self.conversions, ("source_type", "status")))
        add("GET", "/conversions/{item}", lambda _request, item: self._look(self.conversions, item))
        add("PATCH", "/conversions/{item}", self._change)
        add("DELETE", "/conversions/{item}", lambda _request, item: self._delete(self.conversions, item))
        add("POST", "/conversions/{item}/retry", self._once(lambda _r, item: self._retry(self.conversions, item)))
        add("GET", "/conversions/{item}/audio", lambda request, item: self._audio(request, self.conversions, item))
        add("POST", "/conversions/{item}/embed-token", self._once(self._make_token))
        add("GET", "/conversions/{item}/embed-token", self._list_tokens)
        add("DELETE", "/conversions/{item}/embed-token/{token}", self._revoke_token)
        add("POST", "/scripts", self._once(self._create_script))
        add("POST", "/scripts/{item}/convert", self._once(self._convert_script))
        add("GET", "/usage", lambda _request: self.ok({"requests_today": len(self.log), "plan": "growth"}))
        add("GET", "/changelogs", lambda _request: self.ok([{"id": "cl_1", "title": "v1.9.0", "content": "- Faster"}]))

    def _add_deprecated_routes(self) -> None:
        add = self.route
        add("POST", "/doctalk/convert", self._once(self._create_doctalk))
        add("GET", "/doctalk/convert/{item}", lambda _request, item: self._look(self.doctalk, item))
        add("GET", "/doctalk/convert/{item}/audio", lambda request, item: self._audio(request, self.doctalk, item))
        add("POST", "/episodes", self._once(self._create_episode))
        add("GET", "/episodes", lambda request: self._list(request, self.episodes, ("status", "mode", "output_format")))
        add("GET", "/episodes/{item}", self._get_episode)
        add("POST", "/episodes/{item}/retry", self._once(lambda _r, item: self._retry(self.episodes, item)))
        add("DELETE", "/episodes/{item}", lambda _request, item: self._delete(self.episodes, item))
        add("GET", "/episodes/{item}/audio", lambda request, item: self._audio(request, self.episodes, item))
        self.prefix = "/api"
        add("GET", "/oembed", self._oembed)
        self.prefix = "/api/v1"

    # Made by tests

    def add_conversion(self, **values: Any) -> str:
        item = self.new_id()
        self.conversions[item] = {
            "id": item,
            "source_type": "document",
            "title": f"Title {item[-4:]}",
            **self._done(item),
            **values,
        }
        return item

    def add_episode(self, **values: Any) -> str:
        item = self.new_id()
        self.episodes[item] = {"id": item, "mode": "changelog", "source": "api", "progress_percent": 100, "has_video": False}
        self.episodes[item] |= {**self._done(item), "script": "[NARRATOR]: Old.", **values}
        return item

    def _done(self, item: str) -> dict[str, Any]:
        made = {"status": "completed", "has_audio": True, "audio_url": f"{self.base_url}/conversions/{item}/audio"}
        made |= {"generated_script": "[NARRATOR]: Welcome.", "duration_seconds": 45, "public_url": False}
        return {**made, "created_at": self.now(), "completed_at": self.now()}

    # Envelope, key, idempotency

    def ok(self, data: Any, status: int = 200, **more: Any) -> Reply:
        return Reply({"success": True, "data": data, **more, "request_id": "req_ok", "timestamp": self.now()}, status)

    def no(self, status: int, code: str, message: str) -> Reply:
        error = {"code": code, "message": message, "documentation_url": f"https://docs.logtalk.io/errors/{code}"}
        return Reply({"success": False, "error": error, "request_id": f"req_{status}", "timestamp": self.now()}, status)

    def not_found(self) -> Reply:
        return self.no(404, "NOT_FOUND", "There is no such item")

    def guard(self, request: Logged) -> Reply | None:
        if request.path == "/api/oembed" or request.headers.get("authorization") == f"Bearer {self.key}":
            return None
        return self.no(401, "INVALID_API_KEY", "The API key is not valid")

    def _once(self, handler):
        """Same key and body: the kept answer. Same key and another body: 409."""

        def answer(request: Logged, **names: str) -> Reply:
            key = request.headers.get("idempotency-key", "")
            body = hashlib.sha256(request.path.encode() + request.body).hexdigest()
            if key in self._replies:
                kept, reply = self._replies[key]
                return reply if kept == body else self.no(409, "IDEMPOTENCY_CONFLICT", "The key was used with another body")
            reply = handler(request, **names)
            if key and reply.status < 400:
                self._replies[key] = (body, reply)
            return reply

        return answer

    # Conversions

    def _create_conversion(self, request: Logged) -> Reply:
        body = request.json
        for name in ("source_type", "title", "content"):
            if not body.get(name):
                return self.no(400, "VALIDATION_ERROR", f"{name} is required")
        item = self._start(self.conversions, body["content"])
        self.conversions[item] |= {"source_type": body["source_type"], "title": body["title"], "_body": body}
        self.conversions[item] |= {"public_url": body.get("public_url", False), "product_id": body.get("product_id")}
        if body.get("wait"):
            self._finish(self.conversions[item])
            return self.ok(self._shown(self.conversions[item]))
        return self.ok(self._shown(self.conversions[item]), 202)

    def _start(self, table: dict[str, dict[str, Any]], content: str) -> str:
        item = self.new_id()
        table[item] = {"id": item, "status": "processing", "has_audio": False, "public_url": False, "created_at": self.now()}
        table[item] |= {"poll_url": f"{self.base_url}/conversions/{item}", "estimated_completion_seconds": 20}
        table[item] |= {"_looks": 0, "_fails": "FAIL" in content}
        return item

    def _finish(self, record: dict[str, Any]) -> None:
        if record.pop("_fails", False):
            error = {"code": "GENERATION_FAILED", "message": "Script generation failed"}
            record.update(status="failed", error=error, failed_at=self.now())
        else:
            record.update(self._done(record["id"]) | {"created_at": record["created_at"], "public_url": record["public_url"]})
        record.pop("poll_url", None)
        record.pop("estimated_completion_seconds", None)

    def _look(self, table: dict[str, dict[str, Any]], item: str) -> Reply:
        record = table.get(item)
        if record is None:
            return self.not_found()
        if record["status"] == "processing":
            record["_looks"] = record.get("_looks", 0) + 1
            if record["_looks"] >= self.looks_until_done:
                self._finish(record)
        return self.ok(self._shown(record))

    def _shown(self, record: dict[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in record.items() if not name.startswith("_")}
        if record.get("public_url") and record["status"] == "completed":
            shown["listen_url"] = f"https://logtalk.io/listen/{record['id']}"
            shown["embed_url"] = f"https://logtalk.io/embed/{record['id']}"
        return {**shown, "id": self.answers_with} if self.answers_with else shown

    def _list(self, request: Logged, table: dict[str, dict[str, Any]], filters: tuple[str, ...]) -> Reply:
        if self.endless:
            cursor = cursor_of({"at": len(self.log)})
            return self.ok([], meta={"total_count": 10**9, "has_more": True, "next_cursor": cursor})
        rows = sorted(table.values(), key=lambda record: record["created_at"], reverse=True)
        for name in filters:
            rows = [row for row in rows if not request.one(name) or row.get(name) == request.one(name)]
        after, before = request.one("created_after"), request.one("created_before")
        rows = [row for row in rows if (not after or row["created_at"] > after) and (not before or row["created_at"] < before)]
        start = value_of(request.one("cursor"))["at"] if request.one("cursor") else 0
        end = start + int(request.one("limit", "20"))
        more = end < len(rows) or self.repeats_cursor
        cursor = cursor_of({"at": start if self.repeats_cursor else end}) if more else None
        meta = {"total_count": len(rows), "has_more": more, "next_cursor": cursor}
        hidden = {"generated_script", "script", "audio_url"}
        shown = [{name: value for name, value in self._shown(row).items() if name not in hidden} for row in rows[start:end]]
        return self.ok(shown, meta=meta)

    def _change(self, request: Logged, item: str) -> Reply:
        if item not in self.conversions:
            return self.not_found()
        self.conversions[item] |= request.json
        return self.ok(self._shown(self.conversions[item]))

    def _delete(self, table: dict[str, dict[str, Any]], item: str) -> Reply:
        if table.pop(item, None) is None:
            return self.not_found()
        return self.ok({"id": item, "deleted": True, "deleted_at": self.now()})

    def _retry(self, table: dict[str, dict[str, Any]], item: str) -> Reply:
        record = table.get(item)
        if record is None:
            return self.not_found()
        if record["status"] != "failed":
            return self.no(400, "NOT_FAILED", "Only failed ones can be retried")
        record.pop("error", None)
        record.update(status="processing", _looks=0, estimated_completion_seconds=30)
        shown = ("id", "status", "estimated_completion_seconds", "created_at")
        return self.ok({name: record[name] for name in shown}, 202)

    def _audio(self, request: Logged, table: dict[str, dict[str, Any]], item: str) -> Reply:
        if not table.get(item, {}).get("has_audio"):
            return self.not_found()
        number = int(item[-12:])
        url = self.storage.put(f"/audio/{item}", tone_mp3(220 + number)) + "?X-Amz-Expires=3000&X-Amz-Signature=5ec4e7"
        if request.headers.get("accept") != "application/json":
            return Reply(status=302, headers={"Location": url})
        return self.ok({"audio_url": url, "content_type": "audio/mpeg", "duration_seconds": 45, "expires_at": self.now()})

    # Embed tokens

    def _make_token(self, _request: Logged, item: str) -> Reply:
        if item not in self.conversions:
            return self.not_found()
        token = f"emb_{self.new_id()[-12:]}"
        made = {"token": token, "conversion_id": item, "embed_url": f"https://logtalk.io/embed/{item}?token={token}"}
        self.tokens[token] = {**made, "created_at": self.now()}
        return self.ok(self.tokens[token], 201)

    def _list_tokens(self, _request: Logged, item: str) -> Reply:
        return self.ok([token for token in self.tokens.values() if token["conversion_id"] == item])

    def _revoke_token(self, _request: Logged, item: str, token: str) -> Reply:
        if self.tokens.get(token, {}).get("conversion_id") != item:
            return self.not_found()
        del self.tokens[token]
        return self.ok({"token": token, "revoked": True})

    # Scripts

    def _create_script(self, request: Logged) -> Reply:
        item = f"script_{self.new_id()[-12:]}"
        made = {"id": item, "content": f"[NARRATOR]: {request.json['content'][:60]}", "estimated_duration_seconds": 30}
        self.scripts[item] = {**made, "word_count": 12, "context_used": True}
        return self.ok(self.scripts[item])

    def _convert_script(self, request: Logged, item: str) -> Reply:
        if item not in self.scripts:
            return self.not_found()
        made = self._start(self.conversions, self.scripts[item]["content"])
        self.conversions[made] |= {
            "source_type": "changelog",
            "title": "From a script",
            "_body": json.loads(request.body or b"{}"),
        }
        return self.ok(self._shown(self.conversions[made]), 202)

    # Deprecated

    def _create_doctalk(self, request: Logged) -> Reply:
        item = self._start(self.doctalk, request.json["content"])
        return self.ok(self._shown(self.doctalk[item]), 202)

    def _create_episode(self, request: Logged) -> Reply:
        item = self._start(self.episodes, request.json["content"])
        self.episodes[item] |= {"mode": request.json.get("mode", "changelog"), "source": "api"}
        self._finish(self.episodes[item])
        return self.ok(self._shown(self.episodes[item]))

    def _get_episode(self, request: Logged, item: str) -> Reply:
        reply = self._look(self.episodes, item)
        if reply.status == 200 and request.one("expand") == "organization":
            reply.json["data"]["organization"] = {"id": "org_1", "name": "Acme Corp", "logo_url": None, "created_at": self.now()}
        return reply

    def _oembed(self, request: Logged) -> Reply:
        frame = f'<iframe src="{request.one("url").replace("listen", "embed")}"></iframe>'
        return Reply({"version": "1.0", "type": "rich", "title": "Title", "html": frame, "width": 600, "height": 180})
