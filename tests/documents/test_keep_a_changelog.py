from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from declaim.documents import parse_source, read_source, select_releases
from declaim.errors import InputError
from declaim.model.source import GroupKind, Source, SourceType

SAMPLES = Path(__file__).parents[1] / "samples" / "sources"


@pytest.fixture
def lantern() -> Source:
    return read_source(SAMPLES / "keep_a_changelog.md")


def test_a_keep_a_changelog_file_is_detected(lantern):
    assert lantern.source_type is SourceType.CHANGELOG
    assert lantern.detected is SourceType.CHANGELOG
    assert lantern.dialect == "keep-a-changelog"


def test_every_release_has_its_version_date_and_state(lantern):
    assert [(found.version, found.date) for found in lantern.releases] == [
        ("", None),
        ("2.1.0", dt.date(2026, 1, 15)),
        ("2.0.1", dt.date(2025, 12, 2)),
        ("2.0.0-rc.1", dt.date(2025, 11, 20)),
    ]
    assert [found.unreleased for found in lantern.releases] == [True, False, False, False]
    assert [found.yanked for found in lantern.releases] == [False, False, True, False]
    assert [found.prerelease for found in lantern.releases] == [False, False, False, True]
    assert lantern.releases[1].url == "https://example.org/lantern/compare/v2.0.1...v2.1.0"


def test_groups_and_entries_are_those_of_the_file(lantern):
    release = lantern.releases[1]
    assert [(group.kind, group.title, len(group.entries)) for group in release.groups] == [
        (GroupKind.ADDED, "Added", 2),
        (GroupKind.CHANGED, "Changed", 1),
        (GroupKind.FIXED, "Fixed", 2),
    ]
    assert [block.text for block in release.summary] == ["A quiet release before the winter."]
    assert release.source_lines == (13, 33)


def test_an_entry_keeps_its_children_and_its_continuation(lantern):
    entry = lantern.releases[1].groups[0].entries[1]
    assert entry.text == "Export to `.kml`"
    assert [child.text for child in entry.children] == ["with the tide tables", "with or without photographs"]
    assert entry.more == ("Files from version 1 are read as well.",)
    assert entry.source_lines == (20, 24)


def test_credits_at_the_end_are_collected_and_taken_off(lantern):
    entries = lantern.releases[1].entries
    assert (entries[0].text, entries[0].references) == ("Dark mode follows the system setting.", ("#120",))
    assert (entries[2].text, entries[2].breaking) == ("`lantern.open()` returns a `Lamp`.", True)
    assert (entries[3].text, entries[3].authors) == ("The fog horn no longer sounds twice.", ("Ada",))
    assert entries[4].text == "Revert #99 because it slowed the start."


def test_what_is_not_spoken_is_noted_with_its_lines(lantern):
    noted = [(note.source_lines[0], note.reason) for note in lantern.left_out]
    assert noted == [
        (3, "introduction of the file"),
        (5, "introduction of the file"),
        (47, "link definition"),
        (48, "link definition"),
        (49, "link definition"),
        (50, "link definition"),
    ]


def test_the_kind_can_be_overruled(lantern):
    taken = parse_source(lantern.markdown, source_type=SourceType.DOCUMENT)
    assert taken.source_type is SourceType.DOCUMENT
    assert taken.detected is SourceType.CHANGELOG
    assert not taken.releases


@pytest.mark.parametrize(
    ("wish", "versions"),
    [
        ("latest", ["2.1.0"]),
        ("all", ["", "2.1.0", "2.0.1", "2.0.0-rc.1"]),
        ("unreleased", [""]),
        ("v2.0.1", ["2.0.1"]),
        ("2.0.0-RC.1", ["2.0.0-rc.1"]),
    ],
)
def test_a_release_is_chosen_by_name(lantern, wish, versions):
    assert [found.version for found in select_releases(lantern, release=wish)] == versions


def test_since_takes_every_newer_release(lantern):
    assert [found.version for found in select_releases(lantern, since="v2.0.0-rc.1")] == ["2.1.0", "2.0.1"]


def test_a_version_that_is_not_there_is_answered_with_those_that_are(lantern):
    with pytest.raises(InputError, match="no release 9\\.9") as caught:
        select_releases(lantern, release="9.9")
    assert "2.1.0, 2.0.1" in caught.value.cure


def test_nothing_newer_than_the_newest_is_an_error_unless_changes_wait(lantern):
    assert [found.unreleased for found in select_releases(lantern, since="2.1.0")] == [True]
