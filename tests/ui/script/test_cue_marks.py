from __future__ import annotations

from declaim.model.cue import CueKind
from declaim.ui.script.cue_marks import cue_marks


def test_every_cue_is_found_where_it_stands():
    text = "Hi {pause:short} {emph:you} {say:kube control|kubectl} {laugh} /users/{id}"
    marks = cue_marks(text)
    assert [mark.label for mark in marks] == ["pause short", "emph", "say", "laugh"]
    assert [text[mark.words_start : mark.words_end] for mark in marks] == ["", "you", "kubectl", ""]


def test_a_near_miss_is_a_problem_with_its_column_and_cure():
    (mark,) = cue_marks("Hi {puase:short} there")
    assert mark.problem
    assert "pause" in mark.cure
    assert (mark.start, mark.end, mark.column) == (3, 16, 4)


def test_one_mistake_does_not_hide_the_other_cues():
    assert [bool(mark.problem) for mark in cue_marks("{puase:short} {laugh}")] == [True, False]


def test_escaped_braces_are_text():
    assert cue_marks("\\{laugh} and \\{puase:short}") == ()


def test_places_are_counted_as_qt_counts_them():
    (mark,) = cue_marks("🎉 {sigh}")
    assert (mark.start, mark.end, mark.kind) == (3, 9, CueKind.SIGH)
