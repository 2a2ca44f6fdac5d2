"""A spoken line becomes words and silences; sentences are found; nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.model.delivery import Delivery, DeliveryPreset, EmphasisStyle, ExpressionSettings
from declaim.model.spoken import SpokenLine, SpokenPause, SpokenStyle, SpokenText
from declaim.voices.delivery import tune
from declaim.voices.passages import Passage, cut, passages, sentences


def passages_of(*parts, delivery=None):
    return passages(SpokenLine("NARRATOR", "", parts), tune(delivery or Delivery()))


def test_words_of_one_pace_are_joined():
    assert passages_of(SpokenText("Hello"), SpokenText(", world ."), SpokenText("Bye.")) == (Passage("Hello, world. Bye.", 1.0),)


def test_points_after_emphasis_or_a_pause_close_the_words_before():
    items = passages_of(SpokenText("Not", SpokenStyle.EMPHASIS), SpokenPause(100), SpokenText(". Next."))
    assert items == (Passage("Not.", 0.88, is_emphasised=True), SpokenPause(100), Passage("Next.", 1.0))


def test_words_that_go_on_keep_the_melody_up_and_the_last_ones_end():
    items = [item for item in passages_of(SpokenText("One"), SpokenPause(10), SpokenText("two")) if isinstance(item, Passage)]
    assert [item.closed_text for item in items] == ["One,", "two."]


def test_emphasis_by_pauses_keeps_the_pace():
    delivery = Delivery(expression=ExpressionSettings(emphasis_style=EmphasisStyle.PAUSES))
    items = passages_of(SpokenText("a"), SpokenText("b", SpokenStyle.EMPHASIS), delivery=delivery)
    assert items == (Passage("a", 1.0, is_open=True), SpokenPause(90), Passage("b", 1.0, is_emphasised=True))


def test_pauses_follow_the_preset():
    assert passages_of(SpokenPause(100), delivery=Delivery(DeliveryPreset.THEATRICAL)) == (SpokenPause(160),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Ask Dr. Smith. Then J. Jones.", ["Ask Dr. Smith.", "Then J. Jones."]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("Version 2.0.1 is out", ["Version 2.0.1 is out"]),
    ],
)
def test_sentences_are_found(text, expected):
    assert list(sentences(text)) == expected


@pytest.mark.parametrize(("text", "expected"), [("Well… maybe", "Well, maybe"), ("Gone... Next", "Gone. Next"), ("a…b", "a, b")])
def test_dots_of_hesitation_become_a_point_that_can_be_heard(text, expected):
    assert passages_of(SpokenText(text)) == (Passage(expected, 1.0),)


@given(st.text(alphabet="ab ,;:.\u00e9", max_size=400), st.integers(10, 60))
def test_cutting_loses_no_letter_and_keeps_the_limit(text, limit):
    pieces = list(cut(text.strip(), limit))
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text):
    for item in passages_of(SpokenText(text), SpokenText(text, SpokenStyle.EMPHASIS)):
        if isinstance(item, Passage):
            assert list(sentences(item.closed_text))


def test_a_huge_line_is_cut_into_small_pieces():
    for text in ("word " * 4000, "x" * 20_000, "One two. " * 2000):
        assert max(len(sentence) for sentence in sentences(text)) <= 600
