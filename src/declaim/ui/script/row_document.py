"""Rows as a text document: made beside the view, where nothing is laid out or painted yet, and read back quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

from declaim.ui.script.row_format import HEADING_X, PAGE_BOTTOM, PAGE_TOP, TEXT_RIGHT, RowFormats, row_of
from declaim.ui.script.rows import Row, RowKind
from declaim.ui.theme import SIZE_SCRIPT, font


def make_document(rows: Sequence[Row], formats: RowFormats, parent: QObject) -> QTextDocument:
    """A document of ``rows`` with nothing to undo."""
    document = QTextDocument(parent)
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(font(SIZE_SCRIPT))
    _set_margins(document)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    made = {}
    for place, row in enumerate(rows or [Row(RowKind.LINE, "")]):
        key = (row.kind, row.speaker, row.delivery)
        if key not in made:
            made[key] = formats.format(row)
        if place:
            cursor.insertBlock(made[key])
        else:
            cursor.setBlockFormat(made[key])
        cursor.insertText(row.text)
    cursor.endEditBlock()
    document.setUndoRedoEnabled(True)
    document.setModified(False)
    return document


class RowReader:
    """Reads all rows of one document. Block formats are told by their number in the document, so that each is looked at once."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._patterns: dict[int, Row] = {}

    def rows(self) -> list[Row]:
        texts = self.texts()
        return [
            Row(pattern.kind, text, pattern.speaker, pattern.delivery)
            for text, (_, pattern) in zip(texts, self._blocks(), strict=True)
        ]

    def texts(self) -> list[str]:
        """Of every block; much faster than asking each."""
        return self._document.toPlainText().split("\n")

    def number_lines(self) -> list[int]:
        """Numbers the lines as the library counts them (user states) and returns what each was numbered before."""
        before: list[int] = []
        for text, (block, pattern) in zip(self.texts(), self._blocks(), strict=True):
            counts = not pattern.is_chapter and bool(text.strip())
            number, known = len(before) if counts else -1, block.userState()
            if counts:
                before.append(known)
            if number != known:
                block.setUserState(number)
        return before

    def _blocks(self) -> Iterator[tuple[QTextBlock, Row]]:
        block = self._document.begin()
        for _ in range(self._document.blockCount()):
            kind = block.blockFormatIndex()
            pattern = self._patterns.get(kind)
            if pattern is None:
                pattern = self._patterns[kind] = row_of(block)
            yield block, pattern
            block = block.next()


def _set_margins(document: QTextDocument) -> None:
    page = document.rootFrame().frameFormat()
    page.setMargin(0)
    page.setLeftMargin(HEADING_X)
    page.setRightMargin(TEXT_RIGHT)
    page.setTopMargin(PAGE_TOP)
    page.setBottomMargin(PAGE_BOTTOM)
    document.rootFrame().setFrameFormat(page)
