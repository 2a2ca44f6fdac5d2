"""A speaker's coloured chip: painted in delegates, or standing as a widget."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from declaim.ui.theme import CHIP_RADIUS, SIZE_CAPTION, Theme, current_theme, font

_PADDING = 7
CHIP_HEIGHT = 20


def chip_font() -> QFont:
    return font(SIZE_CAPTION, QFont.Weight.DemiBold)


@lru_cache(maxsize=256)
def chip_width(name: str) -> int:
    """Width of the chip of ``name``, in logical pixels."""
    return QFontMetrics(chip_font()).horizontalAdvance(name) + 2 * _PADDING


def paint_chip(painter: QPainter, at: QPoint, name: str, theme: Theme, index: int = 0, max_width: int = 0) -> QRect:
    """Paints the chip with its top left corner ``at`` and returns where it lies. Names too long for ``max_width`` are elided."""
    natural = chip_width(name)
    width = min(natural, max_width) if max_width else natural
    box = QRect(at, QSize(width, CHIP_HEIGHT))
    foreground, ground = theme.speaker_colours(name, index)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, CHIP_RADIUS, CHIP_RADIUS)
    painter.setFont(chip_font())
    painter.setPen(foreground)
    if width < natural:
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, width - _PADDING)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()
    return box


class Chip(QWidget):
    """One speaker's name. ``index`` is the speaker's place in the script."""

    def __init__(self, name: str, index: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._index = index
        self.setAccessibleName(f"Speaker {name}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def name(self) -> str:
        return self._name

    def sizeHint(self) -> QSize:
        return QSize(min(chip_width(self._name), 110), CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_chip(painter, QPoint(0, 0), self._name, current_theme(), self._index, self.width())
