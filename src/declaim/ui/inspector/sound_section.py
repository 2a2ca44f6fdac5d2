"""How the finished file sounds: what it is levelled to, its channels and rates, and whether somebody listens to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from declaim.model.settings import BIT_RATES, RATES_HZ, LoudnessStandard, StudioSettings
from declaim.ui.widgets.form import ChoiceBox, Form
from declaim.ui.widgets.words import words

_LOUDNESS = (
    (LoudnessStandard.PODCAST, "Podcast"),
    (LoudnessStandard.PODCAST_MONO, "Podcast, mono"),
    (LoudnessStandard.ACX, "ACX audiobook"),
    (LoudnessStandard.NONE, "As it is spoken"),
)
_RATES = tuple((str(rate_hz), f"{rate_hz / 1000:g} kHz") for rate_hz in RATES_HZ)
_CHANNELS = (("0", "Automatic"), ("1", "Mono"), ("2", "Stereo"))
_HOSTS = (("0", "In the middle"), ("20", "Slightly apart"), ("35", "Apart"))
_VARIABLE = (("v0", "Variable, best"), ("v2", "Variable, high"), ("v4", "Variable, medium"), ("v6", "Variable, small"))
_MP3 = (*((str(rate), f"{rate} kbit/s") for rate in BIT_RATES), *_VARIABLE)


class SoundSection(Form):
    """``changed(object)`` carries the fields of ``StudioSettings`` that are chosen here. No line is spoken anew."""

    changed = Signal(object)
    verify_chosen = Signal(bool)
    """Whether a recogniser listens to every rendered line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loudness = ChoiceBox(_LOUDNESS)
        self._rate = ChoiceBox(_RATES)
        self._channels = ChoiceBox(_CHANNELS)
        self._hosts = ChoiceBox(_HOSTS)
        self._mp3 = ChoiceBox(_MP3)
        self._loudness.setToolTip("A podcast has −16 LUFS in stereo and −19 in mono; ACX −20 dB RMS")
        self._channels.setToolTip("Automatic: as the loudness standard has it")
        self._hosts.setToolTip("Where two hosts sit between left and right, in a file of two channels")
        self.add("Loudness", self._loudness, name="loudnessPicker")
        self.add("Sample rate", self._rate, name="ratePicker")
        self.add("Channels", self._channels, name="channelsPicker")
        self.add("Hosts", self._hosts, name="hostsPicker")
        self.add("MP3", self._mp3, name="bitRatePicker")
        self._verify = QCheckBox("Listen for missing words")
        self._verify.setAccessibleName("Listen for missing words")
        self._verify.setToolTip("A speech recogniser listens to every rendered line and marks those with missing words")
        self._verify.clicked.connect(self.verify_chosen)
        self.add_wide(self._verify, name="verifyCheck")
        self._verify_needs = words("", "caption", wrap=True)
        self.add_wide(self._verify_needs, name="verifyNeeds")
        for picker in (self._loudness, self._rate, self._channels, self._hosts, self._mp3):
            picker.activated.connect(self._on_change)

    def show_sound(self, settings: StudioSettings) -> None:
        self._loudness.show_value(settings.loudness)
        self._rate.show_value(str(settings.rate_hz if settings.rate_hz in RATES_HZ else RATES_HZ[0]))
        self._channels.show_value(str(settings.channels))
        self._hosts.show_value(_nearest(_HOSTS, settings.spread_percent))
        self._mp3.show_value(f"v{settings.vbr // 2 * 2}" if settings.vbr >= 0 else str(settings.bit_rate))
        self._see_choice()

    def show_verify(self, is_chosen: bool, needs: str) -> None:
        """``needs``: what listening lacks on this machine, and the cure."""
        self._verify.setChecked(is_chosen)
        self._verify.setEnabled(is_chosen or not needs)
        self._verify_needs.setText(needs)
        self._verify_needs.setVisible(bool(needs))

    def _see_choice(self) -> None:
        loudness = LoudnessStandard(self._loudness.value)
        channels = int(self._channels.value)
        is_mono = channels == 1 or (not channels and loudness is not LoudnessStandard.PODCAST)
        self._hosts.setEnabled(not is_mono)

    def _on_change(self) -> None:
        self._see_choice()
        mp3 = self._mp3.value
        chosen: dict[str, Any] = {
            "loudness": LoudnessStandard(self._loudness.value),
            "rate_hz": int(self._rate.value),
            "channels": int(self._channels.value),
            "spread_percent": int(self._hosts.value),
            "vbr": int(mp3[1:]) if mp3.startswith("v") else -1,
        }
        self.changed.emit(chosen if mp3.startswith("v") else {**chosen, "bit_rate": int(mp3)})


def _nearest(choices: tuple[tuple[str, str], ...], value: int) -> str:
    return min((known for known, _label in choices), key=lambda known: abs(int(known) - value))
