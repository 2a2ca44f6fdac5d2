from __future__ import annotations

import numpy as np
import pytest

from declaim.audio import measure_sound
from declaim.render.check import suspicion
from declaim.render.pace import PaceBook, speech_length
from tests.support.voices import RATE_HZ

LETTERS = 100.0
NORM = 0.06


def syllables(seconds: float, seed: int = 1, level: float = 0.3) -> np.ndarray:
    """Noise that swells and fades at an uneven pace."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    knots = np.arange(0, seconds + 0.2, 0.1)
    envelope = np.interp(np.arange(count) / RATE_HZ, knots, rng.uniform(0.05, 1, len(knots)))
    return (level * envelope * rng.uniform(-1, 1, count)).astype(np.float32)


def doubt(samples, length=LETTERS, pauses_ms=0, known=True):
    return suspicion([samples], measure_sound(samples, RATE_HZ), length, NORM, pace_is_known=known, pauses_ms=pauses_ms)


def test_an_ordinary_line_is_not_suspect():
    assert doubt(syllables(6.0)) == ""


@pytest.mark.parametrize("seconds", [3.5, 5.0, 8.0, 10.5])
def test_a_pace_that_people_have_is_not_suspect(seconds):
    assert doubt(syllables(seconds)) == ""


def test_a_line_much_too_short_is_suspect():
    assert "words may be missing" in doubt(syllables(2.0))


def test_a_line_much_too_long_is_suspect():
    assert "words may be repeated" in doubt(syllables(15.0))


def test_a_voice_that_is_not_known_yet_gets_more_room():
    assert doubt(syllables(15.0), known=False) == ""


def test_a_pause_that_was_asked_for_is_not_suspect():
    quiet = np.zeros(4 * RATE_HZ, np.float32)
    line = np.concatenate((syllables(3.0), quiet, syllables(3.0, 2)))

    assert doubt(line, pauses_ms=4000) == ""
    assert "silence inside" in doubt(line)


def test_a_line_that_is_hardly_heard_is_suspect():
    assert doubt(syllables(6.0, level=0.002)) == "almost nothing is heard"


def test_a_line_that_clips_is_suspect():
    assert doubt(np.clip(syllables(6.0) * 30, -1, 1)) == "the voice clips"


def test_a_line_whose_end_is_repeated_is_suspect():
    end = syllables(1.2, 7)

    assert doubt(np.concatenate((syllables(4.0), end, end))) == "its end is repeated"


def test_a_pause_before_a_lively_end_is_compared_without_a_warning():
    sound = np.concatenate((syllables(3.0), np.zeros(2 * RATE_HZ, np.float32), syllables(1.2, 7)))

    assert doubt(sound, pauses_ms=2000) == ""


def test_a_short_word_is_not_judged_by_its_length():
    assert doubt(syllables(1.5), length=5.0) == ""


def test_digits_and_spelt_letters_take_longer_than_letters():
    assert speech_length("12345") > speech_length("abcde")
    assert speech_length("HTTP") > speech_length("http")


def test_a_pace_is_learned_and_kept(tmp_path):
    book = PaceBook(tmp_path)
    assert not book.is_known("a:b")
    for _ in range(6):
        book.learn("a:b", 100, 9.0, 0.5)
    book.save()

    kept = PaceBook(tmp_path)
    assert kept.is_known("a:b")
    assert kept.seconds_per_unit("a:b") == pytest.approx(0.09)
    assert kept.work_per_unit("a:b") == pytest.approx(0.005)


@pytest.mark.parametrize("content", ["", "[1]", '{"a": 1}', '{"a": ["x", 1, 1]}'])
def test_a_damaged_pace_file_is_as_none(tmp_path, content):
    (tmp_path / "pace.json").write_text(content)

    assert not PaceBook(tmp_path).is_known("a")
