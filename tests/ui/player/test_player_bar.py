from __future__ import annotations

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from declaim.audio.player import Player
from declaim.errors import AudioError
from declaim.ui.player.player_bar import PlayerBar
from tests.support.sound_cards import FakeCard


@pytest.fixture
def card():
    return FakeCard(held=True)


@pytest.fixture
def bar(qtbot, studio, card):
    made = PlayerBar(studio, make_player=lambda: Player(card.open_output))
    qtbot.addWidget(made)
    made.resize(1000, 136)
    made.show()
    qtbot.waitExposed(made)
    yield made
    card.blocks(100_000)
    made.close_player()


@pytest.fixture
def take(studio, script_id):
    made = []
    studio.rendering.render(script_id, done=made.append)
    return made[0]


def test_with_nothing_to_play_nothing_can_be_pressed(bar):
    assert not bar.play_button.isEnabled()
    bar.toggle()
    assert not bar.is_playing


def test_a_take_shows_its_length_its_chapters_and_its_waveform(bar, studio, take):
    bar.load_take(take)
    recording = studio.recordings.get(take)
    assert bar.waveform.duration_ms == recording.duration_ms
    assert bar.play_button.isEnabled()
    assert bar._time.text().startswith("0:00 / 0:0")
    assert "HOST1: Dark mode is here." in bar.waveform.tool_tip_at(5)


def test_the_button_plays_and_pauses(bar, card, take, studio, qtbot):
    bar.load_take(take)
    qtbot.mouseClick(bar.play_button, Qt.MouseButton.LeftButton)
    card.blocks(20)
    qtbot.waitUntil(lambda: bar.position_ms > 300)
    assert bar.play_button.accessibleName() == "Pause"
    bar.toggle()
    card.blocks(1)
    assert not bar.is_playing
    assert bar.play_button.accessibleName() == "Play"
    assert studio.recordings.get(take).listen_count == 1


def test_playing_tells_the_line_and_stops_at_the_end(bar, card, take, qtbot):
    told = []
    bar.line_played.connect(told.append)
    bar.load_take(take)
    bar.play()
    card.blocks(100_000)
    qtbot.waitUntil(lambda: not bar.is_playing)
    assert told[0] == 0
    assert told[-1] is None
    assert bar.position_ms == 0


def test_a_click_on_the_waveform_goes_there(bar, take, qtbot):
    bar.load_take(take)
    half = QPoint(bar.waveform.width() // 2, 20)
    qtbot.mouseClick(bar.waveform, Qt.MouseButton.LeftButton, pos=half)
    assert bar.position_ms == pytest.approx(bar.waveform.duration_ms / 2, rel=0.02)


def test_keys_move_in_the_waveform(bar, take, studio):
    bar.load_take(take)
    bar.waveform.setFocus()
    QTest.keyClick(bar.waveform, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert bar.position_ms == studio.recordings.timings(take)[1].start_ms
    QTest.keyClick(bar.waveform, Qt.Key.Key_Home)
    assert bar.position_ms == 0
    QTest.keyClick(bar.waveform, Qt.Key.Key_End)
    assert bar.position_ms == bar.waveform.duration_ms


def test_the_lines_are_stepped_through(bar, take, studio):
    bar.load_take(take)
    bar.next_button.click()
    assert bar.position_ms == studio.recordings.timings(take)[1].start_ms
    bar.previous_button.click()
    assert bar.position_ms == 0
    bar.go_to_line(1)
    assert bar.position_ms == studio.recordings.timings(take)[1].start_ms


def test_a_line_is_looped(bar, take, card, studio, qtbot):
    bar.load_take(take)
    bar.go_to_line(1)
    bar.loop_button.click()
    bar.play()
    start = studio.recordings.timings(take)[1].start_ms
    card.blocks(2_000)
    qtbot.waitUntil(lambda: len(card.written) >= 1_000)
    assert bar.is_playing
    assert bar.position_ms >= start - 1


def test_the_speed_is_chosen_and_shown(bar, take, card):
    bar.load_take(take)
    bar.set_speed(1.5)
    bar.play()
    assert bar.speed_button.text() == "1.5×"
    assert bar.transport._player.speed == 1.5


def test_another_take_goes_on_at_the_same_place(bar, card, studio, script_id, take, qtbot):
    made = []
    studio.rendering.render(script_id, done=made.append)
    bar.load_take(take)
    bar.go_to_line(1)
    bar.load_take(made[0])
    assert bar.position_ms == studio.recordings.timings(made[0])[1].start_ms
    assert bar.compare_button.isEnabled()
    with qtbot.waitSignal(bar.compared) as compared:
        bar.compare_button.click()
    assert bar.take_id == take == compared.args[0]
    bar.compare_button.click()
    assert bar.take_id == made[0]


def test_without_a_sound_nothing_of_the_player_looks_alive(bar, take):
    parts = (bar.play_button, bar.previous_button, bar.next_button, bar.speed_button, bar.loop_button, bar.compare_button)
    assert not any(part.isEnabled() for part in parts)
    bar.load_take(take)
    assert bar.speed_button.isEnabled()


def test_a_line_on_its_own_is_played_at_once(bar, card, tmp_path, qtbot):
    path = tmp_path / "line.wav"
    soundfile.write(path, np.full(8_000, 0.25, np.float32), 8_000)
    bar.play_clip(path)
    assert bar.is_playing
    assert bar.waveform.duration_ms == 1000
    card.blocks(10)
    qtbot.waitUntil(lambda: bar.meter.level_db > -13)


def test_no_sound_card_is_told_with_its_cure_and_nothing_else_breaks(bar, card, take, qtbot):
    card.refusal = AudioError("There is no sound output.", cure="Connect one.")
    bar.load_take(take)
    with qtbot.waitSignal(bar.refused) as refused:
        bar.play()
    assert refused.args[0].cure == "Connect one."
    assert not bar.is_playing
    card.refusal = None
    bar.play()
    card.blocks(5)
    qtbot.waitUntil(lambda: bar.position_ms > 50)


def test_a_take_whose_audio_is_gone_is_told(bar, studio, take, qtbot):
    studio.recordings.audio_path(take).unlink()
    with qtbot.waitSignal(bar.refused):
        bar.load_take(take)
    assert not bar.play_button.isEnabled()


def test_every_control_has_a_name(bar):
    for part in (bar.play_button, bar.previous_button, bar.next_button, bar.loop_button, bar.compare_button, bar.speed_button):
        assert part.accessibleName()
    assert bar.waveform.accessibleName()


def test_a_render_is_heard_while_it_runs_and_its_take_comes_after_it(bar, card, studio, script_id, take, qtbot):
    from declaim.audio.sound_sources import QueueSource

    cache, key = studio.planning.cache, studio.library.lines.of(script_id)[0].key
    path, measure = cache.path(key), cache.measure(key)
    source = QueueSource(44_100)
    source.add(path, measure=measure)
    bar.play_source(source)
    assert bar.is_streaming
    bar.offer_take(take)
    assert bar.take_id is None
    card.blocks(30)
    qtbot.waitUntil(lambda: bar.position_ms > 100)
    heard_ms = bar.waveform.duration_ms
    assert bar.waveform.shape.duration_ms == pytest.approx(heard_ms, abs=20)
    source.add(path, measure=measure)
    card.blocks(5)
    qtbot.waitUntil(lambda: bar.waveform.duration_ms > heard_ms)  # it grows as the render does
    assert bar.waveform.shape.duration_ms == pytest.approx(2 * heard_ms, abs=20)
    assert all(high > 0 for _, high in bar.waveform.shape.bars(4, bar.waveform.duration_ms))
    source.complete()
    card.blocks(100_000)
    qtbot.waitUntil(lambda: bar.take_id == take)
    assert not bar.is_streaming


def test_without_a_device_listening_to_a_render_says_why(bar, card, studio, take, qtbot):
    from declaim.audio.sound_sources import QueueSource

    card.refusal = AudioError("No sound card was found.", cure="Connect one.")
    refused = []
    bar.refused.connect(refused.append)
    source = QueueSource(44_100)
    source.add(studio.recordings.audio_path(take))
    bar.play_source(source)
    bar.offer_take(take)
    qtbot.waitUntil(lambda: bool(refused))
    assert refused[0].cure == "Connect one."
    assert bar.take_id == take
