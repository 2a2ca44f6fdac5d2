"""A sync's report in a sentence."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from declaim.model.wording import counted

if TYPE_CHECKING:
    from declaim.commands.syncing import Report

_DID = (
    ("pushed", "{} sent"),
    ("pulled", "{} new from there"),
    ("updated", "{} updated here"),
    ("downloaded", "audio of {} fetched"),
    ("deleted", "{} gone there, kept here"),
)
_WOULD = (
    ("pushed", "send {}"),
    ("pulled", "take {} new from there"),
    ("updated", "update {} here"),
    ("downloaded", "fetch the audio of {}"),
    ("deleted", "note {} as gone there"),
)
_MOST_NEW = 8
_LEFT = (("conflicts", "{} changed on both sides"), ("waiting", "{} still waiting"))


def report_in_words(report: Report, *, dry_run: bool = False) -> str:
    """``3 sent, 1 new from there. 2 still waiting.``"""
    parts = [words.format(f"{count:,}") for name, words in (_WOULD if dry_run else _DID) if (count := getattr(report, name))]
    left = [words.format(f"{count:,}") for name, words in _LEFT if (count := getattr(report, name))]
    if report.failed:
        left.append(f"{len(report.failed)} failed")
    first = ("A sync would " if dry_run else "") + _joined(parts) if parts else "Everything is in step" if not left else ""
    asked = counted(report.requests, "request")
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in (first, _joined(left), asked) if sentence)


def failures_in_words(report: Report) -> str:
    """The first ones, each with its reason and request id."""
    lines = [
        f"{failure.message}{f' (request {failure.request_id})' if failure.request_id else ''}" for failure in report.failed[:3]
    ]
    more = len(report.failed) - len(lines)
    return "\n".join([*lines, f"And {more} more."] if more > 0 else lines)


def new_in_words(report: Report) -> str:
    """The first of what was made here and goes there, a line each."""
    more = len(report.new) - _MOST_NEW
    return "\n".join([*report.new[:_MOST_NEW], f"And {more:,} more."] if more > 0 else report.new)


def moment(stamp: str) -> str:
    """``22 Nov, 14:32``, in the user's own time; the stamp where it is none."""
    try:
        at = dt.datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return stamp
    return f"{at.day} {at:%b}, {at:%H:%M}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
