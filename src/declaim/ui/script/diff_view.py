"""Two scripts compared, line by line: a sign, a ground and the changed words say what was added and removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QTextEdit, QWidget

from declaim.model.wording import counted
from declaim.scripts import Change, ChangeKind, Heading, Piece
from declaim.ui.theme import SIZE_BODY, Theme, current_theme, font

_AROUND = 2
"""Unchanged rows that are shown beside a changed one."""
_MOST_ROWS = 2_000
ADDED, REMOVED, SAME = "+", "−", " "


@dataclass(frozen=True)
class DiffRow:
    """``sign`` is ``ADDED``, ``REMOVED`` or ``SAME``; ``changed`` are the spans of words that the other side does not have."""

    sign: str
    text: str
    changed: tuple[tuple[int, int], ...] = ()
    is_gap: bool = False


def diff_rows(changes: Sequence[Change]) -> tuple[DiffRow, ...]:
    """What the view shows: changed rows with a little around them, the rest counted."""
    near = _near(changes)
    rows: list[DiffRow] = []
    skipped = 0
    for at, change in enumerate(changes):
        if at not in near:
            skipped += 1
            continue
        if skipped:
            rows.append(_gap(skipped))
            skipped = 0
        rows += _rows_of(change)
    if skipped:
        rows.append(_gap(skipped))
    return tuple(rows)


class DiffView(QTextEdit):
    """Read only; the text itself carries the signs, for those who hear the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[DiffRow, ...] = ()
        self.setObjectName("diffView")
        self.setAccessibleName("What is different")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(12)

    @property
    def rows(self) -> tuple[DiffRow, ...]:
        return self._rows

    def show_changes(self, changes: Sequence[Change]) -> None:
        self.show_rows(diff_rows(changes))

    def show_rows(self, rows: Sequence[DiffRow]) -> None:
        self._rows = tuple(rows)
        self._draw()

    def _draw(self) -> None:
        theme = current_theme()
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if not any(row.sign != SAME for row in self._rows):
            _insert(cursor, DiffRow(SAME, "Nothing is different.", is_gap=True), theme, is_first=True)
        else:
            for at, row in enumerate(self._rows[:_MOST_ROWS]):
                _insert(cursor, row, theme, is_first=at == 0)
            if len(self._rows) > _MOST_ROWS:
                _insert(cursor, _gap(len(self._rows) - _MOST_ROWS, "more"), theme, is_first=False)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._rows:
            self._draw()


def words_of(piece: Piece) -> str:
    """A piece as the script format writes it, less the brackets."""
    if isinstance(piece, Heading):
        return f"{'#' * piece.level} {piece.text}"
    delivery = f", {piece.delivery.value}" if piece.delivery else ""
    return f"{piece.speaker}{delivery}: {piece.text}"


def washed(ground: QColor, tint: QColor, share: float) -> QColor:
    """``tint`` over ``ground``, so thin that text on it stays as readable."""
    old = (ground.red(), ground.green(), ground.blue())
    new = (tint.red(), tint.green(), tint.blue())
    return QColor(*(round(a + (b - a) * share) for a, b in zip(old, new, strict=True)))


def _near(changes: Sequence[Change]) -> frozenset[int]:
    touched = [at for at, change in enumerate(changes) if change.kind is not ChangeKind.SAME]
    return frozenset(near for at in touched for near in range(at - _AROUND, at + _AROUND + 1))


def _rows_of(change: Change) -> Iterator[DiffRow]:
    old = words_of(change.old) if change.old is not None else ""
    new = words_of(change.new) if change.new is not None else ""
    match change.kind:
        case ChangeKind.SAME:
            yield DiffRow(SAME, new)
        case ChangeKind.ADDED:
            yield DiffRow(ADDED, new)
        case ChangeKind.REMOVED:
            yield DiffRow(REMOVED, old)
        case _:
            in_old, in_new = changed_words(old, new)
            yield DiffRow(REMOVED, old, in_old)
            yield DiffRow(ADDED, new, in_new)


def changed_words(old: str, new: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The spans of words that only one side has; nothing where hardly a word stayed."""
    a, b = old.split(" "), new.split(" ")
    if len(a) + len(b) > 2_000:
        return (), ()
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < 0.3:
        return (), ()
    runs = [run for run in matcher.get_opcodes() if run[0] != "equal"]
    return _spans(a, [run[1:3] for run in runs]), _spans(b, [run[3:5] for run in runs])


def _spans(words: Sequence[str], runs: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    return tuple((starts[first], starts[last] - 1) for first, last in runs if first < last)


def _gap(count: int, what: str = "unchanged") -> DiffRow:
    return DiffRow(SAME, counted(count, f"{what} line"), is_gap=True)


def _insert(cursor: QTextCursor, row: DiffRow, theme: Theme, *, is_first: bool) -> None:
    block, plain = _formats(row, theme)
    if is_first:
        cursor.setBlockFormat(block)
    else:
        cursor.insertBlock(block)
    sign = QTextCharFormat(plain)
    sign.setFontWeight(QFont.Weight.Bold)
    cursor.insertText("" if row.is_gap else f"{row.sign}\t", sign)
    changed = QTextCharFormat(plain)
    changed.setFontWeight(QFont.Weight.DemiBold)
    changed.setFontUnderline(True)
    at = 0
    for start, end in row.changed:
        cursor.insertText(row.text[at:start], plain)
        cursor.insertText(row.text[start:end], changed)
        at = end
    cursor.insertText(row.text[at:], plain)


def _formats(row: DiffRow, theme: Theme) -> tuple[QTextBlockFormat, QTextCharFormat]:
    block, plain = QTextBlockFormat(), QTextCharFormat()
    block.setLeftMargin(24)
    block.setTextIndent(-24)
    block.setTabPositions([QTextOption.Tab(24, QTextOption.TabType.LeftTab)])
    block.setTopMargin(2)
    block.setBottomMargin(2)
    plain.setFont(font(SIZE_BODY))
    tint = {ADDED: theme.ready, REMOVED: theme.failed}.get(row.sign)
    if tint is not None:
        block.setBackground(washed(theme.background, tint, 0.14))
    plain.setForeground(theme.tertiary if row.is_gap else theme.text if tint is not None else theme.secondary)
    if row.is_gap:
        block.setTextIndent(0)
    return block, plain
