"""A long sound is measured in blocks, and measures the same."""

from __future__ import annotations

import numpy as np
import pytest

from declaim.audio import measure_blocks, measure_sound


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100])
@pytest.mark.parametrize("more", [0, 1, 77])
def test_in_blocks_it_is_the_same(rate_hz, more):
    sound = (np.random.default_rng(4).standard_normal(3 * rate_hz + more) / 10).astype(np.float32)
    sound[rate_hz - 2 : rate_hz + 2] = 0.9  # its true peak lies where two blocks meet
    whole = measure_sound(sound, rate_hz)
    parts = measure_blocks((sound[at : at + rate_hz] for at in range(0, len(sound), rate_hz)), rate_hz)

    assert (parts.frames, parts.rate_hz, len(parts.weighted)) == (whole.frames, whole.rate_hz, len(whole.weighted))
    for name in ("weighted", "power", "peak", "low", "high"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-5, atol=1e-12, err_msg=name)
