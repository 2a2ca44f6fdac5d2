from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from declaim.errors import FileInUse
from declaim.paths import replacing, replacing_together


def write_three(folder: Path) -> None:
    with replacing_together() as files:
        for name in ("a.mp3", "a.srt", "a.json"):
            files.add(folder / name).write_text(f"new {name}")


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def refuse_to_replace(monkeypatch, refused: str, error: OSError, times: int = 1000) -> list[str]:
    """As an operating system does; what was renamed is told."""
    rename, left, done = os.replace, times, []

    def replace(beside, target):
        nonlocal left
        if Path(target).name == refused and left and not str(beside).endswith(".old"):
            left -= 1
            raise error
        done.append(Path(target).name)
        rename(beside, target)

    monkeypatch.setattr(os, "replace", replace)
    return done


def no_link(*_paths) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")  # FAT


def test_files_that_belong_together_get_their_names_in_the_end_and_the_first_gets_its_last(tmp_path, monkeypatch):
    (tmp_path / "a.mp3").write_text("old")
    renamed = refuse_to_replace(monkeypatch, "", OSError())
    write_three(tmp_path)
    assert contents(tmp_path) == {name: f"new {name}" for name in ("a.mp3", "a.srt", "a.json")}
    assert renamed == ["a.json", "a.srt", "a.mp3"]


@pytest.mark.parametrize("refused", ["a.mp3", "a.srt", "a.json"])
@pytest.mark.parametrize("there", [(), ("a.mp3",), ("a.mp3", "a.srt"), ("a.srt", "a.json"), ("a.mp3", "a.srt", "a.json")])
@pytest.mark.parametrize("has_links", [True, False])
def test_where_one_name_is_refused_all_is_as_it_was(tmp_path, monkeypatch, refused, there, has_links):
    for name in there:
        (tmp_path / name).write_text("old")
    if not has_links:
        monkeypatch.setattr(os, "link", no_link)
    refuse_to_replace(monkeypatch, refused, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OSError, match="No space left"):
        write_three(tmp_path)
    assert contents(tmp_path) == dict.fromkeys(there, "old")


def test_an_error_while_they_are_written_leaves_all_as_it_was(tmp_path):
    (tmp_path / "a.mp3").write_text("old")

    def break_off() -> None:
        with replacing_together() as files:
            files.add(tmp_path / "a.mp3").write_text("new")
            files.add(tmp_path / "a.srt").write_text("new")
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert contents(tmp_path) == {"a.mp3": "old"}


@pytest.fixture
def impatient(monkeypatch):
    """As on Windows, without the waiting."""
    monkeypatch.setattr("declaim.paths._WAITS_S", (0.0, 0.0, 0.0))


@pytest.mark.usefixtures("impatient")
def test_a_file_that_a_scanner_holds_for_a_moment_is_replaced_all_the_same(tmp_path, monkeypatch):
    refuse_to_replace(monkeypatch, "a.mp3", PermissionError(errno.EACCES, "Access is denied"), times=3)
    with replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    assert contents(tmp_path) == {"a.mp3": "new"}


@pytest.mark.usefixtures("impatient")
def test_a_file_that_a_player_holds_says_to_close_it(tmp_path, monkeypatch):
    (tmp_path / "a.mp3").write_text("old")
    refuse_to_replace(monkeypatch, "a.mp3", PermissionError(errno.EACCES, "Access is denied"))
    with pytest.raises(FileInUse) as caught, replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    assert "'a.mp3'" in caught.value.message
    assert "Close the program" in caught.value.cure
    assert isinstance(caught.value, OSError)
    assert contents(tmp_path) == {"a.mp3": "old"}


@pytest.mark.skipif(os.name == "nt", reason="there a file that is open may be the reason")
def test_elsewhere_a_refusal_is_told_at_once_as_it_is(tmp_path, monkeypatch):
    refuse_to_replace(monkeypatch, "a.mp3", PermissionError(errno.EACCES, "Permission denied"), times=1)
    with pytest.raises(PermissionError, match="Permission denied"), replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), IsADirectoryError(errno.EISDIR, "Is a directory")])
def test_only_what_may_pass_is_tried_again(tmp_path, monkeypatch, error):
    refuse_to_replace(monkeypatch, "a.mp3", error, times=1)
    with pytest.raises(OSError, match=error.strerror), replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
