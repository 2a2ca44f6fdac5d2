"""Typed ids. In the library they are integers; outside (terminal, bundles) they carry their kind: ``p1 f2 d3 s4 r5``."""

from __future__ import annotations

import re
from typing import NewType

ProjectId = NewType("ProjectId", int)
FolderId = NewType("FolderId", int)
DocumentId = NewType("DocumentId", int)
ScriptId = NewType("ScriptId", int)
LineId = NewType("LineId", int)
RecordingId = NewType("RecordingId", int)
CalibrationId = NewType("CalibrationId", int)
JobId = NewType("JobId", int)
VoiceId = NewType("VoiceId", str)
"""``engine:name``, as ``piper:joe``."""
LineKey = NewType("LineKey", str)
"""SHA-256 (hex) of everything that makes a line's sound: the name of its kept audio."""

_LETTERS = {"project": "p", "folder": "f", "document": "d", "script": "s", "recording": "r"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_OUTSIDE_ID = re.compile(r"([pfdsr])([0-9]{1,18})")


def outside_id(kind: str, item_id: int) -> str:
    """The id of an item outside the library: its kind's letter and its number."""
    return f"{_LETTERS[kind]}{item_id}"


def read_outside_id(text: str) -> tuple[str, int] | None:
    """Kind and number; None for what is no such id."""
    match = _OUTSIDE_ID.fullmatch(text)
    return (_KINDS[match.group(1)], int(match.group(2))) if match else None
