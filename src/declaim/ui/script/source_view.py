"""The document that a script was written from; what the selected line came from is washed, what was spoken has a bar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from declaim.model.source import SourceLines
from declaim.ui.script.row_view import COLUMN_WIDTH
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, current_theme, font

_NUMBERS_WIDTH = 96
_BAR_X = 80
_RIGHT = 40


class SourceView(QPlainTextEdit):
    """Read only; source lines count from 1. Both signals carry the first and the last selected one.

    ``passage_opened`` (a double click or Return) wants to see what was made of it.
    """

    passage_selected = Signal(object)
    passage_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sourceView")
        self.setAccessibleName("Source")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setFont(font(SIZE_BODY))
        self._spoken: frozenset[int] = frozenset()
        self._marked: SourceLines | None = None
        self._told: SourceLines | None = None
        self._is_loading = False
        self._headings = _HeadingHighlighter(self.document())
        self.cursorPositionChanged.connect(self._on_selection)
        self.selectionChanged.connect(self._on_selection)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.update())
        self.setViewportMargins(_NUMBERS_WIDTH, 24, _RIGHT, 24)

    def show_source(self, markdown: str) -> None:
        """The text of a document."""
        self._is_loading = True
        self.setPlainText(markdown)
        self._is_loading = False
        self._told = self._marked = None

    def set_spoken(self, ranges: Iterable[SourceLines | None]) -> None:
        """Which of its lines the script says something about."""
        self._spoken = frozenset(line for lines in ranges if lines for line in range(lines[0], lines[1] + 1))
        self.update()

    def mark(self, lines: SourceLines | None) -> None:
        """Washes the passage of the selected script line and shows it."""
        self._marked = lines
        if lines is not None:
            block = self.document().findBlockByNumber(lines[0] - 1)
            if block.isValid() and not self._is_shown(block):
                self._is_loading = True
                self.setTextCursor(QTextCursor(block))
                self.centerCursor()
                self._is_loading = False
        self.viewport().update()
        self.update()

    @property
    def marked(self) -> SourceLines | None:
        return self._marked

    @property
    def selected_lines(self) -> SourceLines:
        cursor, document = self.textCursor(), self.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber() + 1
        return first, document.findBlock(cursor.selectionEnd()).blockNumber() + 1

    def _on_selection(self) -> None:
        if not self._is_loading and self.selected_lines != self._told:
            self._told = self.selected_lines
            self.passage_selected.emit(self._told)

    def _is_shown(self, block: QTextBlock) -> bool:
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        return 0 <= top < self.viewport().height() - 20

    def _shown_blocks(self) -> Iterator[tuple[int, QRectF]]:
        """Line numbers from 1 and where they lie in the viewport."""
        block = self.firstVisibleBlock()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if rect.top() > self.viewport().height():
                return
            yield block.blockNumber() + 1, rect
            block = block.next()

    def _is_marked(self, line: int) -> bool:
        return self._marked is not None and self._marked[0] <= line <= self._marked[1]

    # Qt

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setTextCursor(self.cursorForPosition(event.position().toPoint()))
        self.passage_opened.emit(self.selected_lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.passage_opened.emit(self.selected_lines)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with QPainter(self.viewport()) as painter:
            for line, rect in self._shown_blocks():
                if self._is_marked(line):
                    painter.fillRect(QRectF(-8, rect.top(), self.viewport().width() + 16, rect.height()), theme.accent_wash)
        super().paintEvent(event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.Paint:
            self._paint_numbers()
        return done

    def _paint_numbers(self) -> None:
        theme = current_theme()
        with QPainter(self) as painter:
            painter.setFont(font(SIZE_CAPTION, tabular=True))
            at = self.viewport().geometry().topLeft()
            for line, rect in self._shown_blocks():
                top = rect.top() + at.y()
                if top < at.y() - 1 or top + 16 > at.y() + self.viewport().height():
                    continue
                painter.setPen(theme.text if self._is_marked(line) else theme.tertiary)
                numbers = QRectF(at.x() - _NUMBERS_WIDTH, top, _BAR_X - 14, 17)
                painter.drawText(numbers, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
                if line in self._spoken:
                    bar = theme.accent if self._is_marked(line) else theme.wave
                    painter.fillRect(QRectF(at.x() - _NUMBERS_WIDTH + _BAR_X - 4, top + 1, 2, rect.height() - 2), bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(0, (self.width() - COLUMN_WIDTH) // 2)
        if self.viewportMargins().left() != _NUMBERS_WIDTH + side:
            self.setViewportMargins(_NUMBERS_WIDTH + side, 24, _RIGHT + side, 24)
        super().resizeEvent(event)


class _HeadingHighlighter(QSyntaxHighlighter):
    """Headings of the Markdown stand out; nothing else is painted, so that long files open at once."""

    def highlightBlock(self, text: str) -> None:
        if text.startswith("#"):
            self.setFormat(0, self.currentBlock().length(), font(SIZE_BODY, QFont.Weight.DemiBold))
