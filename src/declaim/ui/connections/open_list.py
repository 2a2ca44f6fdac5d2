"""What is not settled between here and a service, as a list: what, why, and what can be done about the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from declaim.commands.unsettled import Open
from declaim.model.remote import Badge
from declaim.ui.badge_shape import describe_badge, paint_badge
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, SPACE_8, current_theme, font
from declaim.ui.widgets import words
from declaim.ui.widgets.item_view import TOP, Index, paint_ground, scroll_smoothly

OPEN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ROW_HEIGHT = 44
_MOST_ROWS = 6
"""Shown at once; the rest scrolls."""
_LABELS = {
    "send": "Send now",
    "retry": "Try again",
    "resolve": "Choose…",
    "delete": "Delete there…",
    "cancel": "Cancel",
    "forget": "Let go",
}
_GIVE_UP = "Give up"
"""What cancelling is called where it was refused."""
_KEYS: dict[Qt.Key, tuple[str, ...]] = {
    Qt.Key.Key_Return: ("resolve", "retry", "send", "delete"),
    Qt.Key.Key_Enter: ("resolve", "retry", "send", "delete"),
}
_KEYS |= {Qt.Key.Key_Delete: ("cancel", "forget")}


class OpenModel(QAbstractListModel):
    """``show_rows`` brings it up to date; nothing is announced where nothing changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Open, ...] = ()

    def show_rows(self, rows: Sequence[Open]) -> bool:
        """Whether anything differs."""
        if tuple(rows) == self._rows:
            return False
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()
        return True

    def row(self, at: int) -> Open | None:
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found = self.row(index.row()) if index.isValid() else None
        if found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return found.title
        if role == OPEN_ROLE:
            return found
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{found.title}\n{found.words}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{found.title}, {found.connection.name}, {describe_badge(found.badge)}. {found.words}"
        return None


class OpenDelegate(QStyledItemDelegate):
    """Two lines after the badge: what, with the connection at the right, and why."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found: Open = index.data(OPEN_ROLE)
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect)
        paint_badge(painter, QRect(option.rect.left() + 6, option.rect.top() + 6, 16, 16), found.badge, theme)
        box = option.rect.adjusted(28, 5, -8, -5)
        painter.setFont(font(SIZE_CAPTION))
        painter.setPen(theme.tertiary)
        name_width = painter.fontMetrics().horizontalAdvance(found.connection.name)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight), found.connection.name)
        painter.setPen(theme.failed if found.badge.value in ("failed", "conflict") else theme.secondary)
        why = painter.fontMetrics().elidedText(found.words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignBottom), why)
        painter.setFont(font(SIZE_BODY))
        painter.setPen(theme.text)
        title = painter.fontMetrics().elidedText(found.title, Qt.TextElideMode.ElideRight, box.width() - name_width - 12)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignTop), title)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)


class _Rows(QListView):
    """As high as its rows, where there is room; never lower than two of them."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def fit(self, rows: int) -> None:
        self._wanted = min(max(1, rows), _MOST_ROWS)
        self.setMinimumHeight(min(2, self._wanted) * ROW_HEIGHT + 4)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(240, self._wanted * ROW_HEIGHT + 4)


class OpenList(QWidget):
    """Return does what helps, Delete lets go. ``wished(str, Open)``: an action and what it is for."""

    wished = Signal(object, object)

    def __init__(self, label: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.model = OpenModel(self)
        self.list = _Rows()
        self.list.setObjectName(f"{name}List")
        self.list.setAccessibleName(label)
        self.list.setModel(self.model)
        self.list.setItemDelegate(OpenDelegate(self))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        scroll_smoothly(self.list)
        self._buttons = {action: self._button(action, name) for action in _LABELS}
        self.why = words("", "caption", wrap=True)
        self.why.setObjectName(f"{name}Why")
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(SPACE_8)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(self.list)
        column.addWidget(self.why)
        column.addLayout(row)
        column.addStretch()
        self.setFocusProxy(self.list)
        self.list.selectionModel().currentChanged.connect(self._show_buttons)
        self._show_buttons()

    @property
    def current(self) -> Open | None:
        return self.model.row(self.list.currentIndex().row())

    def show_rows(self, rows: Sequence[Open]) -> None:
        """Stays at the row it stood on, by its place."""
        at = max(0, self.list.currentIndex().row())
        if self.model.show_rows(rows):
            self.list.setCurrentIndex(self.model.index(min(at, max(0, self.model.rowCount() - 1))))
        self.list.fit(self.model.rowCount())
        self._show_buttons()

    def _show_buttons(self) -> None:
        found = self.current
        for action, button in self._buttons.items():
            button.setVisible(found is not None and action in found.actions)
        self.why.setText(found.words if found is not None and found.badge is Badge.FAILED else "")
        self.why.setVisible(bool(self.why.text()))
        self._buttons["cancel"].setText(_GIVE_UP if found is not None and "retry" in found.actions else _LABELS["cancel"])

    def _do(self, action: str) -> None:
        found = self.current
        if found is not None:
            self.wished.emit(action, found)

    def _button(self, action: str, name: str) -> QPushButton:
        button = QPushButton(_LABELS[action])
        button.setObjectName(f"{action}{name[:1].upper()}{name[1:]}")
        button.setAccessibleName(f"{_LABELS[action]}: the chosen row")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._do(action))
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = self.current
        wanted = _KEYS.get(Qt.Key(event.key()), ())
        action = next((each for each in wanted if found is not None and each in found.actions), "")
        if action:
            self._do(action)
        else:
            super().keyPressEvent(event)
