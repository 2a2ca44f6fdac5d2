"""A field to search in: a magnifying glass, a hint of its shortcut, Escape empties it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from declaim.ui.icons import pixmap
from declaim.ui.theme import SIZE_CAPTION, SPACE_12, current_theme, font

_DELAY_MS = 120
_HINT_X = 30
"""Where the words begin, after the magnifying glass."""


class SearchField(QLineEdit):
    """``searched(object)`` carries the words a moment after the last key, at once on Return and when emptied."""

    searched = Signal(object)
    left_downwards = Signal()
    """Down was pressed: the list of results wants the focus."""

    def __init__(self, hint: str, shortcut: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcut = shortcut
        self._sent = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_DELAY_MS)
        self._pause.timeout.connect(self._send)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setAcceptDrops(False)  # a file dropped here is to be imported, its name is not to be searched
        self.setTextMargins(18, 0, 0, 0)
        self.textChanged.connect(self._on_text)
        self.returnPressed.connect(self._send)

    def _on_text(self, text: str) -> None:
        if text:
            self._pause.start()
        else:
            self._send()

    def _send(self) -> None:
        self._pause.stop()
        words = self.text().strip()
        if words != self._sent:
            self._sent = words
            self.searched.emit(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Escape belongs to the field while there is something to empty, whatever shortcut the window gave it.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.setAccepted(bool(self.text()))
            return event.isAccepted()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = current_theme()
        with QPainter(self) as painter:
            top = (self.height() - 14) // 2
            painter.drawPixmap(10, top, pixmap("search", 14, theme.tertiary, self.devicePixelRatioF()))
            hint = self.fontMetrics().horizontalAdvance(self.placeholderText())
            painter.setFont(font(SIZE_CAPTION))
            taken = _HINT_X + hint + SPACE_12 + painter.fontMetrics().horizontalAdvance(self._shortcut)
            if self._shortcut and not self.text() and self.width() >= taken:
                painter.setPen(theme.tertiary)
                box = QRect(0, 0, self.width() - 10, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._shortcut)
