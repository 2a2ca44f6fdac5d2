"""A measured profile of a microphone or a voice."""

from __future__ import annotations

from dataclasses import dataclass

from declaim.model.ids import CalibrationId, ProjectId

SILENCE_DB = -120.0
"""What stands for a level where there is nothing at all."""


@dataclass(frozen=True)
class Profile:
    """What was measured of a sample. ``pitch_hz`` is the median of the voiced parts, ``pitch_range_semitones`` the span between
    their 10th and 90th percentile; ``syllables_per_s`` counts the time of speaking, without the pauses."""

    seconds: float
    integrated_lufs: float
    true_peak_dbtp: float
    noise_floor_db: float
    pitch_hz: float
    pitch_range_semitones: float
    syllables_per_s: float


@dataclass(frozen=True)
class Calibration:
    """A profile under a name, with ``advice``: sentences that say what to do about it. No project: the user's own."""

    id: CalibrationId
    name: str
    profile: Profile
    advice: tuple[str, ...] = ()
    project_id: ProjectId | None = None
