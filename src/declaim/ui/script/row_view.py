"""A text edit that shows rows: where each lies, what is drawn around it, which one is current or under the pointer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip, QWidget

from declaim.model.library import LineState
from declaim.ui.script.cue_highlighter import CueHighlighter, OpenCue, RowHighlighter
from declaim.ui.script.cue_marks import cue_marks
from declaim.ui.script.row_document import RowReader, make_document
from declaim.ui.script.row_format import (
    ROW_PADDING,
    STATES_LEFT,
    STATES_RIGHT,
    RowFormats,
    is_chapter,
    speaker_of,
    text_x,
)
from declaim.ui.script.row_painter import RowFacts, RowLook, RowPainter, chip_rect, doubt_rect, line_length, play_rect, state_rect
from declaim.ui.script.rows import Row, speakers_of
from declaim.ui.state_shape import describe_state
from declaim.ui.theme import RADIUS, SIZE_SCRIPT, current_theme, font, motion_ms

COLUMN_WIDTH = 1040
"""Wider than this no text is easy to read; the column stands in the middle of a wider page."""
_TURN_MS, _TURN_STEP = 40, 0.04
_LAID_AT_ONCE = 25
"""Rows whose place is worked out between two events, until all are: the first key in a long script need not wait for it."""


class RowView(QTextEdit):
    """Shows rows and what is known of them.

    A row's user state is the number of its line in the library, from 0; −1 on chapters and on rows that it does not have.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setFont(font(SIZE_SCRIPT))
        self._facts: dict[int, RowFacts] = {}
        self._speakers: dict[str, int] = {}
        self._marked: frozenset[int] = frozenset()
        self._hovered = -1
        self._phase = 0.0
        self._theme = current_theme()
        self._formats = RowFormats(text_x(()))
        self._painter = RowPainter(self._theme, self._formats.words_x, self._facts, self._speakers)
        self._own_document: QTextDocument | None = None
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self._laying = QTimer(self, interval=0)
        self._laying.timeout.connect(self._lay_more)
        self._laid = 0
        self.verticalScrollBar().rangeChanged.connect(self._place_column)
        self._wear_sheet()
        self._show_document(())

    @property
    def speakers(self) -> tuple[str, ...]:
        """In order of appearance; Ctrl+1 is the first."""
        return tuple(self._speakers)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """The document becomes ``rows``; nothing is known of them yet, and undo starts anew."""
        self._facts.clear()
        speakers = speakers_of(rows)
        self._speakers = {speaker: place for place, speaker in enumerate(speakers)}
        self._formats = RowFormats(text_x(speakers))
        self._painter = RowPainter(self._theme, self._formats.words_x, self._facts, self._speakers)
        self._show_document(rows)
        self.number_lines()

    def number_lines(self) -> None:
        """Every row with words gets the number that its line has in the library once the text was saved; facts go with rows."""
        before = self._reader.number_lines()
        known = [self._facts.get(number) for number in before]
        self._facts.clear()
        self._facts.update({number: fact for number, fact in enumerate(known) if fact is not None})

    def set_facts(self, facts: Sequence[RowFacts]) -> None:
        """What the library knows of each line, in order."""
        self._facts.clear()
        self._facts.update(enumerate(facts))
        self._turn_while_rendering()
        self.viewport().update()

    def update_facts(self, facts: Mapping[int, RowFacts]) -> None:
        """Some lines changed: only their rows are painted."""
        self._facts.update(facts)
        self._turn_while_rendering()
        for block, rect in self._visible(self.viewport().rect()):
            if block.userState() in facts:
                self.viewport().update(rect.toAlignedRect())

    def fact(self, line: int) -> RowFacts:
        return self._facts.get(line, RowFacts())

    def mark_lines(self, lines: frozenset[int]) -> None:
        """Shows which lines belong to what is selected elsewhere."""
        if lines != self._marked:
            self._marked = lines
            self.viewport().update()

    @property
    def marked_lines(self) -> frozenset[int]:
        return self._marked

    @property
    def current_line(self) -> int | None:
        """The caret's line, or None on a chapter or a row without words."""
        state = self.textCursor().block().userState()
        return state if state >= 0 else None

    def go_to_line(self, line: int) -> None:
        """Puts the caret at the end of a line and shows it."""
        block = next((block for block in self.blocks() if block.userState() == line), None)
        if block is not None:
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def row_rect(self, block: QTextBlock) -> QRectF:
        """A row's wash, in viewport coordinates."""
        lies = self.document().documentLayout().blockBoundingRect(block)
        top = lies.top() - self.verticalScrollBar().value()
        return QRectF(0, top - ROW_PADDING, self.viewport().width(), lies.height() + 2 * ROW_PADDING)

    def chip_rect(self, block: QTextBlock) -> QRectF:
        """Where a click changes a row's speaker."""
        return chip_rect(self.row_rect(block), self._formats.words_x)

    def tool_tip_at(self, at: QPointF) -> str:
        """What stands under the pointer, in words: a cue's problem, a line's state, what a click would do."""
        found = self.row_at(at)
        if found is None:
            return ""
        block, rect = found
        if not is_chapter(block) and at.x() < self._formats.words_x - 4:
            return self._beside_tip(block, rect, at)
        place = self.cursorForPosition(at.toPoint()).positionInBlock()
        for mark in cue_marks(block.text()):
            if mark.problem and mark.start <= place <= mark.end:
                return f"Line {self._place_of(block)}, column {mark.column}: {mark.problem} {mark.cure}".strip()
        return ""

    def row_at(self, at: QPointF) -> tuple[QTextBlock, QRectF] | None:
        """The row under a point of the viewport, and where it lies."""
        inside = QRect(0, int(at.y()), 1, 1)
        return next(((block, rect) for block, rect in self._visible(inside) if rect.top() <= at.y() < rect.bottom()), None)

    def describe(self, block: QTextBlock) -> str:
        """A row in words, for assistive tools."""
        if is_chapter(block):
            return "Chapter"
        fact = self._painter.facts(block)
        length = line_length(fact.duration_ms) if fact.duration_ms else ""
        parts = [f"Line {self._place_of(block)}", speaker_of(block), describe_state(fact.state), length]
        return ", ".join(part for part in parts if part)

    def _make_highlighter(self, document: QTextDocument) -> RowHighlighter:
        return CueHighlighter(document)

    def _show_document(self, rows: Sequence[Row]) -> None:
        before, self._own_document = self._own_document, make_document(rows, self._formats, self)
        self._highlighter = self._make_highlighter(self._own_document)
        self._reader = RowReader(self._own_document)
        self.setDocument(self._own_document)
        # What was changed before there was a layout is told to it now, lazily, and not by the first key.
        self._own_document.markContentsDirty(0, 1)
        if before is not None:
            before.deleteLater()
        self._laid = 0
        self._laying.start()

    def _lay_more(self) -> None:
        self._laid += _LAID_AT_ONCE
        block = self.document().findBlockByNumber(min(self._laid, self.document().blockCount() - 1))
        self.document().documentLayout().blockBoundingRect(block)
        if self._laid >= self.document().blockCount():
            self._laying.stop()

    def _beside_tip(self, block: QTextBlock, rect: QRectF, at: QPointF) -> str:
        if state_rect(rect).contains(at):
            fact = self._painter.facts(block)
            return ": ".join(part for part in (describe_state(fact.state), fact.reason) if part)
        if doubt_rect(rect).contains(at) and (doubts := self._painter.facts(block).doubts):
            return f"Not in the document where this line is from: {', '.join(doubts)}"
        if play_rect(rect).contains(at):
            return "Hear this line · Ctrl+Return"
        return f"{speaker_of(block)} · click to change, or press Tab" if self.chip_rect(block).contains(at) else ""

    def _place_of(self, block: QTextBlock) -> int:
        """The line's number as people count, also where it was not saved yet."""
        upto = block.blockNumber()
        place = 0
        for other in self.blocks():
            place += not is_chapter(other) and bool(other.text().strip())
            if other.blockNumber() == upto:
                break
        return max(1, place)

    def _wear_theme(self) -> None:
        self._theme = current_theme()
        self._painter.wear(self._theme)
        self._highlighter.use_theme(self._theme)
        self._wear_sheet()

    def _wear_sheet(self) -> None:
        theme = self._theme
        self.setStyleSheet(
            f"QTextEdit {{ background: {theme.background.name()}; color: {theme.text.name()}; border: 0;"
            f" selection-background-color: {theme.mark.name()}; selection-color: {theme.text.name()}; }}"
        )

    def _visible(self, area: QRect) -> Iterator[tuple[QTextBlock, QRectF]]:
        """The rows that touch ``area``, from the top."""
        block = self.cursorForPosition(QPoint(0, area.top())).block()
        if block.previous().isValid():
            block = block.previous()
        while block.isValid():
            rect = self.row_rect(block)
            if rect.top() > area.bottom():
                return
            if rect.bottom() >= area.top():
                yield block, rect
            block = block.next()

    def _looks(self, area: QRect) -> list[RowLook]:
        return [self._look(block, rect) for block, rect in self._visible(area)]

    def _look(self, block: QTextBlock, rect: QRectF) -> RowLook:
        cursor = self.textCursor()
        words_at = block.layout().position() - QPointF(0, self.verticalScrollBar().value())
        start = block.position()
        return RowLook(
            block,
            rect,
            words_at,
            is_current=block.blockNumber() == cursor.blockNumber() and not is_chapter(block),
            is_hovered=block.blockNumber() == self._hovered,
            is_marked=block.userState() in self._marked,
            selection=(cursor.selectionStart() - start, cursor.selectionEnd() - start),
        )

    def _update_row(self, number: int) -> None:
        block = self.document().findBlockByNumber(number)
        if block.isValid():
            self.viewport().update(self.row_rect(block).toAlignedRect())

    def _turn_while_rendering(self) -> None:
        is_rendering = any(fact.state is LineState.RENDERING for fact in self._facts.values())
        if not is_rendering or motion_ms() == 0:
            self._turning.stop()
        elif not self._turning.isActive():
            self._turning.start()

    def _turn(self) -> None:
        self._phase = (self._phase + _TURN_STEP) % 1.0
        for block, rect in self._visible(self.viewport().rect()):
            if self._painter.facts(block).state is LineState.RENDERING:
                self.viewport().update(state_rect(rect).toAlignedRect())

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            before, self._hovered = self._hovered, number
            self._update_row(before)
            self._update_row(number)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        looks = self._looks(event.rect())
        if event.rect().left() >= STATES_LEFT and event.rect().right() <= STATES_RIGHT:
            self._paint_states(event, looks)
            return
        radius = 0.0 if self.viewportMargins().left() == 0 else float(RADIUS)
        with QPainter(self.viewport()) as under:
            under.setRenderHint(QPainter.RenderHint.Antialiasing)
            for look in looks:
                self._painter.paint_under(under, look, radius)
        super().paintEvent(event)
        with QPainter(self.viewport()) as over:
            over.setRenderHint(QPainter.RenderHint.Antialiasing)
            for look in looks:
                self._painter.paint_state(over, look, self._phase)
                self._painter.paint_over(over, look, self._highlighter.open_cue)

    def _paint_states(self, event: QPaintEvent, looks: list[RowLook]) -> None:
        """While a line renders, some twenty times a second: no words, and nothing that stands beside them."""
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), self._theme.background)
            for look in looks:
                self._painter.paint_under(painter, look, 0.0)
                self._painter.paint_state(painter, look, self._phase)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tool_tip_at(QPointF(event.pos())), self.viewport())
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        found = self.row_at(event.position())
        self._hover(found[0].blockNumber() if found else -1)
        is_beside = found is not None and event.position().x() < self._formats.words_x - 4 and not is_chapter(found[0])
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_beside else Qt.CursorShape.IBeamCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_column()
        super().resizeEvent(event)

    def _place_column(self) -> None:
        """In the middle, and as wide whether or not there is anything to scroll: no text moves when the bar comes or goes."""
        side, bar = max(0, (self.width() - COLUMN_WIDTH) // 2), self.verticalScrollBar()
        right = side if bar.maximum() > 0 else side + bar.sizeHint().width()
        if (self.viewportMargins().left(), self.viewportMargins().right()) != (side, right):
            self.setViewportMargins(side, 0, right, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._theme is not current_theme():
            self._wear_theme()


def cue_at(cursor: QTextCursor) -> OpenCue | None:
    """The cue that the caret stands inside of."""
    block, place = cursor.block(), cursor.positionInBlock()
    text = block.text()
    if "{" not in text or is_chapter(block):
        return None
    return next(((block.blockNumber(), mark.start) for mark in cue_marks(text) if mark.start < place < mark.end), None)
