"""What is said, to read: plain and as JSON (with the times, after Podcasting 2.0's transcript format)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from declaim.model.library import LineTiming


def format_transcript(timings: Sequence[LineTiming], title: str = "") -> str:
    """Plain text: chapters as headings, a paragraph for each line; speakers are named where there is more than one."""
    heard = [timing for timing in timings if timing.shown]
    several = len({timing.speaker for timing in heard}) > 1
    blocks = [title] if title else []
    for (_, chapter), lines in groupby(heard, key=lambda timing: timing.chapter_key):
        if chapter:
            blocks.append(chapter)
        blocks += [f"{timing.speaker}: {timing.shown}" if several else timing.shown for timing in lines]
    return "\n\n".join(blocks) + "\n"


def format_transcript_json(timings: Sequence[LineTiming]) -> str:
    """``segments`` of ``startTime``, ``endTime`` (seconds), ``speaker``, ``body``."""
    segments = [
        {
            "speaker": timing.speaker,
            "startTime": timing.start_ms / 1000,
            "endTime": timing.end_ms / 1000,
            "body": timing.shown,
        }
        for timing in timings
        if timing.shown
    ]
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=2) + "\n"
