"""What the library holds and what it cost: figures of the whole, and a row for each project."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QGridLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from declaim.commands.listing import statistics
from declaim.model.ids import outside_id
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12
from declaim.ui.widgets import human_duration, words
from declaim.ui.widgets.item_view import TOP, Index

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_COLUMNS = (("scripts", "Scripts"), ("takes", "Takes"), ("starred", "Starred"), ("failed", "Failed"), ("audio_seconds", "Audio"))


class StatsDialog(Sheet):
    """Reads the library once, when it is opened."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__("Statistics", "statsDialog", parent)
        self._tiles = QGridLayout()
        self._tiles.setSpacing(SPACE_8)
        whole = statistics(studio)
        for at, (figure, label) in enumerate((
            (_audio(whole), "of audio"),
            (f"{whole['takes']:,}", "take" if whole["takes"] == 1 else "takes"),
            (f"{whole['scripts']:,}", "script" if whole["scripts"] == 1 else "scripts"),
            (f"${_spent_this_month(studio):,.2f}", "spent this month"),
        )):  # fmt: skip
            self._tiles.addWidget(_tile(figure, label), 0, at)
        self.table = QTableView()
        self.table.setObjectName("statsView")
        self.table.setAccessibleName("Projects in figures")
        self._model = _ProjectsModel(studio, self)
        self.table.setModel(self._model)
        self._lay_out()
        self.add_button("Close", "closeButton", primary=True).clicked.connect(self.accept)

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def _lay_out(self) -> None:
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.body.addLayout(self._tiles)
        self.body.addWidget(self.table, 1)


class _ProjectsModel(QAbstractTableModel):
    """A project a row: its name, then the figures of ``_COLUMNS``."""

    def __init__(self, studio: Studio, parent: StatsDialog) -> None:
        super().__init__(parent)
        projects = studio.projects.all()
        self._rows = [(row.name, statistics(studio, outside_id("project", row.id))) for row in projects]

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else 1 + len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        name, figures = self._rows[index.row()]
        if index.column() == 0:
            return name
        key = _COLUMNS[index.column() - 1][0]
        return _audio(figures) if key == "audio_seconds" else f"{figures[key]:,}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return "Project" if section == 0 else _COLUMNS[section - 1][1]
        return None

    @staticmethod
    def _alignment(column: int) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)


def _tile(figure: str, label: str) -> QFrame:
    tile = QFrame()
    tile.setProperty("role", "card")
    tile.setAccessibleName(f"{figure} {label}")
    column = QVBoxLayout(tile)
    column.setContentsMargins(SPACE_12, SPACE_12, SPACE_12, SPACE_12)
    column.setSpacing(SPACE_4)
    column.addWidget(words(figure, "title"))
    column.addWidget(words(label, "caption"))
    return tile


def _audio(figures: dict[str, Any]) -> str:
    return human_duration(round(1000 * figures["audio_seconds"]))


def _spent_this_month(studio: Studio) -> float:
    month = dt.datetime.now(dt.UTC).strftime("%Y-%m")
    return sum(row.cost_usd for row in studio.library.spend.all() if row.day.startswith(month))
