"""All that is chosen for the finished file: its sound, the pauses between lines, the music in it, its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from declaim.model.settings import StudioSettings
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets.section import FoldedSection

if TYPE_CHECKING:
    from declaim.ui.inspector.music_section import MusicSection
    from declaim.ui.inspector.pauses_section import PausesSection
    from declaim.ui.inspector.sound_section import SoundSection
    from declaim.ui.inspector.tags_section import TagsSection


class FileSections(QWidget):
    """``changed(object)`` carries the fields of ``StudioSettings`` that a choice sets."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = StudioSettings()
        self._verify_needs = ""
        self._sound_section: SoundSection | None = None
        self._pauses_section: PausesSection | None = None
        self._music_section: MusicSection | None = None
        self._tags_section: TagsSection | None = None
        self._sound = FoldedSection("Sound", self._build_sound)
        self._pauses = FoldedSection("Pauses", self._build_pauses)
        self._music = FoldedSection("Music", self._build_music)
        self._tags = FoldedSection("About the file", self._build_tags)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        for folded in (self._sound, self._pauses, self._music, self._tags):
            column.addWidget(folded)
            folded.opened.connect(lambda _content: self._show())

    def show_settings(self, settings: StudioSettings, verify_needs: str = "") -> None:
        """``verify_needs``: what listening for missing words lacks on this machine."""
        self._settings, self._verify_needs = settings, verify_needs
        self._show()

    def _show(self) -> None:
        """What is folded was perhaps never opened, and is not there then."""
        if self._sound_section is not None:
            self._sound_section.show_sound(self._settings)
            self._sound_section.show_verify(self._settings.verify, self._verify_needs)
        if self._pauses_section is not None:
            self._pauses_section.show_pauses(self._settings.pauses, self._settings.delivery)
        if self._music_section is not None:
            self._music_section.show_music(self._settings.music)
        if self._tags_section is not None:
            self._tags_section.show_tags(self._settings.tags)

    def _build_sound(self) -> QWidget:
        from declaim.ui.inspector.sound_section import SoundSection

        self._sound_section = SoundSection()
        self._sound_section.changed.connect(self.changed)
        self._sound_section.verify_chosen.connect(lambda is_wanted: self.changed.emit({"verify": is_wanted}))
        return self._sound_section

    def _build_pauses(self) -> QWidget:
        from declaim.ui.inspector.pauses_section import PausesSection

        self._pauses_section = PausesSection()
        self._pauses_section.changed.connect(lambda pauses: self.changed.emit({"pauses": pauses}))
        return self._pauses_section

    def _build_music(self) -> QWidget:
        from declaim.ui.inspector.music_section import MusicSection

        self._music_section = MusicSection()
        self._music_section.changed.connect(lambda music: self.changed.emit({"music": music}))
        return self._music_section

    def _build_tags(self) -> QWidget:
        from declaim.ui.inspector.tags_section import TagsSection

        self._tags_section = TagsSection()
        self._tags_section.changed.connect(lambda tags: self.changed.emit({"tags": tags}))
        return self._tags_section
