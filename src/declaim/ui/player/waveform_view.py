"""The waveform: what was played is in the accent, lines and chapters are marked, a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from declaim.ui.player.take_map import TakeMap
from declaim.ui.player.waveform_shape import WaveformShape
from declaim.ui.theme import FOCUS_WIDTH, RADIUS, SIZE_CAPTION, SPACE_8, Theme, current_theme, font
from declaim.ui.widgets import human_duration

_PITCH, _BAR = 3, 2
_LABELS = 20
_TICKS = 8
_STEP_MS, _FAR_MS = 5_000, 30_000


class WaveformView(QWidget):
    """``seek_requested(object)`` carries milliseconds. Arrows go 5 seconds, with Shift a line; Home and End to the ends."""

    seek_requested = Signal(object)
    line_step_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("waveformView")
        self.setAccessibleName("Waveform")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._shape = WaveformShape()
        self._map = TakeMap()
        self._bars: list[tuple[float, float]] = []
        self._duration_ms = 0
        self._position_ms = 0.0
        self._loop: tuple[float, float] | None = None
        self._hover_x: float | None = None

    @property
    def duration_ms(self) -> int:
        return self._duration_ms

    @property
    def shape(self) -> WaveformShape:
        return self._shape

    @property
    def position_ms(self) -> float:
        return self._position_ms

    def show_sound(self, shape: WaveformShape, take_map: TakeMap, duration_ms: int) -> None:
        """A sound of ``duration_ms``; ``shape`` may still be empty."""
        self._shape, self._map, self._duration_ms = shape, take_map, duration_ms
        self._position_ms = min(self._position_ms, duration_ms)
        self.setEnabled(duration_ms > 0)
        self.setCursor(Qt.CursorShape.PointingHandCursor if duration_ms else Qt.CursorShape.ArrowCursor)
        self._measure()

    def set_position(self, position_ms: float) -> None:
        before, self._position_ms = self._position_ms, position_ms
        self.setAccessibleDescription(f"{human_duration(round(position_ms))} of {human_duration(self._duration_ms)}")
        if before != position_ms:
            left, right = sorted((self._x_of(before), self._x_of(position_ms)))
            self.update(QRectF(left - 4, 0, right - left + 8, self.height()).toAlignedRect())

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        if loop != self._loop:
            self._loop = loop
            self.update()

    def _measure(self) -> None:
        count = max(0, int(self.width() / _PITCH))
        self._bars = self._shape.bars(count, self._duration_ms) if self._shape.points and self._duration_ms else []
        self.update()

    def _x_of(self, position_ms: float) -> float:
        return self.width() * position_ms / self._duration_ms if self._duration_ms else 0.0

    def _ms_at(self, x: float) -> float:
        return min(1.0, max(0.0, x / max(1, self.width()))) * self._duration_ms

    def _wave_height(self) -> int:
        return max(20, self.height() - _LABELS - _TICKS)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with QPainter(self) as painter:
            if self._duration_ms:
                self._paint_loop(painter, theme)
                self._paint_bars(painter, theme, QRectF(event.rect()))
                self._paint_marks(painter, theme)
                self._paint_heads(painter, theme)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(theme.accent, FOCUS_WIDTH))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_loop(self, painter: QPainter, theme: Theme) -> None:
        if self._loop is not None:
            left, right = self._x_of(self._loop[0]), self._x_of(self._loop[1])
            painter.fillRect(QRectF(left, 0, right - left, self._wave_height()), theme.accent_wash)

    def _paint_bars(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        middle = self._wave_height() / 2
        reach = middle - 4
        played: list[QRectF] = []
        waiting: list[QRectF] = []
        played_to = self._x_of(self._position_ms)
        first = max(0, int(area.left() / _PITCH) - 1)
        for bar in range(first, min(len(self._bars), int(area.right() / _PITCH) + 2)):
            low, high = self._bars[bar]
            up, down = max(1.0, high * reach), max(1.0, low * reach)
            rect = QRectF(bar * _PITCH, middle - up, _BAR, up + down)
            (played if rect.left() < played_to else waiting).append(rect)
        painter.setPen(Qt.PenStyle.NoPen)
        for rects, colour in ((played, theme.accent), (waiting, theme.wave)):
            painter.setBrush(colour)
            painter.drawRects(rects)
        if not self._bars:
            painter.fillRect(QRectF(0, middle - 0.5, self.width(), 1), theme.wave)
            painter.fillRect(QRectF(0, middle - 0.5, played_to, 1), theme.accent)

    def _paint_marks(self, painter: QPainter, theme: Theme) -> None:
        below = self._wave_height()
        if len(self._map.line_starts) * 6 < self.width():
            for start in self._map.line_starts:
                painter.fillRect(QRectF(round(self._x_of(start)), below + 1, 1, 3), theme.wave)
        for mark in self._map.suspects:
            left, right = self._x_of(mark.start_ms), self._x_of(mark.end_ms)
            painter.fillRect(QRectF(left, below + 1, max(4.0, right - left), 2.5), theme.failed)
        painter.setFont(font(SIZE_CAPTION))
        metrics = QFontMetrics(painter.font())
        for chapter in self._map.chapters:
            left, right = round(self._x_of(chapter.start_ms)), self._x_of(chapter.end_ms)
            room = right - left - SPACE_8
            if left > 1:
                painter.fillRect(QRectF(left, below + _TICKS - 2, 1, _LABELS - 4), theme.border)
            if room >= 20:
                is_played = chapter.start_ms <= self._position_ms < chapter.end_ms
                painter.setPen(theme.secondary if is_played else theme.tertiary)
                title = metrics.elidedText(chapter.title, Qt.TextElideMode.ElideRight, int(room))
                at = QRectF(left + (SPACE_8 if left > 1 else 2), below + _TICKS, room, _LABELS)
                painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)

    def _paint_heads(self, painter: QPainter, theme: Theme) -> None:
        if self._hover_x is not None and self.isEnabled():
            painter.fillRect(QRectF(self._hover_x, 0, 1, self._wave_height()), theme.tertiary)
        x = min(self.width() - 2.0, max(0.0, self._x_of(self._position_ms) - 0.5))
        painter.fillRect(QRectF(x, 0, 2, self._wave_height()), theme.text)

    # Pointer and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._duration_ms:
            self.seek_requested.emit(self._ms_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton and self._duration_ms:
            self.seek_requested.emit(self._ms_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.line_step_requested.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
            return
        places = {
            Qt.Key.Key_Left: self._position_ms - _STEP_MS,
            Qt.Key.Key_Right: self._position_ms + _STEP_MS,
            Qt.Key.Key_PageUp: self._position_ms - _FAR_MS,
            Qt.Key.Key_PageDown: self._position_ms + _FAR_MS,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: float(self._duration_ms),
        }
        place = places.get(Qt.Key(event.key()))
        if place is None or not self._duration_ms:
            super().keyPressEvent(event)
        else:
            self.seek_requested.emit(min(float(self._duration_ms), max(0.0, place)))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._duration_ms:
            QToolTip.showText(event.globalPos(), self.tool_tip_at(event.pos().x()), self)
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().event(event)

    def tool_tip_at(self, x: float) -> str:
        """The time under the pointer, and who says what there."""
        ms = self._ms_at(x)
        line = self._map.line_at(ms)
        if line is None or not self._map.timings:
            return human_duration(round(ms))
        timing = self._map.timings[line]
        shown = timing.shown if len(timing.shown) <= 80 else f"{timing.shown[:80].rstrip()}…"
        return f"{human_duration(round(ms))} · {timing.speaker}: {shown}"

    def _hover(self, at: QPointF | None) -> None:
        before, self._hover_x = self._hover_x, at.x() if at is not None else None
        for x in (before, self._hover_x):
            if x is not None:
                self.update(QRectF(x - 2, 0, 5, self.height()).toAlignedRect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(600, 104)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)
