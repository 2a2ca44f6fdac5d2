"""The last step of a take: tags and chapters into the file while it is still hidden, captions and the rest beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from declaim.errors import InputError
from declaim.export.captions import format_srt, format_vtt
from declaim.export.chapters import chapters_of, format_chapters
from declaim.export.tags import Metadata, write_tags
from declaim.export.transcript import format_transcript
from declaim.model.library import LineTiming
from declaim.paths import replacing

CAPTIONS: dict[str, Callable[[Sequence[LineTiming]], str]] = {"srt": format_srt, "vtt": format_vtt}


class Finished(Protocol):
    """What is known of a rendered file (``render.RenderResult`` has it)."""

    @property
    def out(self) -> Path: ...

    @property
    def timings(self) -> tuple[LineTiming, ...]: ...

    @property
    def duration_ms(self) -> int: ...


def finish(
    hidden: Path,
    result: Finished,
    metadata: Metadata,
    *,
    captions: Sequence[str] = (),
    chapters_json: bool = False,
) -> None:
    """Tags ``hidden``, which is going to be ``result.out``, and writes what stands beside that.

    Args:
        hidden: the audio file under its hidden name.
        result: its final name, its times.
        metadata: title and the rest; the transcript and the chapters come from the times.
        captions: kinds of ``CAPTIONS``, each written beside as ``out.srt``, ``out.vtt``.
        chapters_json: whether to write ``out.chapters.json`` beside.

    Raises:
        InputError: for captions of an unknown kind.
        AudioError, OSError: as ``write_tags``.
    """
    chapters = chapters_of(result.timings, result.duration_ms)
    transcript = format_transcript(result.timings)
    beside = {f".{kind}": captions_of(kind, result.timings) for kind in captions}
    if chapters_json:
        beside[".chapters.json"] = format_chapters(chapters, metadata.title)
    write_tags(hidden, result.out.suffix.lower(), metadata, chapters=chapters, transcript=transcript)
    for suffix, text in beside.items():
        with replacing(result.out.with_suffix(suffix)) as written:
            written.write_text(text, encoding="utf-8", newline="\n")


def captions_of(kind: str, timings: Sequence[LineTiming]) -> str:
    """Captions of a kind of ``CAPTIONS``.

    Raises:
        InputError: for a kind that is none.
    """
    if kind not in CAPTIONS:
        raise InputError(f"'{kind}' is not a kind of captions.", cure=f"Choose {' or '.join(CAPTIONS)}.")
    return CAPTIONS[kind](timings)
