from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.errors import InputError, LibraryError
from declaim.storage import MediaFolder, file_digest


@pytest.fixture
def media(tmp_path):
    return MediaFolder(tmp_path / "library" / "media")


def test_a_line_lies_under_its_key(media):
    key = "abcd" * 16
    assert media.line(key) == media.root / "lines" / "ab" / f"{key}.flac"


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "AB" * 32, "ab/cd" * 10, "ab" * 100])
def test_what_is_no_key_has_no_place(media, key):
    with pytest.raises(InputError):
        media.line(key)


def test_a_file_is_adopted_under_the_hash_of_its_bytes_once(media, tmp_path):
    for name in ("one.WAV", "two.wav"):
        (tmp_path / name).write_bytes(b"sound" * 1000)
    first, second = media.adopt(tmp_path / "one.WAV"), media.adopt(tmp_path / "two.wav")
    assert first == second
    assert first.startswith("takes/")
    assert first.endswith(".wav")
    assert media.resolve(first).read_bytes() == b"sound" * 1000
    assert len([path for path in media.root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("harm", ["deleted", "cut off", "overwritten"])
def test_a_file_that_was_harmed_behind_our_back_is_healed_by_the_same_bytes(media, tmp_path, harm):
    (tmp_path / "one.wav").write_bytes(b"sound" * 1000)
    name = media.adopt(tmp_path / "one.wav")
    path = media.resolve(name)
    assert file_digest(path) == path.stem
    if harm == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"sound" if harm == "cut off" else b"noise" * 1000)

    assert media.adopt(tmp_path / "one.wav") == name
    assert file_digest(path) == path.stem


def test_a_harmed_picture_is_kept_anew(media):
    name = media.keep(b"peaks", ".peaks")
    media.resolve(name).write_bytes(b"pe")
    assert media.keep(b"peaks", ".peaks") == name
    assert media.resolve(name).read_bytes() == b"peaks"


def test_a_moved_file_is_gone_from_where_it_was(media, tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"sound")
    media.adopt(tmp_path / "a.mp3", move=True)
    assert not (tmp_path / "a.mp3").exists()


def test_a_name_with_a_strange_suffix_gets_none(media, tmp_path):
    strange = tmp_path / "a.mp3 ⁄ x"
    strange.write_bytes(b"sound")
    assert media.adopt(strange).count(".") == 0


def test_a_file_that_vanished_says_so(media, tmp_path):
    with pytest.raises(InputError) as refused:
        media.adopt(tmp_path / "gone.wav")
    assert "gone.wav" in refused.value.message
    assert refused.value.cure


def test_a_media_folder_that_cannot_be_made_says_why(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "a.wav").write_bytes(b"sound")
    with pytest.raises(LibraryError):
        MediaFolder(tmp_path / "file" / "media").adopt(tmp_path / "a.wav")


@pytest.mark.parametrize("name", ["", "../library.db", "/etc/passwd", "takes/../../x", "C:/x", "takes\\..\\x", "a\0b"])
def test_a_row_cannot_name_a_file_outside(media, name):
    with pytest.raises(LibraryError):
        media.resolve(name)


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_link_that_leads_outside_is_not_followed(media, tmp_path):
    media.root.mkdir(parents=True)
    (media.root / "takes").symlink_to(tmp_path)
    with pytest.raises(LibraryError):
        media.resolve("takes/secret")


@given(st.text(max_size=40))
def test_whatever_a_row_names_stays_inside(tmp_path_factory, name):
    media = MediaFolder(tmp_path_factory.getbasetemp() / "media")
    try:
        path = media.resolve(name)
    except LibraryError:
        return
    assert path.resolve().is_relative_to(media.root.resolve())


def test_a_file_elsewhere_has_no_relative_name(media, tmp_path):
    with pytest.raises(LibraryError):
        media.relative(tmp_path / "a.wav")
    assert media.relative(media.root / "takes" / "a.wav") == "takes/a.wav"
