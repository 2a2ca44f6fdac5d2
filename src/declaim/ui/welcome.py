"""The middle column while no script is open: what to do first, or what a document is and what can be made of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from declaim.ui.widgets import EmptyState

_FIRST = "Declaim writes the script, you edit it, voices read it. Paste with Ctrl+Shift+V, or start from an empty page."


class WelcomePage(QWidget):
    """``chosen(object)``: ``import`` or ``new_script``."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcomePage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "page")
        state = EmptyState(
            "wave", "Drop a changelog or a document here", _FIRST, (("import", "Import a file"), ("new_script", "New script"))
        )
        state.chosen.connect(self.chosen)
        column = QVBoxLayout(self)
        column.addWidget(state)


class DocumentPage(QWidget):
    """A document without a script yet. ``write_requested(object)`` carries its id."""

    write_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document_id = 0
        self.setObjectName("documentPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "page")
        self._state = EmptyState("document", "Document", "", (("write", "Write a script from it"),))
        self._state.chosen.connect(lambda _name: self.write_requested.emit(self._document_id))
        column = QVBoxLayout(self)
        column.addWidget(self._state)

    def show_document(self, document_id: int, title: str, detail: str) -> None:
        self._document_id = document_id
        self._state.set_words(title, detail)
