from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from declaim.errors import InputError, VoiceOffline
from declaim.jobs import Jobs, JobState
from declaim.ui.queue.queue_model import LEFT, PROGRESS, SECOND_ACTION, TITLE, time_left
from declaim.ui.queue.queue_panel import QueuePanel


class Later:
    """An executor that runs its work when the test says so."""

    def __init__(self):
        self.works = []

    def submit(self, work, *args):
        self.works.append(lambda: work(*args))

    def run(self):
        works, self.works = self.works, []
        for work in works:
            work()

    def shutdown(self, **_):
        return


@pytest.fixture
def later():
    return Later()


@pytest.fixture
def jobs(later):
    return Jobs(later, lambda call: call())


@pytest.fixture
def panel(qtbot, jobs):
    made = QueuePanel(jobs)
    qtbot.addWidget(made)
    made.resize(460, 320)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.table.setFocus()
    return made


def words(panel, row, column):
    return panel.model.index(row, column).data()


def test_the_model_is_sound(panel, jobs, qtmodeltester):
    jobs.start("Render One", lambda *_: None)
    jobs.start("Render Two", lambda *_: None)
    qtmodeltester.check(panel.model)


def test_an_empty_queue_says_so(panel, jobs):
    assert not panel.table.isVisible()
    jobs.start("Render", lambda *_: None)
    assert panel.table.isVisible()


def test_a_job_shows_its_progress_and_its_end(panel, jobs, later):
    seen = []

    def work(_cancel, progress):
        progress.update(31, 50)
        seen.append(words(panel, 0, PROGRESS))

    jobs.start("Render MyApp", work)
    assert (words(panel, 0, TITLE), words(panel, 0, PROGRESS)) == ("Render MyApp", "Queued")
    later.run()
    assert seen == ["62 %"]
    assert words(panel, 0, PROGRESS) == "Done"
    assert words(panel, 0, LEFT) == ""


def test_the_time_left_is_said_in_words(jobs):
    from declaim.jobs import JobStatus
    from declaim.model.ids import JobId
    from declaim.model.work import ProgressReport

    def left(seconds):
        return time_left(JobStatus(JobId(1), "x", JobState.RUNNING, ProgressReport(1, 2, "", seconds)))

    assert [left(seconds) for seconds in (None, 0.2, 4.4, 125)] == ["", "1 s left", "4 s left", "2 min left"]


def test_a_queued_job_is_cancelled_and_tried_again_by_its_buttons(panel, jobs, later, qtbot):
    runs = []
    job = jobs.start("Render", lambda *_: runs.append(1))
    place = panel.table.visualRect(panel.model.index(0, SECOND_ACTION)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    later.run()
    assert jobs.status(job).state is JobState.CANCELLED
    assert runs == []
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    later.run()
    assert runs == [1]


def test_a_running_job_is_paused_and_goes_on(panel, jobs, later):
    states = []

    def work(_cancel, progress):
        progress.update(1, 4)
        panel._first.click()
        states.append(words(panel, 0, PROGRESS))
        panel._first.click()
        states.append(words(panel, 0, PROGRESS))

    jobs.start("Render", work)
    later.run()
    assert states == ["Paused at 25 %", "25 %"]


def test_a_failure_says_why(panel, jobs, later):
    def work(*_):
        raise InputError("The script is empty.", cure="Write a line.")

    jobs.start("Render", work, failed=lambda _error: None)
    later.run()
    assert "The script is empty." in words(panel, 0, PROGRESS)
    assert "Write a line." in panel.model.index(0, TITLE).data(Qt.ItemDataRole.ToolTipRole)


def test_finished_jobs_are_cleared(panel, jobs, later):
    jobs.start("One", lambda *_: None)
    later.run()
    jobs.start("Two", lambda *_: None)
    panel._clear.click()
    assert [words(panel, row, TITLE) for row in range(panel.model.rowCount())] == ["Two"]
    later.run()


def test_a_job_that_waits_for_the_network_says_so_and_goes_on_when_asked(panel, jobs, later):
    network = []

    def work(_cancel, _progress):
        if not network:
            raise VoiceOffline("Gemini cannot be reached: no network.", cure="Connect.")

    jobs.start("Render One", work)
    later.run()
    assert words(panel, 0, PROGRESS) == "Waits for the network"
    assert "no network. Connect." in panel.model.index(0, PROGRESS).data(Qt.ItemDataRole.ToolTipRole)
    panel.table.selectRow(0)
    network.append(True)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    later.run()
    assert words(panel, 0, PROGRESS) == "Done"
