"""The versions of a script: when, how long, what changed; a look at the difference; and taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from declaim.model.ids import ScriptId
from declaim.model.wording import counted
from declaim.scripts import Change
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.orders import Orders
from declaim.ui.script.diff_view import DiffView
from declaim.ui.script.page_meta import moment_in_words
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, SPACE_8, SPACE_12, current_theme, font
from declaim.ui.widgets import SegmentedControl, words
from declaim.ui.widgets.item_view import TOP, Index, paint_ground, scroll_smoothly

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.commands.versions import VersionView

VIEW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SINCE_BEFORE, AGAINST_NOW = "before", "now"
_REASONS = {
    "written": "Written",
    "created": "Begun",
    "edited": "Edited",
    "restored": "Restored",
    "imported": "Imported",
    "regenerated": "Written again",
    "merged": "Merged",
}
_LIST_WIDTH = 264


class VersionsModel(QAbstractListModel):
    """Newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[VersionView, ...] = ()

    def show_views(self, views: Sequence[VersionView]) -> None:
        self.beginResetModel()
        self._views = tuple(views)
        self.endResetModel()

    def view(self, row: int) -> VersionView | None:
        return self._views[row] if 0 <= row < len(self._views) else None

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._views)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        view = self.view(index.row()) if index.isValid() else None
        if view is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return moment_in_words(view.row.created_at)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{moment_in_words(view.row.created_at)}. {what_it_is(view)}. {what_changed(view)}"
        return view if role == VIEW_ROLE else None


def what_it_is(view: VersionView) -> str:
    """``Edited · 268 words``."""
    reason = _REASONS.get(view.row.reason, view.row.reason.capitalize())
    length = counted(view.words, "word")
    return " · ".join(part for part in (reason, length, "the text now" if view.is_present else "") if part)


def what_changed(view: VersionView) -> str:
    return view.changed[:1].upper() + view.changed[1:] if view.changed else "The first version"


class VersionDelegate(QStyledItemDelegate):
    """Three lines: when, what made it and how long it is, what changed."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: VersionView = index.data(VIEW_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect.adjusted(1, 1, -1, -1))
        box: QRect = option.rect.adjusted(12, 9, -12, -8)
        lines = (
            (index.data(), font(SIZE_BODY, QFont.Weight.Medium, tabular=True), theme.text),
            (what_it_is(view), font(SIZE_CAPTION, tabular=True), theme.secondary),
            (what_changed(view), font(SIZE_CAPTION, tabular=True), theme.secondary),
        )
        for at, (said, face, colour) in enumerate(lines):
            painter.setFont(face)
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box.adjusted(0, (0, 19, 35)[at], 0, 0), int(Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, 68)


class VersionsSheet(Sheet):
    """Opened over a script whose typing is saved."""

    def __init__(self, studio: Studio, orders: Orders, script_id: ScriptId, parent: QWidget | None = None) -> None:
        super().__init__("Versions", "versionsSheet", parent)
        self._studio, self._orders, self._script_id = studio, orders, script_id
        self._asked = 0
        self._model = VersionsModel(self)
        self.list = QListView()
        self.mode = SegmentedControl("Compare", ((SINCE_BEFORE, "With the one before"), (AGAINST_NOW, "With the text now")))
        self.diff = DiffView()
        self._said = words("", "secondary", wrap=True)
        self._close = self.add_button("Close", "versionsCloseButton")
        self._restore = self.add_button("Restore", "versionsRestoreButton", primary=True)
        self._restore.setAccessibleName("Restore the chosen version")
        self._restore.setEnabled(False)
        self._lay_out()
        self._close.clicked.connect(self.reject)
        self._restore.clicked.connect(self._on_restore)
        self.mode.chosen.connect(self._compare)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.doubleClicked.connect(lambda _index: self.diff.setFocus())
        orders.give(partial(studio.versions.history, script_id, self._on_history))

    @property
    def chosen(self) -> VersionView | None:
        return self._model.view(self.list.currentIndex().row())

    def _on_history(self, views: tuple[VersionView, ...]) -> None:
        if not isValid(self):  # closed before the answer came
            return
        self._model.show_views(views)
        self.list.setCurrentIndex(self._model.index(0))
        self.list.setFocus()

    def _on_current(self) -> None:
        view = self.chosen
        self._restore.setEnabled(view is not None and not view.is_present)
        self._compare()

    def _compare(self) -> None:
        """Asks for the difference; an answer that comes after the next question is dropped."""
        row = self.list.currentIndex().row()
        view, before, now = self._model.view(row), self._model.view(row + 1), self._model.view(0)
        if view is None or now is None:
            return
        self._asked += 1
        show = partial(self._on_compared, self._asked)
        if self.mode.value == AGAINST_NOW:
            self._said.setText("What restoring it would change in the text now")
            self._studio.versions.compare(now.row.text, view.row.text, show)
        else:
            self._said.setText("What changed since the version before" if before else "The first version, whole")
            self._studio.versions.compare(before.row.text if before else "", view.row.text, show)

    def _on_compared(self, asked: int, changes: tuple[Change, ...]) -> None:
        if asked == self._asked and isValid(self):
            self.diff.show_changes(changes)

    def _on_restore(self) -> None:
        view = self.chosen
        if view is None:
            return
        self._orders.give(partial(self._studio.versions.restore, view.row))
        self.accept()

    def _lay_out(self) -> None:
        self.list.setObjectName("versionsList")
        self.list.setAccessibleName("Versions, the newest first")
        self.list.setModel(self._model)
        self.list.setItemDelegate(VersionDelegate(self))
        scroll_smoothly(self.list)
        self.list.setFixedWidth(_LIST_WIDTH)
        self.diff.setMinimumSize(420, 280)
        self.mode.setObjectName("versionsCompare")
        self.mode.setMaximumWidth(360)
        right = QVBoxLayout()
        right.setSpacing(SPACE_8)
        right.addWidget(self.mode)
        right.addWidget(self._said)
        right.addWidget(self.diff, 1)
        columns = QHBoxLayout()
        columns.setSpacing(SPACE_12)
        columns.addWidget(self.list)
        columns.addLayout(right, 1)
        self.body.addLayout(columns, 1)

    def sizeHint(self) -> QSize:
        return QSize(900, 580)
