"""Whose pace a script is spoken at: a calibration that was measured, or the voice's own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from declaim.model.calibration import Calibration
from declaim.ui.widgets import words
from declaim.ui.widgets.form import ChoiceBox, Form

_OWN, _MEASURE = "0", "measure"


class CalibrationSection(Form):
    """``chosen(object)`` carries a ``CalibrationId``, or None for the voice's own pace."""

    chosen = Signal(object)
    measure_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Calibration] = ()
        self._chosen_id = 0
        self._picker = ChoiceBox(())
        self._said = words("", "caption", wrap=True)
        self.add("Calibration", self._picker, name="calibrationPicker")
        self.add_wide(self._said, name="calibrationWords")
        self._picker.activated.connect(self._on_choice)
        self.show_calibrations((), 0, 1.0)

    def show_calibrations(self, calibrations: Sequence[Calibration], chosen_id: int, pace: float) -> None:
        """``pace`` is what the delivery has because of it."""
        self._shown, self._chosen_id = calibrations, chosen_id
        choices = [(_OWN, "Its own pace"), *((str(each.id), each.name) for each in calibrations)]
        self._picker.show_choices([*choices, (_MEASURE, "Measure a sample…")], str(chosen_id))
        chosen = next((each for each in calibrations if each.id == chosen_id), None)
        self._said.setText(_words_of(chosen, pace) if chosen else "Measure how somebody speaks, and voices follow their pace.")

    def _on_choice(self) -> None:
        value = self._picker.value
        if value == _MEASURE:
            self._picker.show_value(str(self._chosen_id))
            self.measure_requested.emit()
        elif value != str(self._chosen_id):
            self.chosen.emit(next((each.id for each in self._shown if str(each.id) == value), None))


def _words_of(calibration: Calibration, pace: float) -> str:
    profile = calibration.profile
    figures = (
        f"{profile.syllables_per_s:.1f} syllables a second, so voices speak at {pace:g} of their own pace. "
        f"{profile.integrated_lufs:.0f} LUFS, noise at {profile.noise_floor_db:.0f} dB, {profile.pitch_hz:.0f} Hz."
    )
    return " ".join((figures.replace("-", "−"), *calibration.advice))
