"""The button at the foot of the inspector."""

from __future__ import annotations

from PySide6.QtCore import Qt

from declaim.commands.planning import RenderSummary
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
