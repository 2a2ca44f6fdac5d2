"""A line of any length: the sound is that of one piece, memory does not grow with it, and nothing is left where it ends early."""

from __future__ import annotations

import itertools
import os
import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest
import soundfile

from declaim.errors import Cancelled
from declaim.model.clip import Clip
from declaim.model.script import Line
from declaim.model.settings import MusicSettings
from declaim.model.voice import Cast
from declaim.render import LinesFailed, render
from declaim.render.cache import LineCache
from tests.render.conftest import ADA, BOB, WORDS
from tests.support.speech_sounds import speech
from tests.support.voices import RATE_HZ, ScriptedEngine, tone

LONG = f"{WORDS} And then it goes on."
PIECE = RATE_HZ // 3


class LongWinded(ScriptedEngine):
    """Speaks in pieces of a third of a second, with peaks that keep a limiter busy; ``spoiled`` come in place of some."""

    is_random = False

    def __init__(self) -> None:
        super().__init__()
        self.spoiled: dict[int, Clip | Exception] = {}

    def speak(self, request, cancel):
        for clip in super().speak(request, cancel):
            seed = len(request.line.text)
            sound = speech(len(clip.samples) / RATE_HZ, pitch_hz=90.0 + seed % 50).astype(np.float32)
            sound[np.random.default_rng(seed).integers(0, len(sound), 20)] = 0.9
            for number, at in enumerate(range(0, len(sound), PIECE)):
                spoiled = self.spoiled.get(number, Clip(sound[at : at + PIECE], RATE_HZ, goes_on=at > 0))
                if isinstance(spoiled, Exception):
                    raise spoiled
                yield spoiled


@pytest.fixture
def engine():
    return LongWinded()


@pytest.fixture
def in_parts(monkeypatch):
    """Makes a line of some seconds a long one."""

    def shorten():
        for module in ("audio.clips", "audio.measure", "audio.spool"):
            monkeypatch.setattr(f"declaim.{module}.BLOCK_S", 1)
        for module in ("render.sinks", "render.programme"):
            monkeypatch.setattr(f"declaim.{module}.LONG_S", 2)
        monkeypatch.setattr("declaim.audio.spool._IN_MEMORY_BYTES", 50_000)

    return shorten


@contextmanager
def full_disk(at_bytes):
    """No file may grow beyond that."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def leftovers(bench):
    return [path.name for path in bench.folder.rglob(".*")]


KINDS = {"wav": {}, "flac": {"loudness": "podcast-mono"}, "mp3": {}, "mp3 mono": {"channels": 1}, "mp3 vbr": {"vbr": 4},
         "mp3 none": {"loudness": "none"}, "wav 48": {"rate_hz": 48_000}}  # fmt: skip


HEAD = 208
"""Of an MP3: the table for seeking is finer for a line in parts."""


@pytest.mark.parametrize("kind", KINDS)
def test_in_parts_it_makes_the_same_file(bench, in_parts, kind):
    lines, out = ("One is here.", LONG, "Three is here."), bench.folder / f"out.{kind.split()[0]}"
    whole = bench.render(*lines, out=out, **KINDS[kind])
    data, flacs = out.read_bytes(), {path: path.read_bytes() for path in bench.cache.folder.rglob("*.flac")}
    out.unlink()
    in_parts()
    for path in bench.cache.folder.rglob("*.mp3piece"):
        path.unlink()
    result = bench.render(*lines, out=out, use_cache=False, **KINDS[kind])

    assert out.read_bytes()[HEAD:] == data[HEAD:]
    assert {path: path.read_bytes() for path in bench.cache.folder.rglob("*.flac")} == flacs
    assert result.timings == whole.timings
    assert (result.integrated_lufs, result.true_peak_dbtp) == (whole.integrated_lufs, whole.true_peak_dbtp)
    assert result.peaks == whole.peaks


@pytest.mark.parametrize("choices", [{"music": True}, {"spread_percent": 40}, {"loudness": "acx"}], ids=["bed", "hosts", "acx"])
def test_with_all_else_too(bench, in_parts, choices):
    if choices.pop("music", False):
        soundfile.write(bench.folder / "bed.wav", np.stack([tone(3.0, rate_hz=44_100).samples] * 2, axis=1), 44_100)
        choices = {"music": MusicSettings(bed=str(bench.folder / "bed.wav"))}
    lines = [Line("HOST1", LONG), Line("HOST2", "Two is here.")]
    sounds = []
    for _ in range(2):
        bench.render(*lines, cast=Cast(ADA, {"HOST2": BOB}), **choices)
        sounds.append(soundfile.read(bench.folder / "out.wav", dtype="int16")[0].astype(int))
        (bench.folder / "out.wav").unlink()
        in_parts()

    assert np.abs(sounds[0] - sounds[1]).max() <= 1


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_what_was_written_before_is_not_made_again(bench, in_parts, reads, kind):
    in_parts()
    out = bench.folder / f"out.{kind}"
    data = bench.render("One is here.", LONG, out=out).out.read_bytes()
    reads.clear()

    assert bench.render("One is here.", LONG, out=out).out.read_bytes() == data
    assert not reads
    assert leftovers(bench) == []


def test_one_harmed_part_of_a_wav_is_made_again(bench, in_parts, reads):
    in_parts()
    out = bench.render(LONG).out
    data, times = out.read_bytes(), out.stat()
    with out.open("r+b") as file:
        file.seek(len(data) // 2)
        file.write(b"harmed")
    os.utime(out, ns=(times.st_atime_ns, times.st_mtime_ns))
    reads.clear()

    assert bench.render(LONG).out.read_bytes() == data
    assert len(reads) == 1


def test_a_harmed_encoding_is_made_again(bench, in_parts):
    in_parts()
    data = bench.render(LONG, out=bench.folder / "out.mp3").out.read_bytes()
    (piece,) = bench.cache.folder.rglob("*.mp3piece")
    piece.write_bytes(piece.read_bytes()[:-9] + b"much harm")

    assert bench.render(LONG, out=bench.folder / "out.mp3").out.read_bytes() == data


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_audio_that_turns_out_cut_off_is_spoken_anew(bench, in_parts, kind):
    in_parts()
    bench.render(LONG, out=bench.folder / "first.wav")
    (flac,) = bench.cache.folder.rglob("*.flac")
    data = bytearray(flac.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    flac.write_bytes(data)

    result = bench.render(LONG, out=bench.folder / f"out.{kind}")
    assert len(bench.engine.history) == 2
    assert result.duration_ms > 5_000


NOISE = np.random.default_rng(5).standard_normal(PIECE).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (Clip(np.where(NOISE > 2, np.nan, NOISE), RATE_HZ), "broken"),
        (Clip(NOISE, 3), "impossible rate"),
        (OSError(28, "No space left on device"), "No space left"),
    ],
    ids=["nan", "no rate", "full disk"],
)
def test_a_bad_piece_in_the_middle_fails_the_line_and_leaves_nothing(bench, in_parts, sound, words):
    in_parts()
    bench.engine.spoiled[12] = sound
    with pytest.raises(LinesFailed, match=words):
        bench.render(LONG)

    assert not any(bench.cache.folder.rglob("*.flac"))
    assert leftovers(bench) == []


def test_a_rate_that_changes_in_the_middle_is_that_of_the_beginning(bench, in_parts):
    plain = bench.render(LONG, out=bench.folder / "plain.wav")
    in_parts()
    bench.engine.spoiled[12] = Clip(np.repeat(NOISE / 9, 2), 2 * RATE_HZ)
    result = bench.render(LONG, use_cache=False)

    assert result.duration_ms == plain.duration_ms


def test_cancel_in_the_middle_of_speaking_leaves_nothing(bench, in_parts):
    in_parts()
    heard = itertools.count()
    with pytest.raises(Cancelled):
        render(
            bench.request(LONG), bench.voices, bench.cache, bench.cancel,
            on_sound=lambda *_: next(heard) == 12 and bench.cancel.cancel(),
        )  # fmt: skip

    assert not any(bench.cache.folder.rglob("*.flac"))
    assert leftovers(bench) == []


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_cancel_in_the_middle_of_writing_keeps_the_old_file(bench, in_parts, monkeypatch, kind):
    in_parts()
    out = bench.folder / f"out.{kind}"
    out.write_bytes(b"old")
    blocks = LineCache.blocks

    def cancelled(self, key):
        for number, block in enumerate(blocks(self, key)):
            if number == 3:
                bench.cancel.cancel()
            yield block

    monkeypatch.setattr(LineCache, "blocks", cancelled)
    with pytest.raises(Cancelled):
        bench.render(LONG, out=out)

    assert out.read_bytes() == b"old"
    assert not any(bench.cache.folder.rglob("*.mp3piece"))
    assert leftovers(bench) == []


@pytest.mark.parametrize("at_bytes", [200_000, 600_000])
def test_a_disk_that_gets_full_keeps_the_old_take(bench, in_parts, at_bytes):
    """The one while the line is spoken, the other when it goes into the file."""
    in_parts()
    bench.render("One is here.")
    data, kept = (bench.folder / "out.wav").read_bytes(), set(bench.cache.folder.rglob("*.flac"))
    if at_bytes > 500_000:
        bench.render(LONG, out=bench.folder / "spoken.flac")
    with full_disk(at_bytes), pytest.raises(Exception, match="Free some space"):
        bench.render(LONG)

    assert (bench.folder / "out.wav").read_bytes() == data
    assert kept <= set(bench.cache.folder.rglob("*.flac"))
    assert leftovers(bench) == []


def test_an_encoding_that_the_disk_refuses_is_only_not_kept(bench, in_parts):
    bench.render("One is here.")
    (flac,) = bench.cache.folder.rglob("*.flac")
    parts = [(bytes([number]) * 50_000, number) for number in range(9)]
    with full_disk(120_000):
        assert list(bench.cache.keeping_piece(flac.stem, "e", parts)) == parts

    assert bench.cache.piece(flac.stem, "e") is None
    assert leftovers(bench) == []


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_memory_does_not_grow_with_the_line(bench, in_parts, kind):
    """Half a minute is 3 MB in one piece, and is there several times over where it is held whole."""
    in_parts()
    peaks = []
    for seconds in (5, 35):
        text, piece = f"It takes {seconds} seconds.", speech(5.0).astype(np.float32)
        bench.engine = ScriptedEngine()
        bench.engine.enqueue((Clip(piece, RATE_HZ) for _ in range(seconds // 5)), text=text)
        bench.engine.is_random = False
        tracemalloc.start()
        bench.render(text, out=bench.folder / f"out.{kind}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] - peaks[0] < 300_000
