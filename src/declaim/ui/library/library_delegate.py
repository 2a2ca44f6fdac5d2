"""How a row of the tree looks: its state as a shape, its title, and at the right how it stands to the services and how long it
is or how much lies in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from declaim.model.library import TreeRow
from declaim.ui.badge_shape import BADGE_SIZE, paint_badge
from declaim.ui.icons import pixmap
from declaim.ui.library.library_model import COUNT_ROLE, ROW_ROLE
from declaim.ui.state_shape import paint_state
from declaim.ui.theme import FOCUS_WIDTH, RADIUS, SIZE_BODY, SIZE_CAPTION, Theme, current_theme, font
from declaim.ui.widgets.item_view import Index
from declaim.ui.widgets.words import human_duration

ROW_HEIGHT = 28
INDENT = 16
_MARGIN = 8
_GUTTER = 18
_FIGURE_ROOM = 34
"""So that badges stand under each other."""


class LibraryDelegate(QStyledItemDelegate):
    """``phase`` 0…1 turns the arcs of what is being rendered; the view moves it."""

    phase = 0.0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: TreeRow = index.data(ROW_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, theme)
        left = _left(option, index)
        box = QRect(left, option.rect.top(), _right_edge(option) - left, option.rect.height())
        self._paint_mark(painter, box, row, index, theme, bool(option.state & QStyle.StateFlag.State_Open))
        figure = _figure(row, index)
        figure_width = QFontMetrics(_figure_font()).horizontalAdvance(figure) + 8 if figure else 0
        painter.setFont(_figure_font())
        painter.setPen(theme.secondary if option.state & QStyle.StateFlag.State_Selected else theme.tertiary)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        room = figure_width
        if row.badge is not None:
            right = box.right() - max(figure_width, _FIGURE_ROOM)
            paint_badge(painter, QRect(right - BADGE_SIZE, box.top(), BADGE_SIZE, box.height()), row.badge, theme)
            room = max(figure_width, _FIGURE_ROOM) + BADGE_SIZE + 4
        _paint_title(painter, box.adjusted(_GUTTER, 0, -room, 0), row, theme)
        painter.restore()

    def _paint_mark(self, painter: QPainter, box: QRect, row: TreeRow, index: Index, theme: Theme, is_open: bool) -> None:
        gutter = QRect(box.left(), box.top(), _GUTTER - 4, box.height())
        if row.kind in ("project", "folder"):
            if index.model().hasChildren(index):
                _paint_icon(painter, gutter, "chevron-down" if is_open else "chevron-right", theme, 12)
            elif row.kind == "folder":
                _paint_icon(painter, gutter, "folder", theme, 12)
        elif row.kind == "document":
            _paint_icon(painter, gutter, "document", theme, 13)
        elif row.source == "microphone" and str(row.state) in ("", "done"):
            _paint_icon(painter, gutter, "microphone", theme, 13)
        else:
            if row.kind == "script" and index.model().hasChildren(index):
                _paint_icon(painter, gutter.translated(-14, 0), "chevron-down" if is_open else "chevron-right", theme, 10)
            paint_state(painter, gutter, row.state, theme, self.phase)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("New title")
        editor.setStyleSheet("QLineEdit { padding: 1px 5px; min-height: 16px; border-radius: 4px; }")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        left = _left(option, index) + _GUTTER - 6
        editor.setGeometry(left, option.rect.top() + 1, _right_edge(option) - left + 4, option.rect.height() - 2)

    def eventFilter(self, editor: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # PySide6 names it ``object``
        # Select all of the title when the editor opens, as file managers do.
        if event.type() == QEvent.Type.Show and isinstance(editor, QLineEdit):
            editor.selectAll()
        return super().eventFilter(editor, event)


def _left(option: QStyleOptionViewItem, index: Index) -> int:
    depth, above = 0, index.parent()
    while above.isValid():
        depth, above = depth + 1, above.parent()
    return _MARGIN + 6 + depth * INDENT


def _right_edge(option: QStyleOptionViewItem) -> int:
    return int(option.rect.right()) - _MARGIN - 8


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    box = QRect(_MARGIN, option.rect.top(), option.rect.right() - 2 * _MARGIN + 1, option.rect.height())
    painter.setPen(Qt.PenStyle.NoPen)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.setBrush(theme.accent_wash)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(theme.hover)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
    if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent, FOCUS_WIDTH))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)


def _paint_icon(painter: QPainter, box: QRect, name: str, theme: Theme, size: int) -> None:
    drawn = pixmap(name, size, theme.tertiary, painter.device().devicePixelRatioF())
    painter.drawPixmap(box.left() + (box.width() - size) // 2, box.top() + (box.height() - size) // 2, drawn)


def _paint_title(painter: QPainter, box: QRect, row: TreeRow, theme: Theme) -> None:
    weight = QFont.Weight.Medium if row.kind == "project" else QFont.Weight.Normal
    painter.setFont(font(SIZE_BODY, weight))
    painter.setPen(theme.secondary if row.kind == "document" else theme.text)
    room = box.width() - (18 if row.starred else 0)
    title = painter.fontMetrics().elidedText(row.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
    if row.starred:
        star = pixmap("star", 12, theme.accent, painter.device().devicePixelRatioF())
        left = box.left() + painter.fontMetrics().horizontalAdvance(title) + 6
        painter.drawPixmap(left, box.top() + (box.height() - 12) // 2, star)


def _figure(row: TreeRow, index: Index) -> str:
    if row.kind in ("project", "folder"):
        return str(index.data(COUNT_ROLE) or "")
    return human_duration(row.duration_ms)


def _figure_font() -> QFont:
    return font(SIZE_CAPTION, tabular=True)
