"""Which voices an original is to be converted by, each with its style, accent and pitch. The list of voices is asked once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from declaim.errors import DeclaimError, InputError
from declaim.model.remote import Connection
from declaim.model.work import CancelToken
from declaim.remote import Client, Respeecher, items_in
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import IconButton, words
from declaim.ui.widgets.form import ChoiceBox
from declaim.ui.widgets.row import small_button

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.remote.respeecher_values import RemoteVoice

_ANY_STYLE, _ANY_ACCENT = ("", "Usual style"), ("", "Usual accent")
_NO_CALIBRATION = ("", "No calibration")


@dataclass(frozen=True)
class Catalogue:
    voices: tuple[RemoteVoice, ...]
    calibrations: tuple[tuple[str, str], ...]


def read_catalogue(client: Client, cancel: CancelToken) -> Catalogue:
    """In a worker.

    Raises:
        InputError: for a service without voices.
        RemoteError: what the service says.
    """
    if not isinstance(client, Respeecher):
        raise InputError(f"{client.transport.service.title} takes no orders.", cure="Choose a Respeecher connection.")
    voices = []
    for voice in items_in(client.voices()):
        cancel.check()
        voices.append(voice)
    calibrations = tuple((each.id, each.name or each.id) for each in items_in(client.calibrations()))
    return Catalogue(tuple(voices), calibrations)


@dataclass
class _Order:
    voice: RemoteVoice
    box: QWidget
    style: ChoiceBox
    accent: ChoiceBox
    semitones: QDoubleSpinBox


class VoiceOrders(QWidget):
    """``changed()`` when an order was added, altered or taken out."""

    changed = Signal()

    def __init__(self, studio: Studio, connection: Connection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio, self._connection = studio, connection
        self._voices: dict[str, RemoteVoice] = {}
        self._orders: list[_Order] = []
        self.setObjectName("voiceOrders")
        self.read_button = small_button("Read the voices", "readVoicesButton", self._on_read)
        self.picker = ChoiceBox([])
        self.picker.setObjectName("orderVoicePicker")
        self.picker.setAccessibleName("Voice to add")
        self.add_button = small_button("Add", "addVoiceButton", self._on_add)
        self.add_button.setAccessibleName("Add the voice")
        self.calibration = ChoiceBox([_NO_CALIBRATION])
        self.calibration.setObjectName("orderCalibration")
        self.calibration.setAccessibleName("Calibration")
        self.said = words("Without a voice only the original is made. Each voice costs credits.", "caption", wrap=True)
        self.said.setObjectName("voiceOrdersStatus")
        head = QHBoxLayout()
        head.setSpacing(SPACE_8)
        head.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.picker, 1)
        head.addWidget(self.add_button)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addLayout(head)
        column.addLayout(self._rows)
        column.addWidget(self.calibration)
        column.addWidget(self.said)
        for widget in (self.picker, self.add_button, self.calibration):
            widget.hide()
        self.calibration.activated.connect(self.changed)

    @property
    def count(self) -> int:
        return len(self._orders)

    def settings(self) -> list[str]:
        """``conversions=…`` as the commands take them; nothing where no voice is chosen."""
        if not self._orders:
            return []
        found = [f"conversions={json.dumps([_conversion(order) for order in self._orders])}"]
        if self.calibration.value:
            found += [f"calibration_id={self.calibration.value}", "use_calibration=true"]
        return found

    def _on_read(self) -> None:
        self.read_button.setEnabled(False)
        self.said.setText("Reading the voices…")
        syncing = self._studio.syncing
        try:
            syncing.run(
                self._connection,
                f"Read the voices of {self._connection.name}",
                read_catalogue,
                self._on_catalogue,
                self._on_failed,
            )
        except DeclaimError as error:
            self._on_failed(error)

    def _on_catalogue(self, found: Any) -> None:
        if not isValid(self):
            return
        self._voices = {voice.id: voice for voice in sorted(found.voices, key=lambda voice: (not voice.favorite, voice.name))}
        self.picker.show_choices([(voice.id, _described(voice)) for voice in self._voices.values()], "")
        self.calibration.show_choices([_NO_CALIBRATION, *found.calibrations], "")
        self.read_button.hide()
        for widget in (self.picker, self.add_button):
            widget.show()
        self.calibration.setVisible(bool(found.calibrations))
        self.said.setText(f"{len(self._voices)} voices. Each one you add costs credits.")
        self.picker.setFocus()

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self.read_button.setEnabled(True)
            self.said.setText(str(error))

    def _on_add(self) -> None:
        voice = self._voices.get(self.picker.value)
        if voice is None:
            return
        order = self._made(voice)
        self._orders.append(order)
        self._rows.addWidget(order.box)
        self.changed.emit()

    def _made(self, voice: RemoteVoice) -> _Order:
        box = QWidget()
        style = ChoiceBox([_ANY_STYLE, *((each.id, each.name or each.id) for each in voice.narration_styles)])
        accent = ChoiceBox([_ANY_ACCENT, *((each.id, each.name or each.id) for each in voice.accents)])
        semitones = QDoubleSpinBox(minimum=-48, maximum=48, singleStep=0.5, decimals=1)
        semitones.setSuffix(" st")
        semitones.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        order = _Order(voice, box, style, accent, semitones)
        remove = IconButton("close", f"Leave {voice.name} out", size=14)
        remove.clicked.connect(lambda: self._remove(order))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_8)
        row.addWidget(words(voice.name, "strong"), 1)
        for picker in (style, accent):
            picker.setMinimumContentsLength(10)
        for label, widget in (("Style", style), ("Accent", accent), ("Semitones", semitones)):
            widget.setAccessibleName(f"{label} of {voice.name}")
            row.addWidget(widget)
        row.addWidget(remove)
        style.activated.connect(self.changed)
        accent.activated.connect(self.changed)
        semitones.valueChanged.connect(self.changed)
        return order

    def _remove(self, order: _Order) -> None:
        self._orders.remove(order)
        order.box.deleteLater()
        self.changed.emit()


def _conversion(order: _Order) -> dict[str, Any]:
    made: dict[str, Any] = {"voice_id": order.voice.id}
    chosen = {"narration_style_id": order.style.value, "accent_id": order.accent.value}
    made |= {name: value for name, value in chosen.items() if value}
    if order.semitones.value():
        made["semitones_correction"] = order.semitones.value()
    return made


def _described(voice: RemoteVoice) -> str:
    traits = [voice.gender, voice.age_group, voice.nationality]
    favourite = "★ " if voice.favorite else ""
    return " · ".join([f"{favourite}{voice.name or voice.id}", *(trait for trait in traits if trait)])
