"""The jobs as a table, newest first: title, progress, time left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from declaim.model.ids import JobId
from declaim.model.wording import human_seconds
from declaim.ui.widgets.item_view import TOP, Index

if TYPE_CHECKING:
    from declaim.jobs import JobStatus

TITLE, PROGRESS, LEFT, FIRST_ACTION, SECOND_ACTION = range(5)
HEADINGS = ("Job", "Progress", "Time left", "Pause or go on", "Cancel or try again")
JOB_ROLE = Qt.ItemDataRole.UserRole
_Role = Qt.ItemDataRole


class QueueModel(QAbstractTableModel):
    """Give ``show_jobs`` all of them, ``show_job`` one that changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[JobStatus] = []

    def show_jobs(self, jobs: tuple[JobStatus, ...]) -> None:
        self.beginResetModel()
        self._jobs = sorted(jobs, key=lambda job: job.id, reverse=True)
        self.endResetModel()

    def show_job(self, job: JobStatus) -> bool:
        """False for a job that is not in the list."""
        row = self.row_of(job.id)
        if row is None:
            return False
        self._jobs[row] = job
        self.dataChanged.emit(self.index(row, TITLE), self.index(row, SECOND_ACTION))
        return True

    def job(self, index: Index) -> JobStatus | None:
        return self._jobs[index.row()] if index.isValid() and index.row() < len(self._jobs) else None

    def row_of(self, job_id: JobId) -> int | None:
        return next((row for row, job in enumerate(self._jobs) if job.id == job_id), None)

    def first_at_work(self) -> int:
        """The row of the job that is being done, else the newest."""
        at_work = (row for row, job in enumerate(self._jobs) if job.state.value in ("running", "paused"))
        return next(at_work, 0)

    # Qt's side

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._jobs)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole and 0 <= section < len(HEADINGS):
            return HEADINGS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.job(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        job = self.job(index)
        if job is None:
            return None
        if role == JOB_ROLE:
            return job
        if role == _Role.DisplayRole:
            return self._words(job, index.column())
        if role == _Role.ToolTipRole:
            return self._tool_tip(job, index.column())
        if role == _Role.AccessibleTextRole:
            return f"{HEADINGS[index.column()]}: {self._words(job, index.column()) or 'none'}"
        return None

    def _words(self, job: JobStatus, column: int) -> str:
        if column == TITLE:
            return job.title
        if column == PROGRESS:
            return progress_in_words(job)
        if column == LEFT:
            return time_left(job)
        action = actions_of(job)[column - FIRST_ACTION]
        return ACTION_WORDS[action] if action else ""

    def _tool_tip(self, job: JobStatus, column: int) -> str:
        if column >= FIRST_ACTION:
            return self._words(job, column)
        text = job.progress.text if job.progress is not None else ""
        return "\n".join(part for part in (job.title, job.failure or text) if part)


ACTION_WORDS = {"pause": "Pause", "resume": "Go on", "cancel": "Cancel", "retry": "Try again"}


def actions_of(job: JobStatus) -> tuple[str, str]:
    """What its two buttons do; empty for nothing."""
    match job.state.value:
        case "queued":
            return "", "cancel"
        case "running":
            return "pause", "cancel"
        case "paused":
            return "resume", "cancel"
        case "failed" | "cancelled":
            return "", "retry"
        case "waiting":
            return "retry", "cancel"
        case _:
            return "", ""


def progress_in_words(job: JobStatus) -> str:
    """``62 %``, ``Queued``, ``Paused at 62 %``, ``Done``, or why it failed."""
    percent = f"{job.progress.fraction:.0%}".replace("%", " %") if job.progress is not None else ""
    match job.state.value:
        case "running":
            return percent or "Running"
        case "paused":
            return f"Paused at {percent}" if percent else "Paused"
        case "failed":
            return job.failure or "Failed"
        case "waiting":
            return "Waits for the network"
        case name:
            return name.capitalize()


def time_left(job: JobStatus) -> str:
    """``4 s left``, ``2 min left``; empty while nobody knows."""
    if job.state.value != "running" or job.progress is None or job.progress.seconds_left is None:
        return ""
    return f"{human_seconds(job.progress.seconds_left)} left"
