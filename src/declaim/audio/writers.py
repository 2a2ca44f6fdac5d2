"""Streaming writers: one for each kind of file, all with ``write`` and ``close``.

They write where they are told, in place; whoever wants the old file to survive an error writes beside and replaces
(``paths.replacing``).
"""

from __future__ import annotations

import errno
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import INSTALL_FFMPEG
from declaim.audio.mp3 import DELAY, Mp3Encoder, Mp3File, Mp3Settings
from declaim.audio.mp3_frames import FRAME, frame_ends
from declaim.audio.opus_twin import make_twin
from declaim.errors import AudioError

Samples = NDArray[np.float32]
_OPUS_LEVEL = 0.64
"""libsndfile's scale from 256 to 6 kbit/s: some 96, more than speech in one channel needs. With its own 60 the peaks of loud
speech grow by 2 dB."""

FORMATS = (".mp3", ".wav", ".flac", ".opus", ".m4b")
MAX_WAV_BYTES = 0xFFFF_FFFF - (32 << 20)
"""Of samples in a file that is not RF64: the tags behind them, with a cover of 16 MB, count too."""


class AudioWriter(Protocol):
    def write(self, samples: Samples) -> None:
        """Samples in −1…1 of shape (n,), the same for every channel, or (n, channels)."""

    def write_pcm(self, pcm: NDArray[np.int16]) -> None:
        """The same in 16 bit."""

    def close(self) -> None:
        """Finishes the file. Raises what writing raises."""


def check_format(path: Path) -> str:
    """The kind of audio file that a name asks for: its suffix in small letters.

    Raises:
        AudioError: when Declaim, or this machine, cannot write it.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise AudioError(f"Declaim cannot write '{path.suffix or path.name}' files.", cure=f"Choose one of {', '.join(FORMATS)}.")
    if suffix == ".m4b" and shutil.which("ffmpeg") is None:
        cure = f"{INSTALL_FFMPEG}, or choose .mp3."
        raise AudioError("Writing .m4b needs ffmpeg, which is not installed.", cure=cure)
    return suffix


def open_writer(path: Path, rate_hz: int, channels: int, *, kind: str = "", mp3: Mp3Settings | None = None) -> AudioWriter:
    """A writer for ``path``; ``kind`` is the suffix where the path's own is another.

    Raises:
        AudioError: as :func:`check_format`.
        OSError: where the disk refuses.
    """
    kind = kind or check_format(path)
    if kind == ".mp3":
        return Mp3Writer(path, mp3 or Mp3Settings(rate_hz, channels))
    if kind == ".wav":
        return WavWriter(path, rate_hz, channels)
    if kind == ".m4b":
        return M4bWriter(path, rate_hz, channels)
    choices = {"compression_level": _OPUS_LEVEL} if kind == ".opus" and channels == 1 else {}
    return SoundFileWriter(path, rate_hz, channels, kind, **choices)


_Writer = TypeVar("_Writer", bound=AudioWriter)


@contextmanager
def writing(writer: _Writer) -> Iterator[_Writer]:
    """Closes the writer at the end, also after an error (whose own message then counts)."""
    try:
        yield writer
    except BaseException:
        with suppress(OSError, AudioError):  # the error on its way says why
            writer.close()
        raise
    writer.close()


def to_pcm16(samples: Samples) -> NDArray[np.int16]:
    scaled = samples * np.float32(32767)
    np.rint(scaled, out=scaled)
    return np.asarray(np.clip(scaled, -32768, 32767, out=scaled), np.int16)


def spread(samples: NDArray[Any], channels: int) -> NDArray[Any]:
    """(n,) as (n, channels); anything else as it is."""
    return np.repeat(samples[:, None], channels, axis=1) if samples.ndim == 1 and channels > 1 else samples


class WavWriter:
    """16-bit PCM. A file that ``is_long`` is RF64 (EBU Tech 3306), which may be larger than 4 GB."""

    def __init__(self, path: Path, rate_hz: int, channels: int, *, is_long: bool = False) -> None:
        self._rate_hz, self._channels, self._is_long, self._bytes = rate_hz, channels, is_long, 0
        self._head_bytes = len(self._header())
        self._file = path.open("wb")
        self._file.write(self._header())

    @property
    def end(self) -> int:
        """Where in the file the next sample goes, in bytes."""
        return self._head_bytes + self._bytes

    def write(self, samples: Samples) -> None:
        self.write_pcm(to_pcm16(samples))

    def write_pcm(self, pcm: NDArray[np.int16]) -> None:
        data = spread(pcm, self._channels).astype("<i2", copy=False)
        self._bytes += data.nbytes
        if self._bytes > MAX_WAV_BYTES and not self._is_long:
            raise AudioError("A WAV file holds at most 4 GB.", cure="Choose .flac or .mp3, or split the script.")
        self._file.write(np.ascontiguousarray(data).data)

    def close(self) -> None:
        with self._file:
            self._file.seek(0)
            self._file.write(self._header())

    def _header(self) -> bytes:
        width = 2 * self._channels
        layout = struct.pack("<HHIIHH", 1, self._channels, self._rate_hz, self._rate_hz * width, width, 16)
        head = b"WAVE"
        if self._is_long:
            # The sizes of the file (but for its first 8 bytes), of the samples, the samples themselves; no table of other chunks.
            sizes = struct.pack("<QQQI", self._bytes + 72, self._bytes, self._bytes // width, 0)
            head += b"ds64" + struct.pack("<I", len(sizes)) + sizes
        head += b"fmt " + struct.pack("<I", len(layout)) + layout
        if self._is_long:
            return b"RF64" + b"\xff" * 4 + head + b"data" + b"\xff" * 4
        return b"RIFF" + struct.pack("<I", len(head) + 8 + self._bytes) + head + b"data" + struct.pack("<I", self._bytes)


class SoundFileWriter:
    """FLAC (16 bit) and Ogg Opus through libsndfile."""

    def __init__(self, path: Path, rate_hz: int, channels: int, kind: str, **choices: float) -> None:
        import soundfile

        self._channels = channels
        container, codec = ("FLAC", "PCM_16") if kind == ".flac" else ("OGG", "OPUS")
        try:
            self._file: Any = soundfile.SoundFile(path, "w", rate_hz, channels, codec, format=container, **choices)
        except soundfile.LibsndfileError as error:
            raise OSError(errno.EIO, f"the file cannot be opened for writing ({error})") from error

    def write(self, samples: Samples) -> None:
        with self._failures():
            self._file.write(spread(samples, self._channels))

    def write_pcm(self, pcm: NDArray[np.int16]) -> None:
        with self._failures():
            self._file.write(spread(pcm, self._channels))

    def close(self) -> None:
        with self._failures():
            self._file.close()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        import soundfile

        try:
            yield
        except (soundfile.LibsndfileError, AssertionError) as error:  # it has no number, and soundfile asserts
            raise OSError(errno.EIO, "the disk may be full") from error


class OpusTwinWriter(SoundFileWriter):
    """Ogg Opus of two equal channels, encoded once. Takes samples of shape (n,), or (n, 2) of which it keeps the first."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        super().__init__(path, rate_hz, 1, ".opus", compression_level=_OPUS_LEVEL)
        self._path = path

    def write(self, samples: Samples) -> None:
        super().write(samples if samples.ndim == 1 else samples[:, 0])

    def write_pcm(self, pcm: NDArray[np.int16]) -> None:
        super().write_pcm(pcm if pcm.ndim == 1 else pcm[:, 0])

    def close(self) -> None:
        super().close()
        try:
            make_twin(self._path)
        except ValueError as error:  # the disk took less than was written
            raise OSError(errno.EIO, "the file is not whole") from error


class Mp3Writer:
    """One encoder for a stream of any length."""

    def __init__(self, path: Path, settings: Mp3Settings) -> None:
        self._encoder = Mp3Encoder(settings)
        self._handle = path.open("wb")
        self._file = Mp3File(self._handle, settings)
        self._pending = b""
        self._samples = self._frames = 0

    def write(self, samples: Samples) -> None:
        self.write_pcm(to_pcm16(samples))

    def write_pcm(self, pcm: NDArray[np.int16]) -> None:
        for at in range(0, len(pcm), 1 << 16):
            block = pcm[at : at + (1 << 16)]
            self._samples += len(block)
            self._add(self._encoder.encode(block))

    def close(self) -> None:
        with self._handle:
            self._add(self._encoder.finish())
            self._file.finish(max(0, self._frames * FRAME - DELAY - self._samples + 529))

    def _add(self, data: bytes) -> None:
        self._pending += data
        ends = list(frame_ends(self._pending))
        if ends:
            self._frames += len(ends)
            self._file.add(self._pending[: ends[-1]], len(ends))
            self._pending = self._pending[ends[-1] :]


class M4bWriter:
    """AAC in MP4 through ffmpeg, fed by a pipe."""

    def __init__(self, path: Path, rate_hz: int, channels: int, bit_rate: int = 128) -> None:
        program = shutil.which("ffmpeg")
        if program is None:
            check_format(Path("audio.m4b"))
            raise AudioError("Writing .m4b needs ffmpeg, which is not installed.", cure="Install ffmpeg.")
        self._channels, self._path = channels, path
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the writer
        source = ["-f", "s16le", "-ar", str(rate_hz), "-ac", str(channels), "-i", "pipe:0"]
        target = ["-c:a", "aac", "-b:a", f"{bit_rate}k", "-movflags", "+faststart", "-f", "ipod", str(path)]
        command = [program, "-v", "error", "-nostdin", "-y", *source, *target]
        # In a session of its own no Ctrl-C reaches it: that is for us.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._said, start_new_session=True
        )

    def write(self, samples: Samples) -> None:
        self.write_pcm(to_pcm16(samples))

    def write_pcm(self, pcm: NDArray[np.int16]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(spread(pcm, self._channels).astype("<i2", copy=False).tobytes())
        except BrokenPipeError as error:
            raise self._failure() from error

    def close(self) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # its exit status says more
            self._process.stdin.close()
        with self._said:
            if self._process.wait() != 0:
                raise self._failure()

    def _failure(self) -> AudioError:
        self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else "it gave no reason"
        reason = reason.replace(str(self._path), "the file")  # which has a hidden name yet
        return AudioError(f"ffmpeg could not write the file: {reason}", cure="Check the disk, or choose .mp3.")
