"""Recording a take: a real microphone thread on a card in memory, a real file, a real library."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt

from declaim.audio.microphone import Microphone
from declaim.errors import AudioError
from declaim.model.library import RecordingState, RecordingType
from declaim.ui.takes.record_sheet import RecordSheet
from declaim.ui.takes.takes_table import TakesPanel
from tests.support.sound_cards import FakeMicrophone


@pytest.fixture
def desk(studio, monkeypatch):
    """No machine's own sound system is asked."""
    monkeypatch.setattr(studio.microphone, "find_inputs", lambda done: done(("Desk microphone",)))
    return studio


@pytest.fixture
def sheet_of(qtbot, desk, script_id):
    made = []

    def make(card):
        microphone = Microphone(card.open_input)
        sheet = RecordSheet(desk, script_id, microphone=microphone)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(sheet)
        sheet.show()
        made.append(microphone)
        return sheet

    yield make
    for microphone in made:
        microphone.stop()


class Humming(FakeMicrophone):
    """Never silent."""

    def read(self):
        return np.maximum(super().read(), np.float32(0.5))


def speech(level=0.25, count=400):
    return [np.full((960, 1), level, np.float32) for _ in range(count)]


def record(qtbot, sheet):
    qtbot.mouseClick(sheet.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.time.text() != "0:00")
    with qtbot.waitSignal(sheet.kept) as kept:
        qtbot.mouseClick(sheet.button, Qt.MouseButton.LeftButton)
    return kept.args[0]


def test_what_is_said_is_kept_as_a_take_of_the_script_beside_the_others(qtbot, sheet_of, desk, script_id):
    desk.rendering.render(script_id)
    sheet = sheet_of(FakeMicrophone(speech(count=4000)))
    take = desk.recordings.get(record(qtbot, sheet))
    assert (take.label, take.type, take.state) == ("Take 2", RecordingType.ORIGINAL, RecordingState.DONE)
    assert take.source == "microphone"
    assert desk.recordings.of_script(script_id)[0].id == take.id
    assert "Kept as Take 2" in sheet.said.text()
    samples, _rate_hz = soundfile.read(desk.recordings.audio_path(take.id))
    assert take.duration_ms == pytest.approx(1000 * len(samples) / 48_000, abs=1)
    assert desk.recordings.peaks(take.id)


def test_a_render_after_it_has_its_own_original(qtbot, sheet_of, desk, script_id):
    spoken = record(qtbot, sheet_of(FakeMicrophone(speech(count=4000))))
    made = []
    desk.rendering.render(script_id, done=made.append)
    take = desk.recordings.get(made[0])
    assert take.label == "Take 2"
    assert take.original_id != spoken


def test_nothing_is_kept_before_record_is_pressed(qtbot, sheet_of, desk, script_id):
    sheet = sheet_of(Humming([]))
    qtbot.waitUntil(lambda: sheet.meter.level_db > -7)
    assert "Nothing is kept" in sheet.said.text()
    sheet.reject()
    assert not sheet.isVisible()
    assert desk.recordings.of_script(script_id) == ()
    assert list(desk.library.media.rglob("*.wav")) == []


def test_escape_while_it_records_keeps_and_does_not_close(qtbot, sheet_of):
    sheet = sheet_of(FakeMicrophone(speech(count=4000)))
    sheet.toggle()
    qtbot.waitUntil(lambda: sheet.time.text() != "0:00")
    with qtbot.waitSignal(sheet.kept):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()


def test_return_records_and_keeps(qtbot, sheet_of):
    sheet = sheet_of(FakeMicrophone(speech(count=4000)))
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.time.text() != "0:00")
    with qtbot.waitSignal(sheet.kept):
        qtbot.keyClick(sheet, Qt.Key.Key_Return)


def test_where_the_script_went_meanwhile_what_was_said_stays_on_the_disk_and_that_is_told(qtbot, sheet_of, desk, script_id):
    sheet = sheet_of(FakeMicrophone(speech(count=4000)))
    sheet.toggle()
    qtbot.waitUntil(lambda: sheet.time.text() != "0:00")
    with desk.library.transaction("gone"):
        desk.library.scripts.trash(script_id)
        desk.library.trash.purge(dt.datetime.now(dt.UTC) + dt.timedelta(1))
    sheet.toggle()
    qtbot.waitUntil(lambda: "could not be kept" in sheet.said.text())
    assert "It is on the disk, and the next start of Declaim tries again." in sheet.said.text()
    (left,) = desk.library.media.rglob("*.wav")
    assert left.parent == desk.library.media_folder.recording


def test_without_a_microphone_it_says_so_with_the_cure_and_may_be_tried_again(qtbot, sheet_of, desk, script_id):
    card = FakeMicrophone([])

    def refuse(*_):
        raise AudioError("There is no microphone to record from.", cure="Connect one.")

    card.open_input = refuse
    sheet = sheet_of(card)
    qtbot.waitUntil(lambda: "no microphone" in sheet.said.text())
    assert "Connect one." in sheet.said.text()
    sheet.toggle()
    qtbot.waitUntil(lambda: sheet.button.text() == "Record" and sheet.button.isEnabled())
    assert desk.recordings.of_script(script_id) == ()


def test_a_microphone_that_goes_away_keeps_what_was_said_and_tells(qtbot, sheet_of, desk, script_id):
    class Leaving(FakeMicrophone):
        """The first one that is opened only listens."""

        def open_input(self, *asked):
            if not self.asked:
                super().open_input(*asked)
                return FakeMicrophone([])
            return super().open_input(*asked)

    sheet = sheet_of(Leaving(speech(count=30), failure=AudioError("The microphone stopped answering.", cure="Check it.")))
    with qtbot.waitSignal(sheet.kept) as kept:
        sheet.toggle()
    assert desk.recordings.get(kept.args[0]).duration_ms == 600
    assert "stopped answering" in sheet.said.text()
    assert "Kept as Take 1" in sheet.said.text()


def test_too_loud_is_said(qtbot, sheet_of):
    sheet = sheet_of(FakeMicrophone(speech(1.0, count=4000)))
    sheet.toggle()
    qtbot.waitUntil(lambda: "Too loud" in sheet.said.text())


def test_lost_sound_is_told_with_the_cure_and_kept_with_the_take(qtbot, sheet_of, desk):
    card = FakeMicrophone(speech(count=4000), gaps=2)
    sheet = sheet_of(card)
    take = desk.recordings.get(record(qtbot, sheet))
    assert "Sound was lost twice" in sheet.said.text()
    assert "Close other programs" in sheet.said.text()
    assert (take.note, take.parameters["gaps"]) == ("Sound was lost while this was recorded (twice).", 2)


def test_a_microphone_that_gives_nothing_is_told_until_something_is_heard(qtbot, sheet_of):
    class Muted(FakeMicrophone):
        is_muted = True

        def read(self):
            return np.full((4800, 1), 0.0 if self.is_muted else 0.25, np.float32)

    card = Muted([])
    sheet = sheet_of(card)
    sheet.toggle()
    qtbot.waitUntil(lambda: "Nothing is heard. See that the microphone is not muted" in sheet.said.text())
    card.is_muted = False
    qtbot.waitUntil(lambda: not sheet.said.text())


def test_the_words_to_read_are_the_shown_ones_and_every_control_has_a_name(sheet_of):
    sheet = sheet_of(FakeMicrophone([]))
    assert "Dark mode is here." in sheet.text.toPlainText()
    assert "HOST2" in sheet.text.toPlainText()
    named = (sheet.text, sheet.device, sheet.meter, sheet.time, sheet.button, sheet.close_button)
    assert all(part.accessibleName() and part.objectName() for part in named)
    assert sheet.device.count() == 2


def test_the_takes_have_a_button_that_opens_it(qtbot, desk, script_id, monkeypatch):
    panel = TakesPanel(desk)
    qtbot.addWidget(panel)
    panel.show_script(script_id)
    opened = []
    monkeypatch.setattr(RecordSheet, "open", lambda sheet: opened.append(sheet))
    with qtbot.waitSignal(panel.about_to_record):
        panel._record.click()
    assert [sheet.objectName() for sheet in opened] == ["recordSheet"]
    opened[0].reject()
