from __future__ import annotations

import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from declaim.errors import InputError
from declaim.export.bundle import MANIFEST, file_stem, is_bundle, open_bundle, write_bundle


@pytest.fixture
def bundle(tmp_path):
    path = tmp_path / "a.zip"
    audio = tmp_path / "take.mp3"
    audio.write_bytes(b"sound" * 1000)
    write_bundle(path, {"title": "A"}, {"audio/take.mp3": audio, "scripts/a.script.md": b"[NARRATOR]: Hi"})
    return path


def rewrite(path, change):
    """The same zip with one thing changed in its entries (name -> bytes)."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def test_a_bundle_gives_back_what_went_in(bundle, tmp_path):
    with open_bundle(bundle) as opened:
        assert opened.manifest["title"] == "A"
        assert opened.read_text("scripts/a.script.md") == "[NARRATOR]: Hi"
        opened.extract("audio/take.mp3", tmp_path / "out.mp3")
    assert (tmp_path / "out.mp3").read_bytes() == b"sound" * 1000


def test_the_same_content_makes_the_same_bundle(bundle, tmp_path):
    again = tmp_path / "b.zip"
    write_bundle(again, {"title": "A"}, {"audio/take.mp3": tmp_path / "take.mp3", "scripts/a.script.md": b"[NARRATOR]: Hi"})
    assert again.read_bytes() == bundle.read_bytes()


def test_changed_content_is_refused_and_not_written(bundle, tmp_path):
    rewrite(bundle, lambda entries: entries.update({"audio/take.mp3": b"SOUND" * 1000}))
    with open_bundle(bundle) as opened, pytest.raises(InputError, match="damaged"):
        opened.extract("audio/take.mp3", tmp_path / "out.mp3")
    assert not (tmp_path / "out.mp3").exists()


def test_a_file_larger_than_announced_is_refused(bundle):
    rewrite(bundle, lambda entries: entries.update({"audio/take.mp3": b"x" * 100_000}))
    with pytest.raises(InputError, match="list of files"), open_bundle(bundle):
        pass


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:/x", "a\\b"])
def test_a_name_that_leaves_the_folder_is_refused(bundle, name):
    def change(entries):
        manifest = json.loads(entries[MANIFEST])
        manifest["files"][name] = {"sha256": "0", "size_bytes": 1}
        entries[MANIFEST] = json.dumps(manifest).encode()
        entries[name] = b"x"

    rewrite(bundle, change)
    with pytest.raises(InputError), open_bundle(bundle):
        pass


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": "other"}', b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(bundle, content):
    rewrite(bundle, lambda entries: entries.update({MANIFEST: content}))
    with pytest.raises(InputError), open_bundle(bundle):
        pass


def test_a_bundle_of_a_newer_declaim_is_refused_with_the_cure(bundle):
    rewrite(bundle, lambda entries: entries.update({MANIFEST: b'{"format": "declaim-bundle", "version": 99}'}))
    with pytest.raises(InputError, match="Update Declaim"), open_bundle(bundle):
        pass


def test_other_files_are_no_bundles(tmp_path):
    other = tmp_path / "x.zip"
    other.write_bytes(b"nothing")
    assert not is_bundle(other)
    with pytest.raises(InputError, match="not a zip"), open_bundle(other):
        pass


@given(st.text())
def test_a_file_stem_is_always_a_plain_name(title):
    stem = file_stem(title)
    assert stem
    assert len(stem) <= 81
    assert not set(stem) & set('<>:"/\\|?*\n\0')
    assert stem not in {".", ".."}
