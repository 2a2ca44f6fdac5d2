"""One word with all its choices: for whom it counts, a pattern or plain, its case."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.widgets import SegmentedControl, words
from declaim.ui.widgets.form import Form

_SCOPES = ((LexiconScope.PROJECT, "This project"), (LexiconScope.USER, "Everything"))
_PLAIN = "Matched as a whole word, wherever it stands."
_PATTERN = r"Matched as a whole word; \1 in what is said stands for the first group, as in v(\d+) said version \1."


class WordSheet(Sheet):
    """``saved(object)`` carries the entry as (the one before or None, the one now)."""

    saved = Signal(object)

    def __init__(self, entry: LexiconEntry | None = None, parent: QWidget | None = None) -> None:
        super().__init__("How a word is said" if entry else "Add a word", "wordSheet", parent)
        self._entry = entry
        shown = entry or LexiconEntry("", "", scope=LexiconScope.PROJECT)
        self.written, self.said = QLineEdit(shown.written), QLineEdit(shown.spoken)
        for field in (self.written, self.said):
            field.setMaxLength(500)
        self.scope = SegmentedControl("Counts for", _SCOPES)
        self.scope.set_value(shown.scope)
        self.is_pattern = QCheckBox("A regular expression")
        self.is_pattern.setChecked(shown.is_regex)
        self.keeps_case = QCheckBox("Capitals and small letters just so")
        self.keeps_case.setChecked(shown.case_sensitive)
        self._hint = words("", "caption", wrap=True)
        self._cancel = self.add_button("Cancel", "wordCancelButton")
        self._save = self.add_button("Save", "wordSaveButton", primary=True)
        self._lay_out()
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._on_save)
        self.is_pattern.toggled.connect(self._see)
        self.written.textChanged.connect(self._see)
        self.said.textChanged.connect(self._see)
        self._see()
        self.written.setFocus()

    def _see(self) -> None:
        self._save.setEnabled(bool(self.written.text().strip() and self.said.text().strip()))
        self._hint.setText(_PATTERN if self.is_pattern.isChecked() else _PLAIN)

    def _on_save(self) -> None:
        entry = dataclasses.replace(
            self._entry or LexiconEntry("", ""),
            written=self.written.text().strip(),
            spoken=self.said.text().strip(),
            scope=LexiconScope(self.scope.value),
            is_regex=self.is_pattern.isChecked(),
            case_sensitive=self.keeps_case.isChecked(),
        )
        self.saved.emit((self._entry, entry))
        self.accept()

    def _lay_out(self) -> None:
        form = Form()
        form.add("Word", self.written, name="wordWritten")
        form.add("Said as", self.said, name="wordSaid")
        form.add("Counts for", self.scope, name="wordScope")
        for box, name in ((self.is_pattern, "wordPattern"), (self.keeps_case, "wordCase")):
            box.setAccessibleName(box.text())
            form.add_wide(box, name=name)
        form.add_wide(self._hint)
        self.body.addWidget(form)
        self.body.addStretch()

    def sizeHint(self) -> QSize:
        return QSize(440, 320)
