from __future__ import annotations

import os
import threading

import numpy as np
import pytest

from declaim.audio import measure_sound
from declaim.model.clip import Clip
from declaim.model.ids import LineKey
from declaim.render import LineCache, LineRecipe
from declaim.render.cache import LineDamaged
from tests.support.voices import tone

KEY = LineKey("ab" * 32)


@pytest.fixture
def cache(tmp_path):
    return LineCache(tmp_path / "lines")


def again(cache):
    """Another program looking at the same folder."""
    return LineCache(cache.folder)


def keep(cache, clip, recipe=None, key=KEY):
    return cache.write(key, [clip.samples], measure_sound(clip.samples, clip.rate_hz), recipe)


def test_a_line_lies_under_the_first_two_letters_of_its_key(cache):
    keep(cache, tone(0.5))

    assert cache.path(KEY) == cache.folder / "ab" / f"{KEY}.flac"
    assert cache.path(KEY).is_file()


def test_what_is_written_is_read(cache):
    clip = tone(0.5)
    kept = keep(cache, clip, LineRecipe(chunks_ms=(0, 200), asked={"voice": "a:b"}))

    assert np.abs(again(cache).read(KEY).samples - clip.samples).max() < 1 / 32000
    assert again(cache).find(KEY) == kept
    assert again(cache).find(KEY).recipe.chunks_ms == (0, 200)
    assert kept.duration_ms == 500
    assert np.array_equal(again(cache).measure(KEY).peak, measure_sound(clip.samples, clip.rate_hz).peak)


def test_what_is_not_there_is_not_ready(cache):
    assert not cache.has(KEY)
    assert cache.find(KEY) is None
    with pytest.raises(LineDamaged):
        cache.read(KEY)
    with pytest.raises(LineDamaged):
        cache.measure(KEY)


def test_a_lost_measure_is_made_again(cache):
    keep(cache, tone(0.5))
    cache.path(KEY).with_suffix(".measure").unlink()

    assert again(cache).has(KEY)
    assert cache.path(KEY).with_suffix(".measure").is_file()


@pytest.mark.parametrize("damage", [b"", b"junk", b"DLM1" + bytes(40)])
def test_a_damaged_measure_is_made_again(cache, damage):
    keep(cache, tone(0.5))
    cache.path(KEY).with_suffix(".measure").write_bytes(damage)

    assert again(cache).find(KEY).duration_ms == 500


def test_a_cut_off_line_is_not_ready_and_taken_away(cache):
    keep(cache, tone(0.5))
    os.truncate(cache.path(KEY), cache.path(KEY).stat().st_size - 100)

    assert not cache.has(KEY)
    assert not cache.path(KEY).exists()


def test_a_line_deleted_behind_our_back_is_not_ready(cache):
    keep(cache, tone(0.5))
    assert cache.has(KEY)
    cache.path(KEY).unlink()

    assert not cache.has(KEY)


def test_a_line_written_anew_by_another_program_is_seen(cache):
    keep(cache, tone(0.5))
    assert cache.find(KEY).duration_ms == 500
    keep(again(cache), tone(0.8, "other"))

    assert cache.find(KEY).duration_ms == 800


def test_junk_under_a_lines_name_is_not_ready(cache):
    cache.path(KEY).parent.mkdir(parents=True)
    cache.path(KEY).write_bytes(b"not a flac")

    assert not cache.has(KEY)


def test_a_full_disk_leaves_no_half_line(cache, monkeypatch):
    import soundfile

    def full(*_args, **_choices):
        raise soundfile.LibsndfileError(2)

    monkeypatch.setattr(soundfile.SoundFile, "write", full)
    with pytest.raises(OSError, match="cannot write"):
        keep(cache, tone(0.5))

    assert not cache.has(KEY)
    assert list(cache.folder.rglob("*.flac")) == []


def test_a_line_and_what_is_known_of_it_are_on_the_disk_before_it_has_its_name(cache, monkeypatch):
    on_disk, fsync = set(), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (fsync(handle), on_disk.add(os.fstat(handle).st_ino)))
    keep(cache, tone(0.5))
    assert on_disk >= {cache.path(KEY).with_suffix(suffix).stat().st_ino for suffix in (".flac", ".measure")}
    cache.note(KEY, LineRecipe(heard="A word."))
    assert cache.path(KEY).with_suffix(".measure").stat().st_ino in on_disk


def test_a_line_that_gets_no_name_leaves_nothing_behind(cache):
    cache.path(KEY).mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        keep(cache, tone(0.5))
    assert [path.name for path in cache.path(KEY).parent.iterdir()] == [cache.path(KEY).name]


def test_loud_sound_is_clipped_not_wrapped(cache):
    keep(cache, Clip(np.array([0.0, 2.0, -2.0, 0.0] * 100, np.float32), 22_050))

    assert cache.read(KEY).samples.max() == pytest.approx(1.0, abs=1e-3)
    assert cache.read(KEY).samples.min() == pytest.approx(-1.0, abs=1e-3)


def test_an_encoding_is_kept_with_the_one_before_it(cache):
    keep(cache, tone(0.5))
    for number in range(4):
        cache.keep_piece(KEY, f"e{number}", bytes([number]) * 100)

    assert [cache.piece(KEY, f"e{number}") for number in range(4)] == [None, None, b"\2" * 100, b"\3" * 100]


def test_a_damaged_encoding_is_no_encoding(cache):
    keep(cache, tone(0.5))
    cache.keep_piece(KEY, "e", b"x" * 100)
    path = next(cache.folder.rglob("*.mp3piece"))
    path.write_bytes(path.read_bytes()[:-1] + b"y")

    assert cache.piece(KEY, "e") is None


def test_a_line_spoken_anew_forgets_its_encodings(cache):
    keep(cache, tone(0.5))
    cache.keep_piece(KEY, "e", b"x" * 100)
    keep(cache, tone(0.6))

    assert cache.piece(KEY, "e") is None


def test_memory_of_the_measures_is_bounded(cache, monkeypatch):
    monkeypatch.setattr("declaim.render.cache._REMEMBERED_BYTES", 5000)
    for number in range(20):
        keep(cache, tone(1.0), key=LineKey(f"{number:064}"))

    assert cache._remembered_bytes <= 5000
    assert all(cache.find(LineKey(f"{number:064}")).duration_ms == 1000 for number in range(20))


def test_what_is_forgotten_takes_no_memory(cache, monkeypatch):
    monkeypatch.setattr("declaim.render.cache._REMEMBERED_BYTES", 5000)
    for number in range(20):
        keep(cache, tone(1.0), key=LineKey(f"{number:064}"))
        cache.forget(LineKey(f"{number:064}"))
    keep(cache, tone(1.0))
    cache.path(KEY).with_suffix(".measure").unlink()

    assert cache._remembered_bytes == cache.measure(KEY).size_bytes
    assert not cache.path(KEY).with_suffix(".measure").exists()


def test_many_threads_may_write_and_look(cache):
    failures = []

    def work(number):
        for turn in range(10):
            keep(cache, tone(0.2, str(number)))
            found = cache.find(KEY)
            if found is None or found.frames != 4410:
                failures.append((number, turn))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_leftovers_of_a_kill_are_taken_away_and_work_in_hand_is_not(cache):
    keep(cache, tone(0.5))
    old, new = cache.path(KEY).with_name(".old-x1.flac"), cache.path(KEY).with_name(".new-x2.part")
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))

    assert cache.remove_leftovers() == 1
    assert (old.exists(), new.exists(), cache.has(KEY)) == (False, True, True)
