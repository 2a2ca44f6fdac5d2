"""Hearing one line or one voice: at once, while it is spoken, or from the cache."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.commands.planning import Planning
from declaim.commands.render_requests import request_for, request_of
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
    def __init__(self, library: Library, voices: Voices, jobs: Jobs, planning: Planning) -> None:
        self._library, self._voices, self._jobs, self._planning = library, voices, jobs, planning

    def line(self, script_id: ScriptId, index: int, play: Play, failed: Failed | None = None) -> JobId:
        """Speaks one line, or takes it from the cache.

        Raises:
            InputError: for a mistake in the script.
        """
        request = request_of(self._library, script_id, Path("line.wav"))
        return self._hear(f"Speak line {index + 1}", request, index, play, failed)

    def voice(self, voice_id: VoiceId, play: Play, failed: Failed | None = None, delivery: Delivery | None = None) -> JobId:
        """Lets a voice say a sentence."""
        script = Script("", (Chapter("", (Line(NARRATOR, GREETING),)),))
        settings = StudioSettings(cast=Cast(default=voice_id), delivery=delivery or Delivery())
        return self._hear(f"Hear {voice_id}", request_for(script, settings, (), Path("voice.wav")), 0, play, failed)

    def _hear(
        self,
        title: str,
        request: RenderRequest,
        index: int,
        play: Play,
        failed: Failed | None,
    ) -> JobId:
        live = _LiveLine(self._jobs, play)

        def work(cancel: CancelToken, _progress: Progress) -> Path:
            from declaim.render import speak_one

            try:
                return speak_one(request, index, self._voices, self._planning.cache, cancel, on_sound=live.add)
            finally:
                live.end()

        def done(path: Path) -> None:
            if not live.has_begun:
                play(path)

        return self._jobs.start(title, work, done=done, failed=failed, quiet=True)


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
