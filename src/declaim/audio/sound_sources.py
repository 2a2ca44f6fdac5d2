"""What a player plays from: a clip, one that is still being made, a file streamed from disk, or files one after the other."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from declaim.audio.clips import read_clip
from declaim.audio.measure import SoundMeasure
from declaim.audio.peaks import GrowingPeaks, louder
from declaim.audio.resampling import Resampling, resample
from declaim.errors import AudioError
from declaim.model.clip import Clip

Samples = NDArray[np.float32]
_STREAMED = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".caf", ".w64"}
_BLOCK = 1 << 14


class SoundSource(Protocol):
    """Frames of (n, channels) at one rate. One thread reads it."""

    rate_hz: int
    channels: int

    @property
    def frames(self) -> int:
        """How many there are, as far as is known by now."""

    @property
    def is_waiting(self) -> bool:
        """Whether more may come although ``read`` has nothing now."""

    def read(self, frames: int) -> Samples:
        """The next ones: at most ``frames``, none at the end."""

    def drawn(self) -> bytes:
        """The peaks file (``audio.peaks``) of what is known by now; empty where a file or a clip is drawn by others."""

    def seek(self, frame: int) -> None: ...

    def close(self) -> None: ...


def open_source(sound: Clip | Path) -> SoundSource:
    """
    Raises:
        AudioError: for a file that cannot be read.
    """
    if isinstance(sound, Clip):
        return ClipSource(sound)
    return FileSource(sound) if sound.suffix.lower() in _STREAMED else ClipSource(read_clip(sound))


class ClipSource:
    """A clip in memory."""

    channels = 1
    is_waiting = False

    def __init__(self, clip: Clip) -> None:
        self.rate_hz = clip.rate_hz
        self._samples = clip.samples[:, None]
        self._at = 0

    def drawn(self) -> bytes:
        return b""

    @property
    def frames(self) -> int:
        return len(self._samples)

    def read(self, frames: int) -> Samples:
        block = self._samples[self._at : self._at + frames]
        self._at += len(block)
        return np.asarray(block, np.float32)

    def seek(self, frame: int) -> None:
        self._at = min(max(0, frame), self.frames)

    def close(self) -> None:
        return


class GrowingSource:
    """Sound that is heard while it is made, in mono. ``add`` and ``complete`` are for any thread."""

    channels = 1

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._lock = threading.Lock()
        self._pieces: list[NDArray[np.float32]] = []
        self._frames = 0
        self._peaks = GrowingPeaks(rate_hz)
        self._is_complete = False
        self._at = 0

    def add(self, clip: Clip) -> None:
        samples = resample(clip.samples, clip.rate_hz, self.rate_hz)
        with self._lock:
            self._pieces.append(samples)
            self._frames += len(samples)
            self._peaks.add_samples(samples)

    def complete(self) -> None:
        """Nothing more will be added."""
        self._is_complete = True

    @property
    def frames(self) -> int:
        return self._frames

    def drawn(self) -> bytes:
        with self._lock:
            return self._peaks.peaks.to_bytes()

    @property
    def is_waiting(self) -> bool:
        return not self._is_complete

    def read(self, frames: int) -> Samples:
        with self._lock:
            if len(self._pieces) > 1:
                self._pieces = [np.concatenate(self._pieces)]
            whole = self._pieces[0] if self._pieces else np.zeros(0, np.float32)
        block = whole[self._at : self._at + frames]
        self._at += len(block)
        return np.asarray(block[:, None], np.float32)

    def seek(self, frame: int) -> None:
        self._at = min(max(0, frame), self._frames)

    def close(self) -> None:
        return


class FileSource:
    """A file, read as it is played: memory does not grow with its length."""

    is_waiting = False

    def __init__(self, path: Path) -> None:
        import soundfile

        if not path.is_file():
            raise AudioError(f"There is no file '{path.name}' any more.", cure="Render it again, or choose another take.")
        try:
            self._file: Any = soundfile.SoundFile(path)
        except (soundfile.LibsndfileError, OSError) as error:
            cure = "Render it again, or choose another file."
            raise AudioError(f"'{path.name}' cannot be read as audio.", cure=cure) from error
        self._name = path.name
        self.rate_hz = int(self._file.samplerate)
        self.channels = min(2, int(self._file.channels))

    def drawn(self) -> bytes:
        return b""

    @property
    def frames(self) -> int:
        return int(self._file.frames)

    def read(self, frames: int) -> Samples:
        try:
            block: Samples = self._file.read(frames, dtype="float32", always_2d=True)
        except (RuntimeError, OSError) as error:  # soundfile's own error is a RuntimeError
            raise AudioError(f"'{self._name}' cannot be read any further.", cure="Render it again.") from error
        return np.asarray(block[:, : self.channels], np.float32)

    def seek(self, frame: int) -> None:
        try:
            self._file.seek(min(max(0, frame), self.frames))
        except (RuntimeError, OSError) as error:
            raise AudioError(f"'{self._name}' cannot be read any further.", cure="Render it again.") from error

    def close(self) -> None:
        self._file.close()


class _Item(NamedTuple):
    """The file or the sound, silence before it and its own length in frames of the source, and a factor."""

    sound: Path | Samples
    gap: int
    length: int
    gain: float


class QueueSource:
    """Files and clips one after the other, in mono, at one rate; more may be added while it plays, from any thread."""

    channels = 1

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._lock = threading.Lock()
        self._items: list[_Item] = []
        self._frames = 0
        self._peaks = GrowingPeaks(rate_hz)
        self._is_complete = False
        self._index = 0
        self._ready: list[Samples] = []

    def add(self, path: Path, gap_ms: int = 0, gain: float = 1.0, measure: SoundMeasure | None = None) -> None:
        """``measure`` is that of the file, to draw it.

        Raises:
            AudioError: for a file that cannot be read.
        """
        file = FileSource(path)
        length = round(file.frames * self.rate_hz / file.rate_hz)
        file.close()
        points = None if measure is None else louder(np.stack((measure.low, measure.high), axis=1), gain)
        with self._lock:
            self._append(path, gap_ms, length, gain)
            self._peaks.add(length, points)

    def add_clip(self, clip: Clip, gap_ms: int = 0, gain: float = 1.0) -> None:
        sound = resample(clip.samples, clip.rate_hz, self.rate_hz)
        with self._lock:
            self._append(sound[:, None], gap_ms, len(sound), gain)
            self._peaks.add_samples(sound * np.float32(gain))

    def _append(self, sound: Path | Samples, gap_ms: int, length: int, gain: float) -> None:
        item = _Item(sound, round(gap_ms * self.rate_hz / 1000), length, gain)
        self._items.append(item)
        self._frames += item.gap + item.length
        self._peaks.add(item.gap)

    def drawn(self) -> bytes:
        with self._lock:
            return self._peaks.peaks.to_bytes()

    def complete(self) -> None:
        """Nothing more will be added."""
        self._is_complete = True

    @property
    def is_waiting(self) -> bool:
        return not self._is_complete

    @property
    def frames(self) -> int:
        return self._frames

    def read(self, frames: int) -> Samples:
        if not self._ready:
            with self._lock:
                if self._index >= len(self._items):
                    return np.zeros((0, 1), np.float32)
                item = self._items[self._index]
                self._index += 1
            self._ready = [np.zeros((item.gap, 1), np.float32), self._load(item)] if item.gap else [self._load(item)]
        block, self._ready[0] = self._ready[0][:frames], self._ready[0][frames:]
        self._ready = [part for part in self._ready if len(part)]
        return block

    def seek(self, frame: int) -> None:
        with self._lock:
            items = list(self._items)
        self._index, self._ready = len(items), []
        for index, item in enumerate(items):
            if frame < item.gap + item.length:
                whole = np.concatenate((np.zeros((item.gap, 1), np.float32), self._load(item)))
                self._index, self._ready = index + 1, [whole[max(0, frame) :]]
                return
            frame -= item.gap + item.length

    def close(self) -> None:
        self._ready = []

    def _load(self, item: _Item) -> Samples:
        sound = self._read_file(item.sound) if isinstance(item.sound, Path) else item.sound
        return sound if item.gain == 1.0 else np.clip(sound * np.float32(item.gain), -1.0, 1.0)

    def _read_file(self, path: Path) -> Samples:
        file = FileSource(path)
        to_rate = Resampling(file.rate_hz, self.rate_hz)
        parts = []
        while len(block := file.read(_BLOCK)):
            parts.append(to_rate.add(block.mean(axis=1)))
        parts.append(to_rate.finish())
        file.close()
        return np.concatenate(parts)[:, None]
