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


def scrolled(inside: QWidget, *, right: int = 0) -> QScrollArea:
    """A column that may be higher than its place. ``right``: the margin at its right, of which the scroll bar takes a part, so
    that the column ends where what stands above and below it ends."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if right:
        bar = area.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, most: _set_right(inside, right - (bar.sizeHint().width() if most else 0)))
    return area


def _set_right(widget: QWidget, right: int) -> None:
    layout = widget.layout()
    if layout is not None:
        margins = layout.contentsMargins()
        margins.setRight(right)
        layout.setContentsMargins(margins)


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
