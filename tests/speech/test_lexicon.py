"""Entries in a text: whole words, case as given, longest first, and never touched again."""

from __future__ import annotations

import pytest

from declaim.errors import InputError
from declaim.model.lexicon import LexiconEntry, LexiconScope
from declaim.speech import Speech, built_in_lexicon


def say(text, *entries):
    return Speech(entries).spoken_text(text)


def test_an_entry_matches_whole_words_only():
    entry = LexiconEntry("cat", "feline")
    assert say("cat cats concat Cat cat-like", entry) == "feline cats concat feline feline-like"


def test_case_counts_where_the_entry_says_so():
    entry = LexiconEntry("Go", "go lang", case_sensitive=True)
    assert say("Go on, go", entry) == "go lang on, go"


def test_the_longer_entry_of_a_scope_wins():
    entries = LexiconEntry("SQL", "sequel"), LexiconEntry("SQL Server", "sequel server two")
    assert say("SQL Server and SQL", *entries) == "sequel server two and sequel"


def test_an_entry_may_begin_and_end_with_signs():
    entries = LexiconEntry("C++", "see plus plus"), LexiconEntry("@home", "at home"), LexiconEntry("--wat", "what flag")
    assert say("C++ @home `--wat`", *entries) == "see plus plus at home what flag"


def test_no_rule_touches_what_an_entry_says():
    assert say("go foo now", LexiconEntry("foo", "v2.0.0 & C++ #12")) == "go v2.0.0 & C++ #12 now"


def test_an_entry_wins_over_every_rule():
    assert say("Use v2.0.0 now", LexiconEntry("v2.0.0", "the big one")) == "Use the big one now"
    assert say("The `useEffect` hook", LexiconEntry("useEffect", "effect user")) == "The effect user hook"
    assert say("See https://example.com/x", LexiconEntry("example.com", "our site")) == "See our site"


def test_entries_reach_into_code_paths_and_options():
    entry = LexiconEntry("frobnitz", "frob nits")
    assert say("`get_frobnitz` in ~/frobnitz.py with `--frobnitz`", entry) == (
        "get frob nits in frob nits dot py with frob nits flag"
    )


def test_a_regular_expression_may_use_its_groups():
    entry = LexiconEntry(r"ABC-(\d+)", r"ticket \1", is_regex=True)
    assert say("Fixed ABC-12 and XABC-12", entry) == "Fixed ticket 12 and XABC-12"


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|b)*", "(?:a*)*b", "a" * 300, "(", "x*", "a**", "[", "(a+b+){3}c", "a+b+c+d+"])
def test_an_expression_that_could_run_for_ever_is_refused_with_a_cure(pattern):
    with pytest.raises(InputError) as refusal:
        Speech([LexiconEntry(pattern, "x", is_regex=True)])
    assert refusal.value.cure


@pytest.mark.parametrize("spoken", [r"\3", r"\q", "\\", r"\g<no>"])
def test_a_spoken_side_that_asks_for_no_group_is_refused(spoken):
    with pytest.raises(InputError):
        Speech([LexiconEntry("a(b)", spoken, is_regex=True)])


def test_an_unbounded_repeat_is_bounded():
    entry = LexiconEntry(r"x\d+", "ex", is_regex=True)
    assert say("x12 x" + "1" * 200, entry).startswith("ex x1")


def test_the_built_in_lexicon_has_three_hundred_names_and_no_plain_words():
    entries = built_in_lexicon()
    plain = {"go", "rust", "swift", "make", "ember", "node", "spring", "java", "ruby", "view", "less", "express", "vault"}
    assert len(entries) >= 300
    assert all(entry.scope is LexiconScope.BUILT_IN for entry in entries)
    assert not plain & {entry.written.lower() for entry in entries if not entry.case_sensitive}
    assert len({(entry.written, entry.case_sensitive) for entry in entries}) == len(entries)


def test_a_language_without_a_lexicon_has_none():
    assert built_in_lexicon("xx") == ()
