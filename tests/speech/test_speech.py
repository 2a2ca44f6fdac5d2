"""Lines with cues become parts; the shown text never has a respelling."""

from __future__ import annotations

import pytest

from declaim.model.cue import CueError
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.model.script import Line
from declaim.model.spoken import SpokenPause, SpokenSound, SpokenStyle, SpokenText, VocalSound
from declaim.speech import Speech


def parts(text, **options):
    return Speech(**options).speak_line(Line("NARRATOR", text)).parts


def test_pauses_and_sounds_stand_between_the_words():
    assert parts("Hello. {pause:short} Bye. {laugh}") == (
        SpokenText("Hello."),
        SpokenPause(250),
        SpokenText("Bye."),
        SpokenSound(VocalSound.LAUGH),
    )


def test_emphasis_whisper_slow_and_fast_become_styles_and_paces():
    assert parts("{emph:every} {whisper:quiet} {slow:one two} {fast:three}") == (
        SpokenText("every", SpokenStyle.EMPHASIS),
        SpokenText("quiet", SpokenStyle.WHISPER),
        SpokenText("one two", pace=0.8),
        SpokenText("three", pace=1.25),
    )


def test_a_sentence_sign_stays_with_the_words_before_it():
    assert parts("Now {emph:really}, yes") == (
        SpokenText("Now"),
        SpokenText("really,", SpokenStyle.EMPHASIS),
        SpokenText("yes"),
    )


def test_say_and_spell_run_on_with_the_words_around_them():
    assert parts("The {say:kube control|kubectl} plugin, by {spell:API}.") == (SpokenText("The kube control plugin, by A P I."),)


def test_what_say_gives_is_not_touched_by_any_rule():
    assert parts("{say:JSON v2.0.0 & C++|x}") == (SpokenText("JSON v2.0.0 & C++"),)


def test_rules_reach_into_the_words_of_a_cue():
    assert parts("{emph:v2.0.0}")[0] == SpokenText("version two point oh", SpokenStyle.EMPHASIS)


def test_a_reference_before_a_closing_pause_is_at_the_lines_end():
    assert parts("Dark mode by @octocat {pause:long}")[0] == SpokenText("Dark mode")


def test_a_near_miss_of_a_cue_is_an_error():
    with pytest.raises(CueError):
        parts("{puase:short} no")


def test_captions_show_the_written_word_without_mark_up():
    line = Speech([LexiconEntry("kubectl", "kube control")]).speak_line(
        Line("HOST1", "Run `kubectl` **now** {pause:long} see [docs](https://x.io) in {say:version two|v2.0.0} {emph:today}.")
    )
    assert line.speaker == "HOST1"
    assert line.shown == "Run kubectl now see docs in v2.0.0 today."
    assert line.text == "Run kube control now see docs in version two today."


def test_escaped_braces_are_words():
    assert Speech().spoken_text(r"A \{pause:short} here") == "A pause short here"


def test_the_projects_entry_beats_the_users_and_the_users_the_built_in():
    user = LexiconEntry("JSON", "user's", scope=LexiconScope.USER)
    project = LexiconEntry("JSON", "project's", scope=LexiconScope.PROJECT)
    assert Speech().spoken_text("JSON") == "jason"
    assert Speech([user]).spoken_text("JSON") == "user's"
    assert Speech([project, user]).spoken_text("JSON") == "project's"


def test_pronunciation_notes_beat_every_lexicon():
    project = LexiconEntry("SQL", "project's", scope=LexiconScope.PROJECT)
    assert Speech([project], pronunciation_notes="say SQL as sequel").spoken_text("SQL") == "sequel"


def test_an_entry_in_another_language_is_not_used():
    assert Speech([LexiconEntry("JSON", "x", language="de")]).spoken_text("JSON") == "jason"


def test_a_language_without_rules_of_its_own_still_speaks():
    assert Speech(language="xx").spoken_text("v2.0.0") == "version two point oh"


def test_a_language_without_rules_of_its_own_has_the_english_words_under_its_own():
    words = [LexiconEntry("JSON", "Jäson", language="de"), LexiconEntry("JSON", "user's"), LexiconEntry("YAML", "user's")]
    assert Speech(words, "de-DE").spoken_text("JSON, YAML, kubectl") == "Jäson, user's, kube control"
