from __future__ import annotations

import numpy as np
import pytest
import soundfile

from declaim.audio import Peaks, SoundMeasure, measure_sound, peaks_of_file
from declaim.audio.peaks import GrowingPeaks
from declaim.errors import AudioError

RATE_HZ = 22_050


def ramp(seconds=2.0):
    return np.linspace(0, 0.9, round(seconds * RATE_HZ), dtype=np.float32) * np.sign(
        np.sin(np.arange(round(seconds * RATE_HZ)))
    ).astype(np.float32)


def test_peaks_of_a_file_follow_its_sound(tmp_path):
    soundfile.write(tmp_path / "x.wav", ramp(), RATE_HZ)
    peaks = peaks_of_file(tmp_path / "x.wav")
    columns = peaks.columns(0, peaks.duration_ms, 10)

    assert peaks.duration_ms == pytest.approx(2000, abs=20)
    assert [high for _, high in columns] == pytest.approx(list(np.linspace(0.09, 0.9, 10)), abs=0.02)
    assert [low for low, _ in columns] == pytest.approx([-high for _, high in columns], abs=0.02)


def test_peaks_are_kept_in_a_small_file():
    peaks = Peaks(100, np.array([[-5, 7], [-127, 127]], np.int8))
    data = peaks.to_bytes()

    assert len(data) == 6 + 4
    assert np.array_equal(Peaks.from_bytes(data).values, peaks.values)


@pytest.mark.parametrize("data", [b"", b"DPK", b"nonsense", b"DPK1\x00\x00\x01"])
def test_a_damaged_peaks_file_draws_nothing(data):
    assert len(Peaks.from_bytes(data).values) == 0


def test_columns_beyond_the_ends_are_silent():
    peaks = Peaks(100, np.full((100, 2), 100, np.int8))

    assert peaks.columns(-1000, 0, 4) == [(0.0, 0.0)] * 4
    assert peaks.columns(5000, 6000, 4) == [(0.0, 0.0)] * 4


def test_many_columns_for_few_points_repeat_them():
    peaks = Peaks(100, np.array([[-10, 10], [-20, 20]], np.int8))

    assert [round(high * 127) for _, high in peaks.columns(0, 20, 4)] == [10, 10, 20, 20]


def test_a_file_that_is_no_audio_has_no_peaks(tmp_path):
    (tmp_path / "x.wav").write_bytes(b"x")

    with pytest.raises(AudioError):
        peaks_of_file(tmp_path / "x.wav")


def test_a_measure_is_kept_in_bytes():
    measure = measure_sound(ramp(), RATE_HZ)
    again = SoundMeasure.from_bytes(measure.to_bytes())

    assert (again.rate_hz, again.frames, again.duration_ms) == (RATE_HZ, 2 * RATE_HZ, 2000)
    for name in ("weighted", "power", "peak", "low", "high"):
        assert np.array_equal(getattr(again, name), getattr(measure, name))


def test_a_damaged_measure_is_refused():
    data = bytearray(measure_sound(ramp(), RATE_HZ).to_bytes())
    data[100] ^= 1

    with pytest.raises(ValueError, match="damaged"):
        SoundMeasure.from_bytes(bytes(data))


@pytest.mark.parametrize("count", [1, 219, 220, 221, 5000])
def test_a_sound_of_any_length_is_measured(count):
    measure = measure_sound(ramp()[-count:], RATE_HZ)

    assert len(measure.power) == max(1, -(-count * 100 // RATE_HZ))
    assert measure.power.sum() == pytest.approx(np.square(ramp()[-count:]).sum() / RATE_HZ, rel=1e-4)
    assert measure.peak.max() >= np.abs(ramp()[-count:]).max() * 0.999


def points_of(seconds):
    points = np.random.default_rng(4).integers(0, 128, (100 * seconds, 2)).astype(np.int8)
    points[:, 0] *= -1
    return points


@pytest.mark.parametrize("seconds", [100, 400, 800, 2000])
def test_a_sound_that_grows_is_drawn_as_well_as_its_whole(seconds):
    points, growing, at = points_of(seconds), GrowingPeaks(1000), 0
    for length in np.random.default_rng(5).integers(1, 4000, seconds):
        part = points[at : at + length]
        growing.add(10 * len(part), part)
        at += len(part)
    drawn = growing.peaks
    assert at == len(points)
    assert drawn.duration_ms == 1000 * seconds
    assert drawn.columns(0, 1000 * seconds, seconds) == Peaks(100, points).columns(0, 1000 * seconds, seconds)


def test_the_drawing_of_a_sound_that_grows_for_hours_stays_small():
    growing = GrowingPeaks(1000)
    largest = 0
    for _ in range(10 * 60):
        growing.add(60_000, points_of(60))
        largest = max(largest, len(growing.peaks.to_bytes()))
    assert growing.peaks.duration_ms == 36_000_000
    assert largest < 80_000
