"""How a voice looks in the catalogue: a star, its name over what is known of it, its state at the right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from declaim.commands.catalogue import CatalogueEntry
from declaim.model.voice import Gender
from declaim.model.work import ProgressReport
from declaim.ui.catalogue.catalogue_model import ENTRY_ROLE, PROGRESS_ROLE
from declaim.ui.icons import pixmap
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, Theme, current_theme, font
from declaim.ui.widgets.item_view import Index, paint_ground

ROW_HEIGHT = 46
_STATE_SHARE = 0.42


def told_of(entry: CatalogueEntry) -> str:
    """As in "Piper · en-US · male · medium"."""
    voice = entry.voice
    gender = "" if voice.gender is Gender.UNKNOWN else str(voice.gender)
    quality = entry.offer.quality if entry.offer else ""
    parts = (entry.engine_label, voice.language or "every language", gender, quality)
    return " · ".join(part for part in parts if part)


class CatalogueDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: CatalogueEntry = index.data(ENTRY_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect.adjusted(0, 1, 0, -1))
        box = option.rect.adjusted(10, 6, -12, -6)
        if entry.is_favourite:
            painter.drawPixmap(box.left(), box.top() + 2, pixmap("star", 13, theme.accent, 2.0))
        state = QRect(box.right() - int(box.width() * _STATE_SHARE), box.top(), int(box.width() * _STATE_SHARE), box.height())
        words = box.adjusted(22, 0, -state.width() - 12, 0)
        self._paint_words(painter, words, entry, theme, is_selected=bool(option.state & QStyle.StateFlag.State_Selected))
        self._paint_state(painter, state, entry, index.data(PROGRESS_ROLE), theme)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def _paint_words(self, painter: QPainter, box: QRect, entry: CatalogueEntry, theme: Theme, *, is_selected: bool) -> None:
        painter.setFont(font(SIZE_BODY))
        painter.setPen(theme.text if entry.voice.ready or entry.is_offered else theme.secondary)
        name = painter.fontMetrics().elidedText(entry.voice.name, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
        painter.setFont(font(SIZE_CAPTION))
        painter.setPen(theme.secondary if is_selected else theme.tertiary)
        told = painter.fontMetrics().elidedText(told_of(entry), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, told)

    def _paint_state(
        self, painter: QPainter, box: QRect, entry: CatalogueEntry, progress: ProgressReport | None, theme: Theme
    ) -> None:
        painter.setFont(font(SIZE_CAPTION, tabular=True))
        right = Qt.AlignmentFlag.AlignRight
        if progress is not None:
            self._paint_progress(painter, box, progress, theme)
            return
        is_ready = entry.voice.ready and not entry.is_offered
        first = "Ready" if is_ready else entry.state if entry.is_offered else "Lacks something"
        painter.setPen(theme.ready if is_ready else theme.secondary if entry.is_offered else theme.stale)
        painter.drawText(box, right | Qt.AlignmentFlag.AlignTop, first)
        painter.setPen(theme.tertiary)
        default = f"default for {', '.join(entry.default_for)}" if entry.default_for else ""
        second = " · ".join(part for part in (default, entry.price) if part)
        painter.drawText(box, right | Qt.AlignmentFlag.AlignBottom, second)

    def _paint_progress(self, painter: QPainter, box: QRect, progress: ProgressReport, theme: Theme) -> None:
        painter.setPen(theme.secondary)
        shown = painter.fontMetrics().elidedText(progress.text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, shown)
        bar = QRectF(box.left(), box.bottom() - 8, box.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.border)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(4.0, bar.width() * progress.fraction), 4), 2, 2)
