"""Audio files as they come from outside: which are taken, how long they are, one kind made into another."""

from __future__ import annotations

import shutil
from pathlib import Path

from declaim.audio.clips import read_blocks
from declaim.audio.resampling import Resampling
from declaim.audio.writers import check_format, open_writer, writing
from declaim.errors import AudioError
from declaim.paths import replacing

_RATES_HZ = {".mp3": (44_100, 48_000), ".opus": (48_000,), ".m4b": (44_100, 48_000)}
"""Kinds of file that take some rates only; the first is what another rate becomes."""
AUDIO_SUFFIXES = frozenset(
    {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".m4a", ".m4b", ".aac", ".webm", ".mp4", ".wma"}
)
"""What is imported as audio; those that libsndfile cannot read need ffmpeg."""


def audio_duration_ms(path: Path) -> int:
    """How long a file is; reads only the header where that tells. What libsndfile cannot read is told by ffprobe.

    Raises:
        AudioError: for a file that is no audio.
    """
    import soundfile

    try:
        return round(1000 * float(soundfile.info(path).duration))
    except (soundfile.LibsndfileError, OSError):
        return _probed_ms(path) or _counted_ms(path)


def _probed_ms(path: Path) -> int:
    """What ffprobe says; 0 where it is not installed or does not know."""
    if not path.is_file() or shutil.which("ffprobe") is None:
        return 0
    from pydub.utils import mediainfo_json

    try:
        said = mediainfo_json(path.absolute())
        return round(1000 * float(said["format"]["duration"]))
    except (OSError, ValueError, LookupError):
        return 0


def _counted_ms(path: Path) -> int:
    frames = rate_hz = 0
    for block, rate_hz in read_blocks(path):  # noqa: B007  the last rate is the file's
        frames += len(block)
    return round(1000 * frames / rate_hz) if rate_hz else 0


def transcode(source: Path, target: Path) -> None:
    """Writes ``source`` as the kind of file that ``target``'s name says, beside and then onto it; memory stays flat.

    Raises:
        AudioError: where the one cannot be read or the other cannot be written here.
    """
    kind = check_format(target)
    with replacing(target) as beside:
        blocks = read_blocks(source)
        first, rate_hz = next(blocks, (None, 0))
        if first is None:
            raise AudioError(f"'{source.name}' has no sound in it.", cure="Choose another file.")
        channels = min(2, first.shape[1])
        allowed = _RATES_HZ.get(kind, (rate_hz,))
        out_hz = rate_hz if rate_hz in allowed else allowed[0]
        resampling = Resampling(rate_hz, out_hz, channels)
        with writing(open_writer(beside, out_hz, channels, kind=kind)) as writer:
            writer.write(resampling.add(first[:, :channels]))
            for block, _ in blocks:
                writer.write(resampling.add(block[:, :channels]))
            writer.write(resampling.finish())
