"""Documents that are no changelogs: blocks, lines, what is left out; and HTML."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from declaim.documents import parse_source, read_source
from declaim.model.source import BlockKind, SourceType

KIND = BlockKind
SRC = str(Path(__file__).parents[2] / "src")


def test_a_document_becomes_blocks_with_the_lines_of_the_file(samples):
    source = read_source(samples / "article.md")
    assert source.source_type is SourceType.DOCUMENT
    assert (source.title, source.product_name) == ("On Moss", "Mossbook")
    assert [(block.kind, block.text, block.source_lines) for block in source.blocks] == [
        (KIND.HEADING, "On Moss", (7, 7)),
        (KIND.PARAGRAPH, "Moss is *quiet*. It grows on the north side.", (9, 10)),
        (KIND.IMAGE, "A stone", (12, 12)),
        (KIND.HEADING, "1. Where it grows", (14, 14)),
        (KIND.LIST_ITEM, "On stones", (16, 16)),
        (KIND.LIST_ITEM, "On bark", (17, 17)),
        (KIND.LIST_ITEM, "old bark", (18, 18)),
        (KIND.LIST_ITEM, "young bark", (19, 19)),
        (KIND.PARAGRAPH, "A note on bark.", (21, 21)),
        (KIND.QUOTE, "Moss has no roots.", (23, 23)),
        (KIND.QUOTE, "It has rhizoids.", (25, 25)),
        (KIND.CODE, "moss.grow()\n", (27, 29)),
        (KIND.TABLE, "", (31, 34)),
        (KIND.HTML, "Moss in the rain", (36, 36)),
        (KIND.RULE, "", (40, 40)),
        (KIND.LIST_ITEM, "watered", (42, 42)),
        (KIND.LIST_ITEM, "trimmed", (43, 43)),
    ]


def test_blocks_know_their_depth_number_language_and_rows(samples):
    blocks = read_source(samples / "article.md").blocks
    assert [(block.level, block.number) for block in blocks if block.kind is KIND.LIST_ITEM][:4] == [
        (1, 1),
        (1, 2),
        (2, None),
        (2, None),
    ]
    assert [block.level for block in blocks if block.kind is KIND.QUOTE] == [1, 2]
    assert next(block.language for block in blocks if block.kind is KIND.CODE) == "python"
    table = next(block for block in blocks if block.kind is KIND.TABLE)
    assert table.rows == (("Kind", "Height"), ("*Polytrichum*", "40 cm"), ("Sphagnum", "10 cm"))


def test_what_a_document_does_not_say_aloud_is_noted(samples):
    source = read_source(samples / "article.md")
    assert [(note.source_lines, note.reason) for note in source.left_out] == [
        ((1, 5), "front matter"),
        ((12, 12), "image"),
        ((27, 29), "code block"),
        ((38, 38), "HTML comment"),
        ((45, 45), "footnote"),
    ]


def test_front_matter_in_toml_is_read():
    source = parse_source('+++\ntitle = "On Rain"\nproduct = "Rainbook"\n+++\n\nIt rains.\n')
    assert (source.title, source.product_name) == ("On Rain", "Rainbook")
    assert source.blocks[0].source_lines == (6, 6)


def test_a_rule_and_prose_are_no_front_matter():
    source = parse_source("---\n\nIt rains, and rains.\n\n---\n\nStill.\n")
    assert not source.front_matter
    assert [block.kind for block in source.blocks] == [KIND.RULE, KIND.PARAGRAPH, KIND.RULE, KIND.PARAGRAPH]


def test_images_and_badges_inside_a_text_are_taken_out():
    source = parse_source("[![build](https://example.org/b.svg)](https://example.org) Words ![x](y.png) and more.<!-- no -->\n")
    assert source.blocks[0].text == "Words and more."
    assert [note.reason for note in source.left_out] == ["HTML comment", "badge", "image"]


def test_a_file_without_a_title_takes_its_name():
    assert parse_source("Words.", origin="/somewhere/on rain.md").title == "on rain"


def test_notes_of_myst_and_alerts_are_words():
    source = parse_source("(anchor)=\n# Head\n\nSee {ref}`the guide <guide>` and {issue}`12`.\n\n> [!NOTE]\n> Careful.\n")
    assert [block.text for block in source.blocks] == ["Head", "See the guide and #12.", "Note: Careful."]


def test_a_page_becomes_blocks_and_nothing_of_it_runs():
    page = """<html><head><title>Page</title><style>p {}</style><script>alert("no")</script></head><body>
    <h1>On <em>Moss</em></h1><p>It is <b>green </b>and <a href="https://example.org">soft</a>.<br>Yes.</p>
    <ul><li>One<ol><li>Two</li></ol></li><li>Three</li></ul>
    <blockquote><p>Quoted</p></blockquote><pre><code class="language-sh">moss --grow</code></pre>
    <table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
    <iframe src="https://example.org">no</iframe><img src="x.png" alt="A stone"><a href="javascript:no()">word</a>
    </body></html>"""
    source = parse_source(page, format="html")
    assert source.title == "On Moss"
    assert [(block.kind, block.text) for block in source.blocks] == [
        (KIND.HEADING, "On *Moss*"),
        (KIND.PARAGRAPH, "It is **green** and [soft](https://example.org). Yes."),
        (KIND.LIST_ITEM, "One"),
        (KIND.LIST_ITEM, "Two"),
        (KIND.LIST_ITEM, "Three"),
        (KIND.QUOTE, "Quoted"),
        (KIND.CODE, "moss --grow\n"),
        (KIND.TABLE, ""),
        (KIND.PARAGRAPH, "word"),
    ]
    assert "no" not in source.markdown.split()


def test_text_of_a_page_that_looks_like_markup_stays_text():
    source = parse_source("<p># no heading</p><p>1. no list</p><p>5 &lt; 6 and &lt;b&gt;</p>", format="html")
    assert [block.kind for block in source.blocks] == [KIND.PARAGRAPH] * 3


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Title\n=====\n\nPart\n----\n\nText.\n", [1, 2]),
        ("=====\nTitle\n=====\n\nPart\n~~~~\n\nDeeper\n''''''\n\nText.\n", [1, 2, 3]),
    ],
)
def test_underlined_titles_of_plain_text_are_headings(text, levels):
    source = parse_source(text, format="text")
    assert [block.level for block in source.blocks if block.kind is KIND.HEADING] == levels
    assert source.blocks[-1].text == "Text."


def test_plain_text_bullets_nest_by_their_indent():
    source = parse_source("Shopping:\n\n    * bread\n        - rye\n          from the mill\n    * milk\n", format="text")
    assert [(block.text, block.level) for block in source.blocks] == [
        ("Shopping:", 0),
        ("bread", 1),
        ("rye from the mill", 2),
        ("milk", 1),
    ]


def test_a_grid_table_of_restructured_text_is_a_table():
    text = "+---+---+\n| A | B |\n+===+===+\n| 1 | 2 |\n+---+---+\n| 3 | 4 |\n+---+---+\n\nEnd.\n"
    source = parse_source(text, format="rst")
    assert source.blocks[0].rows == (("A", "B"), ("1", "2"), ("3", "4"))
    assert source.blocks[1].source_lines == (9, 9)


def test_a_link_of_restructured_text_finds_its_target():
    source = parse_source(
        "See guide_ and `the other one`_.\n\n.. _guide: https://example.org/g\n.. _the other one: https://example.org/o\n",
        format="rst",
    )
    assert source.blocks[0].text == "See [guide](https://example.org/g) and [the other one](https://example.org/o)."


def test_pages_and_release_objects_are_known_without_a_name(samples):
    assert parse_source("<!DOCTYPE html><html><body><h1>Moss</h1><p>Soft.</p></body></html>").title == "Moss"
    assert len(parse_source((samples / "github_releases.json").read_text()).releases) == 3


def test_importing_the_package_loads_no_parser():
    names = "('markdown_it', 'mammoth', 'pdfminer', 'charset_normalizer', 'declaim.documents.parsing')"
    code = f"import sys, declaim.documents; print([name for name in {names} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": SRC}
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert made.stdout.strip() == "[]"
