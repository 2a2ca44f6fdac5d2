"""What an engine gives piece by piece: joined, trimmed, faded, however long it is."""

from __future__ import annotations

import numpy as np
import pytest

from declaim.audio import Spool
from declaim.model.clip import Clip

RATE_HZ = 8_000


def tone(seconds, level=0.5, rate_hz=RATE_HZ):
    return (level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def quiet(seconds):
    return np.zeros(round(seconds * RATE_HZ), np.float32)


@pytest.fixture
def spool(tmp_path):
    with Spool(tmp_path) as made:
        yield made


def fill(spool, *sounds):
    for sound in sounds:
        spool.add(Clip(sound, RATE_HZ))
    return spool


def all_of(spool):
    return np.concatenate([np.zeros(0, np.float32), *spool.blocks()])


def test_what_comes_is_given_again_and_again(spool):
    fill(spool, tone(0.5), quiet(0), tone(0.2))

    for _ in range(2):
        assert np.array_equal(all_of(spool), np.concatenate((tone(0.5), tone(0.2))))
    assert (spool.rate_hz, spool.frames, spool.duration_ms) == (RATE_HZ, 5600, 700)
    assert spool.peak == pytest.approx(0.5, abs=0.01)


def test_nothing_is_nothing(spool):
    assert (spool.frames, spool.duration_ms, spool.peak, list(spool.blocks())) == (0, 0, 0, [])
    assert spool.trim() == 0


def test_clips_of_two_rates_are_joined_at_the_first_ones(spool):
    fill(spool, tone(0.5)).add(Clip(tone(0.5, rate_hz=48_000), 48_000))

    assert (spool.rate_hz, spool.duration_ms) == (RATE_HZ, 1000)


def test_trimming_takes_the_silence_at_the_edges(spool):
    lead = fill(spool, quiet(0.3), tone(0.5), quiet(0.2), tone(0.2), quiet(0.4)).trim()

    assert spool.duration_ms == pytest.approx(900 + 24, abs=3)
    assert lead / RATE_HZ == pytest.approx(0.3 - 0.012, abs=0.001)


def test_trimming_keeps_soft_sounds_at_the_edges(spool):
    fill(spool, quiet(0.3), tone(0.1, level=0.01), tone(0.5)).trim()

    assert spool.duration_ms >= 600


def test_silence_is_trimmed_to_nothing(spool):
    fill(spool, quiet(1)).trim()

    assert (spool.frames, list(spool.blocks())) == (0, [])


@pytest.mark.parametrize("block_s", [1, 20])
@pytest.mark.parametrize("in_memory", [100, 1 << 20])
def test_a_long_sound_on_disk_is_that_of_a_short_one_in_memory(tmp_path, monkeypatch, block_s, in_memory):
    sounds = [quiet(2.7), tone(0.001, 0.4), tone(3.0), quiet(0.25), tone(0.3, 0.2), quiet(1.4)]
    with Spool(tmp_path) as whole:
        lead, wanted = fill(whole, *sounds).trim(), all_of(whole)
    monkeypatch.setattr("declaim.audio.spool.BLOCK_S", block_s)
    monkeypatch.setattr("declaim.audio.spool._IN_MEMORY_BYTES", in_memory)
    with Spool(tmp_path) as spool:
        assert fill(spool, *sounds).trim() == lead
        assert np.array_equal(all_of(spool), wanted)
        assert all(len(block) == block_s * RATE_HZ for block in list(spool.blocks())[:-1])
    assert list(tmp_path.iterdir()) == []
    assert wanted[0] == pytest.approx(0, abs=1e-3)
    assert wanted[-1] == pytest.approx(0, abs=1e-3)
