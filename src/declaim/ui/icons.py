"""Our own line icons, drawn as SVG with ``currentColor`` and coloured by the theme when they are loaded."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from declaim.paths import resources_dir
from declaim.ui.theme import current_theme

_SIZES = (16, 24)


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in ``colour``, else in the theme's secondary text colour.

    Raises:
        FileNotFoundError: where there is no such icon, which is a bug.
    """
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return QIcon(_icon(name, (colour or current_theme().secondary).name(), ratio))


def pixmap(name: str, size: int, colour: QColor | None = None, ratio: float = 1.0) -> QPixmap:
    """One icon as a picture of ``size`` logical pixels, for delegates and empty states."""
    return _pixmap(name, size, (colour or current_theme().secondary).name(), ratio)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, ratio: float) -> QIcon:
    """Drawn for the sharpest screen there is; Qt scales it down for the others and greys it for what is disabled."""
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_pixmap(name, size, colour, ratio))
    return made


@lru_cache(maxsize=1024)
def _pixmap(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    renderer = _renderer(name, colour)
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        renderer.render(painter, QRectF(drawn.rect()))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
