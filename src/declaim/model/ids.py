"""Typed ids. In the library they are integers; outside (terminal, bundles) they carry their kind: ``p1 f2 d3 s4 r5``."""

from __future__ import annotations

from typing import NewType

ProjectId = NewType("ProjectId", int)
FolderId = NewType("FolderId", int)
DocumentId = NewType("DocumentId", int)
ScriptId = NewType("ScriptId", int)
LineId = NewType("LineId", int)
RecordingId = NewType("RecordingId", int)
JobId = NewType("JobId", int)
VoiceId = NewType("VoiceId", str)
"""``engine:name``, as ``piper:joe``."""
LineKey = NewType("LineKey", str)
"""SHA-256 (hex) of everything that makes a line's sound: the name of its kept audio."""
