"""The sound card, through PortAudio. It is loaded at the first sound; where it is missing, everything else goes on working."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.errors import AudioError

Samples = NDArray[np.float32]
OUTPUT_S, INPUT_S = 0.12, 0.4
"""How much the device holds for us. What is played must follow a press of a button. What is recorded must outlast a busy moment
of the machine; it comes in quarters of this, often enough for a level."""
READ_WAIT_S, _LOOK_S = 0.25, 0.01
_CUT_S = 0.17
"""What PortAudio's own draining cuts off the end where ALSA plays through PulseAudio; silence may be cut."""
_log = logging.getLogger(__name__)


class Output(Protocol):
    """Where samples go to be heard. One thread uses it."""

    rate_hz: int
    latency_s: float

    def write(self, block: Samples) -> None:
        """Takes (n, channels) and returns when there is room for more."""

    def drop(self) -> None:
        """Falls silent at once: what was written and not heard is gone."""

    def close(self) -> None:
        """Plays what was written, then lets the device go."""


class Input(Protocol):
    """Where samples come from. One thread uses it."""

    rate_hz: int
    gaps: int
    """How often sound was lost because nobody had read it in time."""

    def read(self) -> Samples:
        """Waits for sound, and returns all that there is: (n, channels); none where for ``READ_WAIT_S`` nothing came."""

    def close(self) -> None: ...


def open_output(rate_hz: int, channels: int) -> Output:
    """The default output.

    Raises:
        AudioError: where there is none, or nothing that could reach it.
    """
    return _CardOutput(rate_hz, channels)


def open_input(rate_hz: int, channels: int, device: str | int | None = None) -> Input:
    """A microphone: the default one, or by number or by a part of its name.

    Raises:
        AudioError: as :func:`open_output`.
    """
    return _CardInput(rate_hz, channels, device)


def find_devices() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of what can play, and of what can record.

    Raises:
        AudioError: where PortAudio is missing, or no sound system answers.
    """
    library = _load()
    try:
        devices = list(library.query_devices())
    except library.PortAudioError as error:
        reason = f"The sound system does not answer ({_reason(error)})."
        raise AudioError(reason, cure="Start the sound server and try again.") from error
    outputs = tuple(str(device["name"]) for device in devices if device["max_output_channels"] > 0)
    inputs = tuple(str(device["name"]) for device in devices if device["max_input_channels"] > 0)
    return outputs, inputs


class _CardOutput:
    def __init__(self, rate_hz: int, channels: int) -> None:
        self._library = _load()
        self._channels = channels
        self._stream = _open(self._library, "output", rate_hz, channels, None)
        self.rate_hz = int(self._stream.samplerate)
        self.latency_s = float(self._stream.latency)

    def write(self, block: Samples) -> None:
        try:
            if not self._stream.active:
                self._stream.start()
            self._stream.write(np.ascontiguousarray(block, np.float32))
        except self._library.PortAudioError as error:
            raise _lost("output", error) from error

    def drop(self) -> None:
        try:
            self._stream.abort()
        except self._library.PortAudioError as error:
            raise _lost("output", error) from error

    def close(self) -> None:
        try:
            if self._stream.active:
                frames = round((self.latency_s + _CUT_S) * self.rate_hz)
                self._stream.write(np.zeros((frames, self._channels), np.float32))
        except self._library.PortAudioError:
            _log.info("the sound output went away before the end was heard")
        self._stream.stop(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class _CardInput:
    def __init__(self, rate_hz: int, channels: int, device: str | int | None) -> None:
        self._library = _load()
        self._stream = _open(self._library, "microphone", rate_hz, channels, device)
        self._stream.start()
        self.rate_hz = int(self._stream.samplerate)
        self.gaps = 0
        self._least = self.rate_hz // 50

    def read(self) -> Samples:
        # PortAudio's own waiting never ends where a device is there and gives nothing.
        end = time.monotonic() + READ_WAIT_S
        try:
            while (ready := self._stream.read_available) < self._least and time.monotonic() < end:
                time.sleep(_LOOK_S)
            block, overflowed = self._stream.read(ready)
        except self._library.PortAudioError as error:
            raise _lost("microphone", error) from error
        self.gaps += overflowed
        return np.array(block, np.float32)

    def close(self) -> None:
        self._stream.close(ignore_errors=True)


def _open(library: Any, what: str, rate_hz: int, channels: int, device: str | int | None) -> Any:
    """A stream at this rate, or at the device's own where it takes no other. Devices that came after the start are found too."""
    kind, latency_s = (library.OutputStream, OUTPUT_S) if what == "output" else (library.InputStream, INPUT_S)
    asked = {"channels": channels, "dtype": "float32", "latency": latency_s, "device": device}
    try:
        try:
            return kind(samplerate=rate_hz, **asked)
        except library.PortAudioError:
            library._terminate()
            library._initialize()
            own = library.query_devices(device, "output" if what == "output" else "input")["default_samplerate"]
            return kind(samplerate=int(own), **asked)
    except library.PortAudioError as error:
        raise _no_device(what, error) from error
    except ValueError as error:  # none, or several, of that name
        raise AudioError(f"{_reason(error)}.", cure="Choose another one; 'declaim record --list-devices' lists them.") from error


def _load() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        cure = "Install it: pip install sounddevice. Everything else works without."
        raise AudioError("Sound needs the package 'sounddevice', which is not installed.", cure=cure) from error
    except OSError as error:
        raise AudioError("Sound needs PortAudio, which is not on this machine.", cure=f"{_install()} and start again.") from error
    return sounddevice


def _install() -> str:
    if sys.platform == "darwin":
        return "Run 'brew install portaudio'"
    return "Run 'sudo apt install libportaudio2'" if sys.platform.startswith("linux") else "Reinstall the package 'sounddevice'"


def _no_device(what: str, error: Exception) -> AudioError:
    reason = _reason(error)
    if what == "microphone":
        cure = "Connect one and allow Declaim to use it in the system's sound settings, then try again."
        return AudioError(f"There is no microphone to record from ({reason}).", cure=cure)
    cure = "Connect or switch on speakers or headphones, then play again. Rendering and export work without."
    return AudioError(f"There is no sound output on this machine ({reason}).", cure=cure)


def _lost(what: str, error: Exception) -> AudioError:
    cure = "Check that it is still connected, then try again."
    return AudioError(f"The {what} stopped answering ({_reason(error)}).", cure=cure)


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
