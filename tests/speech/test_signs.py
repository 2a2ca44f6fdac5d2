"""Signs that are words in one place and nothing in another: a closer look than the table of cases gives."""

from __future__ import annotations

import pytest

from declaim.speech import Speech

SPEECH = Speech()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("The `--jobs` option, the --jobs flag and --jobs alone", "The jobs option, the jobs flag and jobs flag alone"),
        ("Use `-q/--quiet`", "Use q or quiet flag"),
        ("wait--what", "wait--what"),
        ("Thanks @hubot for the fix", "Thanks hubot for the fix"),
        ("Thanks to @hubot!", "Thanks to hubot!"),
        ("Revert #12", "Revert number twelve"),
        ("See issue #12.", "See issue number twelve."),
        ("Fixed in #12.", "Fixed."),
        ("It returns 500 rows", "It returns 500 rows"),
        ("The 200 metre run", "The 200 metre run"),
        ("fix: e.g. this", "for example this"),
        ("Apples, pears, etc. Then more.", "Apples, pears, et cetera. Then more."),
        ("Read/write access", "Read write access"),
        ("R&D, Q&A, B&B", "R and D, Q and A, B and B"),
        ("[Unreleased] stays", "[Unreleased] stays"),
        ("the 90s and the 1980s", "the 90s and the 1980s"),
        ("a timeout of 90s", "a timeout of ninety seconds"),
        ("version v2.0.0", "version two point oh"),
        ("GET the book", "GET the book"),
        ("Next 3 days", "Next 3 days"),
    ],
)
def test_a_sign_is_read_by_what_stands_around_it(written, said):
    assert SPEECH.spoken_text(written) == said
