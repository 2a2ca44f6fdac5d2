"""One sound and the sound card: what plays, where it stands, whether it has ended. It shows nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from declaim.errors import AudioError

if TYPE_CHECKING:
    from declaim.audio.player import Player
    from declaim.audio.sound_sources import SoundSource

_TICK_MS = 33
_SETTLE_TICKS = 40
"""How long the player is asked after an order: until it has done it, and a meter has fallen to silence."""
_WARM_UP_MS = 400
"""A take comes with much to read and to paint, which loading modules beside it would hold up."""


class Transport(QObject):
    """The player is made at the first sound. Orders answer at once; what comes of them is told by signals."""

    began = Signal()
    """A sound plays for the first time since it was loaded."""
    playing_changed = Signal()
    moved = Signal()
    """Another position; or the duration has become known."""
    ticked = Signal(float)
    """How loud it is, some thirty times a second while there is something to follow."""
    stopped = Signal()
    """By an order, at the end or by a failure: another sound may be loaded."""
    failed = Signal(object)
    """An ``AudioError``."""

    def __init__(self, make_player: Callable[[], Player] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.make_player = make_player or _make_player
        self._player: Player | None = None
        self._is_loaded = False
        self._speed = 1.0
        self._ended = 0
        self._settling = 0
        self.sound: Path | SoundSource | None = None
        self.position_ms = 0.0
        self.duration_ms: float = 0
        """As the player knows it; 0 before it does."""
        self.is_playing = False
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._warming = QTimer(self, singleShot=True, interval=_WARM_UP_MS)
        self._warming.timeout.connect(self._load_player)
        self.destroyed.connect(_closer(self))

    @property
    def is_stream(self) -> bool:
        """Whether the sound is a render that still grows."""
        return self.sound is not None and not isinstance(self.sound, Path)

    def load(self, sound: Path | SoundSource | None, position_ms: float = 0) -> None:
        """What ``play`` will play."""
        self.sound, self.position_ms, self._is_loaded, self.duration_ms = sound, position_ms, False, 0
        self.moved.emit()

    def play(self) -> None:
        """From where it stands; from the start where it stands at the end."""
        if self.sound is None:
            return
        player = self._ready_player()
        if self._is_loaded:
            player.resume()
        else:
            player.play(self.sound, self.position_ms)
            self._is_loaded = True
            self.began.emit()
        self._set_playing(True)

    def pause(self) -> None:
        if self._player is not None and self.is_playing:
            self._player.pause()
        self._stop()

    def seek(self, position_ms: float) -> None:
        self.position_ms = position_ms
        if self._player is not None and self._is_loaded:
            self._player.seek(position_ms)
            self._watch()
        self.moved.emit()

    def set_speed(self, speed: float) -> None:
        self._speed = speed
        if self._player is not None:
            self._player.set_speed(speed)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Start and end in milliseconds."""
        if self._player is not None:
            self._player.set_loop(*(loop or (None,)))

    def warm_up(self) -> None:
        """Loads what playing needs before it is asked for."""
        if self._player is None and self.make_player is _make_player:
            self._warming.start()

    def close(self) -> None:
        """Falls silent and lets the sound card go."""
        self._timer.stop()
        self._warming.stop()
        if self._player is not None:
            self._player.close()
            self._player = None
            self._is_loaded = False
            self._set_playing(False)

    # Inside

    def _ready_player(self) -> Player:
        if self._player is None:
            self._player = self.make_player()
            self._player.set_speed(self._speed)
            self._ended = self._player.status.ended
        return self._player

    def _load_player(self) -> None:
        """Off the main thread, since it takes a moment."""
        if self._player is None:
            threading.Thread(target=_import_player, name="load-player", daemon=True).start()

    def _set_playing(self, is_playing: bool) -> None:
        self.is_playing = is_playing
        self.playing_changed.emit()
        self._watch()

    def _stop(self) -> None:
        self._set_playing(False)
        self.stopped.emit()

    def _watch(self) -> None:
        self._settling = _SETTLE_TICKS
        if self._player is not None and not self._timer.isActive():
            self._timer.start()

    def _tick(self) -> None:
        if self._player is None or not self._is_loaded:
            self._timer.stop()
            self.ticked.emit(0.0)
            return
        status = self._player.status
        self.ticked.emit(status.level if self.is_playing else 0.0)
        if status.failure is not None:
            self._fail(status.failure)
        elif status.ended != self._ended:
            self._ended = status.ended
            self.position_ms = 0
            self._set_playing(False)
            self.moved.emit()
            self.stopped.emit()
        else:
            self.position_ms, self.duration_ms = status.position_ms, status.duration_ms or 0
            self.moved.emit()
        self._settling -= 1
        if not self.is_playing and self._settling < 0:
            self._timer.stop()

    def _fail(self, failure: AudioError) -> None:
        self._is_loaded = False
        self._stop()
        self.failed.emit(failure)


def _make_player() -> Player:
    from declaim.audio.player import Player

    return Player()


def _import_player() -> None:
    from declaim.audio.player import warm_up

    warm_up()


def _closer(transport: Transport) -> Callable[[], None]:
    """What ends the player's thread when its transport is gone, which it must not hold."""
    held = vars(transport)

    def close() -> None:
        player = held.get("_player")
        if player is not None:
            player.close()

    return close
