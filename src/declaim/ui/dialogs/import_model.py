"""What each file becomes, as a list: its name, what it is taken for, and the problem where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from declaim.commands.importing import ImportItem, ImportKind
from declaim.ui.icons import pixmap
from declaim.ui.theme import FOCUS_WIDTH, RADIUS, SIZE_BODY, SIZE_CAPTION, current_theme, font
from declaim.ui.widgets.item_view import TOP, Index

ITEM_ROLE = int(Qt.ItemDataRole.UserRole) + 1
BECOMES = {
    ImportKind.CHANGELOG: "Changelog, with a script",
    ImportKind.DOCUMENT: "Document, with a script",
    ImportKind.SCRIPT: "Script",
    ImportKind.AUDIO: "Recording",
    ImportKind.BUNDLE: "Bundle",
    ImportKind.UNREADABLE: "Left out",
}
_ICONS = {ImportKind.SCRIPT: "script", ImportKind.AUDIO: "wave", ImportKind.BUNDLE: "project", ImportKind.UNREADABLE: "attention"}


class ImportModel(QAbstractListModel):
    """The items of a preview; those that can be imported are checkable and checked."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[ImportItem, ...] = ()
        self._left_out: set[int] = set()

    def show_items(self, items: Sequence[ImportItem]) -> None:
        self.beginResetModel()
        self._items = tuple(items)
        self._left_out = {at for at, item in enumerate(self._items) if item.kind is ImportKind.UNREADABLE}
        self.endResetModel()

    def item(self, row: int) -> ImportItem | None:
        return self._items[row] if 0 <= row < len(self._items) else None

    def show_item(self, row: int, item: ImportItem) -> None:
        """Another look at one file."""
        self._items = (*self._items[:row], item, *self._items[row + 1 :])
        if item.kind is ImportKind.UNREADABLE:
            self._left_out.add(row)
        else:
            self._left_out.discard(row)
        self.dataChanged.emit(self.index(row), self.index(row))

    @property
    def chosen(self) -> tuple[ImportItem, ...]:
        return tuple(item for at, item in enumerate(self._items) if at not in self._left_out)

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._items):
            return None
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{item.path.name}: {BECOMES[item.kind]}. {item.problem or item.detail}"
        if role == Qt.ItemDataRole.CheckStateRole and item.kind is not ImportKind.UNREADABLE:
            return Qt.CheckState.Unchecked if index.row() in self._left_out else Qt.CheckState.Checked
        return item if role == ITEM_ROLE else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or self._items[index.row()].kind is ImportKind.UNREADABLE:
            return False
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._left_out.discard(index.row())
        else:
            self._left_out.add(index.row())
        self.dataChanged.emit(index, index, [role])
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_bad = self._items[index.row()].kind is ImportKind.UNREADABLE
        return flags if is_bad else flags | Qt.ItemFlag.ItemIsUserCheckable


class ImportDelegate(QStyledItemDelegate):
    """Two lines: the title with what it becomes, the file with its detail or its problem."""

    _CHECK = 28

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: ImportItem = index.data(ITEM_ROLE)
        theme = current_theme()
        is_bad = item.kind is ImportKind.UNREADABLE
        ratio = painter.device().devicePixelRatioF()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.accent, FOCUS_WIDTH))
            painter.drawRoundedRect(option.rect.adjusted(2, 2, -2, -2), RADIUS, RADIUS)
        self._paint_check(painter, option.rect, index)
        box: QRect = option.rect.adjusted(self._CHECK + 12, 8, -12, -8)
        colour = theme.failed if is_bad else theme.secondary
        painter.drawPixmap(box.left(), box.top() + 2, pixmap(_ICONS.get(item.kind, "document"), 16, colour, ratio))
        box.setLeft(box.left() + 26)
        painter.setFont(font(SIZE_CAPTION, QFont.Weight.DemiBold))
        painter.setPen(theme.failed if is_bad else theme.secondary)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, BECOMES[item.kind])
        room = box.width() - painter.fontMetrics().horizontalAdvance(BECOMES[item.kind]) - 12
        painter.setFont(font(SIZE_BODY, QFont.Weight.Medium))
        painter.setPen(theme.text)
        title = painter.fontMetrics().elidedText(item.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, title)
        painter.setFont(font(SIZE_CAPTION))
        painter.setPen(theme.failed if is_bad else theme.tertiary)
        below = box.adjusted(0, 20, 0, 4)
        said = item.problem if is_bad else " · ".join(part for part in (item.path.name, item.detail) if part)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap), said)
        painter.restore()

    def _paint_check(self, painter: QPainter, rect: QRect, index: Index) -> None:
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return
        theme = current_theme()
        box = self.check_rect(rect)
        is_on = Qt.CheckState(state) == Qt.CheckState.Checked
        painter.setPen(QPen(theme.accent if is_on else theme.tertiary, 1))
        painter.setBrush(theme.accent if is_on else theme.raised)
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if is_on:
            check = pixmap("check", 12, theme.on_accent, painter.device().devicePixelRatioF())
            painter.drawPixmap(box.left() + 2, box.top() + 2, check)

    def check_rect(self, rect: QRect) -> QRect:
        return QRect(rect.left() + 12, rect.top() + 10, 16, 16)

    def editorEvent(self, event: Any, model: Any, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() == event.Type.MouseButtonRelease and self.check_rect(option.rect).adjusted(-8, -8, 8, 8).contains(
            event.position().toPoint()
        ):
            return self._toggle(model, index)
        if event.type() == event.Type.KeyPress and event.key() == Qt.Key.Key_Space:
            return self._toggle(model, index)
        return False

    def _toggle(self, model: Any, index: Index) -> bool:
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return False
        is_on = Qt.CheckState(state) == Qt.CheckState.Checked
        return bool(
            model.setData(index, Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item: ImportItem = index.data(ITEM_ROLE)
        return QSize(0, 64 if len(item.problem) > 70 else 52)
