"""The cues of a line's mark-up, ``product.md`` section 2: the one grammar that the script format, the spoken form and the
editor share.

``{pause:short|medium|long|<n>ms|<n>s}`` ``{emph:words}`` ``{say:spoken|shown}`` ``{spell:API}`` ``{slow:words}``
``{fast:words}`` ``{whisper:words}`` ``{breath}`` ``{sigh}`` ``{laugh}`` ``{chuckle}`` ``{gasp}``. ``\\{``, ``\\[`` and
``\\#`` are literal. Other braces are ordinary text; a near miss of a cue, and a cue without its closing brace, is a
:class:`CueError`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from declaim.errors import InputError


class CueKind(StrEnum):
    PAUSE = "pause"
    EMPH = "emph"
    SAY = "say"
    SPELL = "spell"
    SLOW = "slow"
    FAST = "fast"
    WHISPER = "whisper"
    BREATH = "breath"
    SIGH = "sigh"
    LAUGH = "laugh"
    CHUCKLE = "chuckle"
    GASP = "gasp"


SOUNDS = frozenset({CueKind.BREATH, CueKind.SIGH, CueKind.LAUGH, CueKind.CHUCKLE, CueKind.GASP})
"""Cues that take no words."""
PAUSE_MS = {"short": 250, "medium": 500, "long": 1000}
"""What the named pauses last at the measured delivery's pace of 1."""
MAX_PAUSE_MS = 60_000

_ORDINARY = re.compile(r"[^{\\]+")
_BRACED = re.compile(r"\{([^{}\n]*)\}")
_OPENED = re.compile(r"\{([a-z]{3,10}):")
_ESCAPABLE = re.compile(r"(\\?)([{\[#])")
_NAME = re.compile(r"([A-Za-z_-]+)\s*(:?)(.*)", re.DOTALL)
_LOOSE = re.compile(r"\s*([A-Za-z]+)(?:[\s:=,;.!?]+.*|\s*)", re.DOTALL)
_DASHED_PAUSE = re.compile(r"\s*pause[-_](?:short|medium|long|\d+\s*m?s)\s*", re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s)")


class CueError(InputError):
    """A near miss of a cue. ``column`` counts from 1 in the line's text."""

    def __init__(self, message: str, column: int, *, cure: str = "") -> None:
        super().__init__(message, cure=cure)
        self.column = column


@dataclass(frozen=True)
class TextSpan:
    """Ordinary text, escapes resolved. ``start`` and ``end`` are offsets into the mark-up."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Cue:
    """One cue. ``words`` are spoken (``say``: the spoken side) and ``shown`` stands in captions; ``pause_ms`` of a pause."""

    kind: CueKind
    start: int
    end: int
    words: str = ""
    shown: str = ""
    pause_ms: int = 0


Span = TextSpan | Cue


@lru_cache(maxsize=4096)
def parse_cues(text: str) -> tuple[Span, ...]:
    """A line's mark-up as spans in order.

    Raises:
        CueError: for a near miss of a cue, with its column.
    """
    if text and "{" not in text and "\\" not in text:
        return (TextSpan(text, 0, len(text)),)
    spans: list[Span] = []
    pending: list[str] = []
    pending_start = at = 0

    def flush(end: int) -> None:
        if pending:
            spans.append(TextSpan("".join(pending), pending_start, end))
            pending.clear()

    while at < len(text):
        if plain := _ORDINARY.match(text, at):
            if not pending:
                pending_start = at
            pending.append(plain.group())
            at = plain.end()
            continue
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] in ("{", "[", "#"):
            if not pending:
                pending_start = at
            pending.append(text[at + 1])
            at += 2
            continue
        cue = _cue_at(text, at) if char == "{" else None
        if cue is None:
            if not pending:
                pending_start = at
            pending.append(char)
            at += 1
        else:
            flush(at)
            spans.append(cue)
            at = cue.end
    flush(at)
    return tuple(spans)


_WIDE_GAP = re.compile(r"[ \t]{2,}|\t")
_BEFORE_SIGN = re.compile(r"\s+([,.;:!?])(?=\s|$)")
_GAPS = ("  ", " ,", " .", " ;", " :", " !", " ?")
"""What printable text holds where one of the two may apply."""


@lru_cache(maxsize=4096)
def shown_text(text: str) -> str:
    """What captions and transcripts show of a line's mark-up: cues resolved, pauses and sounds gone, one space between words.

    Raises:
        CueError: as :func:`parse_cues`.
    """
    shown = "".join([span.text if isinstance(span, TextSpan) else span.shown or " " for span in parse_cues(text)])
    if not shown.isprintable() or any(gap in shown for gap in _GAPS):
        shown = _BEFORE_SIGN.sub(r"\1", _WIDE_GAP.sub(" ", shown))
    return shown.strip()


def escape(plain: str) -> str:
    """Plain words as mark-up: whatever would be read as a cue or an escape is escaped. ``parse_cues`` gives them back."""

    def keep(match: re.Match[str]) -> str:
        backslash, sign = match.groups()
        if backslash:
            return backslash + "\\" + sign
        return "\\" + sign if sign == "{" and _reads_as_cue(plain, match.start()) else sign

    return _ESCAPABLE.sub(keep, plain)


def _reads_as_cue(text: str, at: int) -> bool:
    try:
        return _cue_at(text, at) is not None
    except CueError:
        return True


def _cue_at(text: str, at: int) -> Cue | None:
    """The cue that opens with the brace at ``at``, or None where the brace is ordinary text."""
    match = _BRACED.match(text, at)
    if match is not None:
        return _cue(match)
    opened = _OPENED.match(text, at)
    if opened is not None and opened.group(1) in set(CueKind):
        cure = "Close it with } before another brace; cues do not stand inside cues."
        raise CueError(f"The cue {opened.group()} is not closed.", at + 1, cure=cure)
    return None


def _cue(match: re.Match[str]) -> Cue | None:
    """The cue of a braced text, or None where the braces are ordinary text."""
    named = _NAME.fullmatch(match.group(1))
    name, colon, words = (named.group(1), named.group(2), named.group(3).strip()) if named else ("", "", "")
    column = match.start() + 1
    kind = next((kind for kind in CueKind if kind == name), None)
    if kind is None or (not colon and (words or kind not in SOUNDS)):
        _refuse_near_miss(match.group(), name, words, column, has_colon=bool(colon))
        return None
    if kind in SOUNDS:
        if colon:
            raise CueError(f"The cue {{{kind}}} takes no words.", column, cure=f"Write {{{kind}}}.")
        return Cue(kind, match.start(), match.end())
    if not words:
        raise CueError(f"The cue {match.group()} lacks its words.", column, cure=f"Write {_form(kind)}.")
    return _worded_cue(kind, words, match)


def _worded_cue(kind: CueKind, words: str, match: re.Match[str]) -> Cue:
    start, end, column = match.start(), match.end(), match.start() + 1
    if kind is CueKind.PAUSE:
        return Cue(kind, start, end, pause_ms=_pause_ms(words, column))
    if kind is CueKind.SAY:
        spoken, bar, shown = (part.strip() for part in words.partition("|"))
        if not bar or not spoken or not shown:
            raise CueError(f"The cue {match.group()} needs two sides.", column, cure="Write {say:spoken|shown}.")
        return Cue(kind, start, end, words=spoken, shown=shown)
    return Cue(kind, start, end, words=words, shown=words)


def _pause_ms(words: str, column: int) -> int:
    if words in PAUSE_MS:
        return PAUSE_MS[words]
    timed = _DURATION.fullmatch(words)
    if timed is None:
        cure = "Write short, medium, long, or a time such as 800ms or 1.5s."
        raise CueError(f"'{words}' is not a length of a pause.", column, cure=cure)
    pause_ms = round(float(timed.group(1)) * (1000 if timed.group(2) == "s" else 1))
    if pause_ms > MAX_PAUSE_MS:
        raise CueError("A pause is at most 60 seconds.", column)
    return pause_ms


def _refuse_near_miss(braced: str, name: str, words: str, column: int, *, has_colon: bool) -> None:
    """A misspelt cue is never spoken. What cannot be a cue, as `{id}`, is nobody's near miss."""
    meant = _misformed(braced[1:-1]) or _misspelt(name.lower(), words, has_colon=has_colon)
    if meant is not None:
        cure = f"Did you mean {_form(meant)}? For a brace that is text, write \\{{."
        raise CueError(f"{braced} is not a cue.", column, cure=cure)


def _misformed(inside: str) -> CueKind | None:
    """The cue whose right name stands in the braces in a wrong form: `{pause short}`, `{emph}`, `{ laugh! }`."""
    loose = _LOOSE.fullmatch(inside)
    name = "pause" if _DASHED_PAUSE.fullmatch(inside) else loose.group(1).lower() if loose else ""
    return next((kind for kind in CueKind if kind == name), None)


def _misspelt(name: str, words: str, *, has_colon: bool) -> CueKind | None:
    """The cue whose name is nearly this one. Without a colon only a sound can be meant."""
    if not has_colon and words:
        return None
    candidates = [kind for kind in CueKind if has_colon or kind in SOUNDS]
    longer = (kind for kind in candidates if len(kind) > 3 and has_colon and name.startswith(kind))
    swapped = (kind for kind in candidates if _swaps_neighbours(name, kind))
    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.75 if has_colon else 0.8)
    return next((CueKind(kind) for kind in (*longer, *swapped, *near)), None)


def _swaps_neighbours(name: str, kind: str) -> bool:
    """Whether two letters that stand side by side changed places, as in `sihg`."""
    differ = [at for at, (one, other) in enumerate(zip(name, kind, strict=False)) if one != other]
    return sorted(name) == sorted(kind) and len(differ) == 2 and differ[1] - differ[0] == 1


def _form(kind: CueKind) -> str:
    """How a cue is written."""
    return f"{{{kind}}}" if kind in SOUNDS else "{say:spoken|shown}" if kind is CueKind.SAY else f"{{{kind}:…}}"
