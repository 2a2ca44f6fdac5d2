"""Everything a service can do, one operation at a time: a form from its contract, one request, the answer as it came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from declaim.errors import DeclaimError, InputError
from declaim.model.remote import Connection, RemoteItem
from declaim.remote import OPERATIONS, Operation, as_json, call
from declaim.remote.bodies import Field
from declaim.ui.connections.data_form import DataForm
from declaim.ui.connections.field_spec import settings_of, specs_of
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import words
from declaim.ui.widgets.form import ChoiceBox
from declaim.ui.widgets.row import row_of, scrolled, small_button

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_FILES = {"data": "Sound file to send", "target": "File to write"}
_MADE_HERE = frozenset({"idempotency_key", "body", *_FILES})
_CHANGES = (
    "This changes something there. It is sent once, as it stands, and the library does not know of it before the next sync."
)
_DETAILS = {
    "conversion": ("logtalk.get_conversion", "id"),
    "episode": ("logtalk.get_episode", "id"),
    "doctalk": ("logtalk.get_doctalk", "id"),
    "article": ("bottalk.get_article", "articleId"),
    "folder": ("respeecher.get_folder", "folder_id"),
    "recording": ("respeecher.get_recording", "recording_id"),
}


class OperationSheet(Sheet):
    """``operation`` and ``values`` choose and fill in the first form."""

    def __init__(
        self,
        studio: Studio,
        connection: Connection,
        operation: str = "",
        values: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"Ask {connection.name}", "operationSheet", parent)
        self._studio, self._connection = studio, connection
        known = [each for each in OPERATIONS.values() if each.service == connection.service]
        self.picker = ChoiceBox([(each.name, _title(each)) for each in known])
        self.picker.setObjectName("operationPicker")
        self.picker.setAccessibleName("What to ask")
        self.form: DataForm | None = None
        self.files: dict[str, QLineEdit] = {}
        self._place = QVBoxLayout()
        self.sure = QCheckBox("I know what this does there")
        self.sure.setObjectName("operationSure")
        self.sure.setAccessibleName(self.sure.text())
        self.said = words("", "caption", wrap=True)
        self.said.setObjectName("operationStatus")
        self.answer = QPlainTextEdit(readOnly=True)
        self.answer.setObjectName("operationAnswer")
        self.answer.setAccessibleName("The answer")
        self.answer.setTabChangesFocus(True)
        self.answer.setMinimumHeight(160)
        self._lay_out()
        self.add_button("Close", "operationCloseButton").clicked.connect(self.accept)
        self.ask_button = self.add_button("Ask", "operationAskButton", primary=True)
        self.ask_button.clicked.connect(self._on_ask)
        self.picker.currentIndexChanged.connect(lambda _at: self._show_operation())
        self.sure.toggled.connect(lambda _is_sure: self._show_button())
        self.picker.show_value(operation or next(each.name for each in known if not each.changes))
        self._show_operation()
        if values and self.form is not None:
            self._fill(values)

    @property
    def operation(self) -> Operation:
        return OPERATIONS[self.picker.value]

    def ask(self) -> None:
        """Sends the one request; a refusal stands where the answer would."""
        self._on_ask()

    def _on_ask(self) -> None:
        assert self.form is not None
        values, files = self.form.values(), {name: field.text().strip() for name, field in self.files.items()}
        self.said.setText("Asking…")
        self.ask_button.setEnabled(False)
        try:
            missing = next((_FILES[name] for name, path in files.items() if not path), "")
            if missing:
                raise InputError(f"{missing}: there is none.", cure="Choose one.")
            paths = {name: Path(path) for name, path in files.items()}
            work = partial(_call, self.operation.name, settings_of(values, self.form.specs), paths)
            self._studio.syncing.run(
                self._connection, f"{self._connection.name}: {_title(self.operation)}", work, self._on_answer, self._on_failed
            )
        except DeclaimError as error:
            self._on_failed(error)

    def _on_answer(self, found: Any) -> None:
        if isValid(self):
            self._show_button()
            self.said.setText("Answered.")
            self.answer.setPlainText(json.dumps(found, indent=2, ensure_ascii=False))

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self._show_button()
            self.said.setText(str(error))
            self.answer.setPlainText("")

    def _show_operation(self) -> None:
        if self.form is not None:
            self._place.removeWidget(self.form)
            self.form.deleteLater()
        while self._place.count():
            taken = self._place.takeAt(0)
            widget = taken.widget() if taken is not None else None
            if widget is not None:
                widget.deleteLater()
        operation = self.operation
        settable = {name: spec for name, spec in operation.settable.items() if name not in _MADE_HERE}
        required = {name: _required(spec) if name in operation.placeholders else spec for name, spec in settable.items()}
        self.form = DataForm(tuple(specs_of(required)), "operation")
        self._place.addWidget(self.form)
        self.files = {name: self._file_field(name) for name in _FILES if any(each.name == name for each in operation.parameters)}
        self.sure.setVisible(operation.changes)
        self.sure.setChecked(False)
        self.said.setText(_CHANGES if operation.changes else f"{operation.method} {operation.path}")
        self.answer.setPlainText("")
        self._show_button()

    def _fill(self, values: Mapping[str, Any]) -> None:
        assert self.form is not None
        for path, value in values.items():
            self.form.set_value(path, str(value))

    def _file_field(self, name: str) -> QLineEdit:
        field = QLineEdit(placeholderText=_FILES[name])
        field.setObjectName(f"operation-{name}")
        field.setAccessibleName(_FILES[name])
        choose = small_button("Choose…", f"operation-{name}-choose", partial(self._choose_file, name))
        line = QWidget()
        row = row_of(field, choose)
        row.setContentsMargins(0, 0, 0, 0)
        line.setLayout(row)
        self._place.addWidget(line)
        return field

    def _choose_file(self, name: str) -> None:
        ask = QFileDialog.getOpenFileName if name == "data" else QFileDialog.getSaveFileName
        path, _filter = ask(self, _FILES[name])
        if path:
            self.files[name].setText(path)

    def _show_button(self) -> None:
        changes = self.operation.changes
        self.ask_button.setText("Send" if changes else "Ask")
        self.ask_button.setAccessibleName(self.ask_button.text())
        self.ask_button.setEnabled(not changes or self.sure.isChecked())

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_8, 0)
        column.addLayout(self._place)
        column.addStretch()
        self.body.addWidget(self.picker)
        self.body.addWidget(scrolled(inside), 1)
        self.body.addWidget(self.sure)
        self.body.addWidget(self.said)
        self.body.addWidget(self.answer, 1)

    def sizeHint(self) -> QSize:
        return QSize(680, 640)


def open_export(studio: Studio, item: RemoteItem, connection: Connection, parent: QWidget | None) -> None:
    """A zip of a project or of an original with its conversions, packed there: the user says where it goes."""
    is_project = item.remote_kind == "project"
    name, field = ("respeecher.export_project", "project_id") if is_project else ("respeecher.export_recording", "original_id")
    OperationSheet(studio, connection, name, {field: item.remote_id}, parent).open()


def open_details(studio: Studio, item: RemoteItem, connection: Connection, parent: QWidget | None) -> None:
    """What the service says of one item, asked at once."""
    name, field = _DETAILS.get(item.remote_kind, ("respeecher.list_projects", ""))
    sheet = OperationSheet(studio, connection, name, {field: item.remote_id} if field else {}, parent)
    sheet.open()
    sheet.ask()


def _call(name: str, settings: list[str], files: Mapping[str, Path], client: Any, _cancel: object) -> Any:
    """In a worker."""
    return as_json(call(name, client, settings, files))


def _title(operation: Operation) -> str:
    """``List conversions``, and a mark where it changes something."""
    words_of_name = operation.name.partition(".")[2].replace("_", " ")
    return f"{words_of_name[:1].upper()}{words_of_name[1:]}{' (changes)' if operation.changes else ''}"


def _required(spec: Field) -> Field:
    return replace(spec, required=True)
