"""A plan says of each stale line what has changed since the file was made."""

from __future__ import annotations

import dataclasses
import json
import os

import pytest

from declaim.errors import Cancelled
from declaim.model.delivery import Delivery, DeliveryPreset, ExpressionSettings
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Line
from declaim.model.spoken import SpokenPause, SpokenSound, SpokenText
from declaim.model.voice import Cast
from declaim.model.work import CancelToken
from declaim.render import LineRecipe, plan_render, plan_with_reasons
from declaim.render.asked import Asked, asked_of, with_asked
from tests.render.conftest import BOB, WORDS, Bench
from tests.support.voices import ScriptedEngine

LINES = [f"This is line number {n}, which stays." for n in range(6)]
NOT_KNOWN = "what has changed is not known any more"


def reasons(bench, *lines, previous=None, **choices) -> dict[int, str]:
    plan = plan_with_reasons(bench.request(*lines, **choices), bench.voices, bench.cache, previous)
    return {line.index: line.reason for line in plan.lines if not line.is_ready}


def key_of(bench, line, **choices):
    return plan_render(bench.request(line, **choices), bench.voices, bench.cache).lines[0].key


class Melodious(ScriptedEngine):
    """Carries the melody over from the lines beside it, and neither laughs nor minds how long a pause between lines is."""

    def fingerprint(self, request):
        delivery = [request.delivery.preset, request.delivery.pace]
        around = [request.previous_text, request.next_text]
        return {
            "version": self.version,
            "voice": request.voice,
            "text": request.line.text,
            "delivery": delivery,
            "around": around,
        }


@pytest.fixture
def melodious(tmp_path):
    return Bench(tmp_path, Melodious())


def test_before_the_first_render_nothing_was_spoken(bench):
    assert set(reasons(bench, *LINES).values()) == {"not spoken yet"}


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_a_changed_line_says_so_and_a_new_one_is_new(bench, kind):
    out = bench.folder / f"out.{kind}"
    bench.render(*LINES, out=out)
    assert reasons(bench, *LINES, out=out) == {}
    changed = ["A new one at the start.", *LINES[:3], "This one has other words.", *LINES[4:]]
    assert reasons(bench, *changed, out=out) == {0: "not spoken yet", 4: "text changed"}


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"cast": Cast(BOB)}, "voice changed"),
        ({"delivery": Delivery(DeliveryPreset.MEASURED)}, "delivery changed"),
        ({"delivery": Delivery(pace=1.2)}, "pace changed"),
        ({"delivery": Delivery(pace=1.2), "is_calibrated": True}, "calibration changed"),
        ({"delivery": Delivery(DeliveryPreset.MEASURED, pace=1.2)}, "delivery and pace changed"),
        ({"lexicon": (LexiconEntry("Two", "too"),)}, "lexicon changed"),
        ({"pronunciation_notes": "Two = too"}, "lexicon changed"),
        ({"cast": Cast(BOB), "delivery": Delivery(DeliveryPreset.MEASURED, pace=1.2)}, "voice, delivery and pace changed"),
        ({"use_cache": False}, "everything is spoken anew"),
    ],
)
def test_a_stale_line_says_what_has_changed(bench, choices, reason):
    bench.render("Two is here.")
    assert reasons(bench, "Two is here.", **choices) == {0: reason}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Two is here.", "Two is there."),
        ("Wait {pause:short} for it.", "Wait {pause:long} for it."),
        ("Look at {emph:every} word.", "Look at every word."),
        ("This is MyApp now.", "This is {slow:MyApp} now."),
        ("Hello {laugh} there.", "Hello there."),
        ("{say:kube control|kubectl} is here.", "{say:cube cuttle|kubectl} is here."),
        ("The two is here.", "The Two is there."),
    ],
)
def test_cues_are_text(bench, before, now):
    lexicon = (LexiconEntry("parser", "par sir"),)
    bench.render(before, lexicon=lexicon)
    assert reasons(bench, now, lexicon=lexicon) == {0: "text changed"}
    assert reasons(bench, now, lexicon=lexicon, cast=Cast(BOB)) == {0: "text and voice changed"}


def test_a_line_with_a_delivery_of_its_own_says_so(bench):
    bench.render(Line("NARRATOR", WORDS))
    assert reasons(bench, Line("NARRATOR", WORDS, DeliveryPreset.THEATRICAL)) == {0: "delivery changed"}


def test_what_is_only_shown_is_no_reason(bench):
    shown, otherwise = "{say:cube control|kubectl} is here.", "{say:cube control|KUBECTL} is here."
    bench.render(shown)
    assert reasons(bench, otherwise) == {}
    measured = Delivery(DeliveryPreset.MEASURED)
    assert reasons(bench, otherwise, delivery=measured) == {0: "delivery changed"}
    assert set(reasons(bench, shown, otherwise, delivery=measured).values()) == {"delivery changed", "not spoken yet"}


def test_twins_that_are_shown_differently_have_the_same_reason(bench):
    twins = ["{say:cube control|kubectl} is here.", "{say:cube control|k8s} is here.", "{say:cube control|kube} is here."]
    bench.render(*twins)
    assert reasons(bench, *twins, cast=Cast(BOB)) == dict.fromkeys(range(3), "voice changed")


def test_what_the_voice_does_not_follow_is_no_reason(melodious):
    melodious.render("Hello there.", delivery=Delivery(pause_scale=1.0))
    assert reasons(melodious, "Hello {laugh} there.", delivery=Delivery(pause_scale=1.5)) == {}
    changed = reasons(melodious, "Hello {laugh} there.", cast=Cast(BOB), delivery=Delivery(pause_scale=1.5))
    assert changed == {0: "voice changed"}


def test_a_calibration_that_is_taken_away_is_told_as_such(bench):
    bench.render(WORDS, delivery=Delivery(pace=1.2), is_calibrated=True)
    assert reasons(bench, WORDS) == {0: "calibration changed"}


def test_another_lexicon_under_changed_words_is_told_as_text(bench):
    bench.render("The parser is here.")
    lexicon = (LexiconEntry("parser", "par sir"),)
    assert reasons(bench, "The parser was here.", lexicon=lexicon) == {0: "text changed"}


def test_a_voice_of_another_language_reads_the_same_text_otherwise(tmp_path):
    bench = Bench(tmp_path, ScriptedEngine(languages={"ada": "en-US", "bob": "de-DE"}))
    lexicon = (LexiconEntry("JSON", "jay-son"), LexiconEntry("JSON", "Wort", language="de"))
    bench.render("The JSON.", lexicon=lexicon)
    assert reasons(bench, "The JSON.", lexicon=lexicon, cast=Cast(BOB)) == {0: "language and voice changed"}


def test_another_engine_is_named_only_where_it_is_another(bench):
    bench.render(WORDS)
    bench.engine.version = "2"
    assert reasons(bench, WORDS) == {0: "the voice's engine changed"}
    assert reasons(bench, "Other words.") == {0: "text and the voice's engine changed"}
    assert reasons(bench, WORDS, cast=Cast(BOB)) == {0: "voice changed"}


def test_a_changed_line_makes_stale_what_is_spoken_towards_it(melodious, bench):
    lines = ["One is here.", "Two is here.", "Three is here.", "Four is here."]
    changed = ["One is here.", "Two was here.", *lines[2:]]
    melodious.render(*lines)
    beside = "the lines beside it changed"
    assert reasons(melodious, *changed) == {0: beside, 1: "text changed", 2: beside}
    melodious.engine.version = "2"
    assert reasons(melodious, *changed)[0] == "the lines beside it and the voice's engine changed"
    bench.render(*lines)
    assert reasons(bench, *changed) == {1: "text changed"}


def test_what_makes_a_difference_only_together_is_told_together(tmp_path):
    class Whispering(ScriptedEngine):
        def fingerprint(self, request):
            whispers = "WHISPER" in repr(request.line) and request.delivery.expression.allow_whispering
            return {"text": request.line.text, "whispers": whispers}

    bench = Bench(tmp_path, Whispering())
    bench.render("{whisper:Listen.}")
    silent = Delivery(expression=ExpressionSettings(allow_whispering=False))
    assert reasons(bench, "Listen.", delivery=silent) == {0: "text and delivery changed"}


def test_lines_are_known_again_by_their_words_where_all_of_them_are_stale(bench):
    bench.render(*LINES)
    changed = ["A new one at the start.", *LINES[:3], "This one has other words.", *LINES[4:]]
    found = reasons(bench, *changed, cast=Cast(BOB))
    assert found == {**dict.fromkeys(range(7), "voice changed"), 0: "not spoken yet", 4: "text and voice changed"}


def test_a_line_whose_audio_was_deleted_says_so(bench):
    bench.render(*LINES)
    bench.cache.path(key_of(bench, LINES[2])).unlink()
    assert reasons(bench, *LINES) == {2: "its audio is gone"}
    assert bench.render(*LINES).rendered_lines == 1


def test_what_was_lost_is_not_guessed(bench):
    bench.render(WORDS)
    key = key_of(bench, WORDS)
    bench.cache.path(key).with_suffix(".measure").unlink()
    assert reasons(bench, "Other words.") == {0: NOT_KNOWN}
    bench.cache.forget(key)
    assert reasons(bench, "Other words.") == {0: NOT_KNOWN}


def test_what_was_lost_is_known_again_after_the_next_render(bench):
    bench.render(WORDS, WORDS)
    bench.cache.path(key_of(bench, WORDS)).with_suffix(".measure").unlink()
    assert bench.render(WORDS, WORDS).rendered_lines == 0
    assert reasons(bench, "Other words.", "Other words.") == dict.fromkeys(range(2), "text changed")


def test_a_file_of_which_nobody_knows_what_it_was_made_of_says_so(bench):
    (bench.folder / "out.wav").write_bytes(b"another program's")
    assert reasons(bench, WORDS) == {0: NOT_KNOWN}


@pytest.mark.parametrize("damage", [{"parts": 3}, {"parts": [["a", "sung", 1.0]]}, {"around": []}, {"delivery": None}])
def test_a_damaged_note_is_no_note(bench, damage):
    bench.render(WORDS)
    key = key_of(bench, WORDS)
    recipe = bench.cache.find(key).recipe
    bench.cache.note(key, dataclasses.replace(recipe, asked={**recipe.asked, **damage}))
    assert "is not known any more" in reasons(bench, "Other words.")[0] or damage == {"delivery": None}


def test_what_a_line_was_asked_for_is_read_as_it_was_written(bench):
    text = "Wait {pause:1s} and {whisper:listen} to {slow:this} {laugh} now."
    request = bench.request(text, delivery=Delivery(DeliveryPreset.THEATRICAL, pace=1.1), is_calibrated=True)
    asked = asked_of(plan_render(request, bench.voices, bench.cache).lines[0])
    assert {type(part) for part in asked.request.line.parts} == {SpokenText, SpokenPause, SpokenSound}
    assert Asked.from_json(json.loads(json.dumps(asked.to_json()))) == asked


class TestALineOfAnEarlierDeclaim:
    """It kept the words, the voice and the delivery, and neither cues nor neighbours."""

    @pytest.fixture(autouse=True)
    def _rendered(self, bench):
        bench.render(WORDS)
        shown_as = {"shown": WORDS, "spoken": WORDS, "voice": "scripted:ada", "delivery": repr(Delivery()), "pace": 1.0}
        recipe = LineRecipe.from_json({**shown_as, "suspicion": "too long", "chunks_ms": [0, 100], "cost_usd": 0.5})
        assert (recipe.suspicion, recipe.chunks_ms, recipe.cost_usd) == ("too long", (0, 100), 0.5)
        bench.cache.note(key_of(bench, WORDS), recipe)

    @pytest.mark.parametrize(
        ("line", "choices", "reason"),
        [
            ("Other words.", {}, "text changed"),
            (WORDS, {"cast": Cast(BOB)}, "voice changed"),
            (WORDS, {"delivery": Delivery(DeliveryPreset.MEASURED, pace=1.1)}, "delivery and pace changed"),
            (WORDS, {"lexicon": (LexiconEntry("parser", "par sir"),)}, "text or lexicon changed"),
            (WORDS.replace("tab", "{emph:tab}"), {}, NOT_KNOWN),
            ("{say:The parser|It}" + WORDS.removeprefix("The parser"), {"cast": Cast(BOB)}, "voice changed"),
        ],
    )
    def test_says_what_is_sure(self, bench, line, choices, reason):
        assert reasons(bench, line, **choices) == {0: reason}

    def test_may_have_kept_the_pace_in_the_delivery(self, bench):
        faster = Delivery(pace=1.2)
        kept = {"shown": WORDS, "spoken": WORDS, "voice": "scripted:ada", "delivery": repr(faster)}
        bench.cache.note(key_of(bench, WORDS), LineRecipe.from_json(kept))
        assert reasons(bench, WORDS, delivery=faster, cast=Cast(BOB)) == {0: "voice changed"}
        assert reasons(bench, WORDS, cast=Cast(BOB)) == {0: "voice and delivery changed"}

    def test_is_as_ready_as_before(self, bench):
        assert reasons(bench, WORDS) == {}

    def test_is_known_wholly_after_the_next_render(self, bench):
        bench.render(WORDS)
        assert reasons(bench, WORDS.replace("tab", "{emph:tab}")) == {0: "text changed"}
        recipe = bench.cache.find(key_of(bench, WORDS)).recipe
        assert (recipe.suspicion, recipe.chunks_ms, recipe.cost_usd) == ("too long", (0, 100), 0.5)

    def test_is_noted_at_once_and_no_longer_when_the_user_stops(self, bench, monkeypatch):
        waited = []
        monkeypatch.setattr(os, "fsync", waited.append)
        plan = plan_render(bench.request(WORDS), bench.voices, bench.cache)
        bench.cancel.cancel()
        with pytest.raises(Cancelled):
            with_asked(plan.lines, bench.cache, bench.cancel)
        assert "parts" not in bench.cache.find(key_of(bench, WORDS)).recipe.asked
        (line,) = with_asked(plan.lines, bench.cache, CancelToken())
        assert line.known == bench.cache.find(line.key)
        assert line.known.recipe.asked == asked_of(line).to_json()
        assert waited == []
