"""Our own line icons, drawn as SVG with ``currentColor`` and coloured by the theme when they are loaded."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from declaim.paths import resources_dir
from declaim.ui.theme import current_theme

_SIZES = (16, 20, 24)
_RATIOS = (1.0, 2.0)


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in ``colour``, else in the theme's secondary text colour.

    Raises:
        FileNotFoundError: where there is no such icon, which is a bug.
    """
    theme = current_theme()
    return QIcon(_icon(name, (colour or theme.secondary).name(), theme.border.darker(115).name()))


def pixmap(name: str, size: int, colour: QColor | None = None, ratio: float = 1.0) -> QPixmap:
    """One icon as a picture of ``size`` logical pixels, for delegates and empty states."""
    return _pixmap(name, size, (colour or current_theme().secondary).name(), ratio)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        for ratio in _RATIOS:
            made.addPixmap(_pixmap(name, size, colour, ratio), QIcon.Mode.Normal)
            made.addPixmap(_pixmap(name, size, disabled, ratio), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=1024)
def _pixmap(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    renderer = _renderer(name, colour)
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
