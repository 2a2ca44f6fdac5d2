"""Plays sound. One thread of its own reads, stretches and writes; whoever shows it asks ``status`` as often as it likes."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from declaim.audio.resampling import Resampling
from declaim.audio.sound_card import Output, open_output
from declaim.audio.sound_sources import SoundSource, open_source
from declaim.audio.stretch import MAX_SPEED, MIN_SPEED, TimeStretch
from declaim.errors import AudioError
from declaim.model.clip import Clip

Samples = NDArray[np.float32]
OpenOutput = Callable[[int, int], Output]
Playable = Clip | Path | SoundSource
_BLOCK_S = 0.025
_log = logging.getLogger(__name__)


class PlayerState(StrEnum):
    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


@dataclass(frozen=True)
class PlayerStatus:
    """``level`` is the loudest sample of the last 25 ms, 0…1. ``failure`` says why it stopped by itself, if it did.

    ``ended`` counts the sounds that were heard to their end.
    """

    state: PlayerState = PlayerState.STOPPED
    position_ms: int = 0
    duration_ms: int = 0
    level: float = 0.0
    failure: AudioError | None = None
    ended: int = 0


@dataclass
class _Wishes:
    """What was asked for and not done yet."""

    source: Callable[[], SoundSource] | None = None
    seek_ms: float | None = None
    close: bool = False


class Player:
    """One sound at a time. Every order returns at once; the device is opened by the player's own thread.

    ``open_output(rate_hz, channels)`` is the sound card.
    """

    def __init__(self, open_output: OpenOutput = open_output) -> None:
        self._open_output = open_output
        self._changed = threading.Condition()
        self._wishes = _Wishes()
        self._status = PlayerStatus()
        self._state = PlayerState.STOPPED
        self._speed = 1.0
        self._loop: tuple[float, float] | None = None
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> PlayerStatus:
        return self._status

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def loop(self) -> tuple[float, float] | None:
        return self._loop

    def play(self, sound: Playable, start_ms: float = 0) -> None:
        """Plays a clip, an audio file or a source of one's own from ``start_ms`` on, in place of what was there."""
        self._take(sound, start_ms, PlayerState.PLAYING)

    def load(self, sound: Playable, start_ms: float = 0) -> None:
        """Makes a sound ready to be resumed at ``start_ms``; nothing is heard yet."""
        self._take(sound, start_ms, PlayerState.PAUSED)

    def pause(self) -> None:
        with self._changed:
            if self._state is PlayerState.PLAYING:
                self._state = PlayerState.PAUSED
                self._changed.notify_all()

    def resume(self) -> None:
        """Goes on; from the start again where it had come to its end."""
        with self._changed:
            if self._thread is not None:
                self._state = PlayerState.PLAYING
                self._changed.notify_all()

    def seek(self, position_ms: float) -> None:
        with self._changed:
            self._wishes.seek_ms = max(0.0, position_ms)
            self._changed.notify_all()

    def set_speed(self, speed: float) -> None:
        """0.5…2, at the same pitch."""
        with self._changed:
            self._speed = min(MAX_SPEED, max(MIN_SPEED, speed))

    def set_loop(self, start_ms: float | None, end_ms: float = 0) -> None:
        """Plays from ``start_ms`` to ``end_ms`` again and again; None plays on."""
        with self._changed:
            self._loop = None if start_ms is None or end_ms <= start_ms else (start_ms, end_ms)
            self._changed.notify_all()

    def wake(self) -> None:
        """A source that was waiting has more."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Falls silent and ends the thread."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._wishes.close = True
            self._changed.notify_all()
        if thread is not None:
            thread.join(timeout=2)

    def _take(self, sound: Playable, start_ms: float, state: PlayerState) -> None:
        with self._changed:
            self._wishes.source = lambda: open_source(sound) if isinstance(sound, Clip | Path) else sound
            self._wishes.seek_ms = start_ms
            self._wishes.close = False
            self._state = state
            self._loop = None
            self._status = PlayerStatus(state, round(start_ms), self._status.duration_ms, ended=self._status.ended)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="player", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    # The thread

    def _run(self) -> None:
        deck = _Deck(self._open_output)
        try:
            while self._wait_for_work(deck):
                try:
                    self._work(deck)
                except AudioError as error:
                    self._stop(deck, error)
        finally:
            deck.close()

    def _wait_for_work(self, deck: _Deck) -> bool:
        """Sleeps while there is nothing to play; False when it is all over."""
        with self._changed:
            while not self._wishes.close:
                has_wish = self._wishes.source is not None or self._wishes.seek_ms is not None
                is_playing = self._state is PlayerState.PLAYING
                if has_wish or (deck.can_play if is_playing else deck.is_sounding):
                    return True
                self._changed.wait(timeout=0.5 if self._state is PlayerState.PLAYING else None)
            return False

    def _work(self, deck: _Deck) -> None:
        with self._changed:
            wishes, self._wishes = self._wishes, _Wishes()
            speed, loop, is_playing = self._speed, self._loop, self._state is PlayerState.PLAYING
        if wishes.source is not None:
            deck.put_on(wishes.source())
        if wishes.seek_ms is not None:
            deck.seek(wishes.seek_ms)
        if not is_playing or deck.source is None:
            deck.fall_silent()
            self._tell(deck)
            return
        if deck.play_block(speed, loop):
            self._tell(deck)
        elif not deck.source.is_waiting:
            deck.play_out()
            deck.seek(0)
            self._stop(deck, None)

    def _stop(self, deck: _Deck, failure: AudioError | None) -> None:
        """The sound is over, or cannot go on."""
        if failure is not None:
            _log.info("playing stopped: %s", failure)
            deck.let_device_go()
        with self._changed:
            if self._wishes.source is None:
                self._state = PlayerState.STOPPED
            ended = self._status.ended + (failure is None)
            self._status = PlayerStatus(self._state, deck.position_ms, deck.duration_ms, 0.0, failure, ended)

    def _tell(self, deck: _Deck) -> None:
        with self._changed:
            if self._wishes.source is not None or self._wishes.seek_ms is not None:
                return
            level = deck.level if self._state is PlayerState.PLAYING else 0.0
            self._status = PlayerStatus(self._state, deck.position_ms, deck.duration_ms, level, None, self._status.ended)


def warm_up() -> None:
    """Loads what the first sound needs, so that it comes at once. Where something is missing, that sound will say so."""
    with contextlib.suppress(ImportError, OSError):
        import sounddevice  # noqa: F401
    import soundfile  # noqa: F401


class _Deck:
    """What the thread holds: the source, the stretching and the open device."""

    def __init__(self, open_output: OpenOutput) -> None:
        self._open_output = open_output
        self.source: SoundSource | None = None
        self.level = 0.0
        self._output: Output | None = None
        self._opened_for = (0, 0)
        self._stretch: TimeStretch | None = None
        self._stretch_from = 0
        self._to_rate: Resampling | None = None
        self._at = 0
        """The frame of the source that is read next."""
        self._heard = 0.0
        """The frame that is written next."""
        self._lead = 0.0
        """Seconds of sound written and not heard yet."""
        self.is_sounding = False
        self._speed = 1.0

    @property
    def can_play(self) -> bool:
        return self.source is not None and (not self.source.is_waiting or self._at < self.source.frames)

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.source.frames / self.source.rate_hz) if self.source else 0

    @property
    def position_ms(self) -> int:
        """What is heard now: what the device still holds is taken off."""
        if self.source is None:
            return 0
        lead = self._lead * self._speed * self.source.rate_hz
        return max(0, round(1000 * (self._heard - lead) / self.source.rate_hz))

    def put_on(self, source: SoundSource) -> None:
        if self.source is not None:
            self.source.close()
        self.source = source
        self._drop_written()
        self._go_to(0)

    def seek(self, position_ms: float) -> None:
        if self.source is not None:
            self._drop_written()
            frame = min(round(position_ms * self.source.rate_hz / 1000), self.source.frames)
            self.source.seek(frame)
            self._go_to(frame)

    def play_block(self, speed: float, loop: tuple[float, float] | None) -> bool:
        """Writes the next 25 ms; False where the source has nothing more."""
        assert self.source is not None
        self._speed = speed
        output = self._ready_output(self.source)
        frames = round(self.source.rate_hz * _BLOCK_S)
        if loop is not None:
            frames = min(frames, max(0, round(loop[1] * self.source.rate_hz / 1000) - self._at))
        block = self.source.read(frames)
        if not len(block):
            return loop is not None and self._loop_back(output, loop)
        self._at += len(block)
        self._write(output, self._stretched(block, speed))
        return True

    def play_out(self) -> None:
        """Gives out what the stretching and the rate's filter still hold, then lets the device finish."""
        if self._output is None:
            return
        if self._stretch is not None:
            self._write(self._output, self._stretch.finish())
        if self._to_rate is not None and len(rest := self._to_rate.finish()):
            self._output.write(rest.reshape(-1, self._opened_for[1]))
        self.let_device_go()

    def fall_silent(self) -> None:
        """Paused: what was not heard will be played again."""
        if not self.is_sounding:
            return
        if self.source is not None and not self.source.is_waiting:
            self.seek(self.position_ms)
        else:
            self._drop_written()

    def let_device_go(self) -> None:
        if self._output is not None:
            self._output.close()
        self._output = None
        self.is_sounding = False
        self._lead = 0.0

    def close(self) -> None:
        try:
            self._drop_written()
        except AudioError:
            _log.info("the sound output went away first")
        self.let_device_go()
        if self.source is not None:
            self.source.close()

    def _go_to(self, frame: int) -> None:
        self._at, self._heard, self._lead = frame, float(frame), 0.0
        self._stretch, self._to_rate = None, None
        if self.source is not None and self._output is not None and self._output.rate_hz != self.source.rate_hz:
            self._to_rate = Resampling(self.source.rate_hz, self._output.rate_hz, self.source.channels)

    def _loop_back(self, output: Output, loop: tuple[float, float]) -> bool:
        """To the loop's start, without a gap in what was written."""
        assert self.source is not None
        frame = round(loop[0] * self.source.rate_hz / 1000)
        if frame >= self.source.frames:
            return False
        if self._stretch is not None:
            self._write(output, self._stretch.finish())
        self.source.seek(frame)
        self._at, self._heard, self._stretch = frame, float(frame), None
        return True

    def _stretched(self, block: Samples, speed: float) -> Samples:
        """The block at ``speed``; without a change of speed, as it is."""
        assert self.source is not None
        if self._stretch is None and speed == 1.0:
            self._heard = float(self._at)
            return block
        if self._stretch is None:
            self._stretch = TimeStretch(self.source.rate_hz, self.source.channels, speed)
            self._stretch_from = self._at - len(block)
        self._stretch.speed = speed
        ready = self._stretch.add(block)
        self._heard = self._stretch_from + self._stretch.position
        return ready

    def _write(self, output: Output, block: Samples) -> None:
        if not len(block):
            return
        self.level = float(min(1.0, np.max(np.abs(block))))
        ready = self._to_rate.add(_flat(block)).reshape(-1, block.shape[1]) if self._to_rate is not None else block
        if len(ready):
            output.write(ready)
        self.is_sounding = True
        self._lead = min(output.latency_s, self._lead + len(block) / self._opened_for[0])

    def _ready_output(self, source: SoundSource) -> Output:
        wanted = (source.rate_hz, source.channels)
        if self._output is None or self._opened_for != wanted:
            self.let_device_go()
            self._output = self._open_output(*wanted)
            self._opened_for = wanted
            self._go_to(self._at)
        return self._output

    def _drop_written(self) -> None:
        if self._output is not None and self.is_sounding:
            self._output.drop()
        self.is_sounding = False
        self._lead = 0.0


def _flat(block: Samples) -> Samples:
    """As the resampling wants it: mono in one dimension."""
    return block[:, 0] if block.shape[1] == 1 else block
