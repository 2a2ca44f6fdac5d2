from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from declaim.errors import Cancelled, InputError, VoiceOffline
from declaim.jobs import Jobs, JobState, PostQueue
from tests.support.executors import InlineExecutor, post_now


@pytest.fixture
def inline():
    return Jobs(InlineExecutor(), post_now)


@pytest.fixture
def threaded():
    """Jobs on a real thread, and the queue that the test's main thread empties."""
    door = PostQueue()
    jobs = Jobs(ThreadPoolExecutor(1), door.post)
    yield jobs, door
    jobs.shut_down()


def test_a_result_reaches_done(inline):
    results = []
    job = inline.start("Add", lambda _cancel, _progress: 1 + 1, done=results.append)
    assert results == [2]
    assert inline.status(job).state is JobState.DONE


def test_an_error_reaches_failed_with_its_cure(inline):
    errors = []

    def work(_cancel, _progress):
        raise InputError("It is empty.", cure="Fill it.")

    job = inline.start("Read", work, failed=errors.append)
    assert inline.status(job).failure == "It is empty. Fill it."
    assert isinstance(errors[0], InputError)


def test_a_bug_in_the_work_is_logged_with_its_title(inline, expected_warnings, caplog):
    expected_warnings.append("A bug in the job")
    inline.start("Divide", lambda _cancel, _progress: 1 / 0)
    assert "Divide" in caplog.text
    assert inline.all()[0].state is JobState.FAILED


def test_an_error_in_done_fails_the_job(inline):
    def done(_result):
        raise InputError("The disk is full.")

    job = inline.start("Keep", lambda _cancel, _progress: 1, done=done)
    assert inline.status(job).state is JobState.FAILED


def test_quiet_jobs_are_not_shown(inline):
    seen = []
    inline.subscribe(seen.append)
    inline.start("Plan", lambda _cancel, _progress: 1, quiet=True)
    assert seen == []
    assert inline.all() == ()


def test_progress_is_announced(inline):
    seen = []
    inline.subscribe(seen.append)
    inline.start("Count", lambda _cancel, progress: progress.update(2, 2, "two"))
    assert next(status.progress.text for status in seen if status.progress) == "two"


def test_cancel_stops_the_work_and_says_so(threaded):
    jobs, door = threaded
    started, errors = threading.Event(), []

    def work(cancel, _progress):
        started.set()
        while True:
            cancel.wait(0.01)

    job = jobs.start("Wait", work, failed=errors.append)
    assert started.wait(5)
    jobs.cancel(job)
    door.run_until(lambda: bool(errors))
    assert isinstance(errors[0], Cancelled)
    assert jobs.status(job).state is JobState.CANCELLED


def test_a_paused_job_goes_on_where_it_was(threaded):
    jobs, door = threaded
    first, goes_on, results = threading.Event(), threading.Event(), []

    def work(cancel, _progress):
        first.set()
        goes_on.wait(5)
        cancel.check()
        return "finished"

    job = jobs.start("Work", work, done=results.append)
    assert first.wait(5)
    jobs.pause(job)
    goes_on.set()
    assert jobs.status(job).state is JobState.PAUSED
    jobs.resume(job)
    door.run_until(lambda: bool(results))
    assert results == ["finished"]


def test_a_failed_job_can_be_tried_again(inline):
    tries, results = [], []

    def work(_cancel, _progress):
        tries.append(1)
        if len(tries) == 1:
            raise InputError("Not yet.")
        return "now"

    job = inline.start("Try", work, done=results.append)
    inline.retry(job)
    assert results == ["now"]
    assert inline.status(job).state is JobState.DONE


def test_shutting_down_ends_waiting_work():
    jobs = Jobs(ThreadPoolExecutor(1), PostQueue().post)
    for _ in range(3):
        jobs.start("Wait", lambda cancel, _progress: cancel.wait(60))
    jobs.shut_down()
    assert all(not status.state.is_over or status.state is JobState.CANCELLED for status in jobs.all())


def test_finished_jobs_can_be_cleared_away(inline):
    inline.start("Add", lambda _cancel, _progress: 1)
    inline.clear_finished()
    assert inline.all() == ()


def test_what_is_posted_after_the_end_is_not_run():
    waiting, heard = [], []
    jobs = Jobs(InlineExecutor(), waiting.append)
    jobs.post(lambda: heard.append("before"))
    jobs.shut_down()
    jobs.post(lambda: heard.append("after"))
    for work in waiting:
        work()
    assert heard == []


def test_a_job_that_only_lacks_the_network_waits_until_the_user_says_so(inline):
    network = []

    def work(_cancel, _progress):
        if not network:
            raise VoiceOffline("No network.", cure="Connect.")
        return "sent"

    results = []
    job = inline.start("Send", work, done=results.append)
    inline.clear_finished()
    assert inline.status(job).state is JobState.WAITING
    assert inline.status(job).failure == "No network. Connect."
    assert inline.status(job).state.is_over
    network.append(True)
    inline.retry(job)
    assert results == ["sent"]


def test_a_job_that_waits_can_be_given_up(inline):
    def work(_cancel, _progress):
        raise VoiceOffline("No network.")

    job = inline.start("Send", work)
    inline.cancel(job)
    assert inline.status(job).state is JobState.CANCELLED


def test_a_quiet_job_does_not_wait_for_those_of_the_queue():
    door, heard = PostQueue(), []
    jobs = Jobs(ThreadPoolExecutor(1), door.post, quick=ThreadPoolExecutor(1))
    jobs.start("Render", lambda cancel, _progress: cancel.wait(60))
    jobs.start("Hear a line", lambda _cancel, _progress: "sound", done=heard.append, quiet=True)
    door.run_until(lambda: bool(heard))
    jobs.shut_down()


def test_a_job_that_was_paused_before_its_turn_is_queued_again_when_it_is_resumed(threaded):
    jobs, door = threaded
    first = jobs.start("First", lambda cancel, _progress: cancel.wait(60))
    second, results = jobs.start("Second", lambda _cancel, _progress: 1), []
    jobs.pause(second)
    jobs.resume(second)
    assert jobs.status(second).state is JobState.QUEUED
    jobs.cancel(first)
    jobs.start("Third", lambda _cancel, _progress: 3, done=results.append)
    door.run_until(lambda: bool(results))
    assert jobs.status(second).state is JobState.DONE


def test_a_disk_that_refuses_the_end_of_a_job_fails_it(inline):
    def refuse(_result):
        raise OSError(28, "No space left on device")

    job = inline.start("Write", lambda _cancel, _progress: 1, done=refuse)
    assert inline.status(job).state is JobState.FAILED
    assert "No space left" in inline.status(job).failure
