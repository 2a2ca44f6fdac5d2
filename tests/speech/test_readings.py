"""Written technical English, and how it must be heard: the table of cases, plain prose, and what holds for any text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.model.cue import CueError
from declaim.speech import Speech
from tests.support.readings import SAMPLES, SIGN, reading, table

SPEECH = Speech()
ANOTHER = Speech()


def heard(text):
    """What is said; a near miss of a cue is the one thing that may be refused."""
    try:
        return SPEECH.spoken_text(text)
    except CueError:
        return ""


def test_every_case_of_the_table_is_read_as_accepted():
    cases = table("spoken_cases.tsv")
    wrong = {
        written: (said, accepted)
        for written, accepted in cases
        if reading(said := SPEECH.spoken_text(written)) not in accepted or SIGN.search(said)
    }
    assert len(cases) >= 300
    assert not wrong


def test_plain_prose_comes_out_letter_for_letter():
    lines = (SAMPLES / "spoken_prose.txt").read_text("utf-8").splitlines()
    changed = {line: said for line in lines if (said := SPEECH.spoken_text(line)) != line.strip()}
    assert len(lines) >= 150
    assert not changed


@pytest.mark.parametrize("number", [2, 13, 40, 512, 1999, 2026])
def test_a_number_in_a_sentence_stays(number):
    sentence = f"There were {number} of them, or {number} more."
    assert SPEECH.spoken_text(sentence) == sentence


def test_only_credits_references_hashes_and_footnotes_lose_figures():
    silent = ["Faster (#1234)", "Faster by @user99", "Faster (a1b2c3d)", "Faster[12]", "[docs](https://x.io/123)"]
    assert not [text for text in silent if re.search(r"\d", SPEECH.spoken_text(text))]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.sampled_from([" ", ", ", " and ", "; ", " or "]))
def test_no_number_of_a_list_is_lost(numbers, separator):
    said = reading(SPEECH.spoken_text("Of " + separator.join(map(str, numbers)) + " in all"))
    assert said == reading("Of " + separator.join(map(str, numbers)) + " in all")


TECHNICAL = st.lists(
    st.sampled_from(
        ["v2.0.0", "(#12)", "`a_b()`", "--flag=1", "~/x.py", "by @me", "a1b2c3d", ">=", "3", "1.5", "ms", "->", "https://a.io/b",
         "$5", "C++", "GET /x/{id}", "**", "_", "<b>", "&amp;", "[1]", "🚀", "e.g.", "Ctrl+C", "404", "2026-01-15", ",", "(", "]",
         "\\", "`"]
    ),
    max_size=12,
).map(" ".join)  # fmt: skip


@given(st.one_of(st.text(max_size=300), TECHNICAL))
def test_any_text_is_read_and_does_not_grow_without_bound(text):
    said = heard(text)
    assert len(said) <= 60 + 16 * len(text)


@given(TECHNICAL)
def test_technical_text_leaves_no_sign_behind(text):
    assert not SIGN.search(heard(text))


@given(TECHNICAL)
def test_the_same_text_is_always_read_the_same(text):
    assert heard(text) == ANOTHER.spoken_text(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1.",
        "1-",
        "#1",
        "a_",
        "a/",
        "(",
        "[a](",
        "` ",
        "*a ",
        "--a",
        "https://",
        "<!--",
        ">=1.0,",
        "a1",
        "$1",
        "\0",
        "שלום ",
        "🚀",
        "{a} ",
    ],
)
def test_a_very_long_line_takes_bounded_time(piece):
    line = piece * (20_000 // len(piece))
    began = time.process_time()
    heard(line)
    assert time.process_time() - began < 4


def test_null_bytes_and_marks_of_direction_are_never_spoken():
    assert SPEECH.spoken_text("a\0b\x07c\u200bd\ufeff") == "a b cd"
    assert SPEECH.spoken_text("\u05e9\u05dc\u05d5\u05dd v2.0.0") == "\u05e9\u05dc\u05d5\u05dd version two point oh"
