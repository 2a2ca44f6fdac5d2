"""What a line was asked for: kept with its sound, so that a plan can tell what has changed since."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from declaim.model.ids import LineKey, VoiceId
from declaim.model.settings import StudioSettings
from declaim.model.spoken import SpokenLine, SpokenPart, SpokenPause, SpokenSound, SpokenStyle, SpokenText, VocalSound
from declaim.model.work import CancelToken
from declaim.render.cache import KeptLine, LineCache, LineDamaged
from declaim.render.planned import PlannedLine
from declaim.voices import SpeechRequest


@dataclass(frozen=True)
class Asked:
    """``text`` is the line as the script has it, with its cues; ``request`` is without the lexicon, which its line follows."""

    text: str
    request: SpeechRequest
    is_calibrated: bool = False
    """Whether the pace was that of a calibration."""
    language: str = ""
    """In which the words were read; empty where that is not known."""

    def to_json(self) -> dict[str, Any]:
        request = self.request
        return {
            "text": self.text,
            "parts": [_plain(part) for part in request.line.parts],
            "voice": request.voice,
            "delivery": dataclasses.asdict(request.delivery),
            "around": [request.previous_text, request.next_text],
            "is_calibrated": self.is_calibrated,
            "language": self.language,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Asked | None:
        """None for what is not all there: a Declaim of before kept less, and what was lost is lost."""
        try:
            line = SpokenLine("", "", tuple(_part(part) for part in plain["parts"]))
            delivery = StudioSettings.from_json({"delivery": plain["delivery"]}).delivery
            previous_text, next_text = map(str, plain["around"])
            request = SpeechRequest(VoiceId(str(plain["voice"])), line, delivery, previous_text, next_text)
            return cls(str(plain["text"]), request, bool(plain["is_calibrated"]), str(plain.get("language", "")))
        except (KeyError, TypeError, ValueError):
            return None


def asked_of(planned: PlannedLine) -> Asked:
    return Asked(planned.line.text, dataclasses.replace(planned.request, lexicon=()), planned.is_calibrated, planned.language)


def with_asked(lines: Sequence[PlannedLine], cache: LineCache, cancel: CancelToken) -> tuple[PlannedLine, ...]:
    """The lines; of ready ones of which it is not known (an earlier Declaim kept them, or it was lost) it is noted what they are
    asked for now, which makes the same sound.

    Raises:
        Cancelled: when the user asked to stop.
    """
    noted: dict[LineKey, KeptLine] = {}
    for line in lines:
        if line.key and line.known and line.key not in noted and "parts" not in line.known.recipe.asked:
            cancel.check()
            recipe = dataclasses.replace(line.known.recipe, asked=asked_of(line).to_json())
            with suppress(OSError, LineDamaged):  # it costs only a reason
                noted[line.key] = cache.note(line.key, recipe, lightly=True)
    return tuple(dataclasses.replace(line, known=noted[line.key]) if line.key in noted else line for line in lines)


def _plain(part: SpokenPart) -> Any:
    if isinstance(part, SpokenPause):
        return part.pause_ms
    if isinstance(part, SpokenSound):
        return part.sound.value
    return [part.text, part.style.value, part.pace]


def _part(plain: Any) -> SpokenPart:
    if isinstance(plain, int):
        return SpokenPause(plain)
    if isinstance(plain, str):
        return SpokenSound(VocalSound(plain))
    text, style, pace = plain
    return SpokenText(str(text), SpokenStyle(style), float(pace))
