"""Captions from the lines' real times: SubRip and WebVTT. They show what is written, never a respelling.

SRT: cards of two lines of 32 characters, a new card where the speaker changes (BBC subtitle practice). WebVTT (W3C): ``<v Name>``
and lines of at most 65 characters, the name included. Sentences start when the voice began them, where that is known; within a
sentence the time is dealt to the cards by their characters.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from declaim.model.library import LineTiming

SRT_WIDTH, SRT_ROWS = 32, 2
VTT_WIDTH, VTT_ROWS = 65, 2
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’)\]])\s+")
_LONGEST_NAME = 20
"""Characters of a speaker's name in WebVTT; the rest of a longer one is cut off."""


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
    blocks = []
    for timing in timings:
        voice = f"<v {_escaped(timing.speaker[:_LONGEST_NAME])}>"
        for card in _cards([timing], VTT_WIDTH - len(voice), VTT_ROWS):
            rows = "\n".join(_escaped(row) for row in card.rows)
            blocks.append(f"{_clock(card.start_ms, '.')} --> {_clock(card.end_ms, '.')}\n{voice}{rows}\n")
    return "\n".join(["WEBVTT\n", *blocks])


def _cards(timings: Sequence[LineTiming], width: int, rows: int) -> Iterator[Card]:
    for timing in timings:
        if timing.end_ms <= timing.start_ms:  # nothing is heard of it, and a card needs some time
            continue
        for start_ms, end_ms, text in _sentences(timing):
            yield from _dealt(start_ms, end_ms, timing.speaker, text, width, rows)


def _sentences(timing: LineTiming) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of each sentence; of the whole line where the voice's sentences are not those that are shown."""
    starts = timing.sentence_starts_ms
    texts = [text for text in _SENTENCE_END.split(timing.shown) if text]
    if len(texts) != len(starts) or list(starts) != sorted(set(starts)) or len(texts) < 2:
        yield timing.start_ms, timing.end_ms, timing.shown
        return
    yield from zip(starts, (*starts[1:], timing.end_ms), texts, strict=True)


def _dealt(start_ms: int, end_ms: int, speaker: str, text: str, width: int, rows: int) -> Iterator[Card]:
    """Text on cards, each for the time that its characters take."""
    cards = [tuple(_evenly(part, width)) for part in _parts(text, width, rows)]
    total = sum(len(row) for card in cards for row in card)
    done = 0
    for card in cards:
        begin = start_ms + (end_ms - start_ms) * done // total
        done += sum(len(row) for row in card)
        yield Card(begin, start_ms + (end_ms - start_ms) * done // total, speaker, card)


def _parts(text: str, width: int, rows: int) -> list[str]:
    """What each card says: as few cards as hold the text, and no last one with a single word for a blink of time."""
    wrapped = textwrap.wrap(text, width, break_on_hyphens=False)
    parts = [" ".join(wrapped[at : at + rows]) for at in range(0, len(wrapped), rows)]
    return _even(text, parts, width * rows, lambda part: len(textwrap.wrap(part, width, break_on_hyphens=False)) <= rows)


def _evenly(text: str, width: int) -> list[str]:
    """The rows of a card, none much shorter than the others."""
    return _even(text, textwrap.wrap(text, width, break_on_hyphens=False), width, lambda row: len(row) <= width)


def _even(text: str, parts: list[str], limit: int, fits: Callable[[str], bool]) -> list[str]:
    """``text`` in as many parts as ``parts``, each as short as it goes; ``parts`` where there is one, or no better way."""
    if len(parts) < 2:
        return parts
    for size in range(-(-len(text) // len(parts)), limit):
        even = textwrap.wrap(text, size, break_on_hyphens=False, break_long_words=False)
        if len(even) == len(parts) and all(map(fits, even)):
            return even
    return parts


def _clock(at_ms: int, point: str) -> str:
    seconds, ms = divmod(max(0, at_ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
