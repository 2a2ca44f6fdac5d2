"""A script as the editor has it: rows. Reading refuses nothing, so that a half-typed script is never lost or locked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from declaim.model.delivery import DeliveryPreset
from declaim.model.script import NARRATOR, SPEAKER_PATTERN

_DELIVERIES = "|".join(preset.value for preset in DeliveryPreset)
_SPOKEN = re.compile(rf"\s*\[({SPEAKER_PATTERN})(?:,[ \t]*({_DELIVERIES}))?\]:\s*")
_TYPED = re.compile(rf"\[({SPEAKER_PATTERN})(?:\s*,\s*({_DELIVERIES}))?\]:\s", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CHAPTER = re.compile(r"\s{0,3}##\s+")
_TITLE = re.compile(r"\s{0,3}#\s+")


class RowKind(StrEnum):
    LINE = "line"
    CHAPTER = "chapter"


@dataclass(frozen=True)
class Row:
    """One block of the editor. ``text`` is mark-up on one physical line; of a chapter, its title."""

    kind: RowKind
    text: str
    speaker: str = NARRATOR
    delivery: DeliveryPreset | None = None

    @property
    def is_chapter(self) -> bool:
        return self.kind is RowKind.CHAPTER


@dataclass(frozen=True)
class Prefix:
    """Mark-up at the start of a row: what it makes of the row, and how many characters it takes."""

    kind: RowKind
    length: int
    speaker: str = ""
    delivery: DeliveryPreset | None = None


def typed_prefix(text: str) -> Prefix | None:
    """``[HOST1]: `` or ``## `` at the very start of what is typed; speakers may be typed in small letters."""
    if text.startswith("## "):
        return Prefix(RowKind.CHAPTER, 3)
    spoken = _TYPED.match(text)
    if spoken is None:
        return None
    return Prefix(RowKind.LINE, spoken.end(), spoken.group(1).upper(), _preset((spoken.group(2) or "").lower()))


def read_rows(text: str, speaker: str = NARRATOR) -> tuple[str, tuple[Row, ...]]:
    """Title and rows of script-format text; a paragraph without a speaker belongs to the one before, at first ``speaker``."""
    title, rows = "", list[Row]()
    delivery: DeliveryPreset | None = None
    continues = False
    for physical in _LINE_END.split(text):
        spoken = _SPOKEN.match(physical)
        if not physical.strip():
            continues = False
        elif spoken is not None:
            speaker, delivery = spoken.group(1), _preset(spoken.group(2))
            rows.append(Row(RowKind.LINE, one_line(physical[spoken.end() :]), speaker, delivery))
            continues = True
        elif chapter := _CHAPTER.match(physical):
            rows.append(Row(RowKind.CHAPTER, one_line(physical[chapter.end() :]), speaker))
            continues = False
        elif not rows and not title and (heading := _TITLE.match(physical)):
            title = one_line(physical[heading.end() :])
        elif continues:
            rows[-1] = Row(RowKind.LINE, f"{rows[-1].text} {one_line(physical)}".strip(), speaker, rows[-1].delivery)
        else:
            rows.append(Row(RowKind.LINE, one_line(physical), speaker))
            continues = True
    return title, tuple(rows)


def write_rows(rows: Iterable[Row], title: str = "") -> str:
    """The rows in the script format, as ``scripts.format_script`` writes it. Rows without words say nothing and are left out."""
    blocks = [f"# {title}"] if title else []
    lines: list[str] = []
    for row in rows:
        words = one_line(row.text)
        if words and row.is_chapter:
            blocks += ["\n".join(lines)] if lines else []
            blocks.append(f"## {words}")
            lines = []
        elif words:
            mark = f"{row.speaker}, {row.delivery}" if row.delivery else row.speaker
            lines.append(f"[{mark}]: {words}")
    blocks += ["\n".join(lines)] if lines else []
    return "\n\n".join(blocks) + "\n" if blocks else ""


def one_line(text: str) -> str:
    """Without what Qt would take for the end of a paragraph or a line; white space as a script has it."""
    return " ".join(text.split())


def has_mark_up(text: str) -> bool:
    """Whether pasted text brings rows of its own: a speaker, a chapter or more than one paragraph."""
    return any(_SPOKEN.match(line) or _CHAPTER.match(line) for line in text.splitlines()) or "\n" in text.strip()


def speakers_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """Every speaker of a line, in order of appearance."""
    return tuple(dict.fromkeys(row.speaker for row in rows if not row.is_chapter))


def _preset(name: str | None) -> DeliveryPreset | None:
    return DeliveryPreset(name) if name else None
