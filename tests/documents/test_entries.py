from __future__ import annotations

import pytest

from declaim.documents.entries import read_entry
from declaim.model.source import GroupKind

LINK = "https://github.com/example/owl"


@pytest.mark.parametrize(
    ("raw", "text", "references", "authors", "commit"),
    [
        ("Dark mode (#12)", "Dark mode", ("#12",), (), ""),
        ("Dark mode. (#12, #13)", "Dark mode.", ("#12", "#13"), (), ""),
        ("Dark mode [#12]", "Dark mode", ("#12",), (), ""),
        (f"Dark mode ([#12]({LINK}/issues/12))", "Dark mode", ("#12",), (), ""),
        (f"Dark mode ([a1b2c3d]({LINK}/commit/a1b2c3d))", "Dark mode", (), (), "a1b2c3d"),
        (f"wind ([a1b2c3d]({LINK}/commit/a1b2c3d)), closes [#1](x) [#2](x)", "wind", ("#1", "#2"), (), "a1b2c3d"),
        ("Fix login (a1b2c3d)", "Fix login", (), (), "a1b2c3d"),
        ("a1b2c3d Fix login", "Fix login", (), (), "a1b2c3d"),
        (f"Night theme by @luna in {LINK}/pull/201", "Night theme", ("#201",), ("luna",), ""),
        ("Night theme by @luna, @sol and @ursa", "Night theme", (), ("luna", "sol", "ursa"), ""),
        ("Night theme (thanks @luna!)", "Night theme", (), ("luna",), ""),
        (f"Night theme. Thanks, [Luna](https://github.com/luna). ([#1]({LINK}/pull/1))", "Night theme.", ("#1",), ("Luna",), ""),
        ("Night theme. Thanks, Luna Example!", "Night theme.", (), ("Luna Example",), ""),
        ("[OWL-12](https://example.org/OWL-12) - Night theme", "Night theme", ("OWL-12",), (), ""),
        ("Night theme #1 #2", "Night theme", ("#1", "#2"), (), ""),
        (f"Night theme. [#1]({LINK}/pull/1), [@luna](https://github.com/luna)", "Night theme.", ("#1",), ("luna",), ""),
        ("Fixed the gate, mentioned by @sol in #9.", "Fixed the gate.", ("#9",), ("sol",), ""),
        (
            f"[#1](x) [`a1b2c3d`]({LINK}/commit/a1b2c3d) Thanks [@luna](https://github.com/luna)! - Foo",
            "Foo",
            ("#1",),
            ("luna",),
            "a1b2c3d",
        ),
    ],
)
def test_credits_are_taken_off_and_kept(raw, text, references, authors, commit):
    found = read_entry(raw)
    assert (found.text, found.references, found.authors, found.commit) == (text, references, authors, commit)


@pytest.mark.parametrize(
    "raw",
    [
        "Revert #123 because it broke",
        "Fix of issue #12",
        "see #12",
        "Fix the gate, see #12",
        "Fix the leak (CVE-2026-1234)",
        "Add [docs](https://example.org) to [the guide](guide.md)",
        "Allow the number 1234567",
        "Use `@luna` as a name",
        "Support for C#",
        "A dead beef at the deadbeef",
        "Thanks to @luna",
        "Bug reported by @luna",
        "Rename (again) the option (and its flag)",
        "Special thanks to [@luna](https://github.com/luna) for the [night theme](https://example.org)",
        "#12",
    ],
)
def test_what_belongs_to_the_sentence_stays(raw):
    assert read_entry(raw).text == raw


@pytest.mark.parametrize(
    ("raw", "text", "scope", "kind", "breaking"),
    [
        ("feat(map)!: draw the coast", "draw the coast", "map", GroupKind.ADDED, True),
        ("fix: the anchor", "the anchor", "", GroupKind.FIXED, False),
        ("perf(sail): faster", "faster", "sail", GroupKind.PERFORMANCE, False),
        ("Note: this is no type", "Note: this is no type", "", None, False),
        ("**map:** draw the coast", "draw the coast", "map", None, False),
        ("**map**: draw the coast", "draw the coast", "map", None, False),
        ("**Global hotkeys.** Hold a chord.", "**Global hotkeys.** Hold a chord.", "", None, False),
        ("*(map)* [**breaking**] Draw it anew", "Draw it anew", "map", None, True),
        ("[FIX] Crash", "Crash", "", GroupKind.FIXED, False),
        ("🐛 Crash", "Crash", "", GroupKind.FIXED, False),
        (":sparkles: feat: shine", "shine", "", GroupKind.ADDED, False),
        ("**Breaking change**: `open()` is gone", "`open()` is gone", "", None, True),
        ("BREAKING: no more", "no more", "", None, True),
        ("**(SEMVER-MAJOR)** **net**: remove `paddle()`", "remove `paddle()`", "net", None, True),
        ("[x] done", "done", "", None, False),
    ],
)
def test_heads_say_scope_kind_and_breaking(raw, text, scope, kind, breaking):
    found = read_entry(raw)
    assert (found.text, found.scope, found.kind, found.breaking) == (text, scope, kind, breaking)
