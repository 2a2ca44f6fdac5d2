"""Respeecher's projects, folders, recordings, notes and orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from declaim.errors import InputError, RemoteRefused
from declaim.remote import respeecher_fields as tables
from declaim.remote.bodies import check_body
from declaim.remote.downloads import MOST_ARCHIVE_BYTES, Download, fetch_with_key
from declaim.remote.paging import Page
from declaim.remote.reading import JSON, Answer, wrong
from declaim.remote.respeecher_values import Note, Order, RemoteFolder, RemoteProject, RemoteRecording
from declaim.remote.respeecher_wire import RespeecherWire, made, one, one_or_many, path, walk

SUFFIXES = (".wav", ".ogg", ".mp3", ".flac")


class RespeecherLibrary(RespeecherWire):
    """What a user keeps there."""

    # Projects

    def list_projects(
        self,
        *,
        limit: int | None = None,
        offset: int | None = None,
        sort: str | None = None,
        direction: str | None = None,
        owner: str | None = None,
    ) -> Page[RemoteProject]:
        query = {"limit": limit, "offset": offset, "sort": sort, "direction": direction, "owner": owner}
        return self._page("api/projects", query, tables.PROJECT_LIST, RemoteProject.of)

    def projects(self, *, owner: str | None = None) -> Iterator[Page[RemoteProject]]:
        """All pages, oldest first."""
        order = {"sort": "created_at", "direction": "asc"}
        return walk(lambda offset: self.list_projects(limit=100, offset=offset, owner=owner, **order), lambda item: item.id, 100)

    def create_project(self, body: Mapping[str, JSON]) -> RemoteProject:
        """``models`` is no longer used, but may be needed: an empty one is added."""
        sent = {"models": {}, **check_body(body, tables.PROJECT, "a project")}
        return self._send("POST", "api/projects", made(RemoteProject.of), sent)

    def rename_project(self, project_id: str, body: Mapping[str, JSON]) -> RemoteProject:
        sent = check_body(body, tables.PROJECT_CHANGE, "a project")
        return self._send("PATCH", path("api/projects", project_id), one(project_id, RemoteProject.of), sent)

    def delete_project(self, project_id: str) -> tuple[str, ...]:
        return self._delete(path("api/projects", project_id), project_id)

    def project_by_url(self, project_url: str) -> RemoteProject:
        if not project_url:
            raise InputError("A project's address is needed.", cure="Copy it from the browser.")
        return self._get("api/projects/by-url", made(RemoteProject.of), {"project_url": project_url})

    def export_project(self, project_id: str, target: Path, *, starred_only: bool = False) -> Download:
        """A zip, as the service packs it."""
        return self._export(path("api/projects", project_id) + "/export", {}, target, starred_only)

    # Folders

    def list_folders(
        self, project_id: str, *, limit: int | None = None, offset: int | None = None, direction: str | None = None
    ) -> Page[RemoteFolder]:
        query = {"project_id": project_id, "limit": limit, "offset": offset, "direction": direction}
        return self._page("api/folders", query, tables.FOLDER_LIST, RemoteFolder.of)

    def folders(self, project_id: str) -> Iterator[Page[RemoteFolder]]:
        """All pages, oldest first."""
        list_page = partial(self.list_folders, project_id, limit=200, direction="asc")
        return walk(lambda offset: list_page(offset=offset), lambda item: item.id, 200)

    def create_folder(self, body: Mapping[str, JSON]) -> RemoteFolder:
        return self._send("POST", "api/folders", made(RemoteFolder.of), check_body(body, tables.FOLDER, "a folder"))

    def rename_folder(self, folder_id: str, body: Mapping[str, JSON]) -> RemoteFolder:
        sent = check_body(body, tables.FOLDER_CHANGE, "a folder")
        return self._send("PATCH", path("api/folders", folder_id), one(folder_id, RemoteFolder.of), sent)

    def delete_folder(self, folder_id: str) -> tuple[str, ...]:
        return self._delete(path("api/folders", folder_id), folder_id)

    def get_folder(self, folder_id: str) -> RemoteFolder:
        return self._get(path("api/folders", folder_id), one(folder_id, RemoteFolder.of))

    # Recordings

    def list_recordings(
        self,
        *,
        project_id: str | None = None,
        folder_id: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        direction: str | None = None,
    ) -> Page[RemoteRecording]:
        """Of a project or a folder."""
        if not (project_id or folder_id):
            raise InputError("The list needs 'project_id' or 'folder_id'.", cure="Give one.")
        query = {"project_id": project_id, "folder_id": folder_id, "limit": limit, "offset": offset, "direction": direction}
        return self._page("api/recordings", query, tables.RECORDING_LIST, RemoteRecording.of)

    def recordings(self, *, project_id: str | None = None, folder_id: str | None = None) -> Iterator[Page[RemoteRecording]]:
        """All pages, oldest first."""
        list_page = partial(self.list_recordings, project_id=project_id, folder_id=folder_id, limit=200, direction="asc")
        return walk(lambda offset: list_page(offset=offset), lambda item: item.id, 200)

    def list_originals(
        self, folder_id: str, *, limit: int | None = None, offset: int | None = None, direction: str | None = None
    ) -> Page[RemoteRecording]:
        query = {"folder_id": folder_id, "limit": limit, "offset": offset, "direction": direction}
        return self._page("api/recordings/originals", query, tables.ORIGINAL_LIST, RemoteRecording.of)

    def originals(self, folder_id: str) -> Iterator[Page[RemoteRecording]]:
        list_page = partial(self.list_originals, folder_id, limit=200, direction="asc")
        return walk(lambda offset: list_page(offset=offset), lambda item: item.id, 200)

    def list_conversions(
        self, original_id: str, *, limit: int | None = None, offset: int | None = None, direction: str | None = None
    ) -> Page[RemoteRecording]:
        query = {"original_id": original_id, "limit": limit, "offset": offset, "direction": direction}
        return self._page("api/recordings/conversions", query, tables.CONVERSION_LIST, RemoteRecording.of)

    def conversions(self, original_id: str) -> Iterator[Page[RemoteRecording]]:
        list_page = partial(self.list_conversions, original_id, limit=200, direction="asc")
        return walk(lambda offset: list_page(offset=offset), lambda item: item.id, 200)

    def create_recording(self, body: Mapping[str, JSON], data: Path) -> RemoteRecording:
        """Uploads a sound file as an original; ``microphone`` is ``file`` unless it says otherwise."""
        check_suffix(data)
        form = {"microphone": "file", **check_body(body, tables.UPLOAD, "an upload")}
        return self._upload(
            "api/recordings", {name: value for name, value in form.items() if value is not None}, data, RemoteRecording.of
        )

    def create_old_tts(self, body: Mapping[str, JSON]) -> RemoteRecording:
        """Deprecated there: use :meth:`create_tts`."""
        return self._send("POST", "api/recordings/tts", made(RemoteRecording.of), check_body(body, tables.OLD_TTS, "an original"))

    def create_tts(self, body: Mapping[str, JSON]) -> RemoteRecording:
        """An original from text, of 1 to 1,000 characters."""
        return self._send("POST", "api/v2/recordings/tts", made(RemoteRecording.of), check_body(body, tables.TTS, "an original"))

    def update_recording(self, recording_id: str, body: Mapping[str, JSON]) -> RemoteRecording:
        sent = check_body(body, tables.RECORDING_CHANGE, "a recording")
        return self._send("PATCH", path("api/recordings", recording_id), one(recording_id, RemoteRecording.of), sent)

    def replace_recording(self, recording_id: str, body: Mapping[str, JSON]) -> RemoteRecording:
        """As :meth:`update_recording`, with every field."""
        sent = check_body(body, tables.RECORDING_REPLACEMENT, "a recording")
        return self._send("PUT", path("api/recordings", recording_id), one(recording_id, RemoteRecording.of), sent)

    def delete_recording(self, recording_id: str) -> tuple[str, ...]:
        """Its id and those of its conversions, which go with it."""
        return self._delete(path("api/recordings", recording_id), recording_id)

    def export_recording(self, original_id: str, target: Path, *, starred_only: bool = False) -> Download:
        """A zip of all conversions of an original."""
        return self._export("api/recordings/export", {"original_id": original_id}, target, starred_only)

    def get_recording(self, recording_id: str) -> RemoteRecording:
        return self._get(path("api/recordings", recording_id), one(recording_id, RemoteRecording.of))

    def download_recording(self, recording_id: str, target: Path) -> Download:
        recording = self.get_recording(recording_id)
        if not recording.url:
            raise RemoteRefused("The recording has no audio.", cure=f"Its state there: {recording.state}.", code="no_audio")
        return self.download_file(recording.url, target)

    def _export(self, where: str, query: dict[str, str | bool], target: Path, starred_only: bool) -> Download:
        query = {**query, "starred_only": True} if starred_only else query
        return fetch_with_key(self.transport, where, target, query=query, most_bytes=MOST_ARCHIVE_BYTES)

    # Notes

    def create_note(self, body: Mapping[str, JSON]) -> Note:
        return self._send("POST", "api/notes", made(Note.of), check_body(body, tables.NOTE, "a note"))

    def update_note(self, body: Mapping[str, JSON]) -> Note:
        return self._send("PUT", "api/notes", made(Note.of), check_body(body, tables.NOTE, "a note"))

    def delete_note(self, body: Mapping[str, JSON]) -> tuple[str, ...]:
        sent = check_body(body, tables.NOTE_DELETION, "a note")
        return self._delete("api/notes", str(sent["recording_id"]), sent)

    def list_notes(self, folder_id: str) -> tuple[Note, ...]:
        """Not published; notes also come inside their recordings."""
        return self._get(
            "api/notes", lambda answer: tuple(Note.of(entry) for entry in answer.records("note")), {"folder_id": folder_id}
        )

    # Orders

    def create_order(self, body: Mapping[str, JSON]) -> tuple[Order, ...]:
        """Conversions of an original by several voices. Costs credits: after an unclear outcome, look at :meth:`conversions`."""
        sent = check_body(body, tables.ORDER, "an order")
        if sent.get("use_calibration") and not sent.get("calibration_id"):
            raise InputError("An order with a calibration needs 'calibration_id'.", cure="Choose a calibration.")
        return self._send("POST", "api/v2/orders", _orders, sent)

    def retry_order(self, recording_id: str) -> tuple[Order, ...]:
        """Costs credits again."""
        return self._send("POST", path("api/v2/orders/retry", recording_id), _orders)


def _orders(answer: Answer) -> tuple[Order, ...]:
    orders = one_or_many(answer, Order.of, "the order")
    return orders or wrong("the answer", "a list of orders", None)


def check_suffix(data: Path) -> None:
    if data.suffix.lower() not in SUFFIXES:
        raise InputError(f"{data.name} is no file that Respeecher takes.", cure="Save it as wav, ogg, mp3 or flac.")
