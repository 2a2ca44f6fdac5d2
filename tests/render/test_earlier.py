"""A WAV file that is rendered again takes over what did not change, and nothing else."""

from __future__ import annotations

import json
import os
from contextlib import closing

import numpy as np
import pytest
import soundfile

from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.render.earlier import find_earlier, keys_written, remember_written

LINES = [f"This is line number {n}, which stays." for n in range(5)]
RATE_HZ = 22_050


def fresh(bench, *lines, **choices) -> bytes:
    """What the same render writes to a file that was not there."""
    return bench.render(*lines, **{**choices, "out": bench.folder / "fresh.wav"}).out.read_bytes()


def test_only_what_changed_is_decoded_again(bench, reads):
    bench.render(*LINES, loudness="none")
    reads.clear()
    changed = [*LINES[:2], "This one is new here, and longer than it was before.", *LINES[3:]]

    data = bench.render(*changed, loudness="none").out.read_bytes()

    assert len(set(reads)) == 1
    assert data == fresh(bench, *changed, loudness="none")


def test_a_moved_and_a_dropped_line_are_taken_over(bench, reads):
    bench.render(*LINES, loudness="none")
    reads.clear()
    data = bench.render(LINES[4], LINES[0], LINES[3], loudness="none").out.read_bytes()
    assert not reads
    assert data == fresh(bench, LINES[4], LINES[0], LINES[3], loudness="none")


@pytest.mark.parametrize("choices", [*({"loudness": name} for name in ("podcast-mono", "none", "acx")), {"rate_hz": 48_000}])
def test_another_sound_is_made_anew(bench, choices):
    bench.render(*LINES)
    data = bench.render(*LINES, **choices).out.read_bytes()
    assert data == fresh(bench, *LINES, **choices)


def test_a_line_spoken_anew_is_not_the_old_sound(bench):
    bench.render(*LINES, loudness="none")
    noise = np.random.default_rng(3).standard_normal(RATE_HZ).astype(np.float32) / 8
    bench.engine.enqueue(Clip(noise, RATE_HZ), text=LINES[2])
    bench.render(*LINES, loudness="none", use_cache=False)
    again = bench.render(*LINES, loudness="none").out.read_bytes()
    assert again == fresh(bench, *LINES, loudness="none")


@pytest.mark.parametrize("change", ["written", "cut off", "taken away"])
def test_a_file_that_someone_changed_is_not_believed(bench, change, reads):
    out = bench.render(*LINES).out
    wanted = out.read_bytes()
    if change == "written":
        soundfile.write(out, np.zeros((len(wanted) - 44) // 4, np.int16).repeat(2).reshape(-1, 2), 44_100)
        assert out.stat().st_size == len(wanted)
    elif change == "cut off":
        os.truncate(out, len(wanted) // 2)
    else:
        out.unlink()
    reads.clear()

    assert bench.render(*LINES).out.read_bytes() == wanted
    assert len(reads) == len(LINES)


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"stamp": [1, 2]}', b'{"stamp": null, "pieces": 3}', b"\xff\xfe"])
def test_a_damaged_note_costs_nothing_but_time(bench, note):
    wanted = bench.render(*LINES).out.read_bytes()
    (kept,) = (bench.folder / "lines" / "written").iterdir()
    kept.write_bytes(note)
    assert bench.render(*LINES).out.read_bytes() == wanted


def test_a_note_that_names_places_outside_the_file_is_not_believed(bench):
    out = bench.render(*LINES).out
    wanted = out.read_bytes()
    (kept,) = (bench.folder / "lines" / "written").iterdir()
    kept.write_text(kept.read_text().replace(", 44, ", f", {len(wanted)}, "))
    assert bench.render(*LINES).out.read_bytes() == wanted


@pytest.mark.parametrize("start", ["-7", "99999999999999999999999", "1e999", "null"])
def test_a_note_with_impossible_places_is_not_believed(bench, start):
    wanted = bench.render(*LINES).out.read_bytes()
    (kept,) = (bench.folder / "lines" / "written").iterdir()
    kept.write_text(kept.read_text().replace(", 44, ", f", {start}, "))
    assert bench.render(*LINES).out.read_bytes() == wanted


def test_a_note_of_another_version_is_not_believed(bench, reads, monkeypatch):
    bench.render(*LINES)
    reads.clear()
    monkeypatch.setattr("declaim.render.earlier._VERSION", 2)
    bench.render(*LINES)
    assert len(reads) == len(LINES)


def test_damage_that_leaves_size_and_time_is_seen(bench, reads):
    """Of the disk, or by a program that sets the time back."""
    out = bench.render(*LINES).out
    wanted, status = out.read_bytes(), out.stat()
    with out.open("rb+") as file:
        file.seek(len(wanted) // 2)
        file.write(b"\1\2\3\4")
    os.utime(out, ns=(status.st_atime_ns, status.st_mtime_ns))
    reads.clear()

    assert bench.render(*LINES).out.read_bytes() == wanted
    assert len(reads) == 1


def test_a_file_that_changes_while_it_is_read_is_not_believed(bench):
    out = bench.render(*LINES).out
    name, _, size, _ = piece = first_piece(bench)
    with closing(find_earlier(bench.folder / "lines", out)) as earlier:
        assert earlier.find(name, size) is not None
        with out.open("rb+") as file:  # behind the piece: it is still as it was, but who knows for how long
            file.seek(-4, os.SEEK_END)
            file.write(b"\1\2\3\4")
        os.utime(out, ns=(1, 1))
        assert earlier.find(name, size) is None, piece


def test_a_file_that_is_replaced_while_it_is_read_is_still_the_old_one(bench):
    if os.name == "nt":
        pytest.skip("an open file cannot be replaced there")
    out = bench.render(*LINES).out
    name, _, size, check = first_piece(bench)
    with closing(find_earlier(bench.folder / "lines", out)) as earlier:
        other = bench.folder / "other.wav"
        other.write_bytes(bytes(out.stat().st_size))
        other.replace(out)
        assert earlier.find(name, size)[1] == check


def first_piece(bench) -> list:
    (kept,) = (bench.folder / "lines" / "written").iterdir()
    return json.loads(kept.read_text())["pieces"][0]


def test_notes_do_not_pile_up(bench):
    lines = bench.folder / "lines"
    for number in range(103):
        remember_written(lines, bench.folder / f"out_{number}.wav", [1, number], [], [LineKey("ab" * 32)])
    assert len(list((lines / "written").iterdir())) == 100
    assert keys_written(lines, bench.folder / "out_102.wav")


def test_of_other_kinds_only_the_lines_are_noted(bench):
    out = bench.render("One.", "{pause:1s}", out=bench.folder / "out.flac").out
    keys = keys_written(bench.folder / "lines", out)
    assert [key is None for key in keys] == [False, True]
    assert bench.cache.has(keys[0])
    assert keys_written(bench.folder / "lines", bench.folder / "other.flac") == ()


@pytest.mark.parametrize("kind", [".wav", ".mp3"])
def test_a_gain_that_would_move_by_a_step_stays_with_what_was_made(bench, reads, kind):
    out = bench.folder / f"out{kind}"
    bench.render(*LINES, out=out)
    copied = moved = 0
    for number in range(6):
        text = f"A line that is new, number {number}."
        noise = np.random.default_rng(number).standard_normal(2 * RATE_HZ).astype(np.float32) * np.float32(0.03 + 0.012 * number)
        bench.engine.enqueue(Clip(noise, RATE_HZ), text=text)
        reads.clear()
        result = bench.render(*LINES, text, out=out)
        assert abs(result.integrated_lufs + 16) <= 0.11
        copied += len(set(reads)) == 1
        if len(set(reads)) == 1:
            moved += (
                result.integrated_lufs != bench.render(*LINES, text, out=bench.folder / f"fresh_{number}.wav").integrated_lufs
            )
    assert moved
