"""Dates as changelogs write them."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?,?\s+)?"
_TIME = r"(?:[T ,]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z\b|[+-]\d{2}:?\d{2}|(?:UTC|GMT|[AP]M)\b)?)?"
_CLOCK = r"\d{1,2}:\d{2}:\d{2}"
_ORDINAL = r"(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2026-01-15, 2026/01/15, with or without a time
        rf"(?<![\d.-])(?P<year>\d{{4}})(?P<mark>[-/])(?P<number>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d|[-.]\d){_TIME}",
        # Thu Jan 15 10:00:00 2026 (git, asctime)
        rf"{_WEEKDAY}\b{_NAME}\s+(?P<day>\d{{1,2}}) {_CLOCK} (?:[A-Z]{{3,4}} )?(?P<year>\d{{4}})(?: [+-]\d{{4}})?",
        # Thu, 15 Jan 2026 10:00:00 +0000; 15th of January, 2026; 15-Jan-2026
        rf"{_WEEKDAY}(?<![\d.])\b(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+of)?(?:\s{{1,3}}|[./-]\s?){_NAME},?[\s./-]{{1,3}}(?P<year>\d{{4}})\b{_TIME}",
        # January 15, 2026; Jan. 15th 2026
        rf"{_WEEKDAY}\b{_NAME}\s+(?P<day>\d{{1,2}}){_ORDINAL},?\s+(?P<year>\d{{4}})\b{_TIME}",
        # 15-01-2026 (the European order, unless that is no date)
        r"(?<![\d.-])(?P<day>\d{1,2})-(?P<number>\d{1,2})-(?P<year>\d{4})(?![\d-])",
        # 15.01.2026
        r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?(?P<year>\d{4})(?![\d.])",
        # 01/15/2026 (the American order, unless that is no date)
        r"(?<![\d/])(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?![\d/])",
        # 2026.01.15 in brackets, else it is a version
        r"(?<=\()(?P<year>\d{4})\.(?P<number>\d{2})\.(?P<day>\d{2})(?=\))",
        # 20260115 in brackets
        r"(?<=\()(?P<year>(?:19|20)\d{2})(?P<number>\d{2})(?P<day>\d{2})(?=\))",
    )
)
_MONTH_ONLY = re.compile(rf"\b{_NAME},?\s+(?P<year>(?:19|20)\d{{2}})\b", re.IGNORECASE)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<number>\d{2})(?P<day>\d{2})")
_YEARS = range(1970, 2101)


def find_date(text: str) -> tuple[dt.date, int, int] | None:
    """The first date of a short text with its offsets; None where there is none that exists in the calendar."""
    if not any(char.isdigit() for char in text):
        return None
    for form in _FORMS:
        match = form.search(text)
        if match is not None:
            date = _date_of(match)
            if date is not None:
                return date, match.start(), match.end()
    return None


def compact_date(text: str) -> dt.date | None:
    """The date that a text of eight digits is ("20260115"); None for any other."""
    match = _COMPACT.fullmatch(text)
    return _date_of(match) if match else None


def find_month(text: str) -> tuple[int, int] | None:
    """The offsets of a month and year without a day ("January 2026"): a title, but no date."""
    match = _MONTH_ONLY.search(text)
    return None if match is None else match.span()


def _date_of(match: re.Match[str]) -> dt.date | None:
    found = match.groupdict()
    year, day = int(found["year"]), int(found["day"])
    month = _MONTHS.index(found["month"][:3].lower()) + 1 if found.get("month") else int(found["number"])
    if month > 12 and day <= 12:
        month, day = day, month
    if year not in _YEARS:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
