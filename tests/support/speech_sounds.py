"""Sounds that have the pitch and the syllables of speech, without a voice."""

from __future__ import annotations

import numpy as np

RATE_HZ = 22_050


def speech(seconds, *, pitch_hz=120.0, syllables_per_s=4.0, pause=(0.0, 0.0), noise=1e-4):
    """Twelve harmonics that swell once a syllable; quiet from ``pause[0]`` to ``pause[1]``."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    voice = sum(np.sin(2 * np.pi * pitch_hz * harmonic * at) / harmonic for harmonic in range(1, 13))
    swell = 0.05 + np.sin(np.pi * syllables_per_s * at) ** 2
    is_heard = (at < pause[0]) | (at >= pause[1])
    return 0.1 * voice * swell * is_heard + noise * np.random.default_rng(1).standard_normal(len(at))
