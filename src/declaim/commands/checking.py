"""What a model may have made up: looked for again after each edit, so that what was mended is told no more."""

from __future__ import annotations

from collections.abc import Callable

from declaim.commands.scripts import Scripts
from declaim.commands.writing import doubts_of
from declaim.jobs import Jobs
from declaim.model.ids import ScriptId
from declaim.model.script import Chapter, Doubt, Line, Script
from declaim.model.source import Source
from declaim.storage import Library

MODELS = frozenset({"gemini"})
"""Writers that could say what the source does not."""


class Checking:
    def __init__(self, library: Library, jobs: Jobs, scripts: Scripts) -> None:
        self._library, self._jobs, self._scripts = library, jobs, scripts

    def doubts(self, script_id: ScriptId, source: Source, done: Callable[[tuple[Doubt, ...]], None]) -> None:
        """Gives ``done`` the lines of a script of a model that say more than the source lines behind them; none for others."""
        if self._library.scripts.writer(script_id) not in MODELS:
            done(())
            return
        settings = self._scripts.settings(script_id).script
        lines = tuple(
            Line(line.speaker, line.text, line.delivery, source_lines=line.source_lines)
            for line in self._scripts.lines(script_id)
        )
        script = Script("", (Chapter("", lines),))
        self._jobs.start(
            "Check what was written",
            lambda *_: doubts_of(script, source, settings),
            done=done,
            failed=lambda _error: done(()),
            quiet=True,
        )
