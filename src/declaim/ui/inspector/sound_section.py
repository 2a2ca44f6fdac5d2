"""How the finished file sounds: what it is levelled to, its sample rate, and whether somebody listens to it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from declaim.model.settings import RATES_HZ, LoudnessStandard
from declaim.ui.widgets.form import ChoiceBox, Form
from declaim.ui.widgets.words import words

_LOUDNESS = (
    (LoudnessStandard.PODCAST, "Podcast, stereo (−16 LUFS)"),
    (LoudnessStandard.PODCAST_MONO, "Podcast, mono (−19 LUFS)"),
    (LoudnessStandard.ACX, "ACX audiobook"),
    (LoudnessStandard.NONE, "As it is spoken"),
)
_RATES = tuple((str(rate_hz), f"{rate_hz / 1000:g} kHz") for rate_hz in RATES_HZ)


class SoundSection(Form):
    """``changed(object, object)`` carries the ``LoudnessStandard`` and the rate in Hz after a choice. No line is spoken anew."""

    changed = Signal(object, object)
    verify_chosen = Signal(bool)
    """Whether a recogniser listens to every rendered line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loudness = ChoiceBox(_LOUDNESS)
        self._rate = ChoiceBox(_RATES)
        self.add("Loudness", self._loudness, name="loudnessPicker")
        self.add("Sample rate", self._rate, name="ratePicker")
        self._verify = QCheckBox("Listen for missing words")
        self._verify.setAccessibleName("Listen for missing words")
        self._verify.setToolTip("A speech recogniser listens to every rendered line and marks those with missing words")
        self._verify.clicked.connect(self.verify_chosen)
        self.add_wide(self._verify, name="verifyCheck")
        self._verify_needs = words("", "tertiary", wrap=True)
        self.add_wide(self._verify_needs, name="verifyNeeds")
        for picker in (self._loudness, self._rate):
            picker.activated.connect(self._on_change)

    def show_sound(self, loudness: LoudnessStandard, rate_hz: int) -> None:
        self._loudness.show_value(loudness)
        self._rate.show_value(str(rate_hz if rate_hz in RATES_HZ else RATES_HZ[0]))

    def show_verify(self, is_chosen: bool, needs: str) -> None:
        """``needs``: what listening lacks on this machine, and the cure."""
        self._verify.setChecked(is_chosen)
        self._verify.setEnabled(is_chosen or not needs)
        self._verify_needs.setText(needs)
        self._verify_needs.setVisible(bool(needs))

    def _on_change(self) -> None:
        self.changed.emit(LoudnessStandard(self._loudness.value), int(self._rate.value))
