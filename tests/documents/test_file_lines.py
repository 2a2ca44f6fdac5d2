"""Lines of the Markdown as lines of the file that it was made of."""

from __future__ import annotations

import json

import pytest

from declaim.documents import parse_source

PAGE = """<!doctype html>
<html>
<head><title>Owl
 news</title></head>
<body>

<h1>Owl
  changes</h1>
<p>The window
opens <b>at
once</b>.</p>
<ul>
<li>Dark mode</li>

<li>Two
speakers</li></ul><p>Alpha<br>
beta<br>gamma</p>
<pre>first
second</pre>
<table><tr><th>Key</th><th>Does</th></tr>
<tr><td>F1</td><td>Help</td></tr></table>
<p>&nbsp;</p>
<p>The end.</p>
</body>
</html>
"""


@pytest.fixture
def page():
    return parse_source(PAGE, format="html")


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("# Owl changes", (7, 8)),
        ("The window opens", (9, 11)),
        ("- Dark mode", (13, 13)),
        ("- Two speakers", (15, 16)),
        ("beta", (17, 17)),
        ("second", (18, 19)),
        ("| F1 | Help |", (20, 21)),
        ("The end.", (23, 23)),
    ],
)
def test_each_line_made_of_a_page_knows_where_its_words_stand(page, words, lines):
    at = next(number for number, line in enumerate(page.markdown.splitlines(), 1) if line.startswith(words))
    assert page.in_file((at, at)) == lines


def test_a_line_of_a_page_that_breaks_has_places_of_its_own(page):
    at = page.markdown.splitlines().index("Alpha") + 1
    assert [page.in_file((number, number)) for number in (at, at + 1, at + 2)] == [(16, 16), (17, 17), (17, 17)]
    assert page.in_file((at, at + 2)) == (16, 17)


def test_every_line_of_the_markdown_is_placed(page):
    assert len(page.file_lines) == len(page.markdown.splitlines())


def test_a_page_whose_text_is_in_its_main_part_counts_from_the_top_of_the_file():
    words = "It is long enough to be what the page is about. " * 6
    page = parse_source(f"<html>\n<title>Owl</title>\n<nav>Home</nav>\n<main>\n<p>{words}</p>\n</main>\n</html>", format="html")
    assert page.markdown.startswith("# Owl\n\nIt is long")
    assert page.file_lines == ((5, 5),) * 3


def test_notes_of_a_release_stand_in_the_line_of_their_json():
    releases = [
        {"tag_name": "v2.0", "assets": [], "body": "- Dark mode\r\n- Two speakers"},
        {"tag_name": "v1.9", "draft": True, "body": ""},
        {"body": "- Dark mode\r\n- Two speakers", "tag_name": "v1.0"},
    ]
    text = json.dumps(releases, indent=1)
    lines = text.split("\n")
    source = parse_source(text, format="json")
    for release, tag in zip(source.releases, ("v2.0", "v1.0"), strict=True):
        first, last = source.in_file(release.entries[1].source_lines)
        assert first == last
        assert "Two speakers" in lines[first - 1]
        assert tag in "".join(lines[first - 4 : first + 2])
        assert tag in lines[source.in_file((release.source_lines[0],) * 2)[0] - 1]


@pytest.mark.parametrize(
    ("text", "form"), [("# Owl\n\nWords.\n", "markdown"), ("Owl\n===\n\nWords.\n", "rst"), ("Words.", "text")]
)
def test_lines_of_other_texts_are_those_of_the_file(text, form):
    source = parse_source(text, format=form)
    assert source.file_lines == ()
    assert source.in_file((1, 3)) == (1, 3)
