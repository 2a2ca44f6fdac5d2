"""Which words of a line a recogniser did not hear; without the recogniser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.model.script import Line
from declaim.speech import Speech
from declaim.speech.listening import reason_of, unheard

SPEECH = Speech()


def missing(text: str, heard: str) -> tuple[str, ...]:
    return unheard(SPEECH.speak_line(Line("NARRATOR", text)), heard, SPEECH)


@pytest.mark.parametrize(
    ("text", "heard", "words"),
    [
        ("The kubectl plugin no longer hangs.", "The plug-in no longer hangs.", ("kubectl",)),
        ("Dark mode is here and search is faster.", "Dark mode is here.", ("search", "faster")),
        ("The installer keeps every file.", "", ("installer", "keeps", "every", "file")),
        ("It opens faster, saves sooner and closes at once.", "It opens faster and closes at once.", ("saves", "sooner")),
        ("{say:kube control|kubectl} hangs.", "It hangs.", ("kubectl",)),
    ],
)
def test_words_that_were_not_heard_are_named_as_they_are_shown(text, heard, words):
    assert missing(text, heard) == words


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("The parser is faster.", "The parcer is faster."),
        ("The kubectl plugin no longer hangs.", "The cube control plug-in no longer hangs."),
        ("The kubectl plugin no longer hangs.", "The kubectl plugin no longer hangs"),
        ("It is 30% faster in build 445.", "It is thirty percent faster and build four hundred forty-five."),
        ("It returns 404.", "It returns four hundred and four."),
        ("Version 2.0.1 fixes CVE-2024-1234.", "Version 2.0.1 fixes CVE 2024 1234."),
        ("Their colour follows the system's.", "There color follows the systems"),
        ("Run `npm install` now.", "Run NPM install now."),
        ("Naïve users read the café's menu.", "Naive users read the cafes menu."),
        ("Two hosts write to two people.", "To hosts right to too people."),
        ("MyApp has WebSockets.", "My app has web sockets."),
        ("A line with an end in it.", "Line with the end and it"),
        ("...", ""),
    ],
)
def test_other_spellings_of_the_same_sounds_are_no_alarm(text, heard):
    assert missing(text, heard) == ()


WORDS = st.lists(
    st.sampled_from(
        ("dark", "mode", "opens", "every", "window", "faster", "build", "seven", "plugin", "kubectl", "MyApp", "2.0")
    ),
    max_size=12,
)


@given(WORDS)
def test_a_line_that_was_heard_word_for_word_lacks_nothing(words):
    text = " ".join(words) + "."
    assert missing(text, text) == ()
    assert missing(text, SPEECH.spoken_text(text)) == ()


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_heard_breaks_the_comparison(text, heard):
    line = SPEECH.speak_line(Line("NARRATOR", text.replace("{", "")))
    assert len(unheard(line, heard, SPEECH)) <= len(line.text)


def test_the_reason_names_a_few_and_counts_the_rest():
    assert reason_of(()) == ""
    assert reason_of(("kubectl",)) == "not heard: kubectl"
    assert reason_of(tuple("abcdef")) == "not heard: a, b, c, d and 2 more"
