"""What became of lines, whether in a render or heard alone: written to their rows, booked as spend, announced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from declaim.commands.planning import Planning
from declaim.commands.spending import keep_spend
from declaim.model.ids import LineId, ScriptId
from declaim.model.library import LineState
from declaim.model.script import Script
from declaim.storage import Library, LineMade

if TYPE_CHECKING:
    from declaim.render import LineOutcome


class LineResults:
    """Main thread only."""

    def __init__(self, library: Library, planning: Planning) -> None:
        self._library, self._planning = library, planning

    def ids_of(self, script_id: ScriptId, script: Script) -> tuple[LineId | None, ...]:
        """The rows of what is rendered. They stay the same while the script is edited; what a resumed render speaks and the
        script no longer says has none."""
        rows = self._library.lines.of(script_id)
        if len(rows) != len(script.lines):
            return (None,) * len(script.lines)
        pairs = zip(rows, script.lines, strict=True)
        return tuple(row.id if (row.speaker, row.text) == (line.speaker, line.text) else None for row, line in pairs)

    def keep(self, script_id: ScriptId, ids: tuple[LineId | None, ...], outcomes: Sequence[LineOutcome]) -> None:
        """Writes what changed in one transaction, then announces the states of lines that are still there."""
        made = self._library.lines.made(script_id)
        known = [(ids[outcome.index], outcome) for outcome in outcomes if outcome.index < len(ids)]
        found = [(line_id, outcome) for line_id, outcome in known if line_id is not None and line_id in made]
        changed = [pair for pair in found if _says_something_new(pair[1], made[pair[0]])]
        if changed:
            with self._library.transaction("Lines", undoable=False):
                for line_id, outcome in changed:
                    self._keep_outcome(line_id, outcome)
        keep_spend(self._library, outcomes)
        places = {line_id: place for place, line_id in enumerate(made)}
        self._planning.set_states(script_id, {places[line_id]: outcome.state for line_id, outcome in found}, len(made))

    def _keep_outcome(self, line_id: LineId, outcome: LineOutcome) -> None:
        self._library.lines.set_outcome(
            line_id,
            key=outcome.key,
            duration_ms=outcome.duration_ms,
            failure=outcome.failure,
            suspicion=outcome.suspicion,
        )


def _says_something_new(outcome: LineOutcome, made: LineMade) -> bool:
    is_over = outcome.state not in (LineState.QUEUED, LineState.RENDERING)
    return is_over and (outcome.key, outcome.failure, outcome.suspicion) != (made.key, made.failure, made.suspicion)
