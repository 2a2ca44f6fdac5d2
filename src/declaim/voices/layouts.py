"""Which layout of an engine is the fastest on this machine: measured once, kept with the settings.

A layout is how many lines are spoken at once and how many threads each of them has. All of them make the same sound; which one
is fastest depends on the model and on the processor. A measure holds for one version of the engine and one number of cores.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from declaim.model.delivery import Delivery
from declaim.model.ids import VoiceId
from declaim.model.spoken import SpokenLine, SpokenText
from declaim.model.work import CancelToken
from declaim.voices.access import Access
from declaim.voices.engine import Layout, SpeechRequest, VoiceEngine
from declaim.voices.onnx import cpu_count

FILE = "layouts.json"
MEASURED_S = 2.5
"""For each layout."""
WORTH_A_CHANGE = 1.05
"""Another layout than the engine's own must be that much faster."""
SENTENCES = (
    "The editor keeps every word as you type it, so a crash no longer costs you an afternoon.",
    "Search is faster.",
    "The import sheet now says what it will do before it does it.",
    "Every project follows your system setting.",
)


def known_layouts(own: Layout) -> tuple[Layout, ...]:
    """The engine's own and what else the cores allow: all in one line, one for each line, and in between."""
    cores = cpu_count()
    others = (Layout(cores, 1), Layout(1, cores), *((Layout(cores // 2, 2),) if cores >= 4 else ()))
    return (own, *(layout for layout in dict.fromkeys(others) if layout != own))


def kept_layout(access: Access, engine: VoiceEngine, own: Layout) -> Layout:
    """The fastest one that was measured, or the engine's own."""
    speeds = measured_speeds(access, engine)
    best = max(speeds, key=lambda layout: speeds[layout], default=own)
    return best if best in known_layouts(own) and speeds.get(best, 0.0) > WORTH_A_CHANGE * speeds.get(own, 0.0) else own


def measured_speeds(access: Access, engine: VoiceEngine) -> Mapping[Layout, float]:
    """Seconds of sound in a second, of each layout; empty where this version was not measured on so many cores."""
    plain = access.recall(FILE).get(engine.name)
    if not isinstance(plain, Mapping) or (plain.get("version"), plain.get("cores")) != (engine.version, cpu_count()):
        return {}
    try:
        return {Layout(int(one["workers"]), int(one["threads"])): float(one["speed"]) for one in plain["measured"]}
    except (LookupError, TypeError, ValueError):
        return {}


def keep_speeds(access: Access, engine: VoiceEngine, speeds: Mapping[Layout, float]) -> None:
    """
    Raises:
        OSError: where the disk refuses.
    """
    measured = [{"workers": each.workers, "threads": each.threads, "speed": round(speed, 2)} for each, speed in speeds.items()]
    own: dict[str, Any] = {"version": engine.version, "cores": cpu_count(), "measured": measured}
    access.remember(FILE, {**access.recall(FILE), engine.name: own})


def measure_layouts(
    make_engine: Callable[[], Any], voice: VoiceId, cancel: CancelToken, seconds: float = MEASURED_S
) -> dict[Layout, float]:
    """Speaks for ``seconds`` in each layout, each time with an engine of its own. Blocks.

    Raises:
        VoiceError: where the voice cannot speak.
        Cancelled: when the user asked to stop.
    """
    speeds = {}
    for layout in known_layouts(make_engine().layout):
        engine = make_engine()
        engine.arrange(layout)
        cancel.check()
        engine.prepare(voice)
        _speak(engine, voice, SENTENCES[1], cancel)  # the first run of a model is slower
        speeds[layout] = _speed(engine, voice, cancel, seconds)
    return speeds


def _speed(engine: VoiceEngine, voice: VoiceId, cancel: CancelToken, seconds: float) -> float:
    texts, lock = cycle(SENTENCES), threading.Lock()
    started = time.monotonic()
    spoken: list[float] = []
    failures: list[Exception] = []

    def work() -> None:
        try:
            while time.monotonic() - started < seconds:
                with lock:
                    text = next(texts)
                spoken.append(_speak(engine, voice, text, cancel))
        except Exception as error:  # noqa: BLE001 - raised again in the thread that asked
            failures.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(engine.layout.workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(spoken) / (time.monotonic() - started)


def _speak(engine: VoiceEngine, voice: VoiceId, text: str, cancel: CancelToken) -> float:
    """Seconds of sound."""
    request = SpeechRequest(voice, SpokenLine("", "", (SpokenText(text),)), Delivery())
    return sum(len(clip.samples) / clip.rate_hz for clip in engine.speak(request, cancel))


def measurable(engines: Sequence[VoiceEngine]) -> Iterator[VoiceEngine]:
    """Those that compute here and can be arranged in more than one way."""
    for engine in engines:
        if engine.key_name is None and hasattr(engine, "arrange") and len(known_layouts(engine.layout)) > 1:
            yield engine
