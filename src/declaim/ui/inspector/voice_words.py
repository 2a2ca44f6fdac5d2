"""What is said of a voice wherever one is shown small."""

from __future__ import annotations

from declaim.model.voice import Voice

_LABELS = {"elevenlabs": "ElevenLabs"}


def engine_label(engine: str) -> str:
    """An engine's name as it is written for people."""
    return _LABELS.get(engine, engine[:1].upper() + engine[1:])


def describe_voice(voice: Voice) -> str:
    """Engine and language, as "Piper · en-US"."""
    return " · ".join(part for part in (engine_label(voice.engine), voice.language) if part)
