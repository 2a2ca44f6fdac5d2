"""What the window's menus and buttons order from the studio, with the dialogs that some of it needs. Dialogs are built when
they are asked for, so that starting costs nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from declaim.model.ids import DocumentId, ProjectId, RecordingId, ScriptId
from declaim.model.remote import ConnectionId
from declaim.model.source import SourceType
from declaim.ui.library.library_rows import Key
from declaim.ui.orders import Orders
from declaim.ui.window_state import WindowState, wear_theme

if TYPE_CHECKING:
    from declaim.commands.importing import Imported
    from declaim.commands.microphone import Restored
    from declaim.commands.rewriting import Rewrite
    from declaim.commands.studio import Studio
    from declaim.ui.connections.remote_orders import RemoteOrders
    from declaim.ui.library.library_panel import LibraryPanel
    from declaim.ui.queue_sheet import QueueSheet


class WindowOrders(QObject):
    """``library`` says where new things go."""

    script_made = Signal(object)
    """Id of a script that is to be opened."""
    clip_ready = Signal(object)
    """A spoken sample that is to be played."""
    done = Signal(object)
    """A short message of what was done."""
    done_undoably = Signal(object)
    """The same, of something that can be undone."""
    told = Signal(object)
    """A notice about a service, a ``Told``."""

    def __init__(self, studio: Studio, orders: Orders, library: LibraryPanel, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._orders, self._library, self._window = studio, orders, library, window

    # New and written

    def create_script(self, place: Key | None = None) -> None:
        """An empty script where the library stands, in a project of its own where there is none."""
        place = place or self._library.place() or self._first_project()
        if place is None:
            return
        project_id, folder_id = self._library.project_and_folder(place)
        script_id = self._orders.give(partial(self._studio.scripts.create, project_id, folder_id))
        if script_id is not None:
            self.script_made.emit(script_id)

    def write_script(self, document_id: DocumentId) -> None:
        write = partial(self._studio.scripts.write, DocumentId(document_id))
        self._orders.give(partial(write, done=self.script_made.emit, failed=self._orders.refuse))

    def set_kind(self, wish: tuple[DocumentId, SourceType]) -> None:
        """Takes a document for another kind."""
        if self._orders.give(partial(self._studio.documents.set_kind, *wish)):
            self.done_undoably.emit(f"It is read as a {wish[1].value} now.")

    def read_again(self, document_id: DocumentId) -> None:
        read = partial(self._studio.documents.read_again, document_id, self._on_read_again, self._orders.refuse)
        self._orders.give(read)

    def _on_read_again(self, is_new: bool) -> None:
        if is_new:
            self.done_undoably.emit("Read again. Its scripts stay as they are until you write them again.")
        else:
            self.done.emit("Its file says the same as before.")

    def write_again(self, script_id: ScriptId) -> None:
        """Writes a script again; where it was edited, the user chooses what stays."""
        if self._studio.scripts.settings(script_id).writer == "gemini":
            from declaim.ui.script.writing_sheet import WritingSheet

            sheet = WritingSheet(self._studio, self._orders, script_id, self._window)
            sheet.written.connect(self._on_rewritten)
            sheet.start()
            return
        regenerate = partial(self._studio.rewriting.regenerate, script_id, self._on_rewritten, self._orders.refuse)
        self._orders.give(regenerate)

    def _on_rewritten(self, rewrite: Rewrite) -> None:
        if rewrite.outcome == "edited":
            from declaim.ui.script.merge_sheet import MergeSheet

            sheet = MergeSheet(self._studio, self._orders, rewrite, self._window)
            sheet.applied.connect(lambda: self.done_undoably.emit("Written again, with your edits."))
            sheet.open()
        elif rewrite.outcome == "replaced":
            self.done_undoably.emit("Written again.")
        else:
            self.done.emit("It would be written just so again.")

    def restore_recordings(self) -> None:
        """Makes takes of what was being recorded when an earlier Declaim was killed, and tells."""
        if any(self._studio.library.media_folder.recording.glob("*.wav")):
            self._orders.give(partial(self._studio.microphone.restore, self._on_restored, self._orders.refuse))

    def _on_restored(self, restored: Restored) -> None:
        from declaim.ui.connections.remote_orders import Told

        recordings, problems = self._studio.recordings, " ".join(restored.problems)
        takes = [recordings.get(recording_id) for recording_id in restored.take_ids]
        if takes:
            named = ", ".join(f"{take.label} of “{recordings.title(take.id)}”" for take in takes)
            what = f"Declaim ended while you recorded. What was said until then is kept: {named}. {problems}".strip()
            show = partial(self._library.row_chosen.emit, ("recording", takes[-1].id))
            self.told.emit(Told(what, is_problem=bool(problems), action="Show", run=show))
        elif problems:
            self.told.emit(Told(problems, is_problem=True))

    def hear_line(self, script_id: ScriptId, index: int) -> None:
        hear = partial(self._studio.hearing.line, script_id, index, self.clip_ready.emit)
        self._orders.give(partial(hear, failed=self._orders.refuse))

    def render(self, script_id: ScriptId) -> None:
        """Renders a script that is not the one on the screen."""
        self._orders.give(partial(self._studio.rendering.render, ScriptId(script_id), failed=self._orders.refuse))

    def begin(self, how: str) -> None:
        """What the welcome page offers: ``import``, ``new_script`` or ``sample``."""
        if how == "import":
            self.ask_for_files()
        elif how == "sample":
            from declaim.commands.sample import open_sample

            self._orders.give(partial(open_sample, self._studio, self.script_made.emit))
        else:
            self.create_script()

    # In and out

    def import_files(self, paths: tuple[Path, ...], place: Key | None) -> None:
        """These files, or those that the user is asked for."""
        if paths:
            self.open_import(paths, place)
        else:
            self.ask_for_files()

    def ask_for_files(self) -> None:
        """The system's file dialog, then the import sheet."""
        names, _filter = QFileDialog.getOpenFileNames(self._window, "Import", "", _import_filter())
        if names:
            self.open_import(tuple(Path(name) for name in names))

    def open_import(self, paths: tuple[Path, ...], place: Key | None = None) -> None:
        """The sheet that shows what each file will become."""
        from declaim.ui.dialogs.import_dialog import ImportDialog

        place = place or self._library.place()
        dialog = ImportDialog(self._studio, self._orders, paths, self._destinations(), place, self._window)
        dialog.imported.connect(self._on_imported)
        dialog.open()

    def import_clipboard(self) -> None:
        """Text or rich text of the clipboard as a document with its script; copied files as if they were dropped."""
        place = self._library.place() or self._first_project()
        # None where the clipboard is empty, whatever the type says
        data = QGuiApplication.clipboard().mimeData() or QMimeData()
        files = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
        if files:
            self.open_import(files, place)
        elif place is not None:
            from declaim.remote.pages import is_web_address

            if is_web_address(data.text()):
                self.ask_for_page(data.text().strip(), place)
                return
            project_id, folder_id = self._library.project_and_folder(place)
            text = data.html() if data.hasHtml() else data.text()
            paste = partial(self._studio.importing.import_text, text, project_id, folder_id, is_html=data.hasHtml())
            self._orders.give(partial(paste, done=self._on_imported, failed=self._orders.refuse))

    def can_take(self, urls: Sequence[QUrl]) -> bool:
        """Whether files or an address of the web are among what is dragged over the window."""
        return any(url.isLocalFile() or url.scheme() in ("http", "https") for url in urls)

    def take_dropped(self, urls: Sequence[QUrl]) -> None:
        """Files go to the import sheet; of an address it is asked whether to fetch it."""
        paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        if paths:
            self.open_import(paths)
        elif urls:
            self.ask_for_page(urls[0].toString())

    def ask_for_page(self, address: str, place: Key | None = None) -> None:
        """An address was pasted or dropped: the page is fetched only if the user says so."""
        place = place or self._library.place() or self._first_project()
        if place is None:
            return
        project_id, folder_id = self._library.project_and_folder(place)
        fetch = partial(
            self._studio.importing.import_page,
            address,
            project_id,
            folder_id,
            done=self._on_imported,
            failed=self._orders.refuse,
        )
        shown = address if len(address) <= 120 else f"{address[:117]}…"
        box = QMessageBox(QMessageBox.Icon.NoIcon, "Declaim", f"Fetch this page?\n\n{shown}", parent=self._window)
        box.setObjectName("fetchDialog")
        box.setAccessibleName("Fetch this page?")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText("Its text becomes a document with a script. Nothing in it is run, and nothing else is loaded.")
        yes = box.addButton("Fetch", QMessageBox.ButtonRole.AcceptRole)
        yes.setObjectName("fetchButton")
        no = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        no.setObjectName("notFetchButton")
        box.setDefaultButton(yes)
        box.accepted.connect(lambda: self._orders.give(fetch))
        box.open()

    def open_export(self, key: Key | None) -> None:
        """The export dialog for a row of the library."""
        row = self._library.row(key) if key is not None else None
        if key is None or row is None or key[0] == "document":
            self.done.emit("Choose a take, a script, a folder or a project to export.")
            return
        from declaim.ui.dialogs.export_dialog import ExportDialog

        dialog = ExportDialog(self._studio, self._orders, key, row.title, self._newest_take(key), self._window)
        dialog.exported.connect(lambda path: self.done.emit(f"Saved {path}."))
        dialog.open()

    # Services

    @cached_property
    def remote(self) -> RemoteOrders:
        """Built, with all that it needs, when something remote is asked for."""
        from declaim.ui.connections.remote_orders import RemoteOrders

        made = RemoteOrders(self._studio, self._orders, self._window)
        made.told.connect(self.told)
        made.connections_requested.connect(self._open_connections)
        return made

    def do_remote(self, wish: Callable[[RemoteOrders], object]) -> None:
        wish(self.remote)

    def open_connections(self) -> None:
        """Of the project that the library stands in."""
        place = self._library.place()
        self._open_connections(self._library.project_and_folder(place)[0] if place is not None else None)

    def _open_connections(self, project_id: ProjectId | None, connection_id: ConnectionId | None = None) -> None:
        from declaim.ui.connections.connections_view import open_connections

        open_connections(self._studio, self.remote, self._window, project_id, connection_id)

    def sync_all(self) -> None:
        """Every connection, one after the other; without one, the way to the first."""
        known = self._studio.connections.all()
        if known:
            self.remote.start_sync(known)
        else:
            self.open_connections()

    # Sheets

    @cached_property
    def _queue(self) -> QueueSheet:
        from declaim.ui.queue_sheet import QueueSheet

        sheet = QueueSheet(self._studio, self._window)
        sheet.wished.connect(lambda action, opened: self.remote.act(action, opened))
        return sheet

    def open_queue(self, bar: QWidget) -> None:
        """The queue, in a sheet under a bar."""
        self._queue.open_under(bar)

    def open_settings(self, state: WindowState, page: str = "") -> None:
        from declaim.ui.dialogs.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._studio, state, self._window)
        dialog.theme_chosen.connect(partial(wear_theme, state))
        dialog.connections_requested.connect(self.open_connections)
        if page:
            dialog.show_page(page)
        dialog.open()

    def open_catalogue(self, state: WindowState) -> None:
        """Every voice, to be heard, kept and downloaded."""
        from declaim.ui.catalogue.catalogue_dialog import CatalogueDialog

        dialog = CatalogueDialog(self._studio, self._orders, self._window)
        dialog.sound_ready.connect(self.clip_ready)
        dialog.settings_requested.connect(partial(self.open_settings, state, "voices"))
        dialog.open()

    def open_stats(self) -> None:
        from declaim.ui.dialogs.stats_dialog import StatsDialog

        StatsDialog(self._studio, self._window).open()

    def open_shortcuts(self) -> None:
        from declaim.ui.dialogs.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self._window).open()

    def open_about(self) -> None:
        from declaim.ui.dialogs.about_dialog import AboutDialog

        AboutDialog(self._window).open()

    # Undo

    def undo(self) -> None:
        self._step(self._studio.undo, "Undone", "There is nothing to undo.")

    def redo(self) -> None:
        self._step(self._studio.redo, "Done again", "There is nothing to do again.")

    def _step(self, step: Callable[[], str | None], what: str, nothing: str) -> None:
        label = self._orders.give(lambda: step() or "")
        if label:
            self.done.emit(f"{what}: {label[:1].lower()}{label[1:]}.")
        elif label is not None:
            self.done.emit(nothing)

    # Inside

    def _on_imported(self, imported: Imported) -> None:
        count = len(imported.documents) + len(imported.scripts) + len(imported.recordings)
        if imported.scripts:
            self.script_made.emit(imported.scripts[0])
        if imported.problems:
            self._orders.refuse(_problem_of(imported.problems))
        elif count:
            self.done_undoably.emit("Imported.")

    def _first_project(self) -> Key | None:
        project_id = self._orders.give(partial(self._studio.projects.find_or_create, "My project"))
        return ("project", project_id) if project_id is not None else None

    def _destinations(self) -> tuple[tuple[Key, str], ...]:
        known = tuple(self._library.destinations())
        if known or self._first_project() is None:
            return known
        return tuple(self._library.destinations())

    def _newest_take(self, key: Key) -> RecordingId | None:
        """The take that "as audio" means: the recording itself, or a script's newest with sound."""
        if key[0] == "recording":
            return RecordingId(key[1])
        if key[0] != "script":
            return None
        takes = self._studio.recordings.of_script(ScriptId(key[1]))
        return next((take.id for take in takes if take.path), None)


def _problem_of(problems: tuple[str, ...]) -> Exception:
    from declaim.errors import InputError

    more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
    return InputError(f"{problems[0]}{more}")


def _import_filter() -> str:
    texts = "*.md *.markdown *.txt *.rst *.html *.htm *.docx *.pdf *.epub *.json"
    sounds = "*.wav *.mp3 *.flac *.ogg *.opus *.m4a *.m4b *.aac *.aiff *.aif"
    everything = f"Everything that can be imported ({texts} {sounds} *.zip)"
    return ";;".join((everything, f"Text ({texts})", f"Audio ({sounds})", "Bundles (*.zip)", "All files (*)"))
