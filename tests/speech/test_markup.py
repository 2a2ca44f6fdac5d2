"""Inline mark-up, taken out for the eyes and for the voice."""

from __future__ import annotations

import pytest

from declaim.speech.markup import for_eyes, for_voice


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and *it* and ~~gone~~", "bold and it and gone"),
        ("[docs](https://x.io/a_(b) \"t\") and [more][1]", "docs and more"),
        ("`a*b*c` stays", "a*b*c stays"),
        ("``a`b`` stays", "a`b stays"),
        ("![logo](x.png) text", "text"),
        ("[![ci](a.svg)](b)", ""),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("<b>x</b> &amp; y<br>z", "x & y z"),
        ("List<String> stays", "List<String> stays"),
        (r"\*not emphasis\*", "*not emphasis*"),
        ("🚀 stays for the eyes (#12)", "🚀 stays for the eyes (#12)"),
        ("{ref}`the guide <guide>` and :func:`run`", "the guide and run"),
        ("unclosed `code and **bold", "unclosed `code and **bold"),
        ("a <!-- hidden --> b", "a b"),
        ("<script>alert(1)</script>safe", "safe"),
    ],
)  # fmt: skip
def test_captions_have_no_mark_up(written, shown):
    assert for_eyes(written) == shown


def test_the_voice_hears_no_emoji_and_knows_what_was_code():
    assert for_voice("🚀 Ship `it` :tada: now") == "Ship \ue000it\ue001 now"
