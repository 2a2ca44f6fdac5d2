"""Scripts: written from a document, edited, their settings and versions, and the source that they came from."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from declaim.commands.writing import source_of_row, write_document
from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.ids import DocumentId, FolderId, JobId, LineId, ProjectId, ScriptId
from declaim.model.library import DocumentRow, LineDraft, ScriptRow
from declaim.model.script import NARRATOR, Chapter, Line, Script, ScriptSettings, WrittenScript
from declaim.model.settings import StudioSettings
from declaim.model.source import LeftOut, Source, SourceLines, SourceType
from declaim.model.spoken import SpokenLine
from declaim.model.voice import Cast
from declaim.scripts import count_words, estimate_seconds, format_script, parse_script
from declaim.storage import Library, VersionRow
from declaim.voices import Voices

EDITING_PAUSE_S = 60
"""An edit after so long a pause, or the first of a session, first keeps the text before it as a version."""
KEPT_BY_SERVICE = "changelogs of "
"""How the origin of a document begins that is an earlier changelog, whenever it came here."""
_SourceKey = tuple[DocumentId, SourceType, int]


@dataclass(frozen=True)
class LineView:
    """A line as the editor shows it; ``index`` counts over the whole script."""

    index: int
    chapter: str
    speaker: str
    text: str
    line_id: LineId
    duration_ms: int | None
    source_lines: SourceLines | None
    delivery: DeliveryPreset | None = None
    failure: str = ""
    suspicion: str = ""


class Scripts:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs, clock: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._voices = voices
        self._jobs = jobs
        self._clock = clock
        self._edited_at: dict[ScriptId, float] = {}
        self._sources: dict[_SourceKey, Source] = {}

    # Making

    def create(self, project_id: ProjectId, folder_id: FolderId | None = None, title: str = "Untitled script") -> ScriptId:
        """An empty script with the project's choices."""
        script = Script(title, (Chapter("", (Line(NARRATOR, ""),)),))
        return self.add(project_id, folder_id, script, label="New script")

    def add(
        self,
        project_id: ProjectId,
        folder_id: FolderId | None,
        script: Script,
        *,
        document_id: DocumentId | None = None,
        settings: StudioSettings | None = None,
        label: str = "Add script",
        written: WrittenScript | None = None,
    ) -> ScriptId:
        """As :func:`add_script`."""
        with self._library.transaction(label):
            return add_script(
                self._library, project_id, folder_id, script, document_id=document_id, settings=settings, written=written
            )

    def write(
        self,
        document_id: DocumentId,
        settings: StudioSettings | None = None,
        *,
        done: Callable[[ScriptId], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Starts a job that writes a new script of a document, beside it in the library."""
        document = self._library.documents.get(document_id)
        chosen = settings or first_settings(self._library, document.project_id)

        def keep(written: WrittenScript) -> None:
            script_id = self.add(
                document.project_id,
                document.folder_id,
                written.script,
                document_id=document_id,
                settings=chosen,
                label="Write script",
                written=written,
            )
            if done:
                done(script_id)

        return self.start_writing(document, chosen, keep, failed)

    def start_writing(
        self,
        document: DocumentRow,
        settings: StudioSettings,
        done: Callable[[WrittenScript], None],
        failed: Callable[[Exception], None] | None = None,
        on_text: Callable[[str], None] | None = None,
    ) -> JobId:
        """Starts a job that writes what a document's script would be; nothing is kept. ``on_text`` gets a model's raw answer
        piece by piece, on the main thread; an empty piece says that it begins anew."""
        before = document.id if document.source_type is SourceType.CHANGELOG else None
        history = self.history_of(document.project_id, settings.script, before=before) if before is not None else ()

        def keep(result: tuple[Source, WrittenScript]) -> None:
            self._sources[_kept_as(document)] = result[0]
            done(result[1])

        told = (lambda text: self._jobs.post(partial(on_text, text))) if on_text else None
        project_name = self._library.projects.get(document.project_id).name
        return self._jobs.start(
            f"Write {document.title}",
            lambda cancel, _progress: write_document(document, settings, history, cancel, told, project_name),
            done=keep,
            failed=failed,
        )

    # Reading

    def row(self, script_id: ScriptId) -> ScriptRow:
        return self._library.scripts.get(script_id)

    def lines(self, script_id: ScriptId) -> tuple[LineView, ...]:
        """The lines as last understood; a script with a mistake in its mark-up keeps those from before the mistake."""
        return tuple(
            LineView(
                index,
                row.chapter,
                row.speaker,
                row.text,
                row.id,
                row.duration_ms,
                row.source_lines,
                row.delivery,
                failure=row.failure,
                suspicion=row.suspicion,
            )
            for index, row in enumerate(self._library.lines.of(script_id))
        )

    def speakers(self, script_id: ScriptId) -> tuple[str, ...]:
        """In order of appearance."""
        return self._library.lines.speakers(script_id)

    def suspects(self, script_id: ScriptId) -> frozenset[LineId]:
        """The lines that a check after the render doubts."""
        return frozenset(line_id for line_id, made in self._library.lines.made(script_id).items() if made.suspicion)

    def parsed(self, script_id: ScriptId) -> Script:
        """The script as a value.

        Raises:
            InputError: for a mistake in its mark-up, with line and column.
        """
        return parse_script(self.row(script_id).text)

    def problem(self, script_id: ScriptId) -> InputError | None:
        """The first mistake in its mark-up, if any."""
        try:
            self.parsed(script_id)
        except InputError as error:
            return error
        return None

    def settings(self, script_id: ScriptId) -> StudioSettings:
        return StudioSettings.from_json(self.row(script_id).settings)

    def document(self, script_id: ScriptId) -> DocumentRow | None:
        """The document that it was written from."""
        document_id = self.row(script_id).document_id
        return self._library.documents.get(document_id) if document_id is not None else None

    def source(self, script_id: ScriptId, done: Callable[[Source | None], None]) -> None:
        """Gives ``done`` the parsed document of a script; parsing is a job, and kept."""
        document = self.document(script_id)
        if document is None:
            done(None)
        elif _kept_as(document) in self._sources:
            done(self._sources[_kept_as(document)])
        else:

            def keep(source: Source) -> None:
                self._sources[_kept_as(document)] = source
                done(source)

            self._jobs.start(f"Read {document.title}", lambda _cancel, _progress: source_of_row(document), done=keep, quiet=True)

    def history_of(
        self, project_id: ProjectId, settings: ScriptSettings, *, before: DocumentId | None = None
    ) -> tuple[DocumentRow, ...]:
        """The project's changelogs (those before one of them, and those that a service keeps), newest first; their texts are
        read in a job.
        """
        if not settings.use_history:
            return ()
        earlier = [
            row
            for row in self._library.documents.of(project_id)
            if row.source_type is SourceType.CHANGELOG
            and (before is None or row.id < before or row.origin.startswith(KEPT_BY_SERVICE))
        ]
        newest = sorted(earlier, key=lambda row: row.id, reverse=True)[: settings.history_limit]
        return tuple(self._library.documents.get(row.id) for row in newest)

    def left_out(self, script_id: ScriptId) -> tuple[LeftOut, ...]:
        """What of its document is not spoken, and why, as of the last writing."""
        kept = self._library.scripts.left_out(script_id)
        return tuple(LeftOut((left["source_lines"][0], left["source_lines"][1]), left["text"], left["reason"]) for left in kept)

    def spoken(self, script_id: ScriptId, done: Callable[[tuple[SpokenLine, ...]], None]) -> None:
        """Gives ``done`` what the voice will read; working it out is a job."""
        row = self.row(script_id)
        settings = StudioSettings.from_json(row.settings)
        lexicon = (*self._library.lexicon.of(None), *self._library.lexicon.of(row.project_id))

        def work(*_: object) -> tuple[SpokenLine, ...]:
            from declaim.render import languages_of
            from declaim.speech import Speech

            script = parse_script(row.text)
            languages = languages_of(script, settings.cast, self._voices)
            speeches = {code: Speech(lexicon, code, settings.pronunciation_notes) for code in set(languages.values())}
            return tuple(speeches[languages[line.speaker]].speak_line(line) for line in script.lines)

        self._jobs.start("Work out the spoken form", work, done=done, failed=lambda _error: done(()), quiet=True)

    def measure(self, script: Script) -> tuple[int, float]:
        """Words, and about how many seconds."""
        return count_words(script), estimate_seconds(script)

    # Changing

    def save_text(self, script_id: ScriptId, text: str) -> None:
        """Keeps what was typed, whatever it is; lines follow where it parses. Typing in one go is one step of undo."""
        before = self.row(script_id)
        if text == before.text:
            return
        script = _parsed_or_none(text)
        with self._library.transaction("Edit script", merge_key=f"script {script_id}"):
            if self._clock() - self._edited_at.get(script_id, -EDITING_PAUSE_S) >= EDITING_PAUSE_S:
                self.put_version(script_id, before.text, "edited")
            self._library.scripts.set_text(script_id, text)
            if script:
                self._replace_lines(script_id, script)
                if script.title and script.title != before.title:
                    self._library.scripts.rename(script_id, script.title)
        self._edited_at[script_id] = self._clock()

    def set_settings(self, script_id: ScriptId, settings: StudioSettings, label: str = "Change script settings") -> None:
        with self._library.transaction(label, merge_key=f"settings {script_id} {label}"):
            self._library.scripts.set_settings(script_id, settings.to_json())

    def set_cast(self, script_id: ScriptId, cast: Cast) -> None:
        self.set_settings(script_id, dataclasses.replace(self.settings(script_id), cast=cast), "Change cast")

    def set_delivery(self, script_id: ScriptId, delivery: Delivery) -> None:
        self.set_settings(script_id, dataclasses.replace(self.settings(script_id), delivery=delivery), "Change delivery")

    def set_notes(self, script_id: ScriptId, notes: str) -> None:
        """Pronunciation notes.

        Raises:
            InputError: for more than 500 characters.
        """
        settings = dataclasses.replace(self.settings(script_id), pronunciation_notes=notes)
        self.set_settings(script_id, settings, "Change pronunciation notes")

    def set_script_settings(self, script_id: ScriptId, settings: ScriptSettings) -> None:
        self.set_settings(script_id, dataclasses.replace(self.settings(script_id), script=settings))

    def rename(self, script_id: ScriptId, title: str) -> None:
        """Renames it in the library and in its text."""
        title = " ".join(title.split())[:500]
        if not title:
            raise InputError("A title is needed.", cure="Type one.")
        row = self.row(script_id)
        script = _parsed_or_none(row.text)
        with self._library.transaction("Rename script"):
            self._library.scripts.rename(script_id, title)
            if script:
                self._library.scripts.set_text(script_id, format_script(dataclasses.replace(script, title=title)))

    def trash(self, script_id: ScriptId) -> None:
        with self._library.transaction("Delete script"):
            self._library.scripts.trash(script_id)

    # Versions

    def versions(self, script_id: ScriptId) -> tuple[VersionRow, ...]:
        """Newest first."""
        return self._library.versions.of(script_id)

    def restore(self, script_id: ScriptId, version: VersionRow) -> None:
        """Takes an earlier text back; the present one is kept as a version."""
        with self._library.transaction("Restore version"):
            self.put_version(script_id, self.row(script_id).text, "edited")
            self.replace_text(script_id, version.text, _parsed_or_none(version.text))
            self._library.versions.add(script_id, version.text, "restored")

    def replace_text(self, script_id: ScriptId, text: str, script: Script | None) -> None:
        """Inside a transaction: another text, with the ``script`` that it is, if it is one; the title follows it."""
        self._library.scripts.set_text(script_id, text)
        if script:
            self._replace_lines(script_id, script)
            if script.title:
                self._library.scripts.rename(script_id, script.title)

    def keep_version(self, script_id: ScriptId) -> None:
        """Keeps the present text as a version, unless it is the newest one already."""
        with self._library.transaction("Keep version", undoable=False):
            self.put_version(script_id, self.row(script_id).text, "edited")

    def put_version(self, script_id: ScriptId, text: str, reason: str) -> None:
        """Inside a transaction: a text as the newest version, unless it is that already."""
        newest = self._library.versions.newest(script_id)
        if newest is None or newest.text != text or reason == "regenerated":
            self._library.versions.add(script_id, text, reason)

    # Inside

    def _replace_lines(self, script_id: ScriptId, script: Script) -> None:
        self._library.lines.revise(script_id, drafts_of(script))


def first_settings(library: Library, project_id: ProjectId) -> StudioSettings:
    """What a new script of a project starts with: the project's choices; without a cast of its own, the voice that the user made
    the default of the script's language."""
    plain = library.projects.get(project_id).settings
    settings = StudioSettings.from_json(plain)
    voice = library.voice_choices.defaults().get(settings.script.language.partition("-")[0])
    return settings if voice is None or "cast" in plain else dataclasses.replace(settings, cast=Cast(voice))


def add_script(
    library: Library,
    project_id: ProjectId,
    folder_id: FolderId | None,
    script: Script,
    *,
    document_id: DocumentId | None = None,
    settings: StudioSettings | None = None,
    written: WrittenScript | None = None,
) -> ScriptId:
    """A script with its lines, and its first version, in a transaction. ``written`` says how it came from its document."""
    chosen = settings or first_settings(library, project_id)
    text = format_script(script)
    script_id = library.scripts.add(
        project_id,
        folder_id,
        document_id,
        script.title or "Untitled script",
        text,
        chosen.to_json(),
        writer=written.writer if written else "",
        left_out=[dataclasses.asdict(left) for left in written.left_out] if written else [],
    )
    library.lines.replace(script_id, drafts_of(script))
    library.versions.add(script_id, text, "written" if document_id else "created")
    return script_id


def drafts_of(script: Script) -> list[LineDraft]:
    """The lines of a script as they are to be kept."""
    return [
        LineDraft(line.speaker, line.text, chapter.title, line.delivery, line.source_lines)
        for chapter in script.chapters
        for line in chapter.lines
    ]


def _parsed_or_none(text: str) -> Script | None:
    try:
        return parse_script(text)
    except InputError:
        return None


def _kept_as(document: DocumentRow) -> _SourceKey:
    """A document that is read again, or taken for another kind, is another source."""
    return document.id, document.source_type, hash(document.markdown)
