"""The meta line of a script: where it came from, who speaks, how long it is; and the words of it and of versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from declaim.model.ids import ScriptId
from declaim.model.script import HOST1, HOST2, Chapter, Line, Script
from declaim.model.source import Source, SourceType
from declaim.model.wording import counted
from declaim.ui.widgets import human_duration

if TYPE_CHECKING:
    from declaim.commands.scripts import LineView
    from declaim.commands.studio import Studio


class PageMeta:
    """Counts in a job, since a long script takes its time; ``show`` gets the line at once and again when it is counted."""

    def __init__(self, studio: Studio, show: Callable[[str], None]) -> None:
        self._studio = studio
        self._show = show
        self._script_id: ScriptId | None = None
        self._source: Source | None = None
        self._lines: tuple[LineView, ...] = ()
        self._said: tuple[Line, ...] = ()
        self._measured: tuple[int, float] = (0, 0.0)

    def open(self, script_id: ScriptId) -> None:
        """From now on it tells of another script."""
        self._script_id, self._source, self._lines = script_id, None, ()
        self._said, self._measured = (), (0, 0.0)

    def take_source(self, source: Source | None) -> None:
        self._source = source
        self._tell()

    def take_lines(self, lines: tuple[LineView, ...]) -> None:
        """Counts them where their words are other ones than before."""
        self._lines = lines
        said = tuple(Line(line.speaker, line.text, line.delivery) for line in lines)
        self._tell()
        if said != self._said:
            self._said = said
            self._count(self._script_id, Script("", (Chapter("", said),)))

    def _count(self, script_id: ScriptId | None, script: Script) -> None:
        measure = self._studio.scripts.measure

        def take(measured: tuple[int, float]) -> None:
            if script_id == self._script_id:
                self._measured = measured
                self._tell()

        self._studio.jobs.start("Count the words", lambda *_: measure(script), done=take, failed=lambda _error: None, quiet=True)

    def _tell(self) -> None:
        if self._script_id is None:
            return
        lines = self._lines
        document = self._studio.scripts.document(self._script_id)
        is_exact = bool(lines) and all(line.duration_ms is not None for line in lines)
        seconds = sum(line.duration_ms or 0 for line in lines) / 1000
        words, estimate = self._measured
        self._show(
            meta_line(
                origin=document.origin or document.title if document else "",
                version=self._version(self._script_id),
                speakers=tuple(dict.fromkeys(line.speaker for line in lines)),
                words=words,
                seconds=seconds if is_exact else estimate,
                is_exact=is_exact,
            )
        )

    def _version(self, script_id: ScriptId) -> str:
        chosen = self._studio.scripts.settings(script_id).script
        if chosen.version:
            return chosen.version
        source = self._source
        if source is None or source.source_type is not SourceType.CHANGELOG or chosen.release != "latest" or chosen.since:
            return "" if chosen.release == "latest" else chosen.release
        return next((release.version for release in source.releases if not release.unreleased), "")


def meta_line(*, origin: str, version: str, speakers: Sequence[str], words: int, seconds: float, is_exact: bool) -> str:
    """``From CHANGELOG.md · 2.0.0 · 2 hosts · 268 words · about 1:42``; what is not known is left out."""
    length = human_duration(round(1000 * seconds))
    parts = [
        f"From {PurePath(origin).name}" if origin else "",
        version,
        speakers_in_words(speakers),
        counted(words, "word") if words else "",
        (length if is_exact else f"about {length}") if words else "",
    ]
    return " · ".join(part for part in parts if part)


def speakers_in_words(speakers: Sequence[str]) -> str:
    """``2 hosts``, ``1 narrator``, ``3 speakers``."""
    if not speakers:
        return ""
    if set(speakers) <= {HOST1, HOST2}:
        return counted(len(speakers), "host")
    return counted(len(speakers), "speaker")


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
