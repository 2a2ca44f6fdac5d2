"""The limiter learns from what a service says. The clock is turned by hand."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from declaim.errors import VoiceError
from declaim.voices.access import Access
from declaim.voices.limiter import DayCounter, Limiter, Place, retry_after_s


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def make(clock, **more):
    return Limiter("Test", clock=clock, chance=lambda: 1.0, **more)


def fill(limiter):
    count = 0
    while limiter.try_enter() == 0:
        count += 1
    return count


def test_it_starts_with_four_side_by_side(clock):
    limiter = make(clock)
    assert fill(limiter) == 4
    limiter.leave()
    assert fill(limiter) == 1


def test_too_many_halves_it_once_for_all_that_were_under_way(clock):
    limiter = make(clock)
    started = limiter.now()
    clock.now += 1
    for _ in range(3):
        limiter.refused(started, 0.0)
    assert limiter.allowed == 2
    limiter.refused(limiter.now(), 0.0)
    assert limiter.allowed == 1
    limiter.refused(limiter.now(), 0.0)
    assert limiter.allowed == 1


def test_nothing_starts_before_the_service_wants_it(clock):
    limiter = make(clock)
    limiter.refused(limiter.now(), 17.0)
    assert limiter.try_enter() == 17.0
    clock.now += 16.5
    assert limiter.try_enter() == pytest.approx(0.5)
    clock.now += 0.5
    assert limiter.try_enter() == 0


def test_without_a_time_from_the_service_the_wait_doubles(clock):
    limiter = make(clock)
    waits = []
    for _ in range(8):
        limiter.refused(limiter.now())
        waits.append(limiter.try_enter())
        clock.now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_wait_has_jitter(clock):
    waits = {Limiter("Test", clock=clock, chance=lambda share=share: share).back_off_s(3) for share in (0.0, 0.5, 1.0)}
    assert waits == {2.0, 3.0, 4.0}


def test_answers_let_it_creep_up_again(clock):
    limiter = make(clock)
    for _ in range(2):
        limiter.refused(limiter.now(), 0.0)
    assert limiter.allowed == 1
    answers = 0
    while limiter.allowed < 4:
        limiter.answered()
        answers += 1
    assert 8 <= answers <= 30
    for _ in range(500):
        limiter.answered()
    assert limiter.allowed == 4


def test_it_creeps_beyond_four_slowly_while_all_goes_well(clock):
    limiter = make(clock)
    levels = []
    for _ in range(500):
        limiter.answered()
        levels.append(limiter.allowed)
    assert levels[38] == 4
    assert levels[-1] == 8


def test_it_does_not_come_back_to_where_the_service_said_too_many(clock):
    limiter = make(clock)
    while limiter.allowed < 6:
        limiter.answered()
    limiter.refused(limiter.now(), 0.0)
    assert limiter.allowed == 3
    for _ in range(500):
        limiter.answered()
    assert limiter.allowed == 5


def test_the_user_may_allow_fewer_at_once(clock):
    limiter = make(clock, most=2)
    assert fill(limiter) == 2
    for _ in range(100):
        limiter.answered()
    assert limiter.allowed == 2


def test_whoever_waits_hears_of_a_free_place(clock):
    limiter = make(clock, most=1)
    assert limiter.try_enter() == 0
    entered = []

    def come():
        while limiter.try_enter() > 0:
            limiter.wait(10)
        entered.append(True)

    thread = threading.Thread(target=come)
    thread.start()
    limiter.leave()
    thread.join(5)
    assert entered


def test_a_place_is_left_once(clock):
    limiter = make(clock, most=2)
    assert fill(limiter) == 2
    place = Place(limiter)
    place.leave()
    place.leave()
    assert fill(limiter) == 1


def test_a_cap_per_minute_holds(clock):
    limiter = make(clock, per_minute=2)
    assert fill(limiter) == 2
    for _ in range(2):
        limiter.leave()
    clock.now += 30
    assert limiter.try_enter() == pytest.approx(30)
    clock.now += 30
    assert fill(limiter) == 2


def test_a_cap_per_day_says_so_and_survives_a_restart(clock, tmp_path):
    access = Access(tmp_path)
    today = dt.date(2026, 11, 22)
    for _ in range(2):
        limiter = make(clock, per_day=2, counter=DayCounter(access, "test", lambda: today))
        assert limiter.try_enter() == 0
    with pytest.raises(VoiceError, match=r"limit of 2 requests a day for Test is reached.*tomorrow"):
        make(clock, per_day=2, counter=DayCounter(access, "test", lambda: today)).try_enter()
    tomorrow = DayCounter(access, "test", lambda: today + dt.timedelta(days=1))
    assert make(clock, per_day=2, counter=tomorrow).try_enter() == 0


def test_a_damaged_counter_is_begun_anew(tmp_path):
    (tmp_path / "requests.json").write_text("{broken", encoding="utf-8")
    counter = DayCounter(Access(tmp_path), "test")
    counter.add()
    assert counter.count == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), (None, None), ("soon", None), ("Sun, 22 Nov 2026 00:00:30 GMT", 30.0)],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC).timestamp()
    assert retry_after_s(header, lambda: now) == seconds
