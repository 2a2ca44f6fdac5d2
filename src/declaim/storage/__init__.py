"""Where is it kept? One folder: ``library.db`` (SQLite), ``media/``, ``backups/``.

``library`` opens, writes (``transaction``), undoes, announces; a table class per noun hangs off it. ``opening``, ``lock``,
``migrations``, ``schema`` and ``backups`` make a sound file out of a folder; ``database`` is the guarded connection, ``undo``
the log behind undo and announcements; ``tree`` and ``search`` read across tables; ``media`` names the audio files.
Main thread only, but for ``MediaFolder``.
"""

from __future__ import annotations

from declaim.model.library import LineDraft, SearchHit, TrashItem, TreeRow, VersionRow
from declaim.storage.keys import KeyringMissing, KeyStore, find_keyring
from declaim.storage.library import Library
from declaim.storage.lines import LineMade, align_lines
from declaim.storage.media import MediaFolder, file_digest

__all__ = [
    "KeyStore",
    "KeyringMissing",
    "Library",
    "LineDraft",
    "LineMade",
    "MediaFolder",
    "SearchHit",
    "TrashItem",
    "TreeRow",
    "VersionRow",
    "align_lines",
    "file_digest",
    "find_keyring",
]
