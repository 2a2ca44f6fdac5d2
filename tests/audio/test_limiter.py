from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from declaim.audio import TruePeak, amplitude, apply_gain, limiter_gain, measure_sound

RATE_HZ = 22_050
CEILING = amplitude(-1.5)


def peaky(seed, seconds=2.0):
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    samples = np.convolve(rng.standard_normal(count), np.hanning(9) / 5, "same") * 0.1
    for at in rng.integers(0, count - 60, 8):
        samples[at : at + 40] += np.hanning(40) * rng.uniform(0.3, 1)
    return samples.astype(np.float32)


def test_what_stays_below_the_ceiling_is_only_made_louder():
    gain = limiter_gain(np.full(50, 0.1, np.float32), 2.0, CEILING)

    assert np.all(gain == 2.0)


def test_no_peak_passes_the_ceiling():
    for seed in range(5):
        samples = peaky(seed)
        gain = limiter_gain(measure_sound(samples, RATE_HZ).peak, 4.0, CEILING)
        meter = TruePeak(RATE_HZ)
        meter.add(apply_gain(samples, RATE_HZ, gain))

        assert meter.finish() <= -1.45


@given(st.lists(st.floats(0, 1), min_size=1, max_size=80), st.floats(0.1, 20))
def test_the_gain_of_every_bin_keeps_its_peak_below_the_ceiling(peaks, gain):
    peak = np.array(peaks, np.float32)
    limited = limiter_gain(peak, gain, CEILING)

    assert limited.shape == peak.shape
    assert np.all(limited <= gain * 1.0001)
    around = np.max(np.stack([limited, np.roll(limited, 1), np.roll(limited, -1)]), axis=0)[1:-1]
    assert np.all(around * peak[1:-1] <= CEILING * 1.0001), "nor does it while the gain moves to its neighbour's"


def test_far_from_a_peak_nothing_is_turned_down():
    peak = np.full(200, 0.1, np.float32)
    peak[100] = 1.0
    gain = limiter_gain(peak, 2.0, CEILING)

    assert gain[100] <= CEILING
    assert np.all(gain[:85] == np.float32(2.0))
    assert np.all(gain[116:] == np.float32(2.0))


def test_the_gain_moves_without_jumps():
    peak = np.full(200, 0.1, np.float32)
    peak[100] = 1.0

    assert np.abs(np.diff(limiter_gain(peak, 2.0, CEILING))).max() < 0.4
