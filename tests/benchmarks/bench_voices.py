"""How fast the local voices speak, in each layout: ``python tests/benchmarks/bench_voices.py [piper|kokoro]``.

Every row is a process of its own, so that its peak memory is its own. ``× real time`` is seconds of sound per second on the
clock; ``CPU`` is seconds of sound per second of one core, which moves less when the machine is busy with other things.
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

SUBJECTS = ("The editor", "Search", "The import sheet", "Every project", "The command line", "A long recording")
ENDINGS = (
    "keeps every word as you type it, so a crash no longer costs you an afternoon.",
    "is faster.",
    "now says what it will do before it does it, and lets you change your mind.",
    "follows your system setting.",
    "moved into one window; nothing was taken away.",
    "shows the time left, which turned out to be what most of you asked for.",
    "works without a network and without an account.",
    "no longer forgets where you were when the machine went to sleep.",
    "has a new home in the sidebar, next to the things that you use most.",
    "can be undone.",
)
SENTENCES = [f"{subject} {ending}" for ending in ENDINGS for subject in SUBJECTS]
VOICES = {"piper": "piper:joe", "kokoro": "kokoro:jf_alpha"}
LAYOUTS = {
    "piper": ("1 × 1", "1 × all", "N × 1", "N × 1 shared", "engine"),
    "kokoro": ("1 × 1", "1 × all", "N × 1 shared", "engine"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", metavar="|".join(VOICES))
    parser.add_argument("--row", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.row:
        print(json.dumps(measure(arguments.engines[0], arguments.row)))
        return
    heads = ("load s", "first s", "sound s", "× real time", "CPU", "peak MB")
    print(f"{'engine':8}{'sessions × threads':20}" + "".join(f"{head:>12}" for head in heads))
    for engine in arguments.engines or VOICES:
        for layout in LAYOUTS[engine]:
            command = [sys.executable, __file__, engine, "--row", layout]
            row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            figures = "{load:12.2f}{first:12.3f}{sound:12.1f}{realtime:12.1f}{per_cpu:12.1f}{peak_mb:12.0f}".format(**row)
            print(f"{engine:8}{layout:20}{figures}")


def measure(engine: str, layout: str) -> dict[str, float]:
    """One row: loads, speaks one sentence, then all of them, dealt out to the callers of the layout."""
    started = time.perf_counter()
    speak = _engine(engine) if layout == "engine" else _bare(engine, layout)
    loaded = time.perf_counter()
    speak(0, SENTENCES[3])
    first = time.perf_counter() - loaded
    sentences = SENTENCES if engine == "piper" else SENTENCES[::10]
    callers = 1 if layout.startswith("1") or (engine == "kokoro" and layout == "engine") else _cores()
    clock, cpu = time.perf_counter(), time.process_time()
    sound = _deal_out(speak, sentences, callers)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    return {
        "load": loaded - started,
        "first": first,
        "sound": sound,
        "realtime": sound / clock,
        "per_cpu": sound / cpu,
        "peak_mb": _peak_mb(),
    }


def _engine(name: str) -> Callable[[int, str], float]:
    """The engine as Declaim uses it: phonemes, trimming and the gate included."""
    from declaim.model.delivery import Delivery
    from declaim.model.ids import VoiceId
    from declaim.model.spoken import SpokenLine, SpokenText
    from declaim.model.work import CancelToken
    from declaim.voices import SpeechRequest, Voices

    voice = VoiceId(VOICES[name])
    engine = Voices.discover().engine_of(voice)
    engine.prepare(voice)

    def speak(_caller: int, text: str) -> float:
        request = SpeechRequest(voice, SpokenLine("NARRATOR", text, (SpokenText(text),)), Delivery())
        return sum(len(clip.samples) / clip.rate_hz for clip in engine.speak(request, CancelToken()))

    return speak


def _bare(name: str, layout: str) -> Callable[[int, str], float]:
    """Synthesis alone, of phonemes made beforehand."""
    from declaim.model.delivery import Delivery
    from declaim.voices import espeak
    from declaim.voices.delivery import tune

    threads = _cores() if layout == "1 × all" else 1
    count = _cores() if layout == "N × 1" else 1
    models = [_model(name, threads) for _ in range(count)]
    phonemes = {text: "".join(said.phonemes for said in _said(espeak, text)) for text in SENTENCES}
    tuning = tune(Delivery())
    return lambda caller, text: sum(map(len, models[caller % count].say(phonemes[text], 1.0, tuning))) / models[0].rate_hz


def _model(name: str, threads: int):
    from declaim.voices import Layout, kokoro, piper

    if name == "piper":
        return piper._load(piper.JOE, threads)
    engine = kokoro.KokoroEngine()
    engine.arrange(Layout(workers=1, threads=threads))
    return kokoro._KokoroVoice(engine._load(), "jf_alpha")


def _said(espeak, text: str):
    return espeak.utterances(text, "en-us", limit=170, split_clauses=False)


def _deal_out(speak: Callable[[int, str], float], sentences: list[str], callers: int) -> float:
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for sentence in sentences:
        waiting.put(sentence)
    sound = [0.0] * callers

    def work(caller: int) -> None:
        while not waiting.empty():
            try:
                sound[caller] += speak(caller, waiting.get_nowait())
            except queue.Empty:
                return

    threads = [threading.Thread(target=work, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sound)


def _cores() -> int:
    from declaim.voices.onnx import cpu_count

    return cpu_count()


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


if __name__ == "__main__":
    main()
