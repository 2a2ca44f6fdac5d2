"""What becomes of lines: values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from declaim.errors import DeclaimError, VoiceError
from declaim.model.ids import LineKey
from declaim.model.library import LineState
from declaim.render.cache import KeptLine
from declaim.render.planned import PlannedLine


@dataclass(frozen=True)
class LineOutcome:
    """What became of a line, or that it has begun (``RENDERING``). ``failure`` and ``suspicion`` are in the user's words."""

    index: int
    key: LineKey | None
    state: LineState
    duration_ms: int | None = None
    failure: str = ""
    suspicion: str = ""
    engine: str = ""
    characters: int = 0
    cost_usd: float = 0.0
    """What was just paid for it: 0 for a line that was ready, and for the second of two that are the same."""
    was_found: bool = False
    """It was planned to be spoken, and somebody else has done so meanwhile."""


@dataclass(frozen=True)
class Failure:
    index: int
    error: DeclaimError


class LinesFailed(VoiceError):
    """Some lines could not be spoken; all others were, and are kept."""

    def __init__(self, failures: Sequence[Failure], total: int) -> None:
        first = min(failures, key=lambda failure: failure.index)
        count = (
            f"Line {first.index + 1}"
            if len(failures) == 1
            else f"{len(failures)} of {total} lines, the first is line {first.index + 1},"
        )
        message = f"{count} could not be spoken: {first.error.message}"
        super().__init__(message, cure=first.error.cure or "Render again: the lines that are finished are kept.")
        self.failures = tuple(failures)
        self.is_offline = all(failure.error.is_offline for failure in failures)


def ready_outcome(planned: PlannedLine, kept: KeptLine | None) -> LineOutcome:
    """Of a line whose sound is there (``kept`` is None for one that is only quiet)."""
    if kept is None:
        return LineOutcome(planned.index, None, LineState.READY, duration_ms=0)
    doubt = kept.recipe.suspicion
    state = LineState.SUSPECT if doubt else LineState.READY
    return LineOutcome(planned.index, planned.key, state, kept.duration_ms, suspicion=doubt)
