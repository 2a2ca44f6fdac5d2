"""From a script to a finished file: rendered, tagged, with chapters and captions. Values in, values out; any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from declaim.audio import FORMATS
from declaim.model.work import CancelToken, Progress
from declaim.render import LineCache, LineOutcome, RenderRequest, RenderResult, render
from declaim.voices import Voices

PRODUCED = frozenset(FORMATS)
"""The endings of the files that can be made."""


@dataclass(frozen=True)
class Production:
    """A render and what goes with it. ``captions`` are kinds ("srt", "vtt") to be written beside the audio."""

    request: RenderRequest
    artist: str = ""
    album: str = ""
    captions: tuple[str, ...] = ()
    chapters_json: bool = False


def produce(
    production: Production,
    voices: Voices,
    cache: LineCache,
    cancel: CancelToken,
    progress: Progress,
    on_line: Callable[[LineOutcome], None] | None = None,
) -> RenderResult:
    """Renders and finishes; the file gets its name only when it is whole, captions and chapters follow it.

    Raises:
        InputError, VoiceError, AudioError, Cancelled: as ``render``.
    """
    return render(production.request, voices, cache, cancel, progress, on_line)
