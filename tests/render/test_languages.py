"""Which language a script is spoken in."""

from __future__ import annotations

import pytest

from declaim.model.ids import VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Line
from declaim.model.voice import Cast
from declaim.model.work import CancelToken
from declaim.render import language_of, render
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


def test_words_of_the_language_count_and_the_recogniser_listens_in_it(bench):
    listened_in = []

    class Ear:
        def check(self):
            pass

        def transcribe(self, samples, language):
            listened_in.append(language)
            return "Das Wort."

    request = bench.request("Das JSON.", lexicon=(LexiconEntry("JSON", "Wort", language="de"),), verify=True)
    render(request, bench.voices, bench.cache, CancelToken(), ear=Ear())
    assert bench.engine.spoken == ["Das Wort."]
    assert listened_in == ["de"]
