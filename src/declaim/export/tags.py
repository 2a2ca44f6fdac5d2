"""What an audio file says about itself: ID3v2.4 in MP3 and WAV, Vorbis comments in FLAC and Opus, iTunes atoms in M4B.

Chapters: CHAP and CTOC (id3.org, "ID3v2 Chapter Frame Addendum" 1.0), ``CHAPTER001`` comments (VorbisComment chapter extension),
and MP4 chapters, which ffmpeg puts in.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from declaim.errors import AudioError
from declaim.export.chapters import ChapterMark

_PAIRS = (
    "ar:ara bg:bul ca:cat cs:ces cy:cym da:dan de:deu el:ell en:eng es:spa et:est eu:eus fa:fas fi:fin fr:fra ga:gle he:heb "
    "hi:hin hr:hrv hu:hun hy:hye id:ind is:isl it:ita ja:jpn ka:kat kk:kaz ko:kor lb:ltz lt:lit lv:lav mk:mkd ml:mal ms:msa "
    "mt:mlt nb:nob ne:nep nl:nld no:nor pl:pol pt:por ro:ron ru:rus sk:slk sl:slv sq:sqi sr:srp sv:swe sw:swa ta:tam te:tel "
    "th:tha tl:tgl tr:tur uk:ukr ur:urd vi:vie yue:yue zh:zho"
)
ISO_639_2 = dict(pair.split(":") for pair in _PAIRS.split())
"""ID3 names a language by three letters."""
_WHOLE_FILE = 0xFFFFFFFF
"""Of a CHAP frame's byte offsets: use the times instead."""
_MOST_IN_TABLE = 255
"""A CTOC frame counts its entries in one byte. One of them is the top; it may hold others."""


@dataclass(frozen=True)
class Metadata:
    """Empty texts are left out. ``date`` is ISO (2026-11-21 or 2026); ``cover`` a JPEG or PNG."""

    title: str = ""
    artist: str = ""
    album: str = ""
    date: str = ""
    language: str = "en"
    comment: str = ""
    cover: bytes = b""

    @property
    def cover_type(self) -> str:
        return "image/png" if self.cover.startswith(b"\x89PNG") else "image/jpeg"


_RF64_SIZE, _RF64_DATA_SIZE, _RF64_HEAD = 20, 28, 80
"""Where the sizes stand in the head of an RF64 file, and how long it is."""


def write_tags(path: Path, kind: str, metadata: Metadata, *, chapters: Sequence[ChapterMark] = (), transcript: str = "") -> None:
    """Writes tags and chapters into an audio file, in place.

    Args:
        path: the file; its own name may end in anything.
        kind: what it is: ``.mp3 .wav .flac .opus .m4b``.
        metadata: title and the rest.
        chapters: in order.
        transcript: what is said, for the lyrics.

    Raises:
        OSError: where the disk refuses.
        AudioError: when the file is not of that kind, or ffmpeg fails.
    """
    import mutagen

    try:
        if kind in (".mp3", ".wav"):
            _write_id3(path, kind, metadata, chapters, transcript)
        elif kind in (".flac", ".opus"):
            _write_vorbis(path, kind, metadata, chapters, transcript)
        elif kind == ".m4b":
            _write_mp4(path, metadata, chapters, transcript)
    except mutagen.MutagenError as error:
        if isinstance(error.__cause__ or error.__context__, OSError):
            raise OSError(str(error)) from error
        raise AudioError(f"The tags could not be written: {error}", cure="Render again, or choose another format.") from error


def _write_id3(path: Path, kind: str, metadata: Metadata, chapters: Sequence[ChapterMark], transcript: str) -> None:
    import mutagen.id3

    id3: Any = mutagen.id3  # untyped, as all of mutagen
    frames = id3.ID3()
    language = ISO_639_2.get(metadata.language.partition("-")[0], "und")
    texts = {id3.TIT2: metadata.title, id3.TPE1: metadata.artist, id3.TALB: metadata.album, id3.TDRC: metadata.date}
    for frame, text in texts.items():
        if text:
            frames.add(frame(encoding=3, text=text))
    frames.add(id3.TLAN(encoding=3, text=language))
    if metadata.comment:
        frames.add(id3.COMM(encoding=3, lang=language, desc="", text=metadata.comment))
    if transcript:
        frames.add(id3.USLT(encoding=3, lang=language, desc="", text=transcript))
    if metadata.cover:
        frames.add(id3.APIC(encoding=0, mime=metadata.cover_type, type=3, desc="", data=metadata.cover))
    ordered = _id3_chapters(chapters)
    for frame in ordered:
        frames.add(frame)
    place = _save_id3(path, kind, frames)
    if ordered:
        with path.open("rb+") as file:
            _order_id3_chapters(file, place, [frame.element_id for frame in ordered])


def _save_id3(path: Path, kind: str, frames: Any) -> int:
    """Gives the place of the tag in the file."""
    if kind == ".mp3":
        frames.save(path, v1=0, v2_version=4)
        return 0
    with path.open("rb+") as file:
        if file.read(4) == b"RF64":
            return _save_in_long_wave(file, frames)
    return _save_in_wave(path, frames)


def _save_in_wave(path: Path, frames: Any) -> int:
    """In a chunk ``id3 ``."""
    import mutagen.wave

    wave: Any = mutagen.wave
    tagged = wave.WAVE(path)
    if tagged.tags is None:
        tagged.add_tags()
    tagged.tags.clear()
    tagged.tags.update(frames)
    tagged.save(v2_version=4)
    with path.open("rb") as file:
        file.seek(12)
        while head := file.read(8):
            if head.lower().startswith(b"id3 "):
                return file.tell()
            size = int.from_bytes(head[4:], "little")
            file.seek(size + size % 2, io.SEEK_CUR)
    raise AssertionError("unreachable")


def _save_in_long_wave(file: BinaryIO, frames: Any) -> int:
    """As :func:`_save_in_wave`. mutagen does not know RF64; the head is that of ``WavWriter``."""
    file.seek(_RF64_DATA_SIZE)
    behind = _RF64_HEAD + int.from_bytes(file.read(8), "little")
    file.truncate(behind)  # tags that were there before
    content = io.BytesIO()
    frames.save(content, v2_version=4)
    size = content.tell()
    file.seek(behind)
    file.write(b"id3 " + size.to_bytes(4, "little") + content.getvalue() + bytes(size % 2))
    whole = file.tell()
    file.seek(_RF64_SIZE)
    file.write((whole - 8).to_bytes(8, "little"))
    return behind + 8


def _id3_chapters(chapters: Sequence[ChapterMark]) -> list[Any]:
    import mutagen.id3

    id3: Any = mutagen.id3
    if not chapters:
        return []
    names = [f"chp{number}" for number in range(len(chapters))]
    frames: list[Any] = [
        id3.CHAP(
            element_id=name,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_WHOLE_FILE,
            end_offset=_WHOLE_FILE,
            sub_frames=[id3.TIT2(encoding=3, text=chapter.title)],
        )
        for name, chapter in zip(names, chapters, strict=True)
    ]

    def table(name: str, children: list[str], top: int = 0) -> Any:
        return id3.CTOC(element_id=name, flags=id3.CTOCFlags.ORDERED | top, child_element_ids=children, sub_frames=[])

    if len(names) > _MOST_IN_TABLE:
        parts = [names[first : first + _MOST_IN_TABLE] for first in range(0, len(names), _MOST_IN_TABLE)]
        names = [f"toc{number}" for number in range(len(parts))]
        frames += [table(name, part) for name, part in zip(names, parts, strict=True)]
    return [*frames, table("toc", names, id3.CTOCFlags.TOP_LEVEL)]


def _order_id3_chapters(file: BinaryIO, place: int, element_ids: Sequence[str]) -> None:
    """mutagen writes frames in the order of their size; ffmpeg and others show chapters as they lie in the file.

    Puts the CHAP and CTOC frames of an ID3v2.4 tag (id3.org, id3v2.4.0-structure) into the given order, within the same bytes.
    """
    file.seek(place)
    end = 10 + _synchsafe(file.read(10)[6:10])
    frames: list[bytes] = []
    at = 10
    while at + 10 < end and (head := file.read(10))[:1] != b"\0":
        frames.append(head + file.read(_synchsafe(head[4:8])))
        at += len(frames[-1])
    places = {f"{name}\0".encode("latin-1"): position for position, name in enumerate(element_ids, 1)}

    def order(frame: bytes) -> int:
        return places[frame[10 : frame.index(b"\0", 10) + 1]] if frame[:4] in (b"CHAP", b"CTOC") else 0

    ordered = sorted(frames, key=order)
    file.seek(place + 10)
    file.write(b"".join(ordered))


def _synchsafe(data: bytes) -> int:
    """A number in seven bits a byte."""
    return data[0] << 21 | data[1] << 14 | data[2] << 7 | data[3]


def _write_vorbis(path: Path, kind: str, metadata: Metadata, chapters: Sequence[ChapterMark], transcript: str) -> None:
    import mutagen.flac
    import mutagen.oggopus

    flac: Any = mutagen.flac
    opus: Any = mutagen.oggopus
    file = flac.FLAC(path) if kind == ".flac" else opus.OggOpus(path)
    if file.tags is None:
        file.add_tags()
    texts = {
        "title": metadata.title,
        "artist": metadata.artist,
        "album": metadata.album,
        "date": metadata.date,
        "language": metadata.language,
        "comment": metadata.comment,
        "lyrics": transcript,
    }
    for number, chapter in enumerate(chapters, 1):
        texts[f"CHAPTER{number:03}"] = _clock(chapter.start_ms)
        texts[f"CHAPTER{number:03}NAME"] = chapter.title
    for name, text in texts.items():
        if text:
            file.tags[name] = text
    if metadata.cover:
        _add_picture(file, kind, metadata)
    file.save()


def _add_picture(file: Any, kind: str, metadata: Metadata) -> None:
    import base64

    import mutagen.flac

    flac: Any = mutagen.flac
    picture = flac.Picture()
    picture.type, picture.mime, picture.data = 3, metadata.cover_type, metadata.cover
    if kind == ".flac":
        file.add_picture(picture)
    else:
        file.tags["metadata_block_picture"] = base64.b64encode(picture.write()).decode()


def _write_mp4(path: Path, metadata: Metadata, chapters: Sequence[ChapterMark], transcript: str) -> None:
    import mutagen.mp4

    if chapters:
        _put_mp4_chapters(path, chapters)
    mp4: Any = mutagen.mp4
    file = mp4.MP4(path)
    if file.tags is None:
        file.add_tags()
    texts = {
        "\xa9nam": metadata.title,
        "\xa9ART": metadata.artist,
        "\xa9alb": metadata.album,
        "\xa9day": metadata.date,
        "\xa9cmt": metadata.comment,
        "\xa9lyr": transcript,
    }
    for name, text in texts.items():
        if text:
            file.tags[name] = [text]
    file.tags["stik"] = [2]  # an audiobook
    if metadata.cover:
        form = mp4.MP4Cover.FORMAT_PNG if metadata.cover_type == "image/png" else mp4.MP4Cover.FORMAT_JPEG
        file.tags["covr"] = [mp4.MP4Cover(metadata.cover, imageformat=form)]
    file.save()


def _put_mp4_chapters(path: Path, chapters: Sequence[ChapterMark]) -> None:
    """mutagen reads MP4 chapters but does not write them; ffmpeg copies the audio and adds them."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise AudioError("Chapters in .m4b need ffmpeg, which is not installed.", cure="Install ffmpeg, or choose .mp3.")
    blocks = [";FFMETADATA1"]
    for chapter in chapters:
        title = "".join("\\" + char if char in "=;#\\\n" else char for char in chapter.title)
        blocks.append(f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={chapter.start_ms}\nEND={chapter.end_ms}\ntitle={title}")
    with tempfile.TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as folder:
        listing, made = Path(folder) / "chapters.txt", Path(folder) / "made.m4b"
        listing.write_text("\n".join(blocks) + "\n", encoding="utf-8")
        inputs = ["-i", str(path.absolute()), "-f", "ffmetadata", "-i", str(listing)]
        outputs = ["-map", "0:a", "-map_chapters", "1", "-c", "copy", "-movflags", "+faststart", "-f", "ipod", str(made)]
        command = [program, "-v", "error", "-nostdin", "-y", *inputs, *outputs]
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, start_new_session=True)
        if ran.returncode != 0:
            said = ran.stderr.decode(errors="replace").strip().splitlines()
            raise AudioError(
                f"ffmpeg could not write the chapters: {said[-1] if said else 'no reason given'}", cure="Choose .mp3."
            )
        made.replace(path)


def _clock(at_ms: int) -> str:
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
