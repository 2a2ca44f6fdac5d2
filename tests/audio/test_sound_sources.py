"""What a player plays from while it is being made."""

from __future__ import annotations

import numpy as np

from declaim.audio.sound_sources import GrowingSource
from declaim.model.clip import Clip

RATE_HZ = 8_000


def clip(value: float, count: int = 100) -> Clip:
    return Clip(np.full(count, value, np.float32), RATE_HZ)


def test_it_gives_what_is_there_and_waits_for_more():
    source = GrowingSource(RATE_HZ)
    source.add(clip(0.1))
    assert source.read(60).shape == (60, 1)
    assert len(source.read(60)) == 40
    assert len(source.read(60)) == 0
    assert source.is_waiting
    source.add(clip(0.2))
    assert np.all(source.read(200) == np.float32(0.2))
    source.complete()
    assert not source.is_waiting
    assert source.frames == 200


def test_it_can_be_heard_again_from_any_place():
    source = GrowingSource(RATE_HZ)
    for value in (0.1, 0.2, 0.3):
        source.add(clip(value))
    source.seek(150)
    assert source.read(1)[0, 0] == np.float32(0.2)
    source.seek(10_000)
    assert len(source.read(1)) == 0
    source.seek(0)
    assert len(source.read(1_000)) == 300


def test_pieces_of_another_rate_are_made_to_fit():
    source = GrowingSource(RATE_HZ)
    source.add(clip(0.1))
    source.add(Clip(np.zeros(1_600, np.float32), 2 * RATE_HZ))
    assert source.frames == 900
