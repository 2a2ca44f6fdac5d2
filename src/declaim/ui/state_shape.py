"""States are shapes first and colours second: the one place that draws them, for every tree, gutter and table."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from declaim.model.library import LineState, RecordingState
from declaim.ui.theme import Theme

STATE_SIZE = 9
"""Side of the square a shape is drawn in, in logical pixels."""

_WORDS: dict[str, str] = {
    LineState.NOT_RENDERED: "Not rendered",
    LineState.QUEUED: "Queued",
    LineState.RENDERING: "Rendering",
    LineState.READY: "Ready",
    LineState.STALE: "Changed since it was rendered",
    LineState.FAILED: "Failed",
    LineState.SUSPECT: "Ready, worth a listen",
    RecordingState.DONE: "Ready",
    RecordingState.CANCELLED: "Cancelled",
}


def describe_state(state: LineState | RecordingState | str) -> str:
    """The state in words, for tooltips and assistive tools."""
    return _WORDS.get(str(state), "")


def paint_state(
    painter: QPainter, rect: QRect | QRectF, state: LineState | RecordingState | str, theme: Theme, phase: float = 0.0
) -> None:
    """The shape of ``state`` in the middle of ``rect``. ``phase`` 0…1 turns the arc of what is being rendered."""
    draw = _SHAPES.get(str(state))
    if draw is None:
        return
    middle = QRectF(rect).center()
    box = QRectF(middle.x() - STATE_SIZE / 2, middle.y() - STATE_SIZE / 2, STATE_SIZE, STATE_SIZE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, box, theme, phase)
    painter.restore()


def _dot(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _ring(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))


def _ready(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    _dot(painter, box, theme.ready)


def _suspect(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    _dot(painter, box.adjusted(1, -1, -1, -3), theme.ready)
    painter.setPen(QPen(theme.failed, 1.5))
    painter.drawLine(QPointF(box.left(), box.bottom() + 0.25), QPointF(box.right(), box.bottom() + 0.25))


def _stale(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    _ring(painter, box, theme.stale)


def _not_rendered(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    grey = QColor(theme.tertiary)
    grey.setAlphaF(0.75)
    _ring(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), grey)


def _queued(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    _ring(painter, box, theme.tertiary)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.tertiary)
    painter.drawEllipse(box.center(), 1.5, 1.5)


def _rendering(painter: QPainter, box: QRectF, theme: Theme, phase: float) -> None:
    pen = QPen(theme.accent, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    start = 45 - 360 * math.modf(phase)[0]
    painter.drawArc(box.adjusted(0.5, 0.5, -0.5, -0.5), round(start * 16), 270 * 16)


def _failed(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.failed)
    corners = [QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]
    painter.drawPolygon(QPolygonF(corners))


def _cancelled(painter: QPainter, box: QRectF, theme: Theme, _phase: float) -> None:
    _ring(painter, box, theme.tertiary)
    painter.drawLine(box.adjusted(2.5, 2.5, -2.5, -2.5).topLeft(), box.adjusted(2.5, 2.5, -2.5, -2.5).bottomRight())


_SHAPES: dict[str, Callable[[QPainter, QRectF, Theme, float], None]] = {
    LineState.NOT_RENDERED: _not_rendered,
    LineState.QUEUED: _queued,
    LineState.RENDERING: _rendering,
    LineState.READY: _ready,
    LineState.STALE: _stale,
    LineState.FAILED: _failed,
    LineState.SUSPECT: _suspect,
    RecordingState.DONE: _ready,
    RecordingState.CANCELLED: _cancelled,
}
