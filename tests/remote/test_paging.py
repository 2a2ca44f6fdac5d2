"""Lists are walked to their end, and every list is bounded."""

from __future__ import annotations

import pytest

from declaim.errors import RemoteMisanswered
from declaim.remote.paging import MOST_REQUESTS, Page, all_of, by_cursor, by_offset


def pages_of(count: int, size: int, *, total: int | None = None, count_is_total: bool = True):
    """A list of so many entries that gives pages of that size."""
    asked: list[int] = []

    def fetch(offset: int) -> Page[int]:
        asked.append(offset)
        found = tuple(range(count))[offset : offset + size]
        told = total if count_is_total else len(found)
        return Page(found, total=told, count_is_total=count_is_total)

    return fetch, asked


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 35])
@pytest.mark.parametrize("told", ["total", "nothing", "total perhaps", "page perhaps"])
def test_every_entry_comes_once(count, told):
    if told == "nothing":
        fetch, asked = pages_of(count, 10)
    else:
        fetch, asked = pages_of(count, 10, total=count, count_is_total=told == "total")
    assert all_of(by_offset(fetch, str, limit=10)) == list(range(count))
    assert len(asked) <= count // 10 + 1


def test_a_server_that_gives_smaller_pages_than_asked_for_is_walked_to_its_total():
    fetch, asked = pages_of(35, 10, total=35)
    assert all_of(by_offset(fetch, str, limit=50)) == list(range(35))
    assert asked == [0, 10, 20, 30]


def test_a_list_that_ends_before_its_total_is_no_whole_list():
    fetch, _ = pages_of(20, 10, total=30)
    with pytest.raises(RemoteMisanswered, match="30 entries and ends after 20"):
        all_of(by_offset(fetch, str, limit=10))


def test_a_server_that_ignores_the_offset_is_noticed():
    with pytest.raises(RemoteMisanswered, match="repeats a page"):
        all_of(by_offset(lambda _offset: Page((1, 2), total=99), str, limit=2))


def test_lists_without_end_stop_after_2000_requests():
    asked = []

    def by_number(cursor: str) -> Page[int]:
        asked.append(cursor)
        return Page((), str(len(asked)))

    with pytest.raises(RemoteMisanswered, match="2000 requests") as failure:
        all_of(by_cursor(by_number))
    assert len(asked) == MOST_REQUESTS == 2000
    assert failure.value.cure
    asked.clear()
    with pytest.raises(RemoteMisanswered, match="2000 requests"):
        all_of(by_offset(lambda offset: asked.append("") or Page((offset,)), str, limit=1))
    assert len(asked) == MOST_REQUESTS


def test_a_list_that_announces_more_than_can_be_read_is_not_begun():
    came = by_offset(lambda offset: Page((offset,), total=10**9), str, limit=1)
    assert next(came).items == (0,)
    with pytest.raises(RemoteMisanswered, match="1,000,000,000 entries"):
        next(came)


@pytest.mark.parametrize("loop", [["a", "a"], ["a", "b", "a"]])
def test_a_cursor_that_was_there_before_ends_the_list(loop):
    asked = []

    def fetch(cursor: str) -> Page[int]:
        asked.append(cursor)
        return Page((len(asked),), loop[len(asked) - 1])

    with pytest.raises(RemoteMisanswered, match="repeats a cursor"):
        all_of(by_cursor(fetch))
    assert len(asked) == len(loop)
