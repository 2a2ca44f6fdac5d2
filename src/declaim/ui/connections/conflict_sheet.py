"""An item that changed on both sides: here beside there, what differs marked, and which of them stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from declaim.model.remote import Connection, RemoteItem
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.orders import Orders
from declaim.ui.script.diff_view import ADDED, REMOVED, SAME, DiffRow, DiffView, changed_words
from declaim.ui.theme import SPACE_4, SPACE_12
from declaim.ui.widgets import words

if TYPE_CHECKING:
    from declaim.commands.studio import Studio

_NAMES = {"title": "Title", "label": "Label", "name": "Name", "starred": "Star", "note": "Note", "text": "Text"}
_KEEP = (
    ("both", "Keep both", "The one here becomes a copy of its own; this one becomes as there"),
    ("there", "Keep there", "What is here becomes as there; undo takes it back"),
    ("here", "Keep here", "What is here is sent there"),
)


class ConflictSheet(Sheet):
    """``resolved(tuple[WishId, ...])``: chosen; the wishes are what must be sent because of it."""

    resolved = Signal(object)

    def __init__(
        self, studio: Studio, orders: Orders, item: RemoteItem, connection: Connection, parent: QWidget | None = None
    ) -> None:
        super().__init__("Changed on both sides", "conflictSheet", parent)
        self._studio, self._orders, self._item = studio, orders, item
        here, there = studio.syncing.sides(item)
        self.here, self.there = DiffView(), DiffView()
        rows = list(compared(here, there))
        self.here.show_rows([each for row, _ in rows for each in row])
        self.there.show_rows([each for _, row in rows for each in row])
        title = studio.unsettled.title_of(item.item_kind, item.item_id)
        self.body.addWidget(words(f"“{title}” was changed here and at {connection.name} since they last agreed.", wrap=True))
        columns = QHBoxLayout()
        columns.setSpacing(SPACE_12)
        for heading, name, view in (("Here", "conflictHere", self.here), (connection.name, "conflictThere", self.there)):
            view.setObjectName(name)
            view.setAccessibleName(f"As it is {'here' if view is self.here else 'there'}")
            view.setMinimumSize(260, 160)
            column = QVBoxLayout()
            column.setSpacing(SPACE_4)
            column.addWidget(words(heading, "heading"))
            column.addWidget(view, 1)
            columns.addLayout(column, 1)
        self.body.addLayout(columns, 1)
        self.add_button("Later", "conflictLaterButton").clicked.connect(self.reject)
        for keep, label, hint in _KEEP:
            button = self.add_button(label, f"keep{keep.capitalize()}Button", primary=keep == "here")
            button.setToolTip(hint)
            button.setEnabled(keep != "both" or item.item_kind == "recording")
            button.clicked.connect(partial(self._choose, keep))

    def _choose(self, keep: str, _checked: bool = False) -> None:
        wishes = self._orders.give(partial(self._studio.syncing.resolve, self._item, keep))
        if wishes is not None:
            self.resolved.emit(wishes)
        self.accept()

    def sizeHint(self) -> QSize:
        return QSize(720, 440)


def compared(
    here: Mapping[str, object], there: Mapping[str, object]
) -> Iterator[tuple[tuple[DiffRow, ...], tuple[DiffRow, ...]]]:
    """For each field the rows of both sides: its name, then its lines, with the words marked that only one side has."""
    for name in dict.fromkeys((*here, *there)):
        heading = DiffRow(SAME, _NAMES.get(name, name.replace("_", " ").capitalize()), is_gap=True)
        mine, theirs = _in_words(here.get(name)), _in_words(there.get(name))
        if mine == theirs:
            both = (heading, *(DiffRow(SAME, line) for line in mine.split("\n")))
            yield both, both
            continue
        yield (
            (heading, *_lines(REMOVED, mine, theirs, mine_first=True)),
            (heading, *_lines(ADDED, theirs, mine, mine_first=False)),
        )


def _lines(sign: str, text: str, other: str, *, mine_first: bool) -> Iterator[DiffRow]:
    """Line by line; a line that the other side has too is no difference."""
    others = other.split("\n")
    known = set(others)
    for at, line in enumerate(text.split("\n")):
        if line in known:
            yield DiffRow(SAME, line)
            continue
        opposite = others[at] if at < len(others) else ""
        old, new = changed_words(*((line, opposite) if mine_first else (opposite, line)))
        yield DiffRow(sign, line or "(empty)", old if mine_first else new)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "Starred" if value else "Not starred"
    return "" if value is None else str(value)
