"""ISO dates, and dates in figures whose order leaves no doubt."""

from __future__ import annotations

import datetime as dt
import re

from declaim.speech.english.numbers import ordinal, year
from declaim.speech.rules import DIGIT, Rule, Said
from declaim.speech.scan import Scan

_MONTHS = (
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
)  # fmt: skip
_TIME = r"(?:[T ](?P<time>\d{2}:\d{2})(?::\d{2}(?:[.,]\d{1,9})?)?(?P<zone>Z|[ ]?UTC|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>\d{{2}})(?P=sep)(?P<d>\d{{2}}){_TIME}(?![\w]|[-/.]\d)")
_MONTH = re.compile(r"(?P<y>(?:19|20)\d{2})-(?P<m>0[1-9]|1[0-2])(?![\w]|[-/.]\d)")
_SLASHED = re.compile(r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d{2})(?![\w]|[-/.]\d)")
_FRACTION = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,3})(?![\w/]|[.]\d)")


def date_words(date: dt.date) -> str:
    """``2026-01-15`` January fifteenth, twenty twenty-six."""
    return f"{_MONTHS[date.month - 1]} {ordinal(date.day)}, {year(f'{date.year:04d}')}"


def _date(digits: tuple[str, str, str]) -> dt.date | None:
    try:
        return dt.date(*(int(part) for part in digits))
    except ValueError:
        return None


def _iso(scan: Scan, match: re.Match[str]) -> Said | None:
    if match["sep"] == "." and not match["y"].startswith(("19", "20")):
        return None
    date = _date((match["y"], match["m"], match["d"]))
    if date is None or _stands_in_a_number(scan, match.start()):
        return None
    zone = (match["zone"] or "").strip()
    at = f", {match['time']}{' UTC' if zone in ('Z', 'UTC') else ''}" if match["time"] else ""
    return date_words(date) + at, match.end()


def _month(scan: Scan, match: re.Match[str]) -> Said | None:
    if _stands_in_a_number(scan, match.start()):
        return None
    return f"{_MONTHS[int(match['m']) - 1]} {year(match['y'])}", match.end()


def _slashed(scan: Scan, match: re.Match[str]) -> Said | None:
    """``15/01/2026``: said only where one of the two must be the day."""
    a, b = int(match["a"]), int(match["b"])
    if _stands_in_a_number(scan, match.start()) or (a <= 12 and b <= 12 and a != b and match["sep"] == "/"):
        return None
    day, month = (match["a"], match["b"]) if a > 12 or match["sep"] == "." else (match["b"], match["a"])
    date = _date((match["y"], month, day))
    return (date_words(date), match.end()) if date else None


def _stands_in_a_number(scan: Scan, at: int) -> bool:
    return bool(at) and (scan.text[at - 1].isalnum() or (scan.text[at - 1] in "-/._" and at > 1 and scan.text[at - 2].isdigit()))


_PARTS = {"2": ("half", "halves"), "3": ("third", "thirds"), "4": ("quarter", "quarters")}


def _fraction(scan: Scan, match: re.Match[str]) -> Said | None:
    """``24/7`` and ``1/2``; other pairs of figures are read one after the other."""
    if _stands_in_a_number(scan, match.start()):
        return None
    a, b = match["a"], match["b"]
    if match.group() == "24/7":
        return "twenty-four seven", match.end()
    if b in _PARTS and 0 < int(a) < int(b):
        return f"{'one' if a == '1' else 'two' if a == '2' else 'three'} {_PARTS[b][a != '1']}", match.end()
    if a == b and int(a) <= 50:
        return f"{a} {b}", match.end()
    return f"{a} of {b}" if int(a) <= int(b) and len(b) > 1 and match.group() != "9/11" else f"{a} {b}", match.end()


_HALVES = {"½": "a half", "¼": "a quarter", "¾": "three quarters"}


def _and_a_half(scan: Scan, match: re.Match[str]) -> Said | None:
    return f"{match['n']} and {_HALVES[match['part']]}", match.end()


RULES = (
    Rule((DIGIT,), re.compile(r"(?P<n>\d{1,3})\s?(?P<part>[½¼¾])"), _and_a_half),
    Rule((DIGIT,), _ISO, _iso),
    Rule((DIGIT,), _MONTH, _month),
    Rule((DIGIT,), _SLASHED, _slashed),
    Rule((DIGIT,), _FRACTION, _fraction),
)
