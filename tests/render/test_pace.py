"""What is learned of each voice on this machine."""

from __future__ import annotations

import json

import pytest

from declaim.model.ids import VoiceId
from declaim.render.pace import JoiningLength, PaceBook

ADA = VoiceId("scripted:ada")


def test_pace_and_loudness_are_kept(tmp_path):
    book = PaceBook(tmp_path)
    book.learn(ADA, 100, 6.0, 0.2, -20.0)
    book.learn(ADA, 100, 6.0, 0.2, -22.0)
    book.save()
    again = PaceBook(tmp_path)
    assert again.seconds_per_unit(ADA) == pytest.approx(0.06)
    assert again.loudness(ADA) == pytest.approx(-21, abs=0.6)


def test_a_line_of_silence_says_nothing_of_the_loudness(tmp_path):
    book = PaceBook(tmp_path)
    book.learn(ADA, 100, 6.0, 0.2)
    assert book.loudness(ADA) is None


def test_a_book_of_before_there_was_loudness_is_read(tmp_path):
    (tmp_path / "pace.json").write_text(json.dumps({ADA: [0.07, 0.004, 9]}))
    book = PaceBook(tmp_path)
    assert book.is_known(ADA)
    assert book.loudness(ADA) is None


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": ["x", 1, 1]}', '{"a": [1, 1, 1, "x"]}'])
def test_a_damaged_book_is_begun_anew(tmp_path, text):
    (tmp_path / "pace.json").write_text(text)
    assert not PaceBook(tmp_path).is_known(ADA)


def test_what_a_file_takes_is_learned_by_its_kind(tmp_path):
    book = PaceBook(tmp_path)
    opus = JoiningLength(".opus", 100.0, 0.0, is_mixed=False)
    before = book.joining_s(opus)
    assert before > book.joining_s(JoiningLength(".wav", 100.0, 0.0, is_mixed=False))
    book.learn_joining(opus, 7.0)

    again = PaceBook(tmp_path)
    assert again.joining_s(opus) == pytest.approx(7.0)
    assert again.joining_s(JoiningLength(".opus", 100.0, 0.0, is_mixed=True)) != pytest.approx(7.0), "music is another matter"
    assert not again.is_known(VoiceId(".opus"))


def test_lines_that_were_in_the_file_cost_little_and_teach_nothing(tmp_path):
    book = PaceBook(tmp_path)
    ready, spoken = (JoiningLength(".mp3", *seconds, is_mixed=False) for seconds in ((0.0, 600.0), (600.0, 0.0)))
    assert book.joining_s(ready) < book.joining_s(spoken) / 10
    book.learn_joining(ready, 500.0)
    assert not list(tmp_path.iterdir())
