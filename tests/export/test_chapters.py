from __future__ import annotations

import json

from declaim.export import ChapterMark, chapters_of, format_chapters, format_show_notes
from declaim.model.library import LineTiming


def line(start_ms, chapter, chapter_index=0):
    return LineTiming(start_ms, start_ms + 500, "NARRATOR", "Words.", chapter, chapter_index=chapter_index)


def test_a_chapter_starts_with_its_first_line_and_ends_where_the_next_one_starts():
    timings = [line(120, "One"), line(1000, "One"), line(2000, "Two")]

    assert chapters_of(timings, 3000) == (ChapterMark("One", 0, 2000), ChapterMark("Two", 2000, 3000))


def test_two_neighbours_of_one_title_are_two_chapters():
    timings = [line(0, "Notes", 0), line(1000, "Notes", 0), line(2000, "Notes", 1)]

    assert chapters_of(timings, 3000) == (ChapterMark("Notes", 0, 2000), ChapterMark("Notes", 2000, 3000))


def test_lines_before_the_first_heading_are_the_introduction():
    assert [chapter.title for chapter in chapters_of([line(0, ""), line(900, "Two")], 3000)] == ["Introduction", "Two"]


def test_a_script_without_headings_has_no_chapters():
    assert chapters_of([line(0, ""), line(900, "")], 3000) == ()
    assert chapters_of([], 0) == ()


def test_chapters_are_podcasting_json():
    document = json.loads(format_chapters((ChapterMark("Öne", 0, 1500),), "The show"))

    assert document == {
        "version": "1.2.0",
        "title": "The show",
        "chapters": [{"startTime": 0.0, "endTime": 1.5, "title": "Öne"}],
    }


def test_show_notes_have_a_time_for_each_chapter():
    notes = format_show_notes((ChapterMark("One", 0, 65_000), ChapterMark("Two", 3_665_000, 4_000_000)), "Show", "About it.")

    assert notes == "# Show\n\nAbout it.\n\n- 0:00 One\n- 1:01:05 Two\n"
