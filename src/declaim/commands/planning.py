"""What a render of a script would do, and the state of each of its lines.

States are worked out off the main thread (a key is a hash of everything that makes a line's sound) and kept here; a view asks for
them and is told when one changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.commands.render_requests import lexicon_of, request_of_row
from declaim.commands.spending import SETTING, confirm_above_usd
from declaim.errors import DeclaimError
from declaim.jobs import Jobs
from declaim.model.ids import LineKey, ScriptId
from declaim.model.library import LineRow, LineState
from declaim.model.wording import counted
from declaim.storage import Library, LineMade
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.render import LineCache, RenderPlan, RenderRequest

LineListener = Callable[[ScriptId, Mapping[int, LineState]], None]


@dataclass(frozen=True)
class RenderSummary:
    """What a render would do, for the inspector. ``problem`` says why nothing can be rendered, with the cure."""

    to_render: int = 0
    ready: int = 0
    seconds: float = 0.0
    cost_usd: float = 0.0
    reasons: Mapping[int, str] = dataclasses.field(default_factory=dict)
    problem: str = ""
    confirm_above_usd: float = 0.0

    @property
    def asks_first(self) -> bool:
        """Whether it costs more than the user wants to pay without being asked."""
        return self.cost_usd > self.confirm_above_usd

    @property
    def text(self) -> str:
        """As in "3 lines will render, 41 are ready · about 2 s · free"."""
        if self.problem:
            return self.problem
        if not self.to_render:
            return f"All {self.ready} lines are ready" if self.ready else "Nothing to render yet"
        ready = f", {self.ready} {'is' if self.ready == 1 else 'are'} ready" if self.ready else ""
        cost = "free" if not self.cost_usd else f"about ${self.cost_usd:.2f}" if self.cost_usd >= 0.005 else "less than $0.01"
        return f"{counted(self.to_render, 'line')} will render{ready} · about {max(1, round(self.seconds))} s · {cost}"


class Planning:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs) -> None:
        self._library = library
        self._voices = voices
        self._jobs = jobs
        self._listeners: list[LineListener] = []
        self._states: dict[ScriptId, list[LineState]] = {}
        self._rendering: set[ScriptId] = set()

    @cached_property
    def cache(self) -> LineCache:
        """The finished lines. Made at the first use: what renders needs numpy, and the window opens without it."""
        from declaim.render import LineCache

        return LineCache(self._library.media / "lines")

    @property
    def confirm_above_usd(self) -> float:
        """A render that costs more is started only when the user says so twice."""
        return confirm_above_usd(self._library)

    def set_confirm_above(self, usd: float) -> None:
        with self._library.transaction("Cost limit", undoable=False):
            self._library.settings.put(SETTING, max(0.0, usd))

    def subscribe(self, listener: LineListener) -> Callable[[], None]:
        """Calls ``listener(script_id, states)`` on the main thread with the lines whose state has changed, by index."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def line_states(self, script_id: ScriptId) -> tuple[LineState, ...]:
        """As last worked out by :meth:`plan`; before that, what the rows alone tell."""
        states = self._states.get(script_id)
        made = self._library.lines.made(script_id)
        if states is not None and len(states) == len(made):
            return tuple(states)
        return tuple(map(_state_of, made.values()))

    def plan(self, script_id: ScriptId, done: Callable[[RenderSummary], None]) -> None:
        """Works out what is stale in a job; announces changed states, then gives ``done`` the summary."""
        try:
            row = self._library.scripts.get(script_id)
            lexicon = lexicon_of(self._library, row)
        except DeclaimError as error:
            done(RenderSummary(problem=str(error)))
            return

        def keep(plan: RenderPlan) -> None:
            self._take_states(script_id, plan)
            reasons = {line.index: line.reason for line in plan.lines if not line.is_ready}
            done(
                RenderSummary(
                    plan.to_render_count,
                    plan.ready_count,
                    plan.seconds_estimate,
                    plan.cost_usd,
                    reasons,
                    confirm_above_usd=self.confirm_above_usd,
                )
            )

        self._jobs.start(
            "Look at what is ready",
            # The request too is made there: the first one loads all that renders.
            lambda _cancel, _progress: self._plan(request_of_row(row, lexicon, Path("plan.mp3"))),
            done=keep,
            failed=lambda error: done(RenderSummary(problem=str(error))),
            quiet=True,
        )

    def begin_render(self, script_id: ScriptId) -> None:
        """From here on the render tells the states of its lines, and no plan does."""
        self._rendering.add(script_id)

    def end_render(self, script_id: ScriptId) -> None:
        self._rendering.discard(script_id)

    def forget(self, script_id: ScriptId) -> None:
        """What was known is no longer sure: the rows tell, until the next plan."""
        self._states.pop(script_id, None)

    def is_rendering(self, script_id: ScriptId) -> bool:
        return script_id in self._rendering

    def set_states(self, script_id: ScriptId, found: Mapping[int, LineState], count: int) -> None:
        """Keeps and announces the states of some of the ``count`` lines."""
        states = self._states.get(script_id)
        if states is None or len(states) != count:
            states = self._states[script_id] = [*map(_state_of, self._library.lines.made(script_id).values())]
        changed = {index: state for index, state in found.items() if states[index] is not state}
        for index, state in changed.items():
            states[index] = state
        for listener in tuple(self._listeners) if changed else ():
            listener(script_id, changed)

    def _plan(self, request: RenderRequest) -> RenderPlan:
        from declaim.render import plan_render

        return plan_render(request, self._voices, self.cache)

    def _take_states(self, script_id: ScriptId, plan: RenderPlan) -> None:
        rows = self._library.lines.of(script_id)
        if len(rows) != len(plan.lines) or script_id in self._rendering:
            return
        states = {line.index: _state(line.key, line.is_ready, row) for line, row in zip(plan.lines, rows, strict=True)}
        self.set_states(script_id, states, len(rows))


def _state(key: LineKey | None, is_ready: bool, row: LineRow) -> LineState:
    if is_ready:
        return LineState.SUSPECT if row.suspicion and row.key == key else LineState.READY
    if row.failure:
        return LineState.FAILED
    return LineState.STALE if row.key else LineState.NOT_RENDERED


def _state_of(made: LineMade) -> LineState:
    if made.failure:
        return LineState.FAILED
    if made.key is None:
        return LineState.NOT_RENDERED
    return LineState.SUSPECT if made.suspicion else LineState.READY
