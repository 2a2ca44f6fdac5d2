"""How loud each voice is played before its programme is levelled: as it will be there, as far as that is known."""

from __future__ import annotations

import math
import threading

from declaim.audio import PowerTimeline, SoundMeasure, amplitude, integrated_loudness
from declaim.model.ids import LineKey, VoiceId
from declaim.render.cache import LineCache, LineDamaged
from declaim.render.pace import PaceBook
from declaim.render.planned import RenderRequest
from declaim.render.standards import standard

_MAX_GAIN_DB = 18.0


def line_loudness(measure: SoundMeasure) -> float:
    """Integrated loudness of a line in LUFS, of one channel; −inf where it is too short or too soft to tell."""
    timeline = PowerTimeline(measure.frames / measure.rate_hz)
    timeline.add(0.0, measure.weighted)
    return integrated_loudness(timeline.mean_square)


class PreviewGains:
    """Of each voice one gain, from what was learned of it on this machine, else from its first finished line; it stays the same
    while it is listened to. Thread-safe."""

    def __init__(self, request: RenderRequest, cache: LineCache) -> None:
        levelling = standard(request.loudness, request.out.suffix.lower() or ".wav", request.channels)
        target = levelling.target_lufs if levelling.target_lufs is not None else levelling.target_rms_db
        # What is played is one channel; a file of two has each of them 3 dB softer for the same loudness.
        self._target = None if target is None else target - 10 * math.log10(levelling.channels)
        self._cache, self._pace = cache, PaceBook(cache.folder)
        self._gains: dict[VoiceId, float] = {}
        self._lock = threading.Lock()

    def of(self, voice: VoiceId, key: LineKey | None = None) -> float:
        """As a factor; ``key`` is a finished line of the voice."""
        with self._lock:
            if voice not in self._gains:
                loudness = self._pace.loudness(voice)
                if loudness is None:
                    loudness = self._measured(key)
                if loudness is None:
                    return 1.0
                self._gains[voice] = self._gain_for(loudness)
            return self._gains[voice]

    def _measured(self, key: LineKey | None) -> float | None:
        try:
            return line_loudness(self._cache.measure(key)) if key is not None else None
        except LineDamaged:
            return None

    def _gain_for(self, loudness: float) -> float:
        if self._target is None or not math.isfinite(loudness):
            return 1.0
        return amplitude(min(_MAX_GAIN_DB, max(-_MAX_GAIN_DB, self._target - loudness)))
