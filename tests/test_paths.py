from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from declaim.errors import FileInUse, NotAFile
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


# What a kill left


GONE = """
import os, signal, sys
from pathlib import Path
from declaim.paths import replacing_together
with replacing_together() as files:
    for name in sys.argv[1:]:
        beside = files.add(Path(name))
        beside.write_text("half")
        Path(f"{beside}.chapters").mkdir()
    if sys.stdin.read() == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def another_writer(tmp_path):
    """A process that writes some files, and is told how to end: ``kill``, or nothing."""
    runs = []

    def start(*names: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", GONE, *(str(tmp_path / name) for name in names)]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, text=True)
        runs.append(run)
        while len(list(tmp_path.glob(".*.chapters"))) < len(names):
            assert run.poll() is None
            time.sleep(0.001)
        return run

    yield start
    for run in runs:
        run.communicate()


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


only_unix = pytest.mark.skipif(os.name == "nt", reason="nobody can be asked there whether a process is alive")


@only_unix
def test_the_next_writing_takes_away_what_a_kill_left_of_that_file_only(tmp_path, another_writer):
    another_writer("a.mp3", "a.wav").communicate("kill")
    assert len(hidden(tmp_path)) == 4
    with replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    assert (tmp_path / "a.mp3").read_text() == "new"
    assert len(hidden(tmp_path)) == 2
    assert all(".wav" in name for name in hidden(tmp_path))


@only_unix
def test_what_another_process_writes_at_the_moment_is_left_alone(tmp_path, another_writer):
    other = another_writer("a.mp3")
    with replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    other.communicate("")
    assert other.returncode == 0
    assert (tmp_path / "a.mp3").read_text() == "half"


@pytest.mark.parametrize(
    "name", [".a.declaim-x-y-12345678.mp3", ".a-abcdefgh.mp3", ".a.mp3", ".a.declaim-1-0-abcdefgh.mp3.my copy"]
)
def test_no_file_of_the_users_is_taken_for_a_leftover(tmp_path, name):
    (tmp_path / name).write_text("mine")
    os.utime(tmp_path / name, (0, 0))
    with replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    assert hidden(tmp_path) == [name]


@pytest.mark.parametrize(("hours", "stays"), [(23, True), (25, False)])
def test_what_another_machine_left_waits_for_a_day(tmp_path, hours, stays):
    name = f".a.declaim-{os.getpid()}-elsewhere-abcdefgh.mp3"
    (tmp_path / name).write_text("half")
    at = time.time() - 3600 * hours
    os.utime(tmp_path / name, (at, at))
    with replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    assert hidden(tmp_path) == ([name] if stays else [])


# Links, devices and the like


@pytest.fixture
def link(tmp_path):
    """A link to a file in another folder."""
    (tmp_path / "elsewhere").mkdir()
    try:
        (tmp_path / "link.mp3").symlink_to(tmp_path / "elsewhere" / "real")
    except OSError:
        pytest.skip("this account may not make links")
    return tmp_path / "link.mp3"


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_the_file_that_it_leads_to_is_replaced(link, there):
    if there:
        link.write_text("old")
    with replacing(link) as beside:
        assert beside.parent == link.parent / "elsewhere"
        assert beside.suffix == ".mp3"
        beside.write_text("new")
    assert link.is_symlink()
    assert (link.parent / "elsewhere" / "real").read_text() == "new"


def test_a_link_that_leads_to_itself_is_an_error(tmp_path, link):
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(OSError, match=r"symbolic links|cannot be resolved"), replacing(link):
        pass


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(path))


def a_link_to_a_device(path: Path) -> None:
    path.symlink_to(os.devnull)


@only_unix
@pytest.mark.parametrize("make", [a_pipe, a_socket, a_link_to_a_device])
def test_what_is_no_file_is_refused_and_stays(tmp_path, monkeypatch, make):
    monkeypatch.chdir(tmp_path)  # the name of a socket is a short one
    path = Path("out.mp3")
    make(path)
    before = os.lstat(path)
    kind = make.__name__.removeprefix("a_link_to_").replace("_", " ")
    with pytest.raises(NotAFile, match=f"'out.mp3' is {kind}, not a file. Name a file."), replacing(path):
        pass
    assert os.lstat(path) == before
    assert [each.name for each in tmp_path.iterdir()] == ["out.mp3"]


@only_unix
def test_the_name_is_on_the_disk_too_when_the_writing_is_over(tmp_path, monkeypatch):
    sync, synced = os.fsync, []

    def watch(handle: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(handle).st_mode), sorted(path.name for path in tmp_path.glob("a.*"))))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watch)
    write_three(tmp_path)
    assert synced == [*[(False, [])] * 3, (True, ["a.json", "a.mp3", "a.srt"])]


@pytest.mark.skipif(os.name == "nt", reason="other rights")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_a_file_that_is_replaced_keeps_its_rights_and_its_owner(tmp_path, mode):
    old = tmp_path / "a.mp3"
    old.write_text("old")
    old.chmod(mode)
    if os.getuid() == 0:
        os.chown(old, 1234, 4321)
    before = old.stat()
    with replacing(old) as beside:
        beside.write_text("new")
    after = old.stat()
    assert old.read_text() == "new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@pytest.mark.skipif(os.name == "nt", reason="other rights")
def test_a_new_file_gets_the_rights_of_any_new_file(tmp_path):
    (tmp_path / "any").touch()
    with replacing(tmp_path / "a.mp3") as beside:
        beside.write_text("new")
    assert (tmp_path / "a.mp3").stat().st_mode == (tmp_path / "any").stat().st_mode
