from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.errors import InputError
from declaim.model.script import Line
from declaim.scripts import ScriptError, format_script, import_plain, parse_script
from declaim.scripts.plain import lines_apart


def test_plain_paragraphs_become_lines_of_the_narrator() -> None:
    script = import_plain("One line\nwrapped.\n\nAnother.")
    assert script.lines == (Line("NARRATOR", "One line wrapped."), Line("NARRATOR", "Another."))


def test_the_text_that_logtalk_returns_is_read() -> None:
    script = import_plain("[NARRATOR]: Welcome to Acme App...\n[HOST1]: Thanks!\nMore of it.")
    assert script.lines == (Line("NARRATOR", "Welcome to Acme App..."), Line("HOST1", "Thanks! More of it."))


def test_words_that_look_like_broken_mark_up_are_read_as_they_stand() -> None:
    text = "[Docs]: see {puase:short}\n\n### Deep {emph:bold"
    with pytest.raises(ScriptError):
        parse_script(text)
    assert [line.shown for line in import_plain(text).lines] == ["[Docs]: see {puase:short}", "### Deep {emph:bold"]


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(InputError):
        import_plain(" \n\n")


@given(st.text(max_size=200))
def test_any_text_with_words_becomes_a_script_that_can_be_written(text: str) -> None:
    try:
        script = import_plain(text)
    except InputError:
        return
    assert parse_script(format_script(script)) == script


def test_a_list_of_lines_is_a_line_each_and_a_wrapped_paragraph_stays_one():
    cases = "v2.0.0\nUpgraded from 1.9.12 to 2.0\nDark mode (#1234)\nRequires Python >=3.10\nJSON and YAML via nginx"
    assert len(import_plain(lines_apart(cases)).lines) == 5
    wrapped = "This paragraph was wrapped by an editor at some\nsixty columns, and it goes on for a while until\nit ends here."
    assert len(import_plain(lines_apart(wrapped)).lines) == 1
    assert lines_apart("[HOST1]: One\ngoes on.") == "[HOST1]: One\ngoes on."
