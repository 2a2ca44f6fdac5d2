"""What a search found: the title of each thing, and the words around the match."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from declaim.model.library import SearchHit
from declaim.ui.icons import pixmap
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, Theme, current_theme, font
from declaim.ui.widgets.item_view import TOP, Index, paint_ground

_HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ICONS = {"project": "project", "folder": "folder", "document": "document", "script": "script", "line": "script"}


class SearchModel(QAbstractListModel):
    """A list of hits."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[SearchHit, ...] = ()

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        self.beginResetModel()
        self._hits = tuple(hits)
        self.endResetModel()

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._hits):
            return None
        hit = self._hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{hit.title}: {hit.snippet}" if hit.snippet else hit.title
        return hit if role == _HIT_ROLE else None


class _HitDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: SearchHit = index.data(_HIT_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box: QRect = option.rect.adjusted(8, 1, -8, -1)
        paint_ground(painter, option, box)
        drawn = pixmap(_ICONS.get(hit.kind, "wave"), 13, theme.tertiary, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.left() + 6, box.top() + 8, drawn)
        inner = box.adjusted(26, 5, -8, -5)
        painter.setFont(font(SIZE_BODY))
        painter.setPen(theme.text)
        title = painter.fontMetrics().elidedText(hit.title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, title)
        _paint_snippet(painter, inner, hit, theme)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, 46 if index.data(_HIT_ROLE).snippet else 30)


class SearchResults(QListView):
    """``hit_chosen(object)`` carries the ``SearchHit`` that the user went to."""

    hit_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits = SearchModel(self)
        self.setObjectName("searchResults")
        self.setAccessibleName("Search results")
        self.setModel(self._hits)
        self.setItemDelegate(_HitDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._choose)

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        self._hits.show_hits(hits)

    def _choose(self, index: QModelIndex) -> None:
        hit: SearchHit | None = index.data(_HIT_ROLE)
        if hit is not None:
            self.hit_chosen.emit(hit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)


def _paint_snippet(painter: QPainter, box: QRect, hit: SearchHit, theme: Theme) -> None:
    """The words around the match in one line, the match itself marked."""
    painter.setFont(font(SIZE_CAPTION))
    metrics = painter.fontMetrics()
    text, skipped = _from_near(hit, lambda words: metrics.horizontalAdvance(words) <= box.width() * 0.6)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    height = metrics.height()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mark)
    for start, end in ((start - skipped, end - skipped) for start, end in hit.matches):
        if start >= 0 and end <= len(shown):
            left = box.left() + metrics.horizontalAdvance(shown[:start])
            width = metrics.horizontalAdvance(shown[start:end])
            painter.drawRoundedRect(QRect(left - 1, box.bottom() - height + 1, width + 2, height), 2, 2)
    painter.setPen(theme.secondary)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)


def _from_near(hit: SearchHit, fits: Callable[[str], bool]) -> tuple[str, int]:
    """The snippet from a word near its first match, so that the match is seen; and how far its offsets move."""
    first = hit.matches[0][0] if hit.matches else 0
    at = 0
    while not fits(hit.snippet[at:first]):
        at = hit.snippet.find(" ", at, first) + 1
        if at == 0:
            return hit.snippet, 0
    return (f"…{hit.snippet[at:]}", at - 1) if at else (hit.snippet, 0)
