"""The queue in a sheet that opens under the job line and goes away by itself: the jobs, and what waits for a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from declaim.model.change import Changes
from declaim.ui.queue.queue_panel import QueuePanel
from declaim.ui.theme import SPACE_8, SPACE_12
from declaim.ui.widgets import words

if TYPE_CHECKING:
    from declaim.commands.studio import Studio
    from declaim.ui.connections.open_list import OpenList

_WIDTH, _HEIGHT, _WITH_OUTBOX = 460, 320, 480
_SOON_MS = 120


class QueueSheet(QFrame):
    """Built when it is first asked for and kept. ``wished(str, Open)``: what is to be done about a wish to a service."""

    wished = Signal(object, object)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._studio = studio
        self.setObjectName("queueSheet")
        self.setAccessibleName("Queue")
        self.setProperty("role", "sheet")
        self.panel = QueuePanel(studio.jobs)
        self.outbox: OpenList | None = None
        self._heading = words("To be sent", "heading")
        self._heading.setContentsMargins(0, SPACE_8, 0, 0)
        self._heading.hide()
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_12, SPACE_12, SPACE_12, SPACE_12)
        self._column.setSpacing(SPACE_8)
        self._column.addWidget(self.panel, 1)
        self._column.addWidget(self._heading)
        self.resize(_WIDTH, _HEIGHT)
        stop = studio.subscribe(self._on_changes)
        self.destroyed.connect(lambda: stop())

    def open_under(self, bar: QWidget) -> None:
        """Shows itself at the right under a bar."""
        self.refresh()
        self.move(bar.mapToGlobal(QPoint(bar.width() - self.width() - SPACE_12, bar.height())))
        self.show()
        self.panel.setFocus()

    def refresh(self) -> None:
        """Reads the outbox; without a connection there is none."""
        rows = self._studio.unsettled.wishes() if self._studio.library.connections.all() else ()
        if rows and self.outbox is None:
            from declaim.ui.connections.open_list import OpenList

            self.outbox = OpenList("To be sent", "outbox")
            self.outbox.wished.connect(self._on_wish)
            self._column.addWidget(self.outbox, 1)
        if self.outbox is not None:
            self.outbox.show_rows(rows)
            self.outbox.setVisible(bool(rows))
        self._heading.setVisible(bool(rows))
        self.resize(_WIDTH, _WITH_OUTBOX if rows else _HEIGHT)

    def _on_wish(self, action: str, opened: object) -> None:
        self.wished.emit(action, opened)

    def _on_changes(self, changes: Changes) -> None:
        if self.isVisible() and changes.touches("outbox", "remote_items", "connections") and not self._soon.isActive():
            self._soon.start()
