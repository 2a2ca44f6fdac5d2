"""Tags of a finished MP3 for the same sound in another kind of file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from declaim.errors import AudioError
from declaim.export.chapters import ChapterMark
from declaim.export.tags import ISO_639_2, Metadata, write_tags

_LANGUAGES = {three: two for two, three in ISO_639_2.items()}


def copy_tags(source: Path, target: Path) -> None:
    """Writes what ``source`` says about itself, and its chapters, into ``target``, in place. Nothing where it says nothing.

    Raises:
        OSError, AudioError: as ``write_tags``.
    """
    import mutagen
    import mutagen.id3

    id3: Any = mutagen.id3
    try:
        tags = id3.ID3(source)
    except mutagen.MutagenError:  # another kind of file, or one without tags
        return
    try:
        write_tags(target, target.suffix.lower(), _metadata(tags), chapters=_chapters(tags), transcript=_transcript(tags))
    except ValueError as error:
        raise AudioError(f"The tags of '{source.name}' cannot be read: {error}.", cure="Save it as an MP3.") from error


def _metadata(tags: Any) -> Metadata:
    def text(name: str) -> str:
        frames = tags.getall(name)
        return "\n".join(str(part) for part in frames[0].text) if frames else ""

    pictures = tags.getall("APIC")
    return Metadata(
        title=text("TIT2"),
        artist=text("TPE1"),
        album=text("TALB"),
        date=text("TDRC"),
        language=_LANGUAGES.get(text("TLAN"), text("TLAN") or "en"),
        comment=text("COMM"),
        cover=bytes(pictures[0].data) if pictures else b"",
    )


def _chapters(tags: Any) -> tuple[ChapterMark, ...]:
    frames = sorted(tags.getall("CHAP"), key=lambda frame: (frame.start_time, frame.end_time))
    return tuple(ChapterMark(_title(frame), frame.start_time, frame.end_time) for frame in frames)


def _title(frame: Any) -> str:
    titles = frame.sub_frames.getall("TIT2")
    return str(titles[0]) if titles else ""


def _transcript(tags: Any) -> str:
    frames = tags.getall("USLT")
    return str(frames[0].text) if frames else ""
