"""Above the script: its title, where it came from and how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from declaim.model.script import Doubt
from declaim.model.wording import counted
from declaim.ui.theme import SIZE_TITLE, SPACE_8, current_theme, font
from declaim.ui.widgets import words

_MOST_TITLE = 500


class PageHeader(QWidget):
    """``title_edited(object)`` carries a title that is not empty; ``problem_chosen`` asks to see the mistake."""

    title_edited = Signal(object)
    problem_chosen = Signal()
    line_chosen = Signal(object)
    """Index of a line that is worth a look."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = _TitleField()
        self.title.setObjectName("scriptTitle")
        self.title.setAccessibleName("Title of the script")
        self.title.setPlaceholderText("Untitled script")
        self.title.setMaxLength(_MOST_TITLE)
        self.title.textEdited.connect(self._on_title)
        self.meta = words("", "secondary")
        self.meta.setObjectName("scriptMeta")
        self._problem = QPushButton()
        self._problem.setObjectName("scriptProblem")
        self._problem.setProperty("kind", "link")
        self._problem.setCursor(Qt.CursorShape.PointingHandCursor)
        self._problem.clicked.connect(self.problem_chosen)
        self._problem.hide()
        self.doubts = QPushButton()
        self.doubts.setObjectName("scriptDoubts")
        self.doubts.setProperty("kind", "link")
        self.doubts.setCursor(Qt.CursorShape.PointingHandCursor)
        self.doubts.setToolTip("Numbers, names and versions that the document does not have where the line says it is from")
        self.doubts.hide()
        below = QHBoxLayout()
        below.setContentsMargins(2, 0, 0, 0)
        below.setSpacing(SPACE_8)
        below.addWidget(self.meta)
        below.addWidget(self._problem)
        below.addWidget(self.doubts)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addLayout(below)

    def show_title(self, title: str) -> None:
        if self.title.text() != title:
            self.title.setText(title)
            self.title.setCursorPosition(0)

    def show_meta(self, text: str) -> None:
        self.meta.setText(text)

    def show_problem(self, text: str) -> None:
        """A mistake in the script, in short; nothing for none."""
        self._problem.setText(text)
        self._problem.setAccessibleName(text)
        self._problem.setVisible(bool(text))

    def show_doubts(self, doubts: Sequence[Doubt]) -> None:
        """The lines that say what the document does not, as a list behind a button; hidden where there are none."""
        count = len(doubts)
        text = f"{counted(count, 'line')} to check"
        self.doubts.setText(text)
        self.doubts.setAccessibleName(f"{text} against the document")
        self.doubts.setVisible(count > 0)
        menu = QMenu(self.doubts)
        for doubt in doubts:
            action = menu.addAction(f"Line {doubt.line_index + 1}: {', '.join(doubt.words)}".replace("&", "&&"))
            action.triggered.connect(partial(self.line_chosen.emit, doubt.line_index))
        before = self.doubts.menu()
        self.doubts.setMenu(menu)
        if before is not None:
            before.deleteLater()

    def _on_title(self, text: str) -> None:
        if text.strip():
            self.title_edited.emit(" ".join(text.split()))


class _TitleField(QLineEdit):
    """Looks like a title until it has the focus."""

    left_downwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(font(SIZE_TITLE, QFont.Weight.DemiBold))
        self._theme_name = ""
        self._wear_theme()

    def _wear_theme(self) -> None:
        theme = current_theme()
        self._theme_name = theme.name
        self.setStyleSheet(
            "QLineEdit { background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 0 4px;"
            f" margin-left: -6px; font-size: {SIZE_TITLE}px; font-weight: 600; color: {theme.text.name()};"
            f" selection-background-color: {theme.mark.name()}; min-height: 28px; }}"
            f"QLineEdit:hover {{ background: {theme.hover.name()}; }}"
            f"QLineEdit:focus {{ background: {theme.raised.name()}; border: 2px solid {theme.accent.name()}; }}"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._theme_name != current_theme().name:
            self._wear_theme()
