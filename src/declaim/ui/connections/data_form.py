"""A form made from data: a row for each field, the rest behind "More", and what the user changed of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from declaim.ui.connections.field_spec import FieldSpec
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets.form import ChoiceBox, Form
from declaim.ui.widgets.section import FoldedSection

_LABEL_WIDTH = 128
_SOON_MS = 150


class DataForm(QWidget):
    """``changed()`` when the user has changed something and rests. ``prefix`` begins the fields' object names."""

    changed = Signal()

    def __init__(self, specs: Sequence[FieldSpec], prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.specs = tuple(specs)
        self._prefix = prefix
        self._initial: dict[str, str] = {}
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.changed)
        self.fields: dict[str, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_8)
        self._column.addWidget(self._form([spec for spec in self.specs if not spec.is_more]))
        more = [spec for spec in self.specs if spec.is_more]
        self.more = FoldedSection("More", lambda: self._more) if more else None
        if self.more is not None:
            self._more = self._form(more)
            self._more.hide()
            self.more.setObjectName(f"{prefix}More")
            self._column.addWidget(self.more)
            self._more.setParent(self)

    def show_values(self, values: Mapping[str, Any]) -> None:
        """What the form starts with; it counts as unchanged. Names are dotted, or nested objects."""
        flat = _flat(values)
        for spec in self.specs:
            if spec.path in flat:
                _put(self.fields[spec.path], _as_text(flat[spec.path], spec.kind))
        self._initial = {spec.path: _text_in(self.fields[spec.path]) for spec in self.specs}
        self._soon.stop()

    def values(self) -> dict[str, str]:
        """What the user changed, as text that the commands read."""
        found = {}
        for spec in self.specs:
            text = _text_in(self.fields[spec.path])
            if text != self._initial.get(spec.path, _EMPTY.get(spec.kind, "")):
                found[spec.path] = _as_setting(text, spec.kind)
        return found

    def value(self, path: str) -> str:
        return _text_in(self.fields[path])

    def set_value(self, path: str, text: str) -> None:
        """As if the user had typed it."""
        _put(self.fields[path], text)

    def mark(self, path: str) -> None:
        """Shows which field a problem is about; none for the empty path."""
        for known, field in self.fields.items():
            is_wrong = known == path
            if bool(field.property("wrong")) != is_wrong:
                field.setProperty("wrong", is_wrong)
                field.style().unpolish(field)
                field.style().polish(field)
        if self.more is not None and any(spec.is_more and spec.path == path for spec in self.specs):
            self.more.set_open(True)

    def _form(self, specs: Sequence[FieldSpec]) -> Form:
        form = Form(label_width=_LABEL_WIDTH)
        for spec in specs:
            field = self._field(spec)
            name = f"{self._prefix}-{spec.path}"
            self.fields[spec.path] = field
            if isinstance(field, QCheckBox):
                form.add_wide(field, name=name)
                field.setAccessibleName(spec.label)
            else:
                form.add(spec.label, field, name=name)
        return form

    def _field(self, spec: FieldSpec) -> QWidget:
        if spec.kind == "choice":
            box = ChoiceBox(spec.choices)
            box.currentIndexChanged.connect(self._soon.start)
            return box
        if spec.kind == "flag":
            flag = QCheckBox(spec.label)
            flag.toggled.connect(self._soon.start)
            return flag
        if spec.kind in ("long", "json"):
            text = QPlainTextEdit()
            text.setProperty("role", "field")
            text.setTabChangesFocus(True)
            text.setFixedHeight(64)
            text.setPlaceholderText(spec.hint)
            text.textChanged.connect(self._soon.start)
            return text
        line = QLineEdit(placeholderText=spec.hint)
        line.textChanged.connect(self._soon.start)
        return line


_EMPTY = {"flag": "false"}


def _text_in(field: QWidget) -> str:
    if isinstance(field, QComboBox):
        return str(field.currentData() or "")
    if isinstance(field, QCheckBox):
        return "true" if field.isChecked() else "false"
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    return field.text() if isinstance(field, QLineEdit) else ""


def _put(field: QWidget, text: str) -> None:
    if isinstance(field, QComboBox):
        field.setCurrentIndex(max(0, field.findData(text)))
    elif isinstance(field, QCheckBox):
        field.setChecked(text == "true")
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    elif isinstance(field, QLineEdit):
        field.setText(text)


def _as_text(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == "texts" and isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else "" if value is None else str(value)


def _as_setting(text: str, kind: str) -> str:
    if kind == "texts":
        return json.dumps([part.strip() for part in text.split(",") if part.strip()], ensure_ascii=False)
    return text


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}{name}.")
        found[f"{path}{name}"] = value
    return found
