"""A button that is only an icon; its words are in the tooltip and the accessible name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton, QWidget

from declaim.ui.icons import icon
from declaim.ui.theme import Theme, current_theme


class IconButton(QToolButton):
    """``colour`` names a token of the theme (``secondary``, ``accent`` …), so the icon follows a change of theme."""

    def __init__(
        self,
        name: str,
        label: str,
        parent: QWidget | None = None,
        *,
        colour: str = "secondary",
        size: int = 16,
        shortcut: str = "",
    ) -> None:
        super().__init__(parent)
        self._icon_name = name
        self._colour = colour
        self._of: Theme | None = None
        self.setProperty("kind", "icon")
        self.setIconSize(QSize(size, size))
        self.setFixedSize(size + 12, size + 12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_label(label, shortcut)
        self._load()

    def set_label(self, label: str, shortcut: str = "") -> None:
        self.setAccessibleName(label)
        self.setToolTip(f"{label} · {shortcut}" if shortcut else label)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._of is not current_theme():
            self._load()

    def _load(self) -> None:
        self._of = current_theme()
        colour: QColor = getattr(self._of, self._colour)
        self.setIcon(icon(self._icon_name, colour))
