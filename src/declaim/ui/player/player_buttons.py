"""The player's own buttons: the one round one, and the speed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton

from declaim.ui.icons import icon
from declaim.ui.theme import Theme, current_theme, font

SPEEDS = (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)


class PlayButton(QToolButton):
    """The one round button."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("playButton")
        self.setIconSize(QSize(18, 18))
        self.setFixedSize(40, 40)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._of: Theme | None = None
        self._is_playing = False
        self.show_playing(False)

    def show_playing(self, is_playing: bool) -> None:
        self._is_playing = is_playing
        name = "Pause" if is_playing else "Play"
        self.setAccessibleName(name)
        self.setToolTip(f"{name} · Space")
        self._wear_theme()

    def _wear_theme(self) -> None:
        theme = self._of = current_theme()
        self.setIcon(icon("pause" if self._is_playing else "play", theme.on_accent))
        self.setStyleSheet(
            f"QToolButton {{ background: {theme.accent.name()}; border: 2px solid {theme.accent.name()}; border-radius: 19px;"
            " padding: 0; min-width: 36px; max-width: 36px; min-height: 36px; max-height: 36px; }"
            f"QToolButton:hover {{ background: {theme.accent_hover.name()}; border-color: {theme.accent_hover.name()}; }}"
            f"QToolButton:focus {{ border: 2px solid {theme.text.name()}; }}"
            f"QToolButton:disabled {{ background: {theme.hover.name()}; border-color: {theme.border.name()}; }}"
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._of is not current_theme():
            self._wear_theme()


class SpeedButton(QToolButton):
    """``chosen(object)`` carries a speed."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.speed = 1.0
        self.setObjectName("speedButton")
        self.setProperty("kind", "icon")
        self.setFixedHeight(28)
        self.setMinimumWidth(48)
        self.setFont(font(tabular=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setAccessibleName("Speed")
        for speed in SPEEDS:
            menu.addAction(f"{speed:g}×").triggered.connect(lambda _checked=False, value=speed: self.chosen.emit(value))
        self.setMenu(menu)
        self.show_speed(1.0)

    def show_speed(self, speed: float) -> None:
        self.speed = speed
        self.setText(f"{speed:g}×")
        self.setAccessibleName(f"Speed {speed:g} times")
        self.setToolTip("Speed; the pitch stays")
