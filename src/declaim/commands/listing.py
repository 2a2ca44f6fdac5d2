"""What the library holds, as plain JSON values for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from declaim.commands.naming import find_project
from declaim.commands.studio import Studio
from declaim.model.ids import outside_id
from declaim.model.library import RecordingState, RecordingType
from declaim.model.remote import ConnectionId, RemoteItem


def listing(studio: Studio, project: str = "") -> dict[str, list[dict[str, Any]]]:
    """Every item by kind, with the ids of what it belongs to; of one project where one is named.

    Raises:
        InputError: where there is no such project.
    """
    library = studio.library
    only = find_project(studio, project) if project else None
    projects = [row for row in studio.projects.all() if only in (None, row.id)]
    names = {connection.id: connection.name for connection in library.connections.all()}
    twins = {kind: library.remote_items.twins(kind) for kind in ("folder", "recording")} if names else {}
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ("projects", "folders", "documents", "scripts", "recordings")}
    for row in projects:
        found["projects"].append({"id": outside_id("project", row.id), "name": row.name, "created_at": row.created_at})
        for folder in library.folders.of(row.id):
            entry = {"name": folder.name, "parent_id": _outside("folder", folder.parent_id)}
            found["folders"].append(
                {"id": outside_id("folder", folder.id), **entry, **_project(row.id), **_twin(twins, names, "folder", folder.id)}
            )
        for document in library.documents.of(row.id):
            entry = {"title": document.title, "source_type": document.source_type.value, "origin": document.origin}
            place = _place(row.id, document.folder_id)
            found["documents"].append({"id": outside_id("document", document.id), **entry, **place})
        for script in library.scripts.of(row.id):
            entry = {"title": script.title, "document_id": _outside("document", script.document_id)}
            found["scripts"].append({"id": outside_id("script", script.id), **entry, **_place(row.id, script.folder_id)})
        for recording in library.recordings.all(row.id):
            found["recordings"].append({
                "id": outside_id("recording", recording.id),
                "label": recording.label,
                "type": recording.type.value,
                "state": recording.state.value,
                "duration_ms": recording.duration_ms,
                "starred": recording.starred,
                "path": str(library.media / recording.path) if recording.path else None,
                "note": recording.note,
                "source": recording.source,
                "script_id": _outside("script", recording.script_id),
                "original_id": _outside("recording", recording.original_id),
                **_place(row.id, recording.folder_id),
                **_twin(twins, names, "recording", recording.id),
            })  # fmt: skip
    return found


def _twin(
    twins: Mapping[str, Mapping[int, RemoteItem]], names: Mapping[ConnectionId, str], kind: str, item_id: int
) -> dict[str, str]:
    """What it is at a service, where it is anywhere."""
    item = twins.get(kind, {}).get(item_id)
    return {"connection": names[item.connection_id], "remote_id": item.remote_id} if item and item.connection_id in names else {}


def statistics(studio: Studio, project: str = "") -> dict[str, Any]:
    """Counts and lengths, of the library or of one project."""
    found = listing(studio, project)
    takes = [entry for entry in found["recordings"] if entry["path"]]
    made = [entry for entry in takes if entry["type"] == RecordingType.CONVERSION.value]
    failed = [entry for entry in found["recordings"] if entry["state"] == RecordingState.FAILED.value]
    return {
        "projects": len(found["projects"]),
        "folders": len(found["folders"]),
        "documents": len(found["documents"]),
        "scripts": len(found["scripts"]),
        "originals": sum(entry["type"] == RecordingType.ORIGINAL.value for entry in found["recordings"]),
        "takes": len(made),
        "starred": sum(entry["starred"] for entry in found["recordings"]),
        "failed": len(failed),
        "audio_seconds": round(sum(entry["duration_ms"] or 0 for entry in takes) / 1000, 1),
    }


def _outside(kind: str, item_id: int | None) -> str | None:
    return None if item_id is None else outside_id(kind, item_id)


def _project(project_id: int) -> dict[str, str]:
    return {"project_id": outside_id("project", project_id)}


def _place(project_id: int, folder_id: int | None) -> dict[str, str | None]:
    return {**_project(project_id), "folder_id": _outside("folder", folder_id)}
