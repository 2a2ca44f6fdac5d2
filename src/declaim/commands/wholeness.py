"""Is the audio of a recording still what it was? Somebody may have deleted or damaged a file behind our back."""

from __future__ import annotations

from pathlib import Path

from declaim.audio.mp3_frames import mp3_rates
from declaim.model.library import Recording
from declaim.storage import MediaFolder

_TOLERANCE_MS = 60
"""Two frames."""


def is_whole(recording: Recording, media: Path) -> bool:
    """Whether its file is there and, as far as can be told, as it was: by the hash that it is named by, or by its length. Reads
    the file: call it from a worker.

    Raises:
        LibraryError: for a row that names no file of the library.
    """
    folder = MediaFolder(media)
    if not folder.is_whole(recording.path):
        return False
    path = folder.resolve(recording.path)
    if folder.is_named_by_hash(recording.path) or path.suffix.lower() != ".mp3" or not recording.duration_ms:
        return True
    rates = mp3_rates(path)
    return rates is not None and rates.duration_ms >= recording.duration_ms - _TOLERANCE_MS
