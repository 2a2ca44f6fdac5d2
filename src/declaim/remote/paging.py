"""Lists that come in pages, walked to their end, and no further: every list is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from declaim.errors import RemoteMisanswered
from declaim.remote.reading import JSON

MOST_REQUESTS = 2000
"""For one list; a longer one is taken for one that does not end."""

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One answer of a list. ``next_cursor`` is empty on the last page; ``total`` None where the service does not say.

    ``count_is_total``: what ``total`` counts is known to be the whole list, not this page.
    """

    items: tuple[T, ...]
    next_cursor: str = ""
    total: int | None = None
    count_is_total: bool = True
    raw: JSON = field(default=None, repr=False, compare=False)


def by_cursor(fetch: Callable[[str], Page[T]], *, start: str = "") -> Iterator[Page[T]]:
    """Each page from ``start`` on (an empty cursor is the beginning); ``fetch`` is asked with a cursor.

    Raises:
        RemoteMisanswered: at a cursor that was there before, and after 2,000 requests.
    """
    cursor, seen = start, {start}
    for _ in range(MOST_REQUESTS):
        page = fetch(cursor)
        yield page
        cursor = page.next_cursor
        if not cursor:
            return
        if cursor in seen:
            raise RemoteMisanswered("The list repeats a cursor: it would never end.", code="repeated_cursor", cure=_REPORT)
        seen.add(cursor)
    raise _endless()


def by_offset(fetch: Callable[[int], Page[T]], identity: Callable[[T], str], *, limit: int, start: int = 0) -> Iterator[Page[T]]:
    """Each page that has something, from offset ``start`` on; ``fetch`` is asked with an offset and gives at most ``limit``.

    Raises:
        RemoteMisanswered: at a page with nothing new, at one that is empty before the announced end, after 2,000 requests or
            where more than these could bring are announced.
    """
    offset, seen = start, set[str]()
    for _ in range(MOST_REQUESTS):
        page = fetch(offset)
        names = {identity(item) for item in page.items}
        if names and names <= seen:
            raise RemoteMisanswered("The list repeats a page: it would never end.", code="repeated_page", cure=_REPORT)
        seen |= names
        offset += len(page.items)
        if page.items:
            yield page
        if _is_last(page, offset, len(page.items), limit):
            return
        if page.total is not None and page.total > MOST_REQUESTS * limit:
            raise _endless(f"The list announces {page.total:,} entries, more than {MOST_REQUESTS:,} requests could bring.")
    raise _endless()


def _is_last(page: Page[T], offset: int, length: int, limit: int) -> bool:
    if page.total is None:
        return length < limit
    if page.count_is_total:
        if not length and page.total > offset:
            raise RemoteMisanswered(f"The list says that it has {page.total} entries and ends after {offset}.", code="short_list")
        return page.total <= offset
    return not length or (page.total <= offset and (length < limit or page.total > length))


def items_in(pages: Iterator[Page[T]]) -> Iterator[T]:
    for page in pages:
        yield from page.items


def all_of(pages: Iterator[Page[T]]) -> Sequence[T]:
    return list(items_in(pages))


_REPORT = "What came so far is kept. Tell the service's support."


def _endless(message: str = f"The list did not end after {MOST_REQUESTS} requests.") -> RemoteMisanswered:
    return RemoteMisanswered(message, code="endless_list", cure=_REPORT)
