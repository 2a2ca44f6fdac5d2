"""Rendering a script of the library: what will happen, the render itself, hearing one line or one voice.

States of lines are worked out off the main thread (a key is a hash of everything that makes a line's sound) and kept here; a view
asks for them and is told when one changes.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declaim.commands.adopting import PEAKS_SUFFIX
from declaim.commands.outcomes import Outcomes
from declaim.commands.play_along import PlayAlong
from declaim.commands.production import Production, produce
from declaim.errors import Cancelled, DeclaimError, InputError
from declaim.jobs import Jobs
from declaim.model.delivery import Delivery
from declaim.model.ids import JobId, LineId, LineKey, RecordingId, ScriptId, VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.library import LineRow, LineState, Recording, RecordingState, RecordingType, ScriptRow
from declaim.model.script import NARRATOR, Line, Script
from declaim.model.settings import RATES_HZ, StudioSettings
from declaim.model.voice import Cast
from declaim.model.work import CancelToken, Progress
from declaim.paths import replacing
from declaim.scripts import parse_script
from declaim.storage import Library, LineMade
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.audio.sound_sources import SoundSource
    from declaim.render import LineCache, LineOutcome, RenderPlan, RenderRequest, RenderResult

GREETING = "Hello. This is how I sound when I read your release notes."
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
        lines = "line" if self.to_render == 1 else "lines"
        ready = f", {self.ready} {'is' if self.ready == 1 else 'are'} ready" if self.ready else ""
        cost = "free" if not self.cost_usd else f"about ${self.cost_usd:.2f}" if self.cost_usd >= 0.005 else "less than $0.01"
        return f"{self.to_render} {lines} will render{ready} · about {max(1, round(self.seconds))} s · {cost}"


class Rendering:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs) -> None:
        self._library = library
        self._voices = voices
        self._jobs = jobs
        self._listeners: list[LineListener] = []
        self._states: dict[ScriptId, list[LineState]] = {}
        self._renders: dict[ScriptId, JobId] = {}
        self._rendering: set[ScriptId] = set()
        self._along: dict[ScriptId, PlayAlong] = {}

    @cached_property
    def cache(self) -> LineCache:
        """The finished lines. Made at the first use: what renders needs numpy, and the window opens without it."""
        from declaim.render import LineCache

        return LineCache(self._library.media / "lines")

    @property
    def confirm_above_usd(self) -> float:
        """A render that costs more is started only when the user says so twice."""
        return float(self._library.settings.get("confirm_above_usd", 1.0))

    def set_confirm_above(self, usd: float) -> None:
        with self._library.transaction("Cost limit", undoable=False):
            self._library.settings.put("confirm_above_usd", max(0.0, usd))

    def subscribe(self, listener: LineListener) -> Callable[[], None]:
        """Calls ``listener(script_id, states)`` on the main thread with the lines whose state has changed, by index."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def line_states(self, script_id: ScriptId) -> tuple[LineState, ...]:
        """As last worked out by :meth:`plan`; before that, what the rows alone tell."""
        states = self._states.get(script_id)
        rows = self._library.lines.of(script_id)
        if states is not None and len(states) == len(rows):
            return tuple(states)
        return tuple(_state_of_row(row) for row in rows)

    def sound_so_far(self, script_id: ScriptId) -> SoundSource | None:
        """The render that runs, to be listened to from its start while it goes on; None where none runs.

        Raises:
            AudioError: for a finished line whose file is gone.
        """
        along = self._along.get(script_id)
        return along.source() if along is not None else None

    def is_rendering(self, script_id: ScriptId) -> bool:
        return script_id in self._rendering

    def plan(self, script_id: ScriptId, done: Callable[[RenderSummary], None]) -> None:
        """Works out what is stale in a job; announces changed states, then gives ``done`` the summary."""
        try:
            row = self._library.scripts.get(script_id)
            lexicon = self._lexicon_of(row)
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
            lambda _cancel, _progress: self._plan(_request_of(row, lexicon, Path("plan.mp3"))),
            done=keep,
            failed=lambda error: done(RenderSummary(problem=str(error))),
            quiet=True,
        )

    def render(
        self,
        script_id: ScriptId,
        *,
        done: Callable[[RecordingId], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Starts a render into a new take; one at a time for a script.

        Raises:
            InputError: for a mistake in the script, with its line and column.
            VoiceUnknown: where the cast names a voice that is not there.
        """
        if script_id in self._rendering:
            return self._renders[script_id]
        row = self._library.scripts.get(script_id)
        request = self._request(script_id, self._new_take_path())
        for voice in {request.cast.voice_for(line.speaker) for line in request.script.lines}:
            self._voices.find(voice)
        return self._start(row, request, self._add_take(row, request), done, failed)

    def hear_line(
        self,
        script_id: ScriptId,
        index: int,
        done: Callable[[Path], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> JobId:
        """Speaks one line (or takes it from the cache) and gives ``done`` its audio file.

        Raises:
            InputError: for a mistake in the script.
        """
        from declaim.speech import parse_notes

        request = self._request(script_id, Path("line.wav"))
        line = request.script.lines[index]
        lexicon = (*request.lexicon, *parse_notes(request.pronunciation_notes))
        return self._hear(f"Speak line {index + 1}", line, request.cast, request.delivery, lexicon, done, failed)

    def hear_voice(
        self,
        voice_id: VoiceId,
        done: Callable[[Path], None],
        failed: Callable[[Exception], None] | None = None,
        delivery: Delivery | None = None,
    ) -> JobId:
        """Lets a voice say a sentence and gives ``done`` the audio file."""
        line = Line(NARRATOR, GREETING)
        return self._hear(f"Hear {voice_id}", line, Cast(default=voice_id), delivery or Delivery(), (), done, failed)

    def resume_unfinished(self) -> int:
        """Starts again what a crash, a kill or a closed window left unfinished, into the same takes; returns how many.

        Nothing finished is made again: each finished line is in the cache.
        """
        found = self._library.recordings.in_state(RecordingState.QUEUED, RecordingState.RENDERING)
        unfinished = [recording for recording in found if recording.source != "remote"]  # those are made elsewhere
        for recording in unfinished:
            try:
                self._resume(recording)
            except DeclaimError as error:
                with self._library.transaction("After a crash", undoable=False):
                    self._library.recordings.set_state(recording.id, RecordingState.FAILED, failure=str(error))
        return len(unfinished)

    # Inside

    def _request(self, script_id: ScriptId, out: Path) -> RenderRequest:
        return self._request_of(self._library.scripts.get(script_id), out)

    def _request_of(self, row: ScriptRow, out: Path) -> RenderRequest:
        return _request_of(row, self._lexicon_of(row), out)

    def _lexicon_of(self, row: ScriptRow) -> tuple[LexiconEntry, ...]:
        return (*self._library.lexicon.of(None), *self._library.lexicon.of(row.project_id))

    def _resume(self, recording: Recording) -> None:
        if recording.script_id is None:
            raise InputError("The script of this take is gone.", cure="Render another script.")
        row = self._library.scripts.get(recording.script_id)
        parameters = recording.parameters
        # The take is finished as it was begun, whatever became of the script since.
        text, settings = str(parameters.get("script", row.text)), parameters.get("settings", row.settings)
        frozen = dataclasses.replace(row, text=text, settings=settings)
        self._start(row, self._request_of(frozen, self._new_take_path()), recording.id, None, None)

    def _start(
        self,
        row: ScriptRow,
        request: RenderRequest,
        recording_id: RecordingId,
        done: Callable[[RecordingId], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> JobId:
        album = self._library.projects.get(row.project_id).name
        relative = request.out.relative_to(self._library.media).as_posix()
        ids = self._ids_of(row.id, request.script)
        outcomes = Outcomes(self._jobs, lambda found: self._lines_done(row.id, ids, found))

        along = PlayAlong(request, self.cache.path)

        def finish(result: RenderResult) -> None:
            self._end_along(row.id, along)
            outcomes.hand_over()
            self._finish(row.id, recording_id, relative, result, done)

        def fail(error: Exception) -> None:
            self._end_along(row.id, along)
            outcomes.hand_over()
            self._fail(row.id, recording_id, error, failed)

        # Known as rendering before the job starts: an executor may finish it at once.
        self._rendering.add(row.id)
        self._along[row.id] = along
        self._renders[row.id] = job_id = self._jobs.start(
            f"Render {row.title}",
            lambda cancel, progress: self._work(request, album, outcomes, along, cancel, progress),
            done=finish,
            failed=fail,
        )
        return job_id

    def _end_along(self, script_id: ScriptId, along: PlayAlong) -> None:
        along.end()
        if self._along.get(script_id) is along:
            del self._along[script_id]

    def _new_take_path(self) -> Path:
        name = uuid.uuid4().hex
        return self._library.media / "takes" / name[:2] / f"{name}.mp3"

    def _add_take(self, row: ScriptRow, request: RenderRequest) -> RecordingId:
        recordings = self._library.recordings
        with self._library.transaction("Render", undoable=False):
            original = next((r for r in recordings.of_script(row.id) if r.type is RecordingType.ORIGINAL), None)
            original_id = original.id if original else recordings.add(
                row.project_id, row.folder_id, script_id=row.id, label=row.title,
                type=RecordingType.ORIGINAL, state=RecordingState.DONE, source="script",
            )  # fmt: skip
            count = sum(r.type is RecordingType.CONVERSION for r in recordings.of_script(row.id))
            return recordings.add(
                row.project_id,
                row.folder_id,
                script_id=row.id,
                original_id=original_id,
                label=f"Take {count + 1}",
                type=RecordingType.CONVERSION,
                state=RecordingState.RENDERING,
                parameters=_parameters(row, request),
            )

    def _work(
        self,
        request: RenderRequest,
        album: str,
        outcomes: Outcomes,
        along: PlayAlong,
        cancel: CancelToken,
        progress: Progress,
    ) -> RenderResult:
        def tell(outcome: LineOutcome) -> None:
            along.add(outcome)
            outcomes.add(outcome)

        result = produce(Production(request, album=album), self._voices, self.cache, cancel, progress, tell)
        with replacing(request.out.with_suffix(PEAKS_SUFFIX)) as beside:
            beside.write_bytes(result.peaks)
        return result

    def _ids_of(self, script_id: ScriptId, script: Script) -> tuple[LineId | None, ...]:
        """The rows of what is rendered. They stay the same while the script is edited; what a resumed render speaks and the
        script no longer says has none."""
        rows = self._library.lines.of(script_id)
        if len(rows) != len(script.lines):
            return (None,) * len(script.lines)
        pairs = zip(rows, script.lines, strict=True)
        return tuple(row.id if (row.speaker, row.text) == (line.speaker, line.text) else None for row, line in pairs)

    def _lines_done(self, script_id: ScriptId, ids: tuple[LineId | None, ...], outcomes: list[LineOutcome]) -> None:
        """Writes what changed in one transaction, then announces the states of lines that are still there."""
        made = self._library.lines.made(script_id)
        known = [(ids[outcome.index], outcome) for outcome in outcomes if outcome.index < len(ids)]
        found = [(line_id, outcome) for line_id, outcome in known if line_id is not None and line_id in made]
        changed = [pair for pair in found if _says_something_new(pair[1], made[pair[0]])]
        if changed:
            with self._library.transaction("Lines", undoable=False):
                for line_id, outcome in changed:
                    self._keep_outcome(line_id, outcome)
        self._keep_spend([outcome for outcome in outcomes if outcome.cost_usd])
        places = {line_id: place for place, line_id in enumerate(made)}
        self._set_states(script_id, {places[line_id]: outcome.state for line_id, outcome in found}, len(made))

    def _keep_spend(self, paid: list[LineOutcome]) -> None:
        if not paid:
            return
        today = dt.datetime.now().astimezone().date().isoformat()
        with self._library.transaction("Spend", undoable=False):
            for outcome in paid:
                audio_ms = outcome.duration_ms or 0
                self._library.spend.add(
                    today, outcome.engine, characters=outcome.characters, audio_ms=audio_ms, cost_usd=outcome.cost_usd
                )

    def _keep_outcome(self, line_id: LineId, outcome: LineOutcome) -> None:
        self._library.lines.set_outcome(
            line_id,
            key=outcome.key,
            duration_ms=outcome.duration_ms,
            failure=outcome.failure,
            suspicion=outcome.suspicion,
        )

    def _finish(
        self,
        script_id: ScriptId,
        recording_id: RecordingId,
        relative: str,
        result: RenderResult,
        done: Callable[[RecordingId], None] | None,
    ) -> None:
        self._rendering.discard(script_id)
        ids = [row.id for row in self._library.lines.of(script_id)]
        timings = tuple(
            dataclasses.replace(timing, line_id=ids[index] if len(ids) == len(result.timings) else None)
            for index, timing in enumerate(result.timings)
        )
        with self._library.transaction("Render finished", undoable=False):
            self._library.recordings.finish(
                recording_id,
                path=relative,
                peaks_path=str(Path(relative).with_suffix(PEAKS_SUFFIX).as_posix()),
                duration_ms=result.duration_ms,
                timings=timings,
                cost_usd=result.cost_usd or None,
            )
        if done:
            done(recording_id)

    def _fail(
        self, script_id: ScriptId, recording_id: RecordingId, error: Exception, failed: Callable[[Exception], None] | None
    ) -> None:
        self._rendering.discard(script_id)
        state = RecordingState.CANCELLED if isinstance(error, Cancelled) else RecordingState.FAILED
        with self._library.transaction("Render stopped", undoable=False):
            self._library.recordings.set_state(recording_id, state, failure=str(error))
        self._states.pop(script_id, None)
        if failed:
            failed(error)

    def _hear(
        self,
        title: str,
        line: Line,
        cast: Cast,
        delivery: Delivery,
        lexicon: tuple[LexiconEntry, ...],
        done: Callable[[Path], None],
        failed: Callable[[Exception], None] | None,
    ) -> JobId:
        def work(cancel: CancelToken, _progress: Progress) -> Path:
            from declaim.render import speak_one

            return speak_one(line, cast, delivery, lexicon, self._voices, self.cache, cancel)

        return self._jobs.start(title, work, done=done, failed=failed, quiet=True)

    def _plan(self, request: RenderRequest) -> RenderPlan:
        from declaim.render import plan_render

        return plan_render(request, self._voices, self.cache)

    def _take_states(self, script_id: ScriptId, plan: RenderPlan) -> None:
        rows = self._library.lines.of(script_id)
        if len(rows) != len(plan.lines) or script_id in self._rendering:
            return
        states = {line.index: _state(line.key, line.is_ready, row) for line, row in zip(plan.lines, rows, strict=True)}
        self._set_states(script_id, states, len(rows))

    def _set_states(self, script_id: ScriptId, found: Mapping[int, LineState], count: int) -> None:
        states = self._states.get(script_id)
        if states is None or len(states) != count:
            states = self._states[script_id] = [_state_of_row(row) for row in self._library.lines.of(script_id)]
        changed = {index: state for index, state in found.items() if states[index] is not state}
        for index, state in changed.items():
            states[index] = state
        for listener in tuple(self._listeners) if changed else ():
            listener(script_id, changed)


def _request_of(row: ScriptRow, lexicon: tuple[LexiconEntry, ...], out: Path) -> RenderRequest:
    return request_for(parse_script(row.text), StudioSettings.from_json(row.settings), lexicon, out)


def request_for(script: Script, settings: StudioSettings, lexicon: tuple[LexiconEntry, ...], out: Path) -> RenderRequest:
    """A render of a script with its settings."""
    from declaim.render import RenderRequest

    return RenderRequest(
        script=script,
        cast=settings.cast,
        delivery=settings.delivery,
        lexicon=lexicon,
        out=out,
        loudness=settings.loudness,
        rate_hz=settings.rate_hz if settings.rate_hz in RATES_HZ else RATES_HZ[0],
        pronunciation_notes=settings.pronunciation_notes,
    )


def _says_something_new(outcome: LineOutcome, made: LineMade) -> bool:
    is_over = outcome.state not in (LineState.QUEUED, LineState.RENDERING)
    return is_over and (outcome.key, outcome.failure, outcome.suspicion) != (made.key, made.failure, made.suspicion)


def _state(key: LineKey | None, is_ready: bool, row: LineRow) -> LineState:
    if is_ready:
        return LineState.SUSPECT if row.suspicion and row.key == key else LineState.READY
    if row.failure:
        return LineState.FAILED
    return LineState.STALE if row.key else LineState.NOT_RENDERED


def _state_of_row(row: LineRow) -> LineState:
    if row.failure:
        return LineState.FAILED
    if row.key is None:
        return LineState.NOT_RENDERED
    return LineState.SUSPECT if row.suspicion else LineState.READY


def _parameters(row: ScriptRow, request: RenderRequest) -> dict[str, Any]:
    """What made a take: enough to make it again, and to say what it is."""
    return {
        "settings": dict(row.settings),
        "script": row.text,
        "voices": {speaker: request.cast.voice_for(speaker) for speaker in request.script.speakers},
        "delivery": request.delivery.preset.value,
        "loudness": str(request.loudness),
        "started_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
