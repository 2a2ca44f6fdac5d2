from __future__ import annotations

from itertools import pairwise

import pytest

from declaim.errors import InputError
from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.pauses import PAUSES, Pauses, PauseSettings, pauses_of
from declaim.model.script import Chapter, Line, Script
from declaim.model.spoken import SpokenLine, SpokenPause, SpokenSound, SpokenText, VocalSound
from declaim.render.pauses import pause_after, without_edges

TABLE = Pauses(sentence_ms=400, question_ms=500, open_ms=200, trailing_ms=600, speaker_ms=450, chapter_ms=1000)


def pause(text, speaker_changes=False, chapter_ends=False, scale=1.0):
    delivery = Delivery(pause_scale=scale)
    return pause_after(text, speaker_changes=speaker_changes, chapter_ends=chapter_ends, delivery=delivery, pauses=TABLE)


@pytest.mark.parametrize(
    ("text", "expected_ms"),
    [
        ("Done.", 400), ("Done!", 400), ('"Done."', 400), ("Done?", 500), ("Done…", 600), ("Done...", 600),
        ("Done,", 200), ("Done:", 200), ("Done", 200),
    ],
)  # fmt: skip
def test_a_pause_follows_the_punctuation(text, expected_ms):
    assert pause(text) == expected_ms


def test_a_change_of_speaker_and_of_chapter_take_at_least_their_time():
    assert pause("Done", speaker_changes=True) == 450
    assert pause("Done?", speaker_changes=True) == 500
    assert pause("Done.", chapter_ends=True) == 1000


def test_the_delivery_scales_pauses():
    assert pause("Done.", scale=1.5) == 600


def test_every_preset_has_pauses_and_measured_ones_are_longer():
    assert set(PAUSES) == set(DeliveryPreset)
    assert PAUSES[DeliveryPreset.MEASURED].sentence_ms > PAUSES[DeliveryPreset.DYNAMIC].sentence_ms


def test_pauses_are_heard(bench):
    script = Script("T", (Chapter("One", (Line("A", "One is here."), Line("A", "Two is here."))),
                          Chapter("Two", (Line("A", "Three is here."),))))  # fmt: skip
    timings = bench.render(script=script, pauses=PauseSettings(sentence_ms=400, chapter_ms=1000)).timings
    gaps = [after.start_ms - before.end_ms for before, after in pairwise(timings)]

    assert gaps == [pytest.approx(400, abs=20), pytest.approx(1000, abs=20)]


def test_pauses_at_the_edges_of_a_line_are_taken_off():
    parts = (SpokenPause(300), SpokenText(" "), SpokenText("Hello"), SpokenPause(100), SpokenText("you."), SpokenPause(700))
    edged = without_edges(SpokenLine("A", "Hello you.", parts))

    assert (edged.before_ms, edged.after_ms) == (300, 700)
    assert edged.line.parts == parts[2:5]
    assert not edged.is_silent


@pytest.mark.parametrize("parts", [(), (SpokenPause(300),), (SpokenText("…"),), (SpokenText("-"), SpokenPause(1))])
def test_a_line_without_letters_is_silent(parts):
    assert without_edges(SpokenLine("A", "", parts)).is_silent


def test_a_sound_is_not_silent():
    assert not without_edges(SpokenLine("A", "", (SpokenSound(VocalSound.LAUGH),))).is_silent


def test_what_is_not_chosen_is_as_the_delivery_has_it():
    chosen = pauses_of(DeliveryPreset.MEASURED, PauseSettings(chapter_ms=0))

    assert chosen.chapter_ms == 0
    assert chosen.sentence_ms == PAUSES[DeliveryPreset.MEASURED].sentence_ms


@pytest.mark.parametrize("pause_ms", [-2, 10_001])
def test_a_pause_that_is_none_is_refused(pause_ms):
    with pytest.raises(InputError, match="chapter"):
        PauseSettings(chapter_ms=pause_ms)
