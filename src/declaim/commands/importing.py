"""Files, text and bundles into the library: first a look at what each will become, then the writing of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from declaim.commands.adopting import Adopted, adopt_audio
from declaim.commands.bundles import Bundles
from declaim.commands.restoring import UnpackedBundle, unpack
from declaim.commands.scripts import Scripts, first_settings
from declaim.commands.writing import named_after, read_script, source_of, write_script
from declaim.errors import Cancelled, DeclaimError, InputError
from declaim.export.bundle import is_bundle
from declaim.jobs import Jobs
from declaim.model.ids import DocumentId, FolderId, JobId, ProjectId, RecordingId, ScriptId
from declaim.model.library import DocumentRow, RecordingState, RecordingType
from declaim.model.script import Script, WrittenScript
from declaim.model.settings import StudioSettings
from declaim.model.source import Source, SourceType
from declaim.model.wording import counted
from declaim.model.work import CancelToken, Progress
from declaim.storage import Library

SOURCE_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".rst", ".html", ".htm", ".docx", ".pdf", ".epub", ".json"})


class ImportKind(StrEnum):
    CHANGELOG = "changelog"
    DOCUMENT = "document"
    SCRIPT = "script"
    AUDIO = "audio"
    BUNDLE = "bundle"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class ImportItem:
    """What a file will become. ``problem`` says why an unreadable one is, and the cure."""

    path: Path
    kind: ImportKind
    title: str
    detail: str = ""
    problem: str = ""
    content: Source | Script | None = None


@dataclass(frozen=True)
class Imported:
    """What came of an import: the new rows by kind, and what was not taken, in words."""

    documents: tuple[DocumentId, ...] = ()
    scripts: tuple[ScriptId, ...] = ()
    recordings: tuple[RecordingId, ...] = ()
    problems: tuple[str, ...] = ()


def preview(path: Path, source_type: SourceType | None = None) -> ImportItem:
    """Looks at a file and says what it will become; reads it whole where it is text. Any thread."""
    try:
        return _look(path, source_type)
    except Cancelled:
        raise
    except DeclaimError as error:
        return ImportItem(path, ImportKind.UNREADABLE, path.name, problem=str(error))
    except OSError as error:
        problem = f"It cannot be read: {error.strerror or error}. Check that it is there and may be read."
        return ImportItem(path, ImportKind.UNREADABLE, path.name, problem=problem)


def preview_as(path: Path, kind: ImportKind) -> ImportItem:
    """Looks at a text file again, to be taken for a changelog, a document or a script. Any thread."""
    if kind is not ImportKind.SCRIPT:
        return preview(path, SourceType(kind.value))
    from declaim.documents import decode
    from declaim.documents.reading import read_bytes

    try:
        script = read_script(decode(read_bytes(path)), path.name, taken_as="script")
    except DeclaimError as error:
        return ImportItem(path, ImportKind.UNREADABLE, path.name, problem=str(error))
    assert script is not None
    return ImportItem(path, kind, script.title or path.stem, _lines(script), content=script)


def can_be(item: ImportItem) -> tuple[ImportKind, ...]:
    """The kinds that the user may choose from for a file; none where there is nothing to choose."""
    if item.path.suffix.lower() in {".md", ".markdown", ".txt"}:
        return (ImportKind.CHANGELOG, ImportKind.DOCUMENT, ImportKind.SCRIPT)
    return (ImportKind.CHANGELOG, ImportKind.DOCUMENT) if item.path.suffix.lower() in SOURCE_SUFFIXES else ()


class Importing:
    def __init__(self, library: Library, jobs: Jobs, scripts: Scripts, bundles: Bundles) -> None:
        self._library = library
        self._jobs = jobs
        self._scripts = scripts
        self._bundles = bundles

    def preview_in_background(self, paths: Sequence[Path], done: Callable[[tuple[ImportItem, ...]], None]) -> JobId:
        """Looks at every file (a folder stands for the files in it) in a job, and gives ``done`` the items in order."""
        return self._jobs.start(
            "Look at files", lambda cancel, progress: _preview_all(paths, cancel, progress), done=done, quiet=True
        )

    def preview_as_in_background(self, path: Path, kind: ImportKind, done: Callable[[ImportItem], None]) -> JobId:
        """The same for one file that the user wants to be taken for something else."""
        return self._jobs.start("Look at a file", lambda *_: preview_as(path, kind), done=done, quiet=True)

    def import_items(
        self,
        items: Sequence[ImportItem],
        project_id: ProjectId,
        folder_id: FolderId | None = None,
        done: Callable[[Imported], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Writes the scripts of the sources in a job and keeps everything in one transaction, one step of undo."""
        settings = first_settings(self._library, project_id)
        media = self._library.media
        project_name = self._library.projects.get(project_id).name
        changelogs = any(item.kind is ImportKind.CHANGELOG for item in items)
        history = self._scripts.history_of(project_id, settings.script) if changelogs else ()

        def keep(prepared: tuple[_Prepared, ...]) -> None:
            imported = self._keep(prepared, project_id, folder_id, settings)
            if done:
                done(imported)

        title = f"Import {items[0].title}" if len(items) == 1 else f"Import {len(items)} files"
        return self._jobs.start(
            title,
            lambda cancel, progress: _prepare_all(items, settings, history, project_name, media, cancel, progress),
            done=keep,
            failed=failed,
        )

    def import_text(
        self,
        text: str,
        project_id: ProjectId,
        folder_id: FolderId | None = None,
        *,
        is_html: bool = False,
        done: Callable[[Imported], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Pasted text as a document or a script of its own; rich text keeps its structure.

        Raises:
            InputError: where there is nothing to be read in it.
        """
        if not text.strip():
            raise InputError("The clipboard holds no text.", cure="Copy some text and paste it again.")
        script = None if is_html else read_script(text)
        if script:
            item = ImportItem(Path("Pasted text"), ImportKind.SCRIPT, script.title or "Pasted script", content=script)
        else:
            from declaim.documents import parse_source

            source = parse_source(text, origin="Pasted text", format="html" if is_html else "markdown")
            item = ImportItem(Path("Pasted text"), ImportKind(source.source_type), source.title or "Pasted text", content=source)
        self.import_items([item], project_id, folder_id, done, failed)

    def import_page(
        self,
        address: str,
        project_id: ProjectId,
        folder_id: FolderId | None = None,
        *,
        done: Callable[[Imported], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Fetches a page that the user asked for in a job, and imports it as a file would be."""

        def fetch(cancel: CancelToken, _progress: Progress) -> Source:
            from declaim.commands.fetching import fetch_source

            return fetch_source(address, cancel=cancel)

        def keep(source: Source) -> None:
            title = source.title or address
            item = ImportItem(Path(title), ImportKind(source.source_type), title, content=source)
            self.import_items([item], project_id, folder_id, done, failed)

        return self._jobs.start(f"Fetch {address[:80]}", fetch, done=keep, failed=failed)

    def _keep(
        self, prepared: Sequence[_Prepared], project_id: ProjectId, folder_id: FolderId | None, settings: StudioSettings
    ) -> Imported:
        documents: list[DocumentId] = []
        scripts: list[ScriptId] = []
        recordings: list[RecordingId] = []
        problems = [item.problem for item in prepared if item.problem]
        with self._library.transaction("Import"):
            for item in prepared:
                if isinstance(item.content, Source):
                    document_id = self._add_document(item.content, item.title, project_id, folder_id)
                    documents.append(document_id)
                    if item.written:
                        written = item.written.script
                        script_id = self._scripts.add(
                            project_id, folder_id, written, document_id=document_id, settings=settings, written=item.written
                        )
                        scripts.append(script_id)
                elif isinstance(item.content, Script):
                    scripts.append(self._scripts.add(project_id, folder_id, item.content, settings=settings))
                elif item.audio:
                    recordings.append(self._add_audio(item, project_id, folder_id))
        for item in prepared:
            if item.bundle:
                restored = self._bundles.restore(item.bundle, project_id, folder_id)
                documents += restored.documents
                scripts += restored.scripts
                recordings += restored.recordings
        return Imported(tuple(documents), tuple(scripts), tuple(recordings), tuple(problems))

    def _add_document(self, source: Source, title: str, project_id: ProjectId, folder_id: FolderId | None) -> DocumentId:
        return self._library.documents.add(project_id, folder_id, title, source.source_type, source.markdown, source.origin)

    def _add_audio(self, item: _Prepared, project_id: ProjectId, folder_id: FolderId | None) -> RecordingId:
        assert item.audio is not None
        return self._library.recordings.add(
            project_id,
            folder_id,
            label=item.title,
            type=RecordingType.ORIGINAL,
            state=RecordingState.DONE,
            source="file",
            path=item.audio.path,
            peaks_path=item.audio.peaks_path,
            duration_ms=item.audio.duration_ms,
        )


@dataclass(frozen=True)
class _Prepared:
    title: str
    content: Source | Script | None = None
    written: WrittenScript | None = None
    audio: Adopted | None = None
    bundle: UnpackedBundle | None = None
    problem: str = ""


def _preview_all(paths: Sequence[Path], cancel: CancelToken, progress: Progress) -> tuple[ImportItem, ...]:
    files = [file for path in paths for file in _files_of(path)]
    items = []
    for index, path in enumerate(files):
        cancel.check()
        items.append(preview(path))
        progress.update(index + 1, len(files), path.name)
    return tuple(items)


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    from declaim.audio.files import AUDIO_SUFFIXES

    known = SOURCE_SUFFIXES | AUDIO_SUFFIXES | {".zip"}
    return sorted(child for child in path.rglob("*") if child.is_file() and child.suffix.lower() in known)[:1000]


def _look(path: Path, source_type: SourceType | None) -> ImportItem:
    from declaim.audio.files import AUDIO_SUFFIXES, audio_duration_ms
    from declaim.documents import decode, read_source
    from declaim.documents.reading import read_bytes

    suffix = path.suffix.lower()
    if suffix in AUDIO_SUFFIXES:
        return ImportItem(path, ImportKind.AUDIO, path.stem, f"{audio_duration_ms(path) / 1000:.1f} s")
    if suffix == ".zip":
        if not is_bundle(path):
            raise InputError(f"'{path.name}' is not a Declaim bundle.", cure="Unpack it and import the files in it.")
        return ImportItem(path, ImportKind.BUNDLE, path.stem, f"{path.stat().st_size // 1024:,} KB")
    if source_type is None and suffix in {".md", ".markdown", ".txt"}:
        script = read_script(decode(read_bytes(path)), path.name)
        if script:
            return ImportItem(path, ImportKind.SCRIPT, script.title or path.stem, _lines(script), content=script)
    source = read_source(path, source_type=source_type)
    return ImportItem(path, ImportKind(source.source_type), source.title or path.stem, _detail(source), content=source)


def _lines(script: Script) -> str:
    return counted(len(script.lines), "line")


def _detail(source: Source) -> str:
    if source.source_type is SourceType.CHANGELOG:
        newest = next((release.version for release in source.releases if release.version), "")
        return counted(len(source.releases), "release") + (f", newest {newest}" if newest else "")
    return f"{counted(len(source.blocks), 'block')}, {counted(len(source.markdown.split()), 'word')}"


def _prepare_all(
    items: Sequence[ImportItem],
    settings: StudioSettings,
    history: Sequence[DocumentRow],
    project_name: str,
    media: Path,
    cancel: CancelToken,
    progress: Progress,
) -> tuple[_Prepared, ...]:
    earlier = [source_of(row.markdown, origin=row.origin, source_type=row.source_type) for row in history]
    prepared = []
    for index, item in enumerate(items):
        cancel.check()
        progress.update(index, len(items), item.title)
        prepared.append(_prepare(item, settings, earlier, project_name, media, cancel))
    progress.update(len(items), len(items))
    return tuple(prepared)


def _prepare(
    item: ImportItem,
    settings: StudioSettings,
    history: Sequence[Source],
    project_name: str,
    media: Path,
    cancel: CancelToken,
) -> _Prepared:
    if item.kind is ImportKind.UNREADABLE:
        return _Prepared(item.title, problem=f"{item.title}: {item.problem}")
    try:
        if item.kind is ImportKind.AUDIO:
            return _Prepared(item.title, audio=adopt_audio(item.path, media))
        if item.kind is ImportKind.BUNDLE:
            return _Prepared(item.title, bundle=unpack(item.path, media, cancel, Progress()))
        if isinstance(item.content, Source):
            known = history if item.content.source_type is SourceType.CHANGELOG else ()
            named = named_after(item.content, settings.script, project_name)
            written = write_script(named, settings.script, writer_name=settings.writer, history=known, cancel=cancel)
            return _Prepared(item.title, item.content, written)
        return _Prepared(item.title, item.content)
    except Cancelled:
        raise
    except DeclaimError as error:
        # A source that nothing can be written of is still kept as a document.
        kept = item.content if isinstance(item.content, Source) else None
        return _Prepared(item.title, kept, problem=f"{item.title}: {error}")
    except OSError as error:
        return _Prepared(item.title, problem=f"{item.title}: it could not be copied ({error.strerror or error}).")
