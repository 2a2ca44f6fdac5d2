"""What a player plays from while it is being made."""

from __future__ import annotations

import numpy as np
import soundfile

from declaim.audio import Peaks, measure_sound
from declaim.audio.sound_sources import GrowingSource, QueueSource
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


def highest(source: GrowingSource | QueueSource) -> list[int]:
    return Peaks.from_bytes(source.drawn()).values[:, 1].tolist()


def test_what_grows_is_drawn_as_far_as_it_is_there():
    source = GrowingSource(RATE_HZ)
    assert highest(source) == []
    source.add(clip(1.0, 160))
    source.add(clip(0.5, 120))
    assert highest(source) == [127, 127, 64, 0]  # the rest of a piece is less than a point: 80 samples
    source.add(clip(0.5, 40))
    assert len(highest(source)) == 4


def test_a_queue_is_drawn_with_the_quiet_before_each_piece_and_as_loud_as_it_is_played(tmp_path):
    samples = np.full(240, 0.5, np.float32)
    soundfile.write(tmp_path / "line.wav", samples, RATE_HZ)
    source = QueueSource(RATE_HZ)
    source.add(tmp_path / "line.wav", gap_ms=20, gain=0.5, measure=measure_sound(samples, RATE_HZ))
    source.add_clip(clip(0.5, 160), gap_ms=10, gain=4.0)
    source.add(tmp_path / "line.wav")
    assert highest(source) == [0, 0, 32, 32, 32, 0, 127, 127, 0, 0, 0]  # of the last nothing was measured


def test_a_drawing_stays_beside_its_sound_however_many_pieces_there_are():
    source = QueueSource(RATE_HZ)
    for _ in range(100):
        source.add_clip(clip(0.5, 123), gap_ms=3)
    assert len(highest(source)) == round(source.frames / RATE_HZ * 100)
