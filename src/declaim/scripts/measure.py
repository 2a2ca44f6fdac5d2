"""How long a script is, in words and in seconds."""

from __future__ import annotations

import re

from declaim.model.cue import Cue, CueError, parse_cues
from declaim.model.script import Line, Script

CHARACTERS_PER_SECOND = 15.0
"""What the built-in voices read, pauses between sentences included."""
_WORD = re.compile(r"\w+(?:[-'’./]\w+)*")


def count_words(script: Script) -> int:
    """The words that captions would show."""
    return sum(len(_WORD.findall(_shown(line))) for line in script.lines)


def estimate_seconds(script: Script) -> float:
    """About how long the script takes to hear, the pauses it asks for included."""
    characters = sum(len(_shown(line)) + 1 for line in script.lines)
    return characters / CHARACTERS_PER_SECOND + sum(map(_pauses_ms, script.lines)) / 1000


def _shown(line: Line) -> str:
    try:
        return line.shown
    except CueError:
        return line.text


def _pauses_ms(line: Line) -> int:
    try:
        return sum(span.pause_ms for span in parse_cues(line.text) if isinstance(span, Cue))
    except CueError:
        return 0
