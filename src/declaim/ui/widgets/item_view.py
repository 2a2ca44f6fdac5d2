"""What the lists and tables of the window have in common: how they scroll, and the ground of a row."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem, QTableView, QWidget

from declaim.ui.theme import FOCUS_WIDTH, RADIUS, current_theme

Index = QModelIndex | QPersistentModelIndex
TOP = QModelIndex()
"""The parent of every row of a list."""


class RowTable(QTableView):
    """Whole rows without a grid or headings. The delegate draws a row's ground: see :func:`paint_ground`, :func:`whole_row`."""

    def __init__(self, model: QAbstractItemModel, row_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setStyleSheet("QTableView { selection-background-color: transparent; }")
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        scroll_smoothly(self)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setMinimumSectionSize(row_height)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(20)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


def scroll_smoothly(view: QAbstractItemView) -> None:
    """By pixels, and up and down only: what is too long is elided."""
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, row: QRect, *, radius: int = RADIUS, is_hovered: bool | None = None
) -> None:
    """A wash behind a row that is selected, with a ring where its list has the focus, and less behind one under the pointer.

    ``is_hovered``: where the delegate knows better than ``option``, as of whole rows of tables.
    """
    is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_hovered is None:
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
    if not is_selected and not is_hovered:
        return
    theme = current_theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent_wash if is_selected else theme.hover)
    painter.drawRoundedRect(row, radius, radius)
    if is_selected and option.widget is not None and option.widget.hasFocus():
        painter.setPen(QPen(theme.accent, FOCUS_WIDTH))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), radius, radius)


def whole_row(option: QStyleOptionViewItem) -> QRect:
    """The row that a table's cell belongs to; what a cell paints of it is clipped to ``option.rect``."""
    view = option.widget
    width = view.viewport().width() if hasattr(view, "viewport") else option.rect.right()
    return QRect(0, option.rect.top() + 1, width, option.rect.height() - 2)
