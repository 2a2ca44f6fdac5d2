"""The words of a script's meta line, and of its versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import PurePath

from declaim.model.script import HOST1, HOST2
from declaim.ui.widgets import human_duration


def meta_line(*, origin: str, version: str, speakers: Sequence[str], words: int, seconds: float, is_exact: bool) -> str:
    """``From CHANGELOG.md · 2.0.0 · 2 hosts · 268 words · about 1:42``; what is not known is left out."""
    length = human_duration(round(1000 * seconds))
    parts = [
        f"From {PurePath(origin).name}" if origin else "",
        version,
        speakers_in_words(speakers),
        f"{words:,} {'word' if words == 1 else 'words'}" if words else "",
        (length if is_exact else f"about {length}") if words else "",
    ]
    return " · ".join(part for part in parts if part)


def speakers_in_words(speakers: Sequence[str]) -> str:
    """``2 hosts``, ``1 narrator``, ``3 speakers``."""
    if not speakers:
        return ""
    if set(speakers) <= {HOST1, HOST2}:
        return f"{len(speakers)} {'host' if len(speakers) == 1 else 'hosts'}"
    return "1 speaker" if len(speakers) == 1 else f"{len(speakers)} speakers"


def moment_in_words(stamp: str, now: dt.datetime | None = None) -> str:
    """``Today 14:02``, ``Yesterday 09:10``, ``12 Nov 2026``; as it is where it is no time."""
    try:
        moment = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    local = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone()
    today = (now or dt.datetime.now(dt.UTC)).astimezone().date()
    if local.date() == today:
        return f"Today {local:%H:%M}"
    if local.date() == today - dt.timedelta(days=1):
        return f"Yesterday {local:%H:%M}"
    return f"{local.day} {local:%b %Y}"
