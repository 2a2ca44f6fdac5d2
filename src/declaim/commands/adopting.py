"""Audio files into the media folder, under the hash of their content, with their peaks drawn. Any thread."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from declaim.paths import replacing

PEAKS_SUFFIX = ".peaks"


@dataclass(frozen=True)
class Adopted:
    """Both paths are relative to the media folder."""

    path: str
    peaks_path: str
    duration_ms: int


def adopt_audio(path: Path, media: Path) -> Adopted:
    """Copies an audio file into the media folder; the same content is kept once.

    Raises:
        AudioError: for a file that is no audio; nothing of it is kept.
        OSError: where it cannot be read or copied.
    """
    measured = _measured(path)
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    relative = place_of(digest, path.suffix)
    if not (media / relative).exists():
        with replacing(media / relative) as beside:
            shutil.copyfile(path, beside)
    return _with(measured, relative, media)


def take_in(path: Path, media: Path, name: str) -> Adopted:
    """Moves an audio file of the media folder among the takes, once it is known to be one.

    Raises:
        AudioError: for a file that is no audio; it stays where it is.
        OSError: where it cannot be read or moved.
    """
    measured = _measured(path)
    relative = place_of(name, path.suffix)
    (media / relative).parent.mkdir(parents=True, exist_ok=True)
    path.replace(media / relative)
    return _with(measured, relative, media)


def place_of(name: str, suffix: str) -> str:
    """Where audio lies in the media folder; imported audio is named by its SHA-256."""
    return f"takes/{name[:2]}/{name}{suffix.lower()}"


def with_peaks(relative: str, media: Path) -> Adopted:
    """Draws the peaks of a file in the media folder."""
    return _with(_measured(media / relative), relative, media)


def _measured(path: Path) -> tuple[bytes, int]:
    """The peaks of a file, and how many milliseconds it is long."""
    from declaim.audio import peaks_of_file
    from declaim.audio.files import audio_duration_ms

    return peaks_of_file(path).to_bytes(), audio_duration_ms(path)


def _with(measured: tuple[bytes, int], relative: str, media: Path) -> Adopted:
    peaks, duration_ms = measured
    peaks_path = str(Path(relative).with_suffix(PEAKS_SUFFIX).as_posix())
    with replacing(media / peaks_path) as beside:
        beside.write_bytes(peaks)
    return Adopted(relative, peaks_path, duration_ms)
