from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from declaim.model.delivery import DeliveryPreset
from declaim.model.script import Chapter, Line, Script
from declaim.scripts import format_script, parse_script
from declaim.ui.script.rows import Row, RowKind, has_mark_up, read_rows, typed_prefix, write_rows

WORDS = st.text("abc ÄÖ,.{}[]:#\\|0-9🎉'", min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
LINES = st.builds(Line, st.sampled_from(["NARRATOR", "HOST1", "A-B_9"]), WORDS, st.sampled_from([None, *DeliveryPreset]))
TITLES = st.text("abc Ä!🎉", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
SCRIPTS = st.builds(
    Script,
    st.one_of(st.just(""), TITLES),
    st.lists(st.builds(Chapter, TITLES, st.lists(LINES, max_size=4).map(tuple)), max_size=4).map(tuple),
)


@given(SCRIPTS)
def test_rows_write_what_the_script_format_writes(script):
    text = format_script(script)
    title, rows = read_rows(text)
    assert title == script.title
    assert write_rows(rows, title) == text


@given(st.text(max_size=200))
def test_any_text_is_read_and_keeps_its_words(text):
    title, rows = read_rows(text)
    again = read_rows(write_rows(rows, title))
    assert write_rows(again[1], again[0]) == write_rows(rows, title)


def test_a_script_with_a_mistake_is_read_all_the_same():
    text = "## One\n\n[HOST1]: A {puase:short} here.\n[HOST2]: Fine.\n"
    assert write_rows(read_rows(text)[1]) == text


def test_a_paragraph_without_a_speaker_belongs_to_the_one_before():
    _, rows = read_rows("[HOST2]: One.\n\nTwo\ngoes on.\n")
    assert [(row.speaker, row.text) for row in rows] == [("HOST2", "One."), ("HOST2", "Two goes on.")]


def test_rows_without_words_are_left_out():
    rows = [Row(RowKind.CHAPTER, " "), Row(RowKind.LINE, "", "HOST1"), Row(RowKind.LINE, "Hello.", "HOST1")]
    assert write_rows(rows, "T") == "# T\n\n[HOST1]: Hello.\n"
    assert parse_script(write_rows(rows)).lines == (Line("HOST1", "Hello."),)


def test_typed_prefixes_make_chips_and_chapters():
    assert typed_prefix("## Fixes").kind is RowKind.CHAPTER
    assert typed_prefix("[host1, dynamic]: Hi").speaker == "HOST1"
    assert typed_prefix("[host1, dynamic]: Hi").delivery is DeliveryPreset.DYNAMIC
    assert typed_prefix("[1]: not") is not None
    assert typed_prefix("[no good]: x") is None
    assert typed_prefix("#hash") is None


def test_only_text_with_rows_of_its_own_is_pasted_as_rows():
    assert has_mark_up("[HOST1]: Hi")
    assert has_mark_up("One.\n\nTwo.")
    assert not has_mark_up("just words\n")
