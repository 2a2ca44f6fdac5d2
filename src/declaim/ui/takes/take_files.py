"""Files with names of their own for takes that leave the window by drag and drop."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


class TakeFiles:
    """Links (where the disk cannot link: copies) in a folder that goes when this object does."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def named(self, stored: Path, title: str) -> Path:
        """``stored`` under the name ``title``.

        Raises:
            OSError: where the disk refuses.
        """
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="declaim-takes-")
        named = Path(self._folder.name) / f"{file_name(title)}{stored.suffix.lower()}"
        named.unlink(missing_ok=True)
        try:
            os.link(stored, named)
        except OSError:
            shutil.copyfile(stored, named)
        return named

    def clean_up(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def file_name(title: str) -> str:
    """A title as a file name that every system takes; never empty, never hidden."""
    name = " ".join(_FORBIDDEN.sub(" ", title).split()).strip(". ")
    return name[:120].strip() or "Take"
