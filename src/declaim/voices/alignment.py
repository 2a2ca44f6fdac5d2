"""What ElevenLabs says about time: when each character is heard, and in a dialogue when each line is."""

from __future__ import annotations

import itertools
from typing import Any

from declaim.model.clip import Clip
from declaim.voices.asks import Ask
from declaim.voices.passages import sentences
from declaim.voices.turns import turns_at_times


def at_sentences(clip: Clip, text: str, alignment: Any) -> tuple[Clip, ...]:
    """The clip cut where its sentences begin, so that captions know; in one piece where the times do not fit the sound."""
    characters = getattr(alignment, "characters", None) or []
    starts = getattr(alignment, "character_start_times_seconds", None) or []
    if "".join(characters) != text or len(starts) != len(characters):
        return (clip,)
    return _cut(clip, text, starts)


def turns_of(clip: Clip, ask: Ask, data: Any) -> tuple[tuple[Clip, ...], ...]:
    """The lines of a dialogue, each cut where its sentences begin; none where its segments are not exactly its lines in order."""
    segments = sorted(getattr(data, "voice_segments", None) or (), key=lambda segment: segment.start_time_seconds)
    # A long line may come in several segments.
    groups = [list(group) for _place, group in itertools.groupby(segments, key=lambda segment: segment.dialogue_input_index)]
    if [group[0].dialogue_input_index for group in groups] != list(range(len(ask.turns))):
        return ()
    if any(segment.voice_id != turn.voice for group, turn in zip(groups, ask.turns, strict=True) for segment in group):
        return ()
    starts = [group[0].start_time_seconds for group in groups]
    turns = turns_at_times(clip, starts, [group[-1].end_time_seconds for group in groups])
    if not turns:
        return ()
    # Where each clip begins in the whole sound: the times of the characters count from there.
    offsets = itertools.accumulate((len(turn.samples) / clip.rate_hz for turn in turns), initial=0.0)
    return tuple(
        _line(turn, one.text, data, group[0].character_start_index, group[-1].character_end_index, offset)
        for turn, one, group, offset in zip(turns, ask.turns, groups, offsets, strict=False)
    )


def _line(clip: Clip, text: str, data: Any, first: int, last: int, offset_s: float) -> tuple[Clip, ...]:
    alignment = getattr(data, "alignment", None)
    characters = (getattr(alignment, "characters", None) or [])[first:last]
    starts = (getattr(alignment, "character_start_times_seconds", None) or [])[first:last]
    if "".join(characters).strip() != text or len(starts) != len(characters):
        return (clip,)
    lead = len(characters) - len("".join(characters).lstrip())
    return _cut(clip, text, [start - offset_s for start in starts[lead:]])


def _cut(clip: Clip, text: str, starts: list[float]) -> tuple[Clip, ...]:
    """``starts``: of each character of ``text``, in seconds of the clip."""
    cuts, at = [0], 0
    for sentence in sentences(text, len(text) + 1):
        found = text.find(sentence, at)
        if found < 0:
            return (clip,)
        if found:
            cuts.append(round(starts[found] * clip.rate_hz))
        at = found + len(sentence)
    cuts.append(len(clip.samples))
    if sorted(set(cuts)) != cuts:
        return (clip,)
    return tuple(Clip(clip.samples[start:end], clip.rate_hz) for start, end in itertools.pairwise(cuts))
