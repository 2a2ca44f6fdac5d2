"""A take as another kind of file, with its tags and chapters. Any thread."""

from __future__ import annotations

from pathlib import Path

from declaim.paths import replacing


def convert(stored: Path, target: Path) -> None:
    """Writes ``stored`` as what ``target``'s name says; it gets that name when it is whole.

    Raises:
        AudioError: where the one cannot be read or the other cannot be written here.
        OSError: where the disk refuses.
    """
    from declaim.audio.files import transcode
    from declaim.export import copy_tags

    with replacing(target) as beside:
        transcode(stored, beside)
        copy_tags(stored, beside)
