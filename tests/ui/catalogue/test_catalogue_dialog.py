"""The catalogue in the window: searched, narrowed, heard, kept, downloaded, taken."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from declaim.commands.catalogue import Catalogue, Show
from declaim.commands.downloading import VoiceDownloads
from declaim.model.ids import VoiceId
from declaim.model.work import ProgressReport
from declaim.ui.catalogue.catalogue_dialog import CatalogueDialog
from declaim.ui.catalogue.catalogue_model import PROGRESS_ROLE
from declaim.voices import Access, Voices
from declaim.voices.gemini import GeminiEngine
from tests.support.studios import make_studio
from tests.support.voice_server import KEY, VoiceServer, tiny_files

JOLLY = VoiceId(f"piper:{KEY}")


@pytest.fixture
def make(qtbot, studio, orders):
    def build(**options):
        dialog = CatalogueDialog(studio, orders, **options)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return build


@pytest.fixture
def served(studio):
    """The studio's downloads come from a source on this computer."""
    with VoiceServer(tiny_files()) as server:
        access = Access()
        access.choose("piper", base_url=server.origin)
        studio.catalogue = Catalogue(studio.library, studio.voices, studio.jobs, VoiceDownloads(access, pause_s=0))
        yield server


def names(dialog):
    return [dialog.model.index(row).data() for row in range(dialog.model.rowCount())]


def choose(dialog, voice_id):
    dialog.list.setCurrentIndex(dialog.model.index(dialog.model.row_of(VoiceId(voice_id)), 0))


def test_the_rows_are_an_item_model(qtmodeltester, make):
    qtmodeltester.check(make().model)


def test_typing_narrows_and_says_how_many(qtbot, make):
    dialog = make()
    qtbot.keyClicks(dialog.filters.search, "kore")
    qtbot.keyClick(dialog.filters.search, Qt.Key.Key_Return)
    assert names(dialog) == ["Kore"]
    assert "of" in dialog._count.text()
    qtbot.keyClick(dialog.filters.search, Qt.Key.Key_Escape)
    assert len(names(dialog)) > 3


def test_nothing_that_fits_says_what_to_do(qtbot, make):
    dialog = make()
    qtbot.keyClicks(dialog.filters.search, "zzzz")
    qtbot.keyClick(dialog.filters.search, Qt.Key.Key_Return)
    assert dialog.details._name.text() == "No voice fits"
    dialog.filters.clear()
    assert len(names(dialog)) > 3


def test_a_voice_is_taken_by_return_for_the_speaker(qtbot, make):
    dialog = make(speaker="HOST1", chosen=VoiceId("piper:amy"))
    with qtbot.waitSignal(dialog.taken) as taken:
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert taken.args == ["piper:amy"]
    assert not dialog.isVisible()


def test_a_favourite_is_one_key_and_can_be_undone(qtbot, make, studio):
    dialog = make(chosen=VoiceId("piper:amy"))
    dialog.details.favourite.click()
    assert studio.library.voice_choices.favourites() == {"piper:amy"}
    assert dialog.details.favourite.isChecked()
    assert names(dialog)[0] == "Amy"
    studio.undo()
    assert not dialog.details.favourite.isChecked()


def test_a_default_is_set_and_taken_away(make, studio):
    dialog = make(chosen=VoiceId("piper:amy"))
    dialog.details.default.click()
    assert studio.catalogue.defaults() == {"en": "piper:amy"}
    dialog.details.default.click()
    assert not studio.catalogue.defaults()


def test_a_local_voice_is_heard_with_space(qtbot, make):
    dialog = make(chosen=VoiceId("piper:amy"))
    with qtbot.waitSignal(dialog.sound_ready):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Space)


def test_a_voice_that_lacks_a_key_leads_to_where_it_is_entered(qtbot, make):
    dialog = make()
    choose(dialog, "gemini:Kore")
    assert not dialog.details.hear.isEnabled()
    assert "key" in dialog.details.says.text()
    with qtbot.waitSignal(dialog.settings_requested):
        dialog.details.key.click()


def test_a_cloud_voice_tells_its_price_before_it_is_asked(qtbot, orders, tmp_path, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-of-this-test-0001")
    cloud = make_studio(tmp_path / "cloud", Voices([GeminiEngine()]))
    dialog = CatalogueDialog(cloud, orders, chosen=VoiceId("gemini:Kore"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.details.hear.click()
    assert "sends one sentence to Gemini" in dialog.details.says.text()
    assert "$0.00" in dialog.details.says.text()
    assert not cloud.jobs.all()
    cloud.close()


def test_a_voice_is_downloaded_with_its_progress_and_removed(make, served, studio):
    dialog = make()
    dialog.read_button.click()
    choose(dialog, JOLLY)
    assert "300 kB" in dialog.details._facts.text()
    assert not dialog.details.hear.isVisible()
    dialog.details.download.click()
    assert "ready" in dialog.details.says.text()
    assert studio.jobs.all()[-1].progress.fraction == 1.0


def test_a_download_that_fails_says_why(make, served):
    dialog = make()
    served.fail("503", times=99)
    choose(dialog, "piper:danny")
    dialog.details.download.click()
    assert "cannot answer now" in dialog.details.says.text()
    assert dialog.details.download.isVisible()


def test_progress_is_shown_in_the_row_and_can_be_stopped(make):
    dialog = make()
    choose(dialog, "piper:danny")
    dialog.model.show_progress(VoiceId("piper:danny"), ProgressReport(1, 2, "1 of 2 MB", 3.0))
    dialog._show_entry()
    assert dialog.list.currentIndex().data(PROGRESS_ROLE).text == "1 of 2 MB"
    assert "3 s left" in dialog.details.says.text()
    assert dialog.details.stop.isVisible()


def test_every_control_has_a_name(make):
    dialog = make(speaker="HOST1")
    for button in (dialog.details.hear, dialog.details.favourite, dialog.read_button, dialog.use_button):
        assert button.objectName()
        assert button.accessibleName()
    dialog.filters.show_box.show_value(Show.OFFERED)
    dialog.filters._tell()
    assert not dialog.use_button.isEnabled()
