"""The bar at the top: what is open and where it lies, what is being worked on, Import, Export and the menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from declaim.model.wording import counted, human_seconds
from declaim.ui.theme import SPACE_8, SPACE_12, SPACE_16
from declaim.ui.widgets import IconButton, words

if TYPE_CHECKING:
    from declaim.jobs import JobStatus

_AT_WORK = ("queued", "running", "paused")


class HeaderBar(QWidget):
    """Wishes leave as signals."""

    import_requested = Signal()
    export_requested = Signal()
    queue_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headerBar")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._title = words("", "heading")
        self._path = words("", "secondary")
        self.jobs = QPushButton()
        self.jobs.setObjectName("jobLine")
        self.jobs.setAccessibleName("Queue")
        self.jobs.setProperty("kind", "quiet")
        self.jobs.hide()
        self.menu_button = IconButton("more", "Menu", shortcut="F10")
        self.menu_button.setObjectName("menuButton")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setShortcut("F10")
        self.import_button = _button("Import", "importButton")
        self.export_button = _button("Export", "exportButton")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_16, 0, SPACE_12, 0)
        row.setSpacing(SPACE_12)
        row.addWidget(self._title)
        row.addWidget(self._path)
        row.addStretch()
        row.addWidget(self.jobs)
        row.addWidget(self.import_button)
        row.addWidget(self.export_button)
        row.addSpacing(-SPACE_8)
        row.addWidget(self.menu_button)
        self.jobs.clicked.connect(self.queue_requested)
        self.import_button.clicked.connect(self.import_requested)
        self.export_button.clicked.connect(self.export_requested)

    def set_menu(self, menu: QMenu) -> None:
        self.menu_button.setMenu(menu)

    def show_place(self, title: str, path: Sequence[str] = ()) -> None:
        """What is open, and the titles it lies under."""
        self._title.setText(title)
        self._path.setText(" › ".join(path))

    def show_jobs(self, jobs: Sequence[JobStatus]) -> None:
        """One line for all that runs: "2 jobs · 62 % · 4 s left"."""
        busy = [job for job in jobs if str(job.state) in _AT_WORK]
        text = describe_jobs(busy)
        self.jobs.setText(text)
        self.jobs.setAccessibleName(f"{text}. Open the queue" if text else "Queue")
        self.jobs.setVisible(bool(text))


def describe_jobs(busy: Sequence[JobStatus]) -> str:
    """The jobs that are not done, in one line."""
    if not busy:
        return ""
    parts = [counted(len(busy), "job")]
    is_paused = all(str(job.state) == "paused" for job in busy)
    reports = [job.progress for job in busy if job.progress is not None]
    if reports:
        percent = f"{round(100 * sum(report.fraction for report in reports) / len(busy))} %"
        parts.append(f"paused at {percent}" if is_paused else percent)
    left = [report.seconds_left for report in reports if report.seconds_left is not None]
    if left and not is_paused:
        parts.append(f"{human_seconds(max(left))} left")
    return " · ".join(parts)


def _button(label: str, name: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    return button
