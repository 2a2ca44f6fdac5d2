"""How long to wait, and when to stop trying."""

from __future__ import annotations

import email.utils
import threading
import time

import pytest

from declaim.errors import Cancelled, RemoteMisanswered, RemoteRefused, RemoteUnavailable
from declaim.model.work import CancelToken
from declaim.remote.logtalk_values import POLLING
from declaim.remote.pacing import Limiter, RetryPolicy, retry_after_s


def unavailable(status: int | None = 503, retry_after: float | None = None, *, maybe_done: bool = False) -> RemoteUnavailable:
    failure = RemoteUnavailable("Later.", status=status)
    failure.retry_after_s, failure.maybe_done = retry_after, maybe_done
    return failure


def test_waits_grow_and_are_jittered():
    policy = RetryPolicy(first_s=2, longest_s=32, jitter=0.25)
    waits = [policy.backoff_s(attempt) for attempt in range(1, 8)]
    for wait, middle in zip(waits, [2, 4, 8, 16, 32, 32, 32], strict=True):
        assert 0.75 * middle <= wait <= 1.25 * middle


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, None])
def test_what_may_work_later_is_tried_again(status):
    assert RetryPolicy().wait_after(unavailable(status), 1, is_repeatable=True) is not None


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
def test_what_was_refused_is_never_tried_again(status):
    assert RetryPolicy().wait_after(RemoteRefused("No.", status=status), 1, is_repeatable=True) is None


def test_tries_are_counted():
    policy = RetryPolicy(attempts=3, misanswered_attempts=2)
    assert policy.wait_after(unavailable(), 2, is_repeatable=True) is not None
    assert policy.wait_after(unavailable(), 3, is_repeatable=True) is None
    assert policy.wait_after(RemoteMisanswered("Odd."), 1, is_repeatable=True) is not None
    assert policy.wait_after(RemoteMisanswered("Odd."), 2, is_repeatable=True) is None


def test_what_may_have_been_done_is_not_repeated_where_that_does_it_twice():
    assert RetryPolicy().wait_after(unavailable(maybe_done=True), 1, is_repeatable=False) is None
    assert RetryPolicy().wait_after(unavailable(maybe_done=False), 1, is_repeatable=False) is not None


def test_a_wait_that_is_asked_for_is_kept_or_handed_on():
    assert RetryPolicy().wait_after(unavailable(429, 7.0), 1, is_repeatable=True) == 7.0
    assert RetryPolicy(longest_wait_s=60).wait_after(unavailable(429, 3600.0), 1, is_repeatable=True) is None


def test_retry_after_is_read_as_seconds_and_as_a_date():
    assert retry_after_s({"retry-after": "120"}) == 120
    assert retry_after_s({"retry-after": "0"}) == 0
    assert retry_after_s({}) is None
    assert retry_after_s({"retry-after": "soon"}) is None
    assert retry_after_s({"retry-after": "99999999999"}) == 86_400
    then = email.utils.formatdate(time.time() + 30, usegmt=True)
    assert retry_after_s({"retry-after": then}) == pytest.approx(30, abs=2)


def test_a_wrong_clock_here_does_not_matter_for_a_date():
    headers = {"retry-after": "Wed, 21 Oct 2015 07:28:30 GMT", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}
    assert retry_after_s(headers) == 30
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2015 07:28:30 GMT"}) == 0
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2099 07:28:30 GMT"}) == 86_400


def test_a_reset_is_read_where_there_is_no_retry_after():
    assert retry_after_s({"x-ratelimit-reset": "12"}) == 12
    assert retry_after_s({"x-ratelimit-reset": str(int(time.time()) + 40)}) == pytest.approx(40, abs=2)
    assert retry_after_s({"x-ratelimit-reset": "12", "x-ratelimit-remaining": "3"}) is None


def test_a_limiter_lets_so_many_through_in_a_minute():
    now = [0.0]
    limiter = Limiter(3, clock=lambda: now[0])
    assert [limiter._place() for _ in range(4)] == [0, 0, 0, 60]
    now[0] = 59.0
    assert limiter._place() == 1
    now[0] = 60.0
    assert limiter._place() == 0
    assert limiter.sent == 4


def test_waiting_for_a_place_can_be_cancelled():
    limiter, cancel = Limiter(1), CancelToken()
    limiter.take(cancel)
    threading.Timer(0.02, cancel.cancel).start()
    with pytest.raises(Cancelled):
        limiter.take(cancel)


def test_polls_start_after_the_estimate_and_are_few():
    assert list(POLLING.waits(25)) == [25, 10, 15, 30, 60, 60, 60, 60, 60, 60]
    assert next(POLLING.waits()) == 20


def test_a_computer_that_is_not_reached_is_asked_less_often():
    failure = unavailable()
    failure.code = "unreachable"
    assert RetryPolicy().wait_after(failure, 2, is_repeatable=True) is not None
    assert RetryPolicy().wait_after(failure, 3, is_repeatable=True) is None
    failure.code = "broken"
    assert RetryPolicy().wait_after(failure, 3, is_repeatable=True) is not None
