from __future__ import annotations

import shutil

import mutagen.flac
import mutagen.mp4
import mutagen.oggopus
import numpy as np
import pytest

from declaim.audio import open_writer, writing
from declaim.export import ChapterMark, Metadata, copy_tags, write_tags

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(40)
CHAPTERS = (ChapterMark("One", 0, 1200), ChapterMark("Two – ünï", 1200, 2000))
ALL = Metadata("A title", "Somebody", "An album", "2026-11-21", "de", "A comment", PIXEL)


def made(path):
    with writing(open_writer(path, 48_000, 1)) as writer:
        writer.write(np.zeros(96_000, np.float32))
    return path


@pytest.mark.parametrize("kind", [".flac", ".opus"])
def test_everything_that_an_mp3_says_goes_along(tmp_path, kind):
    source, target = made(tmp_path / "a.mp3"), made(tmp_path / f"b{kind}")
    write_tags(source, ".mp3", ALL, chapters=CHAPTERS, transcript="Hello.")
    copy_tags(source, target)

    tags = (mutagen.flac.FLAC if kind == ".flac" else mutagen.oggopus.OggOpus)(target).tags
    names = ("title", "artist", "album", "date", "language", "comment", "lyrics", "CHAPTER002", "CHAPTER002NAME")
    assert [tags[name][0] for name in names] == [
        "A title", "Somebody", "An album", "2026-11-21", "de", "A comment", "Hello.", "00:00:01.200", "Two – ünï",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="there is no ffmpeg to write M4B with")
def test_an_audiobook_gets_them_too(tmp_path):
    source, target = made(tmp_path / "a.mp3"), made(tmp_path / "b.m4b")
    write_tags(source, ".mp3", ALL, chapters=CHAPTERS, transcript="Hello.")
    copy_tags(source, target)

    file = mutagen.mp4.MP4(target)
    assert [file.tags[name][0] for name in ("\xa9nam", "\xa9ART", "\xa9lyr")] == ["A title", "Somebody", "Hello."]
    assert [chapter.title for chapter in file.chapters] == ["One", "Two – ünï"]


def test_a_file_without_tags_gives_none(tmp_path):
    source, target = made(tmp_path / "a.wav"), made(tmp_path / "b.flac")
    copy_tags(source, target)

    assert not mutagen.flac.FLAC(target).tags
