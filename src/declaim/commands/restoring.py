"""A bundle into the library: its files checked and put in place, and the rows that come of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from declaim.commands.adopting import Adopted, place_of, with_peaks
from declaim.commands.scripts import drafts_of
from declaim.errors import InputError
from declaim.export.bundle import Bundle, open_bundle
from declaim.model.ids import DocumentId, FolderId, ProjectId, RecordingId, ScriptId
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.model.library import LineDraft, LineTiming, RecordingState, RecordingType
from declaim.model.source import SourceType
from declaim.model.work import CancelToken, Progress
from declaim.scripts import parse_script
from declaim.storage import Library


@dataclass(frozen=True)
class Restored:
    """The rows that came of a bundle."""

    documents: tuple[DocumentId, ...]
    scripts: tuple[ScriptId, ...]
    recordings: tuple[RecordingId, ...]


@dataclass(frozen=True)
class UnpackedBundle:
    """A bundle whose files are checked and in the media folder; the rows are still to be written."""

    manifest: Mapping[str, Any]
    texts: Mapping[str, str]
    audio: Mapping[str, Adopted]
    """By the file's name in the bundle."""


def unpack(path: Path, media: Path, cancel: CancelToken, progress: Progress) -> UnpackedBundle:
    """Checks every file of a bundle against its hash and puts the audio into the media folder; in a job.

    Raises:
        InputError: for a bundle that is damaged or not one.
    """
    with open_bundle(path) as bundle:
        audio, texts = {}, {}
        for index, name in enumerate(sorted(bundle.names)):
            cancel.check()
            progress.update(index, len(bundle.names), name)
            if name.startswith("audio/"):
                audio[name] = _adopt(bundle, name, media)
            elif name.startswith(("scripts/", "documents/")):
                texts[name] = bundle.read_text(name)
        return UnpackedBundle(bundle.manifest, texts, audio)


class Restoring:
    """Rows of a bundle become rows of a library; ids in the bundle only tie its items to each other."""

    def __init__(self, library: Library, unpacked: UnpackedBundle, project_id: ProjectId, folder_id: FolderId | None) -> None:
        self._library = library
        self._unpacked = unpacked
        self._project_id = project_id
        self._top = folder_id
        self._folders: dict[Any, FolderId] = {}
        self._documents: dict[Any, DocumentId] = {}
        self._scripts: dict[Any, ScriptId] = {}
        self._recordings: dict[Any, RecordingId] = {}

    def run(self) -> Restored:
        self._settle_project()
        self._each("folders", self._folder, parent="parent_id")
        self._each("documents", self._document)
        self._each("scripts", self._script)
        self._each("recordings", self._recording, parent="original_id")
        self._each("lexicon", self._word)
        return Restored(tuple(self._documents.values()), tuple(self._scripts.values()), tuple(self._recordings.values()))

    def _settle_project(self) -> None:
        """A project that was never set up takes the bundle's cast and delivery."""
        told = self._unpacked.manifest.get("project")
        settings = told.get("settings") if isinstance(told, dict) else None
        if isinstance(settings, dict) and settings and not self._library.projects.get(self._project_id).settings:
            self._library.projects.set_settings(self._project_id, settings)

    def _each(self, key: str, restore: Callable[[Mapping[str, Any]], None], parent: str = "") -> None:
        items = self._unpacked.manifest.get(key, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise _damaged()
        try:
            for item in _parents_first(items, parent) if parent else items:
                restore(item)
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged() from error

    def _folder(self, item: Mapping[str, Any]) -> None:
        parent = self._folders.get(item.get("parent_id"), self._top)
        self._folders[item["id"]] = self._library.folders.add(self._project_id, str(item["name"]), parent)

    def _document(self, item: Mapping[str, Any]) -> None:
        self._documents[item["id"]] = self._library.documents.add(
            self._project_id,
            self._place(item),
            str(item["title"]),
            SourceType(item["source_type"]),
            self._unpacked.texts[item["file"]],
            str(item.get("origin", "")),
        )
        self._library.documents.date(self._documents[item["id"]], item.get("created_at"))

    def _script(self, item: Mapping[str, Any]) -> None:
        text = self._unpacked.texts[item["file"]]
        script_id = self._library.scripts.add(
            self._project_id,
            self._place(item),
            self._documents.get(item.get("document_id")),
            str(item["title"]),
            text,
            item["settings"] if isinstance(item.get("settings"), dict) else {},
            writer=str(item.get("writer", "")),
            left_out=_left_out(item.get("left_out")),
        )
        self._scripts[item["id"]] = script_id
        self._library.scripts.date(script_id, item.get("created_at"))
        self._library.lines.replace(script_id, _drafts(text, item.get("source_lines")))
        self._library.versions.add(script_id, text, "imported")

    def _recording(self, item: Mapping[str, Any]) -> None:
        audio = self._unpacked.audio[item["file"]]
        timings = item.get("timings") or []
        self._recordings[item["id"]] = self._library.recordings.add(
            self._project_id,
            self._place(item),
            script_id=self._scripts.get(item.get("script_id")),
            original_id=self._recordings.get(item.get("original_id")),
            label=str(item["label"]),
            type=RecordingType(item["type"]),
            state=RecordingState.DONE,
            source=str(item.get("source", "voice")),
            path=audio.path,
            peaks_path=audio.peaks_path,
            duration_ms=_length(item.get("duration_ms"), audio.duration_ms),
            starred=item.get("starred") is True,
            note=str(item.get("note", "")),
            parameters=item["parameters"] if isinstance(item.get("parameters"), dict) else {},
            timings=tuple(_timing(timing) for timing in timings),
        )
        self._library.recordings.date(self._recordings[item["id"]], item.get("created_at"))

    def _word(self, item: Mapping[str, Any]) -> None:
        entry = LexiconEntry(
            str(item["written"]),
            str(item["spoken"]),
            case_sensitive=item.get("case_sensitive") is True,
            is_regex=item.get("is_regex") is True,
            scope=LexiconScope.PROJECT,
        )
        self._library.lexicon.put(self._project_id, entry)

    def _place(self, item: Mapping[str, Any]) -> FolderId | None:
        return self._folders.get(item.get("folder_id"), self._top)


def _parents_first(items: Sequence[Mapping[str, Any]], parent: str) -> Iterator[Mapping[str, Any]]:
    """Each item after the one that it names as its parent; what stands in a circle comes last, as it stands."""
    ids, waiting = {item["id"] for item in items}, list(items)
    told: set[Any] = set()
    while waiting:
        ready = [item for item in waiting if item.get(parent) not in ids or item.get(parent) in told] or waiting
        yield from ready
        told.update(item["id"] for item in ready)
        waiting = [item for item in waiting if item["id"] not in told]


def _drafts(text: str, source_lines: object) -> list[LineDraft]:
    """The lines of a script's text, with the source lines that the bundle knows of; none where it has a mistake in it."""
    try:
        drafts = drafts_of(parse_script(text))
    except InputError:
        return []
    if not isinstance(source_lines, list) or len(source_lines) != len(drafts):
        return drafts
    return [
        dataclasses.replace(draft, source_lines=(int(pair[0]), int(pair[1])) if pair else None)
        for draft, pair in zip(drafts, source_lines, strict=True)
    ]


def _left_out(items: object) -> list[dict[str, Any]]:
    """What the writer left out, as the library keeps it; a bundle of an older Declaim does not say."""
    if not isinstance(items, list):
        return []
    return [
        {
            "source_lines": [int(line) for line in item["source_lines"][:2]],
            "text": str(item["text"]),
            "reason": str(item["reason"]),
        }
        for item in items
    ]


def _length(told: object, measured: int) -> int:
    """What the bundle says where the file bears it out: a measure of a compressed file is off by its padding."""
    return told if isinstance(told, int) and abs(told - measured) < 250 else measured


def _timing(item: Mapping[str, Any]) -> LineTiming:
    return LineTiming(
        start_ms=int(item["start_ms"]),
        end_ms=int(item["end_ms"]),
        speaker=str(item["speaker"]),
        shown=str(item["shown"]),
        chapter=str(item.get("chapter", "")),
        sentence_starts_ms=tuple(int(start) for start in item.get("sentence_starts_ms", ())),
        chapter_index=int(item.get("chapter_index", 0)),
    )


def _adopt(bundle: Bundle, name: str, media: Path) -> Adopted:
    """The file under its hash in the media folder, with its peaks and its length."""
    relative = place_of(bundle.sha256(name), Path(name).suffix)
    if not (media / relative).exists():
        bundle.extract(name, media / relative)
    return with_peaks(relative, media)


def _damaged() -> InputError:
    return InputError("The bundle's manifest is damaged.", cure="Ask for the bundle again.")
