"""Every connection of the library beside the page of the chosen one; in a sheet of its own and in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from declaim.model.ids import ProjectId
from declaim.model.remote import ConnectionId
from declaim.ui.connections.connection_page import ConnectionPage
from declaim.ui.dialogs.sheet import Sheet
from declaim.ui.theme import SIZE_BODY, SIZE_CAPTION, SPACE_8, SPACE_12, current_theme, font
from declaim.ui.widgets import EmptyState
from declaim.ui.widgets.item_view import Index, paint_ground

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.ui.connections.remote_orders import RemoteOrders

_CONNECT = (("connect", "Connect a service…"),)
_LIST_WIDTH = 190
_PROJECT_ROLE = Qt.ItemDataRole.UserRole + 1
_WHAT = "Publish what you make here, and work here on what is there. Nothing is sent unless you say so."


def open_connections(
    studio: Studio,
    remote: RemoteOrders,
    window: QWidget,
    project_id: ProjectId | None = None,
    connection_id: ConnectionId | None = None,
) -> None:
    """The connections in a sheet; where there are none, at once the form for the first."""
    if not studio.connections.all():
        remote.open_connect(project_id, lambda made: open_connections(studio, remote, window, project_id, made))
        return
    sheet = ConnectionsSheet(studio, remote, project_id, window)
    if connection_id is not None:
        sheet.view.choose(connection_id)
    sheet.open()


class ConnectionsView(QWidget):
    """``project_id`` is what a new connection is for, where the user does not choose another."""

    def __init__(
        self, studio: Studio, remote: RemoteOrders, project_id: ProjectId | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio, self._remote, self._project_id = studio, remote, project_id
        self.setObjectName("connectionsView")
        self.list = QListWidget()
        self.list.setObjectName("connectionsList")
        self.list.setAccessibleName("Connections")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setItemDelegate(_ConnectionDelegate(self.list))
        self.connect_button = QPushButton("Connect a service…")
        self.connect_button.setObjectName("connectServiceButton")
        self.connect_button.setAccessibleName("Connect a service")
        self.connect_button.setAutoDefault(False)
        self._empty = EmptyState("remote", "No service is connected", _WHAT, _CONNECT)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self.page: ConnectionPage | None = None
        left = QVBoxLayout()
        left.setSpacing(SPACE_8)
        left.addWidget(self.list, 1)
        left.addWidget(self.connect_button)
        self._left = QWidget()
        self._left.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(self._pages, 1)
        self.list.currentItemChanged.connect(lambda item, _before: self._on_current(item))
        self.connect_button.clicked.connect(self._on_connect)
        self._empty.chosen.connect(lambda _name: self._on_connect())
        self.refresh()

    def refresh(self, chosen: ConnectionId | None = None) -> None:
        """Reads the connections again and goes to one of them."""
        if not isValid(self):
            return
        current = self.page.connection.id if self.page is not None else None
        names = {each.id: each.name for each in self._studio.projects.all()}
        self.list.clear()
        for each in self._studio.connections.all():
            item = QListWidgetItem(each.name)
            item.setData(_PROJECT_ROLE, names.get(each.project_id, ""))
            item.setData(Qt.ItemDataRole.UserRole, each.id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{each.name}, of the project {names.get(each.project_id, '')}")
            self.list.addItem(item)
        self.choose(chosen or current or self._first_of_project())
        self._left.setVisible(self.list.count() > 0)

    def choose(self, connection_id: ConnectionId | None) -> None:
        rows = [self.list.item(at) for at in range(self.list.count())]
        found = next((row for row in rows if row.data(Qt.ItemDataRole.UserRole) == connection_id), rows[0] if rows else None)
        if found is None:
            self._on_current(None)
        else:
            self.list.setCurrentItem(found)

    def _first_of_project(self) -> ConnectionId | None:
        known = self._studio.connections.all(self._project_id) if self._project_id is not None else ()
        return known[0].id if known else None

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if self.page is not None:
            self._pages.removeWidget(self.page)
            self.page.deleteLater()
            self.page = None
        if item is None:
            self._pages.setCurrentWidget(self._empty)
            return
        connection = self._studio.library.connections.get(item.data(Qt.ItemDataRole.UserRole))
        self.page = ConnectionPage(self._studio, self._remote, connection)
        self.page.left.connect(self.refresh)
        self._pages.addWidget(self.page)
        self._pages.setCurrentWidget(self.page)

    def _on_connect(self) -> None:
        self._remote.open_connect(self._project_id, self.refresh)


class _ConnectionDelegate(QStyledItemDelegate):
    """Two lines: its name, and the project it belongs to."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, option.rect)
        box = option.rect.adjusted(SPACE_12, 6, -SPACE_8, -6)
        lines = (
            (index.data(), SIZE_BODY, theme.text, Qt.AlignmentFlag.AlignTop),
            (index.data(_PROJECT_ROLE), SIZE_CAPTION, theme.tertiary, Qt.AlignmentFlag.AlignBottom),
        )
        for text, size, colour, where in lines:
            painter.setFont(font(size))
            painter.setPen(colour)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(where), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_LIST_WIDTH, 44)


class ConnectionsSheet(Sheet):
    def __init__(
        self, studio: Studio, remote: RemoteOrders, project_id: ProjectId | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("Connections", "connectionsSheet", parent)
        self.setMinimumSize(720, 580)
        self.view = ConnectionsView(studio, remote, project_id)
        self.body.addWidget(self.view, 1)
        self.add_button("Close", "connectionsCloseButton").clicked.connect(self.accept)

    def sizeHint(self) -> QSize:
        return QSize(820, 600)
