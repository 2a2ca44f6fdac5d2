"""Settings: General (theme, library folder) and Voices (the engines, and what each lacks)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from declaim.model.voice import Voice
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.icons import pixmap
from declaim.ui.inspector.voice_popup import engine_label
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12, SPACE_16, ThemeChoice, current_theme
from declaim.ui.widgets import SegmentedControl, words
from declaim.ui.widgets.section import Section
from declaim.ui.window_state import WindowState

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_THEMES = ((ThemeChoice.SYSTEM, "As the system"), (ThemeChoice.LIGHT, "Light"), (ThemeChoice.DARK, "Dark"))
_MOVE = "To use another folder, start Declaim with --library or set DECLAIM_LIBRARY."


class SettingsDialog(Sheet):
    """``theme_chosen()``: the state holds the new choice."""

    theme_chosen = Signal()

    def __init__(self, studio: Studio, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__("Settings", "settingsDialog", parent)
        self._studio, self._state = studio, state
        self.theme_picker = SegmentedControl("Theme", _THEMES)
        self.theme_picker.setObjectName("themePicker")
        self.theme_picker.set_value(state.theme)
        self.theme_picker.chosen.connect(self._on_theme)
        self._pages = QTabWidget()
        self._pages.setObjectName("settingsPages")
        self._pages.addTab(self._general(), "General")
        self._voices_page = QWidget()
        self._pages.addTab(self._voices_page, "Voices")
        self._pages.currentChanged.connect(self._on_page)
        self.body.addWidget(self._pages, 1)
        self.add_button("Close", "closeButton", primary=True).clicked.connect(self.accept)

    def _on_theme(self, value: str) -> None:
        self._state.theme = ThemeChoice(value)
        self.theme_chosen.emit()

    def _on_page(self, page: int) -> None:
        # The voices are asked only when their page is looked at: an engine may have to look for its models.
        if page == 1 and not self._voices_page.layout():
            column = QVBoxLayout(self._voices_page)
            column.setContentsMargins(0, SPACE_8, 0, 0)
            column.addWidget(self._voices())

    def _general(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, SPACE_16, 0, 0)
        column.setSpacing(SPACE_16)
        column.addWidget(Section("Theme", self.theme_picker))
        column.addWidget(Section("Library folder", self._folder()))
        column.addStretch()
        return page

    def _folder(self) -> QWidget:
        folder = self._studio.library.folder
        box = QWidget()
        row = QHBoxLayout()
        shown = words(str(folder), "secondary", wrap=True)
        shown.setObjectName("libraryFolder")
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        show = QPushButton("Show")
        show.setAccessibleName("Show the library folder")
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        row.addWidget(shown, 1)
        row.addWidget(show)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_4)
        column.addLayout(row)
        column.addWidget(words(_MOVE, "caption", wrap=True))
        return box

    def _voices(self) -> QWidget:
        by_engine: dict[str, list[Voice]] = defaultdict(list)
        for voice in self._studio.voices.all():
            by_engine[voice.engine].append(voice)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, SPACE_8, SPACE_8, 0)
        column.setSpacing(SPACE_8)
        for engine, voices in by_engine.items():
            column.addWidget(_engine_card(engine, voices))
        if not by_engine:
            column.addWidget(words("No voice engine is installed. Install declaim[voices].", "problem", wrap=True))
        column.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(content)
        return scroll

    def sizeHint(self) -> QSize:
        return QSize(560, 440)


def _engine_card(engine: str, voices: list[Voice]) -> QFrame:
    """An engine, how many voices it has, and what it lacks."""
    theme = current_theme()
    needs = next((voice.needs for voice in voices if voice.needs), "")
    card = QFrame()
    card.setProperty("role", "card")
    card.setAccessibleName(engine_label(engine))
    mark = words("")
    mark.setPixmap(pixmap("info" if needs else "check", 16, theme.stale if needs else theme.ready, 2.0))
    text = QVBoxLayout()
    text.setSpacing(2)
    text.addWidget(words(engine_label(engine), "strong"))
    names = ", ".join(voice.name for voice in voices[:6]) + (f" and {len(voices) - 6} more" if len(voices) > 6 else "")
    text.addWidget(words(needs or f"{'1 voice' if len(voices) == 1 else f'{len(voices)} voices'}: {names}", "caption", wrap=True))
    row = QHBoxLayout(card)
    row.setContentsMargins(SPACE_12, SPACE_8, SPACE_12, SPACE_8)
    row.setSpacing(SPACE_12)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(text, 1)
    return card
