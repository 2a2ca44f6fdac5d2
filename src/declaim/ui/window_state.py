"""What the window remembers on this machine: its size, its columns, the theme, what was open. Not part of any library."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter

from declaim.paths import settings_dir
from declaim.ui.appearance import apply_theme
from declaim.ui.theme import Theme, ThemeChoice, theme_for


class WindowState:
    """Read and written at once; a file that cannot be read or written costs only the memory of it."""

    def __init__(self) -> None:
        self._kept = QSettings(str(settings_dir() / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        chosen = str(self._kept.value("theme", ThemeChoice.SYSTEM))
        return ThemeChoice(chosen) if chosen in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._kept.setValue("theme", choice.value)

    def last_script(self, library: str) -> int | None:
        """The script that was open last in a library."""
        kept = str(self._kept.value(f"open/{_key(library)}", ""))
        return int(kept) if kept.isdigit() else None

    def keep_last_script(self, library: str, script_id: int | None) -> None:
        self._kept.setValue(f"open/{_key(library)}", "" if script_id is None else str(script_id))

    def restore_window(self, window: QMainWindow) -> bool:
        """False where there is nothing to restore."""
        geometry = self._kept.value("geometry")
        return isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)

    def keep_window(self, window: QMainWindow) -> None:
        self._kept.setValue("geometry", window.saveGeometry())

    def restore_splitter(self, name: str, splitter: QSplitter) -> bool:
        state = self._kept.value(f"splitter/{name}")
        return isinstance(state, QByteArray) and splitter.restoreState(state)

    def keep_splitter(self, name: str, splitter: QSplitter) -> None:
        self._kept.setValue(f"splitter/{name}", splitter.saveState())

    @property
    def unfolded(self) -> frozenset[str]:
        """The names of the sections that were left open."""
        return frozenset(str(self._kept.value("unfolded", "")).split())

    def keep_unfolded(self, names: Iterable[str]) -> None:
        self._kept.setValue("unfolded", " ".join(sorted(names)))

    def flush(self) -> None:
        self._kept.sync()


_SCHEMES = {
    ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
    ThemeChoice.LIGHT: Qt.ColorScheme.Light,
    ThemeChoice.DARK: Qt.ColorScheme.Dark,
}


def chosen_theme(state: WindowState | None = None) -> Theme:
    """The theme that is remembered; tells the desktop too, so that the frame of the window follows."""
    choice = (state or WindowState()).theme
    QGuiApplication.styleHints().setColorScheme(_SCHEMES[choice])
    return theme_for(choice)


def wear_theme(state: WindowState) -> None:
    """Puts the theme that is remembered on the application, after a choice or when the desktop turned dark or light."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, chosen_theme(state))


def _key(library: str) -> str:
    """A path as a key of the settings file: slashes would make groups."""
    return library.replace("/", "|").replace("\\", "|")
