from __future__ import annotations

import datetime as dt

import pytest

from declaim.documents import parse_source, read_source
from declaim.model.source import GroupKind, SourceType

KIND = GroupKind
JAN = dt.date(2026, 1, 15)

# file: dialect, product, [(version, date, [(kind, title, entries)])]
EXPECTED = {
    "release_please.md": (
        "conventional",
        "",
        [
            (
                "1.4.0",
                dt.date(2026, 3, 2),
                [(KIND.BREAKING, "BREAKING CHANGES", 1), (KIND.ADDED, "Features", 2), (KIND.FIXED, "Bug Fixes", 1)],
            ),
            ("1.3.1", dt.date(2026, 2, 14), [(KIND.FIXED, "Bug Fixes", 1)]),
            (
                "1.3.0",
                dt.date(2026, 2, 1),
                [(KIND.PERFORMANCE, "Performance Improvements", 1), (KIND.REMOVED, "Reverts", 1)],
            ),
        ],
    ),
    "commits.md": (
        "commits",
        "",
        [("", None, [(KIND.ADDED, "", 2), (KIND.FIXED, "", 2), (KIND.DOCUMENTATION, "", 1), (KIND.INTERNAL, "", 1)])],
    ),
    "git_oneline.txt": (
        "git-oneline",
        "",
        [
            ("", None, [(KIND.ADDED, "", 1), (KIND.FIXED, "", 1)]),
            ("0.2.0", None, [(KIND.INTERNAL, "", 1), (KIND.OTHER, "", 1)]),
            ("0.1.0", None, [(KIND.OTHER, "", 1)]),
        ],
    ),
    "git_log.txt": ("git-log", "", [("", None, [(KIND.ADDED, "", 1), (KIND.FIXED, "", 1)])]),
    "whats_changed.md": (
        "github",
        "owl",
        [
            (
                "3.2.0",
                None,
                [(KIND.ADDED, "Exciting New Features", 2), (KIND.FIXED, "Bug Fixes", 1), (KIND.CHANGED, "Other Changes", 1)],
            )
        ],
    ),
    "github_releases.json": (
        "releases-json",
        "owl",
        [
            ("3.2.0", dt.date(2026, 5, 4), [(KIND.OTHER, "What's Changed", 2)]),
            (
                "3.2.0-beta.1",
                dt.date(2026, 4, 1),
                [(KIND.OTHER, "Try it", 1), (KIND.ADDED, "Added", 1), (KIND.FIXED, "Fixed", 1)],
            ),
            ("3.1.0", dt.date(2026, 3, 1), []),
        ],
    ),
    "node.md": (
        "node",
        "Heron.js",
        [
            (
                "24.1.0",
                JAN,
                [
                    (KIND.OTHER, "Notable Changes", 1),
                    (KIND.ADDED, "", 1),
                    (KIND.DOCUMENTATION, "", 1),
                    (KIND.OTHER, "Commits", 1),
                ],
            ),
            ("24.0.0", dt.date(2025, 12, 2), [(KIND.BREAKING, "Semver-Major Commits", 1)]),
        ],
    ),
    "changes.rst": (
        "rst",
        "",
        [("2.1", JAN, [(KIND.OTHER, "", 3), (KIND.FIXED, "Bug fixes", 1)]), ("2.0", dt.date(2025, 12, 24), [])],
    ),
    "underlined.txt": (
        "underlined",
        "Sparrow",
        [
            ("1.2.0", JAN, [(KIND.ADDED, "NEW FEATURES", 2), (KIND.FIXED, "BUGFIXES", 1)]),
            ("1.1.0", dt.date(2025, 12, 1), [(KIND.OTHER, "", 1)]),
        ],
    ),
    "plain_lines.txt": (
        "lines",
        "",
        [("1.3", dt.date(2026, 2, 3), [(KIND.OTHER, "", 2)]), ("1.2", dt.date(2025, 11, 30), [(KIND.OTHER, "", 1)])],
    ),
    "ChangeLog": ("gnu", "", [("", JAN, [(KIND.OTHER, "", 3)]), ("", dt.date(2025, 12, 24), [(KIND.OTHER, "", 1)])]),
    "debian_changelog": (
        "debian",
        "wren",
        [("1.2.0-1", JAN, [(KIND.OTHER, "", 3)]), ("1.1.0-2", dt.date(2025, 12, 1), [(KIND.OTHER, "", 1)])],
    ),
    "bullets.md": (
        "bullets",
        "",
        [("1.3.0", None, [(KIND.OTHER, "", 3)]), ("1.2.9", None, [(KIND.OTHER, "", 1)]), ("1.2.8", None, [(KIND.OTHER, "", 2)])],
    ),
    "emoji.md": (
        "headings",
        "Sunflower",
        [
            (
                "0.9.0",
                JAN,
                [
                    (KIND.ADDED, "Features", 1),
                    (KIND.FIXED, "Bug Fixes", 1),
                    (KIND.SECURITY, "Security", 1),
                    (KIND.INTERNAL, "Dependencies", 1),
                ],
            ),
            (
                "0.8.0",
                dt.date(2025, 12, 15),
                [(KIND.FIXED, "", 1), (KIND.ADDED, "", 1), (KIND.REMOVED, "", 1), (KIND.OTHER, "", 1)],
            ),
        ],
    ),
    "bold_lines.md": (
        "lines",
        "Thistle",
        [
            ("2.0.0", JAN, [(KIND.ADDED, "Added", 2), (KIND.FIXED, "Fixed", 1)]),
            ("1.9.0", dt.date(2025, 12, 6), [(KIND.OTHER, "", 1)]),
        ],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_release_group_and_entry_is_found(samples, name):
    dialect, product, releases = EXPECTED[name]
    source = read_source(samples / name)
    assert source.detected is SourceType.CHANGELOG
    assert (source.dialect, source.product_name) == (dialect, product)
    found = [
        (one.version, one.date, [(group.kind, group.title, len(group.entries)) for group in one.groups])
        for one in source.releases
    ]
    assert found == releases


@pytest.mark.parametrize("name", EXPECTED)
def test_lines_are_those_of_the_file(samples, name):
    source = read_source(samples / name)
    lines = source.markdown.split("\n")
    for release in source.releases:
        for entry in release.entries:
            first, last = entry.source_lines
            assert 1 <= first <= last <= len(lines)
            assert release.source_lines[0] <= first <= last <= release.source_lines[1]
            word = entry.text.split()[0].strip('`"_*.,').split("(")[0]
            assert word in " ".join(lines[first - 1 : last])


@pytest.mark.parametrize("name", EXPECTED)
def test_the_markdown_of_a_source_gives_the_same_releases_again(samples, name):
    source = read_source(samples / name)
    again = parse_source(source.markdown, origin=source.origin, source_type=source.source_type)
    assert again.releases == source.releases
    assert again.blocks == source.blocks


def test_text_files_keep_their_line_numbers(samples):
    for name in ("changes.rst", "underlined.txt", "ChangeLog", "debian_changelog"):
        source = read_source(samples / name)
        assert source.markdown.count("\n") == (samples / name).read_text().count("\n")


def test_commit_lists_give_scope_hash_reference_and_author(samples):
    first, _second = read_source(samples / "commits.md").releases[0].groups[0].entries
    assert (first.text, first.scope, first.breaking, first.references) == ("draw the coast in one pass", "map", True, ("#12",))
    node = read_source(samples / "node.md").releases[0].groups[0].entries[0]
    assert (node.text, node.scope, node.commit, node.references, node.authors) == (
        "add `watchPond`",
        "fs",
        "0a1b2c3d4e",
        ("#6001",),
        ("Ada Example",),
    )


def test_a_breaking_change_footer_marks_its_entry(samples):
    entry = read_source(samples / "commits.md").releases[0].groups[1].entries[1]
    assert (entry.breaking, entry.more) == (True, ("`reef()` takes a wind.",))


def test_a_gnu_entry_names_its_files_as_scope(samples):
    entry = read_source(samples / "ChangeLog").releases[0].entries[0]
    assert (entry.scope, entry.text) == ("src/wren.c (wren_sing)", "Sing softly at dawn. (wren_hop): New function.")


def test_a_debian_release_that_is_not_out_is_unreleased(samples):
    first, second = read_source(samples / "debian_changelog").releases
    assert (first.unreleased, second.unreleased) == (False, True)
    assert [child.text for child in first.entries[2].children] == ["for wrens", "for robins"]


def test_credits_and_links_of_release_notes_are_left_out(samples):
    reasons = [note.reason for note in read_source(samples / "whats_changed.md").left_out]
    assert reasons == ["HTML comment", "credit", "full changelog link"]


def test_restructured_text_keeps_links_code_and_images_apart(samples):
    source = read_source(samples / "changes.rst")
    release = source.releases[0]
    assert release.summary[0].text == "A small release. See upgrading and the [guide](https://example.org/guide)."
    assert release.entries[0].text == "New `finch.sing(loud=True)` option, see `finch.sing`."
    assert [(note.source_lines, note.reason) for note in source.left_out] == [
        ((24, 29), "code block"),
        ((43, 43), "image"),
        ((52, 55), "code block"),
    ]
    assert source.releases[1].summary[1].rows == (("Voice", "Octave"), ("high", "5"), ("low", "3"))


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-15",
        "2026/01/15",
        "15 January 2026",
        "January 15, 2026",
        "Jan 15 2026",
        "15th of January, 2026",
        "15.01.2026",
        "Thu, 15 Jan 2026 10:00:00 +0000",
        "2026-01-15T10:00:00Z",
        "15-Jan-2026",
    ],
)
@pytest.mark.parametrize("form", ["## 1.2.0 ({})", "## [1.2.0] - {}", "## v1.2.0 / {}", "## {}, Version 1.2.0 (Current), @x"])
def test_dates_are_read_in_many_forms(written, form):
    source = parse_source(f"{form.format(written)}\n\n- One\n", source_type=SourceType.CHANGELOG)
    assert [(release.version, release.date) for release in source.releases] == [("1.2.0", JAN)]


@pytest.mark.parametrize("written", ["2026-13-45", "2026-02-30", "99 January 2026"])
def test_a_date_that_does_not_exist_is_none(written):
    source = parse_source(f"## 1.2.0 ({written})\n\n- One\n", source_type=SourceType.CHANGELOG)
    assert [(release.version, release.date) for release in source.releases] == [("1.2.0", None)]


@pytest.mark.parametrize(
    ("heading", "version"),
    [
        ("## 1.2.0", "1.2.0"),
        ("# v1.2.0", "1.2.0"),
        ("### Version 1.2", "1.2"),
        ("## Release 3.0.0-rc.1", "3.0.0-rc.1"),
        ("## [v1.2.0](https://example.org)", "1.2.0"),
        ("## **1.2.0**", "1.2.0"),
        ("## `1.2.0`", "1.2.0"),
        ("## 🎉 1.2.0 🎉", "1.2.0"),
        ("## :tada: 1.2.0", "1.2.0"),
        ('## <a name="x"></a>1.2.0', "1.2.0"),
        ("## 0.32rc2 (2026-07-30)", "0.32rc2"),
        ("## 1.0.0.beta0", "1.0.0.beta0"),
        ("## 2026.1.3", "2026.1.3"),
        ("## @scope/parts@1.2.0", "1.2.0"),
        ("## parts-v1.2.0 (2026-01-15)", "1.2.0"),
        ("## v2 (2026-01-15)", "2"),
        ("## 1.2.0+build.5", "1.2.0+build.5"),
        ('## 1.2.0 "Moss"', "1.2.0"),
        ("## MyApp 1.2.0", "1.2.0"),
        ("## What's new in 1.2.0", "1.2.0"),
    ],
)
def test_versions_are_read_in_many_forms(heading, version):
    source = parse_source(f"{heading}\n\n- One\n", source_type=SourceType.CHANGELOG)
    assert [release.version for release in source.releases] == [version]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Bugfixes", KIND.FIXED),
        ("Bug Fixes", KIND.FIXED),
        ("🐛 Bugs squashed", KIND.FIXED),
        ("🐛", KIND.FIXED),
        ("FIXES:", KIND.FIXED),
        ("Improvements", KIND.CHANGED),
        ("Enhancements", KIND.CHANGED),
        ("What's new", KIND.ADDED),
        (":sparkles: Shiny", KIND.ADDED),
        ("⚡ Performance", KIND.PERFORMANCE),
        ("Breaking changes", KIND.BREAKING),
        ("💥 Incompatible", KIND.BREAKING),
        ("Deprecations", KIND.DEPRECATED),
        ("Removed", KIND.REMOVED),
        ("Security fixes", KIND.SECURITY),
        ("Dependencies", KIND.INTERNAL),
        ("Miscellaneous Chores", KIND.INTERNAL),
        ("📝 Docs", KIND.DOCUMENTATION),
        ("Linux", KIND.OTHER),
    ],
)
def test_group_names_are_recognised(title, kind):
    source = parse_source(f"## 1.2.0\n\n### {title}\n\n- One\n", source_type=SourceType.CHANGELOG)
    assert [group.kind for group in source.releases[0].groups] == [kind]


def test_a_group_below_a_group_inherits_its_kind():
    source = parse_source("## 1.0.0\n\n### Fixed\n\n#### Linux\n\n- One\n", source_type=SourceType.CHANGELOG)
    assert [(group.kind, group.title) for group in source.releases[0].groups] == [(KIND.FIXED, "Linux")]


def test_bullets_that_name_groups_hold_their_entries():
    source = parse_source("## 1.0.0\n\n- Added\n  - One\n  - Two\n- Fixed:\n  - Three\n", source_type=SourceType.CHANGELOG)
    assert [(group.kind, len(group.entries)) for group in source.releases[0].groups] == [(KIND.ADDED, 2), (KIND.FIXED, 1)]


def test_releases_that_count_upwards_are_turned_around():
    source = parse_source("# Changelog\n\n## 1.0.0\n\n- One\n\n## 1.1.0\n\n- Two\n\n## 1.2.0\n\n- Three\n", origin="CHANGELOG.md")
    assert [release.version for release in source.releases] == ["1.2.0", "1.1.0", "1.0.0"]


def shape(text, source_format="markdown", origin="CHANGELOG"):
    source = parse_source(text, format=source_format, origin=origin)
    assert source.source_type is SourceType.CHANGELOG
    return [
        (one.version, [(group.kind, [entry.text for entry in group.entries]) for group in one.groups]) for one in source.releases
    ]


def test_changesets_are_read():
    text = (
        "# @scope/parts\n\n## 2.0.0\n\n### Major Changes\n\n- [#12](https://github.com/o/r/pull/12) "
        "[`abc1234`](https://github.com/o/r/commit/abc1234) Thanks [@bob](https://github.com/bob)! - Drop the old parts\n\n"
        "### Patch Changes\n\n- 0a1b2c3: Fix it\n"
    )
    assert shape(text) == [("2.0.0", [(KIND.BREAKING, ["Drop the old parts"]), (KIND.FIXED, ["Fix it"])])]


def test_tables_of_commits_are_read():
    text = (
        '<a name="1.1.0"></a>\n# 1.1.0 (2026-01-15)\n### core\n| Commit | Type | Description |\n| -- | -- | -- |\n'
        "| [f5872c9921](https://github.com/o/r/commit/f5872c9921) | fix | no more leaks ([#1](https://github.com/o/r/pull/1)) |\n"
        "| [f5872c9922](https://github.com/o/r/commit/f5872c9922) | feat | more taps |\n"
    )
    assert shape(text) == [("1.1.0", [(KIND.FIXED, ["no more leaks"]), (KIND.ADDED, ["more taps"])])]


def test_tables_of_checksums_are_left_out():
    text = f"## 1.0.0\n\n- One\n\n### Downloads for Linux\n\n| file | sha256 |\n| -- | -- |\n| a.zip | `{'ab' * 32}` |\n"
    source = parse_source(text, origin="CHANGELOG.md")
    assert [note.reason for note in source.left_out] == ["checksum"]


def test_names_in_a_last_paragraph_are_authors():
    source = parse_source(
        "## Parts 7.1.0 (January 15, 2026) ##\n\n*   Fix it.\n\n    Fixes #1.\n\n    *Ada Example*, *Ben Example*\n",
        origin="CHANGELOG.md",
    )
    entry = source.releases[0].entries[0]
    assert (entry.more, entry.authors) == (("Fixes #1.",), ("Ada Example", "Ben Example"))


def test_upper_case_sections_and_tags_are_groups():
    text = (
        "## 1.7.0 (Unreleased)\n\nNEW FEATURES:\n\n* One [GH-1]\n\nBUG FIXES:\n\n"
        "* Two\n\n## 1.6.0\n\n* [FEATURE] UI: three #3\n* [BUGFIX] four\n"
    )
    assert shape(text) == [
        ("1.7.0", [(KIND.ADDED, ["One"]), (KIND.FIXED, ["Two"])]),
        ("1.6.0", [(KIND.ADDED, ["UI: three"]), (KIND.FIXED, ["four"])]),
    ]


def test_outlines_of_stars_are_read():
    text = (
        "GNU wren NEWS\n\n"
        "* Noteworthy changes in release 1.1 (2026-01-15) [stable]\n\n** Bug fixes\n\n  wren no longer\n  sleeps.\n"
    )
    assert shape(text, "text", "NEWS") == [("1.1", [(KIND.FIXED, ["wren no longer sleeps."])])]


def test_versions_with_dates_in_columns_are_read():
    text = (
        "Revision history for Wren\n\n1.02  2026-01-15\n    - Fixed\n      it\n\n1.01  2025-12-01\n    [BUG FIXES]\n    - Two\n"
    )
    assert shape(text, "text", "Changes") == [("1.02", [(KIND.OTHER, ["Fixed it"])]), ("1.01", [(KIND.FIXED, ["Two"])])]


def test_counted_groups_of_histories_are_groups():
    text = "=== 1.2.0 / 2026-01-15\n\n* 1 minor enhancement:\n\n  * One\n\n* 2 bug fixes:\n\n  * Two\n  * Three\n"
    assert shape(text, "text", "History.txt") == [("1.2.0", [(KIND.CHANGED, ["One"]), (KIND.FIXED, ["Two", "Three"])])]


def test_a_release_says_its_date_or_state_in_its_first_line():
    text = (
        "Version 1.1\n-----------\n\nUnreleased\n\n-   One :pr:`1`\n\n"
        "Version 1.0\n-----------\n\nReleased 2026-01-15\n\n-   Two\n"
    )
    first, second = parse_source(text, format="rst", origin="CHANGES.rst").releases
    assert (first.unreleased, first.date, second.unreleased, second.date) == (True, None, False, JAN)


def test_a_heading_of_a_series_is_no_release():
    assert [version for version, _groups in shape("# Releases\n\n## 1.0\n\n### 1.0.1\n\n- a\n\n### 1.0.0\n\n- b\n")] == [
        "1.0.1",
        "1.0.0",
    ]


def test_a_read_me_with_a_changelog_at_its_end_is_a_document():
    words = "\n\n".join(f"Words {at}." for at in range(20))
    assert (
        parse_source(f"# Parts\n\n{words}\n\n## Changelog\n\n### 1.1.0\n\n- x\n\n### 1.0.0\n\n- y\n").detected
        is SourceType.DOCUMENT
    )


def test_text_behind_the_releases_is_left_out():
    source = parse_source("# Changelog\n\n## 1.0.0\n\n- One\n\n## Contributing\n\nPlease do.\n")
    assert [release.version for release in source.releases] == ["1.0.0"]
    assert [note.reason for note in source.left_out] == ["outside the releases", "outside the releases"]


@pytest.mark.parametrize(
    "text",
    [
        "# Guide\n\n## 1.1 Install\n\nText.\n\n## 1.2 Use\n\nText.\n",
        "# Notes\n\nPython 3.12 is out.\n\n- one\n- two\n",
        "# Diary\n\n## 2026-01-15\n\nRain.\n",
        "# Python 3.12 support\n\nWe support it.\n",
        "Just words.",
    ],
)
def test_documents_are_not_taken_for_changelogs(text):
    assert parse_source(text).detected is SourceType.DOCUMENT


def test_a_document_taken_for_a_changelog_gives_no_release_where_there_is_none():
    assert parse_source("# Words\n\nOnly words.\n", source_type=SourceType.CHANGELOG).releases == ()
