from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.errors import InputError
from declaim.model.cue import CueError, escape, parse_cues, shown_text
from declaim.model.delivery import DeliveryPreset
from declaim.model.script import Chapter, Line, Script
from declaim.scripts import ScriptError, format_script, looks_like_script, parse_script

SAMPLE = """# MyApp 2.0.0

## What's new

[NARRATOR]: Welcome to MyApp version 2.0. {pause:short} Dark mode is here.
[HOST1]: It follows your system setting.
[HOST2, theatrical]: And {emph:every} screen has it. {laugh}

## Fixes

[HOST1]: The {say:kube control|kubectl} plugin no longer hangs. {pause:800ms}
"""


def is_markup(text: str) -> bool:
    try:
        parse_cues(" ".join(text.split()))
    except CueError:
        return False
    return True


fragments = st.sampled_from(
    [
        "{pause:short}",
        "{emph:a b}",
        "\\{",
        "\\[",
        "\\#",
        "# ",
        "## x",
        "[HOST1]: ",
        "[host]:",
        "{id}",
        "{",
        "}",
        "\\",
        "\u2028",
        "\x85",
    ]
)
texts = st.lists(st.one_of(fragments, st.text(max_size=12)), max_size=6).map("".join)
markup = texts.filter(is_markup)
speakers = st.from_regex(r"[A-Z0-9_-]{1,8}", fullmatch=True)
lines = st.builds(Line, speakers, markup, st.one_of(st.none(), st.sampled_from(DeliveryPreset)))
titles = texts.filter(lambda text: bool(text.split()))
titled_chapters = st.lists(st.builds(Chapter, titles, st.lists(lines, max_size=4).map(tuple)), max_size=3)
first_chapters = st.lists(st.builds(Chapter, st.just(""), st.lists(lines, min_size=1, max_size=4).map(tuple)), max_size=1)
scripts = st.builds(
    lambda title, first, rest: Script(title, tuple(first + rest)), st.one_of(st.just(""), titles), first_chapters, titled_chapters
)


def test_the_sample_of_the_specification_is_read_and_written_unchanged() -> None:
    script = parse_script(SAMPLE)
    assert script.title == "MyApp 2.0.0"
    assert [(chapter.title, len(chapter.lines)) for chapter in script.chapters] == [("What's new", 3), ("Fixes", 1)]
    assert script.lines[2] == Line("HOST2", "And {emph:every} screen has it. {laugh}", DeliveryPreset.THEATRICAL)
    assert format_script(script) == SAMPLE


@given(scripts)
def test_parsing_what_was_formatted_gives_the_same_script(script: Script) -> None:
    assert parse_script(format_script(script)) == script


def said(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(st.lists(st.lists(markup.filter(lambda text: bool(said(text))), min_size=1, max_size=3), min_size=1, max_size=4))
def test_formatting_what_was_parsed_keeps_every_character_of_speech(paragraphs: list[list[str]]) -> None:
    marked = [
        ["[HOST1]: " + " ".join(first.split()), *(" x " + " ".join(line.split()) for line in rest)] for first, *rest in paragraphs
    ]
    text = "\n\n".join("\n".join(paragraph) for paragraph in marked)
    try:
        script = parse_script(text)
    except ScriptError:
        return
    assert said(format_script(script)) == said("".join(line for paragraph in marked for line in paragraph))
    assert parse_script(format_script(script)) == script


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        script = parse_script(text)
    except ScriptError as error:
        place = (error.line, error.column)
    else:
        assert parse_script(format_script(script)) == script
        return
    rows = re.split(r"\r\n|\r|\n", text)
    assert 1 <= place[0] <= len(rows)
    assert 1 <= place[1] <= len(rows[place[0] - 1]) + 1


@given(texts)
def test_escaped_words_are_read_as_they_stand(text: str) -> None:
    spans = parse_cues(escape(text))
    assert "".join(span.text for span in spans) == text  # type: ignore[union-attr]


def test_a_paragraph_without_a_speaker_is_a_new_line_by_the_speaker_before() -> None:
    script = parse_script("Hello\nthere.\n\n[HOST2]: Hi.\n\nStill me.\n")
    assert script.lines == (Line("NARRATOR", "Hello there."), Line("HOST2", "Hi."), Line("HOST2", "Still me."))


def test_escaped_signs_are_literal() -> None:
    script = parse_script("\\# not a title\n\n\\[HOST1]: not a speaker\n\n\\{pause:short} not a pause")
    assert [line.shown for line in script.lines] == ["# not a title", "[HOST1]: not a speaker", "{pause:short} not a pause"]
    assert parse_script(format_script(script)) == script


@pytest.mark.parametrize(
    ("text", "line", "column", "cure"),
    [
        ("# A\n\n# B", 3, 1, "##"),
        ("[A]: hi\n\n# Late", 3, 1, "top"),
        ("# A\n\n##\n\nhi", 3, 1, "##"),
        ("#", 1, 1, "name"),
        ("## A\n### Deep", 2, 1, "##"),
        ("[Host1]: hi", 1, 1, "[HOST1]:"),
        ("[HOST1 theatrical]: hi", 1, 1, "[HOST1, theatrical]:"),
        ("  [HOST1, theatricl]: hi", 1, 11, "theatrical"),
        ("[HOST1, loud]: hi", 1, 9, "measured"),
        ("[A]: one {puase:short}", 1, 10, "{pause:"),
        ("[A]: one\n  two {laught} x", 2, 7, "{laugh}"),
        ("[A]: one {emph:two", 1, 10, "}"),
        ("[A]: one {emph:two {breath} three}", 1, 10, "}"),
        ("[A]: {say:one}", 1, 6, "{say:spoken|shown}"),
        ("[A]: {pause:soon}", 1, 6, "800ms"),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_column_and_a_cure(text: str, line: int, column: int, cure: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert cure in caught.value.cure
    assert f"Line {line}" in str(caught.value)


def test_other_braces_and_brackets_are_ordinary_text() -> None:
    script = parse_script("[A]: GET /users/{id} and {x: 1} and [this] and #12")
    assert script.lines[0].shown == "GET /users/{id} and {x: 1} and [this] and #12"


@pytest.mark.parametrize(
    ("braced", "cure"),
    [
        ("{pause short}", "{pause:…}"),
        ("{pause}", "{pause:…}"),
        ("{pause=short}", "{pause:…}"),
        ("{pause-long}", "{pause:…}"),
        ("{ pause:short }", "{pause:…}"),
        ("{Pause:short}", "{pause:…}"),
        ("{puase:short}", "{pause:…}"),
        ("{emph every}", "{emph:…}"),
        ("{emphasis:every}", "{emph:…}"),
        ("{sya:cube|kubectl}", "{say:spoken|shown}"),
        ("{say kube control|kubectl}", "{say:spoken|shown}"),
        ("{whisper}", "{whisper:…}"),
        ("{sihg}", "{sigh}"),
        ("{laughs}", "{laugh}"),
        ("{laugh!}", "{laugh}"),
    ],
)
def test_a_near_miss_of_a_cue_is_never_spoken(braced: str, cure: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script(f"[A]: one {braced} two")
    assert (caught.value.line, caught.value.column) == (1, 10)
    assert cure in caught.value.cure
    assert parse_script(f"[A]: one \\{braced} two").lines[0].shown == f"one {braced} two"


@pytest.mark.parametrize(
    "braced",
    ["{}", "{ id }", "{name}", "{host}", "{sign}", "{parse}", "{fast_path}", "{pause_id}", "{a:b}", "{key: value}", "{a|b}"],
)
def test_braces_that_are_no_cue_stay(braced: str) -> None:
    assert parse_script(f"[A]: one {braced} two").lines[0].shown == f"one {braced} two"


def test_a_chapter_without_a_title_that_is_not_the_first_is_refused() -> None:
    with pytest.raises(InputError):
        format_script(Script("", (Chapter("A"), Chapter("", (Line("A", "x"),)))))


def test_a_line_of_100_000_characters_is_read_in_bounded_time() -> None:
    for unit in ("word ", "{", "[", "{emph:x} ", "\\", "# "):
        parse_script("[A]: " + unit * (100_000 // len(unit)))


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("anything", "talk.script.md", True),
        ("# T\n\n[NARRATOR]: Hi", "", True),
        ("[HOST2, theatrical]: Hi", "a.txt", True),
        ("# Changelog\n\n- [API]: a thing", "", False),
        ("## [UNRELEASED]\n\n[UNRELEASED]: https://example.com/compare/a...b\n[1]: https://example.com", "CHANGELOG.md", False),
        ("```\n[NARRATOR]: Hi\n```", "README.md", False),
        ("[Narrator]: Hi", "", False),
        ("", "", False),
    ],
)
def test_a_script_is_known_by_its_name_or_its_speakers(text: str, name: str, expected: bool) -> None:
    assert looks_like_script(text, name) is expected


def test_shown_text_leaves_no_cue_behind() -> None:
    assert shown_text(parse_script(SAMPLE).lines[3].text) == "The kubectl plugin no longer hangs."
