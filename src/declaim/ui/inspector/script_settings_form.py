"""How a script is written: LogTalk's settings, kept as they are changed, and a button to write it anew with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox, QWidget

from declaim.errors import InputError
from declaim.model.script import ScriptSettings, Tone, Verbosity
from declaim.model.source import Release, Source, SourceType
from declaim.ui.inspector.writer_choice import WriterChoice
from declaim.ui.widgets.form import ChoiceBox, Form
from declaim.ui.widgets.words import words

_TONES = tuple((tone, tone.capitalize()) for tone in Tone)
_LENGTHS = ((Verbosity.BRIEF, "Brief"), (Verbosity.NORMAL, "Normal"), (Verbosity.DETAILED, "Detailed"))
_KINDS = ((SourceType.CHANGELOG, "Changelog"), (SourceType.DOCUMENT, "Document"))
_SPEAKERS = (("1", "One narrator"), ("2", "Two hosts"))


class ScriptSettingsForm(Form):
    """``changed(object)`` carries the ``ScriptSettings`` after a change, ``writer_chosen(object)`` a writer's name,
    ``kind_chosen(object)`` the ``SourceType`` to take the document for. ``write_requested()`` asks for the writing."""

    changed = Signal(object)
    writer_chosen = Signal(object)
    kind_chosen = Signal(object)
    write_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = ScriptSettings()
        self._releases: tuple[Release, ...] = ()
        self._tone = ChoiceBox(_TONES)
        self._length = ChoiceBox(_LENGTHS)
        self._speakers = ChoiceBox(_SPEAKERS)
        self.writer = WriterChoice()
        self._kind = ChoiceBox(_KINDS)
        self._release = ChoiceBox(_release_choices((), "latest"))
        self._since = ChoiceBox(_since_choices((), ""))
        self._texts = {name: QLineEdit() for name in ("title", "product_name", "version", "audience", "cta")}
        self._context = QPlainTextEdit()
        self._severity = QCheckBox("Sober tone for security releases")
        self._history = QCheckBox("Look at earlier releases")
        self._history_limit = QSpinBox(minimum=1, maximum=100)
        self._problem = words("", "problem", wrap=True)
        self._write = QPushButton("Write again")
        self._lay_out()
        self._connect()

    def show_settings(self, settings: ScriptSettings, *, writer: str = "offline", can_write: bool) -> None:
        """``can_write``: whether there is a document to write from."""
        self._settings = settings
        self.writer.show_value(writer)
        self._show_releases()
        self._kind.setEnabled(can_write)
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

    def show_source(self, source: Source | None) -> None:
        """The document's kind, and its releases to choose from."""
        self._releases = source.releases if source is not None else ()
        is_changelog = source is not None and source.source_type is SourceType.CHANGELOG
        if source is not None:
            self._kind.show_value(source.source_type)
        for box in (self._release, self._since, self._history, self._history_limit, self._severity):
            box.setEnabled(is_changelog)
        self._show_releases()

    def _show_releases(self) -> None:
        self._release.show_choices(_release_choices(self._releases, self._settings.release), self._settings.release)
        self._since.show_choices(_since_choices(self._releases, self._settings.since), self._settings.since)

    def _values(self) -> dict[str, Any]:
        return {
            "tone": Tone(self._tone.value),
            "verbosity": Verbosity(self._length.value),
            "speakers": int(self._speakers.value),
            "release": self._release.value,
            "since": self._since.value,
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
        self._texts["title"].setMaxLength(500)
        self._texts["title"].setPlaceholderText("As the document says")
        self._texts["product_name"].setPlaceholderText("As the document says")
        self._texts["version"].setPlaceholderText("As the release says")
        self._texts["audience"].setPlaceholderText("Who listens")
        self._texts["cta"].setPlaceholderText("What listeners should do")
        for label, field, name in (
            ("Read as", self._kind, "kindPicker"),
            ("Writer", self.writer.box, "writerPicker"),
            ("Release", self._release, "releasePicker"),
            ("Since", self._since, "sincePicker"),
            ("Tone", self._tone, "tonePicker"),
            ("Length", self._length, "verbosityPicker"),
            ("Speakers", self._speakers, "speakersPicker"),
            ("Title", self._texts["title"], "titleField"),
            ("Product", self._texts["product_name"], "productNameField"),
            ("Version", self._texts["version"], "versionField"),
            ("Audience", self._texts["audience"], "audienceField"),
            ("Closing", self._texts["cta"], "ctaField"),
            ("Context", self._context, "contextField"),
        ):
            self.add(label, field, name=name)
            if field is self.writer.box:
                self.add_wide(self.writer, name="writerChoice")
        for box, name in ((self._severity, "severityBox"), (self._history, "historyBox")):
            box.setAccessibleName(box.text())
            self.add_wide(box, name=name)
        self._history_limit.setSuffix(" releases")
        self.add("At most", self._history_limit, name="historyLimitField")
        self.add_wide(self._problem)
        self._problem.hide()
        self._write.setAccessibleName("Write the script again with these settings")
        self._write.setToolTip("With these settings; what you edited stays unless you say so · Ctrl+Shift+R")
        self.add_wide(self._write, name="writeAgainButton")

    def _connect(self) -> None:
        self.writer.chosen.connect(self.writer_chosen)
        self._kind.activated.connect(lambda _at: self.kind_chosen.emit(SourceType(self._kind.value)))
        for picker in (self._tone, self._length, self._speakers, self._release, self._since):
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


def _release_choices(releases: Sequence[Release], chosen: str) -> list[tuple[str, str]]:
    """What can be told: the newest, all, what is not released, or one of them; and the choice made, whatever it is."""
    found = [("latest", "The newest"), ("all", "All of them")]
    if any(release.unreleased for release in releases):
        found.append(("unreleased", "Unreleased changes"))
    return _with_chosen([*found, *_versions(releases)], chosen)


def _since_choices(releases: Sequence[Release], chosen: str) -> list[tuple[str, str]]:
    return _with_chosen([("", "Any"), *((version, f"After {label}") for version, label in _versions(releases))], chosen)


def _versions(releases: Sequence[Release]) -> list[tuple[str, str]]:
    labels = {release.version: _label(release) for release in reversed(releases) if release.version}
    return list(reversed(labels.items()))


def _label(release: Release) -> str:
    return f"{release.version} · {release.date.day} {release.date:%b %Y}" if release.date else release.version


def _with_chosen(choices: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    return choices if any(value == chosen for value, _label in choices) else [*choices, (chosen, chosen)]
