"""Where things lie on this machine: the library, the line cache, the settings, the bundled resources."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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

    On an error the new file is removed and the old one stays. The data is on disk before the old name points to it.
    """
    import tempfile

    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        error.filename = str(target)  # what the user asked for
        raise
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
