from __future__ import annotations

import json

from declaim.export import format_transcript, format_transcript_json
from declaim.model.library import LineTiming

TIMINGS = (
    LineTiming(0, 900, "HOST1", "Hello.", "One"),
    LineTiming(900, 900, "HOST1", "", "One"),
    LineTiming(1000, 2000, "HOST2", "Bye.", "Two"),
)


def test_a_transcript_has_headings_and_names():
    assert format_transcript(TIMINGS, "Title") == "Title\n\nOne\n\nHOST1: Hello.\n\nTwo\n\nHOST2: Bye.\n"


def test_one_speaker_alone_is_not_named():
    assert format_transcript(TIMINGS[:1]) == "One\n\nHello.\n"


def test_two_neighbours_of_one_title_have_two_headings():
    timings = [LineTiming(at, at + 1, "HOST1", f"Line {at}.", "Notes", chapter_index=at) for at in range(2)]

    assert format_transcript(timings) == "Notes\n\nLine 0.\n\nNotes\n\nLine 1.\n"


def test_the_json_transcript_has_times_in_seconds():
    segments = json.loads(format_transcript_json(TIMINGS))["segments"]

    assert segments == [
        {"speaker": "HOST1", "startTime": 0.0, "endTime": 0.9, "body": "Hello."},
        {"speaker": "HOST2", "startTime": 1.0, "endTime": 2.0, "body": "Bye."},
    ]
