"""What a programme is levelled to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from declaim.audio import amplitude, decibels
from declaim.errors import InputError
from declaim.model.settings import LoudnessStandard

GAIN_GRID_DB = 0.1
"""A programme's gain lies on it, so that a small change keeps the gain and with it every encoding."""
_LIMITER = "b"
"""Another letter when the limiter makes another sound of the same line."""


@dataclass(frozen=True)
class Standard:
    """What a programme is levelled to: loudness (LUFS), or the RMS of the whole file (ACX)."""

    name: LoudnessStandard
    channels: int
    target_lufs: float | None = None
    target_rms_db: float | None = None
    ceiling_dbtp: float = -1.0
    head_ms: int = 0
    tail_ms: int = 500
    has_room_tone: bool = False

    @property
    def is_levelled(self) -> bool:
        return self.target_lufs is not None or self.target_rms_db is not None

    @property
    def ceiling(self) -> float:
        return amplitude(self.ceiling_dbtp)

    def name_of_gain(self, gain: float) -> str:
        """Short, and different for every gain and ceiling that make another sound."""
        if not self.is_levelled:
            return "as-is"
        return f"{_LIMITER}{round(decibels(gain) / GAIN_GRID_DB)}d{-self.ceiling_dbtp:g}"


# By how much encoding lets peaks grow, at most, on speech: the limiter's ceiling lies that much below what a standard allows.
_OVERSHOOT_DB = {".wav": 0.05, ".flac": 0.05, ".mp3": 0.5, ".m4b": 1.0, ".opus": 1.3}
STANDARDS = {
    LoudnessStandard.PODCAST: Standard(LoudnessStandard.PODCAST, 2, target_lufs=-16.0),
    LoudnessStandard.PODCAST_MONO: Standard(LoudnessStandard.PODCAST_MONO, 1, target_lufs=-19.0),
    LoudnessStandard.ACX: Standard(
        LoudnessStandard.ACX, 1, target_rms_db=-20.0, ceiling_dbtp=-3.0, head_ms=750, tail_ms=2000, has_room_tone=True
    ),
    LoudnessStandard.NONE: Standard(LoudnessStandard.NONE, 1),
}


_SHORTAGE_DB = (0.0, 0.1, 0.4, 0.7, 1.2)
"""By how much more, for each ``RenderRequest.shortage_of_bits``."""


def standard(name: str, kind: str = ".wav", channels: int | None = None, *, shortage_of_bits: int = 0) -> Standard:
    """By its name in the settings and the terminal, for a kind of file and how it is encoded; ``channels`` 1 or 2 overrule its
    own, and of a podcast also the loudness.

    Raises:
        InputError: for a name that is none.
    """
    try:
        chosen = STANDARDS[LoudnessStandard(name).in_channels(channels)]
    except ValueError:
        cure = f"Choose one of {', '.join(LoudnessStandard)}."
        raise InputError(f"'{name}' is not a loudness that Declaim knows.", cure=cure) from None
    ceiling_dbtp = round(chosen.ceiling_dbtp - _OVERSHOOT_DB[kind] - _SHORTAGE_DB[shortage_of_bits], 2)
    return replace(chosen, ceiling_dbtp=ceiling_dbtp, channels=channels if channels in (1, 2) else chosen.channels)
