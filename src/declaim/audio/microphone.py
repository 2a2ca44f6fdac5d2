"""Records a microphone into a WAV file."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from declaim.audio.sound_card import READ_WAIT_S, Input, Samples, open_input
from declaim.audio.tape import Tape
from declaim.errors import AudioError

OpenInput = Callable[[int, int, "str | int | None"], Input]
RATE_HZ = 48_000
_TOP = 0.999
_ON_THE_WAY_S = READ_WAIT_S
"""How long what was said takes to come through the sound system, at most."""
_PATIENCE_S = 5.0
"""A headset may take seconds to begin."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MicrophoneStatus:
    """``level`` is the loudest sample of the last 20 to 100 ms, 0…1. Since the start: ``loudest`` is the loudest of all,
    ``gaps`` how often sound was lost because the machine was too busy to take it."""

    is_recording: bool = False
    duration_ms: int = 0
    level: float = 0.0
    loudest: float = 0.0
    gaps: int = 0
    failure: AudioError | None = None

    @property
    def clipped(self) -> bool:
        return self.loudest >= _TOP


@dataclass(frozen=True)
class _Order:
    """Without a path it is to listen only; without an end it goes on until ``stopping``."""

    path: Path | None = None
    device: str | int | None = None
    seconds: float | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    def frames(self, rate_hz: int) -> int:
        return sys.maxsize if self.seconds is None else round(self.seconds * rate_hz)


class Microphone:
    """One recording at a time, mono, 24 bit. Orders return at once; ``status`` is asked for as often as one likes."""

    def __init__(self, open_input: OpenInput = open_input) -> None:
        self._open_input = open_input
        self._status = MicrophoneStatus()
        self._order = _Order()
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> MicrophoneStatus:
        return self._status

    def listen(self, device: str | int | None = None) -> None:
        """Shows the level without keeping anything."""
        self._start(_Order(None, device))

    def record(self, path: Path, device: str | int | None = None, seconds: float | None = None) -> None:
        """Records until ``stop``, or for so long; ``path`` appears then, whole (see ``tape``). A failure keeps what was recorded
        before it."""
        self._start(_Order(path, device, seconds))

    @property
    def is_at_work(self) -> bool:
        """Whether it listens or records, or is about to end: the file is there when it is not."""
        return self._thread is not None and self._thread.is_alive()

    def end(self) -> None:
        """Ends the recording, soon; see ``is_at_work``."""
        self._order.stopping.set()

    def stop(self) -> MicrophoneStatus:
        """Ends the recording; the file is there when this returns."""
        self.end()
        if self._thread is not None:
            self._thread.join()
        return self._status

    def _start(self, order: _Order) -> None:
        self.end()
        before, self._order = self._thread, order
        self._status = MicrophoneStatus(is_recording=order.path is not None)
        self._thread = threading.Thread(target=self._run, args=(order, before), name="microphone", daemon=True)
        self._thread.start()

    def _run(self, order: _Order, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
            self._status = MicrophoneStatus(is_recording=order.path is not None)
        try:
            card = self._open_input(RATE_HZ, 1, order.device)
        except AudioError as error:
            self._fail(error)
            return
        try:
            self._keep(card, order)
        except AudioError as error:
            self._fail(error)
        except OSError as error:
            cure = "Free some space or choose another folder, then record again."
            self._fail(AudioError(f"The recording could not be written ({error.strerror or error}).", cure=cure))
        finally:
            card.close()
        self._status = replace(self._status, is_recording=False, level=0.0)

    def _keep(self, card: Input, order: _Order) -> None:
        tape = Tape(order.path, card.rate_hz) if order.path is not None else None
        try:
            self._follow(card, tape, order)
        finally:
            if tape is not None:
                tape.close()

    def _follow(self, card: Input, tape: Tape | None, order: _Order) -> None:
        frames, loudest = 0, 0.0
        for block in _blocks(card, order):
            level = float(min(1.0, np.max(np.abs(block), initial=0)))
            loudest = max(loudest, level)
            if tape is not None:
                tape.add(block)
            frames += len(block)
            duration_ms = round(1000 * frames / card.rate_hz)
            self._status = MicrophoneStatus(tape is not None, duration_ms, level, loudest, card.gaps)

    def _fail(self, error: AudioError) -> None:
        _log.info("recording stopped: %s", error)
        self._status = replace(self._status, is_recording=False, level=0.0, failure=error)


def _blocks(card: Input, order: _Order) -> Iterator[Samples]:
    """What the card gives for so long, or until it is to stop; then also what was said before that.

    Raises:
        AudioError: when it has given nothing for a while.
    """
    left, is_ending, waits = order.frames(card.rate_hz), False, 0
    while left > 0:
        block = card.read()[:left]
        left -= len(block)
        yield block
        waits = 0 if len(block) else waits + 1
        if waits and order.stopping.is_set():
            return
        if waits * READ_WAIT_S > _PATIENCE_S:
            cure = "Check that it is connected and switched on, or choose another one, then try again."
            raise AudioError("The microphone gives nothing any more.", cure=cure)
        if order.stopping.is_set() and not is_ending:
            left, is_ending = min(left, round(_ON_THE_WAY_S * card.rate_hz) if order.path else 0), True
