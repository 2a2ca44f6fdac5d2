from __future__ import annotations

import dataclasses

import pytest

from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.ids import VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Chapter, Line, Script
from declaim.model.settings import MusicSettings
from declaim.model.voice import Cast, Voice
from declaim.render import plan_render
from declaim.voices import Layout
from tests.render.conftest import BOB, WORDS, Bench
from tests.support.voices import tone


def plan(bench, *lines, **choices):
    return plan_render(bench.request(*lines, **choices), bench.voices, bench.cache)


def keys(bench, *lines, **choices):
    return [line.key for line in plan(bench, *lines, **choices).lines]


def test_a_fresh_script_has_everything_to_do(bench):
    fresh = plan(bench, "One is here.", "Two is here.")

    assert (fresh.ready_count, fresh.to_render_count) == (0, 2)
    assert fresh.seconds_estimate > 0
    assert fresh.cost_usd == 0


def test_after_a_render_everything_is_ready(bench):
    bench.render("One is here.", "Two is here.")
    after = plan(bench, "One is here.", "Two is here.")

    assert (after.ready_count, after.to_render_count) == (2, 0)


def test_a_moved_line_a_renamed_speaker_and_a_retitled_chapter_stay_ready(bench):
    bench.render(Line("HOST1", "One is here."), Line("HOST2", "Two is here."))
    moved = Script("Other", (Chapter("New", (Line("EVA", "Two is here."),)), Chapter("Newer", (Line("MAX", "One is here."),))))

    assert plan(bench, script=moved).to_render_count == 0


def test_what_is_only_shown_makes_no_other_sound(bench):
    assert keys(bench, "{say:cube control|kubectl} is here.") == keys(bench, "{say:cube control|k8s} is here.")


def test_voice_words_delivery_and_lexicon_make_another_sound(bench):
    line = "The parser is here."
    variants = [
        keys(bench, line),
        keys(bench, line, cast=Cast(BOB)),
        keys(bench, "The parser was here."),
        keys(bench, line, delivery=Delivery(DeliveryPreset.MEASURED)),
        keys(bench, line, delivery=Delivery(pace=1.2)),
        keys(bench, Line("NARRATOR", line, DeliveryPreset.THEATRICAL)),
        keys(bench, line, lexicon=(LexiconEntry("parser", "par sir"),)),
    ]

    assert len({key for (key,) in variants}) == len(variants)


def test_another_version_of_the_engine_makes_another_sound(bench):
    before = keys(bench, WORDS)
    bench.engine.version = "2"

    assert keys(bench, WORDS) != before


def test_a_quiet_line_needs_nothing(bench):
    quiet = plan(bench, "{pause:2s}", "...")

    assert quiet.to_render_count == 0
    assert [line.key for line in quiet.lines] == [None, None]


def test_a_line_of_only_a_sound_goes_to_the_engine(bench):
    assert plan(bench, "{laugh}").lines[0].key is not None


def test_ready_lines_know_their_real_length(bench):
    bench.engine.enqueue(1.5)
    bench.render("Some twenty letters.")

    assert plan(bench, "Some twenty letters.").lines[0].seconds_estimate == pytest.approx(1.5, abs=0.05)


def test_more_workers_are_sooner_done(bench):
    request = bench.request(*(f"Number {n} of many lines is here." for n in range(20)))
    alone = plan_render(dataclasses.replace(request, jobs=1), bench.voices, bench.cache)
    many = plan_render(dataclasses.replace(request, jobs=4), bench.voices, bench.cache)

    assert many.seconds_estimate < alone.seconds_estimate


def test_no_more_lines_are_side_by_side_than_the_engine_takes(bench):
    request = bench.request(*(f"Number {n} of many lines is here." for n in range(20)))
    as_it_likes, many = (
        plan_render(dataclasses.replace(request, jobs=jobs), bench.voices, bench.cache).seconds_estimate for jobs in (None, 64)
    )
    assert many == pytest.approx(as_it_likes)


def test_a_single_line_takes_its_time_on_any_number_of_workers(bench):
    alone, many = (plan(bench, WORDS, jobs=jobs).seconds_estimate for jobs in (1, 2))
    assert many == pytest.approx(alone)


def test_the_same_line_said_often_takes_the_time_of_one(bench):
    once, often = (plan(bench, *[WORDS] * count, jobs=1) for count in (1, 100))
    speaking = [found.seconds_estimate - found.joining_estimate for found in (once, often)]
    assert speaking[0] == pytest.approx(speaking[1])


def test_the_time_counts_speaking_and_making_the_file(bench):
    lines = [f"Number {n} of many lines is here." for n in range(20)]
    mp3, m4b = (plan(bench, *lines, out=bench.folder / name) for name in ("out.mp3", "out.m4b"))
    assert 0 < mp3.joining_estimate < m4b.joining_estimate
    assert m4b.seconds_estimate - mp3.seconds_estimate == pytest.approx(m4b.joining_estimate - mp3.joining_estimate)
    music = MusicSettings(bed=str(bench.folder / "bed.wav"))
    assert plan(bench, *lines, music=music).joining_estimate > plan(bench, *lines).joining_estimate


def test_an_engine_with_no_more_than_is_asked_of_it_is_planned_rendered_and_explained(tmp_path):
    """It does not inherit from ``VoiceEngine``: what it does not say is as there."""

    class Plain:
        name, label, version, layout = "plain", "Plain", "1", Layout()

        def voices(self):
            return [Voice(VoiceId("plain:jane"), "Jane", "plain", "en-GB")]

        def speak(self, request, cancel):
            yield tone(1.0)

        def fingerprint(self, request):
            return {"version": self.version, "text": request.line.text}

    bench = Bench(tmp_path, Plain())
    jane = Cast(VoiceId("plain:jane"))
    bench.voices.wake(["plain:jane"])
    assert plan(bench, WORDS, "And more.", cast=jane).cost_usd == 0
    assert bench.render(WORDS, "And more.", cast=jane).rendered_lines == 2
    assert plan(bench, WORDS, "And more.", cast=jane).ready_count == 2
    bench.voices.close()
