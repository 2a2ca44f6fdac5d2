"""What a merge asks, as a table: a row for each place where the two texts differ, mine at the left and new at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from declaim.scripts import Choice, Hunk, Merge, Piece
from declaim.ui.script.diff_view import words_of
from declaim.ui.theme import FOCUS_WIDTH, RADIUS, SIZE_BODY, SIZE_CAPTION, current_theme, font
from declaim.ui.widgets.item_view import TOP, Index

MINE, NEW = 0, 1
_SIDES = (Choice.KEEP_MINE, Choice.TAKE_NEW)
_TITLES = ("Mine", "New")
_NOTHING = "Nothing here."
_INDENT, _PAD, _CAPTION = 32, 10, 16


class MergeModel(QAbstractTableModel):
    """Each row has one side chosen. What both sides changed comes with mine chosen, the rest with the side that changed."""

    def __init__(self, merge: Merge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = tuple(at for at, hunk in enumerate(merge.hunks) if hunk.mine != hunk.theirs)
        self._hunks = tuple(merge.hunks[at] for at in self._places)
        self._choices = [hunk.proposed for hunk in self._hunks]

    @property
    def choices(self) -> dict[int, Choice]:
        """By index of the hunk in the merge."""
        return dict(zip(self._places, self._choices, strict=True))

    @property
    def kept(self) -> int:
        """Rows where mine is chosen."""
        return self._choices.count(Choice.KEEP_MINE)

    def choose(self, row: int, side: int) -> None:
        self._choices[row] = _SIDES[side]
        self.dataChanged.emit(self.index(row, MINE), self.index(row, NEW))

    def choose_all(self, side: int) -> None:
        self._choices = [_SIDES[side]] * len(self._choices)
        if self._choices:
            self.dataChanged.emit(self.index(0, MINE), self.index(len(self._choices) - 1, NEW))

    def is_chosen(self, index: Index) -> bool:
        return self._choices[index.row()] is _SIDES[index.column()]

    def caption(self, index: Index) -> str:
        """Whose words they are, in words."""
        hunk = self._hunks[index.row()]
        if index.column() == MINE:
            return "Written before" if hunk.mine == hunk.base else "Your edit"
        return "Written before" if hunk.theirs == hunk.base else "Written now"

    def side(self, index: Index) -> tuple[Piece, ...]:
        hunk: Hunk = self._hunks[index.row()]
        return hunk.mine if index.column() == MINE else hunk.theirs

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._hunks)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal and section in (MINE, NEW):
            return _TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._hunks):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return said(self.side(index))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "Chosen. " if self.is_chosen(index) else ""
            return f"{state}{self.caption(index)}: {said(self.side(index))}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags


def said(pieces: Sequence[Piece]) -> str:
    return "\n".join(words_of(piece) for piece in pieces) or _NOTHING


class MergeDelegate(QStyledItemDelegate):
    """A card for each side with a round mark; the chosen one is filled and has the accent's outline."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, MergeModel)
        theme = current_theme()
        is_chosen = model.is_chosen(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(4, 4, -4, -4)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(theme.raised if is_chosen else Qt.BrushStyle.NoBrush)
        colour = theme.accent if is_chosen or has_focus else theme.border
        painter.setPen(QPen(colour, FOCUS_WIDTH if has_focus else 1))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        self._paint_mark(painter, card, is_chosen)
        painter.setFont(font(SIZE_CAPTION, QFont.Weight.DemiBold))
        painter.setPen(theme.accent if is_chosen else theme.tertiary)
        painter.drawText(card.adjusted(_INDENT, _PAD - 1, -_PAD, 0), int(Qt.AlignmentFlag.AlignLeft), model.caption(index))
        painter.setFont(font(SIZE_BODY))
        text: QColor = theme.text if is_chosen else theme.secondary
        painter.setPen(text if model.side(index) else theme.tertiary)
        box = card.adjusted(_INDENT, _PAD + _CAPTION, -_PAD, 0)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap), index.data())
        painter.restore()

    def _paint_mark(self, painter: QPainter, card: QRect, is_chosen: bool) -> None:
        theme = current_theme()
        ring = QRect(card.left() + 10, card.top() + 10, 13, 13)
        painter.setPen(QPen(theme.accent if is_chosen else theme.tertiary, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        if is_chosen:
            painter.setBrush(theme.accent)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(ring.adjusted(3, 3, -2, -2))

    def height_in(self, text: str, width: int) -> int:
        """How high a card of so wide a column is."""
        room = max(60, width - 8 - _INDENT - _PAD)
        flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        lines = QFontMetrics(font(SIZE_BODY)).boundingRect(QRect(0, 0, room, 1_000_000), flags, text)
        return lines.height() + _CAPTION + 2 * _PAD + 10

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), self.height_in(index.data(), option.rect.width()))
