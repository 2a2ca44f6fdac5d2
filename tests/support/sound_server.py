"""A sound card on any machine: a PulseAudio server of our own with a null sink, whose monitor is the microphone."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

import declaim


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
