"""What a render of a script would do, and the state of each of its lines.

States are worked out off the main thread (a key is a hash of everything that makes a line's sound) and kept here; a view asks for
them and is told when one changes.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection, Mapping
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
from declaim.model.wording import counted, human_seconds
from declaim.storage import Library, LineMade
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.render import LineCache, PlannedLine, RenderPlan, RenderRequest

LineListener = Callable[[ScriptId, Mapping[int, LineState]], None]


@dataclass(frozen=True)
class RenderSummary:
    """What a render would do, for the inspector. ``reasons`` say of lines that were rendered before why they are stale, by index;
    ``problem`` says why nothing can be rendered, with the cure."""

    to_render: int = 0
    ready: int = 0
    seconds: float = 0.0
    cost_usd: float = 0.0
    reasons: Mapping[int, str] = dataclasses.field(default_factory=dict)
    problem: str = ""
    confirm_above_usd: float = 0.0
    suspect: int = 0
    """How many of those that are ready the check of their sound has marked."""

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
        return f"{counted(self.to_render, 'line')} will render{ready} · about {human_seconds(self.seconds)} · {cost}"

    @property
    def why(self) -> str:
        """As in "Text changed (2), voice changed (1), new (3)"; empty where nothing was rendered before."""
        found = Counter(self.reasons.values())
        if new := self.to_render - len(self.reasons):
            found["new"] = new
        if not self.reasons:
            return ""
        parts = [reason if count == self.to_render else f"{reason} ({count})" for reason, count in found.most_common()]
        return ", ".join(parts).capitalize()

    @property
    def remarks(self) -> str:
        """Why lines are stale, and how many to listen to."""
        heard = f"{counted(self.suspect, 'line')} underlined: worth a listen" if self.suspect else ""
        return " · ".join(filter(None, (self.why, heard)))


class Planning:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs) -> None:
        self._library = library
        self._voices = voices
        self._jobs = jobs
        self._listeners: list[LineListener] = []
        self._states: dict[ScriptId, list[LineState]] = {}
        self._reasons: dict[ScriptId, Mapping[int, str]] = {}
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
        """Calls ``listener(script_id, states)`` on the main thread with the lines whose state has changed, or the reason why they
        are stale, by index."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def line_states(self, script_id: ScriptId) -> tuple[LineState, ...]:
        """As last worked out by :meth:`plan`; before that, what the rows alone tell."""
        states = self._states.get(script_id)
        made = self._library.lines.made(script_id)
        if states is not None and len(states) == len(made):
            return tuple(states)
        return tuple(map(_state_of, made.values()))

    def line_reasons(self, script_id: ScriptId) -> Mapping[int, str]:
        """Why lines that were rendered are stale, by index, as last worked out by :meth:`plan`."""
        return self._reasons.get(script_id, {})

    def plan(self, script_id: ScriptId, done: Callable[[RenderSummary], None]) -> None:
        """Works out what is stale in a job; announces changed states, then gives ``done`` the summary."""
        try:
            row = self._library.scripts.get(script_id)
            lexicon = lexicon_of(self._library, row)
            made = self._library.lines.made(script_id).values()
        except DeclaimError as error:
            done(RenderSummary(problem=str(error)))
            return

        previous = {index: line.key for index, line in enumerate(made) if line.key is not None}

        def keep(plan: RenderPlan) -> None:
            reasons = {line.index: line.reason for line in plan.lines if not line.is_ready and line.index in previous}
            self._take_states(script_id, plan, reasons)
            done(
                RenderSummary(
                    plan.to_render_count,
                    plan.ready_count,
                    plan.seconds_estimate,
                    plan.cost_usd,
                    reasons,
                    confirm_above_usd=self.confirm_above_usd,
                    suspect=sum(state is LineState.SUSPECT for state in self._states.get(script_id, ())),
                )
            )

        self._jobs.start(
            "Look at what is ready",
            # The request too is made there: the first one loads all that renders.
            lambda _cancel, _progress: self._plan(request_of_row(row, lexicon, Path("plan.mp3")), previous),
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
        self._reasons.pop(script_id, None)

    def is_rendering(self, script_id: ScriptId) -> bool:
        return script_id in self._rendering

    def set_states(
        self, script_id: ScriptId, found: Mapping[int, LineState], count: int, explained: Collection[int] = ()
    ) -> None:
        """Keeps and announces the states of some of the ``count`` lines, those that are ``explained`` anew in any case."""
        states = self._states.get(script_id)
        if states is None or len(states) != count:
            states = self._states[script_id] = [*map(_state_of, self._library.lines.made(script_id).values())]
        changed = {index: state for index, state in found.items() if states[index] is not state or index in explained}
        for index, state in changed.items():
            states[index] = state
        for listener in tuple(self._listeners) if changed else ():
            listener(script_id, changed)

    def _plan(self, request: RenderRequest, previous: Mapping[int, LineKey]) -> RenderPlan:
        from declaim.render import plan_with_reasons

        return plan_with_reasons(request, self._voices, self.cache, previous)

    def _take_states(self, script_id: ScriptId, plan: RenderPlan, reasons: Mapping[int, str]) -> None:
        rows = self._library.lines.of(script_id)
        if len(rows) != len(plan.lines) or script_id in self._rendering:
            return
        states = {line.index: _state(line, row) for line, row in zip(plan.lines, rows, strict=True)}
        before, self._reasons[script_id] = self.line_reasons(script_id), reasons
        explained = {index for index, reason in reasons.items() if before.get(index) != reason}
        self.set_states(script_id, states, len(rows), explained)


def _state(line: PlannedLine, row: LineRow) -> LineState:
    if line.is_ready:
        return LineState.SUSPECT if line.known and line.known.recipe.suspicion else LineState.READY
    if row.failure:
        return LineState.FAILED
    return LineState.STALE if row.key else LineState.NOT_RENDERED


def _state_of(made: LineMade) -> LineState:
    if made.failure:
        return LineState.FAILED
    if made.key is None:
        return LineState.NOT_RENDERED
    return LineState.SUSPECT if made.suspicion else LineState.READY
