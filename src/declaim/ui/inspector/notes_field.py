"""The pronunciation notes of a script: free text, as much as LogTalk takes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

MOST = 500


class NotesField(QPlainTextEdit):
    """``changed(object)`` carries the text when the field is left; it holds no more than ``MOST`` characters."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setObjectName("pronunciationNotes")
        self.setAccessibleName("Notes on how things are said in this script")
        self.setPlaceholderText("kubectl = kube control; say SQL as sequel")
        self.setToolTip(f"Up to {MOST} characters, as in: kubectl = kube control; say SQL as sequel")
        self.setProperty("role", "field")
        self.setTabChangesFocus(True)
        self.setFixedHeight(58)
        self.textChanged.connect(self._hold)

    def show_notes(self, notes: str) -> None:
        if not self.hasFocus() or not self.toPlainText():
            self._kept = notes
            self.setPlainText(notes)

    def _hold(self) -> None:
        text = self.toPlainText()
        if len(text) > MOST:
            place = self.textCursor().position()
            self.setPlainText(text[:MOST])
            cursor = self.textCursor()
            cursor.setPosition(min(place, MOST))
            self.setTextCursor(cursor)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        text = self.toPlainText().strip()
        if text != self._kept:
            self._kept = text
            self.changed.emit(text)
