"""The cast: one row for each speaker with its chip, its voice, and a button to hear it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from declaim.model.ids import VoiceId
from declaim.model.voice import Cast, Voice
from declaim.ui.inspector.voice_picker import VoicePicker
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import Chip, IconButton


class CastTable(QWidget):
    """``cast_changed(object)`` carries the ``Cast`` after a choice; ``hear_requested(object)`` a ``VoiceId``."""

    cast_changed = Signal(object)
    hear_requested = Signal(object)
    catalogue_requested = Signal(object)
    """A speaker whose voice is to be chosen from the whole catalogue."""

    def __init__(
        self,
        all_voices: Callable[[], Sequence[Voice]],
        find_voice: Callable[[VoiceId], Voice | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._all_voices, self._find_voice = all_voices, find_voice
        self._cast = Cast()
        self._speakers: tuple[str, ...] = ()
        self._pickers: dict[str, VoicePicker] = {}
        self.setObjectName("castTable")
        self.setAccessibleName("Cast")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_8)
        self._grid.setColumnStretch(1, 1)

    def show_cast(self, speakers: Sequence[str], cast: Cast) -> None:
        """Shows who speaks for whom; builds rows anew only where the speakers are others."""
        self._cast = cast
        if tuple(speakers) != self._speakers:
            self._speakers = tuple(speakers)
            self._build()
        for speaker, picker in self._pickers.items():
            voice_id = cast.voice_for(speaker)
            picker.show_voice(voice_id, self._find_voice(voice_id))

    def picker(self, speaker: str) -> VoicePicker:
        return self._pickers[speaker]

    def choose(self, speaker: str, voice_id: VoiceId) -> None:
        """As if it had been taken in the speaker's picker."""
        self._on_chosen(speaker, voice_id)

    def _build(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._pickers = {speaker: self._add_row(row, speaker) for row, speaker in enumerate(self._speakers)}
        # Rows that are built anew come where the table stands, not after everything else.
        items = [self._grid.itemAt(at) for at in range(self._grid.count())]
        parts = (item.widget() for item in items if item is not None)
        takers = [part for part in parts if part is not None and part.focusPolicy() != Qt.FocusPolicy.NoFocus]
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt passes over a place that takes none
        for before, after in pairwise([self, *takers]):
            QWidget.setTabOrder(before, after)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _add_row(self, row: int, speaker: str) -> VoicePicker:
        picker = VoicePicker(f"Voice of {speaker}", self._all_voices)
        picker.chosen.connect(lambda voice_id: self._on_chosen(speaker, voice_id))
        picker.more_requested.connect(lambda: self.catalogue_requested.emit(speaker))
        hear = IconButton("play", f"Hear the voice of {speaker}", colour="text", size=12)
        hear.setObjectName("hearVoiceButton")
        hear.clicked.connect(lambda: self.hear_requested.emit(self._cast.voice_for(speaker)))
        self._grid.addWidget(Chip(speaker, row), row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(picker, row, 1)
        self._grid.addWidget(hear, row, 2)
        return picker

    def _on_chosen(self, speaker: str, voice_id: VoiceId) -> None:
        self.cast_changed.emit(dataclasses.replace(self._cast, by_speaker={**self._cast.by_speaker, speaker: voice_id}))
