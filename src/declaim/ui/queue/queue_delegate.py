"""How a job looks: its title over a thin bar of progress, the time left, two small buttons."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from declaim.ui.icons import pixmap
from declaim.ui.queue.queue_model import FIRST_ACTION, JOB_ROLE, LEFT, PROGRESS, TITLE, actions_of
from declaim.ui.theme import RADIUS, SIZE_BODY, SIZE_CAPTION, Theme, current_theme, font
from declaim.ui.widgets.item_view import Index, paint_ground, whole_row

ROW_HEIGHT = 44
_ICONS = {"pause": "pause", "resume": "play", "cancel": "close", "retry": "retry"}


class QueueDelegate(QStyledItemDelegate):
    """``hovered`` is the (row, column) under the pointer."""

    hovered = (-1, -1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        job = index.data(JOB_ROLE)
        if job is None:
            return
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        paint_ground(painter, option, whole_row(option), is_hovered=False)
        painter.setClipping(False)
        box = option.rect.adjusted(8, 0, -8, 0)
        column = index.column()
        if column == TITLE:
            self._paint_title(painter, box, index, theme)
        elif column in (PROGRESS, LEFT):
            painter.setFont(font(SIZE_CAPTION, tabular=True))
            painter.setPen(theme.failed if column == PROGRESS and job.state.value == "failed" else theme.tertiary)
            words = str(index.data() or "")
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
        else:
            self._paint_button(painter, option.rect, actions_of(job)[column - FIRST_ACTION], index, theme)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(32 if index.column() >= FIRST_ACTION else 90, ROW_HEIGHT)

    def _paint_title(self, painter: QPainter, box: QRect, index: Index, theme: Theme) -> None:
        job = index.data(JOB_ROLE)
        is_over = job.state.is_over
        painter.setFont(font(SIZE_BODY))
        painter.setPen(theme.secondary if is_over else theme.text)
        upper = box if is_over else box.adjusted(0, 0, 0, -10)
        title = painter.fontMetrics().elidedText(job.title, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        if is_over:
            return
        bar = QRectF(box.left(), box.bottom() - 10, box.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.border)
        painter.drawRoundedRect(bar, 2, 2)
        share = job.progress.fraction if job.progress is not None else 0.0
        if share > 0:
            painter.setBrush(theme.accent if job.state.value == "running" else theme.tertiary)
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(4.0, bar.width() * share), 4), 2, 2)

    def _paint_button(self, painter: QPainter, rect: QRect, action: str, index: Index, theme: Theme) -> None:
        if not action:
            return
        if self.hovered == (index.row(), index.column()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.border)
            painter.drawRoundedRect(QRectF(rect.center().x() - 13, rect.center().y() - 13, 27, 27), RADIUS, RADIUS)
        painter.drawPixmap(rect.center().x() - 7, rect.center().y() - 7, pixmap(_ICONS[action], 15, theme.secondary, 2.0))
