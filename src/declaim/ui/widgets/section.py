"""A titled part of a column; a folded one builds what is in it when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from declaim.ui.icons import icon
from declaim.ui.theme import SPACE_8, current_theme
from declaim.ui.widgets.words import words


class Section(QWidget):
    """A heading with what stands under it."""

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(words(title, "heading"))
        column.addWidget(content)


class FoldedSection(QWidget):
    """Closed at first. ``build`` makes the content when it is opened; ``opened(object)`` carries it then. The window remembers by
    its object name whether it was left open."""

    opened = Signal(object)

    def __init__(self, title: str, build: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build = build
        self.setObjectName(f"{title.title().replace(' ', '')}Section")
        self.content: QWidget | None = None
        self._heading = QPushButton(title)
        self._heading.setProperty("kind", "fold")
        self._heading.setCheckable(True)
        self._heading.setIconSize(QSize(12, 12))
        self._heading.setAccessibleName(title)
        self._heading.setCursor(Qt.CursorShape.PointingHandCursor)
        self._heading.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._heading.toggled.connect(self._on_toggled)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._heading)
        row.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_8)
        self._column.addLayout(row)
        self._draw()

    @property
    def is_open(self) -> bool:
        return self._heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        self._heading.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        if is_open and self.content is None:
            self.content = self._build()
            self._column.addWidget(self.content)
        if self.content is not None:
            self.content.setVisible(is_open)
        self._draw()
        if is_open:
            self.opened.emit(self.content)

    def _draw(self) -> None:
        name = "chevron-down" if self.is_open else "chevron-right"
        self._heading.setIcon(icon(name, current_theme().tertiary))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
