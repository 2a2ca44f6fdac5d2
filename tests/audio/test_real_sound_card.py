"""The player and the microphone on a real PortAudio device: a PulseAudio server of our own with a null sink and its monitor.

PortAudio looks for devices once in a process, so the sound is made in another one (``play_and_record``).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
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

microphone, player = Microphone(), Player()
microphone.record(Path(sys.argv[1]))
while microphone.status.duration_ms < 100 and microphone.status.failure is None:
    time.sleep(0.01)
times = np.arange(16_000) / 22_050
player.play(Clip((0.5 * np.sin(2 * np.pi * 440 * times)).astype(np.float32), 22_050))
returned = time.monotonic()
positions = []
while player.status.ended == 0 and player.status.failure is None:
    positions.append(player.status.position_ms)
    time.sleep(0.01)
took = time.monotonic() - returned
time.sleep(0.2)
status = microphone.stop()
player.close()
failures = [str(one.failure) for one in (status, player.status) if one.failure]
print(json.dumps({"failures": failures, "positions": positions, "took": took}))
"""


@pytest.fixture
def sound_server(tmp_path):
    """The environment in which PortAudio finds a null sink; skips where there is no PulseAudio."""
    if shutil.which("pulseaudio") is None:
        pytest.skip("there is no pulseaudio to make a null sink with")
    socket = Path(os.environ.get("TMPDIR", "/tmp")) / f"declaim-pulse-{os.getpid()}"
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    (tmp_path / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
    source = str(Path(declaim.__file__).parents[1])
    own = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime), "PULSE_SERVER": f"unix:{socket}", "PYTHONPATH": source}
    environment = {**os.environ, **own}
    server = subprocess.Popen(
        [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1",
            "-L", "module-null-sink sink_name=declaim rate=48000",
        ],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + 5
        while not socket.exists():
            if server.poll() is not None or time.monotonic() > end:
                pytest.skip("pulseaudio does not start here")
            time.sleep(0.02)
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=5)
        socket.unlink(missing_ok=True)


def test_what_is_played_is_what_the_microphone_hears(sound_server, tmp_path):
    take = tmp_path / "take.wav"
    run = subprocess.run(
        [sys.executable, "-c", PLAY_AND_RECORD, str(take)],
        env=sound_server,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    heard = json.loads(run.stdout)
    if any("no sound output" in failure or "no microphone" in failure for failure in heard["failures"]):
        pytest.skip(f"PortAudio does not reach PulseAudio here: {heard['failures']}")
    assert heard["failures"] == []
    assert heard["positions"] == sorted(heard["positions"])
    assert heard["took"] == pytest.approx(16_000 / 22_050, abs=0.6)
    samples, rate_hz = soundfile.read(take, dtype="float32")
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    assert len(loud), "nothing was heard"
    tone = samples[loud[0] : loud[-1]]
    assert len(tone) / rate_hz == pytest.approx(16_000 / 22_050, abs=0.05)
    spectrum = np.abs(np.fft.rfft(tone * np.hanning(len(tone))))
    assert np.argmax(spectrum) * rate_hz / len(tone) == pytest.approx(440, abs=2)


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
