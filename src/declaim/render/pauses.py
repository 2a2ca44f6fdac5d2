"""How long it is quiet between two lines."""

from __future__ import annotations

from dataclasses import dataclass

from declaim.model.delivery import Delivery
from declaim.model.pauses import Pauses
from declaim.model.spoken import SpokenLine, SpokenPause, SpokenSound, SpokenText


def pause_after(text: str, *, speaker_changes: bool, chapter_ends: bool, delivery: Delivery, pauses: Pauses) -> int:
    """Milliseconds of quiet between a line and the next one."""
    ending = text.rstrip("\"'”’»)] ")
    quiet = pauses.open_ms
    if ending.endswith(("…", "...")):
        quiet = pauses.trailing_ms
    elif ending.endswith("?"):
        quiet = pauses.question_ms
    elif ending.endswith((".", "!", "。")):
        quiet = pauses.sentence_ms
    if speaker_changes:
        quiet = max(quiet, pauses.speaker_ms)
    if chapter_ends:
        quiet = max(quiet, pauses.chapter_ms)
    return round(quiet * delivery.pause_scale)


@dataclass(frozen=True)
class EdgedLine:
    """A line without the pauses at its edges: they belong to the programme, and changing them speaks nothing anew."""

    line: SpokenLine
    before_ms: int
    after_ms: int

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing in it for a voice: only pauses, or no letter and no digit."""
        return self.is_wordless and not any(isinstance(part, SpokenSound) for part in self.line.parts)

    @property
    def is_wordless(self) -> bool:
        """Whether there is no letter and no digit to be said. A voice that cannot laugh has nothing to do for `{laugh}`."""
        return not any(char.isalnum() for char in self.line.text)


def without_edges(spoken: SpokenLine) -> EdgedLine:
    parts = list(spoken.parts)
    before = after = 0
    while parts and _is_quiet(parts[0]):
        before += _pause_ms(parts.pop(0))
    while parts and _is_quiet(parts[-1]):
        after += _pause_ms(parts.pop())
    return EdgedLine(SpokenLine(spoken.speaker, spoken.shown, tuple(parts)), before, after)


def _is_quiet(part: object) -> bool:
    return isinstance(part, SpokenPause) or (isinstance(part, SpokenText) and not part.text.strip())


def _pause_ms(part: object) -> int:
    return part.pause_ms if isinstance(part, SpokenPause) else 0
