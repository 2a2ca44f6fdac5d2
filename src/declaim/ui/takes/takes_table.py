"""The takes of the open script: hear, compare, star, rename, note, save, drag out, delete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from declaim.errors import AudioError, VoiceError
from declaim.model.change import Changes
from declaim.model.ids import RecordingId, ScriptId
from declaim.model.library import Recording
from declaim.ui.orders import Orders
from declaim.ui.takes.take_files import TakeFiles, file_name
from declaim.ui.takes.takes_delegate import ROW_HEIGHT, TakesDelegate
from declaim.ui.takes.takes_model import DATE, DETAILS, LENGTH, STAR, TAKE, TakesModel
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12, motion_ms
from declaim.ui.widgets import IconButton, words
from declaim.ui.widgets.item_view import RowTable

if TYPE_CHECKING:
    from declaim.audio import DeliverySheet
    from declaim.commands.studio import Studio

_TURN_MS, _TURN_STEP = 60, 0.06
_NOTE_MS = 400
_DATE_FROM, _DETAILS_FROM = 400, 220
"""Widths of the panel from which these columns have room."""
_FORMATS = "MP3 (*.mp3);;WAV (*.wav);;FLAC (*.flac);;Opus (*.opus);;Audiobook (*.m4b)"


class TakesTable(RowTable):
    """One row for each take. Return plays, F2 renames, S stars, Delete deletes; rows can be dragged out as files."""

    play_wished = Signal()
    delete_wished = Signal()
    star_wished = Signal(object)
    """A model index."""
    menu_wished = Signal(object)
    """Where, in global coordinates."""

    def __init__(self, model: TakesModel, parent: QWidget | None = None) -> None:
        super().__init__(model, ROW_HEIGHT, parent)
        self.setObjectName("takesTable")
        self.setAccessibleName("Takes")
        self._delegate = TakesDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDragEnabled(True)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(DETAILS, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(STAR, QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(LENGTH, QHeaderView.ResizeMode.Fixed)
        head.resizeSection(STAR, 22)
        head.resizeSection(LENGTH, 42)
        head.moveSection(head.visualIndex(STAR), 1)
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self.doubleClicked.connect(lambda _index: self.play_wished.emit())

    def turn_while(self, is_rendering: bool) -> None:
        if is_rendering and motion_ms() > 0:
            self._turning.start()
        else:
            self._turning.stop()

    def _turn(self) -> None:
        self._delegate.phase = (self._delegate.phase + _TURN_STEP) % 1.0
        self.viewport().update(0, 0, self.columnWidth(TAKE), self.viewport().height())

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered_row:
            self._delegate.hovered_row = row
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.play_wished.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wished.emit()
        elif event.key() == Qt.Key.Key_S and not event.modifiers() and self.currentIndex().isValid():
            self.star_wished.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_F2 and self.currentIndex().isValid():
            self.edit(self.currentIndex().siblingAtColumn(TAKE))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index.column() == STAR:
            self.star_wished.emit(index)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wished.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setColumnHidden(DATE, self.width() < _DATE_FROM)
        self.setColumnHidden(DETAILS, self.width() < _DETAILS_FROM)
        super().resizeEvent(event)


class TakesPanel(QWidget):
    """``take_selected(object)`` is what the user went to; ``play_requested(object)`` what is to be heard at once."""

    take_selected = Signal(object)
    play_requested = Signal(object)
    refused = Signal(object)
    trashed = Signal(object)
    """What was deleted, in words; it can be undone."""
    saved = Signal(object)
    """The path of a take that was saved outside."""
    about_to_record = Signal()
    """The microphone is about to listen: nothing else should be heard."""
    recorded = Signal(object)
    """Id of a take that was spoken into the microphone."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._script_id: ScriptId | None = None
        self._names: dict[str, str] = {}
        self._files = TakeFiles()
        self._is_refreshing = False
        self.setObjectName("takesPanel")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.orders = Orders(self)
        self.orders.refused.connect(self.refused)
        self.model = TakesModel(self._voice_name, self._file_of, self)
        self.table = TakesTable(self.model)
        self.note = QLineEdit(placeholderText="Note on this take")
        self._record = IconButton("microphone", "Record a take with the microphone", shortcut="Ctrl+Shift+M")
        self._empty = words("Takes of the script appear here when it is rendered.", "caption", wrap=True)
        self._places = QStackedWidget()
        self._note_timer = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._note_of: RecordingId | None = None
        self._lay_out()
        self._connect()

    @property
    def current_take(self) -> Recording | None:
        return self.model.take(self.table.currentIndex())

    def show_script(self, script_id: ScriptId | None) -> None:
        """Lists the takes of a script; the newest is chosen, and nothing is announced."""
        self._keep_note()
        self._script_id = script_id
        self._refresh()
        self._choose(0)

    def choose(self, recording_id: RecordingId) -> None:
        """Shows which take is loaded; nothing is announced."""
        self._choose(self.model.row_of(recording_id))

    def play_current(self) -> None:
        take = self.current_take
        if take is not None and take.path:
            self.play_requested.emit(take.id)

    def star_current(self) -> None:
        self._toggle_star(self.table.currentIndex())

    def rename_current(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self.table.edit(index.siblingAtColumn(TAKE))

    def delete_current(self) -> None:
        take = self.current_take
        if take is not None:
            self.orders.give(lambda: self._trash(take))

    def save_current(self, path: Path | None = None) -> None:
        """Saves the take as a file; the name's ending says the format. Asks where, unless told."""
        take = self.current_take
        if take is None:
            return
        if path is None:
            suggested = f"{file_name(self._title(take))}.mp3"
            chosen, _kind = QFileDialog.getSaveFileName(self, "Save take", suggested, _FORMATS)
            if not chosen:
                return
            path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".mp3")
        target = path
        save = self._studio.exporting.save_take
        self.orders.give(lambda: save(take.id, target, done=self.saved.emit, failed=self.orders.refuse))

    def measure_current(self) -> None:
        """Measures the take's file in a job, then shows its delivery sheet."""
        take = self.current_take
        if take is not None:
            measure = self._studio.exporting.measure_take
            self.orders.give(lambda: measure(take.id, self._show_sheet, failed=self.orders.refuse))

    def record(self) -> None:
        """Opens the sheet that records a take of the script with a microphone."""
        if self._script_id is not None:
            from declaim.ui.takes.record_sheet import RecordSheet

            self.about_to_record.emit()
            sheet = RecordSheet(self._studio, self._script_id, self.window())
            sheet.kept.connect(self.recorded)
            sheet.open()

    def _show_sheet(self, sheet: DeliverySheet) -> None:
        from declaim.ui.takes.delivery_sheet import DeliverySheetDialog

        DeliverySheetDialog(sheet, self.window()).open()

    def _lay_out(self) -> None:
        self.note.setObjectName("takeNote")
        self.note.setAccessibleName("Note on the take")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addWidget(self.table, 1)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._places.addWidget(self._empty)
        self._places.addWidget(holder)
        self._record.setObjectName("recordTakeButton")
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_4)
        foot.addWidget(self.note, 1)
        foot.addWidget(self._record)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_8)
        whole.setSpacing(SPACE_4)
        whole.addWidget(self._places, 1)
        whole.addLayout(foot)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.play_wished.connect(self.play_current)
        self.table.delete_wished.connect(self.delete_current)
        self.table.star_wished.connect(self._toggle_star)
        self.table.menu_wished.connect(lambda at: self._menu().popup(at))
        self.model.renamed.connect(self._rename)
        self._record.clicked.connect(self.record)
        self.note.textEdited.connect(lambda _text: self._note_timer.start())
        self.note.editingFinished.connect(self._keep_note)
        self._note_timer.timeout.connect(self._keep_note)
        stop = self._studio.subscribe(self._on_changes)
        self.destroyed.connect(lambda: stop())
        self.destroyed.connect(self._files.clean_up)

    def _refresh(self) -> None:
        chosen = self.current_take
        takes = self.orders.give(self._takes) or ()
        self._is_refreshing = True
        self.model.show_takes(takes)
        self._choose(self.model.row_of(chosen.id) if chosen is not None else 0)
        self._is_refreshing = False
        self.table.turn_while(self.model.is_rendering)
        self._places.setCurrentIndex(1 if takes else 0)
        self._show_note()

    def _takes(self) -> tuple[Recording, ...]:
        return self._studio.recordings.of_script(self._script_id) if self._script_id is not None else ()

    def _choose(self, row: int | None) -> None:
        was, self._is_refreshing = self._is_refreshing, True
        index = self.model.index(row if row is not None and row < self.model.rowCount() else 0, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, flags)
        self._is_refreshing = was
        self._show_note()

    def _show_note(self) -> None:
        take = self.current_take
        self.note.setEnabled(take is not None)
        if take is None or self._note_timer.isActive():
            return
        self._note_of = take.id
        if self.note.text() != take.note:
            self.note.setText(take.note)

    def _keep_note(self) -> None:
        self._note_timer.stop()
        take_id, text = self._note_of, self.note.text()
        row = self.model.row_of(take_id)
        take = self.model.take(self.model.index(row, 0)) if row is not None else None
        if take is not None and take.note != text:
            self.orders.give(lambda: self._studio.recordings.note(take.id, text))

    def _trash(self, take: Recording) -> None:
        self._studio.recordings.trash(take.id)
        self.trashed.emit(f"Deleted {take.label}.")

    def _toggle_star(self, index: QModelIndex) -> None:
        take = self.model.take(index)
        if take is not None:
            self.orders.give(lambda: self._studio.recordings.star(take.id, not take.starred))

    def _rename(self, recording_id: RecordingId, label: str) -> None:
        self.orders.give(lambda: self._studio.recordings.rename(recording_id, label))

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if self._is_refreshing:
            return
        self._keep_note()
        self._show_note()
        take = self.model.take(current)
        if take is not None:
            self.take_selected.emit(take.id)

    def _on_changes(self, changes: Changes) -> None:
        if self._script_id is not None and changes.touches("recordings", "scripts"):
            self._refresh()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName("Take")
        menu.aboutToHide.connect(menu.deleteLater)
        take = self.current_take
        has_audio = take is not None and bool(take.path)
        self._add(menu, "Play", "Return", self.play_current, has_audio)
        self._add(menu, "Unstar" if take is not None and take.starred else "Star", "S", self.star_current, take is not None)
        self._add(menu, "Rename", "F2", self.rename_current, take is not None)
        self._add(menu, "Write a note", "", self.note.setFocus, take is not None)
        self._add(menu, "Save as…", "", self.save_current, has_audio)
        self._add(menu, "Delivery sheet", "", self.measure_current, has_audio)
        menu.addSeparator()
        self._add(menu, "Delete", "Del", self.delete_current, take is not None)
        return menu

    def _add(self, menu: QMenu, label: str, keys: str, run: object, is_enabled: bool) -> None:
        action: QAction = menu.addAction(label)
        action.setShortcut(keys)
        action.setEnabled(is_enabled)
        action.triggered.connect(lambda: run())  # type: ignore[operator]

    def _voice_name(self, voice_id: str) -> str:
        if voice_id not in self._names:
            try:
                self._names[voice_id] = self._studio.voices.find(voice_id).name
            except VoiceError:
                self._names[voice_id] = voice_id.partition(":")[2] or voice_id
        return self._names[voice_id]

    def _title(self, take: Recording) -> str:
        script_id = self._script_id
        script = self.orders.give(lambda: self._studio.scripts.row(script_id)) if script_id is not None else None
        return f"{script.title} - {take.label}" if script is not None else take.label

    def _file_of(self, take: Recording) -> Path | None:
        """The take under its own name, for whatever it is dropped on."""
        try:
            return self._files.named(self._studio.recordings.audio_path(take.id), self._title(take))
        except (AudioError, OSError) as error:
            shown = error if isinstance(error, AudioError) else AudioError(f"The take cannot be dragged out ({error.strerror}).")
            self.refused.emit(shown)
            return None
