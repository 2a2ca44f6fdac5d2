from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QLineEdit, QPushButton, QWidget

from declaim.model.delivery import Delivery, DeliveryPreset
from declaim.model.pauses import PauseSettings
from declaim.model.settings import MusicSettings, StudioSettings, TagSettings
from declaim.ui.inspector.file_sections import FileSections
from declaim.ui.widgets.file_field import FileField


@pytest.fixture
def sections(qtbot):
    made = FileSections()
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    made.show_settings(StudioSettings())
    opened(made, "Sound")
    made.chosen = []
    made.changed.connect(made.chosen.append)
    return made


@pytest.fixture
def tune(tmp_path):
    (tmp_path / "tune.mp3").write_bytes(b"music")
    return str(tmp_path / "tune.mp3")


def opened(sections, title):
    next(button for button in sections.findChildren(QPushButton) if button.text() == title).click()


def choose(sections, name, value):
    picker = sections.findChild(QComboBox, name)
    picker.setCurrentIndex(picker.findData(value))
    picker.activated.emit(picker.currentIndex())


def test_channels_hosts_and_the_bit_rate_are_chosen(sections):
    choose(sections, "channelsPicker", "2")
    choose(sections, "hostsPicker", "20")
    choose(sections, "bitRatePicker", "128")
    assert sections.chosen[-1] | {} == {
        "loudness": "podcast", "rate_hz": 44_100, "channels": 2, "spread_percent": 20, "bit_rate": 128, "vbr": -1,
    }  # fmt: skip
    choose(sections, "bitRatePicker", "v2")
    assert sections.chosen[-1]["vbr"] == 2
    assert "bit_rate" not in sections.chosen[-1]


def number(sections, name):
    return sections.findChild(QDoubleSpinBox, name)


def test_pauses_show_what_the_delivery_has_until_one_is_chosen(qtbot, sections):
    sections.show_settings(StudioSettings(delivery=Delivery(DeliveryPreset.MEASURED)))
    opened(sections, "Pauses")
    assert number(sections, "chapterPause").text() == "1.4 s, as usual"
    number(sections, "chapterPause").setValue(2.5)
    number(sections, "chapterPause").editingFinished.emit()
    assert sections.chosen == [{"pauses": PauseSettings(chapter_ms=2500)}]


def test_chosen_pauses_are_given_back_to_the_delivery_with_a_click(qtbot, sections):
    opened(sections, "Pauses")
    reset = sections.findChild(QPushButton, "usualPauses")
    assert reset.isHidden()
    sections.show_settings(StudioSettings(pauses=PauseSettings(sentence_ms=0)))
    assert number(sections, "sentencePause").text() == "0.00 s"
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert sections.chosen == [{"pauses": PauseSettings()}]


def test_what_is_chosen_is_shown_again(sections):
    sections.show_settings(StudioSettings(channels=1, spread_percent=35, vbr=4))
    shown = {
        name: sections.findChild(QComboBox, name).currentData() for name in ("channelsPicker", "hostsPicker", "bitRatePicker")
    }
    assert shown == {"channelsPicker": "1", "hostsPicker": "35", "bitRatePicker": "v4"}
    assert sections.chosen == []


def test_hosts_cannot_sit_apart_in_mono(sections):
    hosts = sections.findChild(QComboBox, "hostsPicker")
    assert hosts.isEnabled()
    choose(sections, "loudnessPicker", "acx")
    assert not hosts.isEnabled()
    choose(sections, "channelsPicker", "2")
    assert hosts.isEnabled()


def test_music_is_chosen_by_a_dialog_and_cleared(sections, tune, monkeypatch):
    opened(sections, "Music")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (tune, ""))
    sections.findChild(QPushButton, "introMusicButton").click()
    assert sections.chosen == [{"music": MusicSettings(intro=tune)}]
    assert "tune.mp3" in sections.findChild(QPushButton, "introMusicButton").accessibleName()

    sections.findChild(FileField, "introMusic").clear.click()
    assert sections.chosen[-1] == {"music": MusicSettings()}


def test_music_is_dropped_on_its_field(sections, tune):
    opened(sections, "Music")
    field = sections.findChild(FileField, "bedMusic")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(tune)])
    field.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )
    assert sections.chosen == [{"music": MusicSettings(bed=tune)}]


def test_the_level_is_there_where_there_is_music(sections, tune):
    opened(sections, "Music")
    level, overlap = (sections.findChild(QDoubleSpinBox, name) for name in ("bedLevel", "musicOverlap"))
    assert not level.isVisible()
    sections.show_settings(StudioSettings(music=MusicSettings(bed=tune, bed_level_db=-24)))
    assert level.isVisible()
    assert not overlap.isVisible()
    assert level.value() == -24
    level.setValue(-12)
    level.editingFinished.emit()
    assert sections.chosen == [{"music": MusicSettings(bed=tune, bed_level_db=-12)}]


def test_a_file_that_is_gone_says_so(sections, tmp_path):
    opened(sections, "Music")
    sections.show_settings(StudioSettings(music=MusicSettings(outro=str(tmp_path / "gone.mp3"))))
    assert "gone.mp3 is gone" in sections.findChild(QPushButton, "outroMusicButton").accessibleName()


def test_the_tags_are_typed_and_the_cover_is_chosen(qtbot, sections, tmp_path, monkeypatch):
    opened(sections, "About the file")
    artist = sections.findChild(QLineEdit, "artistTag")
    qtbot.keyClicks(artist, "Ada")
    qtbot.keyClick(artist, Qt.Key.Key_Return)
    assert sections.chosen == [{"tags": TagSettings(artist="Ada")}]
    cover = tmp_path / "cover.png"
    cover.write_bytes(b"picture")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(cover), ""))
    sections.findChild(QPushButton, "coverPictureButton").click()
    assert sections.chosen[-1] == {"tags": TagSettings(artist="Ada", cover=str(cover))}


def test_every_control_has_a_name_for_those_who_listen(sections, tune):
    opened(sections, "Music")
    opened(sections, "About the file")
    sections.show_settings(StudioSettings(music=MusicSettings(tune, tune, tune)))
    kinds = (QComboBox, QPushButton, QDoubleSpinBox, QLineEdit)
    controls = [one for kind in kinds for one in sections.findChildren(kind) if not one.objectName().startswith("qt_")]
    assert controls
    assert [one for one in controls if isinstance(one, QWidget) and not one.accessibleName()] == []
