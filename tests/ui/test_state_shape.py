from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from declaim.model.library import LineState, RecordingState
from declaim.ui.state_shape import describe_state, paint_state
from declaim.ui.theme import DARK, LIGHT


def drawn(state, theme=LIGHT, phase=0.0, grey=False):
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_state(painter, QRect(0, 0, 20, 20), state, theme, phase)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8) if grey else image


def ink(image):
    """Which pixels are not paper."""
    return frozenset((x, y) for x in range(20) for y in range(20) if image.pixelColor(x, y).lightness() < 235)


def test_states_differ_in_shape_not_only_in_colour(qapp):
    shapes = {state: ink(drawn(state, grey=True)) for state in LineState}
    assert all(shapes.values())
    alike = [(a, b) for a in shapes for b in shapes if a < b and len(shapes[a] ^ shapes[b]) < 3]
    assert alike == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("state", [*LineState, *RecordingState])
def test_every_state_is_drawn_and_has_words(qapp, state, theme):
    assert ink(drawn(state)) or theme is DARK
    assert describe_state(state)


def test_what_is_being_rendered_turns(qapp):
    assert drawn(LineState.RENDERING, phase=0.0) != drawn(LineState.RENDERING, phase=0.5)


def test_an_unknown_state_draws_nothing(qapp):
    assert not ink(drawn("changelog"))
