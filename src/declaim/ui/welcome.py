"""The middle column while no script is open: what to do first, or what a document is and what can be made of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from declaim.model.library import DocumentRow
from declaim.model.source import SourceType
from declaim.ui.widgets import EmptyState, SegmentedControl

_FIRST = "Declaim writes the script, you edit it, voices read it. Paste with Ctrl+Shift+V, or start from an empty page."
_ACTIONS = (("import", "Import a file"), ("new_script", "New script"))


class WelcomePage(QWidget):
    """``chosen(object)``: ``import``, ``new_script`` or ``sample``."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcomePage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "page")
        # Has the focus where there is no row to have it, so that no button wears a ring before a key is pressed.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        state = EmptyState("wave", "Drop a changelog or a document here", _FIRST, _ACTIONS)
        state.chosen.connect(self.chosen)
        sample = QPushButton("Look at the sample project")
        sample.setObjectName("sampleButton")
        sample.setAccessibleName("Look at the sample project")
        sample.setProperty("kind", "link")
        sample.clicked.connect(lambda: self.chosen.emit("sample"))
        state.add_below(sample)
        column = QVBoxLayout(self)
        column.addWidget(state)


class DocumentPage(QWidget):
    """A document: what it is taken for, and what can be made of it."""

    write_requested = Signal(object)
    """Id of the document."""
    kind_requested = Signal(object)
    """(id, ``SourceType``) that it is to be taken for."""
    read_requested = Signal(object)
    """Id of a document that is to be read from its file again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document_id = 0
        self.setObjectName("documentPage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "page")
        self._state = EmptyState("document", "Document", "", (("write", "Write a script from it"),))
        self._state.chosen.connect(lambda _name: self.write_requested.emit(self._document_id))
        self.kind = SegmentedControl("Read as", ((SourceType.CHANGELOG, "Changelog"), (SourceType.DOCUMENT, "Document")))
        self.kind.setObjectName("documentKind")
        self.kind.setFixedWidth(240)
        self.kind.chosen.connect(lambda kind: self.kind_requested.emit((self._document_id, SourceType(kind))))
        self._read = QPushButton("Read its file again")
        self._read.setObjectName("readAgainButton")
        self._read.setAccessibleName("Read its file again")
        self._read.setToolTip("Takes over what the file says now; scripts stay as they are until they are written again")
        self._read.setProperty("kind", "quiet")
        self._read.clicked.connect(lambda: self.read_requested.emit(self._document_id))
        self._state.add_below(self.kind)
        self._state.add_below(self._read)
        column = QVBoxLayout(self)
        column.addWidget(self._state)

    def show_document(self, document: DocumentRow, *, has_file: bool) -> None:
        """``has_file``: whether the file that it came from is still there."""
        self._document_id = document.id
        count = len(document.markdown.split())
        origin = f"From {document.origin}" if document.origin else ""
        self._state.set_words(document.title, " · ".join(part for part in (origin, f"{count:,} words") if part))
        self.kind.set_value(document.source_type)
        self._read.setVisible(has_file)
