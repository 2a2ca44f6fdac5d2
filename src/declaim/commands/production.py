"""From a script to a finished file: rendered, tagged, with chapters and captions. Values in, values out; any thread."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from declaim.commands.adopting import PEAKS_SUFFIX
from declaim.errors import AudioError, FileInUse, InputError
from declaim.model.settings import TagSettings
from declaim.model.work import CancelToken, Progress
from declaim.paths import Together, replacing_together
from declaim.voices import Voices

if TYPE_CHECKING:
    from declaim.audio import DeliverySheet
    from declaim.export import Metadata
    from declaim.model.clip import Clip
    from declaim.render import LineCache, LineOutcome, RenderPlan, RenderRequest, RenderResult

PRODUCED = frozenset({".mp3", ".wav", ".flac", ".opus", ".m4b"})
"""The endings of the files that can be made."""
_MAX_COVER_BYTES = 16 << 20


@dataclass(frozen=True)
class Production:
    """A render and what goes with it. ``beside`` are kinds of ``export.BESIDE`` to be written beside the audio; without an
    artist in ``tags`` the voices are named."""

    request: RenderRequest
    tags: TagSettings = field(default_factory=TagSettings)
    beside: tuple[str, ...] = ()
    limit_usd: float | None = None
    """Nothing is rendered that costs more."""
    keeps_peaks: bool = False
    """The waveform beside the audio, too: for takes of the library."""


def produce(
    production: Production,
    voices: Voices,
    cache: LineCache,
    cancel: CancelToken,
    progress: Progress,
    on_line: Callable[[LineOutcome], None] | None = None,
    on_sound: Callable[[int, Clip], None] | None = None,
    on_plan: Callable[[RenderPlan], None] | None = None,
) -> RenderResult:
    """Renders and finishes; the file gets its name only when it is whole and tagged, and together with what stands beside it.

    Raises:
        InputError, VoiceError, CostNotAgreed, AudioError, Cancelled: as ``render``.
    """
    from declaim.export import finish
    from declaim.render import in_its_language, render

    request = in_its_language(production.request, voices)
    metadata = _metadata(request, production.tags, voices)

    def tag(hidden: Path, result: RenderResult, files: Together) -> None:
        finish(hidden, result, metadata, files, beside=production.beside)
        if production.keeps_peaks:
            files.add(request.out.with_suffix(PEAKS_SUFFIX)).write_bytes(result.peaks)

    return render(
        request, voices, cache, cancel, progress, on_line,
        finish=tag, on_plan=on_plan, on_sound=on_sound, limit_usd=production.limit_usd,
    )  # fmt: skip


def foresee(production: Production, voices: Voices, cache: LineCache) -> RenderPlan:
    """What :func:`produce` would speak and why, how long it would take and what it would cost; writes nothing.

    Raises:
        InputError, VoiceError, AudioError: where that would be refused, with the same words.
    """
    from declaim.render import in_its_language, prepare

    request = in_its_language(production.request, voices)
    _metadata(request, production.tags, voices)
    return prepare(request, voices, cache, only_looks=True).plan


def write_sheet(sheet: DeliverySheet, out: Path) -> tuple[Path, Path]:
    """Writes ``out.delivery.txt`` and ``out.delivery.json`` beside a finished file.

    Raises:
        AudioError, FileInUse: where the disk refuses.
    """
    text = sheet.to_text(), json.dumps(sheet.to_json(), ensure_ascii=False, indent=2) + "\n"
    paths = out.with_suffix(".delivery.txt"), out.with_suffix(".delivery.json")
    try:
        with replacing_together() as files:
            for path, content in zip(paths, text, strict=True):
                files.add(path).write_text(content, encoding="utf-8", newline="\n")
    except FileInUse:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise AudioError(f"The delivery sheet could not be written: {reason}.", cure="The audio itself is there.") from error
    return paths


def _metadata(request: RenderRequest, tags: TagSettings, voices: Voices) -> Metadata:
    from declaim.export import Metadata

    spoken_by = dict.fromkeys(request.cast.voice_for(speaker) for speaker in request.script.speakers)
    return Metadata(
        title=request.script.title or request.out.stem,
        artist=tags.artist or ", ".join(voices.find(voice).name for voice in spoken_by),
        album=tags.album,
        date=dt.date.today().isoformat(),  # noqa: DTZ011  the day on the user's own calendar
        language=request.language,
        comment=tags.comment or "Made with Declaim",
        cover=_cover(Path(tags.cover)) if tags.cover else b"",
    )


def _cover(path: Path) -> bytes:
    """
    Raises:
        InputError: for a file that is no JPEG or PNG, or not there.
    """
    cure = "Choose a JPEG or PNG, or none."
    try:
        if path.stat().st_size > _MAX_COVER_BYTES:
            raise InputError(f"The cover '{path.name}' is larger than 16 MB.", cure="Make it smaller.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The cover '{path}' cannot be read: {error.strerror or error}.", cure=cure) from error
    if not data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        raise InputError(f"The cover '{path.name}' is no picture that players show.", cure=cure)
    return data
