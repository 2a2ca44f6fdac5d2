"""What the render button orders: the plan of the script that is shown, its render, and hearing it while it runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from declaim.model.ids import JobId, ScriptId
from declaim.ui.inspector.render_footer import RenderFooter
from declaim.ui.orders import Orders

if TYPE_CHECKING:
    from declaim.commands.planning import RenderSummary
    from declaim.commands.studio import Studio
    from declaim.jobs import JobStatus

_PLAN_AFTER_MS = 250


class RenderOrders(QObject):
    """``sound_ready`` carries a render that begins and is to be played, a ``SoundSource``; ``take_made`` a recording's id."""

    sound_ready = Signal(object)
    take_made = Signal(object)

    def __init__(self, studio: Studio, orders: Orders, footer: RenderFooter, parent: QObject) -> None:
        super().__init__(parent)
        self._studio, self._orders, self._footer = studio, orders, footer
        self._script_id: ScriptId | None = None
        self._job_id: JobId | None = None
        self._plan_soon = QTimer(self, singleShot=True, interval=_PLAN_AFTER_MS)
        self._plan_soon.timeout.connect(self._plan)
        footer.hide()
        footer.render_requested.connect(lambda: self.start(agreed=True))  # it has asked
        footer.stop_requested.connect(self._stop)
        footer.play_button.toggled.connect(lambda _down: self._play_along())

    @property
    def is_running(self) -> bool:
        """Whether a render that was ordered here runs."""
        return self._job_id is not None

    def show_script(self, script_id: ScriptId | None) -> None:
        """Plans another script, or follows its render; what runs for the one before goes on unseen."""
        self._script_id, self._job_id = script_id, None
        self._footer.show_done()
        if script_id is not None:
            self._footer.show_waiting()
            self._plan_soon.start()
            for job in self._studio.jobs.all():
                self.on_job(job)
        self._footer.setVisible(script_id is not None)

    def plan_soon(self) -> None:
        """Something changed. Many changes in a row make one plan."""
        self._plan_soon.start()

    def plan_later(self) -> None:
        """Not now, whatever was wanted."""
        self._plan_soon.stop()

    def start(self, *, agreed: bool = False) -> None:
        """Renders the script that is shown. ``agreed``: to what it costs."""
        script_id = self._script_id
        if script_id is None:
            return
        self._footer.show_progress(None)
        render = partial(self._studio.rendering.render, script_id, done=self.take_made.emit, failed=self._orders.refuse)
        job_id = self._orders.give(partial(render, agreed=agreed))
        if job_id is None:
            self._footer.show_done()
            self._plan_soon.start()
        else:
            self._follow(job_id)

    def on_job(self, job: JobStatus) -> None:
        """A job went on: one that was ordered here, or that renders the script that is shown, such as one that is tried again."""
        is_at_work = str(job.state) in ("queued", "running", "paused")
        if self._job_id is None and is_at_work and self._script_id is not None:
            self._job_id = self._studio.rendering.job_of(self._script_id)
        if job.id != self._job_id:
            return
        if is_at_work:
            self._footer.show_progress(job.progress, is_paused=str(job.state) == "paused")
        else:
            self._job_id = None
            self._footer.show_done()
            self._plan_soon.start()

    def _follow(self, job_id: JobId) -> None:
        """Shows how a job goes on; it may be over before its id was known."""
        self._job_id = job_id
        for job in self._studio.jobs.all():
            if job.id == job_id:
                self.on_job(job)
                self._play_along()
                return
        self._job_id = None
        self._footer.show_done()

    def _play_along(self) -> None:
        """Plays the render that runs, where the button is down."""
        script_id = self._script_id
        if script_id is not None and self._job_id is not None and self._footer.play_button.isChecked():
            source = self._orders.give(partial(self._studio.rendering.sound_so_far, script_id))
            if source is not None:
                self.sound_ready.emit(source)

    def _stop(self) -> None:
        if self._job_id is not None:
            self._studio.jobs.cancel(self._job_id)

    def _plan(self) -> None:
        script_id = self._script_id
        if script_id is not None and self._job_id is None:
            self._orders.give(partial(self._studio.planning.plan, script_id, partial(self._on_plan, script_id)))

    def _on_plan(self, script_id: ScriptId, summary: RenderSummary) -> None:
        if script_id == self._script_id:
            self._footer.show_summary(summary)
