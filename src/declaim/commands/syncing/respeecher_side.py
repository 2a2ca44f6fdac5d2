"""Respeecher's side: projects, folders, originals and their conversions.

There is no idempotency: before something is made for the first time, the ids of what looks the same are kept with the wish, so
that after an unclear outcome what is there and was not before is what the wish made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from declaim.commands.originals import check_original
from declaim.commands.syncing.values import Fetching, Found, Sent, WishJob, said, sent_if_gone
from declaim.errors import InputError, RemoteRefused
from declaim.remote import Download, Respeecher, items_in
from declaim.remote.respeecher_values import POLLING, RemoteFolder, RemoteProject, RemoteRecording

_MAKES = ("create_project", "create_folder", "create", "order")


class RespeecherSide:
    polling = POLLING
    is_idempotent = False
    listed = frozenset({"project", "folder", "recording"})

    def __init__(self, client: Respeecher) -> None:
        self._client = client

    def pages(self, resume: Mapping[str, Any]) -> Iterator[tuple[tuple[Found, ...], Mapping[str, Any]]]:
        """A recording in a folder that is not listed lies in its project."""
        projects = [project for page in self._client.projects() for project in page.items]
        yield tuple(_project(item) for item in projects), {}
        for project in projects:
            places = {project.id}
            for folders in self._client.folders(project.id):
                places |= {item.id for item in folders.items}
                yield tuple(_folder(item) for item in folders.items), {}
            for page in self._recordings(project.id):
                yield tuple(each if each.parent_id in places else replace(each, parent_id=project.id) for each in page), {}

    def _recordings(self, project_id: str) -> Iterator[tuple[Found, ...]]:
        """Conversions after their originals, in whatever order the service lists them."""
        seen: set[str] = set()
        early: list[Found] = []
        for page in self._client.recordings(project_id=project_id):
            found = [_recording(item) for item in page.items]
            seen |= {item.id for item in found}
            ready = [item for item in found if not item.original_id or item.original_id in seen]
            early += [item for item in found if item.original_id and item.original_id not in seen]
            yield tuple(sorted(ready, key=lambda item: bool(item.original_id)))
        if early:
            yield tuple(early)

    def look_at(self, kind: str, remote_id: str) -> Found:
        if kind == "folder":
            return _folder(self._client.get_folder(remote_id))
        if kind == "project":
            for item in items_in(self._client.projects()):
                if item.id == remote_id:
                    return _project(item)
            raise RemoteRefused("The project is no longer there.", status=404, code="not_found")
        return _recording(self._client.get_recording(remote_id))

    def prepare(self, job: WishJob) -> Mapping[str, Any]:
        if job.wish.operation not in _MAKES:
            return {}
        if job.wish.operation == "create":
            check_original(job.wish.body)
        before = {"before": sorted(item.id for item in self._alike(job))}
        return {**before, "fields": self._with_styles(job)} if job.wish.operation == "order" else before

    def find_sent(self, job: WishJob) -> Sent | None:
        wish = job.wish
        if wish.operation in _MAKES:
            known = set(wish.body.get("before", ())) | job.taken
            new = [item for item in self._alike(job) if item.id not in known]
            if wish.operation == "order":
                return Sent(tuple(new)) if new else None
            return Sent((new[0],)) if new else None
        target = str(wish.body.get("target", ""))
        if wish.operation == "delete":
            return sent_if_gone(self, str(wish.body.get("kind", "recording")), target)
        if wish.operation == "retry":
            found = self.look_at("recording", target)
            return None if found.state == "failed" else Sent((found,))
        return None

    def send(self, job: WishJob) -> Sent:
        doing: Mapping[str, Callable[[WishJob], Sent]] = {
            "create_project": self._create_project,
            "create_folder": self._create_folder,
            "create": self._create,
            "order": self._order,
            "change": self._change,
            "update": self._change,
            "retry": self._retry,
            "delete": self._delete,
        }
        if job.wish.operation not in doing:
            raise InputError(f"Respeecher knows no '{job.wish.operation}'.", cure="Report this.")
        return doing[job.wish.operation](job)

    def download(self, fetching: Fetching, target: Path) -> Download:
        return self._client.download_recording(fetching.remote_id, target)

    def _alike(self, job: WishJob) -> list[Found]:
        """What is there and looks as what the wish makes."""
        fields = job.wish.body.get("fields", {})
        match job.wish.operation:
            case "create_project":
                return [_project(item) for item in items_in(self._client.projects()) if item.name == fields["name"]]
            case "create_folder":
                folders = items_in(self._client.folders(self._parent(job)))
                return [_folder(item) for item in folders if item.name == fields["name"]]
            case "order":
                voices = {each["voice_id"] for each in fields["conversions"]}
                made = items_in(self._client.conversions(self._original(job)))
                return [_recording(item) for item in made if not item.voice_id or item.voice_id in voices]
        originals = items_in(self._client.originals(self._parent(job)))
        label, text = fields.get("label", ""), fields.get("text", "")
        return [_recording(item) for item in originals if item.label == label and (item.text or "") in (text, "")]

    def _parent(self, job: WishJob) -> str:
        fields = job.wish.body.get("fields", {})
        parent = fields.get("parent_folder_id") or fields.get("project_id") or job.parent_id
        if not parent:
            raise InputError("What it belongs to is not there yet.", cure="Retry what failed before it: 'declaim remote retry'.")
        return str(parent)

    def _original(self, job: WishJob) -> str:
        original = str(job.wish.body.get("fields", {}).get("original_id") or "") or next(iter(job.made_before), "")
        if not original:
            raise InputError("The original of this order is not there yet.", cure="Retry what failed before it.")
        return original

    def _with_styles(self, job: WishJob) -> dict[str, Any]:
        """Text needs a narration style: where none was chosen, the voice's own."""
        fields = dict(job.wish.body["fields"])
        lacking = {each["voice_id"] for each in fields["conversions"] if not each.get("narration_style_id")}
        if not lacking or not self._client.get_recording(self._original(job)).tts:
            return fields
        styles = {}
        for voice in items_in(self._client.voices()):
            if voice.id in lacking and voice.narration_styles:
                default = next((style for style in voice.narration_styles if style.is_default), voice.narration_styles[0])
                styles[voice.id] = {"narration_style_id": default.id}
            if len(styles) == len(lacking):
                break
        fields["conversions"] = [{**styles.get(each["voice_id"], {}), **each} for each in fields["conversions"]]
        return fields

    def _create_project(self, job: WishJob) -> Sent:
        owner = self._client.owner_id()
        fields = {**job.wish.body["fields"], **({"owner": owner} if owner else {})}
        return Sent((_project(self._client.create_project(fields)),))

    def _create_folder(self, job: WishJob) -> Sent:
        fields = {**job.wish.body["fields"], "project_id": self._parent(job)}
        return Sent((_folder(self._client.create_folder(fields)),))

    def _create(self, job: WishJob) -> Sent:
        fields = {**job.wish.body["fields"], "parent_folder_id": self._parent(job)}
        if job.file is not None:
            return Sent((_recording(self._client.create_recording(fields, job.file)),))
        return Sent((_recording(self._client.create_tts(fields)),))

    def _order(self, job: WishJob) -> Sent:
        original = self._original(job)
        orders = self._client.create_order({**job.wish.body["fields"], "original_id": original})
        ids = [order.conversion_id for order in orders if order.conversion_id]
        return Sent(tuple(_ordered(each, original) for each in ids))

    def _change(self, job: WishJob) -> Sent:
        body = job.wish.body
        target, fields, kind = str(body["target"]), dict(body["fields"]), body.get("kind", "recording")
        if kind == "project":
            return Sent((_project(self._client.rename_project(target, fields)),))
        if kind == "folder":
            return Sent((_folder(self._client.rename_folder(target, fields)),))
        note = fields.pop("note", None)
        if fields:
            self._client.update_recording(target, fields)
        if note is not None:
            self._set_note(target, str(note))
        return Sent((self.look_at("recording", target),))

    def _set_note(self, target: str, text: str) -> None:
        """What is there decides whether a note is made, changed or deleted: said twice, it is the same."""
        there = self._client.get_recording(target).note
        has_note = there is not None and bool(there.text) and there.active
        if text and has_note:
            self._client.update_note({"recording_id": target, "text": text})
        elif text:
            self._client.create_note({"recording_id": target, "text": text})
        elif has_note:
            self._client.delete_note({"recording_id": target})

    def _retry(self, job: WishJob) -> Sent:
        target = str(job.wish.body["target"])
        self._client.retry_order(target)
        return Sent((self.look_at("recording", target),))

    def _delete(self, job: WishJob) -> Sent:
        target = str(job.wish.body["target"])
        delete = {"project": self._client.delete_project, "folder": self._client.delete_folder}
        gone = delete.get(str(job.wish.body.get("kind")), self._client.delete_recording)(target)
        return Sent(gone=(target, *gone))


def _project(item: RemoteProject) -> Found:
    details = {"owner": item.owner, "url": item.url}
    return Found("project", item.id, said(item.raw, name=str), details=details)


def _folder(item: RemoteFolder) -> Found:
    return Found("folder", item.id, said(item.raw, name=str), parent_id=item.parent_id or item.project_id)


def _ordered(remote_id: str, original_id: str) -> Found:
    return Found("recording", remote_id, {}, original_id=original_id, state="running")


def _recording(item: RemoteRecording) -> Found:
    shared = said(item.raw, label=str, starred=bool)
    if said(item.raw, note=dict):
        shared["note"] = item.note.text if item.note and item.note.active else ""
    details = {"text": item.text, "voice_id": item.voice_id, "voice": item.voice_name, "remote_state": item.state}
    return Found(
        kind="recording",
        id=item.id,
        shared=shared,
        parent_id=item.parent_folder_id,
        original_id=item.original_id,
        state="done" if item.is_done else "failed" if item.is_failed else "running",
        failure=item.error or ("It failed there." if item.is_failed else ""),
        failure_code="error" if item.is_failed else "",
        duration_ms=None if item.duration is None else round(item.duration * 1000),
        audio=item.url if item.is_done else "",
        details={name: value for name, value in details.items() if value},
    )
