from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pyloudnorm
import pytest

from declaim.audio import (
    LoudnessMeter,
    PowerTimeline,
    TruePeak,
    integrated_loudness,
    measure_file,
    measure_sound,
    open_writer,
    writing,
)
from declaim.audio.weighting import k_response

RATES_HZ = (22_050, 24_000, 44_100, 48_000)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg to compare with")


def tone(rate_hz, seconds=4.0, pitch_hz=997.0, level=0.25):
    return (level * np.sin(2 * np.pi * pitch_hz * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def noise(rate_hz, seconds=4.0, level=0.1):
    return (level * np.random.default_rng(1).standard_normal(round(seconds * rate_hz))).astype(np.float32)


def speech(rate_hz, seconds=6.0):
    """Coloured noise in syllables, with a pause that the gate must leave out."""
    rng = np.random.default_rng(2)
    samples = np.convolve(rng.standard_normal(round(seconds * rate_hz)), np.hanning(rate_hz // 2000), "same")
    envelope = np.sin(np.arange(len(samples)) / rate_hz * 2 * np.pi * 2.5) ** 2
    envelope[2 * rate_hz : 3 * rate_hz] = 0
    samples *= envelope
    return (0.5 * samples / np.abs(samples).max()).astype(np.float32)


SOUNDS = {"tone": tone, "noise": noise, "speech": speech}


def heard(samples, rate_hz, block=5000):
    meter = LoudnessMeter(rate_hz, 1 if samples.ndim == 1 else samples.shape[1])
    for at in range(0, len(samples), block):
        meter.add(samples[at : at + block])
    return meter.integrated_lufs()


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("name", SOUNDS)
def test_loudness_is_that_of_pyloudnorm(name, rate_hz):
    samples = SOUNDS[name](rate_hz)
    reference = pyloudnorm.Meter(rate_hz, filter_class="DeMan").integrated_loudness(samples.astype(float))

    assert heard(samples, rate_hz) == pytest.approx(reference, abs=0.1)


def test_loudness_of_stereo_is_that_of_pyloudnorm():
    samples = np.stack((speech(48_000), 0.5 * noise(48_000, 6.0)), axis=1)

    assert heard(samples, 48_000) == pytest.approx(pyloudnorm.Meter(48_000).integrated_loudness(samples.astype(float)), abs=0.1)


def test_the_reference_tone_of_the_standard_has_its_loudness():
    """BS.1770: a 997 Hz sine at 0 dBFS in one channel reads −3.01 LUFS."""
    assert heard(tone(48_000, level=1.0), 48_000) == pytest.approx(-3.01, abs=0.02)


def test_the_same_in_two_channels_is_three_decibels_louder():
    one = speech(48_000)

    assert heard(np.stack((one, one), axis=1), 48_000) - heard(one, 48_000) == pytest.approx(3.01, abs=0.01)


@pytest.mark.parametrize("block", [100, 777, 70_000])
def test_the_size_of_the_blocks_makes_no_difference(block):
    samples = speech(22_050)

    assert heard(samples, 22_050, block) == pytest.approx(heard(samples, 22_050), abs=1e-6)


def test_silence_and_less_than_a_block_have_no_loudness():
    assert heard(np.zeros(48_000, np.float32), 48_000) == float("-inf")
    assert heard(tone(48_000, 0.3), 48_000) == float("-inf")
    assert integrated_loudness(np.zeros(0)) == float("-inf")


def test_the_filter_reproduces_the_coefficients_of_the_standard():
    """The response of BS.1770-4 tables 1 and 2 (48 kHz), run as they stand."""
    b1, a1 = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
    b2, a2 = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
    impulse = np.zeros(2000)
    impulse[0] = 1

    assert np.allclose(k_response(48_000)[:2000], biquad(biquad(impulse, b1, a1), b2, a2), atol=1e-5)


def biquad(samples, b, a):
    out = np.zeros(len(samples))
    for n in range(len(samples)):
        past = sum(b[k] * samples[n - k] for k in range(3) if n >= k)
        out[n] = past - sum(a[k] * out[n - k] for k in (1, 2) if n >= k)
    return out


@pytest.mark.parametrize("gap_s", [0.0, 0.137, 0.8])
def test_a_programme_of_measured_lines_is_as_loud_as_its_sound(gap_s):
    rate_hz = 22_050
    lines = [speech(rate_hz), 0.5 * noise(rate_hz, 1.7), speech(rate_hz, 2.3)]
    gap = np.zeros(round(gap_s * rate_hz), np.float32)
    whole = np.concatenate([part for line in lines for part in (line, gap)])
    timeline, at = PowerTimeline(len(whole) / rate_hz), 0
    for line in lines:
        timeline.add(at / rate_hz, measure_sound(line, rate_hz).weighted)
        at += len(line) + len(gap)

    assert integrated_loudness(timeline.mean_square) == pytest.approx(heard(whole, rate_hz), abs=0.03)


def test_a_true_peak_between_the_samples_is_found():
    """A quarter of the rate, sampled at its shoulders: the samples show 3 dB less than the peak (ITU-R BS.1770-4, annex 2)."""
    samples = np.sin(2 * np.pi * 12_000 * np.arange(4800) / 48_000 + np.pi / 4).astype(np.float32)
    samples *= np.hanning(4800).astype(np.float32)
    meter = TruePeak(48_000)
    for at in range(0, 4800, 999):
        meter.add(samples[at : at + 999])

    assert 20 * np.log10(np.abs(samples).max()) == pytest.approx(-3.0, abs=0.05)
    assert meter.finish() == pytest.approx(0.0, abs=0.1)


@needs_ffmpeg
@pytest.mark.parametrize("rate_hz", [22_050, 48_000])
@pytest.mark.parametrize("name", SOUNDS)
def test_loudness_and_true_peak_are_those_of_ffmpeg(tmp_path, name, rate_hz):
    path = tmp_path / "sound.wav"
    with writing(open_writer(path, rate_hz, 1)) as writer:
        writer.write(SOUNDS[name](rate_hz))
    command = ["ffmpeg", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary") :]
    loudness, peak = (float(re.search(rf"{name}:\s+(\S+)", summary).group(1)) for name in ("I", "Peak"))
    measured = measure_file(path)

    assert measured.integrated_lufs == pytest.approx(loudness, abs=0.1)
    assert measured.true_peak_dbtp == pytest.approx(peak, abs=0.2)


def test_a_file_is_measured_for_its_delivery_sheet(tmp_path):
    path = tmp_path / "sound.wav"
    quiet = noise(44_100, 1.0, 0.001)
    with writing(open_writer(path, 44_100, 1)) as writer:
        writer.write(np.concatenate((tone(44_100), quiet)))
    measured = measure_file(path)

    assert (measured.duration_ms, measured.rate_hz, measured.channels) == (5000, 44_100, 1)
    assert measured.sample_peak_db == pytest.approx(-12.04, abs=0.02)
    assert measured.rms_db == pytest.approx(-16.02, abs=0.05)
    assert measured.noise_floor_db == pytest.approx(-60, abs=0.3)
