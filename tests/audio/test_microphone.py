from __future__ import annotations

import time

import numpy as np
import pytest
import soundfile

from declaim.audio import sound_card
from declaim.audio.microphone import RATE_HZ, Microphone
from declaim.errors import AudioError
from tests.support.sound_cards import FakeMicrophone


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.002)


def blocks(count, level=0.25):
    return [np.full((960, 1), level, np.float32) for _ in range(count)]


def test_what_is_said_is_in_the_file_and_the_file_is_there_only_at_the_end(tmp_path):
    card = FakeMicrophone(blocks(50))
    microphone, path = Microphone(card.open_input), tmp_path / "take.wav"
    microphone.record(path)
    assert card.all_given.wait(5)
    assert not path.exists()
    assert microphone.status.is_recording
    status = microphone.stop()
    samples, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == RATE_HZ == card.asked[0][0]
    assert samples[: 50 * 960] == pytest.approx(0.25, abs=1e-6)
    assert status.duration_ms == round(1000 * len(samples) / RATE_HZ)
    assert not status.is_recording
    assert [item.name for item in tmp_path.iterdir()] == ["take.wav"]


def test_the_level_and_clipping_are_shown(tmp_path):
    card = FakeMicrophone([*blocks(2, 0.5), *blocks(1, 1.0)])
    microphone = Microphone(card.open_input)
    microphone.listen()
    until(lambda: microphone.status.clipped)
    assert not microphone.status.is_recording
    assert microphone.stop().clipped


def test_a_microphone_that_goes_away_keeps_what_was_said(tmp_path):
    lost = AudioError("The microphone stopped answering.", cure="Check it.")
    microphone, path = Microphone(FakeMicrophone(blocks(10), failure=lost).open_input), tmp_path / "take.wav"
    microphone.record(path)
    until(lambda: microphone.status.failure is not None)
    assert microphone.stop().failure is lost
    assert soundfile.info(path).frames == 9600


def test_a_missing_microphone_is_told_and_leaves_no_file(tmp_path):
    def refuse(*_):
        raise AudioError("There is no microphone.", cure="Connect one.")

    microphone = Microphone(refuse)
    microphone.record(tmp_path / "take.wav")
    status = microphone.stop()
    assert status.failure is not None
    assert status.failure.cure == "Connect one."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    microphone = Microphone(FakeMicrophone(blocks(1)).open_input)
    microphone.record(tmp_path / "file" / "take.wav")
    assert "could not be written" in str(microphone.stop().failure)


def test_it_can_be_ended_without_waiting_and_recording_may_follow_listening_at_once(tmp_path):
    microphone, path = Microphone(FakeMicrophone(blocks(400)).open_input), tmp_path / "take.wav"
    microphone.listen()
    microphone.record(path)
    until(lambda: microphone.status.duration_ms > 0 and microphone.status.is_recording)
    microphone.end()
    until(lambda: not microphone.is_at_work)
    assert path.is_file()
    assert not microphone.status.is_recording


def test_sound_that_is_lost_is_counted_also_when_it_is_over(tmp_path):
    microphone = Microphone(FakeMicrophone(blocks(10), gaps=2).open_input)
    microphone.record(tmp_path / "take.wav")
    until(lambda: microphone.status.duration_ms > 0)
    assert microphone.stop().gaps == 2


def test_what_is_on_its_way_at_the_end_is_still_taken(tmp_path):
    microphone, path = Microphone(FakeMicrophone(blocks(10)).open_input), tmp_path / "take.wav"
    microphone.record(path)
    microphone.stop()
    assert np.count_nonzero(soundfile.read(path)[0]) == 10 * 960


def test_the_card_tells_that_portaudio_lost_sound_and_gives_all_there_is(monkeypatch):
    class Stream:
        samplerate = 48_000
        ready, lost = [0, 900, 4_800, 2_400, 4_800], [False, True, False]

        def start(self):
            return

        @property
        def read_available(self):
            return self.ready.pop(0)

        def read(self, frames):
            return np.zeros((frames, 1), np.float32), self.lost.pop(0)

    monkeypatch.setattr(sound_card, "_open", lambda *_: Stream())
    card = sound_card.open_input(48_000, 1)
    assert [len(card.read()) for _ in range(3)] == [4_800, 2_400, 4_800]
    assert card.gaps == 1


class Sleeping(FakeMicrophone):
    """There, and gives nothing after its blocks."""

    def read(self):
        return super().read() if self._blocks else self._silence[:0]


def test_a_microphone_that_falls_asleep_can_be_stopped(tmp_path):
    class Waiting(Sleeping):
        def read(self):
            if not self._blocks:
                microphone.end()
            return super().read()

    microphone, path = Microphone(Waiting(blocks(10)).open_input), tmp_path / "take.wav"
    microphone.record(path)
    until(lambda: not microphone.is_at_work)
    assert microphone.status.failure is None
    assert soundfile.info(path).frames == 9600


def test_a_microphone_that_gives_nothing_for_long_ends_the_recording_and_keeps_what_was_said(tmp_path):
    microphone, path = Microphone(Sleeping(blocks(10)).open_input), tmp_path / "take.wav"
    microphone.record(path)
    until(lambda: not microphone.is_at_work)
    assert "gives nothing any more. Check that it is connected" in str(microphone.status.failure)
    assert soundfile.info(path).frames == 9600
