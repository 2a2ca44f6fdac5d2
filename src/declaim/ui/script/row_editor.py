"""Rows that can be edited: a text whose paragraphs are lines and chapters, and everything that is done to them by name."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QWidget

from declaim.model.delivery import DeliveryPreset
from declaim.ui.script import row_edits
from declaim.ui.script.cue_marks import CueMark, cue_marks
from declaim.ui.script.row_format import is_chapter, speaker_of
from declaim.ui.script.row_view import RowView, cue_at
from declaim.ui.script.rows import Row, read_rows, write_rows


class RowEditor(RowView):
    """``line_selected`` and ``hear_requested`` carry a line's index."""

    text_edited = Signal()
    line_selected = Signal(object)
    hear_requested = Signal(object)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._current = -1
        self._told: int | None = None
        self._is_loading = False
        self.cursorPositionChanged.connect(self._on_cursor_moved)

    def load(self, text: str) -> None:
        """Shows script-format text, from its start. Nothing is announced."""
        self._is_loading = True
        self._title, rows = read_rows(text)
        self.show_rows(rows)
        self.document().contentsChanged.connect(self._on_contents_changed)
        self.document().blockCountChanged.connect(lambda _count: self.viewport().update())
        self._is_loading = False
        self._told, self._current = None, -1
        self._on_cursor_moved()

    def text(self) -> str:
        """The script format."""
        return write_rows(self._reader.rows(), self._title)

    def rows(self) -> list[Row]:
        """Every chapter and line."""
        return self._reader.rows()

    @property
    def title(self) -> str:
        """It belongs to the text, and has its own field above it."""
        return self._title

    def set_title(self, title: str) -> None:
        """The user gave it another title."""
        if title != self._title:
            self._title = title
            self.text_edited.emit()

    def take_title(self, title: str) -> None:
        """The library gave it another title."""
        self._title = title

    def problems(self) -> Iterator[tuple[QTextBlock, CueMark]]:
        """What was meant as a cue and is none."""
        for number, text in enumerate(self._reader.texts()):
            problems = [mark for mark in cue_marks(text) if mark.problem] if "{" in text else []
            block = self.document().findBlockByNumber(number) if problems else QTextBlock()
            if problems and not is_chapter(block):
                yield from ((block, mark) for mark in problems)

    def go_to_problem(self) -> None:
        """Selects the first one."""
        for block, mark in self.problems():
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + mark.start)
            cursor.setPosition(block.position() + mark.end, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            self.setFocus()
            return

    def go_to_row(self, number: int) -> None:
        """Puts the caret into a block by its number, or into the last one."""
        block = self.document().findBlockByNumber(min(number, self.document().blockCount() - 1))
        self.setTextCursor(QTextCursor(block))
        self.ensureCursorVisible()

    def set_speaker(self, speaker: str) -> None:
        """Of the caret's line, or of every selected one."""
        self._speakers.setdefault(speaker, len(self._speakers))
        row_edits.set_speaker(self.textCursor(), speaker, self._formats)

    def set_delivery(self, delivery: DeliveryPreset | None) -> None:
        row_edits.set_delivery(self.textCursor(), delivery, self._formats)

    def insert_cue(self, before: str, after: str) -> None:
        """Puts a cue around the selected words, or at the caret, which then stands where the words go."""
        cursor = self.textCursor()
        words = cursor.selectedText() if len(row_edits.blocks_of(cursor)) == 1 else ""
        cursor.insertText(f"{before}{words}{after}")
        if after and not words:
            cursor.setPosition(cursor.position() - len(after))
            self.setTextCursor(cursor)

    def hear_current(self) -> None:
        if self.current_line is not None:
            self.hear_requested.emit(self.current_line)

    def move_rows(self, step: int) -> None:
        cursor = self.textCursor()
        if row_edits.move_rows(cursor, step, self._formats):
            self.setTextCursor(cursor)

    def remove_selection(self) -> None:
        row_edits.remove_selection(self.textCursor(), self._formats)

    def cut_selection(self) -> None:
        self.copy()
        self.remove_selection()

    def undo_step(self) -> None:
        """One step back in the text; where it has none left, in the library."""
        if self.document().isUndoAvailable():
            self.undo()
        else:
            self.undo_requested.emit()

    def redo_step(self) -> None:
        if self.document().isRedoAvailable():
            self.redo()
        else:
            self.redo_requested.emit()

    def _on_contents_changed(self) -> None:
        if not self._is_loading:
            self._update_row(self._current)
            self.text_edited.emit()

    def _on_cursor_moved(self) -> None:
        if self._is_loading:
            return
        cursor = self.textCursor()
        self._highlighter.show_open(cue_at(cursor))
        if cursor.blockNumber() != self._current:
            self._update_row(self._current)
            self._current = cursor.blockNumber()
            self._update_row(self._current)
            self.setAccessibleDescription(self.describe(cursor.block()))
        if self.current_line is not None and self.current_line != self._told:
            self._told = self.current_line
            self.line_selected.emit(self._told)

    def _absorb_prefix(self) -> None:
        cursor = self.textCursor()
        if row_edits.absorb_prefix(cursor, self._formats):
            self._speakers.setdefault(speaker_of(cursor.block()), len(self._speakers))

    def _gather_speakers(self) -> None:
        for block in self.blocks():
            if not is_chapter(block):
                self._speakers.setdefault(speaker_of(block), len(self._speakers))

    # Qt

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        rows = row_edits.selected_rows(cursor)
        mime = QMimeData()
        mime.setText(rows[0].text if len(rows) == 1 else write_rows(rows))
        return mime

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        cursor = self.textCursor()
        row_edits.paste(cursor, source.text(), self._formats)
        self._gather_speakers()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
