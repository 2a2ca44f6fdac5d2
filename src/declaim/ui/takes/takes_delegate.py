"""How a take looks in its row: state, label, star, and at the right who speaks, how, and how long."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from declaim.model.library import Recording
from declaim.ui.icons import pixmap
from declaim.ui.state_shape import paint_state
from declaim.ui.takes.takes_model import DATE, RECORDING_ROLE, STAR, TAKE
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, Theme, current_theme, font
from declaim.ui.widgets.item_view import Index, paint_ground, whole_row

ROW_HEIGHT = 28
_GUTTER = 22


class TakesDelegate(QStyledItemDelegate):
    """``phase`` 0…1 turns the arc of what is being rendered; ``hovered_row`` shows an empty star to click on."""

    phase = 0.0
    hovered_row = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        take: Recording | None = index.data(RECORDING_ROLE)
        if take is None:
            return
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        paint_ground(painter, option, whole_row(option), is_hovered=index.row() == self.hovered_row)
        painter.setClipping(False)
        box = option.rect.adjusted(4, 0, -4, 0)
        if index.column() == TAKE:
            paint_state(painter, QRect(box.left() + 2, box.top(), 14, box.height()), take.state, theme, self.phase)
            _write(painter, box.adjusted(_GUTTER, 0, 0, 0), take.label, theme.text, SIZE_BODY)
            if take.note:
                self._paint_note(painter, box, take.label, theme)
        elif index.column() == STAR:
            self._paint_star(painter, option.rect, take.starred, is_hovered=index.row() == self.hovered_row, theme=theme)
        else:
            aligned = Qt.AlignmentFlag.AlignLeft if index.column() == DATE else Qt.AlignmentFlag.AlignRight
            _write(painter, box, str(index.data()), theme.tertiary, SIZE_CAPTION, aligned)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        words = str(index.data() or "")
        metrics = QFontMetrics(font(SIZE_BODY if index.column() == TAKE else SIZE_CAPTION, tabular=True))
        if index.column() == STAR:
            return QSize(24, ROW_HEIGHT)
        take = index.data(RECORDING_ROLE)
        extra = _GUTTER + 12 + (18 if take is not None and take.note else 0) if index.column() == TAKE else 12
        return QSize(metrics.horizontalAdvance(words) + extra, ROW_HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName("New name of the take")
        editor.setStyleSheet("QLineEdit { padding: 1px 5px; min-height: 16px; border-radius: 4px; }")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(_GUTTER - 4, 1, 40, -1))

    def eventFilter(self, editor: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # PySide6 names it ``object``
        if event.type() == QEvent.Type.Show and isinstance(editor, QLineEdit):
            editor.selectAll()
        return super().eventFilter(editor, event)

    def _paint_star(self, painter: QPainter, rect: QRect, starred: bool, *, is_hovered: bool, theme: Theme) -> None:
        if not starred and not is_hovered:
            return
        name, colour = ("star", theme.accent) if starred else ("star-outline", theme.tertiary)
        picture = pixmap(name, 14, colour, 2.0)
        painter.drawPixmap(rect.center().x() - 6, rect.center().y() - 6, picture)

    def _paint_note(self, painter: QPainter, box: QRect, label: str, theme: Theme) -> None:
        left = box.left() + _GUTTER + QFontMetrics(font(SIZE_BODY)).horizontalAdvance(label) + 6
        if left + 12 < box.right():
            painter.drawPixmap(left, box.center().y() - 5, pixmap("note", 12, theme.tertiary, 2.0))


def _write(
    painter: QPainter,
    box: QRect,
    words: str,
    colour: QColor,
    size: int,
    aligned: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font(size, tabular=size == SIZE_CAPTION))
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, aligned | Qt.AlignmentFlag.AlignVCenter, shown)
