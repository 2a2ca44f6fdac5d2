"""The player and the microphone on a real PortAudio device: a PulseAudio server of our own with a null sink and its monitor.

PortAudio looks for devices once in a process, so the sound is made in another one (``play_and_record``).
"""

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

import declaim

pytestmark = pytest.mark.slow

PLAY_AND_RECORD = """
import json, sys, time
from pathlib import Path
import numpy as np
from declaim.audio.microphone import Microphone
from declaim.audio.player import Player
from declaim.model.clip import Clip

def until_recorded(duration_ms):
    while microphone.status.duration_ms < duration_ms and microphone.status.failure is None:
        time.sleep(0.01)

microphone, player = Microphone(), Player()
microphone.record(Path(sys.argv[1]))
until_recorded(100)
# A null sink makes silence ahead, and its monitor has given it away when the sound comes.
times = np.arange(16_000) / 22_050
tone = 0.5 * np.sin(2 * np.pi * 440 * times)
player.play(Clip(np.concatenate([np.zeros(11_025), tone]).astype(np.float32), 22_050))
returned = time.monotonic()
positions = []
while player.status.ended == 0 and player.status.failure is None:
    positions.append(player.status.position_ms)
    time.sleep(0.01)
took = time.monotonic() - returned
until_recorded(microphone.status.duration_ms + 500)
status = microphone.stop()
player.close()
failures = [str(one.failure) for one in (status, player.status) if one.failure]
print(json.dumps({"failures": failures, "positions": positions, "took": took, "gaps": status.gaps}))
"""


TONE_S = 16_000 / 22_050


def test_what_is_played_is_what_the_microphone_hears(sound_server, tmp_path):
    """However busy the machine is: a player that is late is silent meanwhile, and goes on where it was."""
    take = tmp_path / "take.wav"
    run = subprocess.run(
        [sys.executable, "-c", PLAY_AND_RECORD, str(take)],
        env=sound_server,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    heard = json.loads(run.stdout)
    if any("no sound output" in failure or "no microphone" in failure for failure in heard["failures"]):
        pytest.skip(f"PortAudio does not reach PulseAudio here: {heard['failures']}")
    assert heard["failures"] == []
    assert heard["gaps"] == 0
    assert heard["positions"] == sorted(heard["positions"])
    assert heard["took"] > TONE_S
    samples, rate_hz = soundfile.read(take, dtype="float32")
    pieces = [samples[start:end] for start, end in loud_stretches(samples, rate_hz)]
    assert pieces, "nothing was heard"
    assert sum(len(piece) for piece in pieces) / rate_hz == pytest.approx(TONE_S, abs=0.002)
    tone = max(pieces, key=len)
    spectrum = np.abs(np.fft.rfft(tone * np.hanning(len(tone)), 8 * len(tone)))
    assert np.argmax(spectrum) * rate_hz / (8 * len(tone)) == pytest.approx(440, abs=2)


def loud_stretches(samples, rate_hz):
    """From where to where there is sound; a sine is near nought for a moment only."""
    loud = np.flatnonzero(np.abs(samples) > 0.05)
    breaks = np.flatnonzero(np.diff(loud) > rate_hz // 1000)
    return list(zip(loud[np.r_[0, breaks + 1]], loud[np.r_[breaks, -1]] + 1, strict=True)) if len(loud) else []


def test_the_terminal_records_until_control_c(sound_server, tmp_path):
    take = tmp_path / "take.wav"
    command = [sys.executable, "-m", "declaim", "record", "-o", str(take), "--json"]
    run = subprocess.Popen(command, env=sound_server, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    told = ""
    while "Recording." not in told and (line := run.stderr.readline()):
        told += line
    if "no microphone" in told:
        pytest.skip(f"PortAudio does not reach PulseAudio here: {told}")
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=30)
    assert run.returncode == 0, told
    kept = json.loads(said)
    assert kept["seconds"] == pytest.approx(soundfile.info(take).duration, abs=0.001)
    assert kept["gaps"] == 0


def test_without_a_device_the_failure_says_what_to_do(tmp_path):
    (tmp_path / ".asoundrc").write_text("pcm.!default { type nothing }\n")
    source = str(Path(declaim.__file__).parents[1])
    own = {"HOME": str(tmp_path), "PULSE_SERVER": "unix:/nonexistent", "PYTHONPATH": source}
    run = subprocess.run(
        [sys.executable, "-c", PLAY_AND_RECORD, str(tmp_path / "take.wav")],
        env={**os.environ, **own}, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    heard = json.loads(run.stdout)
    if not heard["failures"]:
        pytest.skip("this machine has a sound card that does not care for our settings")
    assert all("try again" in failure or "play again" in failure or "start again" in failure for failure in heard["failures"])
