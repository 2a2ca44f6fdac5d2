"""Every published operation of the three services: the function that speaks it, and where a user finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from declaim.errors import InputError
from declaim.remote import logtalk_fields, respeecher_fields
from declaim.remote.bodies import FieldTable, set_fields
from declaim.remote.bottalk import ARTICLE, ARTICLE_CHANGE, BotTalk
from declaim.remote.bottalk import LIST as ARTICLE_LIST
from declaim.remote.logtalk import LogTalk
from declaim.remote.opening import Client
from declaim.remote.operation import Operation
from declaim.remote.reading import JSON
from declaim.remote.respeecher import Respeecher

_EVERYTHING = "connection page: Everything it can do"
_BY_SYNC = "library tree, by Sync now"


def _row(
    method: str,
    path: str,
    function: Callable[..., Any],
    window: str,
    terminal: str,
    fields: FieldTable | None = None,
    *,
    published: bool = True,
) -> Operation:
    return Operation(function.__name__, method, path, function, window, terminal, fields or {}, published)


_L, _B, _R = LogTalk, BotTalk, Respeecher
_LF, _RF = logtalk_fields, respeecher_fields

_LOGTALK = (  # paths below its base URL
    _row("POST", "/conversions", _L.create_conversion, "context menu: Publish", "remote publish", _LF.CONVERSION),
    _row("GET", "/conversions", _L.list_conversions, _BY_SYNC, "sync, remote list", _LF.LIST),
    _row("GET", "/conversions/{id}", _L.get_conversion, "context menu: Details", "remote show, remote fetch"),
    _row(
        "PATCH",
        "/conversions/{id}",
        _L.update_conversion,
        "library tree: Rename; Share and embed: Public",
        "remote rename, remote update, remote share",
        _LF.CONVERSION_CHANGE,
    ),
    _row("DELETE", "/conversions/{id}", _L.delete_conversion, "context menu: Delete there", "remote delete"),
    _row("POST", "/conversions/{id}/retry", _L.retry_conversion, "context menu: Have it made again", "remote retry"),
    _row("GET", "/conversions/{id}/audio", _L.conversion_audio, "Sync now, Fetch audio too", "sync, remote audio"),
    _row(
        "POST",
        "/conversions/{id}/embed-token",
        _L.create_embed_token,
        "Share and embed: New embed token",
        "remote share --embed-token",
    ),
    _row("GET", "/conversions/{id}/embed-token", _L.list_embed_tokens, "Share and embed: Embed tokens", "remote share"),
    _row(
        "DELETE",
        "/conversions/{id}/embed-token/{token}",
        _L.revoke_embed_token,
        "Share and embed: Revoke",
        "remote share --revoke",
    ),
    _row("POST", "/scripts", _L.create_script, "context menu: Have it write the script", "remote write", _LF.SCRIPT),
    _row(
        "POST",
        "/scripts/{id}/convert",
        _L.convert_script,
        "context menu: Publish, where it was not edited",
        "remote publish",
        _LF.SCRIPT_CONVERT,
    ),
    _row("GET", "/usage", _L.usage, "connection page: Account", "remote usage"),
    _row("GET", "/changelogs", _L.changelogs, _EVERYTHING, "remote changelogs"),
    _row("GET", "/api/oembed", _L.oembed, _EVERYTHING, "remote call"),
    _row("POST", "/doctalk/convert", _L.create_doctalk, _EVERYTHING, "remote call", _LF.DOCTALK),
    _row("GET", "/doctalk/convert/{id}", _L.get_doctalk, _EVERYTHING, "remote show --kind doctalk, remote fetch --kind doctalk"),
    _row("GET", "/doctalk/convert/{id}/audio", _L.download_doctalk, _EVERYTHING, "remote audio --kind doctalk"),
    _row("POST", "/episodes", _L.create_episode, _EVERYTHING, "remote call", _LF.EPISODE),
    _row("GET", "/episodes", _L.list_episodes, _BY_SYNC, "sync, remote list --kind episodes", _LF.EPISODE_LIST),
    _row("GET", "/episodes/{id}", _L.get_episode, _EVERYTHING, "remote show --kind episode"),
    _row("POST", "/episodes/{id}/retry", _L.retry_episode, _EVERYTHING, "remote retry --kind episode", _LF.EPISODE_RETRY),
    _row("DELETE", "/episodes/{id}", _L.delete_episode, _EVERYTHING, "remote delete --kind episode"),
    _row("GET", "/episodes/{id}/audio", _L.download_episode, _EVERYTHING, "sync, remote audio", published=False),
)

_BOTTALK = (
    _row("GET", "/api", _B.documentation, _EVERYTHING, "remote call"),
    _row("GET", "/api/articles", _B.list_articles, _BY_SYNC, "sync, remote list", ARTICLE_LIST),
    _row("POST", "/api/articles", _B.create_article, "context menu: Publish", "remote publish", ARTICLE),
    _row("GET", "/api/articles/{articleId}", _B.get_article, "context menu: Details", "remote show, remote fetch"),
    _row(
        "PUT",
        "/api/articles/{articleId}",
        _B.update_article,
        "context menu: Update the article",
        "remote update, remote rename, remote retry",
        ARTICLE_CHANGE,
    ),
    _row("DELETE", "/api/articles/{articleId}", _B.delete_article, "context menu: Delete there", "remote delete"),
    _row(
        "GET",
        "/api/articles_external_id/{externalId}",
        _B.get_article_by_external_id,
        "by sync, which looks before it sends",
        "remote show, sync",
    ),
    _row(
        "PUT",
        "/api/articles_external_id/{externalId}",
        _B.update_article_by_external_id,
        "context menu: Update the article",
        "remote publish --set externalId",
        ARTICLE_CHANGE,
    ),
    _row("GET", "/api/articles_external_url/{externalUrl}", _B.get_article_by_url, _EVERYTHING, "remote show"),
)

_RESPEECHER = (
    # The account
    _row("POST", "/api/api-key", _R.create_api_key, _EVERYTHING, "remote call", _RF.API_KEY),
    _row("DELETE", "/api/api-key", _R.delete_api_key, _EVERYTHING, "remote call"),
    _row("POST", "/api/login", _R.login, "Connect a service: E-mail and password", "connect --login", _RF.LOGIN),
    _row("POST", "/api/logout", _R.logout, "connection page: Disconnect", "disconnect"),
    _row("GET", "/api/credits", _R.credits, "connection page: Account", "remote usage"),
    _row("GET", "/api/stats", _R.stats, "connection page: Account", "remote usage"),
    _row("GET", "/api/stats/projects", _R.project_stats, _EVERYTHING, "remote usage --project", _RF.PROJECT_STATS),
    _row("GET", "/api/stats/folders", _R.folder_stats, _EVERYTHING, "remote usage --folder", _RF.FOLDER_STATS),
    _row("POST", "/api/auth", _R.auth, _BY_SYNC, "remote publish", published=False),
    # Calibrations and voices
    _row("POST", "/api/calibration", _R.create_calibration, _EVERYTHING, "remote calibrations --upload", _RF.CALIBRATION),
    _row("PUT", "/api/calibration/{calibration_id}/enable", _R.enable_calibration, _EVERYTHING, "remote calibrations --enable"),
    _row("POST", "/api/calibration/auto", _R.auto_calibration, _EVERYTHING, "remote calibrations --auto"),
    _row("GET", "/api/calibration/{calibration_id}", _R.get_calibration, _EVERYTHING, "remote show --kind calibration"),
    _row(
        "GET",
        "/api/calibration",
        _R.list_calibrations,
        "Publish, Order voices: Calibration",
        "remote calibrations",
        _RF.CALIBRATION_LIST,
    ),
    _row("DELETE", "/api/calibration/{calibration_id}", _R.delete_calibration, _EVERYTHING, "remote calibrations --delete"),
    _row(
        "PATCH",
        "/api/calibration/{calibration_id}",
        _R.rename_calibration,
        _EVERYTHING,
        "remote call",
        _RF.CALIBRATION,
        published=False,
    ),
    _row("GET", "/api/tts-voices", _R.list_tts_voices, _EVERYTHING, "remote list --kind tts-voices"),
    _row("GET", "/api/v2/voices", _R.list_voices, "Publish, Order voices: Read the voices", "remote voices", _RF.VOICE_LIST),
    _row("GET", "/api/v2/voices/search", _R.search_voices, _EVERYTHING, "remote voices --search", _RF.VOICE_SEARCH),
    _row(
        "POST", "/api/v2/voices/favorite/{voice_id}", _R.favourite_voice, _EVERYTHING, "remote voice --favourite", _RF.FAVOURITE
    ),
    _row("POST", "/api/v2/voices/settings", _R.set_voice, _EVERYTHING, "remote voice --accent", _RF.VOICE_SETTINGS),
    _row("GET", "/api/v2/accents/samples", _R.accent_samples, _EVERYTHING, "remote voice --sample"),
    _row(
        "GET",
        "/api/v2/narration-styles/samples",
        _R.narration_style_samples,
        _EVERYTHING,
        "remote voice --sample",
        published=False,
    ),
    # Projects and folders
    _row("GET", "/api/projects", _R.list_projects, _BY_SYNC, "sync, remote list", _RF.PROJECT_LIST),
    _row("POST", "/api/projects", _R.create_project, _BY_SYNC, "remote publish", _RF.PROJECT),
    _row(
        "PATCH",
        "/api/projects/{project_id}",
        _R.rename_project,
        "library tree: Rename; sent by Sync now",
        "sync, remote rename",
        _RF.PROJECT_CHANGE,
    ),
    _row("DELETE", "/api/projects/{project_id}", _R.delete_project, "context menu: Delete there", "remote delete"),
    _row("GET", "/api/projects/by-url", _R.project_by_url, _EVERYTHING, "remote show --kind project"),
    _row("GET", "/api/projects/{project_id}/export", _R.export_project, _EVERYTHING, "remote export --kind project", _RF.EXPORT),
    _row("GET", "/api/folders", _R.list_folders, _BY_SYNC, "sync, remote list --kind folders", _RF.FOLDER_LIST),
    _row("POST", "/api/folders", _R.create_folder, _BY_SYNC, "remote publish", _RF.FOLDER),
    _row(
        "PATCH",
        "/api/folders/{folder_id}",
        _R.rename_folder,
        "library tree: Rename; sent by Sync now",
        "sync, remote rename",
        _RF.FOLDER_CHANGE,
    ),
    _row("DELETE", "/api/folders/{folder_id}", _R.delete_folder, "context menu: Delete there", "remote delete"),
    _row("GET", "/api/folders/{folder_id}", _R.get_folder, "context menu: Details", "remote show --kind folder"),
    # Recordings, notes, orders
    _row("GET", "/api/recordings", _R.list_recordings, _BY_SYNC, "sync, remote list --kind recordings", _RF.RECORDING_LIST),
    _row("GET", "/api/recordings/originals", _R.list_originals, _BY_SYNC, "remote list --kind originals", _RF.ORIGINAL_LIST),
    _row(
        "GET", "/api/recordings/conversions", _R.list_conversions, _BY_SYNC, "remote list --kind conversions", _RF.CONVERSION_LIST
    ),
    _row(
        "POST",
        "/api/recordings",
        _R.create_recording,
        "context menu: Publish the audio",
        "remote publish --as upload",
        _RF.UPLOAD,
    ),
    _row("POST", "/api/recordings/tts", _R.create_old_tts, _EVERYTHING, "remote call", _RF.OLD_TTS),
    _row(
        "PATCH",
        "/api/recordings/{recording_id}",
        _R.update_recording,
        "library tree: Star, Rename; sent by Sync now",
        "sync, remote rename, remote update",
        _RF.RECORDING_CHANGE,
    ),
    _row(
        "PUT",
        "/api/recordings/{recording_id}",
        _R.replace_recording,
        "library tree: Star, Rename; sent by Sync now",
        "remote call",
        _RF.RECORDING_REPLACEMENT,
    ),
    _row("DELETE", "/api/recordings/{recording_id}", _R.delete_recording, "context menu: Delete there", "remote delete"),
    _row("GET", "/api/recordings/export", _R.export_recording, _EVERYTHING, "remote export", _RF.EXPORT),
    _row("GET", "/api/recordings/{recording_id}", _R.get_recording, "context menu: Details", "remote show, remote fetch"),
    _row("POST", "/api/v2/recordings/tts", _R.create_tts, "context menu: Publish", "remote publish --as tts", _RF.TTS),
    _row("POST", "/api/notes", _R.create_note, "takes table: Note; sent by Sync now", "sync", _RF.NOTE),
    _row("PUT", "/api/notes", _R.update_note, "takes table: Note; sent by Sync now", "sync", _RF.NOTE),
    _row("DELETE", "/api/notes", _R.delete_note, "takes table: Note; sent by Sync now", "sync", _RF.NOTE_DELETION),
    _row("GET", "/api/notes", _R.list_notes, "takes table: Note; sent by Sync now", "remote call", published=False),
    _row("POST", "/api/v2/orders", _R.create_order, "context menu: Order voices", "remote order", _RF.ORDER),
    _row("POST", "/api/v2/orders/retry/{recording_id}", _R.retry_order, "context menu: Have it made again", "remote retry"),
)

_ROWS = {"logtalk": _LOGTALK, "bottalk": _BOTTALK, "respeecher": _RESPEECHER}
OPERATIONS: Mapping[str, Operation] = {
    f"{service}.{row.name}": replace(row, name=f"{service}.{row.name}") for service, rows in _ROWS.items() for row in rows
}
"""By name, as ``logtalk.create_conversion``."""


def find_operation(name: str, service: str = "") -> Operation:
    """By its name (``logtalk.get_conversion``; with a ``service``, without it), or by method and path as published.

    Raises:
        InputError: for a name that is none, with close ones as the cure.
    """
    wanted = name.strip()
    for row in OPERATIONS.values():
        is_here = not service or row.service == service
        if wanted == row.name or (is_here and wanted in {row.name.partition(".")[2], f"{row.method} {row.path}"}):
            return row
    from difflib import get_close_matches

    close = get_close_matches(wanted if "." in wanted or not service else f"{service}.{wanted}", OPERATIONS, 3, 0.5)
    raise InputError(
        f"'{name}' is no operation.", cure=f"Did you mean {', '.join(close)}?" if close else "See 'declaim remote call --help'."
    )


def call(operation: str, client: Client, fields: Mapping[str, JSON] | Iterable[str], files: Mapping[str, Path]) -> JSON:
    """Any operation by its name. ``fields`` have the contract's names, as values or as ``name=value`` settings.

    Raises:
        InputError RemoteError
    """
    found = find_operation(operation)
    if found.service != client.transport.service.name:
        raise InputError(f"{operation} is not of {client.transport.service.title}.", cure="Choose a connection of that service.")
    values = fields if isinstance(fields, Mapping) else set_fields(found.settable, fields)
    return found.call(client, values, files)
