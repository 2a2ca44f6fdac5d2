"""The sound of an exchange -> the sound of each of its lines: by the times that a service gives, or by the silences between.

Where it is not sure which sound belongs to which line, nothing is given: the lines are then spoken each alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from declaim.model.clip import Clip

FRAME_MS = 10
QUIET = 0.012
"""Of the peak (−38 dB)."""
SHORTEST_MS = 180
"""Of a silence between two turns."""
CLEARLY = 1.3
"""How many times longer the silences between turns must be than any within one."""
PACE_LIMITS = (0.45, 2.2)
"""How much faster or slower than the whole a turn may be."""
_JUDGED_CHARACTERS = 12


def turns_at_times(clip: Clip, starts_s: Sequence[float], ends_s: Sequence[float]) -> tuple[Clip, ...]:
    """The turns, cut in the middle of what is between one's end and the next one's start; none where the times make no sense."""
    length_s = len(clip.samples) / clip.rate_hz
    edges = [edge for turn in zip(starts_s, ends_s, strict=True) for edge in turn]
    if not edges or edges != sorted(edges) or edges[0] < 0 or edges[-1] > length_s + 0.1:
        return ()
    if any(end <= start for start, end in zip(starts_s, ends_s, strict=True)):
        return ()
    cuts_s = [(end + start) / 2 for end, start in zip(ends_s[:-1], starts_s[1:], strict=True)]
    return _cut(clip, [round(cut_s * clip.rate_hz) for cut_s in cuts_s])


def turns_at_silences(clip: Clip, words: Sequence[str]) -> tuple[Clip, ...]:
    """One clip for each turn of these words; none where the silences between turns are not clearly longer than those within, or
    where a turn would be much faster or slower than the others."""
    if len(words) < 2:
        return ()
    frame = clip.rate_hz * FRAME_MS // 1000
    silences = sorted(_silences(clip.samples, frame), key=lambda run: run[0] - run[1])
    count = len(words) - 1
    chosen, others = silences[:count], silences[count:]
    if len(chosen) < count:
        return ()
    shortest = min(end - start for start, end in chosen)
    if shortest * FRAME_MS < SHORTEST_MS or any(shortest < CLEARLY * (end - start) for start, end in others):
        return ()
    turns = _cut(clip, [(start + end) * frame // 2 for start, end in sorted(chosen)])
    return turns if _is_plausible(turns, words, frame) else ()


def _silences(samples: NDArray[np.float32], frame: int) -> Iterator[tuple[int, int]]:
    """Runs of quiet frames between sounds, first and after last."""
    loud = np.flatnonzero(_peaks(samples, frame) > QUIET * float(np.abs(samples).max(initial=0.0)))
    for before, after in itertools.pairwise(loud.tolist()):
        if after - before > 1:
            yield before + 1, after


def _peaks(samples: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    whole = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame)
    peaks: NDArray[np.float32] = whole.max(axis=1, initial=0.0)
    return peaks


def _is_plausible(turns: Sequence[Clip], words: Sequence[str], frame: int) -> bool:
    heard = [int(np.count_nonzero(_peaks(turn.samples, frame) > 1e-3)) for turn in turns]
    pace = sum(heard) / max(1, sum(map(len, words)))
    low, high = (limit * pace for limit in PACE_LIMITS)
    judged = [(frames, text) for frames, text in zip(heard, words, strict=True) if len(text) >= _JUDGED_CHARACTERS]
    return all(low <= frames / len(text) <= high for frames, text in judged)


def _cut(clip: Clip, cuts: Sequence[int]) -> tuple[Clip, ...]:
    edges = [0, *cuts, len(clip.samples)]
    return tuple(Clip(clip.samples[start:end], clip.rate_hz) for start, end in itertools.pairwise(edges))
