"""What is known of one voice, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from declaim.commands.catalogue import CatalogueEntry, primary_language
from declaim.model.voice import Gender
from declaim.model.wording import human_seconds
from declaim.model.work import ProgressReport
from declaim.ui.catalogue.catalogue_filters import language_word
from declaim.ui.icons import icon
from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_16, current_theme
from declaim.ui.widgets import words

_SOURCE_LICENCE = "Its model card says; it comes with the voice"


class VoiceDetails(QFrame):
    """Wishes about the voice that is shown; none of them carries it."""

    hear_requested = Signal()
    favourite_requested = Signal()
    default_requested = Signal()
    download_requested = Signal()
    cancel_requested = Signal()
    remove_requested = Signal()
    key_requested = Signal()
    """The settings are wanted, where the key is entered that this voice lacks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: CatalogueEntry | None = None
        self.setProperty("role", "card")
        self.setObjectName("voiceDetails")
        self.setAccessibleName("The chosen voice")
        self._name = words("", "heading")
        self._description = words("", "secondary", wrap=True)
        self._facts = words("", "caption", wrap=True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.says = words("", "caption", wrap=True)
        self.says.setObjectName("catalogueSays")
        self.hear = self._button("Hear", "catalogueHear", "Hear this voice · Space", self.hear_requested)
        self.favourite = self._button("Favourite", "catalogueFavourite", "Favourite · Ctrl+D", self.favourite_requested)
        self.favourite.setCheckable(True)
        self.default = self._button("Default", "catalogueDefault", "What new scripts are cast with", self.default_requested)
        self.default.setCheckable(True)
        self.download = self._button("Download", "catalogueDownload", "Download this voice", self.download_requested)
        self.stop = self._button("Stop", "catalogueStop", "Stop; what has come is kept", self.cancel_requested)
        self.remove = self._button("Remove", "catalogueRemove", "Delete this downloaded voice", self.remove_requested)
        self.key = self._button("Open the settings…", "catalogueKey", "Where keys are entered", self.key_requested)
        self._lay_out()
        self.show_entry(None)

    def show_entry(self, entry: CatalogueEntry | None, progress: ProgressReport | None = None) -> None:
        """``progress``: of its download, where one runs."""
        if self._entry is None or entry is None or entry.voice.id != self._entry.voice.id:
            self.say("")
        self._entry = entry
        voice = entry.voice if entry else None
        self._name.setText(voice.name if voice else "No voice fits")
        self._description.setText(voice.description if voice else "Take a filter away, or search for other words.")
        self._facts.setText(_facts(entry) if entry else "")
        language = _language_word(entry) if entry else ""
        is_here, is_loading = entry is not None and not entry.is_offered, progress is not None
        self.hear.setVisible(is_here)
        self.hear.setEnabled(bool(voice and voice.ready))
        self.favourite.setVisible(entry is not None)
        self.favourite.setChecked(bool(entry and entry.is_favourite))
        self.default.setVisible(is_here)
        self.default.setText(f"Default for {language}")
        self.default.setAccessibleName(f"Default voice for {language}")
        self.default.setChecked(bool(entry and entry.default_for))
        self._draw_marks()
        self.download.setVisible(bool(entry and entry.is_offered) and not is_loading)
        self.stop.setVisible(is_loading)
        self.remove.setVisible(bool(entry and entry.downloaded_bytes))
        self.key.setVisible(bool(is_here and voice and "Settings › Voices" in voice.needs))
        if progress is not None:
            left = f" · about {human_seconds(progress.seconds_left)} left" if progress.seconds_left is not None else ""
            self.say(f"{progress.text}{left}")
        elif voice is not None and entry is not None and not entry.is_offered and voice.needs:
            self.say(voice.needs, is_problem=True)

    def say(self, text: str, *, is_problem: bool = False) -> None:
        self.says.setText(text)
        self.says.setVisible(bool(text))
        role = "problem" if is_problem else "caption"
        if self.says.property("role") != role:
            self.says.setProperty("role", role)
            self.says.style().unpolish(self.says)
            self.says.style().polish(self.says)

    def _lay_out(self) -> None:
        buttons = QGridLayout()
        buttons.setSpacing(SPACE_8)
        buttons.addWidget(self.hear, 0, 0)
        buttons.addWidget(self.download, 0, 0)
        buttons.addWidget(self.stop, 0, 0)
        buttons.addWidget(self.favourite, 0, 1)
        buttons.addWidget(self.default, 1, 0, 1, 2)
        buttons.addWidget(self.remove, 2, 0, 1, 2)
        buttons.addWidget(self.key, 3, 0, 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_16, SPACE_12, SPACE_16, SPACE_16)
        column.setSpacing(SPACE_8)
        for widget in (self._name, self._description, self._facts, self.says):
            column.addWidget(widget)
        column.addStretch()
        column.addLayout(buttons)

    def _draw_marks(self) -> None:
        """A checked button says so by its icon, not by its ground alone."""
        theme = current_theme()
        self.favourite.setIcon(icon("star" if self.favourite.isChecked() else "star-outline", theme.accent))
        self.default.setIcon(icon("check", theme.ready) if self.default.isChecked() else QIcon())

    def _button(self, label: str, name: str, tip: str, wish: SignalInstance) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(label)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: wish.emit())
        return button


def _facts(entry: CatalogueEntry) -> str:
    voice = entry.voice
    size = entry.offer.size_text if entry.offer else f"{entry.downloaded_bytes / 1e6:.1f} MB" if entry.downloaded_bytes else ""
    licence = voice.licence or (_SOURCE_LICENCE if entry.is_offered else "")
    told = (
        ("", str(voice.id)),
        ("Engine", entry.engine_label),
        ("Language", voice.language or "every one that the engine speaks"),
        ("Gender", "" if voice.gender is Gender.UNKNOWN else str(voice.gender)),
        ("Quality", entry.offer.quality if entry.offer else ""),
        ("Price", entry.price),
        ("Size", size),
        ("Licence", licence),
    )
    return "\n".join(f"{label}: {text}" if label else text for label, text in told if text)


def _language_word(entry: CatalogueEntry) -> str:
    return language_word(primary_language(entry.voice.language) or "en")
