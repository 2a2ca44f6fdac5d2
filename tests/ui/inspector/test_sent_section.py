"""What a line would send: in words and exactly, for a voice here and one in the cloud. Nothing is sent."""

from __future__ import annotations

import dataclasses
import json

import pytest

from declaim.model.delivery import Delivery, ExpressionSettings
from declaim.model.ids import VoiceId
from declaim.model.voice import Cast
from declaim.ui.inspector.sent_section import SentSection
from declaim.voices import Voices
from declaim.voices.gemini import GeminiEngine
from tests.support.gemini_server import GeminiServer
from tests.support.studios import add_script, make_studio
from tests.support.voices import ScriptedEngine


@pytest.fixture
def server(monkeypatch):
    with GeminiServer().in_environment(monkeypatch) as server:
        yield server


@pytest.fixture
def studio(qapp, tmp_path, server):
    made = make_studio(tmp_path, Voices([ScriptedEngine("piper", voices=("joe",)), GeminiEngine()]))
    yield made
    made.close()


@pytest.fixture
def script_id(studio):
    return add_script(studio, "# T\n\n[HOST1]: Dark mode is here. {laugh}\n\n[HOST2]: And more.\n")[1]


@pytest.fixture
def section(qtbot, studio, script_id):
    made = SentSection(studio)
    qtbot.addWidget(made)
    made.show_script(script_id)
    made.show()
    made.set_open(True)
    return made


def cast_gemini(studio, script_id, delivery=None):
    studio.scripts.set_cast(script_id, Cast(VoiceId("gemini:Kore")))
    if delivery is not None:
        studio.scripts.set_delivery(script_id, delivery)


def test_a_local_voice_sends_nothing_and_says_how_it_speaks(section):
    assert "Nothing is sent" in section.says.text()
    assert "dynamic" in section.says.text()
    assert "Dark mode is here." in section.text.text()


def test_a_cloud_voice_shows_model_voice_style_and_the_text_with_its_tags(section, studio, script_id, server):
    cast_gemini(studio, script_id)
    section.show_script(script_id)
    assert "gemini-3.8-flash-tts" in section.says.text()
    assert "Kore" in section.says.text()
    assert "<laugh>" in section.text.text()
    assert json.loads(section.fields.text())["engine"] == "gemini"
    assert not server.history


def test_a_choice_shows_at_once_in_what_is_sent(section, studio, script_id):
    quiet = Delivery(expression=dataclasses.replace(ExpressionSettings(), allow_laughter=False))
    cast_gemini(studio, script_id, quiet)
    section.show_script(script_id)
    assert "laugh" not in section.text.text()


def test_it_follows_the_caret(section):
    section.show_line(1)
    assert section.says.text().startswith("Line 2:")
    section.show_line(9)
    assert "not saved yet" in section.says.text()


def test_closed_it_works_nothing_out(qtbot, studio, script_id):
    section = SentSection(studio)
    qtbot.addWidget(section)
    section.show_script(script_id)
    section.show_line(1)
    assert section.content is None
