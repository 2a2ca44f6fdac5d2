"""Writing again over edits: mine beside new wherever they differ, and a choice for each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QPushButton, QTableView, QWidget

from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.orders import Orders
from declaim.ui.script.merge_model import MINE, NEW, MergeDelegate, MergeModel
from declaim.ui.widgets import words
from declaim.ui.widgets.item_view import scroll_smoothly

if TYPE_CHECKING:
    from declaim.commands.rewriting import Rewrite
    from declaim.commands.studio import Studio


class MergeTable(QTableView):
    """Arrows move; Space or a click chooses the side that they stand on."""

    def __init__(self, model: MergeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._merge = model
        self._delegate = MergeDelegate(self)
        self.setObjectName("mergeTable")
        self.setAccessibleName("Mine beside new; Space chooses")
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        scroll_smoothly(self)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.clicked.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self._merge.choose(index.row(), index.column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.columnWidth(MINE)
        for row in range(self._merge.rowCount()):
            texts = (self._merge.index(row, side).data() for side in (MINE, NEW))
            self.setRowHeight(row, max(self._delegate.height_in(text, width) for text in texts))


class MergeSheet(Sheet):
    """``applied`` when the merge is in place."""

    applied = Signal()

    def __init__(self, studio: Studio, orders: Orders, rewrite: Rewrite, parent: QWidget | None = None) -> None:
        super().__init__("Write again", "mergeSheet", parent)
        self._studio, self._orders, self._rewrite = studio, orders, rewrite
        self.model = MergeModel(rewrite.merge, self)
        self.table = MergeTable(self.model)
        self._said = words("", "secondary", wrap=True)
        self._keep_all = _quiet("Keep all mine", "mergeKeepAllButton")
        self._take_all = _quiet("Take all new", "mergeTakeAllButton")
        self._cancel = self.add_button("Cancel", "mergeCancelButton")
        self._apply = self.add_button("Apply", "mergeApplyButton", primary=True)
        self._lay_out()
        self.model.dataChanged.connect(self._count)
        self._keep_all.clicked.connect(partial(self.model.choose_all, MINE))
        self._take_all.clicked.connect(partial(self.model.choose_all, NEW))
        self._cancel.clicked.connect(self.reject)
        self._apply.clicked.connect(self._on_apply)
        self._count()
        self.table.setCurrentIndex(self.model.index(0, MINE))
        self.table.setFocus()

    def _count(self) -> None:
        total, kept = self.model.rowCount(), self.model.kept
        places = "1 place differs" if total == 1 else f"{total} places differ"
        self._said.setText(f"You edited this script. {places}: yours in {kept}, new in {total - kept}. It can be undone.")

    def _on_apply(self) -> None:
        apply = partial(self._studio.rewriting.apply, self._rewrite, self.model.choices)
        if self._orders.give(lambda: apply() or True):
            self.applied.emit()
        self.accept()

    def _lay_out(self) -> None:
        self.table.setMinimumSize(560, 240)
        row = QHBoxLayout()
        row.addWidget(self._said, 1)
        row.addWidget(self._keep_all)
        row.addWidget(self._take_all)
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)

    def sizeHint(self) -> QSize:
        return QSize(960, 620)


def _quiet(label: str, name: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setProperty("kind", "quiet")
    button.setAutoDefault(False)
    return button
