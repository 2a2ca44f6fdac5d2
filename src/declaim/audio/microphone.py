"""Records a microphone into a WAV file, beside its place until it is finished."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from declaim.audio.sound_card import Input, open_input
from declaim.errors import AudioError
from declaim.paths import replacing

OpenInput = Callable[[int, int, "str | int | None"], Input]
RATE_HZ = 48_000
_ON_THE_WAY_S = 0.25
"""How long what was said takes to come through the sound system, at most."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MicrophoneStatus:
    """``level`` is the loudest sample of the last tenth of a second, 0…1. Since the start: ``clipped`` is whether any sample was
    at the top, ``gaps`` how often sound was lost because the machine was too busy to take it."""

    is_recording: bool = False
    duration_ms: int = 0
    level: float = 0.0
    clipped: bool = False
    gaps: int = 0
    failure: AudioError | None = None


class Microphone:
    """One recording at a time, mono, 24 bit. Orders return at once; ``status`` is asked for as often as one likes."""

    def __init__(self, open_input: OpenInput = open_input) -> None:
        self._open_input = open_input
        self._status = MicrophoneStatus()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> MicrophoneStatus:
        return self._status

    def listen(self, device: str | int | None = None) -> None:
        """Shows the level without keeping anything."""
        self._start(None, device)

    def record(self, path: Path, device: str | int | None = None) -> None:
        """Records until ``stop``; ``path`` appears then, whole. A failure keeps what was recorded before it."""
        self._start(path, device)

    @property
    def is_at_work(self) -> bool:
        """Whether it listens or records, or is about to end: the file is there when it is not."""
        return self._thread is not None and self._thread.is_alive()

    def end(self) -> None:
        """Ends the recording, soon; see ``is_at_work``."""
        self._stopping.set()

    def stop(self) -> MicrophoneStatus:
        """Ends the recording; the file is there when this returns."""
        self.end()
        if self._thread is not None:
            self._thread.join()
        return self._status

    def _start(self, path: Path | None, device: str | int | None) -> None:
        self.end()
        before, self._stopping = self._thread, threading.Event()
        self._status = MicrophoneStatus(is_recording=path is not None)
        arguments = (path, device, self._stopping, before)
        self._thread = threading.Thread(target=self._run, args=arguments, name="microphone", daemon=True)
        self._thread.start()

    def _run(
        self, path: Path | None, device: str | int | None, stopping: threading.Event, before: threading.Thread | None
    ) -> None:
        if before is not None:
            before.join()
            self._status = MicrophoneStatus(is_recording=path is not None)
        try:
            card = self._open_input(RATE_HZ, 1, device)
        except AudioError as error:
            self._fail(error)
            return
        try:
            self._keep(card, path, stopping)
        except AudioError as error:
            self._fail(error)
        except OSError as error:
            cure = "Free some space or choose another folder, then record again."
            self._fail(AudioError(f"The recording could not be written ({error.strerror or error}).", cure=cure))
        finally:
            card.close()
        self._status = replace(self._status, is_recording=False, level=0.0)

    def _keep(self, card: Input, path: Path | None, stopping: threading.Event) -> None:
        if path is None:
            self._follow(card, None, stopping)
            return
        import soundfile

        failure: AudioError | None = None
        with replacing(path) as beside:
            try:
                file = soundfile.SoundFile(beside, "w", card.rate_hz, 1, "PCM_24", format="WAV")
            except soundfile.LibsndfileError as error:
                raise OSError(str(error)) from error
            with file:
                try:
                    self._follow(card, file, stopping)
                except AudioError as error:
                    failure = error
        if failure is not None:
            raise failure

    def _follow(self, card: Input, file: Any, stopping: threading.Event) -> None:
        """Until it is to stop, and what was said before that has come."""
        frames, clipped, left = 0, False, round(_ON_THE_WAY_S * card.rate_hz) if file is not None else 0
        while left > 0 or not stopping.is_set():
            is_last = stopping.is_set()
            block = card.read()
            left -= len(block) if is_last else 0
            level = float(min(1.0, np.max(np.abs(block), initial=0)))
            clipped = clipped or level >= 0.999
            if file is not None:
                file.write(block)
            frames += len(block)
            duration_ms = round(1000 * frames / card.rate_hz)
            self._status = MicrophoneStatus(file is not None, duration_ms, level, clipped, card.gaps)

    def _fail(self, error: AudioError) -> None:
        _log.info("recording stopped: %s", error)
        self._status = replace(self._status, is_recording=False, level=0.0, failure=error)
