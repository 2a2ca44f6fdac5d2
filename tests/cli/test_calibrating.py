from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from declaim.cli.group import declaim
from tests.support.speech_sounds import RATE_HZ, speech


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "me.wav"
    soundfile.write(path, speech(6).astype(np.float32), RATE_HZ)
    return path


def run(tmp_path, *arguments):
    return CliRunner().invoke(declaim, ["--library", str(tmp_path / "library"), "calibrate", *map(str, arguments)])


def test_a_sample_is_measured(tmp_path, sample):
    said = json.loads(run(tmp_path, sample, "--name", "Desk", "--project", "Radio", "--json").stdout)

    assert said["name"] == "Desk"
    assert said["pitch_hz"] == pytest.approx(120, rel=0.02)
    assert said["syllables_per_s"] == pytest.approx(4, rel=0.1)
    assert {"seconds", "integrated_lufs", "true_peak_dbtp", "noise_floor_db", "advice"} <= set(said)
    assert "short" in run(tmp_path, sample, "--name", "Desk").stdout


def test_what_is_no_speech_is_told_in_one_line(tmp_path):
    soundfile.write(tmp_path / "hiss.wav", np.random.default_rng(1).standard_normal(3 * RATE_HZ).clip(-1, 1) / 4, RATE_HZ)
    ended = run(tmp_path, tmp_path / "hiss.wav", "--name", "Desk")

    assert ended.exit_code == 1
    assert "Nobody speaks in 'hiss.wav'." in ended.stderr
