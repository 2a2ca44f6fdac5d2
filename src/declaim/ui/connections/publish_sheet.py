"""Publishing something to a service: the fields that matter, checked while they are filled in, sent when the user says so."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from declaim.commands.publishing import FORMS
from declaim.errors import DeclaimError, InputError
from declaim.model.remote import Connection
from declaim.remote import find_service
from declaim.remote.logtalk_fields import MOST_CONTENT_BYTES
from declaim.remote.respeecher_fields import MOST_TEXT
from declaim.ui.connections.data_form import DataForm
from declaim.ui.connections.field_spec import SPECS, fitting_label, in_user_words, settings_of
from declaim.ui.connections.voice_orders import VoiceOrders
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.library.library_rows import Key
from declaim.ui.theme import SPACE_12
from declaim.ui.widgets import SegmentedControl, words
from declaim.ui.widgets.row import scrolled

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_HARMLESS = {
    "logtalk": ("content=Words.", "title=Words"),
    "bottalk": ("text=Words.", "title=Words"),
    "respeecher": ("label=Words",),
}
"""What no service refuses, in place of what may be wrong, to see what the rest would be."""
_AS = {"changelog": "Changelog", "document": "Document"}
_PUBLIC = "Public: everyone with the link can listen"
_WAIT = "Wait for the audio (at most 90 seconds)"


class PublishSheet(Sheet):
    """``published(tuple[WishId, ...])``: the wishes are kept and may be sent."""

    published = Signal(object)

    def __init__(self, studio: Studio, key: Key, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__(f"Publish to {connection.name}", "publishSheet", parent)
        self._studio, self._key, self._connection = studio, key, connection
        self._title = studio.unsettled.title_of(*key)
        choices = FORMS[connection.service]
        self.kind = SegmentedControl("Publish as", tuple((form, _AS.get(form, form)) for form in choices))
        self.kind.setObjectName("publishAs")
        self.form = DataForm(SPECS[self._first_form()], "publish")
        self.orders = VoiceOrders(studio, connection) if connection.service == "respeecher" else None
        self.public = _check(_PUBLIC, "publishPublic")
        self.wait = _check(_WAIT, "publishWait")
        self.length = words("", "caption")
        self.length.setObjectName("publishLength")
        self.problem = words("", "problem", wrap=True)
        self.problem.setObjectName("publishProblem")
        self.suggestion = QPushButton()
        self.suggestion.setObjectName("publishSuggestion")
        self.suggestion.setAccessibleName("Use a label that fits")
        self.suggestion.setProperty("kind", "link")
        self.suggestion.setAutoDefault(False)
        self.suggestion.hide()
        self._cancel = self.add_button("Cancel", "publishCancelButton")
        self.send_button = self.add_button("Send", "publishSendButton", primary=True)
        self._lay_out()
        self._fill()
        self._connect()
        self.check()
        next(iter(self.form.fields.values())).setFocus()

    def check(self) -> None:
        """Says what the service would not take, before anything is sent."""
        try:
            fields = self._preview(self._settings())
        except DeclaimError as error:
            self._show_problem(error)
            return
        self.form.mark("")
        self.problem.hide()
        self.suggestion.hide()
        self.send_button.setEnabled(True)
        self.length.setText(_size_in_words(fields))

    # What the user did

    def _on_send(self) -> None:
        try:
            made = self._studio.publishing.wish(*self._key, self._connection, **self._how(self._settings()))
        except DeclaimError as error:
            self._show_problem(error)
            return
        self.published.emit(made)
        self.accept()

    def _on_suggestion(self) -> None:
        self.form.set_value("label", fitting_label(self.form.value("label")))
        self.form.fields["label"].setFocus()

    # What is shown

    def _show_problem(self, error: DeclaimError) -> None:
        message, path = in_user_words(error.message, self.form.specs)
        self.problem.setText(f"{message} {error.cure}".strip())
        self.problem.setAccessibleName(self.problem.text())
        self.problem.show()
        self.length.setText("")
        self.form.mark(path)
        self.send_button.setEnabled(False)
        fits = fitting_label(self.form.value("label")) if path == "label" else ""
        self.suggestion.setVisible(bool(fits))
        self.suggestion.setText(f"Use “{fits}”")
        self.suggestion.setAccessibleName(self.suggestion.text())

    def _first_form(self) -> str:
        """As the commands choose it."""
        choices = FORMS[self._connection.service]
        if "upload" in choices:
            return "upload" if self._key[0] == "recording" else "tts"
        return choices[0]

    def _fill(self) -> None:
        """With what would be sent untouched, also where that would be refused."""
        service = self._connection.service
        fields: Mapping[str, Any] = {"label" if service == "respeecher" else "title": self._title}
        for settings in ((), _HARMLESS[service]):
            with suppress(InputError):
                fields = {**self._studio.publishing.preview(*self._key, self._connection, settings=settings), **fields}
                break
        if "source_type" in fields:
            self.kind.set_value(str(fields["source_type"]))
        self.form.show_values(fields)

    def _preview(self, settings: list[str]) -> Mapping[str, Any]:
        return self._studio.publishing.preview(*self._key, self._connection, **self._how(settings))

    def _how(self, settings: list[str]) -> dict[str, Any]:
        form = self.kind.value if self._connection.service == "logtalk" else self._first_form()
        return {"form": form, "settings": settings, "public": self.public.isChecked(), "wait": self.wait.isChecked()}

    def _settings(self) -> list[str]:
        ordered = self.orders.settings() if self.orders is not None else []
        return [*settings_of(self.form.values(), self.form.specs), *ordered]

    def _connect(self) -> None:
        self.form.changed.connect(self.check)
        self.kind.chosen.connect(lambda _form: self.check())
        self.public.toggled.connect(self.check)
        if self.orders is not None:
            self.orders.changed.connect(self.check)
        self.suggestion.clicked.connect(self._on_suggestion)
        self._cancel.clicked.connect(self.reject)
        self.send_button.clicked.connect(self._on_send)

    def _lay_out(self) -> None:
        service = find_service(self._connection.service)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_12, 0)
        column.setSpacing(SPACE_12)
        is_logtalk = self._connection.service == "logtalk"
        for widget, is_shown in (
            (self.kind, is_logtalk),
            (self.form, True),
            (self.public, is_logtalk),
            (self.wait, is_logtalk),
        ):
            widget.setVisible(is_shown)
            if is_shown:
                column.addWidget(widget)
        if self.orders is not None:
            column.addWidget(words("Voices", "heading"))
            column.addWidget(self.orders)
        column.addStretch()
        area = scrolled(inside)
        self.body.addWidget(words(f"“{self._title}” to {service.title}", "secondary", wrap=True))
        area.setMinimumHeight(300)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.length)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.suggestion)

    def sizeHint(self) -> QSize:
        return QSize(620, 620)


def _check(label: str, name: str) -> QCheckBox:
    box = QCheckBox(label)
    box.setObjectName(name)
    box.setAccessibleName(label)
    return box


def _size_in_words(fields: Mapping[str, Any]) -> str:
    """How much is sent of what the service takes."""
    if "content" in fields:
        return f"{len(str(fields['content']).encode()):,} of at most {MOST_CONTENT_BYTES:,} bytes of text"
    if "label" in fields and "text" in fields:
        return f"{len(str(fields['text'])):,} of at most {MOST_TEXT:,} characters"
    return f"{len(str(fields['text'])):,} characters of text" if "text" in fields else ""
