from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from declaim.ui.appearance import apply_theme
from declaim.ui.theme import DARK, LIGHT
from declaim.ui.widgets import (
    Chip,
    EmptyState,
    IconButton,
    NoticeBar,
    NoticeKind,
    SearchField,
    SegmentedControl,
    chip_width,
    human_duration,
    paint_chip,
)
from declaim.ui.widgets.form import ChoiceBox, Form, NumberBox
from declaim.ui.widgets.section import FoldedSection

CHOICES = (("measured", "Measured"), ("dynamic", "Dynamic"), ("theatrical", "Theatrical"))


@pytest.fixture
def control(qtbot):
    made = SegmentedControl("Delivery", CHOICES)
    qtbot.addWidget(made)
    made.resize(300, 30)
    made.show()
    return made


def test_a_click_on_a_segment_chooses_it(qtbot, control):
    with qtbot.waitSignal(control.chosen) as chosen:
        qtbot.mouseClick(control, Qt.MouseButton.LeftButton, pos=control.segment_rect("theatrical").center().toPoint())
    assert chosen.args == ["theatrical"]
    assert control.value == "theatrical"
    assert control.accessibleName() == "Delivery: Theatrical"


def test_arrows_move_through_the_segments_and_stop_at_the_ends(qtbot, control):
    for _ in range(5):
        qtbot.keyClick(control, Qt.Key.Key_Right)
    assert control.value == "theatrical"
    qtbot.keyClick(control, Qt.Key.Key_Left)
    assert control.value == "dynamic"


def test_showing_a_value_says_nothing(qtbot, control):
    with qtbot.assertNotEmitted(control.chosen):
        control.set_value("dynamic")
    assert control.value == "dynamic"


def test_a_segmented_control_shows_that_it_has_the_focus(qtbot, control):
    control.clearFocus()
    before = control.grab().toImage()
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    assert control.grab().toImage() != before


def test_search_waits_for_the_end_of_typing_and_not_for_emptying(qtbot):
    field = SearchField("Search everything", "Ctrl+Shift+F")
    qtbot.addWidget(field)
    field.show()
    heard = []
    field.searched.connect(heard.append)
    qtbot.keyClicks(field, "dark")
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["dark"])
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert heard == ["dark", ""]
    assert field.text() == ""


def test_return_searches_at_once(qtbot):
    field = SearchField("Search")
    qtbot.addWidget(field)
    heard = []
    field.searched.connect(heard.append)
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert heard == ["x"]


def test_a_chip_is_as_wide_as_its_name_and_elides_where_there_is_no_room(qapp):
    image = QImage(200, 30, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    assert paint_chip(painter, QPoint(4, 4), "NARRATOR", LIGHT).width() == chip_width("NARRATOR")
    assert paint_chip(painter, QPoint(4, 4), "NARRATOR", LIGHT, 0, 40).width() == 40
    painter.end()


def test_a_chip_names_its_speaker(qtbot):
    chip = Chip("HOST1")
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "Speaker HOST1"


def test_an_icon_button_says_what_it_does_and_follows_the_theme(qtbot, qapp):
    apply_theme(qapp, LIGHT)
    button = IconButton("play", "Play", shortcut="Space")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Play", "Play · Space")
    before = button.icon().pixmap(16).toImage()
    apply_theme(qapp, DARK)
    assert button.icon().pixmap(16).toImage() != before


def test_an_empty_state_offers_what_can_be_done(qtbot):
    state = EmptyState("import", "Nothing yet", "Drop a file.", (("import", "Import"), ("new", "New")))
    qtbot.addWidget(state)
    heard = []
    state.chosen.connect(heard.append)
    for button in state.findChildren(QPushButton):
        button.click()
    assert heard == ["import", "new"]
    assert {label.text() for label in state.findChildren(QLabel)} >= {"Nothing yet", "Drop a file."}


def test_a_notice_shows_what_and_the_cure_and_runs_its_action_once(qtbot):
    notice, ran = NoticeBar(), []
    qtbot.addWidget(notice)
    notice.show_notice("Deleted it.", "All is well.", action="Undo", run=lambda: ran.append(1))
    assert notice.isVisible()
    assert notice.text == "Deleted it. All is well."
    notice.findChild(object, "noticeAction").click()
    assert ran == [1]
    assert not notice.isVisible()


def test_a_problem_stays_until_it_is_closed_and_information_goes(qtbot, monkeypatch):
    monkeypatch.setattr(NoticeBar, "_STAY_MS", 1)
    notice = NoticeBar()
    qtbot.addWidget(notice)
    notice.show_notice("Saved.")
    qtbot.waitUntil(lambda: not notice.isVisible())
    notice.show_notice("Broken.", kind=NoticeKind.PROBLEM)
    assert not notice._timer.isActive()
    qtbot.keyClick(notice, Qt.Key.Key_Escape)
    assert not notice.isVisible()


def test_a_folded_section_builds_what_is_in_it_when_it_is_opened(qtbot):
    built = []

    def build():
        built.append(QLabel("inside"))
        return built[-1]

    section = FoldedSection("More", build)
    qtbot.addWidget(section)
    section.show()
    assert built == []
    section.set_open(True)
    assert built[0].isVisible()
    section.set_open(False)
    section.set_open(True)
    assert len(built) == 1


def test_a_form_names_its_fields(qtbot):
    form, box = Form(), ChoiceBox(CHOICES)
    qtbot.addWidget(form)
    form.add("Tone", box, name="tonePicker")
    assert (box.accessibleName(), box.objectName()) == ("Tone", "tonePicker")


def wheel_over(widget):
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_wheel_over_a_choice_that_has_no_focus_changes_nothing(qtbot):
    box = ChoiceBox(CHOICES)
    qtbot.addWidget(box)
    box.show()
    box.clearFocus()
    wheel_over(box)
    assert box.value == "measured"


def test_the_wheel_over_a_number_that_has_no_focus_changes_nothing(qtbot):
    form, number = Form(), NumberBox(0, 10, step=1, decimals=0, suffix=" s")
    other = QLineEdit()
    form.add("Other", other)
    form.add("Length", number)
    number.setValue(5)
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
    other.setFocus()
    wheel_over(number)
    assert number.value() == 5
    assert other.hasFocus()
    number.setFocus()
    wheel_over(number)
    assert number.value() == 4


@pytest.mark.parametrize(
    ("duration_ms", "shown"), [(None, ""), (0, "0:00"), (102_000, "1:42"), (58_400, "0:58"), (3_723_000, "1:02:03")]
)
def test_durations_are_written_as_clocks_do(duration_ms, shown):
    assert human_duration(duration_ms) == shown
