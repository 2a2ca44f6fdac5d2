from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from declaim.export import Told, format_srt, format_vtt, texts_beside
from declaim.model.library import LineTiming

LONG = "The parser no longer stops at a tab. It says where it was, and what it expected instead of the tab."


def test_a_card_has_two_lines_of_32_characters():
    cards = format_srt([LineTiming(0, 8000, "HOST1", LONG)]).strip().split("\n\n")

    rows = [card.split("\n")[2:] for card in cards]
    assert all(1 <= len(card) <= 2 for card in rows)
    assert all(len(row) <= 32 for card in rows for row in card)
    assert " ".join(row for card in rows for row in card) == LONG


def test_no_card_is_left_with_a_single_word():
    text = "It was released on November 20th, 2026, and here's what's in it."

    cards = format_srt([LineTiming(0, 4000, "HOST1", text)]).strip().split("\n\n")

    assert [" ".join(card.split("\n")[2:]) for card in cards] == [
        "It was released on November 20th,",
        "2026, and here's what's in it.",
    ]


def test_a_new_speaker_gets_a_new_card():
    srt = format_srt([LineTiming(0, 1000, "HOST1", "Yes."), LineTiming(1200, 2000, "HOST2", "No.")])

    assert srt == "1\n00:00:00,000 --> 00:00:01,000\nYes.\n\n2\n00:00:01,200 --> 00:00:02,000\nNo.\n"


def test_a_sentence_starts_when_the_voice_began_it():
    timing = LineTiming(1000, 6000, "HOST1", '"Short one." Here is another one.', sentence_starts_ms=(1000, 4321))

    assert '00:00:01,000 --> 00:00:04,321\n"Short one."\n' in format_srt([timing])
    assert "00:00:04,321 --> 00:00:06,000\nHere is another one.\n" in format_srt([timing])


def test_sentences_of_the_voice_that_are_not_those_shown_are_left_out_of_account():
    timing = LineTiming(0, 6000, "HOST1", "Only one sentence.", sentence_starts_ms=(0, 3000, 4000))

    assert format_srt([timing]).count("-->") == 1


def test_webvtt_names_the_speaker_and_keeps_lines_short():
    vtt = format_vtt([LineTiming(0, 8000, "HOST1", LONG), LineTiming(8000, 9000, "HOST2", "a < b & c")])

    assert vtt.startswith("WEBVTT\n\n")
    assert vtt.count("<v HOST1>") >= 1
    assert "<v HOST2>a &lt; b &amp; c" in vtt
    assert all(len(row) <= 65 for row in vtt.split("\n"))


def test_a_line_that_is_only_quiet_has_no_card():
    assert "-->" not in format_srt([LineTiming(500, 500, "HOST1", "")])
    assert "-->" not in format_vtt([LineTiming(500, 500, "HOST1", "🚀")])


@given(st.lists(st.tuples(st.text(alphabet="ab .!?", max_size=200), st.integers(1, 9000)), max_size=8))
def test_cards_follow_each_other_and_lose_no_word(lines):
    at, timings = 0, []
    for text, length in lines:
        timings.append(LineTiming(at, at + length, "HOST1", " ".join(text.split())))
        at += length
    srt = texts_beside(("srt",), Told("", tuple(timings), at))[".srt"]

    stamps = [int(h) * 3600000 + int(m) * 60000 + int(s) * 1000 + int(ms)
              for h, m, s, ms in re.findall(r"(\d\d):(\d\d):(\d\d),(\d\d\d)", srt)]  # fmt: skip
    assert stamps == sorted(stamps)
    shown = [row for block in srt.strip().split("\n\n") for row in block.split("\n")[2:]]
    assert "".join("".join(shown).split()) == "".join("".join(timing.shown.split()) for timing in timings)
