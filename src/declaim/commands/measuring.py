"""How this machine speaks fastest with each engine: measured once, after the first render, and kept for the next start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from declaim.jobs import Jobs
from declaim.model.ids import VoiceId
from declaim.model.wording import counted
from declaim.model.work import NO_PROGRESS, CancelToken, Progress
from declaim.voices import Access, Layout, Voices

_REST_S = 5.0
"""After a render its take is read, drawn and perhaps played: what is measured waits for that to be over."""


class Measuring:
    """Main thread; the measuring itself is a job."""

    def __init__(self, voices: Voices, jobs: Jobs) -> None:
        self._voices, self._jobs = voices, jobs
        self._asked: set[str] = set()

    def after_render(self, voice_ids: Iterable[VoiceId]) -> None:
        """Measures the engines of these voices that never were, when the render that used them is over."""
        for voice_id in voice_ids:
            engine = voice_id.partition(":")[0]
            if engine not in self._asked and unmeasured(self._voices, voice_id):
                self._jobs.start(f"Measure {engine}", _work_for(voice_id), failed=lambda _error: None, quiet=True)
            self._asked.add(engine)


def unmeasured(voices: Voices, voice_id: VoiceId) -> bool:
    from declaim.voices.layouts import known_layouts, measurable, measured_speeds

    engine = voices.engine_of(voice_id)
    is_open = any(measurable([engine])) and voices.find(voice_id).ready
    return is_open and not set(known_layouts(engine.layout)) <= set(measured_speeds(Access(), engine))


def measure(voice_id: VoiceId, cancel: CancelToken) -> dict[Layout, float]:
    """Measures the engine of a voice now and keeps the answer. Blocks for some seconds.

    Raises:
        VoiceError: where the voice cannot speak.
        Cancelled: when the user asked to stop.
        OSError: where the disk refuses.
    """
    from declaim.voices.layouts import keep_speeds, measure_layouts

    speeds = measure_layouts(lambda: Voices.discover().engine_of(voice_id), voice_id, cancel)
    keep_speeds(Access(), Voices.discover().engine_of(voice_id), speeds)
    return speeds


def measure_all(voices: Voices, cancel: CancelToken, progress: Progress = NO_PROGRESS) -> None:
    """Every engine that can be arranged in more than one way, with its first voice that is ready."""
    from declaim.voices.layouts import measurable

    engines = [
        (engine, next((voice.id for voice in engine.voices() if voice.ready), None)) for engine in measurable(voices.engines)
    ]
    for number, (engine, voice_id) in enumerate(engines):
        progress.update(number, len(engines), f"Measuring {engine.label}")
        if voice_id is not None:
            measure(voice_id, cancel)


def layouts_in_words(voices: Voices) -> dict[str, str]:
    """For each engine that can be arranged: what is used, and what was measured, fastest first."""
    from declaim.voices.layouts import measurable, measured_speeds

    found = {}
    for engine in measurable(voices.engines):
        speeds = sorted(measured_speeds(Access(), engine).items(), key=lambda pair: -pair[1])
        measured = "; ".join(f"{_words(layout)}: {speed:.1f} × real time" for layout, speed in speeds)
        found[engine.label] = f"{_words(engine.layout)} ({measured or 'not measured yet'})"
    return found


def _words(layout: Layout) -> str:
    lines, threads = counted(layout.workers, "line"), counted(layout.threads, "thread")
    return f"{lines} at once on {threads}{' each' if layout.workers > 1 else ''}"


def _work_for(voice_id: VoiceId) -> Callable[[CancelToken, Progress], object]:
    def work(cancel: CancelToken, _progress: Progress) -> None:
        cancel.wait(_REST_S)
        if not _is_busy():
            measure(voice_id, cancel)

    return work


def _is_busy() -> bool:
    """Whether the machine works for others: what is measured now would be kept for good. A render alone keeps each core busy."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > 1.6 * (os.cpu_count() or 1)
