from __future__ import annotations

import pytest

from declaim.model.ids import LineId
from declaim.model.library import LineTiming
from declaim.ui.player.take_map import Mark, TakeMap


def timing(start, end, chapter="", line=1):
    return LineTiming(start, end, "HOST1", f"line {line}", chapter, LineId(line))


@pytest.fixture
def take():
    return TakeMap([timing(0, 900, "New", 1), timing(1000, 2800, "New", 2), timing(3000, 4000, "Fixes", 3)], 4500, {LineId(2)})


def test_the_line_that_is_heard(take):
    assert [take.line_at(ms) for ms in (0, 950, 1000, 2999, 4400)] == [0, 0, 1, 1, 2]
    assert TakeMap().line_at(10) is None


def test_a_line_reaches_to_the_next(take):
    assert take.range_of(0) == (0, 1000)
    assert take.range_of(2) == (3000, 4500)


def test_stepping_goes_to_starts(take):
    assert take.step(1100, 1) == 3000
    assert take.step(1100, -1) == 0
    assert take.step(2700, -1) == 1000
    assert take.step(100, -1) == 0
    assert take.step(3500, 1) is None


def test_chapters_and_suspects_are_stretches(take):
    assert take.chapters == (Mark(0, 3000, "New"), Mark(3000, 4500, "Fixes"))
    assert take.suspects == (Mark(1000, 2800),)


def test_two_neighbours_of_one_title_are_two_chapters():
    timings = [LineTiming(start, start + 900, "HOST1", "Words.", "Notes", chapter_index=start // 1000) for start in (0, 1000)]
    assert TakeMap(timings, 2000).chapters == (Mark(0, 1000, "Notes"), Mark(1000, 2000, "Notes"))


def test_the_same_place_in_another_take(take):
    other = TakeMap([timing(500, 1500), timing(2000, 6000), timing(6000, 7000)], 8000)
    assert take.place_in(other, 2000) == 4000
    assert take.place_in(TakeMap((), 9000), 2250) == 4500
