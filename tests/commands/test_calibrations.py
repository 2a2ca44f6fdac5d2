from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import soundfile

from declaim.commands.calibrations import PACE_LIMITS, advice_for
from declaim.errors import AudioError
from declaim.model.calibration import Profile
from declaim.model.clip import Clip
from declaim.scripts import parse_script
from tests.support.speech_sounds import RATE_HZ, speech

GOOD = Profile(40.0, -20.0, -4.0, -70.0, 120.0, 8.0, 4.5)


@pytest.fixture
def sample(tmp_path):
    def write(pace):
        path = tmp_path / f"at-{pace}.wav"
        soundfile.write(path, speech(6, syllables_per_s=pace).astype(np.float32), RATE_HZ)
        return path

    return write


@pytest.fixture
def script_id(studio, project_id):
    return studio.scripts.add(project_id, None, parse_script("[NARRATOR]: Hello.\n"))


def measured(studio, path, name="Me", project_id=None):
    made = []
    studio.calibrations.measure(path, name, project_id, made.append, made.append)
    assert len(made) == 1
    return made[0]


def test_a_sample_is_measured_and_kept_until_it_is_measured_anew(studio, sample):
    first = measured(studio, sample(3.0))
    again = measured(studio, sample(5.0))

    assert again.id == first.id
    assert studio.calibrations.all() == (again,)
    assert again.profile.syllables_per_s == pytest.approx(5, rel=0.1)
    studio.undo()
    assert studio.calibrations.all() == (first,)


def test_a_project_has_its_own_besides_the_users(studio, project_id, sample):
    mine, ours = measured(studio, sample(3.0), "B"), measured(studio, sample(4.0), "A", project_id)

    assert studio.calibrations.all() == (mine,)
    assert studio.calibrations.all(project_id) == (ours, mine)
    studio.calibrations.trash(ours.id)
    assert studio.calibrations.all(project_id) == (mine,)


def test_what_cannot_be_measured_is_told_and_nothing_is_kept(studio, tmp_path):
    (tmp_path / "no.wav").write_bytes(b"nothing")

    assert isinstance(measured(studio, tmp_path / "no.wav"), AudioError)
    assert studio.calibrations.all() == ()


@pytest.mark.parametrize(("own", "wanted", "pace"), [(4.0, 5.0, 1.25), (4.0, 3.4, 0.85), (2.5, 5.0, PACE_LIMITS[1])])
def test_a_script_is_spoken_at_the_pace_of_a_calibration(studio, engine, script_id, sample, own, wanted, pace):
    sound = Clip(speech(14, syllables_per_s=own).astype(np.float32), RATE_HZ)
    engine.enqueue(sound, sound)  # so even a sound is suspect, and asked for twice
    chosen = measured(studio, sample(wanted))
    ended = []
    studio.calibrations.match(script_id, chosen.id, lambda: ended.append(True), ended.append)

    assert ended == [True]
    settings = studio.scripts.settings(script_id)
    assert settings.delivery.pace == pytest.approx(pace, rel=0.08)
    assert settings.calibration_id == chosen.id
    studio.calibrations.match(script_id, None, lambda: None)
    settings = studio.scripts.settings(script_id)
    assert (settings.delivery.pace, settings.calibration_id) == (1.0, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"seconds": 4.0}, "short"),
        ({"true_peak_dbtp": 0.0}, "down by 6 dB"),
        ({"integrated_lufs": -38.0, "noise_floor_db": -90.0}, "up by 15 dB"),
        ({"noise_floor_db": -45.0}, "noise lies at −45 dB, 25 dB under"),
        ({"noise_floor_db": -25.0}, "no pause"),
        ({"syllables_per_s": 6.5}, "fast"),
    ],
)
def test_the_advice_says_what_to_do(changes, said):
    sentences = list(advice_for(dataclasses.replace(GOOD, **changes)))

    assert len(sentences) == bool(said)
    assert said in " ".join(sentences)
