"""Widgets side by side, and small buttons, as every sheet has them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QWidget

from declaim.ui.theme import SPACE_8


def row_of(*widgets: QWidget | None) -> QHBoxLayout:
    """From left to right; a line to write in takes the room, None is the room."""
    row = QHBoxLayout()
    row.setSpacing(SPACE_8)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    return row


def scrolled(inside: QWidget) -> QScrollArea:
    """A column that may be higher than its place."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def small_button(label: str, name: str, pressed: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """One that Return does not press from another field. Its accessible name is its label."""
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setAutoDefault(False)
    if primary:
        button.setProperty("kind", "primary")
    button.clicked.connect(lambda _checked=False: pressed())
    return button
