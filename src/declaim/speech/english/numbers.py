"""Figures as English words. From one hundred on, figures stay: every engine reads them right."""

from __future__ import annotations

import re

from declaim.speech.english.wordlist import words_in

_ONES = words_in("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
""")
_TENS = words_in("""
    _ _ twenty thirty forty fifty sixty seventy eighty ninety
""")
SMALL = tuple(_ONES[n] if n < 20 else _TENS[n // 10] + ("-" + _ONES[n % 10] if n % 10 else "") for n in range(100))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


def cardinal(digits: str) -> str:
    """``12`` twelve; from one hundred on the figures themselves, without leading zeros."""
    number = digits.lstrip("0") or "0"
    return SMALL[int(number)] if len(number) <= 2 else number


def ordinal(number: int) -> str:
    """From 1 to 99: ``21`` twenty-first."""
    head, hyphen, last = SMALL[number].rpartition("-")
    last = _ORDINALS.get(last, last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return head + hyphen + last


def year(digits: str) -> str:
    """Four figures in pairs: ``2026`` twenty twenty-six, ``2005`` twenty oh five, ``1900`` nineteen hundred."""
    return pairs(digits) if digits[1:] != "000" else f"{SMALL[int(digits[0])]} thousand"


def pairs(digits: str) -> str:
    """``7231`` seventy-two thirty-one, ``822`` eight twenty-two, ``8601`` eighty-six oh one, ``9000`` ninety hundred never."""
    if len(digits) not in (3, 4) or digits.endswith("000") or digits[0] == "0":
        return cardinal(digits) if digits[0] != "0" else one_by_one(digits)
    head, tail = digits[:-2], digits[-2:]
    if tail == "00":
        return f"{SMALL[int(head)]} hundred"
    return f"{SMALL[int(head)]} {'oh ' if tail[0] == '0' else ''}{SMALL[int(tail)]}"


def one_by_one(digits: str, zero: str = "zero") -> str:
    """Each figure by itself."""
    return " ".join(zero if digit == "0" else SMALL[int(digit)] for digit in digits)


def version_number(digits: str, *, is_first: bool) -> str:
    """One number of a version: "oh" for a zero after the first, ``04`` oh four, a year in pairs."""
    if len(digits) > 9:
        return " ".join(digits)
    if is_first:
        return year(digits) if re.fullmatch(r"19[89]\d|20[0-4]\d", digits) else cardinal(digits)
    if digits.startswith("0"):
        rest = digits[1:]
        return "oh" if not rest else "oh " + version_number(rest, is_first=False)
    return cardinal(digits)


def decimal(number: str) -> str:
    """A number before its unit, without thousands' commas: ``0.7`` oh point seven, ``1.25`` one point two five."""
    whole, point, fraction = number.replace(",", "").partition(".")
    if not point:
        return cardinal(whole)
    is_small = not whole.strip("0")
    return f"{'oh' if is_small else cardinal(whole)} point {one_by_one(fraction[:20], 'oh' if is_small else 'zero')}"


def spell(letters: str) -> str:
    """Letters one by one, figures one by one: ``API`` A P I."""
    return " ".join(char.upper() for char in letters if char.isalnum())
