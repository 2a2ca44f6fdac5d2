"""What is shown of an answer that has no end yet."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.scripts.streamed import readable

ANSWER = json.dumps(
    {
        "title": "Anvil 2",
        "chapters": [
            {"title": "News", "lines": [{"speaker": "HOST1", "text": 'He said "dark" — ok.\nNow.', "first_source_line": 1}]},
            {"title": "Fixes", "lines": [{"speaker": "HOST2", "text": "The login works.", "first_source_line": 2}]},
        ],
    }
)


def test_a_whole_answer_reads_like_a_script():
    assert (
        readable(ANSWER) == '# Anvil 2\n\n## News\n\n[HOST1]: He said "dark" — ok.\nNow.\n\n## Fixes\n\n[HOST2]: The login works.'
    )


@pytest.mark.parametrize("length", range(0, len(ANSWER), 7))
def test_every_beginning_reads_as_a_beginning(length):
    shown = readable(ANSWER[:length])
    assert readable(ANSWER).startswith(shown)


@given(st.text(max_size=200))
def test_whatever_comes_is_shown_without_an_error(answer):
    assert isinstance(readable(answer), str)
    assert isinstance(readable('{"title": "' + answer), str)
