"""What a line would send: worked out as a render would, and shown instead of sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from declaim.commands.planning import Planning
from declaim.commands.render_requests import lexicon_of, request_of_row
from declaim.errors import DeclaimError
from declaim.jobs import Jobs
from declaim.model.delivery import Delivery
from declaim.model.ids import ScriptId
from declaim.model.settings import StudioSettings
from declaim.storage import Library
from declaim.voices import SpeechRequest, VoiceEngine, Voices


@dataclass(frozen=True)
class Sent:
    """``words`` for people, ``text`` what the engine reads, ``fields`` everything that makes the sound, as JSON."""

    words: str
    text: str = ""
    fields: str = ""


class Describing:
    def __init__(self, library: Library, voices: Voices, jobs: Jobs, planning: Planning) -> None:
        self._library, self._voices, self._jobs, self._planning = library, voices, jobs, planning

    def line(self, script_id: ScriptId, index: int, done: Callable[[Sent], None]) -> None:
        """Gives ``done`` what a render of one line would hand to its engine. A job; nothing is sent."""
        row = self._library.scripts.get(script_id)
        lexicon = lexicon_of(self._library, row)

        def work(*_: object) -> Sent:
            from declaim.render.plan import plan_line

            request = request_of_row(row, lexicon, Path("line.wav"))
            if index >= len(request.script.lines):
                return Sent("This line is not saved yet.")
            planned = plan_line(request, index, self._voices, self._planning.cache)
            settings = StudioSettings.from_json(row.settings)
            return _sent(planned.engine, planned.request, settings.delivery, planned.is_ready)

        def told(error: Exception) -> None:
            if not isinstance(error, DeclaimError):
                raise error
            done(Sent(str(error)))

        self._jobs.start("Work out what a line sends", work, done=done, failed=told, quiet=True)


def _sent(engine: VoiceEngine, request: SpeechRequest, delivery: Delivery, is_ready: bool) -> Sent:
    fields = json.dumps(engine.fingerprint(request), ensure_ascii=False, indent=1)
    described = engine.describe(request)
    if not described:
        words = f"Nothing is sent. {engine.label} speaks on this computer, {_delivery_words(delivery)}."
        return Sent(words, request.line.text, fields)
    head, _, text = described.partition("\n")
    if is_ready:
        return Sent(f"This line is ready: nothing is sent again. It was made with {head}.", text, fields)
    cost = engine.cost_usd(request)
    price = f" About ${cost:.4f}." if cost else ""
    return Sent(f"{head}.{price}" if text else head, text, fields)


def _delivery_words(delivery: Delivery) -> str:
    """As in "dynamic, emotion moderate, emphasis by pauses and stress, without laughter"."""
    expression = delivery.expression
    refused = [name for name, allowed in (("whispering", expression.allow_whispering), ("laughter", expression.allow_laughter))
               if not allowed]  # fmt: skip
    stress = "pauses" if expression.emphasis_style == "pauses" else "pauses and stress"
    parts = [str(delivery.preset), f"emotion {expression.emotional_range}", f"emphasis by {stress}"]
    parts += [f"pace {delivery.pace:g}"] if delivery.pace != 1.0 else []
    parts += [f"without {' and '.join(refused)}"] if refused else []
    return ", ".join(parts)
