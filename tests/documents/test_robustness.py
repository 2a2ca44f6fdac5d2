"""Any text is read or refused in words, in bounded time."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.documents import parse_source, select_releases
from declaim.documents.credits import take_credits
from declaim.documents.dates import find_date
from declaim.documents.decoding import decode
from declaim.documents.reading import FORMATS
from declaim.documents.versions import parse_release_head
from declaim.errors import InputError
from declaim.model.source import Source, SourceType

PIECES = st.sampled_from(
    [
        *(
            "#",
            "##",
            "-",
            "*",
            "+",
            ">",
            "1.",
            "|",
            "```",
            "~~~",
            "---",
            "===",
            "**",
            "_",
            "`",
            "[",
            "]",
            "(",
            ")",
            "!",
            "<",
            "&",
            "::",
        ),
        *("..", "\\", "{", "}", "@", "\t"),
        *(
            "\n",
            "\n\n",
            "\n  ",
            "\n    ",
            " ",
            "[1.2.0]",
            "2026-01-15",
            "v2.0.0-rc.1",
            "(#12)",
            "by @x",
            "feat(a)!: b",
            "a1b2c3d",
        ),
        *(
            "[Unreleased]",
            "### Added",
            "word",
            "über",
            "שלום",
            "💥",
            "<div>",
            "</div>",
            "<!--",
            "-->",
            "| a | b |",
            "|---|---|",
            "[x]: y",
        ),
        *(
            ".. note::",
            ".. _a: b",
            "=====",
            "-----",
            "pkg (1.2-1) unstable; urgency=low",
            " -- A <a@b>  Thu, 15 Jan 2026 10:00:00 +0000",
        ),
        *('{"tag_name": "v1", "body": "x"}', "---", "title: x", "\x00", "\r", "\u2028", "\ufeff"),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=40).map(" ".join))


def read_or_refused(text: str, **options) -> Source | None:
    """The source, or None for a refusal, which must have its words."""
    try:
        return parse_source(text, **options)
    except InputError as error:
        refusal = error
    assert refusal.message
    assert refusal.cure
    return None


@given(TEXTS, st.sampled_from(FORMATS), st.sampled_from([None, SourceType.CHANGELOG, SourceType.DOCUMENT]))
def test_any_text_is_read_or_refused_in_words(text, source_format, source_type):
    source = read_or_refused(text, format=source_format, source_type=source_type)
    if source is None:
        return
    count = source.markdown.count("\n") + 1
    spans = [block.source_lines for block in source.blocks] + [note.source_lines for note in source.left_out]
    for release in source.releases:
        spans += [release.source_lines, *(entry.source_lines for entry in release.entries)]
    assert all(1 <= first <= last <= count for first, last in spans)
    if source_format in ("text", "rst"):
        assert count == text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


@given(TEXTS)
def test_markdown_of_any_text_gives_the_same_source_again(text):
    source = read_or_refused(text, format="rst")
    if source is None or source.markdown.lstrip().startswith(("{", "[", "<")):
        # Release objects and pages are known by their beginning, whatever they were called.
        return
    again = read_or_refused(source.markdown)
    if again is None:
        assert not source.blocks
        return
    assert again.source_type == source.source_type
    assert again.blocks == source.blocks


@given(TEXTS, st.text(max_size=12), st.text(max_size=12))
def test_any_wish_for_releases_is_met_or_refused(text, release, since):
    source = read_or_refused(text, source_type=SourceType.CHANGELOG)
    if source is not None:
        with suppress(InputError):
            assert select_releases(source, release=release, since=since)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data):
    with suppress(InputError):
        assert "\0" not in decode(data)


@given(st.text(max_size=80))
def test_dates_and_versions_never_fail(text):
    find_date(text)
    parse_release_head(text)


@given(st.text(alphabet="()[]#@ab1 ,.-/`:", max_size=60))
def test_credits_only_take_ends_off(text):
    found = take_credits(text)
    assert found.text.rstrip(".!") in text or not found.text


LONG = 100_000
HOSTILE = [
    "x" * LONG,
    "x " * (LONG // 2),
    "[" * LONG,
    "![" * (LONG // 2),
    "`" * LONG,
    "*a_" * (LONG // 3),
    "<" * LONG,
    "<!--" * (LONG // 4),
    "<a " * (LONG // 3),
    "- " * (LONG // 2),
    "> " * (LONG // 2),
    "#1 " * (LONG // 3),
    "(#1, " * (LONG // 5),
    "by @a " * (LONG // 6),
    "1.2." * (LONG // 4),
    "a|" * (LONG // 2),
    "```\n" + "x\n" * 20_000,
    "<div>" * (LONG // 5),
    "<b>" * (LONG // 3),
    "[x]: y\n" * 3_000,
]


@pytest.mark.parametrize("source_format", ["markdown", "rst", "html"])
@pytest.mark.parametrize("line", HOSTILE, ids=[repr(text[:8]) for text in HOSTILE])
def test_hostile_lines_take_bounded_time(line, source_format):
    started = time.process_time()
    read_or_refused(f"# Changelog\n\n## 1.0.0\n\n- {line}", format=source_format)
    assert time.process_time() - started < 10


def test_forty_levels_of_lists_are_read():
    text = "\n".join("  " * level + f"- level {level}" for level in range(40))
    source = parse_source(f"## 1.0.0\n\n{text}\n", source_type=SourceType.CHANGELOG)
    entry, depth = source.releases[0].entries[0], 1
    while entry.children:
        entry, depth = entry.children[0], depth + 1
    assert (depth, entry.text) == (40, "level 39")
    assert len(parse_source(text).blocks) == 40


def test_thousands_of_levels_are_cut_and_not_followed():
    assert parse_source("> " * 5000 + "deep").blocks is not None
    assert parse_source("<ul><li>" * 5000 + "deep", format="html").blocks
    assert parse_source("\n".join(" " * level + "- x" for level in range(2000)), format="text").blocks


def test_an_unclosed_fence_is_code_to_the_end():
    source = parse_source("# Head\n\n```\ncode\nmore\n")
    assert [(note.source_lines, note.reason) for note in source.left_out] == [((3, 5), "code block")]


def test_text_from_right_to_left_is_kept():
    source = parse_source("# יומן שינויים\n\n## 1.2.0 - 2026-01-15\n\n- נוסף מצב כהה (#12)\n", source_type=SourceType.CHANGELOG)
    assert source.releases[0].entries[0].text == "נוסף מצב כהה"


@pytest.mark.parametrize("text", ["{", "[]", "{}", "null", "42", '"text"', '[{"a": 1}]', "[" * 100_000, '{"releases": []}'])
def test_json_without_releases_is_refused_with_the_cure(text):
    with pytest.raises(InputError) as caught:
        parse_source(text, format="json")
    assert "releases" in caught.value.cure
