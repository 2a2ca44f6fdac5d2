"""Settings: General (theme, library folder, the way to the services) and Voices (the engines, what each lacks, keys)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.dialogs.voices_page import VoicesPage
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_16, ThemeChoice
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
    connections_requested = Signal()

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

    def show_page(self, name: str) -> None:
        """``general`` or ``voices``."""
        self._pages.setCurrentIndex(("general", "voices").index(name))

    def _on_theme(self, value: str) -> None:
        self._state.theme = ThemeChoice(value)
        self.theme_chosen.emit()

    def _on_page(self, page: int) -> None:
        # The voices are asked only when their page is looked at: an engine may have to look for its models.
        if page == 1 and not self._voices_page.layout():
            column = QVBoxLayout(self._voices_page)
            column.setContentsMargins(0, SPACE_8, 0, 0)
            column.addWidget(VoicesPage(self._studio))

    def _general(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, SPACE_16, 0, 0)
        column.setSpacing(SPACE_16)
        column.addWidget(Section("Theme", self.theme_picker))
        column.addWidget(Section("Library folder", self._folder()))
        column.addWidget(Section("Services", self._services()))
        column.addStretch()
        return page

    def _services(self) -> QPushButton:
        has_any = bool(self._studio.library.connections.all())
        button = QPushButton("Connections…" if has_any else "Connect a service…")
        button.setObjectName("settingsConnectionsButton")
        button.setAccessibleName(button.text())
        button.setAutoDefault(False)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(self._on_services)
        return button

    def _on_services(self) -> None:
        self.accept()
        self.connections_requested.emit()

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

    def sizeHint(self) -> QSize:
        return QSize(700, 600)
