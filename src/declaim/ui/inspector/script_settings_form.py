"""How a script is written: LogTalk's settings, kept as they are changed, and a button to write it anew with them."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox, QWidget

from declaim.errors import InputError
from declaim.model.script import ScriptSettings, Tone, Verbosity
from declaim.ui.widgets.form import ChoiceBox, Form
from declaim.ui.widgets.words import words

_TONES = tuple((tone, tone.capitalize()) for tone in Tone)
_LENGTHS = ((Verbosity.BRIEF, "Brief"), (Verbosity.NORMAL, "Normal"), (Verbosity.DETAILED, "Detailed"))
_SPEAKERS = (("1", "One narrator"), ("2", "Two hosts"))


class ScriptSettingsForm(Form):
    """``changed(object)`` carries the ``ScriptSettings`` after a change; ``write_requested()`` asks for a new script."""

    changed = Signal(object)
    write_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = ScriptSettings()
        self._tone = ChoiceBox(_TONES)
        self._length = ChoiceBox(_LENGTHS)
        self._speakers = ChoiceBox(_SPEAKERS)
        self._texts = {name: QLineEdit() for name in ("product_name", "version", "release", "since", "audience", "cta")}
        self._context = QPlainTextEdit()
        self._severity = QCheckBox("Grave when it is grave")
        self._history = QCheckBox("Look at earlier releases")
        self._history_limit = QSpinBox(minimum=1, maximum=100)
        self._problem = words("", "problem", wrap=True)
        self._write = QPushButton("Write again")
        self._lay_out()
        self._connect()

    def show_settings(self, settings: ScriptSettings, *, can_write: bool) -> None:
        """``can_write``: whether there is a document to write from."""
        self._settings = settings
        self._tone.show_value(settings.tone)
        self._length.show_value(settings.verbosity)
        self._speakers.show_value(str(settings.speakers))
        for name, field in self._texts.items():
            if not field.hasFocus():
                field.setText(getattr(settings, name))
        if not self._context.hasFocus() and self._context.toPlainText() != settings.additional_context:
            self._context.setPlainText(settings.additional_context)
        self._severity.setChecked(settings.severity_aware_tone)
        self._history.setChecked(settings.use_history)
        self._history_limit.blockSignals(True)
        self._history_limit.setValue(settings.history_limit)
        self._history_limit.blockSignals(False)
        self._write.setVisible(can_write)

    def _values(self) -> dict[str, Any]:
        return {
            "tone": Tone(self._tone.value),
            "verbosity": Verbosity(self._length.value),
            "speakers": int(self._speakers.value),
            "additional_context": self._context.toPlainText().strip(),
            "severity_aware_tone": self._severity.isChecked(),
            "use_history": self._history.isChecked(),
            "history_limit": self._history_limit.value(),
            **{name: field.text().strip() for name, field in self._texts.items()},
        }

    def _on_change(self) -> None:
        try:
            settings = dataclasses.replace(self._settings, **self._values())
        except InputError as error:
            self._problem.setText(str(error))
            self._problem.show()
            return
        self._problem.hide()
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)

    def _lay_out(self) -> None:
        self._context.setProperty("role", "field")
        self._context.setTabChangesFocus(True)
        self._context.setFixedHeight(72)
        self._texts["release"].setPlaceholderText("latest, all or a version")
        self._texts["cta"].setPlaceholderText("What listeners should do")
        for label, field, name in (
            ("Tone", self._tone, "tonePicker"),
            ("Length", self._length, "verbosityPicker"),
            ("Speakers", self._speakers, "speakersPicker"),
            ("Product", self._texts["product_name"], "productNameField"),
            ("Version", self._texts["version"], "versionField"),
            ("Release", self._texts["release"], "releaseField"),
            ("Since", self._texts["since"], "sinceField"),
            ("Audience", self._texts["audience"], "audienceField"),
            ("Closing", self._texts["cta"], "ctaField"),
            ("Context", self._context, "contextField"),
        ):
            self.add(label, field, name=name)
        for box, name in ((self._severity, "severityBox"), (self._history, "historyBox")):
            box.setAccessibleName(box.text())
            self.add_wide(box, name=name)
        self.add("At most", self._history_limit, name="historyLimitField")
        self.add_wide(self._problem)
        self._problem.hide()
        self._write.setAccessibleName("Write the script again with these settings")
        self._write.setToolTip("With these settings; what you edited stays unless you say so · Ctrl+Shift+R")
        self.add_wide(self._write, name="writeAgainButton")

    def _connect(self) -> None:
        for picker in (self._tone, self._length, self._speakers):
            picker.activated.connect(self._on_change)
        for box in (self._severity, self._history):
            box.clicked.connect(self._on_change)
        for field in self._texts.values():
            field.editingFinished.connect(self._on_change)
        self._history_limit.editingFinished.connect(self._on_change)
        self._context.installEventFilter(self)
        self._write.clicked.connect(self._on_write)

    def _on_write(self) -> None:
        self._on_change()
        self.write_requested.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._context and event.type() == QEvent.Type.FocusOut:
            self._on_change()
        return super().eventFilter(watched, event)
