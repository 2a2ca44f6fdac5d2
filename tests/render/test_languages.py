"""Which language a script is spoken in."""

from __future__ import annotations

import pytest

from declaim.model.ids import VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Line
from declaim.model.voice import Cast
from declaim.model.work import CancelToken
from declaim.render import language_of, plan_render, render
from declaim.voices import Voices
from tests.render.conftest import ADA, BOB, script_of
from tests.support.voices import ScriptedEngine


@pytest.fixture
def engine():
    return ScriptedEngine(voices=("ada", "bob", "eve"), languages={"ada": "de-DE", "eve": ""})


@pytest.mark.parametrize(
    ("cast", "language"),
    [
        (Cast(ADA), "de"),
        (Cast(BOB), "en"),
        (Cast(BOB, {"A": ADA}), "de"),
        (Cast(ADA, {"A": VoiceId("scripted:eve"), "B": BOB}), "en"),
        (Cast(VoiceId("scripted:eve")), "en"),
        (Cast(VoiceId("gone:voice"), {"B": ADA}), "de"),
    ],
)
def test_it_is_that_of_most_lines_whose_voice_has_one(engine, cast, language):
    script = script_of(Line("A", "One."), Line("A", "Two."), Line("B", "Three."))
    assert language_of(script, cast, Voices([engine])) == language


class Ear:
    """Hears what it is told to, and keeps in which language it was asked."""

    def __init__(self, hears):
        self.hears, self.asked = hears, []

    def check(self):
        pass

    def transcribe(self, samples, language):
        self.asked.append(language)
        return self.hears


JSON_IN_GERMAN = (LexiconEntry("JSON", "Wort", language="de"),)


def test_words_of_the_language_count_and_the_recogniser_listens_in_it(bench):
    ear = Ear("Das Wort.")
    request = bench.request("Das JSON.", lexicon=JSON_IN_GERMAN, verify=True)
    render(request, bench.voices, bench.cache, CancelToken(), ear=ear)
    assert bench.engine.spoken == ["Das Wort."]
    assert ear.asked == ["de"]


def two_hosts(bench, *lines, **choices):
    return bench.request(*lines, cast=Cast(BOB, {"A": ADA}), lexicon=JSON_IN_GERMAN, **choices)


def test_each_host_is_spoken_for_and_listened_to_in_the_language_of_their_voice(bench):
    ear = Ear("")
    request = two_hosts(bench, Line("A", "Das JSON."), Line("B", "The JSON."), verify=True)
    render(request, bench.voices, bench.cache, CancelToken(), ear=ear)
    german, english = sorted(bench.engine.spoken)
    assert german == "Das Wort."
    assert english.startswith("The ")
    assert "Wort" not in english
    assert ear.asked == ["de", "en"]


def test_a_line_more_of_one_host_makes_none_of_the_other_stale(bench):
    lines = [Line("A", "Das JSON."), Line("B", "The JSON."), Line("B", "It is here.")]
    render(two_hosts(bench, *lines), bench.voices, bench.cache, CancelToken())
    more = two_hosts(bench, *lines, Line("A", "Noch eines."), Line("A", "Und eines."))
    assert [line.is_ready for line in plan_render(more, bench.voices, bench.cache).lines] == [True] * 3 + [False] * 2
