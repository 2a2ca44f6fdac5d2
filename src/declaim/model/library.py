"""The rows of a library as the rest of Declaim sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from declaim.model.delivery import DeliveryPreset
from declaim.model.ids import DocumentId, FolderId, JobId, LineId, LineKey, ProjectId, RecordingId, ScriptId
from declaim.model.remote import Badge
from declaim.model.source import SourceLines, SourceType


@dataclass(frozen=True)
class Project:
    id: ProjectId
    name: str
    created_at: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Cast, delivery and script settings that its scripts start with, as plain JSON values."""


@dataclass(frozen=True)
class Folder:
    id: FolderId
    project_id: ProjectId
    parent_id: FolderId | None
    name: str
    created_at: str


@dataclass(frozen=True)
class DocumentRow:
    """An imported source. ``markdown`` is what was read; ``origin`` where it came from."""

    id: DocumentId
    project_id: ProjectId
    folder_id: FolderId | None
    title: str
    source_type: SourceType
    origin: str
    created_at: str
    markdown: str = ""


@dataclass(frozen=True)
class ScriptRow:
    """``text`` is the script format; ``settings`` hold cast, delivery, script settings as plain JSON values."""

    id: ScriptId
    project_id: ProjectId
    folder_id: FolderId | None
    document_id: DocumentId | None
    title: str
    text: str
    settings: Mapping[str, Any]
    created_at: str
    updated_at: str


class LineState(StrEnum):
    NOT_RENDERED = "not_rendered"
    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    STALE = "stale"
    FAILED = "failed"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class LineRow:
    """A line of a script as kept in the library. ``key`` names the audio last made for it, if any."""

    id: LineId
    script_id: ScriptId
    position: int
    chapter: str
    speaker: str
    text: str
    source_lines: SourceLines | None = None
    key: LineKey | None = None
    duration_ms: int | None = None
    failure: str = ""
    suspicion: str = ""
    delivery: DeliveryPreset | None = None


@dataclass(frozen=True)
class LineDraft:
    """A line as it shall be kept. ``id`` is that of the row it continues, None for a new one."""

    speaker: str
    text: str
    chapter: str = ""
    delivery: DeliveryPreset | None = None
    source_lines: SourceLines | None = None
    id: LineId | None = None


class RecordingType(StrEnum):
    ORIGINAL = "original"
    CONVERSION = "conversion"


class RecordingState(StrEnum):
    QUEUED = "queued"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Recording:
    """A row with audio. ``path`` is relative to the media folder; ``peaks_path`` too. ``parameters`` are what made it."""

    id: RecordingId
    project_id: ProjectId
    folder_id: FolderId | None
    script_id: ScriptId | None
    original_id: RecordingId | None
    type: RecordingType
    state: RecordingState
    label: str
    created_at: str
    path: str = ""
    peaks_path: str = ""
    duration_ms: int | None = None
    starred: bool = False
    note: str = ""
    source: str = "voice"
    """``voice``, ``microphone``, ``file`` or ``remote``."""
    listen_count: int = 0
    failure: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    timings: tuple[LineTiming, ...] = ()
    cost_usd: float | None = None
    """What services were paid for it."""


@dataclass(frozen=True)
class LineTiming:
    """Where a line lies in a take, and what captions show of it."""

    start_ms: int
    end_ms: int
    speaker: str
    shown: str
    chapter: str = ""
    line_id: LineId | None = None
    sentence_starts_ms: tuple[int, ...] = ()
    """Where the voice began each sentence, in the take; empty where that is not known."""
    chapter_index: int = 0
    """Counts the chapters of the script, which may have the same title; 0 in every line of a take of before it was kept."""

    @property
    def chapter_key(self) -> tuple[int, str]:
        """Lines in a row that share it are of one chapter."""
        return self.chapter_index, self.chapter


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One light row of the library tree. ``kind`` is project, folder, document, script or recording; the top has no parent.

    ``state`` is a recording's ``RecordingState`` or a document's ``SourceType``, else empty; ``source`` a recording's. ``badge``
    says how it stands to the services; empty where no service has to do with it.
    """

    kind: str
    id: int
    parent_kind: str
    parent_id: int
    title: str
    state: str = ""
    duration_ms: int | None = None
    starred: bool = False
    source: str = ""
    updated_at: str = ""
    badge: Badge | None = None


@dataclass(frozen=True)
class SearchHit:
    """``kind`` is project, folder, document, script, line, recording; a note is a hit of what it belongs to.

    ``title`` is the item's (of a line, its script's); ``script_id`` of lines. ``snippet`` is plain text around the match
    and ``matches`` the spans of it, as offsets (start, end).
    """

    kind: str
    id: int
    title: str
    snippet: str = ""
    matches: tuple[tuple[int, int], ...] = ()
    script_id: ScriptId | None = None


@dataclass(frozen=True)
class TrashItem:
    kind: str
    id: int
    title: str
    trashed_at: str


@dataclass(frozen=True)
class VersionRow:
    """A script as it once was. ``reason`` says what made the version: written, edited, restored, regenerated."""

    id: int
    script_id: ScriptId
    title: str
    text: str
    settings: Mapping[str, Any]
    reason: str
    created_at: str


@dataclass(frozen=True)
class JobRow:
    """A job as the journal keeps it across restarts. ``state`` is queued, running, paused, done, failed or cancelled."""

    id: JobId
    kind: str
    title: str
    state: str
    parameters: Mapping[str, Any]
    failure: str = ""
    created_at: str = ""
    updated_at: str = ""
