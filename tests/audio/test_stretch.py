from __future__ import annotations

import numpy as np
import pytest

from declaim.audio.stretch import TimeStretch

RATE = 22_050


def tone(seconds, hz=180.0):
    times = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * hz * times)).astype(np.float32)[:, None]


def stretched(sound, speed, block=551):
    stretch = TimeStretch(RATE, sound.shape[1], speed)
    parts = [stretch.add(sound[at : at + block]) for at in range(0, len(sound), block)]
    return np.concatenate([*parts, stretch.finish()])


def main_frequency(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * RATE / len(samples)


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 1.5, 2.0])
def test_the_length_changes_and_the_pitch_stays(speed):
    heard = stretched(tone(2.0), speed)[:, 0]
    assert len(heard) / RATE == pytest.approx(2.0 / speed, abs=0.05)
    assert main_frequency(heard[2000:-2000]) == pytest.approx(180, abs=2)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.3, 2.0])
def test_a_steady_tone_stays_steady(speed):
    heard = stretched(tone(1.5), speed)[1500:-2500, 0]
    loudness = np.sqrt(np.mean(heard[: len(heard) // 441 * 441].reshape(-1, 441) ** 2, axis=1))
    assert loudness.min() > 0.8 * loudness.max()


def test_at_normal_speed_nothing_is_changed():
    sound = tone(1.0) + tone(1.0, 523.0) * 0.3
    heard = stretched(sound, 1.0)
    assert np.allclose(heard[: len(sound)], sound, atol=1e-5)


def test_the_speed_may_change_on_the_way():
    stretch = TimeStretch(RATE, 1, 1.0)
    sound = tone(4.0)
    first = np.concatenate([stretch.add(sound[at : at + 500]) for at in range(0, 2 * RATE, 500)])
    stretch.speed = 2.0
    rest = [stretch.add(sound[at : at + 500]) for at in range(2 * RATE // 500 * 500 + 500, len(sound), 500)]
    second = np.concatenate([*rest, stretch.finish()])
    assert len(first) / RATE == pytest.approx(2.0, abs=0.1)
    assert len(second) / RATE == pytest.approx(1.0, abs=0.1)


def test_both_channels_are_moved_alike():
    sound = np.concatenate((tone(1.0), -tone(1.0)), axis=1)
    heard = stretched(sound, 1.4)
    assert np.allclose(heard[:, 0], -heard[:, 1], atol=1e-6)


def test_memory_does_not_grow_with_the_sound():
    stretch = TimeStretch(RATE, 1, 1.7)
    block = tone(0.025)
    for _ in range(2000):
        stretch.add(block)
    assert len(stretch._kept) < RATE


def test_almost_nothing_comes_out_as_almost_nothing():
    assert len(stretched(tone(0.001), 2.0)) <= RATE * 0.04
    assert len(stretched(np.zeros((0, 1), np.float32), 2.0)) == 0
