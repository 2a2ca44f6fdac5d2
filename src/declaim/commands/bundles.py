"""A recording, a folder or a project as a bundle: which rows and files go in. ``restoring`` has the way back."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from declaim import __version__
from declaim.commands.converting import convert
from declaim.commands.restoring import Restored, Restoring, UnpackedBundle
from declaim.commands.wholeness import Wholeness
from declaim.errors import AudioError, InputError
from declaim.export.bundle import Content, file_stem, write_bundle, write_bundle_folder
from declaim.export.finishing import BESIDE, Told, texts_beside
from declaim.model.ids import FolderId, ProjectId, RecordingId, ScriptId
from declaim.model.lexicon import LexiconEntry
from declaim.model.library import (
    DocumentRow,
    Folder,
    LineRow,
    Recording,
    ScriptRow,
)
from declaim.model.work import CancelToken, Progress
from declaim.storage import Library

T = TypeVar("T")
AUDIO_FORMATS = ("mp3", "wav", "flac", "opus", "m4b")


@dataclass(frozen=True)
class Contents:
    """Everything that goes into one bundle, read on the main thread; the files are read when it is written."""

    title: str
    project: Mapping[str, Any]
    folders: tuple[Folder, ...]
    documents: tuple[DocumentRow, ...]
    scripts: tuple[ScriptRow, ...]
    lines: Mapping[ScriptId, tuple[LineRow, ...]]
    writers: Mapping[ScriptId, str]
    left_out: Mapping[ScriptId, Any]
    recordings: tuple[Recording, ...]
    lexicon: tuple[LexiconEntry, ...]
    media: Path


class Bundles:
    def __init__(self, library: Library) -> None:
        self._library = library

    def contents(self, kind: str, item_id: int, *, starred_only: bool = False) -> Contents:
        """What a bundle of a project, folder, script or recording holds.

        Raises:
            InputError: where nothing is left to export.
        """
        project_id, title, folders, chosen = self._select(kind, item_id)
        recordings = [row for row in chosen if row.path and (row.starred or not starred_only)]
        scripts, documents = self._texts_of(kind, item_id, project_id, folders, recordings, starred_only=starred_only)
        if not recordings and not scripts and not documents:
            what = "starred takes" if starred_only else "scripts or takes"
            raise InputError(f"'{title}' has no {what} to export.", cure="Render a script, or star a take, and export again.")
        project = self._library.projects.get(project_id)
        return Contents(
            title=title,
            project={"name": project.name, "settings": dict(project.settings)},
            folders=tuple(folders),
            documents=tuple(documents),
            scripts=tuple(scripts),
            lines={row.id: self._library.lines.of(row.id) for row in scripts},
            writers={row.id: self._library.scripts.writer(row.id) for row in scripts},
            left_out={row.id: self._library.scripts.left_out(row.id) for row in scripts},
            recordings=tuple(self._library.recordings.get(row.id) for row in recordings),
            lexicon=self._library.lexicon.of(project_id) if kind == "project" else (),
            media=self._library.media,
        )

    def restore(self, unpacked: UnpackedBundle, project_id: ProjectId, folder_id: FolderId | None) -> Restored:
        """Writes the rows of an unpacked bundle into a project, in one step of undo."""
        with self._library.transaction("Import bundle"):
            return Restoring(self._library, unpacked, project_id, folder_id).run()

    def _select(self, kind: str, item_id: int) -> tuple[ProjectId, str, list[Folder], list[Recording]]:
        library = self._library
        if kind == "project":
            project = library.projects.get(ProjectId(item_id))
            return project.id, project.name, list(library.folders.of(project.id)), list(library.recordings.all(project.id))
        if kind == "folder":
            folder = library.folders.get(FolderId(item_id))
            inside = _below(folder, library.folders.of(folder.project_id))
            ids = {each.id for each in inside}
            rows = [row for row in library.recordings.all(folder.project_id) if row.folder_id in ids]
            return folder.project_id, folder.name, inside, rows
        if kind == "script":
            script = library.scripts.get(ScriptId(item_id))
            return script.project_id, script.title, [], list(library.recordings.of_script(script.id))
        if kind == "recording":
            recording = library.recordings.get(RecordingId(item_id))
            return recording.project_id, recording.label, [], [recording]
        raise InputError(f"A {kind} cannot be exported.", cure="Choose a project, a folder, a script or a recording.")

    def _texts_of(
        self,
        kind: str,
        item_id: int,
        project_id: ProjectId,
        folders: Sequence[Folder],
        recordings: Sequence[Recording],
        *,
        starred_only: bool,
    ) -> tuple[list[ScriptRow], list[DocumentRow]]:
        """Scripts and documents: those of the place, or those behind the takes where only takes were asked for."""
        library = self._library
        ids = {folder.id for folder in folders}
        used = {row.script_id for row in recordings}
        if kind == "script":
            used.add(ScriptId(item_id))
        whole_place = kind in ("project", "folder") and not starred_only

        def belongs(folder_id: FolderId | None) -> bool:
            return whole_place and (kind == "project" or folder_id in ids)

        scripts = [row for row in library.scripts.of(project_id) if row.id in used or belongs(row.folder_id)]
        sources = {row.document_id for row in scripts}
        documents = [row for row in library.documents.of(project_id) if row.id in sources or belongs(row.folder_id)]
        return [library.scripts.get(row.id) for row in scripts], [library.documents.get(row.id) for row in documents]


def pack(contents: Contents, path: Path, audio_format: str, cancel: CancelToken, progress: Progress) -> Path:
    """Writes the bundle, or the same files into a folder where ``path`` does not end in ``.zip``; in a job.

    Raises:
        AudioError: where a take cannot be read or made into the format.
    """
    packing = _Packing(contents, audio_format, path)
    try:
        total = len(contents.recordings) + 1
        with Wholeness(contents.media) as wholeness:
            for index, recording in enumerate(contents.recordings):
                cancel.check()
                progress.update(index, total, recording.label)
                _check(wholeness, recording, cancel)
                packing.add_recording(recording)
        packing.add_texts()
        write = write_bundle if path.suffix.lower() == ".zip" else write_bundle_folder
        write(path, packing.manifest(), packing.files)
        progress.update(total, total)
    finally:
        packing.clean_up()
    return path


def _check(wholeness: Wholeness, recording: Recording, cancel: CancelToken) -> None:
    if not wholeness.is_whole(recording, cancel):
        cure = "Render or import it again, or delete it, and export once more."
        raise AudioError(f"The audio of '{recording.label}' is gone or damaged.", cure=cure)


class _Packing:
    def __init__(self, contents: Contents, audio_format: str, path: Path) -> None:
        self._contents = contents
        self._format = audio_format
        self._titles: dict[ScriptId | None, str] = {script.id: script.title for script in contents.scripts}
        self._work = path.parent / f".{path.stem[:40]}-audio"
        self._names: set[str] = set()
        self.files: dict[str, Content] = {}
        self._recordings: list[dict[str, Any]] = []
        self._scripts: list[dict[str, Any]] = []
        self._documents: list[dict[str, Any]] = []

    def add_recording(self, recording: Recording) -> None:
        stored = self._contents.media / recording.path
        name = self._name("audio", recording.label, f".{self._format}")
        described = _described(recording, drop=("path", "peaks_path", "project_id"))
        self.files[name] = self._as_format(stored, name)
        captions = []
        if recording.timings:
            told = Told(self._titles.get(recording.script_id, recording.label), recording.timings, recording.duration_ms or 0)
            for suffix, text in texts_beside(tuple(BESIDE), told).items():
                caption = self._name("captions", recording.label, suffix)
                self.files[caption] = text.encode()
                captions.append(caption)
        self._recordings.append({**described, "file": name, "captions": captions})

    def add_texts(self) -> None:
        for script in self._contents.scripts:
            name = self._name("scripts", script.title, ".script.md")
            self.files[name] = script.text.encode()
            places = [list(line.source_lines) if line.source_lines else None for line in self._contents.lines[script.id]]
            described = {**_described(script, drop=("text", "project_id")), "writer": self._contents.writers[script.id]}
            left_out = self._contents.left_out[script.id]
            self._scripts.append({**described, "file": name, "source_lines": places, "left_out": left_out})
        for document in self._contents.documents:
            name = self._name("documents", document.title, ".md")
            self.files[name] = document.markdown.encode()
            self._documents.append({**_described(document, drop=("markdown", "project_id")), "file": name})

    def manifest(self) -> dict[str, Any]:
        return {
            "made_by": f"Declaim {__version__}",
            "title": self._contents.title,
            "project": dict(self._contents.project),
            "folders": [_described(folder, drop=("project_id",)) for folder in self._contents.folders],
            "documents": self._documents,
            "scripts": self._scripts,
            "recordings": self._recordings,
            "lexicon": [_described(entry, drop=("scope",)) for entry in self._contents.lexicon],
        }

    def clean_up(self) -> None:
        shutil.rmtree(self._work, ignore_errors=True)

    def _as_format(self, stored: Path, name: str) -> Path:
        if stored.suffix.lower() == f".{self._format}":
            return stored
        self._work.mkdir(exist_ok=True)
        made = self._work / f"{len(self.files)}.{self._format}"
        convert(stored, made)
        return made

    def _name(self, folder: str, title: str, suffix: str) -> str:
        stem, count = file_stem(title), 1
        name = f"{folder}/{stem}{suffix}"
        while name.lower() in self._names:
            count += 1
            name = f"{folder}/{stem} {count}{suffix}"
        self._names.add(name.lower())
        return name


def _below(folder: Folder, folders: Iterable[Folder]) -> list[Folder]:
    """A folder and every folder under it, parents first."""
    found = [folder]
    rest = list(folders)
    for parent in found:
        found += [each for each in rest if each.parent_id == parent.id]
    return found


def _described(row: Any, drop: Sequence[str]) -> dict[str, Any]:
    plain = dataclasses.asdict(row)
    return {key: value for key, value in plain.items() if key not in drop}
