"""A take as another kind of file, with its tags and chapters. Any thread."""

from __future__ import annotations

import shutil
from pathlib import Path


def convert(stored: Path, target: Path) -> None:
    """Writes ``stored`` as what ``target``'s name says: a copy, or transcoded. Half of it is there when that is refused: give a
    hidden file, or one that nobody sees.

    Raises:
        AudioError: where the one cannot be read or the other cannot be written here.
        OSError: where the disk refuses.
    """
    if stored.suffix.lower() == target.suffix.lower():
        shutil.copyfile(stored, target)
        return
    from declaim.audio.files import transcode
    from declaim.export import copy_tags

    transcode(stored, target)
    copy_tags(stored, target)
