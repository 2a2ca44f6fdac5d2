"""The takes of one script as a table: take, who speaks and how, length, date, star."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, Qt, QUrl, Signal

from declaim.model.ids import RecordingId
from declaim.model.library import Recording, RecordingState
from declaim.ui.script.page_meta import moment_in_words
from declaim.ui.state_shape import describe_state
from declaim.ui.widgets import human_duration
from declaim.ui.widgets.item_view import TOP, Index

TAKE, DETAILS, LENGTH, DATE, STAR = range(5)
HEADINGS = ("Take", "Voices and delivery", "Length", "Date", "Star")
RECORDING_ROLE = Qt.ItemDataRole.UserRole
_Role = Qt.ItemDataRole


class TakesModel(QAbstractTableModel):
    """``renamed(object, object)`` and ``starred(object, object)`` are wishes: id and what it should be.

    ``voice_name`` says a voice in words, ``file_of`` gives the file that is dragged out.
    """

    renamed = Signal(object, object)
    star_wished = Signal(object, object)

    def __init__(
        self, voice_name: Callable[[str], str], file_of: Callable[[Recording], Path | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._takes: tuple[Recording, ...] = ()
        self._voice_name = voice_name
        self._file_of = file_of

    def show_takes(self, takes: Sequence[Recording]) -> None:
        """Keeps the selection where the same takes stay."""
        takes = tuple(takes)
        if [take.id for take in takes] == [take.id for take in self._takes]:
            self._takes = takes
            if takes:
                self.dataChanged.emit(self.index(0, 0), self.index(len(takes) - 1, STAR))
            return
        self.beginResetModel()
        self._takes = takes
        self.endResetModel()

    def take(self, index: Index) -> Recording | None:
        return self._takes[index.row()] if index.isValid() and index.row() < len(self._takes) else None

    def row_of(self, recording_id: RecordingId | None) -> int | None:
        return next((row for row, take in enumerate(self._takes) if take.id == recording_id), None)

    @property
    def is_rendering(self) -> bool:
        return any(take.state is RecordingState.RENDERING for take in self._takes)

    # Qt's side

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._takes)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole and 0 <= section < len(HEADINGS):
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        take = self.take(index)
        if take is None:
            return None
        if role == RECORDING_ROLE:
            return take
        if role == _Role.DisplayRole:
            return self._words(take, index.column())
        if role == _Role.EditRole and index.column() == TAKE:
            return take.label
        if role == _Role.ToolTipRole:
            return self._tool_tip(take)
        if role == _Role.AccessibleTextRole:
            return f"{HEADINGS[index.column()]}: {self._words(take, index.column()) or 'none'}"
        return None

    def setData(self, index: Index, value: Any, role: int = _Role.EditRole) -> bool:
        take, label = self.take(index), " ".join(str(value).split())
        if take is None or role != _Role.EditRole or index.column() != TAKE or not label:
            return False
        if label != take.label:
            self.renamed.emit(take.id, label)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        take = self.take(index)
        if take is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == TAKE:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if take.path else flags

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        takes = [self._takes[row] for row in sorted({index.row() for index in indexes})]
        files = [path for take in takes if (path := self._file_of(take)) is not None]
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        return mime

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def _words(self, take: Recording, column: int) -> str:
        match column:
            case 0:
                return take.label
            case 1:
                return self.details(take)
            case 2:
                return human_duration(take.duration_ms)
            case 3:
                return moment_in_words(take.created_at)
            case _:
                return "Starred" if take.starred else ""

    def details(self, take: Recording) -> str:
        """``Kore + Puck · dynamic · $0.02``; where it is no voice, where it came from."""
        if take.state in (RecordingState.RENDERING, RecordingState.QUEUED):
            return "Rendering"
        if take.state is RecordingState.FAILED:
            return "Failed"
        if take.state is RecordingState.CANCELLED:
            return "Cancelled"
        voices = take.parameters.get("voices")
        if not isinstance(voices, dict) or not voices:
            return "" if take.source == "voice" else take.source
        names = " + ".join(dict.fromkeys(self._voice_name(str(voice)) for voice in voices.values()))
        delivery = take.parameters.get("delivery")
        return " · ".join(part for part in (names, str(delivery or ""), _paid(take.cost_usd)) if part)

    def _tool_tip(self, take: Recording) -> str:
        parts = [describe_state(take.state), take.failure, take.note, self.details(take), moment_in_words(take.created_at)]
        return "\n".join(dict.fromkeys(part for part in parts if part))


def _paid(cost_usd: float | None) -> str:
    if not cost_usd:
        return ""
    return f"${cost_usd:.2f}" if cost_usd >= 0.005 else "less than $0.01"
