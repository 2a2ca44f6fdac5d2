"""How it is said: the words of the user and the project, how each is spoken, one field to add another."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.ui.inspector.notes_field import NotesField
from declaim.ui.theme import SPACE_4, SPACE_8, current_theme
from declaim.ui.widgets import IconButton, words
from declaim.ui.widgets.item_view import TOP, Index

_ROW_HEIGHT = 26
_MOST_ROWS = 8
_FILE_WISHES = (
    ("Import words for this project…", ("import", LexiconScope.PROJECT)),
    ("Import words for everything…", ("import", LexiconScope.USER)),
    ("Export this project's words…", ("export", LexiconScope.PROJECT)),
    ("Export the words for everything…", ("export", LexiconScope.USER)),
)


class LexiconModel(QAbstractTableModel):
    """Two columns: written, said. ``said_changed(object)`` carries the entry that the user reworded."""

    said_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[LexiconEntry, ...] = ()

    def show_entries(self, entries: Sequence[LexiconEntry]) -> None:
        """Later ones win, as they do when a line is spoken."""
        winners = {entry.written: entry for entry in entries}
        shown = tuple(sorted(winners.values(), key=lambda entry: entry.written.casefold()))
        if shown != self._entries:
            self.beginResetModel()
            self._entries = shown
            self.endResetModel()

    def entry(self, row: int) -> LexiconEntry | None:
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return ("Written", "Said")[section] if section in (0, 1) else None
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return entry.spoken if index.column() else _written(entry)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return current_theme().secondary if index.column() else current_theme().text
        if role == Qt.ItemDataRole.ToolTipRole:
            return _about(entry)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.written}, said {entry.spoken}. {_about(entry)}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        entry = self.entry(index.row())
        spoken = " ".join(str(value).split())
        if entry is None or role != Qt.ItemDataRole.EditRole or index.column() != 1 or not spoken or spoken == entry.spoken:
            return False
        self.said_changed.emit(dataclasses.replace(entry, spoken=spoken))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags


def _written(entry: LexiconEntry) -> str:
    marks = ["pattern"] * entry.is_regex + ["case"] * entry.case_sensitive
    return " · ".join([entry.written, *marks, *([] if entry.scope is LexiconScope.PROJECT else ["everywhere"])])


def _about(entry: LexiconEntry) -> str:
    parts = ["For this project" if entry.scope is LexiconScope.PROJECT else "For everything you make"]
    parts += ["a regular expression"] * entry.is_regex + ["capitals and small letters just so"] * entry.case_sensitive
    return ", ".join(parts)


class LexiconTable(QTableView):
    """``remove_requested(object)`` carries the entry that Delete was pressed on, ``open_requested(object)`` Return."""

    remove_requested = Signal(object)
    open_requested = Signal(object)

    def __init__(self, model: LexiconModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = model
        self.setObjectName("lexiconTable")
        self.setAccessibleName("How it is said")
        self.setModel(model)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """As high as its words, up to a limit."""
        self.setFixedHeight(min(self._words.rowCount(), _MOST_ROWS) * _ROW_HEIGHT)
        self.setVisible(self._words.rowCount() > 0)

    @property
    def current_entry(self) -> LexiconEntry | None:
        return self._words.entry(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.current_entry
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and entry is not None:
            self.remove_requested.emit(entry)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and entry is not None:
            self.open_requested.emit(entry)
        else:
            super().keyPressEvent(event)


class LexiconSection(QWidget):
    """``put_requested(object)`` and ``remove_requested(object)`` carry a ``LexiconEntry``."""

    put_requested = Signal(object)
    remove_requested = Signal(object)
    change_requested = Signal(object)
    """(the entry before or None, the entry now)."""
    file_requested = Signal(object)
    """(``import`` or ``export``, ``LexiconScope``)."""
    notes_changed = Signal(object)
    """The script's pronunciation notes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = LexiconModel(self)
        self.table = LexiconTable(self._model)
        self._written = _field("Word", "lexiconWritten")
        self._said = _field("Said as", "lexiconSaid")
        self._row = QWidget()
        self._add = QPushButton("Add a word")
        self._add.setObjectName("addWordButton")
        self._add.setAccessibleName("Add a word")
        self._add.setProperty("kind", "link")
        self._remove = IconButton("trash", "Remove the chosen word", size=14)
        self._remove.setObjectName("removeWordButton")
        self._more = IconButton("more", "More for words", size=14)
        self._more.setObjectName("moreWordsButton")
        self.notes = NotesField()
        self._lay_out()
        self._model.said_changed.connect(self.put_requested)
        self.table.remove_requested.connect(self.remove_requested)
        self.table.open_requested.connect(self.open_word)
        self._more.clicked.connect(self._open_menu)
        self.notes.changed.connect(self.notes_changed)
        self.table.selectionModel().currentChanged.connect(self._see_remove)
        self._model.modelReset.connect(self._see_remove)
        self._remove.clicked.connect(self._on_remove)
        self._add.clicked.connect(self.open_field)
        self._written.returnPressed.connect(self._said.setFocus)
        self._said.returnPressed.connect(self._on_add)

    def show_entries(self, entries: Sequence[LexiconEntry]) -> None:
        self._model.show_entries(entries)

    def open_field(self) -> None:
        """Shows the two fields for another word."""
        self._row.show()
        self._written.setFocus()

    def open_word(self, entry: LexiconEntry | None = None) -> None:
        """A word with all its choices, in a sheet."""
        from declaim.ui.inspector.word_sheet import WordSheet

        sheet = WordSheet(entry, self.window())
        sheet.saved.connect(self.change_requested)
        sheet.open()

    def menu(self) -> QMenu:
        """What the button at the right of the words opens."""
        menu = QMenu(self)
        menu.setAccessibleName("More for words")
        entry = self.table.current_entry
        menu.addAction("Add with choices…").triggered.connect(lambda: self.open_word())
        change = menu.addAction("Change the chosen word…")
        change.setEnabled(entry is not None)
        change.triggered.connect(lambda: self.open_word(entry))
        menu.addSeparator()
        for label, wish in _FILE_WISHES:
            menu.addAction(label).triggered.connect(partial(self.file_requested.emit, wish))
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _on_add(self) -> None:
        written, said = self._written.text().strip(), self._said.text().strip()
        if not written or not said:
            (self._said if written else self._written).setFocus()
            return
        self._written.clear()
        self._said.clear()
        self._written.setFocus()
        self.put_requested.emit(LexiconEntry(written, said, scope=LexiconScope.PROJECT))

    def _on_remove(self) -> None:
        entry = self.table.current_entry
        if entry is not None:
            self.remove_requested.emit(entry)

    def _see_remove(self) -> None:
        self._remove.setVisible(self.table.current_entry is not None)

    def _lay_out(self) -> None:
        fields = QHBoxLayout(self._row)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(SPACE_8)
        fields.addWidget(self._written)
        fields.addWidget(self._said)
        self._row.hide()
        below = QHBoxLayout()
        below.addWidget(self._add)
        below.addStretch()
        below.addWidget(self._remove)
        below.addWidget(self._more)
        self._remove.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addWidget(self.table)
        column.addWidget(self._row)
        column.addLayout(below)
        column.addSpacing(SPACE_4)
        column.addWidget(words("Notes for this script", "caption"))
        column.addWidget(self.notes)


def _field(hint: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleName(hint)
    field.setObjectName(name)
    return field
