"""The button at the foot of the inspector."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from declaim.commands.planning import RenderSummary
from declaim.model.work import ProgressReport
from declaim.ui.inspector.render_footer import RenderFooter


def asked(qtbot, footer):
    wishes = []
    footer.render_requested.connect(lambda: wishes.append(1))
    qtbot.mouseClick(footer.button, Qt.MouseButton.LeftButton)
    return wishes


def test_a_costly_render_is_started_by_the_second_press(qtbot):
    footer = RenderFooter()
    qtbot.addWidget(footer)
    footer.show_summary(RenderSummary(300, 0, 90.0, 3.2, confirm_above_usd=1.0))
    wishes = asked(qtbot, footer)
    assert not wishes
    assert "more than $1.00" in footer.summary.text()
    assert "about $3.20" in footer.summary.text()
    qtbot.mouseClick(footer.button, Qt.MouseButton.LeftButton)
    assert wishes


def test_a_cheap_render_starts_at_once(qtbot):
    footer = RenderFooter()
    qtbot.addWidget(footer)
    footer.show_summary(RenderSummary(3, 0, 2.0, 0.02, confirm_above_usd=1.0))
    assert asked(qtbot, footer)


def test_it_says_why_lines_are_stale_and_hides_that_where_none_is(qtbot):
    footer = RenderFooter()
    qtbot.addWidget(footer)
    footer.show_summary(RenderSummary(2, 3, 2.0, reasons={0: "text changed", 4: "voice changed"}))
    assert footer.why.text() == "Text changed (1), voice changed (1)"
    assert not footer.why.isHidden()
    footer.show_summary(RenderSummary(0, 5, suspect=2))
    assert footer.why.text() == "2 lines underlined: worth a listen"
    footer.show_summary(RenderSummary(0, 5))
    assert footer.why.isHidden()


@pytest.mark.parametrize(("width", "lines"), [(700, 1), (270, 2)])
def test_a_short_fact_of_the_summary_never_stands_alone_on_a_line(qtbot, width, lines):
    footer = RenderFooter()
    qtbot.addWidget(footer)
    footer.resize(width, 200)
    footer.show()
    summary = RenderSummary(3, 41, 2.0)
    footer.show_summary(summary)
    assert footer.summary.text() == footer.summary.accessibleName() == summary.text
    drawn = QLabel.text(footer.summary).splitlines()
    assert len(drawn) == lines
    assert drawn[-1].endswith("about 2 s · free")


def test_who_plays_along_is_told_that_the_music_comes_later(qtbot):
    footer = RenderFooter()
    qtbot.addWidget(footer)
    footer.show_music(has_music=True)
    footer.play_button.setChecked(True)
    footer.show_progress(None)
    assert "music comes with the finished take" in footer.why.text()
    footer.show_music(has_music=False)
    footer.show_progress(None)
    assert footer.why.isHidden()


def test_a_render_says_how_far_it_is_and_that_it_is_paused(qtbot):
    footer = RenderFooter()
    qtbot.addWidget(footer)
    footer.show_progress(ProgressReport(1, 4, "", 185.0))
    assert footer.summary.text() == "Rendering, 25 % · about 3 min left"
    footer.show_progress(ProgressReport(1, 4, "", 185.0), is_paused=True)
    assert footer.summary.text() == "Paused at 25 %"
