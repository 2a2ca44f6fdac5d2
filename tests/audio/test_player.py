from __future__ import annotations

import time

import numpy as np
import pytest
import soundfile

from declaim.audio.player import Player, PlayerState
from declaim.audio.sound_sources import QueueSource
from declaim.errors import AudioError
from declaim.model.clip import Clip
from tests.support.sound_cards import FakeCard

RATE = 8_000
BLOCK = 200


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.002)


def ramp(seconds, rate_hz=RATE):
    """Every sample tells its place."""
    count = round(seconds * rate_hz)
    return Clip(np.linspace(0, 1, count, endpoint=False, dtype=np.float32), rate_hz)


@pytest.fixture
def card():
    return FakeCard()


@pytest.fixture
def held():
    return FakeCard(held=True)


@pytest.fixture
def players():
    made = []

    def make(card):
        made.append(Player(card.open_output))
        return made[-1]

    yield make
    for player in made:
        player.close()


@pytest.fixture
def audio_file(tmp_path):
    def make(name, clip):
        path = tmp_path / name
        soundfile.write(path, clip.samples, clip.rate_hz, subtype="FLOAT" if name.endswith(".wav") else None)
        return path

    return make


def test_a_clip_is_heard_whole_and_then_it_stops(card, players):
    player, clip = players(card), ramp(1.0)
    player.play(clip)
    until(lambda: player.status.ended == 1)
    assert np.array_equal(card.samples, clip.samples)
    assert player.status.state is PlayerState.STOPPED
    assert (player.status.position_ms, player.status.duration_ms) == (0, 1000)
    assert card.opened == [(RATE, 1)]
    assert card.closed == 1


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3"])
def test_a_file_is_streamed_from_where_it_is_wanted(card, players, audio_file, name):
    rate = 16_000
    times = np.arange(rate) / rate
    clip = Clip((0.4 * np.sin(2 * np.pi * 300 * times)).astype(np.float32), rate)
    player = players(card)
    player.play(audio_file(name, clip), start_ms=500)
    until(lambda: player.status.ended == 1)
    assert len(card.samples) == pytest.approx(rate // 2, abs=1200)


def test_pausing_falls_silent_and_resuming_goes_on_there(held, players):
    player, clip = players(held), ramp(1.0)
    player.play(clip)
    held.blocks(4)
    until(lambda: len(held.written) == 4)
    player.pause()
    held.blocks(1)
    until(lambda: held.drops == 1)
    assert player.status.state is PlayerState.PAUSED
    at = player.status.position_ms
    assert at == pytest.approx(125, abs=1)
    player.resume()
    held.blocks(1000)
    until(lambda: player.status.ended == 1)
    assert np.array_equal(held.samples, clip.samples)


def test_seeking_goes_there(held, players):
    player, clip = players(held), ramp(2.0)
    player.play(clip)
    held.blocks(2)
    until(lambda: len(held.written) == 2)
    player.seek(1500)
    held.blocks(1000)
    until(lambda: player.status.ended == 1)
    assert held.written[-1][-1, 0] == clip.samples[-1]
    assert np.isclose(held.samples[-RATE // 2], 0.75)


def test_a_loaded_sound_waits_until_it_is_wanted(card, players):
    player = players(card)
    player.load(ramp(1.0), 250)
    until(lambda: player.status.duration_ms == 1000)
    assert (player.status.state, player.status.position_ms) == (PlayerState.PAUSED, 250)
    assert not card.written
    player.resume()
    until(lambda: player.status.ended == 1)
    assert np.isclose(card.samples[0], 0.25)


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_the_speed_changes_how_long_it_takes(card, players, speed):
    player = players(card)
    player.set_speed(speed)
    times = np.arange(2 * RATE) / RATE
    player.play(Clip((0.3 * np.sin(2 * np.pi * 150 * times)).astype(np.float32), RATE))
    until(lambda: player.status.ended == 1)
    assert len(card.samples) / RATE == pytest.approx(2 / speed, abs=0.06)


def test_a_loop_plays_the_same_part_until_it_is_taken_away(held, players):
    player, clip = players(held), ramp(1.0)
    player.play(clip, start_ms=200)
    player.set_loop(200, 300)
    held.blocks(12)
    until(lambda: len(held.written) == 12)
    assert held.samples.min() >= 0.2
    assert held.samples.max() < 0.3
    player.set_loop(None)
    held.blocks(1000)
    until(lambda: player.status.ended == 1)
    assert held.samples[-1] == clip.samples[-1]


def test_another_rate_of_the_device_is_met_by_resampling(players):
    card = FakeCard(rate_hz=48_000)
    player = players(card)
    times = np.arange(RATE) / RATE
    player.play(Clip((0.3 * np.sin(2 * np.pi * 150 * times)).astype(np.float32), RATE))
    until(lambda: player.status.ended == 1)
    assert len(card.samples) == pytest.approx(48_000, abs=500)


def test_the_level_is_the_loudest_of_the_moment(held, players):
    player = players(held)
    player.play(Clip(np.full(RATE, 0.5, np.float32), RATE))
    held.blocks(2)
    until(lambda: player.status.level == 0.5)
    player.pause()
    held.blocks(1)
    until(lambda: player.status.level == 0.0)


def test_a_new_sound_takes_the_place_of_the_old_one(held, players):
    player = players(held)
    player.play(ramp(5.0))
    held.blocks(3)
    until(lambda: len(held.written) == 3)
    player.play(Clip(np.full(RATE, -0.5, np.float32), RATE))
    held.blocks(1000)
    until(lambda: player.status.ended == 1)
    assert (held.samples[-RATE:] == -0.5).all()
    assert player.status.duration_ms == 1000


def test_files_follow_each_other_without_a_gap_while_they_come(card, players, audio_file):
    queue, player = QueueSource(RATE), players(card)
    first, second = ramp(0.5), ramp(0.25)
    queue.add(audio_file("1.wav", first))
    player.play(queue)
    until(lambda: len(card.samples) == len(first.samples))
    assert player.status.state is PlayerState.PLAYING
    queue.add(audio_file("2.wav", second), gap_ms=100)
    player.wake()
    until(lambda: len(card.samples) == RATE * 0.85)
    queue.complete()
    player.wake()
    until(lambda: player.status.ended == 1)
    gap = np.zeros(RATE // 10, np.float32)
    assert np.array_equal(card.samples, np.concatenate((first.samples, gap, second.samples)))
    queue.seek(round(RATE * 0.55))
    assert len(queue.read(RATE)) == round(RATE * 0.3)


def test_files_of_different_rates_are_queued_at_one(card, players, audio_file):
    queue, player = QueueSource(RATE), players(card)
    queue.add(audio_file("1.wav", ramp(0.5)))
    queue.add(audio_file("2.wav", ramp(0.5, 24_000)))
    queue.complete()
    player.play(queue)
    until(lambda: player.status.ended == 1)
    assert len(card.samples) == pytest.approx(RATE, abs=4)


def test_a_missing_device_is_told_with_its_cure_and_can_be_tried_again(card, players):
    player = players(card)
    card.refusal = AudioError("There is no sound output.", cure="Connect one.")
    player.play(ramp(0.5))
    until(lambda: player.status.failure is not None)
    assert player.status.failure.cure == "Connect one."
    assert player.status.state is PlayerState.STOPPED
    card.refusal = None
    player.resume()
    until(lambda: player.status.ended == 1)
    assert player.status.failure is None
    assert len(card.samples) == RATE // 2


def test_a_device_that_goes_away_stops_the_sound_where_it_is(held, players):
    player = players(held)
    player.play(ramp(1.0))
    held.blocks(8)
    until(lambda: player.status.position_ms >= 175)
    held.failure = AudioError("The output stopped answering.", cure="Check it.")
    held.blocks(1)
    until(lambda: player.status.failure is not None)
    assert player.status.position_ms == pytest.approx(225, abs=26)


def test_a_file_that_is_gone_is_told(card, players, tmp_path):
    player = players(card)
    player.play(tmp_path / "gone.mp3")
    until(lambda: player.status.failure is not None)
    assert "gone.mp3" in str(player.status.failure)


def test_closing_ends_the_thread(card, players):
    player = players(card)
    player.play(ramp(0.1))
    until(lambda: player.status.ended == 1)
    player.close()
    player.close()
    player.play(ramp(0.1))
    until(lambda: player.status.ended == 2)
