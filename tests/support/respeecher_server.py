"""Respeecher Voice Marketplace, as its reference has it, on this computer; bodies that it leaves out are its OpenAPI's."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from tests.support.service_server import Logged, LoopbackServer, Reply, tone_wav

OWNER = "00000000-0000-4000-9000-000000000001"
NAME = re.compile(r"[a-zA-Z0-9 -]{1,40}")


class RespeecherServer(LoopbackServer):
    """``looks_until_done``: how often a recording is looked at before it is done. Text with FAIL in it ends in an error.

    ``stats_by``: the method that the two lists of statistics take. ``knows_auth``: whether there is ``/api/auth``.
    """

    def __init__(self, key: str = "rs-key-0123456789abcdef") -> None:
        super().__init__()
        self.key = key
        self.email, self.password = "writer@example.org", "correct horse"
        self.sessions: dict[str, str] = {}
        self.projects: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, dict[str, Any]] = {}
        self.recordings: dict[str, dict[str, Any]] = {}
        self.calibrations: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.credits = 100.0
        self.looks_until_done = 1
        self.stats_by = "GET"
        self.knows_auth = self.lists_bare_calibrations = True
        self.page_most = 200
        self.voices = [self._voice(number) for number in range(1, 31)]
        self._add_routes()

    def _add_routes(self) -> None:
        self._add_account_routes()
        self._add_library_routes()
        self._add_recording_routes()
        self._add_voice_routes()

    # Made by tests

    def add_project(self, name: str = "Project") -> str:
        item = self.new_id()
        record = {"name": name, "slug": name.lower(), "owner": OWNER, "url": f"project-{item[-4:]}", "models": {}, "id": item}
        self.projects[item] = {**record, "active": True, "created_at": self.now(), "last_recording_at": None}
        return item

    def add_folder(self, project_id: str, name: str = "Folder") -> str:
        item = self.new_id()
        place = {"name": name, "project_id": project_id, "parent_id": None, "id": item}
        self.folders[item] = {**place, "active": True, "created_at": self.now()}
        return item

    def add_original(self, folder_id: str, **values: Any) -> str:
        return self._record(folder_id, "original", tone_wav(200), **{"state": "done", **values})["id"]

    def add_conversion(self, original_id: str, **values: Any) -> str:
        original = self.recordings[original_id]
        values = {"original_id": original_id, "state": "done", **values}
        return self._record(original["parent_folder_id"], "converted", tone_wav(300 + self._serial % 500), **values)["id"]

    def _record(self, folder_id: str, kind: str, content: bytes, **values: Any) -> dict[str, Any]:
        item = self.new_id()
        self.files[f"/api/storage/{item}.wav"] = content
        self.recordings[item] = {
            "id": item,
            "project_id": self.folders[folder_id]["project_id"],
            "parent_folder_id": folder_id,
            "type": kind,
            "url": f"/api/storage/{item}.wav",
            "waveform_url": f"/api/storage/{item}.json",
            "file_name": f"{item}.wav",
            "label": None,
            "state": "processing",
            "original_id": None,
            "model_id": None,
            "model_name": None,
            "calibration_id": None,
            "microphone": None,
            "size": len(content),
            "duration": 0.1,
            "starred": False,
            "tts": False,
            "text": None,
            "params": {},
            "error": None,
            "active": True,
            "created_at": self.now(),
            "converted_at": None,
            "listen_count": 0,
            "process_stage": None,
            "note": None,
            "_looks": 0,
            **values,
        }
        return self.recordings[item]

    def _voice(self, number: int) -> dict[str, Any]:
        item = f"00000000-0000-4000-a000-{number:012d}"
        accent = {
            "id": f"00000000-0000-4000-b000-{number:012d}",
            "is_default": True,
            "native": True,
            "info": {"name": "American", "short_name": "US", "locale": "en-US"},
            "tiers": [{"name": "pro"}],
            "available": True,
            "settings": {"favorite": False, "semitones_correction": 0},
        }
        style = {"id": f"00000000-0000-4000-c000-{number:012d}", "is_default": True, "settings": {"favorite": False}}
        style |= {"tags": [{"name": "warm"}, {"name": "slow"}]} if number % 2 else {"info": {"name": "Narration"}}
        return {
            "id": item,
            "owner_id": None,
            "name": f"Voice {number:02}",
            "slug": f"voice-{number}",
            "visibility": "public" if number % 3 else "kids",
            "species": "human",
            "artist": "Somebody",
            "verified_artist": True,
            "gender": "male" if number % 2 else "female",
            "pitch": 100 + number,
            "age_group": "adult",
            "pitch_group": "mid",
            "nationality": "British",
            "description": None,
            "rating": 4.5,
            "active": True,
            "created_at": self.now(),
            "favorite": False,
            "available": True,
            "accents": [accent],
            "narration_styles": [style],
            "tiers": [],
        }

    # Key, session, answers

    def guard(self, request: Logged) -> Reply | None:
        if request.path == "/api/login" or request.headers.get("api-key") == self.key:
            return None
        cookie = dict(part.strip().partition("=")[::2] for part in request.headers.get("cookie", "").split(";"))
        csrf = self.sessions.get(cookie.get("session_id", ""))
        if csrf and request.headers.get("x-csrf-token") == csrf:
            return None
        return self.no(401, "Not authenticated")

    def no(self, status: int, detail: str) -> Reply:
        return Reply({"detail": detail}, status)

    def wrong(self, name: str, message: str) -> Reply:
        return Reply({"detail": [{"loc": ["body", name], "msg": message, "type": "value_error"}]}, 422)

    def _named(self, body: dict[str, Any], name: str = "name", *, needed: bool = True) -> Reply | None:
        value = body.get(name)
        if value is None and not needed:
            return None
        return None if isinstance(value, str) and NAME.fullmatch(value) else self.wrong(name, "string does not match regex")

    def _page(self, request: Logged, rows: list[dict[str, Any]], default: int = 50) -> Reply:
        limit, offset = min(int(request.one("limit", str(default))), self.page_most), int(request.one("offset", "0"))
        ordered = rows[::-1] if request.one("direction") == "desc" else rows
        shown = [self._shown(row) for row in ordered[offset : offset + limit]]
        return Reply({"list": shown, "pagination": {"count": len(rows), "limit": limit, "offset": offset}})

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if not name.startswith("_")}

    # Account

    def _add_account_routes(self) -> None:
        add = self.route
        add("POST", "/api/api-key", lambda _request: Reply({"api_key": f"rs-{self.new_id()}"}))
        add("DELETE", "/api/api-key", lambda _request: Reply({"detail": "OK"}))
        add("POST", "/api/login", self._login)
        add("POST", "/api/logout", self._logout)
        add("POST", "/api/auth", lambda _request: Reply(self._user()) if self.knows_auth else self.not_found())
        add("GET", "/api/credits", lambda _request: Reply({"credits": self.credits, "initial_credits": 100}))
        add(
            "GET",
            "/api/stats",
            lambda _request: Reply({"conversions": self._counts(list(self.recordings.values())), "models": []}),
        )
        for name in ("project", "folder"):
            add("GET", f"/api/stats/{name}s", lambda request, name=name: self._stats(request, name))
            add("POST", f"/api/stats/{name}s", lambda request, name=name: self._stats(request, name))

    def _user(self) -> dict[str, Any]:
        names = {"username": "writer", "first_name": "Wanda", "last_name": "Writer"}
        return {"id": OWNER, "email": self.email, "verified": True, **names, "roles": [], "groups": [], "data": {}}

    def _login(self, request: Logged) -> Reply:
        body = request.json
        if (body.get("email"), body.get("password")) != (self.email, self.password):
            return self.no(401, "Wrong email or password")
        session, csrf = f"s-{self.new_id()[-6:]}", f"c-{self.new_id()[-6:]}"
        self.sessions[session] = csrf
        cookie = f"session_id={session}; HttpOnly; Path=/; Secure"
        return Reply({"user": self._user(), "csrf_token": csrf}, headers={"Set-Cookie": cookie})

    def _logout(self, request: Logged) -> Reply:
        self.sessions.pop(request.headers.get("cookie", "").removeprefix("session_id="), None)
        return Reply({"detail": "OK"})

    def _counts(self, rows: list[dict[str, Any]]) -> dict[str, int]:
        states = [row["state"] for row in rows if row["type"] == "converted"]
        done, failed = states.count("done"), states.count("error")
        return {"total": len(states), "completed": done, "in_progress": len(states) - done - failed, "failed": failed}

    def _stats(self, request: Logged, name: str) -> Reply:
        if request.method != self.stats_by:
            return self.no(405, "Method Not Allowed")
        asked = request.query.get(f"{name}_ids", []) if request.method == "GET" else request.json[f"{name}_ids"]
        place = "project_id" if name == "project" else "parent_folder_id"
        rows = {item: [row for row in self.recordings.values() if row[place] == item] for item in asked}
        key = "conversions" if name == "project" else "stats"
        return Reply([{f"{name}_id": item, key: self._counts(found)} for item, found in rows.items()])

    # Projects and folders

    def _add_library_routes(self) -> None:
        add = self.route
        add("GET", "/api/projects", lambda request: self._page(request, list(self.projects.values())))
        add("POST", "/api/projects", self._create_project)
        add("GET", "/api/projects/by-url", self._project_by_url)
        add("PATCH", "/api/projects/{item}", lambda request, item: self._change(request, self.projects, item))
        add("DELETE", "/api/projects/{item}", self._delete_project)
        add("GET", "/api/projects/{item}/export", lambda request, item: self._export(request, "project_id", item))
        add("GET", "/api/folders", self._list_folders)
        add("POST", "/api/folders", self._create_folder)
        add("PATCH", "/api/folders/{item}", lambda request, item: self._change(request, self.folders, item))
        add("DELETE", "/api/folders/{item}", self._delete_folder)
        add("GET", "/api/folders/{item}", lambda _request, item: self._one(self.folders, item))

    def _one(self, table: dict[str, dict[str, Any]], item: str) -> Reply:
        return Reply(self._shown(table[item])) if item in table else self.not_found()

    def _create_project(self, request: Logged) -> Reply:
        refused = self._named(request.json)
        if refused is None and (request.json.get("owner") != OWNER or "models" not in request.json):
            refused = self.wrong("owner", "field required")
        return refused or Reply(self.projects[self.add_project(request.json["name"])])

    def _project_by_url(self, request: Logged) -> Reply:
        found = [row for row in self.projects.values() if row["url"] == request.one("project_url")]
        return Reply(found[0]) if found else self.not_found()

    def _change(self, request: Logged, table: dict[str, dict[str, Any]], item: str) -> Reply:
        refused = self.not_found() if item not in table else self._named(request.json)
        if refused is None:
            table[item]["name"] = request.json["name"]
        return refused or Reply(self._shown(table[item]))

    def _delete_project(self, _request: Logged, item: str) -> Reply:
        if self.projects.pop(item, None) is None:
            return self.not_found()
        self._drop("project_id", item)
        self.folders = {key: row for key, row in self.folders.items() if row["project_id"] != item}
        return Reply({"id": item})

    def _list_folders(self, request: Logged) -> Reply:
        if not request.one("project_id"):
            return self.wrong("project_id", "field required")
        return self._page(request, [row for row in self.folders.values() if row["project_id"] == request.one("project_id")])

    def _create_folder(self, request: Logged) -> Reply:
        refused = self._named(request.json)
        if refused is None and request.json.get("project_id") not in self.projects:
            refused = self.not_found()
        return refused or Reply(self.folders[self.add_folder(request.json["project_id"], request.json["name"])])

    def _delete_folder(self, _request: Logged, item: str) -> Reply:
        if self.folders.pop(item, None) is None:
            return self.not_found()
        self._drop("parent_folder_id", item)
        return Reply([item])

    def _drop(self, place: str, item: str) -> None:
        self.recordings = {key: row for key, row in self.recordings.items() if row[place] != item}

    def _export(self, request: Logged, place: str, item: str) -> Reply:
        rows = [row for row in self.recordings.values() if row[place] == item]
        if request.one("starred_only") == "true":
            rows = [row for row in rows if row["starred"]]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for row in rows:
                archive.writestr(row["file_name"], self.files[row["url"]])
        headers = {"Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="export.zip"'}
        return Reply(body=buffer.getvalue(), headers=headers)

    # Recordings, notes, orders

    def _add_recording_routes(self) -> None:
        add = self.route
        add("GET", "/api/recordings", self._list_recordings)
        add("GET", "/api/recordings/originals", lambda request: self._list(request, "original", "parent_folder_id", "folder_id"))
        add("GET", "/api/recordings/conversions", lambda request: self._list(request, "converted", "original_id", "original_id"))
        add("POST", "/api/recordings", self._upload)
        add("POST", "/api/recordings/tts", self._old_tts)
        add("GET", "/api/recordings/export", lambda request: self._export(request, "original_id", request.one("original_id")))
        add("PATCH", "/api/recordings/{item}", self._update)
        add("PUT", "/api/recordings/{item}", self._replace)
        add("DELETE", "/api/recordings/{item}", self._delete_recording)
        add("GET", "/api/recordings/{item}", self._look)
        add("POST", "/api/v2/recordings/tts", self._tts)
        add("POST", "/api/notes", self._put_note)
        add("PUT", "/api/notes", self._put_note)
        add("DELETE", "/api/notes", self._delete_note)
        add("GET", "/api/notes", self._list_notes)
        add("POST", "/api/v2/orders", self._order)
        add("POST", "/api/v2/orders/retry/{item}", self._retry)
        add("GET", "/api/storage/{name}", self._file)

    def _list_recordings(self, request: Logged) -> Reply:
        wanted = {"project_id": request.one("project_id"), "parent_folder_id": request.one("folder_id")}
        fits = [row for row in self.recordings.values() if all(not value or row[name] == value for name, value in wanted.items())]
        return self._page(request, fits)

    def _list(self, request: Logged, kind: str, column: str, parameter: str) -> Reply:
        rows = [row for row in self.recordings.values() if row["type"] == kind and row[column] == request.one(parameter)]
        return self._page(request, rows)

    def _upload(self, request: Logged) -> Reply:
        parts = request.parts
        form = {name: content.decode() for name, (_, content) in parts.items() if name != "data"}
        refused = self._named(form, "label", needed=False)
        if refused is None and (form.get("parent_folder_id") not in self.folders or not form.get("microphone")):
            refused = self.wrong("parent_folder_id", "field required")
        if refused is not None:
            return refused
        made = {"label": form.get("label"), "microphone": form["microphone"], "state": "done"}
        return Reply(self._shown(self._record(form["parent_folder_id"], "original", parts["data"][1], **made)))

    def _tts(self, request: Logged) -> Reply:
        body = request.json
        refused = self._named(body, "label", needed=False)
        if refused is None and not 1 <= len(body.get("text", "")) <= 1000:
            refused = self.wrong("text", "ensure this value has at most 1000 characters")
        if refused is None and body.get("parent_folder_id") not in self.folders:
            refused = self.not_found()
        if refused is not None:
            return refused
        made = {"label": body.get("label"), "text": body["text"], "tts": True, "_fails": "FAIL" in body["text"]}
        return Reply(self._shown(self._record(body["parent_folder_id"], "original", tone_wav(250), **made)))

    def _old_tts(self, request: Logged) -> Reply:
        return self._tts(request) if request.json.get("voice_id") else self.wrong("voice_id", "field required")

    def _update(self, request: Logged, item: str) -> Reply:
        refused = self.not_found() if item not in self.recordings else self._named(request.json, "label", needed=False)
        if refused is None:
            self.recordings[item] |= request.json
        return refused or Reply(self._shown(self.recordings[item]))

    def _replace(self, request: Logged, item: str) -> Reply:
        if not {"label", "starred"} <= set(request.json):
            return self.wrong("starred", "field required")
        return self._update(request, item)

    def _delete_recording(self, _request: Logged, item: str) -> Reply:
        if item not in self.recordings:
            return self.not_found()
        gone = [key for key, row in self.recordings.items() if key == item or row["original_id"] == item]
        for key in gone:
            del self.recordings[key]
        return Reply([{"id": key} for key in gone])

    def _look(self, _request: Logged, item: str) -> Reply:
        if item not in self.recordings:
            return self.not_found()
        row = self.recordings[item]
        row["_looks"] += 1
        if row["state"] == "processing" and row["_looks"] >= self.looks_until_done:
            failed = row.get("_fails")
            row.update(state="error" if failed else "done", error="Moderated" if failed else None, converted_at=self.now())
        return Reply(self._shown(row))

    def _put_note(self, request: Logged) -> Reply:
        item = request.json.get("recording_id")
        if item not in self.recordings or len(request.json.get("text", "")) > 2000:
            return self.not_found()
        old = self.recordings[item]["note"]
        note = {"id": old["id"] if old else self.new_id(), "text": request.json["text"], "active": True}
        self.recordings[item]["note"] = note
        return Reply({"recording_id": item, **note})

    def _delete_note(self, request: Logged) -> Reply:
        item = request.json.get("recording_id")
        note = self.recordings.get(item, {}).get("note")
        if note is None:
            return self.not_found()
        self.recordings[item]["note"] = None
        return Reply({"recording_id": item, **note})

    def _list_notes(self, request: Logged) -> Reply:
        rows = [row for row in self.recordings.values() if row["note"] and row["parent_folder_id"] == request.one("folder_id")]
        return Reply([{"recording_id": row["id"], **row["note"]} for row in rows])

    def _order(self, request: Logged) -> Reply:
        body = request.json
        original = self.recordings.get(body.get("original_id"))
        if original is None:
            return self.not_found()
        known = {voice["id"]: voice["name"] for voice in self.voices}
        for wish in body["conversions"]:
            if wish["voice_id"] not in known or (original["tts"] and not wish.get("narration_style_id")):
                return self.wrong("narration_style_id", "field required")
        if self.credits < len(body["conversions"]):
            return self.no(402, "Not enough credits")
        self.credits -= len(body["conversions"])
        orders = []
        for wish in body["conversions"]:
            named = {"model_id": wish["voice_id"], "model_name": known[wish["voice_id"]], "label": wish.get("label")}
            made = self.add_conversion(original["id"], state="processing", **named)
            orders.append({"id": self.new_id(), "conversion_id": made, "original_id": original["id"], "state": "new"})
        return Reply(orders)

    def _retry(self, _request: Logged, item: str) -> Reply:
        if item not in self.recordings:
            return self.not_found()
        self.recordings[item].update(state="processing", error=None, _looks=0, _fails=False)
        return Reply({"id": self.new_id(), "conversion_id": item, "state": "new"})

    def _file(self, request: Logged, name: str) -> Reply:
        content = self.files.get(f"/api/storage/{name}")
        if content is None:
            return self.not_found()
        return Reply(body=content, headers={"Content-Type": "audio/wav"})

    # Voices and calibrations

    def _add_voice_routes(self) -> None:
        add = self.route
        add("POST", "/api/calibration", self._calibrate)
        add("GET", "/api/calibration", self._list_calibrations)
        add("POST", "/api/calibration/auto", lambda _request: self._enable(""))
        add("PUT", "/api/calibration/{item}/enable", lambda _request, item: self._enable(item))
        add("GET", "/api/calibration/{item}", lambda _request, item: self._one(self.calibrations, item))
        add("PATCH", "/api/calibration/{item}", lambda request, item: self._change(request, self.calibrations, item))
        add("DELETE", "/api/calibration/{item}", self._delete_calibration)
        add(
            "GET",
            "/api/tts-voices",
            lambda _request: Reply([{"id": self.new_id(), "name": "Old", "f0": 120, "is_default": True}]),
        )
        add("GET", "/api/v2/voices", self._list_voices)
        add("GET", "/api/v2/voices/search", self._search)
        add("POST", "/api/v2/voices/favorite/{item}", self._favourite)
        add("POST", "/api/v2/voices/settings", self._settings)
        add(
            "GET",
            "/api/v2/accents/samples",
            lambda _request: Reply({"samples": {"speech": "/api/storage/sample.wav", "name": "x"}}),
        )
        add("GET", "/api/v2/narration-styles/samples", lambda _request: Reply({"samples": {"a": ["https://cdn.example/s.wav"]}}))

    def _calibrate(self, request: Logged) -> Reply:
        name = request.parts["name"][1].decode()
        item = self.new_id()
        record = {
            "id": item,
            "name": name,
            "user_id": OWNER,
            "f0": 110.0,
            "algorithm": "yin",
            "state": "calibrated",
            "error": None,
        }
        self.calibrations[item] = {**record, "created_at": self.now(), "enabled": False}
        return self._named({"name": name}) or Reply(self.calibrations[item])

    def _list_calibrations(self, request: Logged) -> Reply:
        rows = list(self.calibrations.values())
        return Reply(rows) if self.lists_bare_calibrations else self._page(request, rows)

    def _enable(self, item: str) -> Reply:
        if item and item not in self.calibrations:
            return self.not_found()
        for key, row in self.calibrations.items():
            row["enabled"] = key == item
        return Reply(self.calibrations[item] if item else {"detail": "OK"})

    def _delete_calibration(self, _request: Logged, item: str) -> Reply:
        gone = self.calibrations.pop(item, None)
        return Reply(gone) if gone else self.not_found()

    def _list_voices(self, request: Logged) -> Reply:
        names = ("visibility", "species", "gender", "age_group", "pitch_group", "nationality")
        rows = [row for row in self.voices if all(row[name] in request.query.get(name, [row[name]]) for name in names)]
        return self._page(request, rows, 25)

    def _search(self, request: Logged) -> Reply:
        rows = [row for row in self.voices if request.one("name").lower() in row["name"].lower()]
        return Reply(rows[: int(request.one("limit", "5"))])

    def _favourite(self, request: Logged, item: str) -> Reply:
        found = [row for row in self.voices if row["id"] == item]
        for row in found:
            row["favorite"] = request.json["favorite"]
        return Reply(found[0]) if found else self.not_found()

    def _settings(self, request: Logged) -> Reply:
        found = [row for row in self.voices if row["id"] == request.json["voice_id"]]
        for row in found:
            row["accents"][0]["settings"]["semitones_correction"] = request.json.get("semitones_correction", 0)
        return Reply(found[0]) if found else self.not_found()
