"""Clips: read from files, kept in them, faded."""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from declaim.audio.resampling import resample
from declaim.errors import AudioError
from declaim.model.clip import Clip

INSTALL_FFMPEG = "Install it (apt install ffmpeg, brew install ffmpeg, winget install ffmpeg)"
FADE_MS = 5
MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 192_000
BLOCK_S = 20
"""What is longer is read, measured and levelled in blocks: of whole seconds, which are whole bins of every measure."""
_NATIVE = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".caf", ".w64", ".rf64"}


def read_clip(path: Path, rate_hz: int | None = None) -> Clip:
    """Any audio file as mono, at its own rate or at ``rate_hz``.

    What libsndfile cannot read (m4a, aac, webm) goes through ffmpeg.

    Raises:
        AudioError: for a file that is missing, damaged, empty, or needs an ffmpeg that is not there.
    """
    clip = _read_native(path) if path.suffix.lower() in _NATIVE else _read_odd(path)
    if not len(clip.samples):
        raise AudioError(f"'{path.name}' has no sound in it.", cure="Choose another file.")
    if rate_hz is None or rate_hz == clip.rate_hz:
        return clip
    return Clip(resample(clip.samples, clip.rate_hz, rate_hz), rate_hz)


def read_blocks(path: Path, frames: int | None = 1 << 16) -> Iterator[tuple[NDArray[np.float32], int]]:
    """The file in blocks of (n, channels) with the rate, of ``BLOCK_S`` seconds where ``frames`` is None; memory stays flat for
    what libsndfile reads.

    Raises:
        AudioError: as :func:`read_clip`.
    """
    import soundfile

    if path.suffix.lower() not in _NATIVE:
        yield from _odd_blocks(path, frames or 1 << 16)
        return
    try:
        with soundfile.SoundFile(path) as file:
            promised, read = file.frames, 0
            for block in file.blocks(frames or BLOCK_S * file.samplerate, dtype="float32", always_2d=True):
                read += len(block)
                yield block, file.samplerate
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(path, error) from error
    _check_end(path, read, promised)


def write_flac(path: Path, blocks: Iterable[NDArray[np.float32]], rate_hz: int) -> None:
    """Keeps mono sound without loss, in 16 bit; ``path`` is written in place.

    Raises:
        OSError: where the disk refuses.
    """
    import soundfile

    try:
        with soundfile.SoundFile(path, "w", rate_hz, 1, "PCM_16", format="FLAC") as file:
            for block in blocks:
                file.write(np.clip(block, -1, 1))
    except (soundfile.LibsndfileError, AssertionError) as error:  # soundfile asserts that all was written
        raise OSError(f"cannot write {path.name}: {error}") from error


def faded(samples: NDArray[np.float32], rate_hz: int, at: int = 0, total: int | None = None) -> NDArray[np.float32]:
    """With raised-cosine fades of 5 ms at both ends, against clicks. ``samples`` are those from ``at`` on of ``total``."""
    total = len(samples) if total is None else total
    length = min(rate_hz * FADE_MS // 1000, total // 2)
    end, tail = at + len(samples), total - length
    if length < 1 or (length <= at and end <= tail):
        return samples
    curve = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)).astype(np.float32)
    samples = samples.copy()
    if at < length:
        samples[: length - at] *= curve[at:end]
    if end > tail:
        first = max(at, tail)
        samples[first - at :] *= curve[::-1][first - tail : end - tail]
    return samples


def _read_native(path: Path) -> Clip:
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            samples, rate_hz, promised = file.read(dtype="float32", always_2d=True), file.samplerate, file.frames
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(path, error) from error
    _check_end(path, len(samples), promised)
    return Clip(np.ascontiguousarray(samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]), int(rate_hz))


def _check_end(path: Path, read: int, promised: int) -> None:
    if path.suffix.lower() == ".flac" and read != promised:
        raise AudioError(f"'{path.name}' is cut off: its end is missing.", cure="Make it again.")


def _read_odd(path: Path) -> Clip:
    blocks = list(_odd_blocks(path, 1 << 16))
    rate_hz = blocks[0][1] if blocks else MIN_RATE_HZ
    return Clip(np.concatenate([np.zeros(0, np.float32), *(block.mean(axis=1) for block, _ in blocks)]), rate_hz)


def _odd_blocks(path: Path, frames: int) -> Iterator[tuple[NDArray[np.float32], int]]:
    """What ffmpeg makes of a file, as ``read_blocks``."""
    program = shutil.which("ffmpeg")
    if not path.is_file():
        raise AudioError(f"There is no file '{path}'.", cure="Check the name.")
    if program is None:
        cure = f"{INSTALL_FFMPEG}, or convert the file to WAV, FLAC or MP3."
        raise AudioError(f"Reading '{path.name}' needs ffmpeg, which is not installed.", cure=cure)
    shape = ["-vn", "-map", "0:a:0", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"]
    command = [program, "-v", "error", "-nostdin", "-i", str(path.absolute()), *shape]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, start_new_session=True
        ) as process,
    ):
        assert process.stdout is not None
        try:
            channels, rate_hz = _wav_shape(process.stdout)
            while data := process.stdout.read(4 * channels * frames):
                yield np.frombuffer(data, "<f4").reshape(-1, channels), rate_hz
        finally:
            process.stdout.close()
        if process.wait() != 0:
            said.seek(0)
            raise _unreadable(path, OSError(said.read().decode(errors="replace") or "ffmpeg gave no reason"))


def _wav_shape(stream: IO[bytes]) -> tuple[int, int]:
    """Channels and rate of a WAV stream, read up to its first sample; (1, 8000) of a stream that ends before."""
    channels, rate_hz = 1, MIN_RATE_HZ
    stream.read(12)
    while len(head := stream.read(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data":
            break
        body = stream.read(size + size % 2)
        if name == b"fmt ":
            channels, rate_hz = struct.unpack_from("<HI", body, 2)
    return channels, rate_hz


def _unreadable(path: Path, error: Exception) -> AudioError:
    if not path.exists():
        return AudioError(f"There is no file '{path}'.", cure="Check the name.")
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return AudioError(
        f"'{path.name}' cannot be read as audio: {reason.rstrip('.')}.",
        cure="Check that it plays elsewhere, or convert it to WAV.",
    )
