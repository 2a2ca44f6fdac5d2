from __future__ import annotations

import numpy as np

from declaim.audio import Peaks
from declaim.ui.player.waveform_shape import WaveformShape


def test_the_shape_of_a_peaks_file_is_read():
    values = np.array([[-10, 20], [-127, 5], [0, 0], [-64, 127]], np.int8)
    shape = WaveformShape.read(Peaks(100, values).to_bytes())
    assert shape.duration_ms == 40
    assert shape.bars(4, 40) == [(10 / 127, 20 / 127), (1.0, 5 / 127), (0, 0), (64 / 127, 1.0)]
    assert shape.bars(2, 40) == [(1.0, 20 / 127), (64 / 127, 1.0)]


def test_more_bars_than_points_and_more_time_than_points():
    shape = WaveformShape(bytes([256 - 50, 100]) * 10, 100)
    assert len(shape.bars(40, 100)) == 40
    assert shape.bars(4, 200)[-1] == (0, 0)


def test_anything_else_is_an_empty_shape():
    for data in (b"", b"RIFF1234", b"DPK1"):
        assert WaveformShape.read(data).bars(5, 1000) == [(0, 0)] * 5
