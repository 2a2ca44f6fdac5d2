"""The queue in a sheet that opens under the job line and goes away by itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from declaim.jobs import Jobs
from declaim.ui.queue.queue_panel import QueuePanel
from declaim.ui.theme import SPACE_12

_WIDTH, _HEIGHT = 460, 320


class QueueSheet(QFrame):
    """Built when it is first asked for and kept."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("queueSheet")
        self.setAccessibleName("Queue")
        self.setProperty("role", "sheet")
        self.panel = QueuePanel(jobs)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_12, SPACE_12, SPACE_12, SPACE_12)
        column.addWidget(self.panel)
        self.resize(_WIDTH, _HEIGHT)

    def open_under(self, bar: QWidget) -> None:
        """Shows itself at the right under a bar."""
        self.move(bar.mapToGlobal(QPoint(bar.width() - self.width() - SPACE_12, bar.height())))
        self.show()
        self.panel.setFocus()
