from __future__ import annotations

import io
import json
import shutil
import subprocess

import mutagen.flac
import mutagen.id3
import mutagen.mp4
import mutagen.oggopus
import mutagen.wave
import numpy as np
import pytest

from declaim.audio import open_writer, read_clip, writing
from declaim.audio.writers import WavWriter
from declaim.export import ChapterMark, Metadata, write_tags

CHAPTERS = (ChapterMark("What's new; really", 0, 1200), ChapterMark("Fixes", 1200, 2000))
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
ALL = Metadata("Title – ünï", "Somebody", "An album", "2026-11-21", "en", "A comment", PIXEL)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg")


@pytest.fixture
def made(tmp_path):
    def make(kind):
        path = tmp_path / f"made {kind}"
        sound = np.sin(np.arange(2 * 48_000) / 20).astype(np.float32) / 4
        is_long = kind == "long .wav"
        with writing(WavWriter(path, 48_000, 1, is_long=True) if is_long else open_writer(path, 48_000, 1, kind=kind)) as writer:
            writer.write(sound)
        return path

    return make


def test_an_mp3_says_everything_about_itself(made):
    path = made(".mp3")
    before = read_clip(path).samples
    write_tags(path, ".mp3", ALL, chapters=CHAPTERS, transcript="Hello.\n\nWorld.")

    tags = mutagen.id3.ID3(path)
    assert tags.version == (2, 4, 0)
    assert [str(tags[name]) for name in ("TIT2", "TPE1", "TALB", "TDRC", "TLAN")] == [
        "Title – ünï", "Somebody", "An album", "2026-11-21", "eng",
    ]  # fmt: skip
    assert tags["COMM::eng"].text == ["A comment"]
    assert tags["USLT::eng"].text == "Hello.\n\nWorld."
    assert tags["APIC:"].data == PIXEL
    assert tags["APIC:"].mime == "image/png"
    assert np.array_equal(read_clip(path).samples, before)


def test_an_mp3_has_chapters_and_their_table_of_contents(made):
    path = made(".mp3")
    write_tags(path, ".mp3", ALL, chapters=CHAPTERS)

    tags = mutagen.id3.ID3(path)
    (table,) = tags.getall("CTOC")
    chapters = {chapter.element_id: chapter for chapter in tags.getall("CHAP")}
    assert table.flags == mutagen.id3.CTOCFlags.TOP_LEVEL | mutagen.id3.CTOCFlags.ORDERED
    assert [
        (chapters[name].start_time, chapters[name].end_time, str(chapters[name].sub_frames["TIT2"]))
        for name in table.child_element_ids
    ] == [(0, 1200, "What's new; really"), (1200, 2000, "Fixes")]


def test_a_file_without_chapters_has_no_table_of_contents(made):
    path = made(".mp3")
    write_tags(path, ".mp3", Metadata("Only a title"))

    tags = mutagen.id3.ID3(path)
    assert tags.getall("CTOC") == tags.getall("CHAP") == tags.getall("TPE1") == []


@needs_ffmpeg
@pytest.mark.parametrize("kind", [".mp3", ".wav", ".flac", ".opus", ".m4b", "long .wav"])
def test_ffprobe_finds_the_chapters(made, kind):
    path = made(kind)
    kind = path.suffix
    write_tags(path, kind, ALL, chapters=CHAPTERS, transcript="Hello.")

    command = ["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert [(float(chapter["start_time"]), chapter["tags"]["title"]) for chapter in found["chapters"]] == [
        (0.0, "What's new; really"),
        (1.2, "Fixes"),
    ]
    # ffmpeg has the comments of Ogg with the stream, those of FLAC in capitals
    tags = {
        name.lower(): text for holder in (found["format"], *found["streams"]) for name, text in holder.get("tags", {}).items()
    }
    assert tags["title"] == "Title – ünï"


@pytest.mark.parametrize(("kind", "reader"), [(".flac", mutagen.flac.FLAC), (".opus", mutagen.oggopus.OggOpus)])
def test_flac_and_opus_have_comments_and_chapters(made, kind, reader):
    path = made(kind)
    write_tags(path, kind, ALL, chapters=CHAPTERS, transcript="Hello.")

    tags = reader(path).tags
    assert tags["title"] == ["Title – ünï"]
    assert tags["lyrics"] == ["Hello."]
    assert (tags["chapter002"], tags["chapter002name"]) == (["00:00:01.200"], ["Fixes"])
    assert read_clip(path).duration_ms == pytest.approx(2000, abs=15)


def test_a_long_wav_keeps_its_sound_and_its_last_tags(tmp_path):
    path = tmp_path / "long.wav"
    sound = np.sin(np.arange(48_001) / 20).astype(np.float32) / 4
    with writing(WavWriter(path, 48_000, 1, is_long=True)) as writer:
        writer.write(sound)
    before = read_clip(path).samples
    write_tags(path, ".wav", Metadata("Another title", comment="Soon gone" * 50))

    write_tags(path, ".wav", ALL, chapters=CHAPTERS)

    data = path.read_bytes()
    assert int.from_bytes(data[20:28], "little") == len(data) - 8
    tags = mutagen.id3.ID3(io.BytesIO(data[data.rindex(b"id3 ") + 8 :]))
    assert str(tags["TIT2"]) == "Title – ünï"
    assert tags["CHAP:chp1"].start_time == 1200
    assert b"Another title" not in data
    assert np.array_equal(read_clip(path).samples, before)


def test_a_wav_keeps_its_sound_and_has_a_title(made):
    path = made(".wav")
    before = read_clip(path).samples
    write_tags(path, ".wav", ALL, chapters=CHAPTERS)

    assert str(mutagen.wave.WAVE(path).tags["TIT2"]) == "Title – ünï"
    assert np.array_equal(read_clip(path).samples, before)


@needs_ffmpeg
def test_an_m4b_has_a_cover_and_is_an_audiobook(made):
    path = made(".m4b")
    write_tags(path, ".m4b", ALL, transcript="Hello.")

    tags = mutagen.mp4.MP4(path).tags
    assert bytes(tags["covr"][0]) == PIXEL
    assert tags["stik"] == [2]
    assert tags["\xa9lyr"] == ["Hello."]


def test_more_than_255_chapters_have_tables_in_one_table(made):
    path = made(".mp3")
    write_tags(path, ".mp3", ALL, chapters=[ChapterMark(f"Part {n}", n, n + 1) for n in range(300)])

    tables = {table.element_id: table for table in mutagen.id3.ID3(path).getall("CTOC")}
    (top,) = (table for table in tables.values() if table.flags & mutagen.id3.CTOCFlags.TOP_LEVEL)
    inner = [tables[name] for name in top.child_element_ids]
    assert [name for table in inner for name in table.child_element_ids] == [f"chp{n}" for n in range(300)]
    assert len(tables) == 1 + len(inner)
