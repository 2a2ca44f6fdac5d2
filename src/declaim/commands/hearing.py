"""Hearing one line or one voice: at once, while it is spoken, or from the cache."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.commands.line_results import LineResults
from declaim.commands.outcomes import Outcomes
from declaim.commands.planning import Planning
from declaim.commands.render_requests import request_for, request_of
from declaim.commands.spending import keep_spend
from declaim.errors import CostNotAgreed
from declaim.jobs import Jobs
from declaim.model.delivery import Delivery
from declaim.model.ids import JobId, ScriptId, VoiceId
from declaim.model.script import NARRATOR, Chapter, Line, Script
from declaim.model.settings import StudioSettings
from declaim.model.voice import Cast
from declaim.model.work import CancelToken, Progress
from declaim.storage import Library
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.audio.sound_sources import GrowingSource, SoundSource
    from declaim.model.clip import Clip
    from declaim.render import RenderRequest

GREETING = "Hello. This is how I sound when I read your release notes."
Play = Callable[["Path | SoundSource"], None]
"""Called once, on the main thread, as soon as there is something to be heard: the file of a line that was ready, else a source
that grows while the line is spoken."""
Failed = Callable[[Exception], None]


class Hearing:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs, planning: Planning, results: LineResults) -> None:
        self._library, self._voices, self._jobs = library, voices, jobs
        self._planning, self._results = planning, results
        self._told: set[tuple[ScriptId, int]] = set()
        """Lines that would cost more than the user's limit: whoever asks again agrees."""

    def line(self, script_id: ScriptId, index: int, play: Play, failed: Failed | None = None) -> JobId:
        """Speaks one line, or takes it from the cache. What becomes of it counts as in a render; what costs more than the user's
        limit fails with ``CostNotAgreed`` when it is asked for first.

        Raises:
            InputError: for a mistake in the script.
        """
        request = request_of(self._library, script_id, Path("line.wav"))
        ids = self._results.ids_of(script_id, request.script)
        outcomes = Outcomes(self._jobs, lambda found: self._results.keep(script_id, ids, found))
        is_agreed = (script_id, index) in self._told
        self._told.discard((script_id, index))

        def fail(error: Exception) -> None:
            if isinstance(error, CostNotAgreed):
                self._told.add((script_id, index))
                error.cure = "Play it again to agree to it, or raise the limit in Settings."
            if failed is not None:
                failed(error)

        limit_usd = None if is_agreed else self._planning.confirm_above_usd
        return self._hear(f"Speak line {index + 1}", request, index, outcomes, play, fail, limit_usd)

    def voice(self, voice_id: VoiceId, play: Play, failed: Failed | None = None, delivery: Delivery | None = None) -> JobId:
        """Lets a voice say a sentence; where that costs something, whoever asks was told so."""
        script = Script("", (Chapter("", (Line(NARRATOR, GREETING),)),))
        settings = StudioSettings(cast=Cast(default=voice_id), delivery=delivery or Delivery())
        outcomes = Outcomes(self._jobs, lambda found: keep_spend(self._library, found))
        return self._hear(f"Hear {voice_id}", request_for(script, settings, (), Path("voice.wav")), 0, outcomes, play, failed)

    def _hear(
        self,
        title: str,
        request: RenderRequest,
        index: int,
        outcomes: Outcomes,
        play: Play,
        failed: Failed | None,
        limit_usd: float | None = None,
    ) -> JobId:
        live = _LiveLine(self._jobs, play)

        def work(cancel: CancelToken, _progress: Progress) -> Path:
            from declaim.render import speak_one

            try:
                return speak_one(
                    request, index, self._voices, self._planning.cache, cancel,
                    on_line=outcomes.add, on_sound=live.add, limit_usd=limit_usd,
                )  # fmt: skip
            finally:
                live.end()

        def done(path: Path) -> None:
            outcomes.hand_over()
            if not live.has_begun:
                play(path)

        def fail(error: Exception) -> None:
            outcomes.hand_over()
            if failed is not None:
                failed(error)

        return self._jobs.start(title, work, done=done, failed=fail, quiet=True)


class _LiveLine:
    """What is heard of a line while it is spoken. ``add`` and ``end`` are for any thread."""

    def __init__(self, jobs: Jobs, play: Play) -> None:
        self._jobs, self._play = jobs, play
        self._lock = threading.Lock()
        self._source: GrowingSource | None = None

    @property
    def has_begun(self) -> bool:
        return self._source is not None

    def add(self, clip: Clip) -> None:
        from declaim.audio.sound_sources import GrowingSource

        with self._lock:
            if self._source is not None:
                self._source.add(clip)
                return
            source = self._source = GrowingSource(clip.rate_hz)
            source.add(clip)
        self._jobs.post(lambda: self._play(source))

    def end(self) -> None:
        if self._source is not None:
            self._source.complete()
