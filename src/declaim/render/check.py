"""Does a line sound as it should? Found by looking at the sound alone; a recogniser, where installed, hears more."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from declaim.audio import BINS_PER_S, SoundMeasure

_SHORTEST_JUDGED = 15.0
"""Of ``speech_length``: the pace of less says nothing."""
_SLOW, _FAST = 1.9, 0.5
_SLOW_UNKNOWN, _FAST_UNKNOWN = 3.0, 0.3
_LONGEST_SILENCE_S = 2.0
_QUIET = 10 ** (-45 / 20)
_FULL = 0.999
_CLIPPED_RUN = 4


def suspicion(
    blocks: Iterable[NDArray[np.float32]],
    measure: SoundMeasure,
    length: float,
    seconds_per_unit: float,
    *,
    pace_is_known: bool,
    pauses_ms: int = 0,
) -> str:
    """What is odd about a spoken line, in the user's words; empty where nothing is.

    Args:
        blocks: the line, trimmed; read only where the measure says that it is very loud.
        measure: of the line.
        length: of its text (``speech_length``).
        seconds_per_unit: the voice's norm; ``pace_is_known`` says whether it was learned from its own lines.
        pauses_ms: silence that the line asks for.
    """
    seconds = max(0.0, measure.frames / measure.rate_hz - pauses_ms / 1000)
    slow, fast = (_SLOW, _FAST) if pace_is_known else (_SLOW_UNKNOWN, _FAST_UNKNOWN)
    expected = length * seconds_per_unit
    if float(np.max(measure.peak, initial=0)) < _QUIET:
        return "almost nothing is heard"
    if length >= _SHORTEST_JUDGED and seconds < fast * expected:
        return f"much shorter than its text ({seconds:.1f} s instead of about {expected:.1f} s): words may be missing"
    if length >= _SHORTEST_JUDGED and seconds > slow * expected + 0.5:
        return f"much longer than its text ({seconds:.1f} s instead of about {expected:.1f} s): words may be repeated"
    silence_s = _longest_silence_s(measure)
    if silence_s > _LONGEST_SILENCE_S + pauses_ms / 1000:
        return f"{silence_s:.1f} s of silence inside"
    if float(np.max(measure.peak, initial=0)) >= _FULL and _is_clipped(blocks):
        return "the voice clips"
    if _repeats_its_end(measure):
        return "its end is repeated"
    return ""


def _longest_silence_s(measure: SoundMeasure) -> float:
    peak = float(np.max(measure.peak, initial=0))
    loud = np.flatnonzero(measure.peak > max(peak * 0.01, 1e-4))
    return float(np.max(np.diff(loud), initial=1) - 1) / BINS_PER_S


def _is_clipped(blocks: Iterable[NDArray[np.float32]]) -> bool:
    """Several samples in a row at full scale, more than once."""
    count, before = 0, np.zeros(0, np.int8)
    for block in blocks:
        full = np.concatenate((before, (np.abs(block) >= _FULL).astype(np.int8)))
        count += int(np.count_nonzero(np.convolve(full, np.ones(_CLIPPED_RUN, np.int8), "valid") == _CLIPPED_RUN))
        before = full[1 - _CLIPPED_RUN :]
    return count > 3 * _CLIPPED_RUN


def _repeats_its_end(measure: SoundMeasure) -> bool:
    """The last second or so, again just before: the loudness contours of two neighbours match almost exactly."""
    contour = np.log10(np.maximum(measure.power, 1e-9))
    for bins in range(40, min(200, len(contour) // 2) + 1, 2):
        last, before = contour[-bins:], contour[-2 * bins : -bins]
        if np.ptp(last) > 1 and np.ptp(before) > 1 and float(np.corrcoef(last, before)[0, 1]) > 0.985:
            return True
    return False
