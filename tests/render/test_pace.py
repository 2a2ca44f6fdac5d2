"""What is learned of each voice on this machine."""

from __future__ import annotations

import json

import pytest

from declaim.model.ids import VoiceId
from declaim.render.pace import PaceBook

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
