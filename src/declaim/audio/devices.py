"""The sound devices of this machine. ``sounddevice`` is imported here and in the player and the microphone only, when asked."""

from __future__ import annotations

from types import ModuleType

from declaim.errors import AudioError

INSTALL_PORTAUDIO = "Install it (Debian and Ubuntu: apt-get install libportaudio2; Fedora: dnf install portaudio)."


def portaudio() -> ModuleType:
    """The ``sounddevice`` module.

    Raises:
        AudioError: where PortAudio is not installed or does not start.
    """
    try:
        import sounddevice
    except (OSError, ImportError) as error:
        raise AudioError("Sound needs PortAudio, which is not here.", cure=INSTALL_PORTAUDIO) from error
    module: ModuleType = sounddevice
    return module


def find_devices() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of what can play, and of what can record.

    Raises:
        AudioError: as :func:`portaudio`.
    """
    sound = portaudio()
    try:
        devices = list(sound.query_devices())
    except sound.PortAudioError as error:
        raise AudioError(f"The sound system does not answer: {error}.", cure="Start the sound server and try again.") from error
    outputs = tuple(str(device["name"]) for device in devices if device["max_output_channels"] > 0)
    inputs = tuple(str(device["name"]) for device in devices if device["max_input_channels"] > 0)
    return outputs, inputs
