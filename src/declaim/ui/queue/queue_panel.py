"""The queue: every job of the session, what it is doing, how long it will take; pause, go on, cancel, try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from declaim.ui.queue.queue_delegate import ROW_HEIGHT, QueueDelegate
from declaim.ui.queue.queue_model import (
    ACTION_WORDS,
    FIRST_ACTION,
    JOB_ROLE,
    LEFT,
    PROGRESS,
    SECOND_ACTION,
    TITLE,
    QueueModel,
    actions_of,
)
from declaim.ui.theme import SPACE_8
from declaim.ui.widgets import EmptyState, words
from declaim.ui.widgets.item_view import RowTable

if TYPE_CHECKING:
    from declaim.jobs import Jobs, JobStatus


class QueuePanel(QWidget):
    """Space pauses or goes on, Delete cancels, Return tries again."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.setObjectName("queuePanel")
        self.setAccessibleName("Queue")
        self.model = QueueModel(self)
        self.table = _QueueTable(self.model)
        self._first = QPushButton(ACTION_WORDS["pause"])
        self._second = QPushButton(ACTION_WORDS["cancel"])
        self._clear = QPushButton("Clear finished")
        self._empty = EmptyState("queue", "Nothing is running", "Renders, imports and exports show here while they work.")
        self._places = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_all()

    @property
    def current_job(self) -> JobStatus | None:
        return self.model.job(self.table.currentIndex())

    def do(self, action: str, job: JobStatus) -> None:
        """``pause``, ``resume``, ``cancel`` or ``retry`` a job; nothing for the empty word."""
        match action:
            case "pause":
                self._jobs.pause(job.id)
            case "resume":
                self._jobs.resume(job.id)
            case "cancel":
                self._jobs.cancel(job.id)
            case "retry":
                self._jobs.retry(job.id)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(SPACE_8)
        for button, name in ((self._first, "pauseJob"), (self._second, "cancelJob"), (self._clear, "clearFinished")):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
            buttons.addWidget(button)
        buttons.insertStretch(2, 1)
        self._clear.setProperty("kind", "quiet")
        self._places.addWidget(self._empty)
        self._places.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addWidget(words("Queue", "heading"))
        column.addWidget(self._places, 1)
        column.addLayout(buttons)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.clicked.connect(self._on_clicked)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_buttons())
        self._first.clicked.connect(lambda: self._do_current(0))
        self._second.clicked.connect(lambda: self._do_current(1))
        self._clear.clicked.connect(self._clear_finished)
        stop = self._jobs.subscribe(self._on_job)
        self.destroyed.connect(lambda: stop())

    def _do_current(self, which: int) -> None:
        job = self.current_job
        if job is not None:
            self.do(actions_of(job)[which], job)

    def _clear_finished(self) -> None:
        self._jobs.clear_finished()
        self._show_all()

    def _show_all(self) -> None:
        chosen = self.current_job
        self.model.show_jobs(self._jobs.all())
        row = self.model.row_of(chosen.id) if chosen is not None and not chosen.state.is_over else None
        if self.model.rowCount():
            self.table.selectRow(self.model.first_at_work() if row is None else row)
        self._places.setCurrentIndex(1 if self.model.rowCount() else 0)
        self.table.widen_words()
        self._show_buttons()

    def _show_buttons(self) -> None:
        job = self.current_job
        first, second = actions_of(job) if job is not None else ("", "")
        for button, action, usual in ((self._first, first, "pause"), (self._second, second, "cancel")):
            button.setText(ACTION_WORDS[action or usual])
            button.setAccessibleName(button.text())
            button.setEnabled(bool(action))
        self._clear.setEnabled(any(known.state.is_over for known in self._jobs.all()))

    def _on_job(self, job: JobStatus) -> None:
        if len(self._jobs.all()) != self.model.rowCount() or not self.model.show_job(job):
            self._show_all()
        self.table.widen_words()
        self._show_buttons()

    def _on_clicked(self, index: QModelIndex) -> None:
        job = self.model.job(index)
        if job is not None and index.column() >= FIRST_ACTION:
            self.do(actions_of(job)[index.column() - FIRST_ACTION], job)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        job = self.current_job
        wanted = {Qt.Key.Key_Space: ("pause", "resume"), Qt.Key.Key_Delete: ("cancel",), Qt.Key.Key_Return: ("retry",)}
        possible = [action for action in wanted.get(Qt.Key(event.key()), ()) if job is not None and action in actions_of(job)]
        if job is not None and possible:
            self.do(possible[0], job)
        else:
            super().keyPressEvent(event)


class _QueueTable(RowTable):
    def __init__(self, model: QueueModel) -> None:
        super().__init__(model, ROW_HEIGHT)
        self.setObjectName("queueTable")
        self.setAccessibleName("Jobs")
        self._delegate = QueueDelegate(self)
        self.setItemDelegate(self._delegate)
        head = self.horizontalHeader()
        head.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for column, width in ((PROGRESS, 110), (LEFT, 76), (FIRST_ACTION, 32), (SECOND_ACTION, 32)):
            head.resizeSection(column, width)

    def widen_words(self) -> None:
        """What is over needs no time left, and only what went wrong a button: the words get that room."""
        self.clearSpans()
        for row in range(self.model().rowCount()):
            job: JobStatus | None = self.model().index(row, 0).data(JOB_ROLE)
            if job is not None and job.state.is_over:
                self.setSpan(row, PROGRESS, 1, 4 - sum(map(bool, actions_of(job))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the panel knows what they mean
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self._hover((index.row(), index.column()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover((-1, -1))
        return super().viewportEvent(event)

    def _hover(self, place: tuple[int, int]) -> None:
        if place != self._delegate.hovered:
            self._delegate.hovered = place
            self.viewport().update()
