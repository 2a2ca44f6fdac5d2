"""What is at a service, looked at from outside the library: lists, single items, earlier changelogs, samples, files.

Each takes a client and runs in a worker, as the work of a job (``Syncing.run``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declaim.errors import InputError, RemoteRefused
from declaim.remote import BotTalk, Client, Download, LogTalk, Respeecher, as_json, call

LISTS: Mapping[str, Mapping[str, str]] = {
    "logtalk": {"conversions": "list_conversions", "episodes": "list_episodes", "changelogs": "changelogs"},
    "bottalk": {"articles": "list_articles"},
    "respeecher": {
        "projects": "list_projects",
        "folders": "list_folders",
        "recordings": "list_recordings",
        "originals": "list_originals",
        "conversions": "list_conversions",
        "voices": "list_voices",
        "calibrations": "list_calibrations",
        "tts-voices": "list_tts_voices",
    },
}
"""What can be listed, by the operation that does; the first one is what is meant where none is named."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "logtalk": ("conversion", "episode", "doctalk"),
    "bottalk": ("article",),
    "respeecher": ("recording", "project", "folder", "calibration"),
}
"""What can be named by its id, the usual one first."""
_TEXTS = ("content", "markdown", "body", "text", "changelog")
_TITLES = ("title", "name", "version", "tag")


@dataclass(frozen=True)
class Earlier:
    """A changelog that a service keeps as history."""

    id: str
    title: str
    text: str


def kind_at(service: str, kind: str) -> str:
    """
    Raises:
        InputError: for a kind that the service does not have.
    """
    if not kind:
        return KINDS[service][0]
    if kind not in KINDS[service]:
        raise InputError(f"There is no {kind} at this service.", cure=f"Choose --kind {' or '.join(KINDS[service])}.")
    return kind


def list_items(client: Client, kind: str, settings: Iterable[str] = ()) -> Any:
    """One page, as the service lists it; ``settings`` are ``field=value`` of its query.

    Raises:
        InputError: for a list that the service does not have.
        RemoteError: what the service says.
    """
    service = client.transport.service.name
    lists = LISTS[service]
    if kind and kind not in lists:
        raise InputError(f"{client.transport.service.title} lists no {kind}.", cure=f"Choose --kind {' or '.join(lists)}.")
    return call(f"{service}.{lists[kind or next(iter(lists))]}", client, settings, {})


def show_item(client: Client, kind: str, remote_id: str, *, expand: str = "") -> Any:
    """One item, as the service shows it; an article also by its external id or address, a project by its address.

    Raises:
        InputError: where it cannot be asked for.
        RemoteError: what the service says.
    """
    return as_json(_item(client, kind, remote_id, expand))


def _item(client: Client, kind: str, remote_id: str, expand: str) -> object:
    is_address = remote_id.startswith(("http://", "https://"))
    if isinstance(client, BotTalk):
        return _article(client, remote_id, is_address=is_address)
    if isinstance(client, LogTalk):
        if kind == "episode":
            return client.get_episode(remote_id, expand=expand or None)
        return client.get_doctalk(remote_id) if kind == "doctalk" else client.get_conversion(remote_id)
    if kind == "project" or is_address:
        return _project(client, remote_id)
    get = {"folder": client.get_folder, "calibration": client.get_calibration}
    return get.get(kind, client.get_recording)(remote_id)


def _article(client: BotTalk, remote_id: str, *, is_address: bool) -> object:
    if is_address:
        return client.get_article_by_url(remote_id)
    try:
        return client.get_article(remote_id)
    except RemoteRefused as refused:
        if not refused.is_missing:
            raise
    return client.get_article_by_external_id(remote_id)


def _project(client: Respeecher, remote_id: str) -> object:
    """Projects are asked for by their address; by their id they are looked for in the list."""
    for page in client.projects():
        for project in page.items:
            if remote_id in {project.id, project.url}:
                return project
    return client.project_by_url(remote_id)


def download_item(client: Client, kind: str, remote_id: str, target: Path, *, preview: bool = False) -> Download:
    """Its audio, into a file.

    Raises:
        RemoteError: what the service says.
    """
    if isinstance(client, LogTalk):
        download = {"episode": client.download_episode, "doctalk": client.download_doctalk}
        return download.get(kind, client.download_conversion)(remote_id, target)
    if isinstance(client, Respeecher):
        return client.download_recording(remote_id, target)
    return client.download_article(remote_id, target, preview=preview)


def earlier_changelogs(client: Client) -> tuple[Earlier, ...]:
    """Those that LogTalk keeps. How it tells them is not published: what has a text is taken.

    Raises:
        InputError: for another service, and where nothing of the answer can be read.
        RemoteError: what the service says.
    """
    if not isinstance(client, LogTalk):
        raise InputError(f"{client.transport.service.title} keeps no changelogs.", cure="Choose a connection to LogTalk.")
    answer = client.changelogs()
    entries = answer if isinstance(answer, list) else next((part for part in _values(answer) if isinstance(part, list)), [])
    found = [_earlier(entry, place) for place, entry in enumerate(entries, 1) if isinstance(entry, dict)]
    readable = tuple(each for each in found if each is not None)
    if entries and not readable:
        raise InputError(
            "The changelogs came in a form that cannot be read.", cure="See 'declaim remote list --kind changelogs'."
        )
    return readable


def _values(answer: Any) -> Iterable[Any]:
    return answer.values() if isinstance(answer, dict) else ()


def _earlier(entry: Mapping[str, Any], place: int) -> Earlier | None:
    text, title, identity = _first(entry, _TEXTS), _first(entry, _TITLES), _first(entry, ("id", "sha", "version"))
    return Earlier(identity or str(place), title or f"Changelog {place}", text) if text else None


def _first(entry: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((value for name in names if isinstance(value := entry.get(name), str) and value.strip()), "")


def save_sample(client: Client, target: Path, *, accent_id: str = "", style_id: str = "") -> Download:
    """A sample of an accent or a narration style of Respeecher's voices.

    Raises:
        InputError: for another service, and where there is none.
        RemoteError: what the service says.
    """
    if not isinstance(client, Respeecher):
        raise InputError(f"{client.transport.service.title} has no voices to hear.", cure="Choose a connection to Respeecher.")
    samples = client.accent_samples(accent_id) if accent_id else client.narration_style_samples(style_id)
    if not samples.urls:
        raise InputError("There is no sample of it.", cure="Order a line with it to hear it.")
    return client.download_file(samples.urls[0], target)


def export_zip(client: Client, kind: str, remote_id: str, target: Path, *, starred_only: bool = False) -> Download:
    """A project of Respeecher, or all conversions of an original, as the service packs them.

    Raises:
        InputError: for another service.
        RemoteError: what the service says.
    """
    if not isinstance(client, Respeecher):
        raise InputError(f"{client.transport.service.title} packs nothing.", cure="Use 'declaim export'.")
    export = client.export_project if kind == "project" else client.export_recording
    return export(remote_id, target, starred_only=starred_only)
