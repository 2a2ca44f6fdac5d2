"""Who writes the script, what that one lacks, and what it would send."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from declaim.ui.theme import SPACE_4
from declaim.ui.widgets.form import ChoiceBox
from declaim.ui.widgets.words import words

WRITERS = (("offline", "Declaim's own"), ("verbatim", "Verbatim: your words"), ("gemini", "Gemini"))


class WriterChoice(QWidget):
    """What is said below ``box``, which stands in a row of its own. ``chosen(object)`` carries a writer's name;
    ``settings_requested()`` asks for the page where keys are entered."""

    chosen = Signal(object)
    settings_requested = Signal()
    facts_wanted = Signal()
    """The window has come back: a key may have been added meanwhile."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = ChoiceBox(WRITERS)
        self.box.setObjectName("writerPicker")
        self.box.setAccessibleName("Writer")
        self.box.activated.connect(lambda _at: self.chosen.emit(self.value))
        self._needs = ""
        self._sends = ""
        self.says = words("", "caption", wrap=True)
        self.says.setObjectName("writerSays")
        self.settings = QPushButton("Add a key…")
        self.settings.setObjectName("writerSettings")
        self.settings.setAccessibleName("Add a Gemini key in the settings")
        self.settings.setProperty("kind", "link")
        self.settings.clicked.connect(self.settings_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        for widget in (self.says, self.settings):
            column.addWidget(widget)
        self._draw()

    @property
    def value(self) -> str:
        return self.box.value

    def show_value(self, writer: str) -> None:
        self.box.show_value(writer)
        self._draw()

    def show_facts(self, needs: str, sends: str) -> None:
        """What the writer with a model lacks, and what it would send."""
        self._needs, self._sends = needs, sends
        self._draw()

    def _draw(self) -> None:
        is_model = self.value == "gemini"
        self.says.setText((self._needs or self._sends) if is_model else "")
        self.settings.setVisible(is_model and bool(self._needs))
        self.setVisible(bool(self.says.text()))

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and self.value == "gemini":
            self.facts_wanted.emit()
        return super().event(event)
