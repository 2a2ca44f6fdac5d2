"""The player: play and pause, lines back and forth, the waveform, speed, loop, two takes at the same place, level."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from declaim.model.ids import LineId, RecordingId, ScriptId
from declaim.model.library import Recording
from declaim.ui.orders import Orders
from declaim.ui.player.level_meter import LevelMeter
from declaim.ui.player.player_buttons import PlayButton, SpeedButton
from declaim.ui.player.take_map import TakeMap
from declaim.ui.player.transport import Transport
from declaim.ui.player.waveform_shape import WaveformShape
from declaim.ui.player.waveform_view import WaveformView
from declaim.ui.theme import SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_20, font
from declaim.ui.widgets import IconButton, human_duration, words

if TYPE_CHECKING:
    from declaim.audio.player import Player
    from declaim.audio.sound_sources import SoundSource
    from declaim.commands.studio import Studio


class PlayerBar(QWidget):
    """Plays one take, or one sound that somebody wants to hear."""

    line_played = Signal(object)
    """Index of the line that is heard now; None when it stops."""
    compared = Signal(object)
    """Id of the take that took the place of the other one."""
    refused = Signal(object)
    """A ``DeclaimError``: no sound card, a file that is gone."""

    def __init__(self, studio: Studio, parent: QWidget | None = None, *, make_player: Callable[[], Player] | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.transport = Transport(make_player, self)
        self._offered: RecordingId | None = None
        self._take: Recording | None = None
        self._other_take: RecordingId | None = None
        self._map = TakeMap()
        self._told_line: int | None = None
        self.setObjectName("playerBar")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.orders = Orders(self)
        self.orders.refused.connect(self.refused)
        self.waveform = WaveformView()
        self.play_button = PlayButton()
        self.previous_button = IconButton("previous", "Previous line")
        self.next_button = IconButton("next", "Next line")
        self.loop_button = IconButton("loop", "Loop this line")
        self.compare_button = IconButton("compare", "Hear the other take at this place")
        self.speed_button = SpeedButton()
        self.meter = LevelMeter()
        self._time = words("0:00", "secondary")
        self._lay_out()
        self._connect()
        self._show_sound(None)

    @property
    def take_id(self) -> RecordingId | None:
        return self._take.id if self._take is not None else None

    @property
    def is_playing(self) -> bool:
        return self.transport.is_playing

    @property
    def position_ms(self) -> float:
        return self.transport.position_ms

    # Orders

    def load_take(self, recording_id: RecordingId | None) -> None:
        """Makes a take ready. Another take of the script that is playing goes on at the same place."""
        if recording_id is None:
            self._clear()
            return
        take = self.orders.give(lambda: self._studio.recordings.get(recording_id))
        path = self.orders.give(lambda: self._studio.recordings.audio_path(recording_id)) if take and take.path else None
        if take is None or path is None:
            self._clear()
            return
        if take.id == self.take_id and path == self.transport.sound:
            return
        before, was_playing, place = self._take, self.is_playing, self.position_ms
        take_map = TakeMap(take.timings, take.duration_ms or 0, self._suspects(take.script_id))
        if before is not None and before.script_id is not None and before.script_id == take.script_id:
            self._other_take = before.id
            place = self._map.place_in(take_map, place)
        else:
            self._other_take, was_playing, place = None, False, 0
            self.pause()
        self._take, self._map = take, take_map
        self._set_sound(path, place)
        self.waveform.show_sound(WaveformShape.read(self._studio.recordings.peaks(take.id)), take_map, take.duration_ms or 0)
        self._show_position()
        self.transport.warm_up()
        if was_playing:
            self.play()

    def play_clip(self, sound: Path | SoundSource) -> None:
        """Plays what is no take (a line, a voice's greeting) at once, its file or while it is spoken; the take comes back
        when asked for."""
        if not isinstance(sound, Path):
            self.play_source(sound)
            return
        path = sound
        self._take, self._map, self._other_take = None, TakeMap(), None
        self._set_sound(path, 0)
        self.waveform.show_sound(WaveformShape(), self._map, 0)
        self._studio.jobs.start(
            "Draw the waveform",
            lambda *_: _peaks_of(path),
            done=lambda peaks: self._on_peaks(path, peaks),
            failed=lambda _error: None,
            quiet=True,
        )
        self.play()

    def play_source(self, source: SoundSource) -> None:
        """Plays a render while it runs; the take that it becomes waits for its end (``offer_take``)."""
        self._take, self._map, self._other_take, self._offered = None, TakeMap(), None, None
        self._set_sound(source, 0)
        self.waveform.show_sound(WaveformShape(), self._map, 0)
        self.play()

    def offer_take(self, recording_id: RecordingId | None) -> None:
        """Makes a take ready, at once or after the render that is being listened to."""
        if self.is_streaming:
            self._offered = recording_id
        else:
            self.load_take(recording_id)

    @property
    def is_streaming(self) -> bool:
        """Whether a render is being listened to."""
        return self.is_playing and self.transport.is_stream

    def _take_offered(self) -> None:
        offered, self._offered = self._offered, None
        if offered is not None and self.transport.is_stream:
            self.load_take(offered)

    def toggle(self) -> None:
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """From where it stands; from the start where it stands at the end."""
        self.transport.play()

    def pause(self) -> None:
        self.transport.pause()

    def seek(self, position_ms: float) -> None:
        self.transport.seek(position_ms)
        self._apply_loop()

    def go_to_line(self, line: int) -> None:
        """Playing starts at that line; what is playing goes on as it is."""
        if not self.is_playing and 0 <= line < len(self._map.timings):
            self.seek(self._map.start_of(line))

    def step_line(self, step: int) -> None:
        """To the next line (1), or the start of this one, or the one before (−1)."""
        place = self._map.step(self.position_ms, step)
        if place is not None:
            self.seek(place)
        elif not self._map.timings and step < 0:
            self.seek(0)

    def set_speed(self, speed: float) -> None:
        self.speed_button.show_speed(speed)
        self.transport.set_speed(speed)

    def compare(self) -> None:
        """The other take at the same place, as often as one likes."""
        if self._other_take is not None:
            self.load_take(self._other_take)
            self.compared.emit(self.take_id)

    def close_player(self) -> None:
        """Falls silent and lets the sound card go."""
        self.transport.close()

    # Inside

    def _lay_out(self) -> None:
        self._time.setObjectName("playerTime")
        self._time.setAccessibleName("Time")
        self._time.setFont(font(tabular=True))
        self._time.setMinimumWidth(78)
        keys = QHBoxLayout()
        keys.setSpacing(SPACE_8)
        for part in (self.previous_button, self.play_button, self.next_button):
            keys.addWidget(part)
        keys.addSpacing(SPACE_4)
        keys.addWidget(self._time)
        keys.addStretch(1)
        more = QHBoxLayout()
        more.setSpacing(SPACE_4)
        more.addWidget(self.speed_button)
        more.addWidget(self.loop_button)
        more.addWidget(self.compare_button)
        more.addSpacing(SPACE_8)
        more.addWidget(self.meter, 1, Qt.AlignmentFlag.AlignVCenter)
        controls = QWidget()
        controls.setFixedWidth(212)
        column = QVBoxLayout(controls)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_8)
        column.addStretch(1)
        column.addLayout(keys)
        column.addLayout(more)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_16, SPACE_12, SPACE_16, SPACE_8)
        row.setSpacing(SPACE_20)
        row.addWidget(controls)
        row.addWidget(self.waveform, 1)
        self.loop_button.setCheckable(True)

    def _connect(self) -> None:
        self.play_button.clicked.connect(self.toggle)
        self.previous_button.clicked.connect(lambda: self.step_line(-1))
        self.next_button.clicked.connect(lambda: self.step_line(1))
        self.loop_button.toggled.connect(lambda _on: self._apply_loop())
        self.compare_button.clicked.connect(self.compare)
        self.speed_button.chosen.connect(self.set_speed)
        self.waveform.seek_requested.connect(self.seek)
        self.waveform.line_step_requested.connect(self.step_line)
        self.transport.began.connect(self._on_began)
        self.transport.playing_changed.connect(self._on_playing)
        self.transport.moved.connect(self._on_moved)
        self.transport.ticked.connect(self.meter.show_level)
        self.transport.stopped.connect(self._take_offered)
        self.transport.failed.connect(self.refused)

    def _clear(self) -> None:
        self.pause()
        self._take, self._other_take, self._map = None, None, TakeMap()
        self._set_sound(None, 0)
        self.waveform.show_sound(WaveformShape(), self._map, 0)

    def _set_sound(self, sound: Path | SoundSource | None, position_ms: float) -> None:
        self._told_line = None
        self.transport.load(sound, position_ms)
        self._show_sound(sound)

    def _show_sound(self, sound: Path | SoundSource | None) -> None:
        for part in (self.play_button, self.previous_button, self.next_button, self.speed_button):
            part.setEnabled(sound is not None)
        self.loop_button.setEnabled(bool(self._map.timings))
        self.compare_button.setEnabled(self._other_take is not None)
        if sound is None:
            self.waveform.show_sound(WaveformShape(), self._map, 0)

    def _suspects(self, script_id: ScriptId | None) -> frozenset[LineId]:
        if script_id is None:
            return frozenset()
        return self.orders.give(lambda: self._studio.scripts.suspects(script_id)) or frozenset()

    def _on_playing(self) -> None:
        self.play_button.show_playing(self.is_playing)
        self._show_position()

    def _on_began(self) -> None:
        self._apply_loop()
        take_id = self.take_id
        if take_id is not None:
            self.orders.give(lambda: self._studio.recordings.listened(take_id))

    def _on_moved(self) -> None:
        duration_ms, sound = round(self.transport.duration_ms), self.transport.sound
        if sound is not None and not isinstance(sound, Path):
            self._show_growth(sound, duration_ms)
        elif duration_ms and not self.waveform.duration_ms:
            self.waveform.show_sound(WaveformShape(), self._map, duration_ms)
        self._show_position()

    def _show_growth(self, source: SoundSource, duration_ms: int) -> None:
        """What there is of a render by now."""
        if duration_ms and duration_ms != self.waveform.duration_ms:
            self.waveform.show_sound(WaveformShape.read(source.drawn()), self._map, duration_ms)

    def _on_peaks(self, path: Path, peaks: bytes) -> None:
        if path == self.transport.sound:
            shape = WaveformShape.read(peaks)
            self.waveform.show_sound(shape, self._map, self.waveform.duration_ms or shape.duration_ms)

    def _show_position(self) -> None:
        duration_ms = self.waveform.duration_ms
        self.waveform.set_position(self.position_ms)
        whole = f" / {human_duration(duration_ms)}" if duration_ms else ""
        self._time.setText(f"{human_duration(round(self.position_ms))}{whole}")
        line = self._map.line_at(self.position_ms) if self.is_playing else None
        if line != self._told_line:
            self._told_line = line
            self.line_played.emit(line)

    def _apply_loop(self) -> None:
        """Loops the line that is heard now, where that is wished."""
        line = self._map.line_at(self.position_ms) if self.loop_button.isChecked() else None
        loop = self._map.range_of(line) if line is not None else None
        self.waveform.set_loop(loop)
        self.transport.set_loop(loop)


def _peaks_of(path: Path) -> bytes:
    from declaim.audio import peaks_of_file

    return peaks_of_file(path).to_bytes()
