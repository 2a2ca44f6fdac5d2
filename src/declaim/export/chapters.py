"""Chapters of a take from its lines' real times, as Podcasting 2.0 JSON and as show notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from declaim.model.library import LineTiming

UNTITLED = "Introduction"


@dataclass(frozen=True)
class ChapterMark:
    """A chapter lasts until the next one starts; the first starts at 0, the last ends with the audio."""

    title: str
    start_ms: int
    end_ms: int


def chapters_of(timings: Sequence[LineTiming], duration_ms: int) -> tuple[ChapterMark, ...]:
    """The chapters, each starting with its first line. None where the script has no chapter with a title."""
    if not any(timing.chapter for timing in timings):
        return ()
    firsts = [next(lines) for _, lines in groupby(timings, key=lambda timing: timing.chapter_key)]
    starts = [0, *(first.start_ms for first in firsts[1:])]
    ends = [*starts[1:], max(duration_ms, starts[-1])]
    return tuple(
        ChapterMark(first.chapter or UNTITLED, start, end) for first, start, end in zip(firsts, starts, ends, strict=True)
    )


def format_chapters(chapters: Sequence[ChapterMark], title: str = "") -> str:
    """Podcasting 2.0 chapters, version 1.2.0 (github.com/Podcastindex-org/podcast-namespace, chapters/jsonChapters.md)."""
    items = [
        {"startTime": chapter.start_ms / 1000, "endTime": chapter.end_ms / 1000, "title": chapter.title} for chapter in chapters
    ]
    document: dict[str, object] = {"version": "1.2.0", "chapters": items}
    if title:
        document["title"] = title
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def format_show_notes(chapters: Sequence[ChapterMark], title: str = "", comment: str = "") -> str:
    """Markdown with a time stamp for each chapter, which players turn into links."""
    blocks = [f"# {title}"] if title else []
    if comment:
        blocks.append(comment)
    if chapters:
        blocks.append("\n".join(f"- {stamp(chapter.start_ms)} {chapter.title}" for chapter in chapters))
    return "\n\n".join(blocks) + "\n"


def stamp(at_ms: int) -> str:
    """As in 3:07 or 1:02:03."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
