from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from declaim.model.script import Script
from declaim.scripts import ChangeKind, Choice, describe_changes, diff_scripts, merge_scripts, parse_script


def script(*words: str) -> Script:
    return parse_script("# T\n\n## C\n\n" + "\n".join(f"[A]: {word}" for word in words))


few = st.lists(st.sampled_from("abcdef"), max_size=6).map(lambda words: script(*words))


def said(merged: Script) -> list[str]:
    return [line.text for line in merged.lines]


def test_an_edit_and_a_new_line_both_stay() -> None:
    merge = merge_scripts(script("one", "two", "three"), script("one", "TWO", "three"), script("one", "two", "three", "four"))
    assert merge.conflicts == ()
    assert said(merge.resolved()) == ["one", "TWO", "three", "four"]


def test_a_line_that_both_changed_is_the_users_until_the_user_takes_the_new_one() -> None:
    merge = merge_scripts(script("one", "two"), script("one", "mine"), script("one", "theirs"))
    (conflict,) = merge.conflicts
    assert said(merge.resolved()) == ["one", "mine"]
    assert said(merge.resolved({conflict: Choice.TAKE_NEW})) == ["one", "theirs"]


def test_neighbouring_changes_are_decided_line_by_line() -> None:
    merge = merge_scripts(script("one", "two"), script("mine", "two"), script("theirs", "new"))
    assert len(merge.conflicts) == 1
    assert said(merge.resolved()) == ["mine", "new"]


def test_a_line_that_the_user_deleted_stays_deleted() -> None:
    assert said(merge_scripts(script("one", "two"), script("one"), script("one", "two")).resolved()) == ["one"]


@given(few, few)
def test_without_an_edit_the_new_script_is_taken_and_without_news_the_edit(base: Script, other: Script) -> None:
    assert merge_scripts(base, base, other).resolved() == other
    assert merge_scripts(base, other, base).resolved() == other
    assert merge_scripts(base, other, other).resolved() == other


@given(few, few)
def test_a_diff_holds_both_scripts(old: Script, new: Script) -> None:
    changes = diff_scripts(old, new)
    assert [change.old for change in changes if change.old is not None and change.old in old.lines] == list(old.lines)
    assert [change.new for change in changes if change.new is not None and change.new in new.lines] == list(new.lines)


def test_a_diff_says_what_changed_in_words() -> None:
    old, new = script("one", "two", "three"), script("one", "TWO", "three", "four")
    kinds = [change.kind for change in diff_scripts(old, new)]
    assert kinds.count(ChangeKind.CHANGED) == 1
    assert describe_changes(old, new) == "1 line changed, 1 added"
    assert describe_changes(old, old) == "no line changed"
