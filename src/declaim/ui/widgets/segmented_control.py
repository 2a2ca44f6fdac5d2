"""A few choices in a row, one of them chosen: arrows move, a click chooses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from declaim.ui.theme import RADIUS, SIZE_BODY, current_theme, font


class SegmentedControl(QWidget):
    """``choices`` are (value, label). ``chosen(object)`` carries the value when the user chose another."""

    chosen = Signal(object)

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._choices = tuple(choices)
        self._at = 0
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def value(self) -> str:
        return self._choices[self._at][0]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label for _value, label in self._choices)

    def set_value(self, value: str) -> None:
        """Shows a value without saying that the user chose it."""
        self._at = next((at for at, (known, _) in enumerate(self._choices) if known == value), self._at)
        self._name()
        self.update()

    def segment_rect(self, value: str) -> QRectF:
        """Where the segment of a value lies in the control."""
        at = [known for known, _ in self._choices].index(value)
        width = self.width() / len(self._choices)
        return QRectF(at * width, 0, width, self.height())

    def _choose(self, at: int) -> None:
        at = max(0, min(at, len(self._choices) - 1))
        if at != self._at:
            self._at = at
            self._name()
            self.update()
            self.chosen.emit(self.value)

    def _name(self) -> None:
        self.setAccessibleName(f"{self._label}: {self._choices[self._at][1]}")
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def _index_at(self, x: float) -> int:
        return int(x * len(self._choices) / max(1, self.width()))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(SIZE_BODY, QFont.Weight.DemiBold))
        widest = max(metrics.horizontalAdvance(label) for label in self.labels)
        return QSize((widest + 24) * len(self._choices), 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - 14 * len(self._choices), 30)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self._choose(self._index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._index_at(event.position().x())
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._choose(self._at + step)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            outline = QPainterPath()
            outline.addRoundedRect(box, RADIUS, RADIUS)
            painter.fillPath(outline, theme.raised)
            painter.setClipPath(outline)
            for at, (value, _label) in enumerate(self._choices):
                segment = self.segment_rect(value)
                if at == self._hover and at != self._at and self.isEnabled():
                    painter.fillRect(segment, theme.hover)
                if at:
                    painter.setPen(theme.border)
                    painter.drawLine(round(segment.left()), 0, round(segment.left()), self.height())
            painter.setClipping(False)
            painter.setPen(QPen(theme.border, 1))
            painter.drawPath(outline)
            self._paint_chosen(painter)
            for at, (value, label) in enumerate(self._choices):
                painter.setFont(font(SIZE_BODY, QFont.Weight.DemiBold if at == self._at else QFont.Weight.Normal))
                painter.setPen(theme.text if self.isEnabled() else theme.tertiary)
                painter.drawText(self.segment_rect(value), Qt.AlignmentFlag.AlignCenter, label)

    def _paint_chosen(self, painter: QPainter) -> None:
        theme = current_theme()
        box = self.segment_rect(self.value).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(theme.accent_wash if self.isEnabled() else theme.hover)
        painter.setPen(QPen(theme.accent if self.isEnabled() else theme.border, 2 if self.hasFocus() else 1))
        inset = 0.5 if self.hasFocus() else 0
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
