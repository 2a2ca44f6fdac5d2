"""Chapters of a take from its lines' real times, as Podcasting 2.0 JSON and as show notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

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
    starts: list[tuple[int, str]] = []
    previous: str | None = None
    for timing in timings:
        if timing.chapter != previous:
            starts.append((timing.start_ms if starts else 0, timing.chapter or UNTITLED))
            previous = timing.chapter
    if not any(timing.chapter for timing in timings):
        return ()
    ends = [*(start for start, _ in starts[1:]), max(duration_ms, starts[-1][0])]
    return tuple(ChapterMark(title, start, end) for (start, title), end in zip(starts, ends, strict=True))


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
