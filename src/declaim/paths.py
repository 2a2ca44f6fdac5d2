"""Where things lie on this machine: the library, the line cache, the settings, the bundled resources."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from declaim.errors import FileInUse, NotAFile

_APP = "Declaim"


def library_dir() -> Path:
    """``DECLAIM_LIBRARY``, or the platform's user-data folder."""
    chosen = os.environ.get("DECLAIM_LIBRARY")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_data_path(_APP, appauthor=False)


def settings_dir() -> Path:
    """Where choices that belong to the machine, not to a library, are remembered."""
    chosen = os.environ.get("DECLAIM_CONFIG")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_config_path(_APP, appauthor=False)


def voices_dir() -> Path:
    """Where downloaded voices are kept: with the settings where ``DECLAIM_CONFIG`` chooses them, else among the user's data."""
    chosen = os.environ.get("DECLAIM_CONFIG")
    if chosen:
        return Path(chosen).expanduser() / "voices"
    import platformdirs

    return platformdirs.user_data_path(_APP, appauthor=False) / "voices"


def resources_dir() -> Path:
    """Icons, samples, the built-in lexicon: beside the package when installed, in the checkout otherwise."""
    frozen = getattr(sys, "_MEIPASS", None)
    installed = Path(frozen) / "declaim" / "_resources" if frozen else Path(__file__).parent / "_resources"
    if installed.is_dir():
        return installed
    return Path(__file__).parents[2] / "resources"


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Write beside, then replace: yields a new path in the target's folder and moves it onto ``target`` at the end.

    On an error the new file is removed and the old one stays. The data is on disk before the old name points to it, and at the
    end the name is, too. Where ``target`` is a link, the file that it leads to is replaced. The new file has the rights of the
    old one. What a kill left of an earlier writing is taken away.

    Raises:
        FileInUse: where another program holds the old file (Windows).
        NotAFile: where ``target`` is a device, a pipe or a socket.
        OSError: where the disk refuses.
    """
    with replacing_together() as files:
        yield files.add(target)


@contextmanager
def replacing_together() -> Iterator[Together]:
    """As :func:`replacing`, for files that belong together: at the end all get their names, or none does.

    Raises:
        FileInUse, NotAFile, OSError: as :func:`replacing`.
    """
    files = Together()
    try:
        yield files
        files.name_all()
    finally:
        files.clean_up()


class Together:
    """The files of one :func:`replacing_together`. The one that was added first gets its name last."""

    def __init__(self) -> None:
        self._files: list[tuple[Path, Path]] = []

    def add(self, target: Path) -> Path:
        """A new path in the target's folder, to be written."""
        import tempfile

        written = file_behind(target)
        written.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(written.parent, target)
        prefix = f"{_hidden_stem(target)}{os.getpid()}-{_here()}-"
        try:
            handle, name = tempfile.mkstemp(prefix=prefix, suffix=target.suffix, dir=written.parent)
        except OSError as error:
            error.filename = str(target)  # what the user asked for
            raise
        os.close(handle)
        self._files.append((Path(name), written))
        return Path(name)

    def name_all(self) -> None:
        """Only renames are left when the first of them is done; where one is refused, those before it are taken back."""
        for beside, target in self._files:
            with beside.open("rb+") as written:
                os.fsync(written.fileno())
            _give_rights(beside, target)
        for beside, target in self._files[1:]:
            _keep(target, _earlier(beside))
        named: list[tuple[Path, Path]] = []
        try:
            for beside, target in reversed(self._files):
                _rename(beside, target)
                named.append((beside, target))
        except BaseException:
            for beside, target in reversed(named):
                _take_back(_earlier(beside), target)
            raise
        for folder in {target.parent for _, target in self._files}:
            _sync_names(folder)

    def clean_up(self) -> None:
        for beside, _ in self._files:
            for path in (beside, _earlier(beside)):
                with suppress(OSError):  # Windows: somebody looks into it
                    path.unlink(missing_ok=True)


_NO_FILES = (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket")


def file_behind(target: Path) -> Path:
    """What is written where ``target`` is asked for: the file that a link leads to, else itself.

    Raises:
        NotAFile: for a device, a pipe or a socket, and a link to one.
        OSError: for a link that leads to itself.
    """
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        mode = 0
    except (NotADirectoryError, PermissionError):
        return target  # who writes it meets that again
    if kind := next((kind for is_it, kind in _NO_FILES if is_it(mode)), ""):
        raise NotAFile(target, kind)
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _hidden_stem(target: Path) -> str:
    return f".{target.stem[:40]}.declaim-"


_DAY_S = 86_400


def _remove_leftovers(folder: Path, target: Path) -> None:
    """Takes away what a kill or a power cut left there of an earlier writing of ``target``."""
    stem = _hidden_stem(target)
    with suppress(OSError):
        names = os.listdir(folder)  # noqa: PTH208 - a Path for each would cost more than the rest
        for name in (name for name in names if name.startswith(stem)):
            found = re.fullmatch(rf"(\d+)-(\w+)-\w{{8}}{re.escape(target.suffix)}(\.\w+)?", name[len(stem) :])
            if found and _is_left(folder / name, int(found[1]), found[2]):
                _remove(folder / name)


def _is_left(hidden: Path, process: int, where: str) -> bool:
    """Whether nobody works on a hidden file any more: its process is gone; where that cannot be known, it is a day old."""
    if where != _here() or os.name == "nt":  # where to ask for a process would end it
        return time.time() - hidden.stat().st_mtime > _DAY_S
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):  # somebody else's; no process at all
        return False
    return False


@cache
def _here() -> str:
    """Tells machines apart that write into one folder; a container numbers its processes by itself."""
    import platform

    try:
        numbering = str(Path("/proc/self/ns/pid").readlink())
    except OSError:  # not Linux
        numbering = ""
    return f"{zlib.crc32(f'{platform.node()} {numbering}'.encode()):08x}"


def _remove(path: Path) -> None:
    import shutil

    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync_names(folder: Path) -> None:
    """Windows opens no folder, and has written the names; some shares know no such thing."""
    if os.name != "nt":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _earlier(beside: Path) -> Path:
    """Where the old file waits until all have their names."""
    return beside.with_name(f"{beside.name}.old")


def _keep(target: Path, earlier: Path) -> None:
    import shutil

    if not target.is_file():
        return
    try:
        os.link(target, earlier)
    except OSError:  # a file system without links
        shutil.copy2(target, earlier)


def _take_back(earlier: Path, target: Path) -> None:
    with suppress(OSError):  # the first refusal is the one to tell
        if earlier.exists():
            earlier.replace(target)
        else:
            target.unlink()


_WAITS_S = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4) if os.name == "nt" else ()
"""Windows refuses to replace a file that is open anywhere, and a virus scanner opens each for a moment."""


def _rename(beside: Path, target: Path) -> None:
    for wait_s in _WAITS_S:
        try:
            beside.replace(target)
        except PermissionError:
            time.sleep(wait_s)
        else:
            return
    try:
        beside.replace(target)
    except PermissionError as error:
        if not _WAITS_S:
            raise
        raise FileInUse(target.name) from error


_LOCKED_BYTE = 4096
"""Windows refuses to read a locked byte: not at the start of a file."""

if sys.platform == "win32":

    def lock_file(handle: int) -> None:
        import msvcrt

        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(handle, 0, os.SEEK_SET)

else:

    def lock_file(handle: int) -> None:
        """Holds an open file, at its start, until it is closed or the process ends, however that ends.

        Raises:
            BlockingIOError, PermissionError: where somebody holds it.
            OSError: where the disk cannot lock.
        """
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _give_rights(beside: Path, target: Path) -> None:
    """Those of the file that it replaces, and its owner where that may be; else those of any new file."""
    try:
        old = target.stat()
    except FileNotFoundError:
        beside.chmod(0o666 & ~_umask())
        return
    if sys.platform != "win32":
        for owner in (old.st_uid, -1):
            with suppress(OSError):  # only root gives files away, and others only to a group of theirs
                os.chown(beside, owner, old.st_gid)
                break
    beside.chmod(stat.S_IMODE(old.st_mode) & 0o777)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
