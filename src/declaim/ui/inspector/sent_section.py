"""What this will send: the selected line as its voice's engine would get it, in words and field by field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from declaim.model.ids import ScriptId
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets.section import FoldedSection
from declaim.ui.widgets.words import words

if TYPE_CHECKING:
    from declaim.commands.describing import Sent
    from declaim.commands.studio import Studio

_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class SentSection(FoldedSection):
    """Closed at first; only while it is open anything is worked out."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__("What this will send", self._build, parent)
        self._studio = studio
        self._script_id: ScriptId | None = None
        self._index = 0
        self.setObjectName("sentSection")
        self.opened.connect(self._ask)

    def show_script(self, script_id: ScriptId) -> None:
        """The script, or its choices, are others now."""
        self._script_id = script_id
        self._ask()

    def show_line(self, index: object) -> None:
        """The line that the caret is in."""
        if isinstance(index, int) and index != self._index:
            self._index = index
            self._ask()

    def _ask(self, *_opened: object) -> None:
        if self._script_id is not None and self.is_open:
            self._studio.describing.line(self._script_id, self._index, partial(self._show, self._index))

    def _show(self, index: int, sent: Sent) -> None:
        if isValid(self) and index == self._index:
            self.says.setText(f"Line {index + 1}: {sent.words}")
            self.text.setText(sent.text)
            self.text.setVisible(bool(sent.text))
            self.fields.setText(sent.fields)
            self.fields.setMinimumHeight(self.fields.heightForWidth(self.says.width()))
            self._exact.setVisible(bool(sent.fields))

    def _build(self) -> QWidget:
        content = QWidget()
        self.says = _label("secondary", "sentSays")
        self.text = _label("", "sentText")
        self.fields = _label("caption", "sentFields")
        self._exact = FoldedSection("Exact fields", lambda: self.fields)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        for widget in (self.says, self.text, self._exact):
            column.addWidget(widget)
        return content


def _label(role: str, name: str) -> QLabel:
    label = words("", role, wrap=True)
    label.setObjectName(name)
    label.setTextInteractionFlags(_SELECTABLE)
    return label
