"""Under the source: what of it is not spoken, and why. A row leads to its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from declaim.model.source import LeftOut
from declaim.model.wording import counted
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, SPACE_4, SPACE_8, current_theme, font
from declaim.ui.widgets import hairline, words
from declaim.ui.widgets.item_view import TOP, Index, paint_ground, scroll_smoothly

_ROW_HEIGHT, _MOST_ROWS = 26, 5
LEFT_OUT_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class LeftOutModel(QAbstractListModel):
    """In the order of the source."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left: tuple[LeftOut, ...] = ()

    def show_left_out(self, left: Sequence[LeftOut]) -> None:
        self.beginResetModel()
        self._left = tuple(sorted(left, key=lambda one: one.source_lines))
        self.endResetModel()

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._left)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._left):
            return None
        left = self._left[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(left.text.split())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{place_in_words(left)}: {' '.join(left.text.split())[:300]}. {left.reason}"
        return left if role == LEFT_OUT_ROLE else None


def place_in_words(left: LeftOut) -> str:
    first, last = left.source_lines
    return f"Line {first}" if first == last else f"Lines {first}–{last}"


class LeftOutDelegate(QStyledItemDelegate):
    """The line, the passage, the reason at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        left: LeftOut = index.data(LEFT_OUT_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect)
        box = option.rect.adjusted(8, 0, -8, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(SIZE_CAPTION, tabular=True))
        painter.setPen(theme.tertiary)
        painter.drawText(box, int(middle | Qt.AlignmentFlag.AlignLeft), place_in_words(left))
        reason = painter.fontMetrics().elidedText(left.reason, Qt.TextElideMode.ElideRight, box.width() // 2)
        painter.setPen(theme.secondary)
        painter.drawText(box, int(middle | Qt.AlignmentFlag.AlignRight), reason)
        text = box.adjusted(88, 0, -painter.fontMetrics().horizontalAdvance(reason) - 16, 0)
        painter.setFont(font(SIZE_BODY))
        painter.setPen(theme.text)
        shown = painter.fontMetrics().elidedText(index.data()[:400], Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, int(middle | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW_HEIGHT)


class LeftOutList(QWidget):
    """``place_chosen(object)`` carries the source lines of a row. Hidden where nothing is left out."""

    place_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = LeftOutModel(self)
        self._title = words("", "heading")
        self.list = QListView()
        self.list.setObjectName("leftOutList")
        self.list.setAccessibleName("Left out of the script, and why")
        self.list.setModel(self._model)
        self.list.setItemDelegate(LeftOutDelegate(self))
        self.list.setUniformItemSizes(True)
        scroll_smoothly(self.list)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.clicked.connect(self._on_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_8)
        column.addWidget(hairline())
        column.addSpacing(SPACE_8)
        column.setSpacing(SPACE_4)
        column.addWidget(self._title)
        column.addWidget(self.list)
        self.hide()

    def show_left_out(self, left: Sequence[LeftOut]) -> None:
        self._model.show_left_out(left)
        count = len(left)
        self._title.setText(f"Left out: {counted(count, 'passage')}")
        self.list.setFixedHeight(min(count, _MOST_ROWS) * _ROW_HEIGHT + 2)
        self.setVisible(count > 0)

    def _on_current(self, index: QModelIndex) -> None:
        left = index.data(LEFT_OUT_ROLE)
        if left is not None:
            self.place_chosen.emit(left.source_lines)
