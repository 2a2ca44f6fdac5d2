"""Find in the text that is shown: every match is marked, Return goes to the next."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from declaim.ui.script.text_offset import to_qt
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12, current_theme
from declaim.ui.widgets import IconButton, words

_MOST_MARKED = 500
_PAUSE_MS = 80
_OTHERS = 0.5
"""How strongly matches are marked that are not the present one."""
Text = QTextEdit | QPlainTextEdit


class FindBar(QFrame):
    """Hidden until asked for; Escape closes it and gives the focus back."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setProperty("role", "card")
        self._text: Text | None = None
        self._places: list[tuple[int, int]] = []
        self.field = QLineEdit(placeholderText="Find in the script")
        self.field.setObjectName("findField")
        self.field.setAccessibleName("Find in the script")
        self._count: QLabel = words("", "caption")
        self._count.setMinimumWidth(64)
        previous = IconButton("previous", "Previous match", shortcut="Shift+Return")
        following = IconButton("next", "Next match", shortcut="Return")
        close = IconButton("close", "Close find", shortcut="Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_8, SPACE_4, SPACE_4, SPACE_4)
        row.setSpacing(SPACE_4)
        row.addWidget(self.field, 1)
        row.addSpacing(SPACE_12)
        for part in (self._count, previous, following, close):
            row.addWidget(part)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.installEventFilter(self)
        previous.clicked.connect(lambda: self.go(-1))
        following.clicked.connect(lambda: self.go(1))
        close.clicked.connect(self.close_bar)
        self.hide()

    def open_on(self, text: Text) -> None:
        """Searches ``text`` from now on, at first for what is selected in it."""
        self._unmark()
        self._text = text
        selected = text.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.field.setText(selected)
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        self._unmark()
        self.hide()
        if self._text is not None:
            self._text.setFocus()
        self._text = None
        self.closed.emit()

    def go(self, step: int) -> None:
        """To the next match (1) or the one before (−1), around the end."""
        self._search()
        if self._text is None or not self._places:
            return
        here = self._text.textCursor()
        if step > 0:
            place = next((found for found in self._places if found[0] >= here.selectionEnd()), self._places[0])
        else:
            before = [found for found in self._places if found[1] <= here.selectionStart()]
            place = before[-1] if before else self._places[-1]
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(place[0])
        cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        self._text.setTextCursor(cursor)
        self._text.ensureCursorVisible()
        self._tell(self._places.index(place) + 1)

    def _search(self) -> None:
        self._pause.stop()
        if self._text is None:
            return
        words = self.field.text()
        self._places = _find(self._text.toPlainText(), words) if words else []
        self._mark()
        self._tell(0)

    def _mark(self) -> None:
        if self._text is None:
            return
        marked = QTextCharFormat()
        ground = QColor(current_theme().mark)
        ground.setAlphaF(_OTHERS)
        marked.setBackground(ground)
        found = []
        for first, last in self._places[:_MOST_MARKED]:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self._text.document())
            cursor.setPosition(first)
            cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, marked
            found.append(selection)
        self._text.setExtraSelections(found)

    def _unmark(self) -> None:
        if self._text is not None:
            self._text.setExtraSelections([])

    def _tell(self, place: int) -> None:
        count = len(self._places)
        if not self.field.text():
            self._count.setText("")
        elif not count:
            self._count.setText("Not found")
        else:
            self._count.setText(f"{place} of {count}" if place else f"{count} found")

    # Qt

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            return False
        return True


def _find(text: str, words: str) -> list[tuple[int, int]]:
    """Where ``words`` are, in Qt's count; capitals do not matter."""
    found = [match.span() for match in re.finditer(re.escape(words), text, re.IGNORECASE)]
    if not found or text.isascii():
        return found
    return [(to_qt(text, first), to_qt(text, last)) for first, last in found]
