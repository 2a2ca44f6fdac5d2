"""``render --play``: what is made is heard, where there is something to hear it with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.voices import install_plugin

ROOT = Path(__file__).parents[2]
WORDS = "The parser no longer stops at a tab, and it says where it was."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plugins").mkdir()
    install_plugin(tmp_path / "plugins")
    (tmp_path / "a.script.md").write_text(f"# One\n\n[NARRATOR]: {WORDS}\n[NARRATOR]: And {WORDS}\n", encoding="utf-8")
    return tmp_path


def command(folder, *arguments, **environment):
    path = os.pathsep.join(map(str, (ROOT, ROOT / "src", folder / "plugins")))
    own = {"PYTHONPATH": path, "DECLAIM_LIBRARY": str(folder / "library")}
    return subprocess.Popen(
        [sys.executable, "-m", "declaim", *arguments],
        cwd=folder, env={**os.environ, **environment, **own}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


RENDER = ("render", "a.script.md", "-o", "a.mp3", "--voice", "robot:marvin", "--play", "--json")


def test_without_a_sound_card_the_file_is_made_and_the_cure_is_told(folder):
    (folder / ".asoundrc").write_text("pcm.!default { type nothing }\n")
    ran = command(folder, *RENDER, HOME=str(folder), PULSE_SERVER="unix:/nonexistent")
    stdout, stderr = ran.communicate(timeout=60)

    assert ran.returncode == 0, stderr
    assert json.loads(stdout)["lines"] == 2
    if "It could not be played." not in stderr:
        pytest.skip("this machine has a sound card that does not care for our settings")
    assert "There is no sound output" in stderr
    assert "Rendering and export work without" in stderr


@pytest.mark.slow
def test_all_of_it_is_heard_while_it_is_made(folder, sound_server):
    recorder = command(folder, "record", "-o", "heard.wav", "--seconds", "30", **sound_server)
    assert recorder.stderr is not None
    while "Recording" not in (line := recorder.stderr.readline()):
        if not line:
            pytest.skip("PortAudio does not reach PulseAudio here")
    player = command(folder, *RENDER, **sound_server)
    stdout, stderr = player.communicate(timeout=60)
    assert player.returncode == 0, stderr
    assert "could not be played" not in stderr
    recorder.terminate()
    recorder.communicate(timeout=30)
    samples, rate_hz = soundfile.read(folder / "heard.wav", dtype="float32")
    spoken_s = (2 * len(WORDS) + len("And ")) / 15

    assert np.count_nonzero(np.abs(samples) > 0.005) / rate_hz > 0.75 * spoken_s
    assert json.loads(stdout)["seconds"] > spoken_s


@pytest.mark.slow
def test_ctrl_c_ends_the_playing_of_what_is_finished(folder, sound_server):
    player = command(folder, *RENDER, **sound_server)
    assert player.stdout is not None
    while player.stdout.readline().rstrip() not in ("}", ""):
        pass
    player.send_signal(signal.SIGINT)
    _, stderr = player.communicate(timeout=30)

    assert player.returncode == 0, stderr
    assert (folder / "a.mp3").exists()
