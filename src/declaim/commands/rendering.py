"""Rendering a script of the library into a take."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from declaim.commands.adopting import PEAKS_SUFFIX
from declaim.commands.line_results import LineResults
from declaim.commands.measuring import Measuring
from declaim.commands.outcomes import Outcomes
from declaim.commands.planning import Planning
from declaim.commands.play_along import PlayAlong
from declaim.commands.production import Production, produce
from declaim.commands.recordings import next_take_label
from declaim.commands.render_requests import check_files, lexicon_of, request_of, request_of_row, tags_of
from declaim.errors import Cancelled, CostNotAgreed, DeclaimError, InputError
from declaim.jobs import Jobs
from declaim.model.ids import JobId, RecordingId, ScriptId
from declaim.model.library import Recording, RecordingState, RecordingType, ScriptRow
from declaim.model.settings import LoudnessStandard
from declaim.model.work import CancelToken, Progress
from declaim.storage import Library
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.audio.sound_sources import SoundSource
    from declaim.render import LineOutcome, RenderRequest, RenderResult


_SAME_COST = 1.01
"""What was agreed to may cost so much more: a line that was edited meanwhile."""


class Rendering:
    def __init__(
        self,
        library: Library,
        voices: Voices,
        jobs: Jobs,
        planning: Planning,
        results: LineResults,
        measuring: Measuring,
    ) -> None:
        self._library = library
        self._voices = voices
        self._jobs = jobs
        self._planning = planning
        self._results = results
        self._measuring = measuring
        self._renders: dict[ScriptId, JobId] = {}
        self._along: dict[ScriptId, PlayAlong] = {}
        self._told_usd: dict[ScriptId, float] = {}
        """What a render would cost that was not agreed to: whoever asks again agrees."""

    def sound_so_far(self, script_id: ScriptId) -> SoundSource | None:
        """The render that runs, to be listened to from its start while it goes on; None where none runs."""
        along = self._along.get(script_id)
        return along.source() if along is not None else None

    def is_rendering(self, script_id: ScriptId) -> bool:
        return self._planning.is_rendering(script_id)

    def job_of(self, script_id: ScriptId) -> JobId | None:
        """The job that renders a script now, whoever started it."""
        return self._renders.get(script_id) if self.is_rendering(script_id) else None

    def verify_needs(self) -> str:
        """What listening to rendered lines lacks, and the cure; empty where nothing."""
        from declaim.voices.recogniser import recogniser_needs

        return recogniser_needs()

    def render(
        self,
        script_id: ScriptId,
        *,
        done: Callable[[RecordingId], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        agreed: bool = False,
    ) -> JobId:
        """Starts a render into a new take; one at a time for a script.

        What costs more than the user's limit fails with ``CostNotAgreed`` before anything is sent, unless the user has ``agreed``
        to it, here or by asking for the same again after having been told.

        Raises:
            InputError: for a mistake in the script, with its line and column, and for music or a cover that is gone.
            VoiceUnknown: where the cast names a voice that is not there.
        """
        if self.is_rendering(script_id):
            return self._renders[script_id]
        row = self._library.scripts.get(script_id)
        request = request_of(self._library, script_id, self._new_take_path())
        for voice in {request.cast.voice_for(line.speaker) for line in request.script.lines}:
            self._voices.find(voice)
        check_files(row)
        limit_usd = None if agreed else self._planning.confirm_above_usd
        return self._start(row, request, self._add_take(row, request), done, failed, limit_usd)

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

    def _resume(self, recording: Recording) -> None:
        if recording.script_id is None:
            raise InputError("The script of this take is gone.", cure="Render another script.")
        row = self._library.scripts.get(recording.script_id)
        parameters = recording.parameters
        # The take is finished as it was begun, whatever became of the script since.
        text, settings = str(parameters.get("script", row.text)), parameters.get("settings", row.settings)
        frozen = dataclasses.replace(row, text=text, settings=settings)
        self._start(row, request_of_row(frozen, lexicon_of(self._library, row), self._new_take_path()), recording.id, None, None)

    def _start(
        self,
        row: ScriptRow,
        request: RenderRequest,
        recording_id: RecordingId,
        done: Callable[[RecordingId], None] | None,
        failed: Callable[[Exception], None] | None,
        limit_usd: float | None = None,
    ) -> JobId:
        tags = tags_of(self._library, row)
        relative = request.out.relative_to(self._library.media).as_posix()
        ids = self._results.ids_of(row.id, request.script)
        outcomes = Outcomes(self._jobs, lambda found: self._results.keep(row.id, ids, found))

        along = self._begin(row.id, request)
        limit = self._limit(row.id, limit_usd)

        def again() -> None:
            nonlocal along, limit
            if self.is_rendering(row.id):
                raise InputError("This script is being rendered already.", cure="Wait for its end, or cancel it.")
            self._mark_rendering(recording_id)
            along = self._begin(row.id, request)
            limit = self._limit(row.id, limit_usd)
            self._renders[row.id] = job_id

        def finish(result: RenderResult) -> None:
            self._end_along(row.id, along)
            outcomes.hand_over()
            self._finish(row.id, recording_id, relative, result, done)
            if result.rendered_lines:
                self._measuring.after_render({request.cast.voice_for(line.speaker) for line in request.script.lines})

        def fail(error: Exception) -> None:
            self._end_along(row.id, along)
            outcomes.hand_over()
            self._fail(row.id, recording_id, error, failed)

        def work(cancel: CancelToken, progress: Progress) -> RenderResult:
            return self._work(Production(request, tags, limit_usd=limit, keeps_peaks=True), outcomes, along, cancel, progress)

        # Known as rendering before the job starts: an executor may finish it at once.
        self._renders[row.id] = job_id = self._jobs.start(
            f"Render {row.title}",
            work,
            done=finish,
            failed=fail,
            again=again,
        )
        return job_id

    def _limit(self, script_id: ScriptId, limit_usd: float | None) -> float | None:
        """What was told once counts as agreed to, once."""
        told_usd = self._told_usd.pop(script_id, 0.0)
        return None if limit_usd is None else max(limit_usd, told_usd)

    def _begin(self, script_id: ScriptId, request: RenderRequest) -> PlayAlong:
        self._planning.begin_render(script_id)
        along = self._along[script_id] = PlayAlong(request, self._planning.cache)
        return along

    def _mark_rendering(self, recording_id: RecordingId) -> None:
        """
        Raises:
            DeclaimError: for a take that is gone.
        """
        self._library.recordings.get(recording_id)
        with self._library.transaction("Render", undoable=False):
            self._library.recordings.set_state(recording_id, RecordingState.RENDERING)

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
            originals = (known for known in recordings.of_script(row.id) if known.type is RecordingType.ORIGINAL)
            original = next((known for known in originals if known.source != "microphone"), None)
            original_id = original.id if original else recordings.add(
                row.project_id, row.folder_id, script_id=row.id, label=row.title,
                type=RecordingType.ORIGINAL, state=RecordingState.DONE, source="script",
            )  # fmt: skip
            return recordings.add(
                row.project_id,
                row.folder_id,
                script_id=row.id,
                original_id=original_id,
                label=next_take_label(self._library, row.id),
                type=RecordingType.CONVERSION,
                state=RecordingState.RENDERING,
                parameters=_parameters(row, request),
            )

    def _work(
        self,
        production: Production,
        outcomes: Outcomes,
        along: PlayAlong,
        cancel: CancelToken,
        progress: Progress,
    ) -> RenderResult:
        def tell(outcome: LineOutcome) -> None:
            along.add(outcome)
            outcomes.add(outcome)

        return produce(production, self._voices, self._planning.cache, cancel, progress, tell, along.hear, along.begin)

    def _finish(
        self,
        script_id: ScriptId,
        recording_id: RecordingId,
        relative: str,
        result: RenderResult,
        done: Callable[[RecordingId], None] | None,
    ) -> None:
        self._planning.end_render(script_id)
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
        self._planning.end_render(script_id)
        if isinstance(error, CostNotAgreed):
            error.cure = "Render again to agree to it, or raise the limit in Settings."
            self._told_usd[script_id] = error.cost_usd * _SAME_COST
        is_stopped = isinstance(error, Cancelled | CostNotAgreed)
        state = RecordingState.CANCELLED if is_stopped else RecordingState.FAILED
        with self._library.transaction("Render stopped", undoable=False):
            self._library.recordings.set_state(recording_id, state, failure=str(error))
        self._planning.forget(script_id)
        if failed:
            failed(error)


def _parameters(row: ScriptRow, request: RenderRequest) -> dict[str, Any]:
    """What made a take: enough to make it again, and to say what it is."""
    return {
        "settings": dict(row.settings),
        "script": row.text,
        "voices": {speaker: request.cast.voice_for(speaker) for speaker in request.script.speakers},
        "delivery": request.delivery.preset.value,
        "loudness": str(LoudnessStandard(request.loudness).in_channels(request.channels)),
        "started_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
