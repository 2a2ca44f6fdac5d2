"""What is read line by line has the nodes that markdown-it finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaim.documents import markdown
from declaim.documents.markdown import parse_markdown
from declaim.documents.nodes import Tree
from declaim.documents.simple_markdown import simple_nodes

SAMPLES = Path(__file__).parents[1] / "samples" / "sources"
HEADS = [
    "",
    "",
    "",
    "- ",
    "* ",
    "+ ",
    "-   ",
    "# ",
    "## ",
    "###### ",
    "1. ",
    "> ",
    "```",
    "~~~",
    "    ",
    "\t",
    "| ",
    "<div>",
    "<!-- ",
]
WORDS = [
    "words",
    "**bold** words",
    "`code`",
    "[link](x)",
    "[label]: x",
    "[ ] task",
    "#12",
    "1.2",
    "2) x",
    "---",
    "===",
    "a | b",
    "-x",
    "",
]
TAILS = ["", " ", " #", "`` ` ``", "-->", "é"]
LINES = st.tuples(st.integers(0, 9).map(" ".__mul__), st.sampled_from(HEADS), st.sampled_from(WORDS), st.sampled_from(TAILS)).map(
    "".join
)


def whole(text: str, *, indented_code: bool = True) -> Tree:
    """The tree that markdown-it makes of the whole text."""
    lines = text.split("\n")
    builder = markdown._Builder(lines)
    builder.add_all(markdown._parser(indented_code, "]:" in text).parse(text), 0)
    return Tree(builder.root, builder.links, builder.left_out)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(LINES, st.just("")), min_size=1, max_size=14).map("\n".join), st.booleans())
def test_whatever_the_lines_are_the_tree_is_that_of_the_whole_text(text: str, indented_code: bool) -> None:
    assert parse_markdown(text, indented_code=indented_code) == whole(text, indented_code=indented_code)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.md")), ids=lambda path: path.stem)
def test_the_samples_have_the_tree_of_the_whole_text(path: Path) -> None:
    text = path.read_text("utf-8")

    assert parse_markdown(text) == whole(text)


def test_headings_bullets_and_their_paragraphs_are_read_line_by_line() -> None:
    lines = ["## 1.0", "", "- one", "  goes on", "", "  more of it", "  - below", "* other", "lazily"]

    nodes = simple_nodes(lines, 1)

    assert nodes == whole("\n".join(lines)).nodes


@pytest.mark.parametrize(
    "line", ["```", "    code", "> quote", "1. one", "<b>", "| a |", "---", "[a]: b", "\tx", "## x ##", "- - a"]
)
def test_what_could_be_more_than_words_is_left_to_the_whole_parser(line: str) -> None:
    assert simple_nodes(["# A", "", line], 1) is None


def test_a_heading_inside_of_code_stays_code() -> None:
    text = "# A\n\n```\nx\n\n# no heading\n\n## neither\n\n# nor this\n```\n\n# B\n\n- x"

    assert [node.text for node in parse_markdown(text).nodes if node.level] == ["A", "B", ""]
