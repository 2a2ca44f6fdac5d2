from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import soundfile

from declaim.audio.tape import Tape, restore, unfinished, unfinished_in
from declaim.errors import AudioError

RATE = 8_000


def ramp(count):
    return np.linspace(-1, 1, count, dtype=np.float32)


def test_what_is_added_is_in_the_file_in_24_bit(tmp_path):
    path = tmp_path / "a" / "take.wav"
    tape = Tape(path, RATE)
    for block in np.array_split(ramp(20_000), 7):
        tape.add(block.reshape(-1, 1))
    tape.close()
    samples, rate_hz = soundfile.read(path)
    assert (rate_hz, soundfile.info(path).subtype) == (RATE, "PCM_24")
    assert np.max(np.abs(samples - ramp(20_000))) < 2**-22
    assert list(path.parent.iterdir()) == [path]


def test_what_is_too_loud_is_cut_off_and_does_not_turn_over(tmp_path):
    tape = Tape(tmp_path / "take.wav", RATE)
    tape.add(np.float32([2, -2]))
    tape.close()
    assert soundfile.read(tmp_path / "take.wav")[0] == pytest.approx([1, -1], abs=1e-6)


def test_nothing_recorded_leaves_nothing(tmp_path):
    Tape(tmp_path / "take.wav", RATE).close()
    assert list(tmp_path.iterdir()) == []
    assert not restore(tmp_path / "take.wav")


def test_another_tape_does_not_write_over_what_was_not_finished(tmp_path):
    unfinished(tmp_path / "take.wav").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        Tape(tmp_path / "take.wav", RATE)
    assert unfinished(tmp_path / "take.wav").read_bytes() == b"precious"


SPEAK_AND_WAIT = """
import sys, time
from pathlib import Path
import numpy as np
from declaim.audio.tape import Tape

tape = Tape(Path(sys.argv[1]), 8000)
for block in range(10):
    tape.add(np.full(4000, 0.5, np.float32))
print("said", flush=True)
time.sleep(60)
"""


def test_after_a_kill_what_was_recorded_can_be_played_and_restored(tmp_path):
    path = tmp_path / "take.wav"
    process = subprocess.Popen([sys.executable, "-c", SPEAK_AND_WAIT, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "said\n"
    beside = unfinished(path)
    while beside.stat().st_size < 44 + 3 * 40_000:
        assert process.poll() is None
    with pytest.raises(AudioError, match="Another Declaim is recording to 'take"):
        restore(path)
    process.kill()
    process.communicate()
    assert not path.exists()
    assert soundfile.info(beside).frames >= 32_000
    assert unfinished_in(tmp_path) == (path,)
    assert restore(path)
    assert list(tmp_path.iterdir()) == [path]
    samples, rate_hz = soundfile.read(path)
    assert (len(samples), rate_hz) == (40_000, RATE)
    assert samples == pytest.approx(0.5, abs=1e-6)


def test_a_torn_end_is_left_out(tmp_path):
    path, beside = tmp_path / "take.wav", unfinished(tmp_path / "take.wav")
    tape = Tape(path, RATE)
    tape.add(ramp(100))
    tape.close()
    path.rename(beside)
    with beside.open("ab") as file:
        file.write(b"\x01\x02")
    assert restore(path)
    assert soundfile.info(path).frames == 100
    assert path.stat().st_size == 44 + 300


FILL_THE_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from declaim.audio.microphone import Microphone

class Card:
    rate_hz, gaps = 8000, 0
    def read(self):
        return np.full((400, 1), 0.5, np.float32)
    def close(self):
        pass

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
microphone = Microphone(lambda *_: Card())
microphone.record(Path(sys.argv[1]), seconds=3600)
microphone._thread.join()
print(microphone.status.failure)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
def test_a_full_disk_ends_the_recording_with_the_cure_and_what_was_written_before_is_kept(tmp_path):
    """A file that may not grow past 50 kB, in a process of its own, stands for a full disk."""
    path = tmp_path / "take.wav"
    run = subprocess.run([sys.executable, "-c", FILL_THE_DISK, str(path)], capture_output=True, text=True, check=True)
    assert "could not be written (File too large). Free some space" in run.stdout
    assert soundfile.info(path).frames == (50_000 - 44) // 3
