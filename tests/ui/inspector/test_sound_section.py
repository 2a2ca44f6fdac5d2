"""The check box for listening again: what it says where no recogniser is installed, and what it asks for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from declaim.ui.inspector.sound_section import SoundSection

NEEDS = "Not installed: a speech recogniser. Run pip install 'declaim[verify]'"


@pytest.fixture
def section(qtbot):
    made = SoundSection()
    qtbot.addWidget(made)
    made.show()
    return made


def box_of(section):
    return section.findChild(object, "verifyCheck")


def test_a_click_asks_for_listening(qtbot, section):
    section.show_verify(False, "")
    with qtbot.waitSignal(section.verify_chosen) as asked:
        qtbot.mouseClick(box_of(section), Qt.MouseButton.LeftButton, pos=box_of(section).rect().center())
    assert asked.args == [True]


def test_what_is_chosen_is_shown_without_asking_again(qtbot, section):
    with qtbot.assertNotEmitted(section.verify_chosen):
        section.show_verify(True, "")
    assert box_of(section).isChecked()


def test_without_a_recogniser_it_says_how_to_install_it(section):
    section.show_verify(False, NEEDS)
    assert not box_of(section).isEnabled()
    assert section.findChild(object, "verifyNeeds").text() == NEEDS
    section.show_verify(False, "")
    assert not section.findChild(object, "verifyNeeds").isVisible()


def test_a_choice_that_was_made_can_be_taken_back_without_a_recogniser(section):
    section.show_verify(True, NEEDS)
    assert box_of(section).isEnabled()
