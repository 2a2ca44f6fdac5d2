"""The delivery sheet of a take: each measure of its file beside the limit of its standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.theme import current_theme
from declaim.ui.widgets import words

if TYPE_CHECKING:
    from declaim.audio import DeliverySheet

_ACCESSIBLE_TEXT = Qt.ItemDataRole.AccessibleTextRole
_HEADINGS = ("Measure", "This file", "Limit", "Result")
_RESULTS = {True: "✓ pass", False: "✗ fail", None: "–"}
_SPOKEN = {True: "passes", False: "fails", None: "has no limit"}


class DeliverySheetDialog(Sheet):
    """A table that can be walked with the arrow keys, the verdict in words above it."""

    def __init__(self, sheet: DeliverySheet, parent: QWidget | None = None) -> None:
        super().__init__(f"Delivery sheet: {sheet.file}", "deliverySheetDialog", parent)
        self._text = sheet.to_text()
        verdict = words(f"{sheet.title}. {sheet.verdict}", "secondary" if sheet.passed else "problem", wrap=True)
        verdict.setObjectName("deliveryVerdict")
        self.table = _table(sheet)
        self.body.addWidget(verdict)
        self.body.addWidget(self.table, 1)
        self.add_button("Copy", "copySheetButton").clicked.connect(self._on_copy)
        self.add_button("Close", "closeButton", primary=True).clicked.connect(self.accept)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def sizeHint(self) -> QSize:
        return QSize(600, 460)


def _table(sheet: DeliverySheet) -> QTableWidget:
    table = QTableWidget(len(sheet.rows), len(_HEADINGS))
    table.setObjectName("deliverySheetTable")
    table.setAccessibleName("Delivery sheet")
    table.setHorizontalHeaderLabels(list(_HEADINGS))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    head = table.horizontalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setHighlightSections(False)
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    colours = current_theme()
    for place, row in enumerate(sheet.rows):
        for column, text in enumerate((row.what, row.figure, row.limit, _RESULTS[row.passed])):
            item = QTableWidgetItem(text)
            said = f"{row.what}: {row.figure}, {row.limit}; {_SPOKEN[row.passed]}"
            item.setToolTip(said)
            if column == len(_HEADINGS) - 1 and row.passed is not None:
                item.setForeground(colours.ready if row.passed else colours.failed)
            item.setData(_ACCESSIBLE_TEXT, said)
            table.setItem(place, column, item)
    return table
