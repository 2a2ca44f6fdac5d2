"""Audio files into the media folder, under the hash of their content, with their peaks drawn. Any thread."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


def measured_for(path: Path, media: Path, name: str) -> Adopted:
    """What an audio file will be among the takes; it stays where it is until :func:`placed`.

    Raises:
        AudioError: for a file that is no audio.
        OSError: where it cannot be read, or its peaks cannot be written.
    """
    return _with(_measured(path), place_of(name, path.suffix), media)


@contextmanager
def placed(path: Path, target: Path) -> Iterator[None]:
    """Moves a file on the same disk for as long as it takes to write its row: where that fails, it is back in its place.

    It has both names until the row stands, so that a kill leaves the old one: whoever finds that must ask for the row.

    Raises:
        OSError: where it cannot be moved.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(path)
    except OSError:  # a file system without links
        path.replace(target)
    try:
        yield
    except BaseException:
        target.replace(path)  # which does nothing where it has both names
        if path.exists():
            target.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # Windows: somebody looks into it
        path.unlink(missing_ok=True)


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
