"""The presets as numbers."""

from __future__ import annotations

from declaim.model.delivery import Delivery, DeliveryPreset, EmotionalRange, ExpressionSettings
from declaim.voices.delivery import PRESETS, tune


def test_every_preset_has_its_numbers():
    assert set(PRESETS) == set(DeliveryPreset)


def test_dynamic_is_the_voice_as_it_is():
    tuning = tune(Delivery())
    assert (tuning.pace, tuning.pause_scale, tuning.colour, tuning.rhythm, tuning.contrast) == (1.0, 1.0, 1.0, 1.0, 0.0)


def test_a_subtle_range_takes_variation_back_and_a_full_one_adds():
    def contrast(emotional_range):
        expression = ExpressionSettings(emotional_range=emotional_range)
        return tune(Delivery(DeliveryPreset.THEATRICAL, expression)).contrast

    assert contrast(EmotionalRange.SUBTLE) < contrast(EmotionalRange.MODERATE) < contrast(EmotionalRange.FULL)


def test_theatrical_lingers_on_short_sentences_and_hurries_long_ones():
    tuning = tune(Delivery(DeliveryPreset.THEATRICAL))
    assert tuning.pace_of(1.0, 10) < 1.0 < tuning.pace_of(1.0, 150)


def test_an_extreme_pace_stays_followable():
    assert tune(Delivery(pace=100)).pace_of(100.0, 60) == 2.5
