from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from declaim.documents import parse_source
from declaim.errors import Cancelled, InputError
from declaim.model.script import HOST1, HOST2, Script, ScriptSettings, Tone, Verbosity, WrittenScript
from declaim.model.source import Entry, Group, GroupKind, Release, Source, SourceType
from declaim.model.work import CancelToken
from declaim.scripts import WriteRequest, format_script, parse_script, writer
from declaim.scripts.clauses import with_state
from declaim.scripts.offline import OfflineWriter
from declaim.scripts.verbatim import VerbatimWriter

NOTES = """# Anvil changelog

## 2.0.0 - 2026-05-04

### Added

- Add a `--json` option

### Removed

- Remove the old importer

### Fixed

- Fix crash on start
"""


def write(text: str, script_settings: ScriptSettings | None = None, *, kind: SourceType | None = None) -> WrittenScript:
    source = parse_source(text, source_type=kind)
    return OfflineWriter().write(WriteRequest(source, script_settings or ScriptSettings(), source.releases[:1]), CancelToken())


def spoken(script: Script) -> str:
    return " ".join(line.shown for line in script.lines)


def release_of(entries: list[str], kind: GroupKind = GroupKind.ADDED) -> Source:
    """A source with one release, an entry on each line from 3 on."""
    made = tuple(Entry(text, (number, number)) for number, text in enumerate(entries, 3))
    last = len(entries) + 2
    release = Release("1.0", "1.0", (1, last), dt.date(2026, 1, 2), (Group(kind, "", made, (2, last)),))
    return Source(SourceType.CHANGELOG, "Notes", "\n".join(["1.0", "", *entries]), releases=(release,))


def write_source(source: Source, **values: object) -> WrittenScript:
    request = WriteRequest(source, ScriptSettings(**values), source.releases)  # type: ignore[arg-type]
    return OfflineWriter().write(request, CancelToken())


def test_four_tones_give_four_scripts_that_share_no_opening_and_no_closing() -> None:
    scripts = [write(NOTES, ScriptSettings(tone=tone)).script for tone in Tone]
    assert len({script.lines[0].text for script in scripts}) == 4
    assert len({script.lines[-1].text for script in scripts}) == 4
    for one, other in itertools.combinations(scripts, 2):
        shared = {line.text for line in one.lines} & {line.text for line in other.lines}
        assert len(shared) < len(one.lines) / 2


def test_no_tone_shouts() -> None:
    assert max(spoken(write(NOTES, ScriptSettings(tone=tone)).script).count("!") for tone in Tone) <= 3


def test_a_brief_script_says_the_five_that_matter_and_lists_the_rest() -> None:
    source = release_of([f"Thing {name} is now round" for name in "ABCDEFGH"])
    brief = write_source(source, verbosity=Verbosity.BRIEF)
    said = [name for name in "ABCDEFGH" if f"Thing {name}" in spoken(brief.script)]
    assert len(said) == 5
    assert sorted(item.text for item in brief.left_out) == [
        f"Thing {name} is now round" for name in "ABCDEFGH" if name not in said
    ]


def test_a_normal_script_leaves_the_tail_of_a_long_group_to_the_page_and_a_detailed_one_does_not() -> None:
    source = release_of([f"Thing number {number} is now round" for number in range(40)])
    normal, detailed = write_source(source), write_source(source, verbosity=Verbosity.DETAILED)
    assert len(normal.left_out) == 25
    assert "twenty-five more" in spoken(normal.script)
    assert all(f"number {number} " in spoken(detailed.script) for number in range(40))
    assert not detailed.left_out


def test_breaking_changes_and_security_come_first_and_are_said_as_such() -> None:
    text = NOTES.replace(
        "### Added", "### Added\n\n- **BREAKING**: rename the `anvil` command to `forge`\n- Fix CVE-2026-1111 in the parser"
    )
    script = write(text).script
    assert [chapter.title for chapter in script.chapters][1:3] == ["Breaking changes", "Security"]


def test_a_severe_release_is_told_soberly_where_asked() -> None:
    severe = NOTES.replace("### Removed", "### Security\n\n- Fix CVE-2026-1111\n\n### Removed")
    cheerful = ScriptSettings(tone=Tone.ENTHUSIASTIC)
    sober = ScriptSettings(tone=Tone.ENTHUSIASTIC, severity_aware_tone=True)
    assert "!" in spoken(write(severe, cheerful).script)
    assert "!" not in spoken(write(severe, sober).script)
    assert spoken(write(NOTES, sober).script) == spoken(write(NOTES, cheerful).script)


def test_audience_and_call_to_action_are_said() -> None:
    script = write(NOTES, ScriptSettings(audience="smiths", cta="Try it   at anvil.example")).script
    assert "smiths" in spoken(script)
    assert script.lines[-1].text == "Try it at anvil.example."


def test_product_and_version_of_the_settings_overrule_the_file() -> None:
    script = write(NOTES, ScriptSettings(product_name="Forge", version="v3")).script
    assert script.title == "Forge 3"
    assert script.lines[0].text.startswith("Forge 3 is out.")


def test_history_speaks_only_where_dates_and_versions_do() -> None:
    earlier = "\n## 1.9.1 - 2026-05-01\n\n- Fix a typo\n\n## 1.9.0 - 2026-03-01\n\n- Add colours\n"
    told = spoken(write(NOTES + earlier).script)
    assert "second release in May 2026" in told
    assert "1.9.1, came out three days earlier" in told
    assert "1.9" not in spoken(write(NOTES + earlier, ScriptSettings(use_history=False)).script)
    undated = NOTES.replace(" - 2026-05-04", "") + earlier
    assert "earlier" not in spoken(write(undated).script)


def test_earlier_documents_count_as_history() -> None:
    source, before = (
        parse_source(NOTES),
        parse_source("# Anvil changelog\n\n## 1.9.0 - 2026-05-02\n\n- Add colours\n- Fix a typo\n"),
    )
    script = OfflineWriter().write(WriteRequest(source, ScriptSettings(), source.releases, (before,)), CancelToken()).script
    assert "1.9.0, came out two days earlier" in spoken(script)


VERBS = ("Add", "Fix", "Remove", "Change", "Improve", "Support", "Show", "Allow")
THINGS = (
    "crash in the parser",
    "dark theme",
    "`--level {n}` option",
    "search box number {n}",
    "login page {n}",
    "memory use of job {n}",
)


@pytest.mark.parametrize("kind", list(GroupKind))
def test_two_hosts_never_say_the_same_phrase_twice_in_two_hundred_entries(kind: GroupKind) -> None:
    pairs = itertools.islice(itertools.cycle(itertools.product(VERBS, THINGS)), 200)
    source = release_of([f"{verb} {thing.format(n=n)} for case {n}" for n, (verb, thing) in enumerate(pairs)], kind)
    script = write_source(source, speakers=2, verbosity=Verbosity.DETAILED).script
    assert len({line.text for line in script.lines}) == len(script.lines)
    assert script.speakers == (HOST1, HOST2)
    second = [line for line in script.lines if line.speaker == HOST2]
    assert 15 < len(second) < len(script.lines) / 2
    assert all(one.speaker == HOST1 or other.speaker == HOST1 for one, other in itertools.pairwise(script.lines))


def test_the_second_host_speaks_of_what_the_entry_says() -> None:
    source = release_of(
        [
            "Fix memory leak in the preview when it is closed",
            "Fix crash when a file is empty",
            "Fix tabs, and their names",
            "Fix hang",
        ],
        GroupKind.FIXED,
    )
    second = [line.text for line in write_source(source, speakers=2).script.lines if line.speaker == HOST2]
    assert any("crash" in text.lower() or "leak" in text.lower() for text in second)


@pytest.mark.parametrize(
    ("entry", "kind", "sentence"),
    [
        ("Added dark mode support for the editor", GroupKind.ADDED, "The editor now supports dark mode."),
        ("Add a search box to the sidebar", GroupKind.ADDED, "The sidebar now has a search box."),
        ("Added the ability to sort by date", GroupKind.ADDED, "You can now sort by date."),
        ("Allow users to rename tabs", GroupKind.ADDED, "You can now rename tabs."),
        ("ISRC lookup", GroupKind.ADDED, "This release adds ISRC lookup."),
        ("Fix crash when opening an empty file", GroupKind.FIXED, "This release fixes a crash when opening an empty file."),
        ("Fixes crash on start", GroupKind.FIXED, "This release fixes a crash on start."),
        ("Options dialog is too big", GroupKind.FIXED, "This release fixes a problem where the options dialog is too big."),
        ("Menus no longer flicker", GroupKind.FIXED, "Menus no longer flicker."),
        ("SSL error on start", GroupKind.FIXED, "This release fixes an SSL error on start."),
        ("Optimized parsing and eliminated a copy", GroupKind.CHANGED, "This release optimizes parsing and eliminates a copy."),
        ("Change default timeout to 30 s", GroupKind.CHANGED, "This release changes the default timeout to 30 s."),
        ("Show the title once", GroupKind.CHANGED, "This version now shows the title once."),
        ("Drop support for Python 3.9", GroupKind.REMOVED, "Support for Python 3.9 is gone."),
        ("Remove `proxies` argument", GroupKind.REMOVED, "This release removes the `proxies` argument."),
        ("The `cert` argument is deprecated", GroupKind.DEPRECATED, "The `cert` argument is deprecated."),
        ("Possibly fixed the `x` error", GroupKind.FIXED, "This release possibly fixes the `x` error."),
        ("Don't drop empty parameters", GroupKind.CHANGED, "This version no longer drops empty parameters."),
        (
            "Fails to launch without a network",
            GroupKind.FIXED,
            "This release fixes a problem where it fails to launch without a network.",
        ),
        ("Restore defaults does not work", GroupKind.FIXED, "This release fixes a problem where restore defaults does not work."),
        ("macOS: no Dock icon", GroupKind.FIXED, "On macOS, fixed: no Dock icon."),
        ("More robust checks", GroupKind.FIXED, "This release adds more robust checks."),
        ("Tooltips not shown", GroupKind.FIXED, "This release fixes tooltips not being shown."),
        ("npm is no longer needed", GroupKind.CHANGED, "npm is no longer needed."),
    ],
)
def test_an_entry_becomes_a_sentence_in_plain_words(entry: str, kind: GroupKind, sentence: str) -> None:
    script = write_source(release_of([entry], kind)).script
    assert sentence in [line.text for line in script.lines]


def test_short_neighbours_are_told_in_one_sentence_that_points_to_all_of_them() -> None:
    script = write_source(release_of(["Fix typo in the manual", "Fix crash on start", "Fix slow exit"], GroupKind.FIXED)).script
    (line,) = [line for line in script.lines if "crash" in line.text]
    assert line.text == "This release fixes a typo in the manual, a crash on start, and slow exit."
    assert line.source_lines == (3, 5)


def test_what_reads_like_a_cue_in_the_source_is_never_performed() -> None:
    script = write_source(release_of(["Add {pause:short} to {emph:text} and [HOST1]: marks and {puase:x}"])).script
    assert parse_script(format_script(script)) == script
    assert "{pause:short} to {emph:text} and [HOST1]: marks and {puase:x}" in spoken(script)


def test_silent_things_are_left_out_with_a_reason() -> None:
    source = release_of(["Add tabs (#12) by @octo in https://example.com/pull/12", "https://example.com/1", "a1b2c3d4e5", "🎉"])
    written = write_source(source)
    assert not set("#@🎉") & set(spoken(written.script))
    assert "http" not in spoken(written.script)
    assert {item.reason for item in written.left_out} >= {"reference", "credit", "address"}
    assert all(item.text and item.reason for item in written.left_out)


def test_verbatim_keeps_the_word_that_something_breaks() -> None:
    text = (
        "# Log\n\n## 2.0.0\n\n### Removed\n\n- **Breaking:** No more tabs\n- feat(parser)!: allow spaces\n\n"
        "### Breaking changes\n\n- No Python 3.9\n"
    )
    source = parse_source(text, source_type=SourceType.CHANGELOG)
    lines = [line.text for line in VerbatimWriter().write(WriteRequest(source, ScriptSettings()), CancelToken()).script.lines]
    assert "Breaking: No more tabs." in lines
    assert "Breaking change in parser: allow spaces." in lines
    assert "No Python 3.9." in lines


def test_the_same_input_gives_the_same_script_byte_for_byte() -> None:
    assert len({format_script(write(NOTES, ScriptSettings(speakers=2)).script) for _ in range(3)}) == 1


def test_a_changelog_without_releases_is_told_as_a_document() -> None:
    script = write("# Changelog\n\nNothing was released so far.\n", kind=SourceType.CHANGELOG).script
    assert "Nothing was released so far." in spoken(script)


def test_a_source_without_words_is_refused() -> None:
    for text in ("", "---\n\n![x](y.png)\n"):
        for one in (OfflineWriter(), VerbatimWriter()):
            with pytest.raises(InputError):
                one.write(WriteRequest(parse_source(text, source_type=SourceType.DOCUMENT), ScriptSettings()), CancelToken())


def test_a_cancelled_writer_stops() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        OfflineWriter().write(WriteRequest(parse_source(NOTES), ScriptSettings()), cancel)


def test_an_unknown_writer_is_refused_with_the_names_of_those_that_exist() -> None:
    with pytest.raises(InputError, match="offline or verbatim"):
        writer("poet")


def test_entries_nested_forty_deep_are_told_without_trouble() -> None:
    entry = Entry("The deepest point is now reached", (42, 42))
    for depth in range(41, 2, -1):
        entry = Entry(f"Level {depth} is now open", (depth, 42), (entry,))
    release = Release("1.0", "1.0", (1, 42), None, (Group(GroupKind.ADDED, "", (entry,), (2, 42)),))
    source = Source(SourceType.CHANGELOG, "Deep", "", releases=(release,))
    assert "deepest point" in spoken(write_source(source, verbosity=Verbosity.DETAILED).script)
    assert (
        spoken(VerbatimWriter().write(WriteRequest(source, ScriptSettings(), (release,)), CancelToken()).script).count("Level")
        == 39
    )


@pytest.mark.parametrize(
    "unit", ["word ", "x", "(", "[", "*", "_", "`", "- ", "<b>", "#1 ", "\\", "{", "https://a.b/", "@a ", "a.b. "]
)
def test_a_line_of_100_000_characters_is_told_in_bounded_time(unit: str) -> None:
    script = write_source(release_of(["Add words " + unit * (100_000 // len(unit))]), verbosity=Verbosity.DETAILED).script
    assert all(len(line.text) < 700 for line in script.lines)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.text(max_size=80), min_size=1, max_size=4),
    st.sampled_from(GroupKind),
    st.sampled_from(Tone),
    st.sampled_from((1, 2)),
)
def test_any_entry_is_told_in_a_script_that_can_be_read_again(
    entries: list[str], kind: GroupKind, tone: Tone, speakers: int
) -> None:
    script = write_source(release_of(entries, kind), tone=tone, speakers=speakers).script
    assert parse_script(format_script(script)) == script


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_any_document_is_told_or_refused_with_a_cure(text: str) -> None:
    for name in ("offline", "verbatim"):
        try:
            script = (
                writer(name)
                .write(WriteRequest(parse_source(text, source_type=SourceType.DOCUMENT), ScriptSettings()), CancelToken())
                .script
            )
        except InputError as error:
            cure = error.cure
        else:
            cure = "none needed"
            assert parse_script(format_script(script)) == script
        assert cure


@pytest.mark.parametrize(
    ("entry", "group", "said"),
    [
        ("Don't crash when config file is empty", "Fixed", "no longer crashes when config file is empty"),
        ("Relax the check of types", "Fixed", "relaxes the check of types"),
        ("Obfuscate the key", "Changed", "obfuscates the key"),
        ("Return the group for processes with an empty list", "Fixed", "returns the group"),
        ("CVE-2026-1234 - leak of memory in owl (High)", "Security", "leak of memory in owl (CVE-2026-1234, rated high)"),
        ("New `pytester` fixture", "Added", "a new `pytester` fixture"),
        ("Use of weak values in `fetch()`", "Fixed", "use of weak values"),
        ("Various obscure fixes. Hashes:", "Fixed", "obscure fixes."),
        ("[Stable now.](https://x.io/1). More follows", "Changed", "Stable now. More follows."),
    ],
)
def test_an_entry_met_in_the_wild_becomes_a_sentence(entry, group, said):
    source = parse_source(f"# Changelog\n\n## 1.0.0\n\n### {group}\n\n- {entry}\n", origin="CHANGELOG.md")
    request = WriteRequest(source, ScriptSettings(), source.releases)
    spoken = " ".join(line.text for line in OfflineWriter().write(request, CancelToken()).script.lines)
    assert said in spoken
    assert ".." not in spoken
    assert "Hashes" not in spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Path traversal in `unzip()` fixed", "Path traversal in `unzip()` is fixed"),
        ("Dependencies updated", "Dependencies are updated"),
        ("Minimum version of Node.js raised to 18", "Minimum version of Node.js is raised to 18"),
        ("Files that were removed", "Files that were removed"),
        ("Keep what was added", "Keep what was added"),
        ("Deprecated functions removed", "Deprecated functions removed"),
    ],
)
def test_a_bare_participle_at_the_end_gets_its_verb(written: str, said: str) -> None:
    assert with_state(written) == said
