"""The voices of the catalogue as rows, narrowed by a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from declaim.commands.catalogue import CatalogueEntry, CatalogueFilter
from declaim.model.ids import VoiceId
from declaim.model.work import ProgressReport
from declaim.ui.widgets.item_view import TOP, Index

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
PROGRESS_ROLE = ENTRY_ROLE + 1


class CatalogueModel(QAbstractListModel):
    """``PROGRESS_ROLE``: how far the download of a row is, None where none runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[CatalogueEntry, ...] = ()
        self._shown: tuple[CatalogueEntry, ...] = ()
        self._progress: dict[VoiceId, ProgressReport] = {}
        self._filter = CatalogueFilter()

    def set_entries(self, entries: Sequence[CatalogueEntry]) -> None:
        self._all = tuple(entries)
        self.narrow(self._filter)

    def narrow(self, narrowed: CatalogueFilter) -> None:
        self._filter = narrowed
        shown = narrowed.narrow(self._all)
        if [entry.voice.id for entry in shown] == [entry.voice.id for entry in self._shown]:
            self._shown = shown
            if shown:
                self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def show_progress(self, voice_id: VoiceId, report: ProgressReport | None) -> None:
        if report is None:
            self._progress.pop(voice_id, None)
        else:
            self._progress[voice_id] = report
        row = self.row_of(voice_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row), [PROGRESS_ROLE])

    def entry(self, row: int) -> CatalogueEntry | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, voice_id: VoiceId | None) -> int:
        return next((at for at, entry in enumerate(self._shown) if entry.voice.id == voice_id), -1)

    @property
    def total(self) -> int:
        return len(self._all)

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row()) if index.isValid() else None
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.voice.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            favourite = "favourite" if entry.is_favourite else ""
            told = (entry.voice.name, entry.engine_label, entry.voice.language, entry.price, entry.state, favourite)
            return ", ".join(part for part in told if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.voice.description or str(entry.voice.id)
        if role == PROGRESS_ROLE:
            return self._progress.get(entry.voice.id)
        return entry if role == ENTRY_ROLE else None
