"""The key of one engine: pasted, tested, kept, removed; and how much may be asked of the engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from declaim.commands.keys import Keys, KeyState
from declaim.errors import DeclaimError
from declaim.model.wording import counted
from declaim.ui.theme import SPACE_4
from declaim.ui.widgets import words
from declaim.ui.widgets.form import indent
from declaim.ui.widgets.row import row_of

_MOST = 1_000_000


class KeyForm(QWidget):
    """``changed()``: a key was kept or removed, or voices were read. The field is emptied as soon as a key is kept: nothing
    shows it again but its last signs."""

    changed = Signal()

    def __init__(self, keys: Keys, state: KeyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys, self._engine, self._label = keys, state.engine, state.label
        self.field = QLineEdit(placeholderText="Paste a key")
        self.field.setObjectName(f"{self._engine}Key")
        self.field.setAccessibleName(f"{self._label} key")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.returnPressed.connect(self._on_save)
        self.status = words(state.text, "caption", wrap=True)
        self.status.setObjectName(f"{self._engine}KeyStatus")
        self.test = self._button("Test", f"{self._engine}KeyTest", f"Test the {self._label} key", self._on_test)
        self.save = self._button("Save", f"{self._engine}KeySave", f"Save the {self._label} key", self._on_save)
        self.remove = self._button("Remove", f"{self._engine}KeyRemove", f"Remove the {self._label} key", self._on_remove)
        self.read = self._button("Read voices", f"{self._engine}Read", f"Read the voices of {self._label}", self._on_read)
        self.remove.setEnabled(state.is_kept)
        chosen = keys.choices(self._engine)
        self.per_minute = self._cap("requests_per_minute", "a minute", chosen.requests_per_minute)
        self.per_day = self._cap("requests_per_day", "a day", chosen.requests_per_day)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_4, 0, 0)
        column.setSpacing(SPACE_4)
        column.addLayout(row_of(self.field, self.test, self.save, self.remove))
        column.addWidget(self.status)
        column.addLayout(row_of(self.read, words("At most", "caption"), self.per_minute, self.per_day, None))

    def _on_save(self) -> None:
        if self.field.text().strip():
            self._run(lambda: self._keys.keep(self._engine, self.field.text(), self._kept, self._failed), "Saving…")
        else:
            self._say("Paste a key into the field first.")

    def _on_test(self) -> None:
        self._run(lambda: self._keys.test(self._engine, self.field.text(), self._tell, self._failed), "Testing…")

    def _on_remove(self) -> None:
        self._run(lambda: self._keys.remove(self._engine, self._removed, self._failed), "Removing…")

    def _on_read(self) -> None:
        self._run(lambda: self._keys.read_voices(self._engine, self._read_done, self._failed), "Reading…")

    def _kept(self, shown: str) -> None:
        if isValid(self):
            self.field.clear()
            self.remove.setEnabled(True)
            self._say(f"Saved in the system's keyring: {shown}")
            self.changed.emit()

    def _removed(self, says: str) -> None:
        if isValid(self):
            self.remove.setEnabled(False)
            self._say(says)
            self.changed.emit()

    def _read_done(self, count: int) -> None:
        if isValid(self):
            self._say(f"{counted(count, 'voice')} read.")
            self.changed.emit()

    def _tell(self, says: str) -> None:
        if isValid(self):
            self._say(says)

    def _failed(self, error: Exception) -> None:
        if isValid(self):
            self._say(str(error), is_problem=True)

    def _run(self, start: Callable[[], object], meanwhile: str) -> None:
        self._say(meanwhile)
        try:
            start()
        except DeclaimError as error:
            self._failed(error)

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        self.status.setText(text)
        self.status.setProperty("role", "problem" if is_problem else "caption")
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)

    def _button(self, label: str, name: str, accessible: str, pressed: Callable[[], None]) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(accessible)
        button.setAutoDefault(False)
        button.clicked.connect(pressed)
        return button

    def _cap(self, name: str, per: str, value: int) -> QSpinBox:
        box = QSpinBox(minimum=0, maximum=_MOST, value=min(value, _MOST))
        box.setSpecialValueText(f"any number {per}")
        box.setSuffix(f" {per}")
        box.setObjectName(f"{self._engine}{'PerMinute' if 'minute' in name else 'PerDay'}")
        box.setAccessibleName(f"Requests to {self._label} {per}")
        box.setKeyboardTracking(False)
        indent(box)
        box.valueChanged.connect(lambda chosen: self._keys.choose(self._engine, **{name: chosen}))
        return box
