"""Captions from the lines' real times: SubRip and WebVTT. They show what is written, never a respelling.

SRT: cards of two lines of 32 characters, a new card where the speaker changes (BBC subtitle practice). WebVTT (W3C): ``<v Name>``
and lines of at most 65 characters. A line's time is dealt to its cards by their characters.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from declaim.model.library import LineTiming

SRT_WIDTH, SRT_ROWS = 32, 2
VTT_WIDTH, VTT_ROWS = 65, 2


@dataclass(frozen=True)
class Card:
    """Rows that stand on the screen together, from ``start_ms`` to ``end_ms``."""

    start_ms: int
    end_ms: int
    speaker: str
    rows: tuple[str, ...]


def format_srt(timings: Sequence[LineTiming]) -> str:
    """Every line as SubRip cards."""
    blocks = [
        f"{number}\n{_clock(card.start_ms, ',')} --> {_clock(card.end_ms, ',')}\n" + "\n".join(card.rows) + "\n"
        for number, card in enumerate(_cards(timings, SRT_WIDTH, SRT_ROWS), 1)
    ]
    return "\n".join(blocks)


def format_vtt(timings: Sequence[LineTiming]) -> str:
    """Every line as WebVTT cues with their speaker."""
    blocks = [
        f"{_clock(card.start_ms, '.')} --> {_clock(card.end_ms, '.')}\n<v {_escaped(card.speaker)}>"
        + "\n".join(_escaped(row) for row in card.rows)
        + "\n"
        for card in _cards(timings, VTT_WIDTH, VTT_ROWS)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _cards(timings: Sequence[LineTiming], width: int, rows: int) -> Iterator[Card]:
    for timing in timings:
        wrapped = textwrap.wrap(timing.shown, width, break_long_words=True, break_on_hyphens=False)
        cards = [tuple(wrapped[at : at + rows]) for at in range(0, len(wrapped), rows)]
        total = sum(len(row) for card in cards for row in card)
        start, length, done = timing.start_ms, timing.end_ms - timing.start_ms, 0
        for card in cards:
            begin = start + length * done // total
            done += sum(len(row) for row in card)
            yield Card(begin, start + length * done // total, timing.speaker, card)


def _clock(at_ms: int, point: str) -> str:
    seconds, ms = divmod(max(0, at_ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
