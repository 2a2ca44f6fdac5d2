"""Music before, after and under the words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from declaim.model.settings import BED_LEVELS_DB, MusicSettings
from declaim.ui.widgets.file_field import FileField
from declaim.ui.widgets.form import Form, NumberBox

_AUDIO = "Audio (*.mp3 *.wav *.flac *.ogg *.opus *.m4a *.aac *.aif *.aiff *.wma);;All files (*)"
_PARTS = (("intro", "Intro"), ("outro", "Outro"), ("bed", "Bed"))


class MusicSection(Form):
    """``changed(object)`` carries the ``MusicSettings`` after a choice. No line is spoken anew."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files = {name: FileField(f"{label} music", f"{name}Music", _AUDIO) for name, label in _PARTS}
        self._level = NumberBox(*BED_LEVELS_DB, step=1, decimals=0, suffix=" dB")
        self._overlap = NumberBox(0, 30, step=0.5, decimals=1, suffix=" s")
        for name, label in _PARTS:
            self.add(label, self._files[name], name=f"{name}Music")
            self._files[name].changed.connect(self._on_change)
        self.add("Level", self._level, name="bedLevel")
        self._level.setToolTip("How far the music lies under the words, in loudness")
        self.add("Overlap", self._overlap, name="musicOverlap")
        self._overlap.setToolTip("How long intro and outro reach under the words")
        for number in (self._level, self._overlap):
            number.editingFinished.connect(self._on_change)
        self.show_music(MusicSettings())

    def show_music(self, music: MusicSettings) -> None:
        self._shown = music
        for name, field in self._files.items():
            field.show_path(getattr(music, name))
        self._level.show_value(music.bed_level_db)
        self._overlap.show_value(music.overlap_ms / 1000)
        self.set_row_shown(self._level, bool(music.files))
        self.set_row_shown(self._overlap, bool(music.intro or music.outro))

    def _on_change(self) -> None:
        paths = {name: field.path for name, field in self._files.items()}
        music = MusicSettings(**paths, bed_level_db=self._level.value(), overlap_ms=round(1000 * self._overlap.value()))
        if music != self._shown:
            self.show_music(music)
            self.changed.emit(music)
