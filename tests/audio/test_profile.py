from __future__ import annotations

import numpy as np
import pytest
import soundfile

from declaim.audio.profile import measure_profile
from declaim.errors import AudioError
from tests.support.speech_sounds import RATE_HZ, speech


@pytest.fixture
def sample(tmp_path):
    def write(samples):
        path = tmp_path / "sample.wav"
        soundfile.write(path, samples.astype(np.float32), RATE_HZ)
        return path

    return write


@pytest.mark.parametrize(("pitch_hz", "pace"), [(95.0, 3.0), (120.0, 4.0), (210.0, 5.0)])
def test_pitch_and_pace_are_those_of_the_sample(sample, pitch_hz, pace):
    profile = measure_profile(sample(speech(8, pitch_hz=pitch_hz, syllables_per_s=pace)))

    assert profile.pitch_hz == pytest.approx(pitch_hz, rel=0.02)
    assert profile.syllables_per_s == pytest.approx(pace, rel=0.08)
    assert profile.pitch_range_semitones < 0.5
    assert profile.seconds == 8


def test_a_pause_is_no_slower_speech(sample):
    whole = measure_profile(sample(speech(8)))
    paused = measure_profile(sample(speech(8, pause=(3.0, 6.0))))

    assert paused.syllables_per_s == pytest.approx(whole.syllables_per_s, rel=0.1)


def test_the_noise_floor_is_that_of_the_quietest_half_second(sample):
    profile = measure_profile(sample(speech(6, pause=(2.0, 4.0), noise=10 ** (-50 / 20))))

    assert profile.noise_floor_db == pytest.approx(-50, abs=1)


@pytest.mark.parametrize(
    "samples",
    [
        0.1 * np.random.default_rng(1).standard_normal(5 * RATE_HZ),
        0.1 * np.sin(np.arange(5 * RATE_HZ) / 10),
        np.zeros(5 * RATE_HZ),
        speech(0.2),
    ],
    ids=["noise", "tone", "silence", "too short"],
)
def test_what_is_no_speech_is_refused(sample, samples):
    with pytest.raises(AudioError):
        measure_profile(sample(samples))
