"""The last step of a take: tags and chapters into the file while it is still hidden, captions and the rest beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from declaim.errors import InputError
from declaim.export.captions import format_srt, format_vtt
from declaim.export.chapters import chapters_of, format_chapters, format_show_notes
from declaim.export.tags import Metadata, write_tags
from declaim.export.transcript import format_transcript, format_transcript_json
from declaim.model.library import LineTiming
from declaim.paths import Together


class Finished(Protocol):
    """What is known of a rendered file (``render.RenderResult`` has it)."""

    @property
    def out(self) -> Path: ...

    @property
    def timings(self) -> tuple[LineTiming, ...]: ...

    @property
    def duration_ms(self) -> int: ...


@dataclass(frozen=True)
class Told:
    """What the files beside the audio are made from."""

    title: str
    timings: tuple[LineTiming, ...]
    duration_ms: int


def _chapters_json(told: Told) -> str:
    return format_chapters(chapters_of(told.timings, told.duration_ms), told.title)


def _show_notes(told: Told) -> str:
    return format_show_notes(chapters_of(told.timings, told.duration_ms), told.title)


BESIDE: dict[str, tuple[str, Callable[[Told], str]]] = {
    "srt": (".srt", lambda told: format_srt(told.timings)),
    "vtt": (".vtt", lambda told: format_vtt(told.timings)),
    "chapters": (".chapters.json", _chapters_json),
    "transcript": (".transcript.txt", lambda told: format_transcript(told.timings, told.title)),
    "transcript-json": (".transcript.json", lambda told: format_transcript_json(told.timings)),
    "notes": (".notes.md", _show_notes),
}
"""What can stand beside a take: the ending of its name, and what makes it."""


def finish(hidden: Path, result: Finished, metadata: Metadata, files: Together, *, beside: Sequence[str] = ()) -> None:
    """Tags ``hidden``, which is going to be ``result.out``, and writes what is going to stand beside that.

    Args:
        hidden: the audio file under its hidden name.
        result: its final name, its times.
        metadata: title and the rest; the transcript and the chapters come from the times.
        files: gives them their names.
        beside: kinds of ``BESIDE``.

    Raises:
        InputError: for an unknown kind.
        AudioError, OSError: as ``write_tags``.
    """
    chapters = chapters_of(result.timings, result.duration_ms)
    texts = texts_beside(beside, Told(metadata.title, result.timings, result.duration_ms))
    transcript = format_transcript(result.timings)
    write_tags(hidden, result.out.suffix.lower(), metadata, chapters=chapters, transcript=transcript)
    write_beside(result.out, texts, files)


def texts_beside(kinds: Sequence[str], told: Told) -> dict[str, str]:
    """The text of each kind, by the ending of its file.

    Raises:
        InputError: for a kind that is none.
    """
    if unknown := [kind for kind in kinds if kind not in BESIDE]:
        raise InputError(f"'{unknown[0]}' cannot be written beside audio.", cure=f"Choose of {', '.join(BESIDE)}.")
    return {BESIDE[kind][0]: BESIDE[kind][1](told) for kind in kinds}


def write_beside(out: Path, texts: dict[str, str], files: Together) -> None:
    """Writes ``texts`` beside a file, each with its own ending; ``files`` gives them their names."""
    for suffix, text in texts.items():
        files.add(out.with_suffix(suffix)).write_text(text, encoding="utf-8", newline="\n")
