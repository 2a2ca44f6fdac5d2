"""What every dialog shares: a title, a body, a row of buttons with one primary."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_24
from declaim.ui.widgets import words


class Sheet(QDialog):
    """Add to ``body``; ``add_button`` from left to right. Escape closes."""

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(f"{title} – Declaim")
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_12)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE_8)
        self._buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_24, SPACE_24, SPACE_24, SPACE_24)
        column.setSpacing(SPACE_12)
        column.addWidget(words(title, "title"))
        column.addLayout(self.body, 1)
        column.addSpacing(SPACE_8)
        column.addLayout(self._buttons)

    def add_button(self, label: str, name: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setAutoDefault(primary)
        button.setDefault(primary)
        if primary:
            button.setProperty("kind", "primary")
        self._buttons.addWidget(button)
        return button

    def setVisible(self, visible: bool) -> None:
        # Qt would give a new dialog two thirds of the screen at most, and of a laptop's that is too little.
        if visible and not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.resize(self._first_size())
        super().setVisible(visible)

    def _first_size(self) -> QSize:
        """As large as it wants to be, with its lines wrapped, where the screen has room for it."""
        wanted, layout = self.sizeHint().expandedTo(self.minimumSizeHint()), self.layout()
        if layout is not None and layout.hasHeightForWidth():
            wanted = wanted.expandedTo(QSize(0, layout.totalHeightForWidth(wanted.width())))
        return wanted.boundedTo(self.screen().availableSize() * 0.92)
