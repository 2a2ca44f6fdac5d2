"""F1: every shortcut, made from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from declaim.ui.actions import ACTIONS
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.theme import SPACE_8, SPACE_24, SPACE_40
from declaim.ui.widgets import words

_MORE = (
    ("Library", "Rename", "F2"),
    ("Library", "Delete", "Del"),
    ("Library", "Open or play", "Return"),
    ("Library", "Menu", "F10"),
    ("Takes", "Star, or not", "S"),
    ("Takes", "Play", "Return"),
    ("Recording", "Record, or stop and keep", "Return"),
    ("Queue", "Pause, or go on", "Space"),
    ("Queue", "Cancel", "Del"),
    ("Queue", "Try again", "Return"),
    ("Voices", "Hear the voice", "Space"),
    ("Voices", "Favourite, or not", "Ctrl+D"),
    ("Voices", "Take, download or hear", "Return"),
)


class ShortcutsDialog(Sheet):
    """Two columns of groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Shortcuts", "shortcutsDialog", parent)
        groups: dict[str, list[tuple[str, str]]] = {}
        for spec in ACTIONS:
            if spec.keys:
                groups.setdefault(spec.menu, []).append((spec.label.removesuffix("…"), spec.keys))
        for group, label, keys in _MORE:
            groups.setdefault(group, []).append((label, keys))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_24)
        grid.setVerticalSpacing(SPACE_8)
        grid.setColumnMinimumWidth(2, SPACE_40)
        rows = [0, 0]
        for title, entries in groups.items():
            side = 0 if rows[0] <= rows[1] else 1
            rows[side] = _add_group(grid, side * 3, rows[side], title, entries)
        self.body.addLayout(grid)
        self.body.addStretch()
        self.add_button("Close", "closeButton", primary=True).clicked.connect(self.accept)

    def sizeHint(self) -> QSize:
        return QSize(640, 480)


def _add_group(grid: QGridLayout, column: int, row: int, title: str, entries: list[tuple[str, str]]) -> int:
    """Puts a group into the grid and returns the first free row under it."""
    grid.addWidget(words(title, "group"), row, column, 1, 2)
    for at, (label, keys) in enumerate(entries, start=row + 1):
        grid.addWidget(words(label), at, column)
        shown = words(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText), "secondary")
        shown.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(shown, at, column + 1)
    return row + len(entries) + 1
