"""Respeecher Voice Marketplace: account, voices and calibrations; with the library, the whole client.

One method per published operation, named as in ``OPERATIONS``. Bodies are mappings in the contract's own names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from declaim.errors import RemoteMisanswered, RemoteRefused
from declaim.remote import respeecher_fields as tables
from declaim.remote.bodies import FieldTable, check_body
from declaim.remote.paging import Page
from declaim.remote.reading import JSON, Answer
from declaim.remote.request import Request
from declaim.remote.respeecher_library import RespeecherLibrary, check_suffix
from declaim.remote.respeecher_values import ApiKey, Calibration, Credits, RemoteVoice, Samples, Session, TtsVoice, User
from declaim.remote.respeecher_wire import RESPEECHER, made, one, one_or_many, path, walk

__all__ = ["RESPEECHER", "Respeecher"]
_SESSION_COOKIE = re.compile(r"(?:^|[,;\s])session_id=\"?([^\";,\s]+)")


class Respeecher(RespeecherLibrary):
    """An account there. The transport's credential is an API key, or the session of a :meth:`login`."""

    def verify(self) -> None:
        """One harmless request.

        Raises:
            RemoteError: where the connection does not work.
        """
        self.list_projects(limit=1)

    # Account

    def create_api_key(self, body: Mapping[str, JSON] | None = None) -> ApiKey:
        """``expires_at`` as ISO 8601."""

        def read(answer: Answer) -> ApiKey:
            fields = answer.record("the answer")
            return ApiKey(fields.text("api_key") or fields.needed("key"), fields.values)

        return self._send("POST", "api/api-key", read, check_body(body or {}, tables.API_KEY, "an API key"))

    def delete_api_key(self) -> None:
        """The key of this account: also the one that a connection uses."""
        self._delete("api/api-key", "")

    def login(self, body: Mapping[str, JSON]) -> Session:
        """``email``, ``password`` and ``session_duration``. The password is sent once and kept nowhere."""
        sent = check_body(body, tables.LOGIN, "a login")

        def read(answer: Answer) -> Session:
            fields = answer.record("the answer")
            cookie = _SESSION_COOKIE.search(answer.headers.get("set-cookie", ""))
            if cookie is None:
                raise RemoteMisanswered("The login brought no session.", code="no_session")
            user = fields.record("user")
            return Session(cookie.group(1), fields.needed("csrf_token"), User.of(user) if user else None)

        return self.transport.ask(Request("POST", "api/login", json=sent, with_key=False), read)

    def logout(self) -> None:
        self._send("POST", "api/logout", lambda _answer: None, repeatable=True)

    def auth(self) -> User:
        """Who the key belongs to. Not published: use :meth:`owner_id` for the id alone."""
        return self._send("POST", "api/auth", made(User.of), repeatable=True)

    def owner_id(self) -> str:
        """The id that new projects belong to, from the account, a project that is there, or a calibration; empty where
        none says it.
        """
        try:
            return self.auth().id
        except RemoteRefused as refused:
            if refused.status not in {404, 405}:
                raise
        for project in self.list_projects(limit=1).items:
            if project.owner:
                return project.owner
        return next((item.user_id for item in self.list_calibrations().items if item.user_id), "")

    def credits(self) -> Credits:
        """What it answers is not published but for its name: ``credits`` is None where it says it otherwise."""
        return self._get("api/credits", made(Credits.of))

    # Statistics, as they came

    def stats(self) -> JSON:
        return self._get("api/stats", lambda answer: answer.record("the statistics").values)

    def project_stats(self, project_ids: Sequence[str]) -> JSON:
        return self._stats("api/stats/projects", {"project_ids": list(project_ids)}, tables.PROJECT_STATS)

    def folder_stats(self, folder_ids: Sequence[str]) -> JSON:
        return self._stats("api/stats/folders", {"folder_ids": list(folder_ids)}, tables.FOLDER_STATS)

    def _stats(self, where: str, body: Mapping[str, JSON], table: FieldTable) -> JSON:
        """By GET, as its reference has it; by POST, as its OpenAPI has it, where that is not taken."""
        sent = check_body(body, table, "the list")

        def read(answer: Answer) -> JSON:
            return [entry.values for entry in answer.records("entry")]

        try:
            return self._get(where, read, sent)
        except RemoteRefused as refused:
            if refused.status not in {404, 405, 422}:
                raise
        return self._send("POST", where, read, sent, repeatable=True)

    # Calibrations

    def create_calibration(self, body: Mapping[str, JSON], data: Path) -> Calibration:
        check_suffix(data)
        form = check_body(body, tables.CALIBRATION, "a calibration")
        return self._upload("api/calibration", form, data, Calibration.of)

    def rename_calibration(self, calibration_id: str, body: Mapping[str, JSON]) -> Calibration:
        """Not published."""
        sent = check_body(body, tables.CALIBRATION, "a calibration")
        return self._send("PATCH", path("api/calibration", calibration_id), one(calibration_id, Calibration.of), sent)

    def enable_calibration(self, calibration_id: str) -> tuple[Calibration, ...]:
        """Makes it the default one; what the answer tells of it or of all."""
        where = path("api/calibration", calibration_id) + "/enable"
        return self._send(
            "PUT", where, lambda answer: one_or_many(answer, Calibration.of, "a calibration") if answer.body else ()
        )

    def auto_calibration(self) -> None:
        """The default becomes automatic. What it answers is not published."""
        self._send("POST", "api/calibration/auto", lambda _answer: None, repeatable=True)

    def get_calibration(self, calibration_id: str) -> Calibration:
        return self._get(path("api/calibration", calibration_id), one(calibration_id, Calibration.of))

    def list_calibrations(self, *, limit: int | None = None, offset: int | None = None) -> Page[Calibration]:
        """``limit`` and ``offset`` are of its OpenAPI; a bare list is the whole one."""
        return self._page("api/calibration", {"limit": limit, "offset": offset}, tables.CALIBRATION_LIST, Calibration.of)

    def calibrations(self) -> Iterator[Page[Calibration]]:
        return walk(lambda offset: self.list_calibrations(limit=200, offset=offset), lambda item: item.id, 200)

    def delete_calibration(self, calibration_id: str) -> tuple[str, ...]:
        return self._delete(path("api/calibration", calibration_id), calibration_id)

    # Voices

    def list_tts_voices(self) -> tuple[TtsVoice, ...]:
        """Of the deprecated text to speech."""
        return self._get("api/tts-voices", lambda answer: tuple(TtsVoice.of(entry) for entry in answer.records("voice")))

    def list_voices(
        self,
        *,
        limit: int | None = None,
        offset: int | None = None,
        sort: str | None = None,
        direction: str | None = None,
        visibility: Sequence[str] = (),
        species: Sequence[str] = (),
        gender: Sequence[str] = (),
        age_group: Sequence[str] = (),
        pitch_group: Sequence[str] = (),
        nationality: Sequence[str] = (),
    ) -> Page[RemoteVoice]:
        """Each filter may have several values."""
        query: dict[str, JSON] = {"limit": limit, "offset": offset, "sort": sort, "direction": direction}
        filters = zip(tables.VOICE_FILTERS, (visibility, species, gender, age_group, pitch_group, nationality), strict=True)
        query |= {name: [values] if isinstance(values, str) else list(values) for name, values in filters}
        return self._page("api/v2/voices", query, tables.VOICE_LIST, RemoteVoice.of)

    def voices(self) -> Iterator[Page[RemoteVoice]]:
        return walk(lambda offset: self.list_voices(limit=100, offset=offset, sort="name"), lambda item: item.id, 100)

    def search_voices(self, name: str, *, limit: int | None = None) -> tuple[RemoteVoice, ...]:
        query = check_body({"name": name, "limit": limit}, tables.VOICE_SEARCH, "the search")
        return self._get(
            "api/v2/voices/search", lambda answer: tuple(RemoteVoice.of(entry) for entry in answer.records("voice")), query
        )

    def favourite_voice(self, voice_id: str, body: Mapping[str, JSON]) -> RemoteVoice:
        """``favorite``: true or false."""
        sent = check_body(body, tables.FAVOURITE, "a favourite")
        where = path("api/v2/voices/favorite", voice_id)
        return self._send("POST", where, one(voice_id, RemoteVoice.of), sent, repeatable=True)

    def set_voice(self, body: Mapping[str, JSON]) -> RemoteVoice:
        """Which accent or narration style of a voice is the favourite one, and its semitones."""
        sent = check_body(body, tables.VOICE_SETTINGS, "a voice's settings")
        return self._send("POST", "api/v2/voices/settings", one(str(sent["voice_id"]), RemoteVoice.of), sent, repeatable=True)

    def accent_samples(self, accent_id: str) -> Samples:
        return self._get(
            "api/v2/accents/samples", lambda answer: Samples.of(answer.record("the samples").values), {"accent_id": accent_id}
        )

    def narration_style_samples(self, narration_style_id: str) -> Samples:
        """Not published."""
        query = {"narration_style_id": narration_style_id}
        return self._get("api/v2/narration-styles/samples", lambda answer: Samples.of(answer.record("the samples").values), query)
