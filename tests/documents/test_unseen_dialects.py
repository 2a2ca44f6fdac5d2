"""Forms of changelogs met in the wild, each in a few lines of our own words."""

from __future__ import annotations

import datetime as dt

import pytest

from declaim.documents import parse_source
from declaim.documents.versions import parse_release_head
from declaim.model.source import SourceType


def releases(text, name="NEWS", form="text"):
    source = parse_source(text, origin=name, source_type=SourceType.CHANGELOG, format=form)
    return [(one.version, len(one.entries)) for one in source.releases]


@pytest.mark.parametrize(
    ("heading", "version", "date"),
    [
        ("Overview of changes in Owl 2.74.6", "2.74.6", None),
        ("NEWS for the Owl 3.8.1 release", "3.8.1", None),
        ("Changes between 3.0.6 and 3.0.7 [1 Nov 2022]", "3.0.7", dt.date(2022, 11, 1)),
        ("Version v2.39.5; changes since v2.39.4:", "2.39.5", None),
        ("Revision 0.6.1, released 20-09-2024", "0.6.1", dt.date(2024, 9, 20)),
        ("Version 3.1.4 - August, 2024", "3.1.4", None),
        ("v5.2.2 - January 2026", "5.2.2", None),
        ("20160726", "20160726", dt.date(2016, 7, 26)),
        ("Owl 5.1 release notes", "5.1", None),
        ("Version 10.42 11-December-2022", "10.42", dt.date(2022, 12, 11)),
    ],
)
def test_a_heading_names_its_release_and_its_date(heading, version, date):
    head = parse_release_head(heading)
    assert head is not None
    assert (head.version, head.date) == (version, date)


@pytest.mark.parametrize("heading", ["Migrating from 1.4 to 2.0", "Port to Autoconf 2.13.", "Changes since 1.2", "12345678"])
def test_a_guide_a_sentence_and_a_number_are_no_sure_release(heading):
    head = parse_release_head(heading)
    assert head is None or head.strength == 1


def test_indented_lines_without_bullets_are_entries():
    text = "version 0.2 [April 1, 1995]\n  added a reader\n  fixed small problems in stub\n    file and header\n\n"
    text += "version 0.1 [March 29, 1995]\n  first release\n"
    assert releases(text) == [("0.2", 2), ("0.1", 1)]


def test_indented_paragraphs_without_bullets_are_entries():
    text = (
        "0.20.4\n\n"
        "  proxy: support addresses with a port\n"
        "  https://x.io/pull/217\n\n"
        "  tls: accept values\n\n"
        "0.20.3\n\n"
        "  No changes.\n"
    )
    assert releases(text) == [("0.20.4", 2), ("0.20.3", 1)]


def test_a_column_of_issue_numbers_begins_entries():
    text = (
        "Release 2.5.0 Tue October 25 2022\n        Bug fixes:\n  #616 #649  Fix a leak after a bad\n                    header\n"
    )
    text += (
        "       #612  Fix the parser\n\nRelease 2.4.9 Tue September 20 2022\n        Bug fixes:\n       #610  Fix the reader\n"
    )
    assert releases(text) == [("2.5.0", 2), ("2.4.9", 1)]


def test_a_release_right_below_a_list_is_its_own():
    assert releases("0.14:\n  - Allow a logger\n    of your own\n  - Fix a typo\n0.13:\n  - Fix the build\n") == [
        ("0.14", 2),
        ("0.13", 1),
    ]


def test_bullets_can_name_releases_above_bullets_of_another_mark():
    text = (
        "* Version 2.5.4 - April 21, 2022\n- Update the table\n- Fix a leak\n\n* Version 2.5.3 - November 5, 2021\n- Add a test\n"
    )
    assert releases(text) == [("2.5.4", 2), ("2.5.3", 1)]


def test_subjects_of_a_shortlog_are_entries_and_authors_are_not():
    text = (
        "Version v1.1; changes since v1.0:\n"
        "---------------------------------\n\n"
        "Jane Doe (2):\n"
        "      hook: plug a leak\n"
        "      init: use the path\n\n"
    )
    text += "John Roe (1):\n      Revert it\n"
    assert releases(text) == [("1.1", 3)]


def test_paragraphs_of_an_outline_are_entries_and_so_are_titles_that_go_on():
    text = (
        "* Noteworthy changes in release 9.1 (2022-04-15)\n\n"
        "** Bug fixes\n\n"
        "  ls no longer lies\n"
        "  about links.\n\n"
        "  cp copies.\n\n"
    )
    text += "* Noteworthy changes in release 9.0\n\n** owl: Fix a hole in the\n   roof.\n\n** owl: Sing\n   louder.\n"
    assert releases(text) == [("9.1", 2), ("9.0", 2)]


def test_a_summary_of_a_release_inside_it_is_no_other_release():
    text = (
        "# Changes\n\n"
        "## 1.14.0 (2022-02-28)\n\n"
        "A new branch.\n\n"
        "### Summary of changes between 1.12 and 1.14.0\n\n"
        "- Build with C99\n"
    )
    assert releases(text, form="markdown") == [("1.14.0", 1)]


def test_a_wrapped_line_that_begins_with_a_version_is_no_release():
    text = (
        "Version 2.34\n\n"
        "* The flag behaves differently in\n"
        "  glibc and elsewhere, since release\n"
        "  2.33.\n\n"
        "It needs a kernel of\n"
        "4.7\n\n"
        "Version 2.33\n\n"
        "* One\n"
    )
    assert [version for version, _ in releases(text)] == ["2.34", "2.33"]


def test_packages_above_lists_say_where_their_entries_belong():
    text = (
        "## 2.3.0 (2026-03-12)\n\n"
        "#### :boom: Breaking Change\n"
        "* `core`\n"
        "  * [#501](https://x.io/501) Remove it\n"
        "  * [#502](https://x.io/502) Rename it\n"
    )
    source = parse_source(text, origin="CHANGELOG.md")
    assert [(entry.text, entry.scope, entry.breaking) for entry in source.releases[0].entries] == [
        ("Remove it", "core", True),
        ("Rename it", "core", True),
    ]


def test_words_before_a_reference_and_names_behind_one_are_credits():
    source = parse_source(
        "## 1.0.0\n\n- Pull request #343, issue #341: Port it\n- Fix it (owl#3; Peter Bee, Simon Vee)\n", origin="CHANGES.md"
    )
    assert [(entry.text, len(entry.references)) for entry in source.releases[0].entries] == [("Port it", 2), ("Fix it", 1)]


def test_the_latest_release_is_none_that_was_yanked():
    from declaim.documents import select_releases
    from declaim.documents.selection import passed_over

    text = "# Changelog\n\n## [1.2.1] - 2026-02-01 [YANKED]\n\n- Bad\n\n## [1.2.0] - 2026-01-15\n\n- Good\n"
    source = parse_source(text, origin="CHANGELOG.md")
    chosen = select_releases(source)
    assert [one.version for one in chosen] == ["1.2.0"]
    assert [(left.text, left.reason) for left in passed_over(source, chosen)] == [("1.2.1", "yanked release")]
    alone = parse_source(text.split("## [1.2.0]")[0], origin="CHANGELOG.md")
    assert [one.version for one in select_releases(alone)] == ["1.2.1"]


def test_of_a_page_only_its_main_part_is_read():
    words = "The owl sleeps all day long. " * 12
    page = "<html><head><title>Owls</title></head><body><header><h1>My site</h1></header><nav><ul><li>Home</li></ul></nav>"
    source = parse_source(f"{page}<main><h1>A day</h1><p>{words}</p></main><footer>Imprint</footer></body></html>", format="html")
    assert source.title == "A day"
    assert not any(word in source.markdown for word in ("My site", "Home", "Imprint"))


def test_a_table_of_contents_is_left_out():
    text = "# Owl\n\nIt flies.\n\n## Table of Contents\n\n- [One](#one)\n  - [Half](#half)\n- [Two](#two)\n\n## One\n\nWords.\n"
    source = parse_source(text)
    assert [left.reason for left in source.left_out] == ["table of contents"]
    assert "Table of Contents" not in [block.text for block in source.blocks]


def test_a_section_is_no_title():
    source = parse_source("Owl is a program.\n\n## Installing\n\nA.\n\n## Using\n\nB.\n", origin="/src/owl/README.md")
    assert source.title == "owl"
