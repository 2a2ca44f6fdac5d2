"""Draws what stands around the words of a row: wash, state, chip, delivery, pills of cues, length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTextBlock, QTextLayout

from declaim.model.library import LineState
from declaim.ui.script.cue_highlighter import OpenCue
from declaim.ui.script.cue_marks import CueMark, cue_marks
from declaim.ui.script.row_format import (
    CHIP_X,
    DURATION_RIGHT,
    PLAY_X,
    STATE_X,
    STATES_LEFT,
    STATES_RIGHT,
    delivery_of,
    delivery_width,
    is_chapter,
    speaker_of,
)
from declaim.ui.state_shape import paint_state
from declaim.ui.theme import CHIP_RADIUS, SIZE_CAPTION, Theme, font
from declaim.ui.widgets import human_duration, paint_chip
from declaim.ui.widgets.chip import CHIP_HEIGHT

_PILL_HEIGHT = 19


@dataclass(frozen=True)
class RowFacts:
    """What the library knows of a line; the row's user state is its key."""

    state: LineState = LineState.NOT_RENDERED
    duration_ms: int | None = None
    reason: str = ""
    doubts: tuple[str, ...] = ()
    """Words of a model that the source lines do not have."""

    def turned(self, state: LineState, why_stale: str) -> RowFacts:
        """The same line in another state."""
        reason = why_stale if state is LineState.STALE else "" if self.state is LineState.STALE else self.reason
        return replace(self, state=state, reason=reason)


@dataclass(frozen=True)
class RowLook:
    """Everything a painter needs for one row. ``rect`` and ``words_at`` are in viewport coordinates."""

    block: QTextBlock
    rect: QRectF
    words_at: QPointF
    is_current: bool
    is_hovered: bool
    is_marked: bool
    selection: tuple[int, int]


class RowPainter:
    """Stateless but for what is looked up: speakers' colours and the facts of lines."""

    def __init__(self, theme: Theme, words_x: float, facts: Mapping[int, RowFacts], speakers: Mapping[str, int]) -> None:
        self.wear(theme)
        self.shows_states = True
        self._words_x = words_x
        self._facts = facts
        self._speakers = speakers

    def wear(self, theme: Theme) -> None:
        self.theme = theme
        self._caption_font = font(SIZE_CAPTION, tabular=True)

    def facts(self, block: QTextBlock) -> RowFacts:
        return self._facts.get(block.userState(), RowFacts())

    def paint_under(self, painter: QPainter, look: RowLook, radius: float) -> None:
        """Behind the words."""
        if look.is_current or look.is_marked:
            ground = QColor(self.theme.accent_wash if look.is_current else self.theme.hover)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(look.rect, radius, radius)
        if look.is_marked:
            painter.fillRect(QRectF(look.rect.left(), look.rect.top() + 2, 3, look.rect.height() - 4), self.theme.accent)
        for mark in cue_marks(look.block.text()) if "{" in look.block.text() else ():
            if not mark.problem:
                self._paint_pill_ground(painter, look, mark)

    def paint_state(self, painter: QPainter, look: RowLook, phase: float) -> None:
        """The gutter alone: all that moves while a line renders."""
        if self.shows_states and not is_chapter(look.block):
            box = QRectF(STATE_X - 8, look.rect.top() + 10, 16, 16)
            paint_state(painter, box, self.facts(look.block).state, self.theme, phase)

    def paint_over(self, painter: QPainter, look: RowLook, open_cue: OpenCue | None) -> None:
        """Beside the words, and on the pills."""
        if "{" in look.block.text():
            self._paint_pill_labels(painter, look, open_cue)
        if is_chapter(look.block):
            return
        facts = self.facts(look.block)
        middle = look.rect.top() + 18
        if self.shows_states and (look.is_current or look.is_hovered):
            self._paint_play(painter, QPointF(PLAY_X, middle), look.is_hovered)
        self._paint_speaker(painter, look, middle)
        self._paint_duration(painter, look, middle, facts)
        if facts.state is LineState.SUSPECT:
            self._paint_underline(painter, look)
        if facts.doubts:
            self._paint_doubts(painter, look, facts.doubts)

    def _paint_play(self, painter: QPainter, middle: QPointF, is_hovered: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.secondary if is_hovered else self.theme.tertiary)
        corners = [middle + QPointF(-4, -5), middle + QPointF(5, 0), middle + QPointF(-4, 5)]
        painter.drawPolygon(QPolygonF(corners))

    def _paint_speaker(self, painter: QPainter, look: RowLook, middle: float) -> None:
        speaker = speaker_of(look.block)
        at = QPoint(CHIP_X, round(middle - CHIP_HEIGHT / 2))
        paint_chip(painter, at, speaker, self.theme, self._speakers.get(speaker, 0), round(self._words_x - CHIP_X - 12))
        delivery = delivery_of(look.block)
        if delivery is None:
            return
        box = QRectF(self._words_x, middle - _PILL_HEIGHT / 2, delivery_width(delivery), _PILL_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.hover)
        painter.drawRoundedRect(box, CHIP_RADIUS, CHIP_RADIUS)
        self._caption(painter, self.theme.secondary)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, delivery.value)

    def _paint_duration(self, painter: QPainter, look: RowLook, middle: float, facts: RowFacts) -> None:
        if not facts.duration_ms:
            return
        self._caption(painter, self.theme.tertiary)
        box = QRectF(look.rect.right() - DURATION_RIGHT - 60, middle - 10, 60, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line_length(facts.duration_ms))

    def _paint_underline(self, painter: QPainter, look: RowLook) -> None:
        painter.setPen(QPen(self.theme.failed, 2))
        layout = look.block.layout()
        for number in range(layout.lineCount()):
            words = layout.lineAt(number).naturalTextRect().translated(look.words_at)
            painter.drawLine(QPointF(words.left(), words.bottom() + 1.5), QPointF(words.right(), words.bottom() + 1.5))

    def _paint_doubts(self, painter: QPainter, look: RowLook, doubts: tuple[str, ...]) -> None:
        """A row of dots under each word, and a question mark in the gutter."""
        painter.setPen(QPen(self.theme.stale, 2, Qt.PenStyle.DotLine))
        text = look.block.text()
        for word in doubts:
            at = text.find(word)
            for box in _boxes(look.block.layout(), at, at + len(word), look.words_at) if at >= 0 else ():
                painter.drawLine(box.bottomLeft(), box.bottomRight())
        self._caption(painter, self.theme.stale)
        painter.drawText(doubt_rect(look.rect), Qt.AlignmentFlag.AlignCenter, "?")

    def _paint_pill_ground(self, painter: QPainter, look: RowLook, mark: CueMark) -> None:
        painter.setPen(QPen(self.theme.border, 1))
        painter.setBrush(self.theme.raised if not mark.has_words else Qt.BrushStyle.NoBrush)
        for box in _boxes(look.block.layout(), mark.start, mark.end, look.words_at):
            painter.drawRoundedRect(box, CHIP_RADIUS, CHIP_RADIUS)

    def _paint_pill_labels(self, painter: QPainter, look: RowLook, open_cue: OpenCue | None) -> None:
        start, end = look.selection
        number = look.block.blockNumber()
        for mark in cue_marks(look.block.text()):
            is_selected = start < mark.end and mark.start < end
            if not mark.problem and not is_selected and open_cue != (number, mark.start):
                self._paint_pill_label(painter, look, mark)

    def _paint_pill_label(self, painter: QPainter, look: RowLook, mark: CueMark) -> None:
        """In the room that the hidden mark-up leaves: alone in the middle, or on the base line of the words it goes with."""
        label_end = mark.start + len(mark.label) + 2 if mark.has_words else mark.end
        boxes = _boxes(look.block.layout(), mark.start, label_end, look.words_at)
        if not boxes:
            return
        self._caption(painter, self.theme.secondary)
        if mark.has_words:
            line = look.block.layout().lineForTextPosition(mark.start)
            base = look.words_at.y() + line.y() + line.ascent()
            painter.drawText(QPointF(boxes[0].left() + 4, base), mark.label)
        else:
            painter.drawText(boxes[0].adjusted(-8, 0, 8, 0), Qt.AlignmentFlag.AlignCenter, mark.label)

    def _caption(self, painter: QPainter, colour: QColor) -> None:
        painter.setFont(self._caption_font)
        painter.setPen(colour)


def line_length(duration_ms: int) -> str:
    """``5.1 s``; from a minute on ``1:02``."""
    return f"{duration_ms / 1000:.1f} s" if duration_ms < 59_950 else human_duration(duration_ms)


def play_rect(row: QRectF) -> QRectF:
    """Where a click lets the line be heard."""
    return QRectF(PLAY_X - 12, row.top() + 4, 24, 28)


def chip_rect(row: QRectF, words_x: float) -> QRectF:
    """Where a click changes the speaker."""
    return QRectF(CHIP_X - 4, row.top() + 4, words_x - CHIP_X, CHIP_HEIGHT + 8)


def doubt_rect(row: QRectF) -> QRectF:
    """Where a mark says that the line is worth a look at the document."""
    return QRectF(PLAY_X - 32, row.top() + 9, 18, 18)


def state_rect(row: QRectF) -> QRectF:
    return QRectF(STATES_LEFT, row.top() + 9, STATES_RIGHT - STATES_LEFT, 18)


def _boxes(layout: QTextLayout, start: int, end: int, words_at: QPointF) -> list[QRectF]:
    """The boxes around the characters ``start`` to ``end``, one for each visual line they stand on."""
    found = []
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first, last = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
        if first >= last:
            continue
        left, right = _x_of(line.cursorToX(first)), _x_of(line.cursorToX(last))
        middle = line.y() + line.height() / 2
        found.append(QRectF(left + 1, middle - _PILL_HEIGHT / 2, right - left - 2, _PILL_HEIGHT).translated(words_at))
    return found


def _x_of(found: object) -> float:
    """PySide gives the x alone or with the position it stands for."""
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]
