"""The edits that keep rows whole. Each is one step of undo; the cursor given is the one that moves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby

from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor

from declaim.model.delivery import DeliveryPreset
from declaim.ui.script.row_format import RowFormats, is_chapter, row_of, set_row_format
from declaim.ui.script.rows import Row, RowKind, has_mark_up, read_rows, typed_prefix
from declaim.ui.script.text_offset import from_qt

_ENDS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029\t]+")
"""What ends a line somewhere; in a row it is a space."""


@contextmanager
def one_step(cursor: QTextCursor) -> Iterator[QTextCursor]:
    """Everything inside is undone together."""
    cursor.beginEditBlock()
    try:
        yield cursor
    finally:
        cursor.endEditBlock()


def blocks_of(cursor: QTextCursor) -> list[QTextBlock]:
    """The rows that the selection touches, or the caret's."""
    document = cursor.document()
    block, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    found = [block]
    while block != last:
        block = block.next()
        found.append(block)
    return found


def remove_selection(cursor: QTextCursor, formats: RowFormats) -> None:
    """What is left of the first and the last row becomes one, which stays what the first was."""
    if not cursor.hasSelection():
        return
    first = row_of(cursor.document().findBlock(cursor.selectionStart()))
    with one_step(cursor):
        cursor.removeSelectedText()
        if replace(row_of(cursor.block()), text="") != replace(first, text=""):
            cursor.setBlockFormat(formats.format(first))


def split(cursor: QTextCursor, formats: RowFormats) -> None:
    """Return: the words after the caret become a line of their own by the same speaker."""
    with one_step(cursor):
        remove_selection(cursor, formats)
        row = row_of(cursor.block())
        made = Row(RowKind.LINE, "", _speaker_below(cursor.block()) if row.is_chapter else row.speaker, row.delivery)
        if cursor.atBlockStart() and row.is_chapter:
            cursor.insertBlock(formats.format(row))
            set_row_format(cursor.block().previous(), formats.format(made))
        else:
            cursor.insertBlock(formats.format(made))
        _trim_start(cursor)


def join_above(cursor: QTextCursor, formats: RowFormats) -> bool:
    """Backspace at the start of a row; False where there is nothing for it to do but what Qt does."""
    if cursor.hasSelection() or not cursor.atBlockStart():
        return False
    block = cursor.block()
    above = block.previous()
    if is_chapter(block) and block.text():
        row = row_of(block)
        cursor.setBlockFormat(formats.format(Row(RowKind.LINE, "", row_of(above).speaker if above.isValid() else row.speaker)))
    elif not above.isValid():
        return True
    elif is_chapter(above) and block.text():
        cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter)
    else:
        _join(cursor, above, block, formats)
    return True


def join_below(cursor: QTextCursor, formats: RowFormats) -> bool:
    """Delete at the end of a row; False where Qt does the right thing."""
    below = cursor.block().next()
    if cursor.hasSelection() or not cursor.atBlockEnd() or not below.isValid():
        return False
    keeps_apart = is_chapter(cursor.block()) or is_chapter(below)
    if not keeps_apart or not below.text() or not cursor.block().text():
        _join(cursor, cursor.block(), below, formats)
    return True


def set_speaker(cursor: QTextCursor, speaker: str, formats: RowFormats) -> None:
    """Every selected line is spoken by ``speaker``."""
    _change_lines(cursor, formats.speaker_alone(speaker), lambda row: row.speaker != speaker)


def set_delivery(cursor: QTextCursor, delivery: DeliveryPreset | None, formats: RowFormats) -> None:
    """Every selected line has ``delivery``, or the script's."""
    _change_lines(cursor, formats.delivery_alone(delivery), lambda row: row.delivery != delivery)


def _change_lines(cursor: QTextCursor, change: QTextBlockFormat, differs: Callable[[Row], bool]) -> None:
    """Once for all lines between two chapters: thousands of them take no longer than Qt needs for it."""
    patterns: dict[int, Row] = {}

    def pattern(block: QTextBlock) -> Row:
        kind = block.blockFormatIndex()
        if kind not in patterns:
            patterns[kind] = row_of(block)
        return patterns[kind]

    parted = groupby(blocks_of(cursor), lambda block: pattern(block).is_chapter)
    runs = [list(run) for is_chapter_run, run in parted if not is_chapter_run]
    with one_step(QTextCursor(cursor)):
        for run in runs:
            if any(differs(pattern(block)) for block in run):
                span = QTextCursor(run[0])
                span.setPosition(run[-1].position(), QTextCursor.MoveMode.KeepAnchor)
                span.mergeBlockFormat(change)


def absorb_prefix(cursor: QTextCursor, formats: RowFormats) -> bool:
    """``[HOST1]: `` or ``## `` just typed at a row's start becomes its chip, or makes it a chapter."""
    block = cursor.block()
    prefix = typed_prefix(block.text())
    if prefix is None or cursor.positionInBlock() != prefix.length:
        return False
    row = row_of(block)
    made = Row(prefix.kind, "", prefix.speaker or row.speaker, prefix.delivery)
    with one_step(QTextCursor(block)) as edit:
        edit.setPosition(block.position() + prefix.length, QTextCursor.MoveMode.KeepAnchor)
        edit.removeSelectedText()
        edit.setBlockFormat(formats.format(made))
    return True


def paste(cursor: QTextCursor, text: str, formats: RowFormats) -> None:
    """Text with speakers, chapters or paragraphs makes rows; anything else is inserted where the caret is."""
    with one_step(cursor):
        remove_selection(cursor, formats)
        if not has_mark_up(text):
            cursor.insertText(_ENDS.sub(" ", text.strip("\r\n")))
            return
        here = row_of(cursor.block())
        title, rows = read_rows(text, here.speaker)
        _paste_rows(cursor, (Row(RowKind.CHAPTER, title), *rows) if title else rows, formats)


def move_rows(cursor: QTextCursor, step: int, formats: RowFormats) -> bool:
    """The selected rows change places with the one above (``step`` −1) or below (1); the selection goes with them."""
    blocks = blocks_of(cursor)
    neighbour = blocks[0].previous() if step < 0 else blocks[-1].next()
    if not neighbour.isValid():
        return False
    moved = [row_of(block) for block in blocks]
    passed = row_of(neighbour)
    rows = [*moved, passed] if step < 0 else [passed, *moved]
    states = [block.userState() for block in blocks]
    states = [*states, neighbour.userState()] if step < 0 else [neighbour.userState(), *states]
    first = neighbour if step < 0 else blocks[0]
    start, anchor, position = first.position(), cursor.anchor(), cursor.position()
    shift = -neighbour.length() if step < 0 else neighbour.length()
    with one_step(cursor):
        block = first
        for row in rows:
            _set_row(block, row, formats)
            block = block.next()
    block = cursor.document().findBlock(start)
    for state in states:
        block.setUserState(state)
        block = block.next()
    cursor.setPosition(anchor + shift)
    cursor.setPosition(position + shift, QTextCursor.MoveMode.KeepAnchor)
    return True


def _paste_rows(cursor: QTextCursor, rows: Sequence[Row], formats: RowFormats) -> None:
    here = row_of(cursor.block())
    after = here.text[from_qt(here.text, cursor.positionInBlock()) :]
    if after:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
    for row in rows:
        if cursor.block().text():
            cursor.insertBlock(formats.format(row))
        else:
            cursor.setBlockFormat(formats.format(row))
        cursor.insertText(row.text)
    if after.strip():
        cursor.insertBlock(formats.format(replace(here, kind=RowKind.LINE)))
        cursor.insertText(after.strip())
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)


def _join(cursor: QTextCursor, above: QTextBlock, below: QTextBlock, formats: RowFormats) -> None:
    """Two rows become one, which is what the upper was, unless the upper was empty; words do not run together."""
    first, second = row_of(above), row_of(below)
    kept = first if first.text else second
    gap = " " if first.text and second.text and not first.text[-1].isspace() and not second.text[0].isspace() else ""
    end = above.position() + above.length() - 1
    with one_step(cursor):
        cursor.setPosition(end)
        cursor.setPosition(below.position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(gap)
        cursor.setBlockFormat(formats.format(kept))
    cursor.setPosition(end)


def _set_row(block: QTextBlock, row: Row, formats: RowFormats) -> None:
    edit = QTextCursor(block)
    edit.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    edit.insertText(row.text)
    edit.setBlockFormat(formats.format(row))


def _trim_start(cursor: QTextCursor) -> None:
    text = cursor.block().text()
    spaces = len(text) - len(text.lstrip())
    if spaces:
        edit = QTextCursor(cursor.block())
        edit.setPosition(cursor.block().position() + spaces, QTextCursor.MoveMode.KeepAnchor)
        edit.removeSelectedText()


def _speaker_below(block: QTextBlock) -> str:
    """Who speaks first under a heading; else who spoke before it."""
    below = block.next()
    return row_of(below).speaker if below.isValid() and not is_chapter(below) else row_of(block).speaker


def selected_rows(cursor: QTextCursor) -> list[Row]:
    """The rows of the selection; the first and the last only as far as they are selected."""
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    found = []
    for block in blocks_of(cursor):
        row, at = row_of(block), block.position()
        first, last = from_qt(row.text, max(0, start - at)), from_qt(row.text, max(0, end - at))
        found.append(replace(row, text=row.text[first:last]))
    return found
