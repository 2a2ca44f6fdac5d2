"""The window: three columns, a bar at the top and one at the bottom. It places the parts and connects them; it decides nothing.

``_connect`` is the list of who hears whom. No view calls another view; what one wishes goes through here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QMainWindow, QMenu

from declaim.model.change import Changes
from declaim.model.ids import DocumentId, RecordingId, ScriptId
from declaim.ui.actions import fill_menus, make_actions, show_services
from declaim.ui.header_bar import HeaderBar
from declaim.ui.inspector.inspector_panel import InspectorPanel
from declaim.ui.library.library_panel import PLACES, LibraryPanel
from declaim.ui.library.library_rows import Key
from declaim.ui.notices import Notices
from declaim.ui.orders import Orders
from declaim.ui.player.player_bar import PlayerBar
from declaim.ui.script.script_page import ScriptPage
from declaim.ui.takes.takes_table import TakesPanel
from declaim.ui.window_frame import WindowFrame, first_size
from declaim.ui.window_orders import WindowOrders
from declaim.ui.window_state import WindowState, wear_theme

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.jobs import JobStatus
    from declaim.ui.welcome import DocumentPage, WelcomePage

_APP = "Declaim"


class MainWindow(QMainWindow):
    """The studio's window."""

    def __init__(self, studio: Studio, state: WindowState | None = None) -> None:
        super().__init__()
        self._studio = studio
        self._state = state or WindowState()
        self._open_key: Key | None = None
        self.orders = Orders(self)
        self.header = HeaderBar()
        self.library = LibraryPanel(studio, self.orders)
        self.script = ScriptPage(studio)
        self.inspector = InspectorPanel(studio, self.orders)
        self.player = PlayerBar(studio)
        self.takes = TakesPanel(studio)
        self.commands = WindowOrders(studio, self.orders, self.library, self)
        self.frame = WindowFrame()
        self.notice = self.frame.notice
        self.notices = Notices(self.notice, self.commands.undo, self)
        self._lay_out()
        self._make_menus()
        self._connect()
        self._restore()
        self.library.refresh()
        self._on_undo_changed()

    # Who hears whom

    def _connect(self) -> None:
        studio, library, inspector = self._studio, self.library, self.inspector
        commands, notices = self.commands, self.notices
        self._unsubscribe = [studio.subscribe(self._on_changes), studio.jobs.subscribe(self._on_job)]
        self.orders.refused.connect(notices.refuse)
        self.header.import_requested.connect(commands.ask_for_files)
        self.header.export_requested.connect(self._export)
        self.header.queue_requested.connect(self.show_queue)
        library.rows_read.connect(self._on_rows_read)
        library.row_chosen.connect(self.open_row)
        library.play_requested.connect(self._play_take)
        library.trashed.connect(notices.say_undoable)
        library.import_requested.connect(commands.import_files)
        library.export_requested.connect(commands.open_export)
        library.new_script_requested.connect(commands.create_script)
        library.render_requested.connect(commands.render)
        library.write_requested.connect(commands.write_script)
        library.remote_requested.connect(commands.do_remote)
        commands.told.connect(notices.tell)
        commands.script_made.connect(self.open_script)
        commands.clip_ready.connect(self.player.play_clip)
        commands.done.connect(notices.say)
        commands.done_undoably.connect(notices.say_undoable)
        self.script.hear_requested.connect(self._hear_line)
        self.script.line_selected.connect(self.player.go_to_line)
        self.script.line_selected.connect(inspector.sent.show_line)
        self.player.compared.connect(self.takes.choose)
        self.player.line_played.connect(self.script.show_playing)
        self.takes.take_selected.connect(self.player.load_take)
        self.takes.play_requested.connect(self._play_take)
        self.takes.refused.connect(notices.refuse)
        self.takes.trashed.connect(notices.say_undoable)
        self.takes.saved.connect(notices.say_saved)
        self.takes.about_to_record.connect(self.player.pause)
        self.takes.recorded.connect(self._offer_take)
        inspector.clip_ready.connect(self.player.play_clip)
        inspector.sound_ready.connect(self.player.play_source)
        inspector.take_made.connect(lambda made: self._soon(partial(self._offer_take, made)))
        inspector.done_undoably.connect(notices.say_undoable)
        inspector.write_again_requested.connect(self._write_again)
        inspector.settings_requested.connect(lambda: self.commands.open_settings(self._state, "voices"))
        self.script.refused.connect(notices.refuse)
        self.player.refused.connect(notices.refuse)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_theme)

    # Pages that a start with a script does not show: built when they are asked for

    @cached_property
    def welcome(self) -> WelcomePage:
        from declaim.ui.welcome import WelcomePage

        page = WelcomePage()
        page.chosen.connect(self.commands.begin)
        return page

    @cached_property
    def document(self) -> DocumentPage:
        from declaim.ui.welcome import DocumentPage

        page = DocumentPage()
        page.write_requested.connect(self.commands.write_script)
        page.kind_requested.connect(self.commands.set_kind)
        page.read_requested.connect(self.commands.read_again)
        return page

    def _what_actions_do(self) -> dict[str, Callable[[], object]]:
        return {
            "new_script": self.commands.create_script,
            "new_project": self.library.create_project,
            "import": self.commands.ask_for_files,
            "paste_new": self.commands.import_clipboard,
            "export": self._export,
            "save": self._save,
            "stats": self.commands.open_stats,
            "connections": self.commands.open_connections,
            "sync": self.commands.sync_all,
            "settings": lambda: self.commands.open_settings(self._state),
            "quit": self.close,
            "undo": self.commands.undo,
            "redo": self.commands.redo,
            "find": self.script.open_find,
            "search": self.library.focus_search,
            "hear_line": self.script.hear_current,
            "render": self.inspector.start_render,
            "versions": self.script.open_versions,
            "write_again": self._write_again,
            "voices": lambda: self.commands.open_catalogue(self._state),
            "record": self.takes.record,
            "play": self.player.toggle,
            "library": self.library.tree.setFocus,
            "script": self.script.editor.setFocus,
            "inspector": self.inspector.delivery.picker.setFocus,
            "takes": self.takes.setFocus,
            "queue": self.show_queue,
            "shortcuts": self.commands.open_shortcuts,
            "about": self.commands.open_about,
        }

    # What is open

    def open_row(self, key: Key) -> None:
        """Shows what a row of the library stands for; projects and folders are only places."""
        kind, number = key
        if kind == "script":
            self._show_script(ScriptId(number))
        elif kind == "recording":
            self._show_recording(RecordingId(number))
        elif kind == "document":
            self._show_document(key)
        else:
            return
        self._open_key = key
        self._show_place()

    def open_script(self, script_id: ScriptId) -> None:
        """Goes to a script in the library and opens it."""
        self.library.choose(("script", script_id))
        if self._open_key != ("script", script_id):
            self.open_row(("script", script_id))

    def _save(self) -> None:
        self.script.save()
        self.notices.say("Saved, as everything is while you type.")

    def _show_script(self, script_id: ScriptId) -> None:
        self.frame.show_page(self.script, self.script.editor)
        self.script.open_script(script_id)
        self.inspector.show_script(script_id)
        self.takes.show_script(script_id)
        self._load_newest_take(script_id)
        self._state.keep_last_script(str(self._studio.library.folder), script_id)

    def _offer_newest_take(self, script_id: ScriptId) -> None:
        if self.player.take_id is None and not self.player.is_streaming and self._open_script_id() == script_id:
            self._load_newest_take(script_id)

    def _load_newest_take(self, script_id: ScriptId) -> None:
        takes = self._studio.recordings.of_script(script_id)
        self.player.load_take(next((take.id for take in takes if take.path), None))

    def _show_recording(self, recording_id: RecordingId) -> None:
        recording = self._studio.recordings.get(recording_id)
        if recording.script_id is not None:
            self._show_script(recording.script_id)
            self.takes.choose(recording_id)
        self.player.load_take(recording_id)

    def _show_document(self, key: Key) -> None:
        document_id = DocumentId(key[1])
        document = self.orders.give(partial(self._studio.documents.row, document_id))
        if document is None:
            return
        self.document.show_document(document, has_file=self._studio.documents.has_file(document_id))
        self._leave_script()
        self.frame.show_page(self.document)

    def _leave_script(self) -> None:
        """No part shows a script any more; what was typed in it is saved."""
        self.script.close_script()
        self.inspector.show_script(None)
        self.takes.show_script(None)
        self.player.load_take(None)

    def _show_place(self) -> None:
        row = self.library.row(self._open_key) if self._open_key is not None else None
        if row is None:
            self.header.show_place("")
            self.setWindowTitle(_APP)
        else:
            self.header.show_place(row.title, self.library.path_of((row.kind, row.id)))
            self.setWindowTitle(f"{row.title} – {_APP}")

    def _open_last(self) -> None:
        """What was open when the window closed, before anything is painted."""
        last = self._state.last_script(str(self._studio.library.folder))
        if last is not None and self.library.row(("script", last)) is not None:
            self.open_script(ScriptId(last))
        else:
            self.frame.show_page(self.welcome)
        (self.welcome if self.library.tree.isHidden() else self.library.tree).setFocus()

    # Facts and wishes

    def _on_changes(self, changes: Changes) -> None:
        self.library.on_changes(changes)
        self.inspector.on_changes(changes)
        self._on_undo_changed()
        if not changes.touches(*PLACES):
            return
        script_id = self._open_script_id()
        if script_id is not None and changes.touches("recordings"):
            self._soon(partial(self._offer_newest_take, script_id))
        if self._open_key is not None and self._open_key[0] == "document" and self._open_key[1] in changes.ids("documents"):
            self._show_document(self._open_key)

    def _on_rows_read(self) -> None:
        if self._open_key is not None and self.library.row(self._open_key) is None:
            self._open_key = None
            self._leave_script()
            self.frame.show_page(self.welcome)
        self._show_place()

    def _on_job(self, job: JobStatus) -> None:
        self.header.show_jobs(self._studio.jobs.all())
        self.inspector.on_job(job)

    def _on_undo_changed(self) -> None:
        for name, verb, label in (("undo", "Undo", self._studio.undo_label), ("redo", "Redo", self._studio.redo_label)):
            self._actions[name].setText(f"{verb} {label[:1].lower()}{label[1:]}" if label else verb)
        show_services(self._actions, has_any=bool(self._studio.library.connections.all()))

    def _offer_take(self, recording_id: RecordingId) -> None:
        recording = self._studio.recordings.get(recording_id)
        if self._open_script_id() == recording.script_id:
            self.takes.choose(recording_id)
            self.player.offer_take(recording_id)

    def _hear_line(self, index: int) -> None:
        script_id = self._open_script_id()
        if script_id is not None:
            self.commands.hear_line(script_id, index)

    def _write_again(self) -> None:
        script_id = self._open_script_id()
        if script_id is not None:
            self.script.save()
            self.commands.write_again(script_id)

    def _play_take(self, recording_id: int) -> None:
        self.player.load_take(RecordingId(recording_id))
        self.player.play()

    def _on_theme(self) -> None:
        wear_theme(self._state)

    def _soon(self, work: Callable[[], object]) -> None:
        """In a turn of its own, unless the window is closed by then, and the library with it."""
        QTimer.singleShot(0, self, lambda: work() if self._unsubscribe else None)

    def _export(self) -> None:
        self.commands.open_export(self.library.tree.current_key or self._open_key)

    def _open_script_id(self) -> ScriptId | None:
        if self._open_key is None or self._open_key[0] == "document":
            return None
        if self._open_key[0] == "recording":
            return self._studio.recordings.get(RecordingId(self._open_key[1])).script_id
        return ScriptId(self._open_key[1])

    # Sheets

    def show_queue(self) -> None:
        """The queue, in a sheet under the job line."""
        self.commands.open_queue(self.header)

    # Layout

    def _lay_out(self) -> None:
        self.setObjectName("mainWindow")
        self.setWindowTitle(_APP)
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 560)
        self.setCentralWidget(self.frame)
        self.frame.fill(self.header, self.library, self.script, self.inspector, self.player, self.takes)

    def _make_menus(self) -> None:
        self._actions = make_actions(self, self._what_actions_do())
        self._menu = QMenu(self)
        fill_menus(self._actions, self._menu.addMenu)
        self.header.set_menu(self._menu)

    def _restore(self) -> None:
        if not self._state.restore_window(self):
            self.resize(first_size(self.screen().availableSize()))
        self.frame.restore(self._state, self.size())

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        if self._open_key is None and not event.spontaneous():
            self._open_last()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        # Space plays, except where it presses a button or opens a list.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.setAccepted(isinstance(QApplication.focusWidget(), QAbstractButton | QComboBox))
            return event.isAccepted()
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(1280, 800)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.commands.can_take(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        if self.commands.can_take(urls):
            event.acceptProposedAction()
            # After the drop has ended: the file manager that started it waits until then.
            self._soon(lambda: self.commands.take_dropped(urls))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave_script()
        self.player.close_player()
        self.library.close_panel()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        self._state.keep_window(self)
        self.frame.keep(self._state)
        self._state.flush()
        super().closeEvent(event)
