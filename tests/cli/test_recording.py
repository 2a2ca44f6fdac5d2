"""``declaim record``: a real microphone thread on a card in memory, a real library."""

from __future__ import annotations

import json
import os
import signal

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from declaim.audio.microphone import Microphone, MicrophoneStatus
from declaim.audio.tape import Tape, unfinished
from declaim.cli import recording
from declaim.cli.group import declaim
from declaim.errors import AudioError
from tests.support.sound_cards import FakeMicrophone

CHANGELOG = "# Changelog for Lantern\n\n## [1.2.0] - 2026-03-04\n\n### Added\n\n- A night mode for the reader\n"


def speech(count=100, level=0.25):
    return [np.full((960, 1), level, np.float32) for _ in range(count)]


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)

    def call(*arguments, card=None):
        monkeypatch.setattr(recording, "Microphone", lambda: Microphone((card or FakeMicrophone(speech())).open_input))
        result = CliRunner().invoke(declaim, ["--library", str(tmp_path / "library"), *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def library(call, tmp_path):
    assert call("import", "CHANGELOG.md", "--project", "Lantern").exit_code == 0
    return tmp_path / "library"


def takes(call):
    return json.loads(call("list", "--json").stdout)["recordings"]


def test_a_take_is_kept_beside_the_others_and_its_words_are_shown_first(call, library):
    result = call("record", "Lantern 1.2.0", "--seconds", "0.5", "--json")
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert (made["label"], made["seconds"], made["gaps"], made["clipped"]) == ("Take 1", 0.5, 0, False)
    assert soundfile.info(made["path"]).frames == 24_000
    assert "The reader now has a night mode." in result.stderr
    (take,) = takes(call)
    assert (take["id"], take["script_id"], take["label"]) == (made["id"], made["script_id"], "Take 1")
    assert "Take 2 of 'Lantern 1.2.0', 0.5 s" in call("record", made["script_id"], "--seconds", "0.5").stderr


def test_control_c_ends_it_and_keeps_what_was_said(call, library):
    class Interrupting(FakeMicrophone):
        def read(self):
            if len(self._blocks) == 60:
                os.kill(os.getpid(), signal.SIGINT)
            return super().read()

    result = call("record", "Lantern 1.2.0", card=Interrupting(speech()))
    assert result.exit_code == 0
    assert "Ctrl-C ends it" in result.stderr
    assert takes(call)[0]["duration_ms"] >= 800


def test_a_file_alone_needs_no_library(call, tmp_path):
    (tmp_path / "out.wav").write_bytes(b"what was there before")
    result = call("record", "-o", "out.wav", "--seconds", "1", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"path": "out.wav", "seconds": 1.0, "gaps": 0, "clipped": False}
    assert soundfile.info(tmp_path / "out.wav").frames == 48_000
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Name a SCRIPT"),
        (("Lantern", "-o", "out.wav"), "not both"),
        (("-o", "out.mp3"), "must end in .wav"),
        (("Lantern", "--seconds", "0"), "--seconds"),
    ],
)
def test_wrong_arguments_are_refused(call, arguments, words):
    result = call("record", *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True)


@pytest.mark.parametrize(("what", "words"), [("nix", "Nothing in the library is called 'nix'"), ("Lantern", "is a project")])
def test_what_is_no_script_is_refused_in_one_line(call, library, what, words):
    result = call("record", what)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "declaim list" in result.stderr


def test_without_a_microphone_it_says_what_to_do_and_leaves_nothing(call, library):
    card = FakeMicrophone([])

    def refuse(*_):
        raise AudioError("There is no microphone to record from.", cure="Connect one.")

    card.open_input = refuse
    result = call("record", "Lantern 1.2.0", card=card)
    assert result.exit_code == 1
    assert "Error: There is no microphone to record from. Connect one." in result.stderr
    assert takes(call) == []
    assert list(library.rglob("*.wav")) == []


def test_a_microphone_that_goes_away_keeps_what_was_said_and_fails(call, library):
    lost = AudioError("The microphone stopped answering.", cure="Check it.")
    result = call("record", "Lantern 1.2.0", card=FakeMicrophone(speech(50), failure=lost))
    assert result.exit_code == 1
    assert "Take 1 of 'Lantern 1.2.0', 1.0 s" in result.stderr
    assert "Error: The microphone stopped answering. Check it." in result.stderr
    assert takes(call)[0]["duration_ms"] == 1000


def test_lost_and_clipped_sound_is_told(call):
    result = call("record", "-o", "out.wav", "--seconds", "1", card=FakeMicrophone(speech(level=1.0), gaps=3))
    assert "Sound was lost 3 times" in result.stderr
    assert "Too loud" in result.stderr


def cut_short(path, seconds=1):
    tape = Tape(path, 8_000)
    tape.add(np.full(8_000 * seconds, 0.5, np.float32))
    tape.close()
    path.rename(unfinished(path))


def test_what_a_killed_recording_to_a_file_left_is_put_aside_and_told(call, tmp_path):
    for name in ("out-restored.wav", "out-restored-2.wav"):
        cut_short(tmp_path / "out.wav")
        result = call("record", "-o", "out.wav", "--seconds", "0.1")
        assert f"it is in '{name}' now" in result.stderr
        assert soundfile.info(tmp_path / name).frames == 8_000
    assert soundfile.info(tmp_path / "out.wav").frames == 4_800


def test_a_file_that_another_declaim_is_recording_to_is_left_to_it(call, tmp_path):
    path = tmp_path / "out.wav"
    other = Tape(path, 8_000)
    other.add(np.full(8_000, 0.5, np.float32))
    result = call("record", "-o", "out.wav", "--seconds", "0.1")
    assert result.exit_code == 1
    assert "Error: Another Declaim is recording to 'out.wav'. Let it end, or choose another file." in result.stderr
    other.close()
    assert list(tmp_path.glob("*.wav")) == [path]
    assert soundfile.info(path).frames == 8_000


def test_the_next_command_that_opens_the_library_restores_what_a_killed_one_was_recording(call, library):
    script_id = json.loads(call("list", "--json").stdout)["scripts"][0]["id"]
    cut_short(library / "media" / "recording" / f"{script_id[1:]}-{'ab' * 16}.wav", seconds=2)
    assert takes(call) == []
    result = call("rename", script_id, "Lantern")
    assert "what was said until then is kept: r1, Take 1 of 'Lantern 1.2.0'." in result.stderr
    assert takes(call)[0]["duration_ms"] == 2000


def test_the_microphones_are_listed_once_each(call, monkeypatch):
    monkeypatch.setattr(recording, "find_devices", lambda: ((), ("Desk", "Head", "Desk")))
    assert call("record", "--list-devices").stdout == "Desk\nHead\n"
    assert json.loads(call("record", "--list-devices", "--json").stdout) == ["Desk", "Head"]
    monkeypatch.setattr(recording, "find_devices", lambda: ((), ()))
    assert "There is no microphone" in call("record", "--list-devices").stderr


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (MicrophoneStatus(), "0:00 [                        ] -48 dB"),
        (MicrophoneStatus(True, 61_500, 0.25), "1:01 [##################      ] -12 dB"),
        (MicrophoneStatus(True, 1000, 0.99, 1.0), "0:01 [########################] 0 dB too loud"),
    ],
)
def test_the_level_is_one_short_line(status, line):
    assert recording.level_line(status) == line
