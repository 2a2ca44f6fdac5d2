"""Connecting a project to a service: which, with what key; tried with one harmless request before anything is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget
from shiboken6 import isValid

from declaim.commands.connections import ConnectionWish
from declaim.errors import DeclaimError, InputError
from declaim.model.ids import ProjectId
from declaim.model.remote import ConnectionId
from declaim.remote import SERVICES
from declaim.remote.addresses import origin_of
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import SegmentedControl, words
from declaim.ui.widgets.form import ChoiceBox, Form

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_BY_KEY, _BY_VARIABLE, _BY_LOGIN = "key", "variable", "login"
_WAYS = ((_BY_KEY, "A key"), (_BY_VARIABLE, "A key in an environment variable"), (_BY_LOGIN, "E-mail and password"))
_SAID = {
    _BY_KEY: "Tried with one request, then kept in the system's keyring; never in the library.",
    _BY_VARIABLE: "The key is read from this environment variable. Without a keyring only the variable's name is kept.",
    _BY_LOGIN: "The password is sent once and not kept; what is kept is the session that it opens.",
}
_INSECURE = "Allow plain http: everyone between here and that computer can read the key"


class ConnectSheet(Sheet):
    """``connected(ConnectionId)`` when the key was good and the connection is kept."""

    connected = Signal(object)

    def __init__(self, studio: Studio, project_id: ProjectId | None, parent: QWidget | None = None) -> None:
        super().__init__("Connect a service", "connectSheet", parent)
        self._studio = studio
        self.service = SegmentedControl("Service", tuple((each.name, each.title) for each in SERVICES.values()))
        self.project = ChoiceBox([(str(each.id), each.name) for each in studio.projects.all()])
        self.name = QLineEdit()
        self.base_url = QLineEdit()
        self.way = ChoiceBox(_WAYS)
        self.key = _secret("Paste a key")
        self.variable = QLineEdit(placeholderText="LOGTALK_API_KEY")
        self.email = QLineEdit(placeholderText="you@example.org")
        self.password = _secret("Not kept")
        self.per_minute = QSpinBox(minimum=0, maximum=10_000)
        self.per_minute.lineEdit().setTextMargins(SPACE_8, 0, 0, 0)
        self.organization = QLineEdit(placeholderText="Only for the old episodes")
        self.insecure = QCheckBox(_INSECURE)
        self.said = words("", "caption", wrap=True)
        self.said.setObjectName("connectStatus")
        self._close = self.add_button("Cancel", "connectCancelButton")
        self.connect_button = self.add_button("Connect", "connectButton", primary=True)
        self._lay_out(project_id)
        self._connect()
        self._show_fields()
        self.key.setFocus()

    def _lay_out(self, project_id: ProjectId | None) -> None:
        self.form = Form(label_width=128)
        if project_id is not None:
            self.project.show_value(str(project_id))
        for label, field, name in (
            ("Service", self.service, "connectService"),
            ("Project", self.project, "connectProject"),
            ("Sign in with", self.way, "connectWay"),
            ("Key", self.key, "connectKey"),
            ("Variable", self.variable, "connectVariable"),
            ("E-mail", self.email, "connectEmail"),
            ("Password", self.password, "connectPassword"),
            ("Name", self.name, "connectName"),
            ("Base URL", self.base_url, "connectBaseUrl"),
            ("Requests a minute", self.per_minute, "connectPerMinute"),
            ("Organization", self.organization, "connectOrganization"),
        ):
            self.form.add(label, field, name=name)
        self.form.add_wide(self.insecure, name="connectInsecure")
        self.insecure.setAccessibleName(_INSECURE)
        self.body.addWidget(self.form)
        self.body.addWidget(self.said)
        self.body.addStretch()

    def _connect(self) -> None:
        self.service.chosen.connect(self._show_fields)
        self.way.activated.connect(self._show_fields)
        self.base_url.textChanged.connect(self._show_fields)
        self._close.clicked.connect(self.reject)
        self.connect_button.clicked.connect(self._on_connect)

    def _show_fields(self) -> None:
        service = SERVICES[self.service.value]
        self.way.show_choices(_WAYS if service.name == "respeecher" else _WAYS[:2], self.way.value)
        way = self.way.value
        for field, is_shown in (
            (self.key, way == _BY_KEY),
            (self.variable, way == _BY_VARIABLE),
            (self.email, way == _BY_LOGIN),
            (self.password, way == _BY_LOGIN),
            (self.organization, service.name == "logtalk"),
        ):
            self.form.set_row_shown(field, is_shown)
        self.name.setPlaceholderText(service.name)
        self.base_url.setPlaceholderText(service.default_base_url)
        self.variable.setPlaceholderText(f"{service.name.upper()}_API_KEY")
        self.per_minute.setSpecialValueText(f"{service.requests_per_minute} (the usual)")
        self.insecure.setVisible(self._is_plain())
        self._say(_SAID[way])

    def _is_plain(self) -> bool:
        """Whether the address is http to another computer."""
        try:
            origin = origin_of(self.base_url.text().strip())
        except DeclaimError:
            return False
        return origin.scheme == "http" and not origin.is_loopback

    def _on_connect(self) -> None:
        self._say("Trying the key with one request…")
        self.connect_button.setEnabled(False)
        project_id = ProjectId(int(self.project.value or 0))
        try:
            self._studio.connections.connect(project_id, self._wish(), self._on_connected, self._on_failed)
        except DeclaimError as error:
            self._on_failed(error)

    def _wish(self) -> ConnectionWish:
        organization = self.organization.text().strip() if self.service.value == "logtalk" else ""
        is_allowed = self.insecure.isVisible() and self.insecure.isChecked()
        settings: dict[str, str | bool] = {"organization_id": organization, "allow_insecure": is_allowed}
        way = self.way.value
        return ConnectionWish(
            self.service.value,
            self._secret(way),
            self.base_url.text().strip(),
            self.name.text().strip(),
            key_env=self.variable.text().strip() if way == _BY_VARIABLE else "",
            email=self.email.text().strip() if way == _BY_LOGIN else "",
            requests_per_minute=self.per_minute.value() or None,
            settings={name: value for name, value in settings.items() if value},
        )

    def _secret(self, way: str) -> str:
        if not self.project.value:
            raise InputError("There is no project to connect.", cure="Make one first: Ctrl+Shift+N.")
        if way == _BY_VARIABLE:
            name = self.variable.text().strip()
            found = os.environ.get(name, "").strip()
            if not found:
                raise InputError(f"The environment variable “{name}” is not set.", cure="Set it and start Declaim again.")
            return found
        if way == _BY_LOGIN and not self.email.text().strip():
            raise InputError("There is no e-mail address.", cure="Give the one of your account.")
        field = self.key if way == _BY_KEY else self.password
        if not field.text().strip():
            raise InputError(f"There is no {'key' if way == _BY_KEY else 'password'}.", cure="Paste it into the field.")
        return field.text().strip()

    def _on_connected(self, connection_id: ConnectionId) -> None:
        if isValid(self):
            self.key.clear()
            self.password.clear()
            self.connected.emit(connection_id)
            self.accept()

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self.connect_button.setEnabled(True)
            self.password.clear()
            self._say(str(error), is_problem=True)

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        self.said.setText(text)
        self.said.setProperty("role", "problem" if is_problem else "caption")
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)

    def sizeHint(self) -> QSize:
        return QSize(560, 480)


def _secret(placeholder: str) -> QLineEdit:
    field = QLineEdit(placeholderText=placeholder)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
