"""An empty place says what to do there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from declaim.ui.icons import pixmap
from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_24, current_theme


class EmptyState(QWidget):
    """An icon, a sentence, a line below, and buttons named in ``actions`` as (name, label); ``chosen(object)`` says which."""

    chosen = Signal(object)

    def __init__(
        self, icon_name: str, title: str, text: str = "", actions: tuple[tuple[str, str], ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = _words(title, "heading")
        self._text = _words(text, "secondary")
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_24)
        column.setSpacing(SPACE_8)
        column.addStretch(2)
        for part in (self._picture, self._title, self._text):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        row.addStretch()
        for at, (name, label) in enumerate(actions):
            row.addWidget(self._button(name, label, primary=at == 0))
        row.addStretch()
        column.addSpacing(SPACE_12)
        column.addLayout(row)
        column.addStretch(3)

    def add_below(self, part: QWidget) -> None:
        """Something more, under the buttons."""
        self._column.insertSpacing(self._column.count() - 1, SPACE_12)
        self._column.insertWidget(self._column.count() - 1, part, 0, Qt.AlignmentFlag.AlignHCenter)

    def set_words(self, title: str, text: str = "") -> None:
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))

    def _button(self, name: str, label: str, *, primary: bool) -> QPushButton:
        button = QPushButton(label)
        button.setAccessibleName(label)
        button.setProperty("kind", "primary" if primary else "")
        button.clicked.connect(lambda: self.chosen.emit(name))
        return button

    def _draw(self) -> None:
        self._picture.setPixmap(pixmap(self._icon_name, 32, current_theme().tertiary, 2.0))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        self._draw()
        super().showEvent(event)


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", role)
    label.setWordWrap(True)
    if not text:
        label.hide()
    return label
