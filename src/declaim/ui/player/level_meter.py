"""How loud it is right now, in decibels, falling slowly."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from declaim.ui.theme import current_theme

_FLOOR_DB = -48.0
_FALL_DB = 1.4
_HEIGHT = 4


class LevelMeter(QWidget):
    """``show_level`` takes amplitudes, 30 times a second; its accessible description says the decibels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("levelMeter")
        self.setAccessibleName("Level")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._level_db = _FLOOR_DB

    @property
    def level_db(self) -> float:
        return self._level_db

    def show_level(self, amplitude: float) -> None:
        level_db = max(_FLOOR_DB, 20 * math.log10(amplitude)) if amplitude > 0 else _FLOOR_DB
        shown = max(level_db, self._level_db - _FALL_DB)
        if shown != self._level_db:
            self._level_db = shown
            self.setToolTip(f"{shown:.0f} dBFS" if shown > _FLOOR_DB else "Silent")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(72, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.border)
            painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
            share = 1 - self._level_db / _FLOOR_DB
            if share > 0.01:
                painter.setBrush(theme.failed if self._level_db > -0.3 else theme.stale if self._level_db > -3 else theme.ready)
                painter.drawRoundedRect(QRectF(0, 0, max(4.0, self.width() * share), self.height()), 2, 2)
