"""How long it is quiet between two lines."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from declaim.model.delivery import Delivery
from declaim.model.pauses import PAUSE_LIMITS_MS, PAUSES, PauseSettings
from declaim.ui.widgets.form import Form, NumberBox

_PAUSES = (
    ("sentence_ms", "Sentence", "After a full stop"),
    ("question_ms", "Question", "After a question mark"),
    ("open_ms", "Otherwise", "After a comma, a colon, a dash, or no mark at all"),
    ("trailing_ms", "Ellipsis", "After an ellipsis"),
    ("speaker_ms", "Speaker", "At least so long where the speaker changes"),
    ("chapter_ms", "Chapter", "At least so long where a chapter ends"),
)
_STEP_S = 0.05


class PausesSection(Form):
    """``changed(object)`` carries the ``PauseSettings`` after a choice. No line is spoken anew."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = PauseSettings()
        self._numbers = {name: _number() for name, _label, _tip in _PAUSES}
        for name, label, tip in _PAUSES:
            number = self._numbers[name]
            self.add(label, number, name=f"{name.removesuffix('_ms')}Pause")
            number.setToolTip(tip)
            number.editingFinished.connect(self._on_change)
        self._reset = QPushButton("As the delivery has them")
        self._reset.setAccessibleName(self._reset.text())
        self._reset.setProperty("kind", "link")
        self._reset.clicked.connect(lambda: self._choose(PauseSettings()))
        self.add_wide(self._reset, name="usualPauses")
        self.show_pauses(PauseSettings(), Delivery())

    def show_pauses(self, pauses: PauseSettings, delivery: Delivery) -> None:
        """What is not chosen shows what the delivery has."""
        self._shown = pauses
        for name, number in self._numbers.items():
            number.setSpecialValueText(f"{getattr(PAUSES[delivery.preset], name) / 1000:g} s, as usual")
            chosen_ms = pauses.chosen.get(name)
            number.show_value(number.minimum() if chosen_ms is None else chosen_ms / 1000)
        self._reset.setVisible(bool(pauses.chosen))

    def _on_change(self) -> None:
        chosen = {name: round(1000 * number.value()) for name, number in self._numbers.items() if number.value() >= 0}
        self._choose(PauseSettings(**chosen))

    def _choose(self, pauses: PauseSettings) -> None:
        if pauses != self._shown:
            self._shown = pauses
            self.changed.emit(pauses)


def _number() -> NumberBox:
    """One step below nothing stands for the delivery's own."""
    return NumberBox(-_STEP_S, PAUSE_LIMITS_MS[1] / 1000, step=_STEP_S, decimals=2, suffix=" s")
