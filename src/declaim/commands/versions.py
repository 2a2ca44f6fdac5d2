"""Script versions as the user looks at them: what each one changed, how it differs from another, and taking one back.

Comparing long scripts takes its time: ``history`` and ``compare`` are jobs; nothing here keeps the main thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from declaim.commands.scripts import Scripts
from declaim.errors import InputError
from declaim.jobs import Jobs
from declaim.model.ids import ScriptId
from declaim.model.library import VersionRow
from declaim.model.script import NARRATOR, Chapter, Line, Script
from declaim.scripts import Change, count_words, describe_changes, diff_scripts, parse_script


@dataclass(frozen=True)
class VersionView:
    """A version as the list shows it. ``changed`` compares it with the one before; the oldest has none."""

    row: VersionRow
    words: int
    changed: str
    is_present: bool
    """Whether the script reads so now."""


class Versions:
    def __init__(self, jobs: Jobs, scripts: Scripts) -> None:
        self._jobs = jobs
        self._scripts = scripts

    def history(self, script_id: ScriptId, done: Callable[[tuple[VersionView, ...]], None]) -> None:
        """Gives ``done`` every version, newest first; the present text is kept as one first."""
        self._scripts.keep_version(script_id)
        rows, present = self._scripts.versions(script_id), self._scripts.row(script_id).text
        self._jobs.start("List the versions", lambda *_: _views(rows, present), done=done, quiet=True)

    def compare(self, old: str, new: str, done: Callable[[tuple[Change, ...]], None]) -> None:
        """Gives ``done`` the rows of a diff of two texts."""
        self._jobs.start("Compare two versions", lambda *_: diff_scripts(_read(old), _read(new)), done=done, quiet=True)

    def restore(self, version: VersionRow) -> None:
        """Takes an earlier text back, in one step of undo; the present one stays a version."""
        self._scripts.restore(version.script_id, version)


def _views(rows: Sequence[VersionRow], present: str) -> tuple[VersionView, ...]:
    scripts = [_read(row.text) for row in rows]
    views = []
    for at, row in enumerate(rows):
        changed = describe_changes(scripts[at + 1], scripts[at]) if at + 1 < len(rows) else ""
        views.append(VersionView(row, count_words(scripts[at]), changed, is_present=at == 0 and row.text == present))
    return tuple(views)


def _read(text: str) -> Script:
    """A text as a script; one with a mistake in its mark-up as it stands, line by line, so that it can be compared too."""
    try:
        return parse_script(text)
    except InputError:
        return Script("", (Chapter("", tuple(Line(NARRATOR, line) for line in text.splitlines() if line.strip())),))
