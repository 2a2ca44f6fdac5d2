"""What a writer gets, and the seam that every writer fills."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from declaim.model.script import ScriptSettings, WrittenScript
from declaim.model.source import Release, Source
from declaim.model.work import CancelToken


@dataclass(frozen=True)
class WriteRequest:
    """``releases`` are the selected ones, the newest first; ``source.releases`` holds all, for history. ``history`` are
    earlier documents of the project. ``settings.additional_context`` is guidance for writers that have a model.
    """

    source: Source
    settings: ScriptSettings
    releases: tuple[Release, ...] = ()
    history: tuple[Source, ...] = ()
    today: dt.date | None = None


class Writer(Protocol):
    """One way to make a script of a source."""

    name: str

    def write(self, request: WriteRequest, cancel: CancelToken) -> WrittenScript:
        """The script, and what of the source it leaves out.

        Raises:
            InputError: where the source has nothing to say.
            Cancelled: when the user asked to stop.
        """
        ...
