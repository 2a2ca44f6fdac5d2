"""What is ready, what will be spoken and why, and what that takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from declaim.errors import InputError
from declaim.model.delivery import Delivery
from declaim.model.ids import LineKey, VoiceId
from declaim.model.lexicon import LexiconEntry
from declaim.model.script import Line, Script
from declaim.model.settings import LoudnessStandard, MusicSettings
from declaim.model.spoken import SpokenLine
from declaim.model.voice import Cast
from declaim.render.cache import KeptLine, LineCache, LineRecipe
from declaim.render.exchanges import Exchange, in_exchanges
from declaim.render.pace import PaceBook, speech_length
from declaim.render.pauses import EdgedLine, Pauses, without_edges
from declaim.speech import Speech
from declaim.voices import SpeechRequest, VoiceEngine, Voices

_KEY_VERSION = 1
"""Counted up when trimming, fading or storing changes a line's sound."""


@dataclass(frozen=True)
class RenderRequest:
    """A script, who speaks it how, and the file that it becomes. The suffix of ``out`` is the kind of file.

    ``loudness`` is a value of ``LoudnessStandard``; ``jobs`` how many lines are spoken side by side (else what suits each
    engine); ``rate_hz`` that of the file (Opus has always 48 kHz); ``channels`` those of the file where not the standard's;
    ``spread_percent`` how far the hosts sit from the middle; ``previous`` the keys that the lines had before, by index, so that
    the plan can say why a line is stale.
    """

    script: Script
    cast: Cast
    delivery: Delivery
    lexicon: tuple[LexiconEntry, ...]
    out: Path
    loudness: str = LoudnessStandard.PODCAST
    jobs: int | None = None
    use_cache: bool = True
    pronunciation_notes: str = ""
    language: str = "en"
    bit_rate: int = 192
    vbr: int | None = None
    rate_hz: int = 44_100
    channels: int | None = None
    spread_percent: int = 0
    music: MusicSettings = field(default_factory=MusicSettings)
    pauses: Pauses | None = None
    previous: Mapping[int, LineKey] | None = None
    verify: bool = False
    """A speech recogniser listens to every line and marks those with missing words."""

    @property
    def has_few_bits(self) -> bool:
        """Of an MP3: so few that its peaks grow."""
        is_low = self.bit_rate < 128 if self.vbr is None else self.vbr >= 3
        return self.out.suffix.lower() == ".mp3" and is_low


@dataclass(frozen=True, eq=False)
class PlannedLine:
    """One line on its way. ``key`` is None for a line with nothing to speak: it is only quiet. ``reason`` says why a line is not
    ready, in the user's words; ``known`` is the kept line of a ready one."""

    index: int
    line: Line
    chapter: str
    chapter_index: int
    spoken: SpokenLine
    edged: EdgedLine
    request: SpeechRequest
    engine: VoiceEngine
    key: LineKey | None
    known: KeptLine | None
    reason: str = ""
    seconds_estimate: float = 0.0
    """Of audio."""
    work_estimate: float = 0.0
    """Seconds of one worker."""
    together_key: LineKey | None = None
    """The key that it has when it is spoken in an exchange; None where its engine speaks none."""
    exchange: Exchange | None = None
    place: int = 0
    """In the exchange."""

    @property
    def is_ready(self) -> bool:
        return self.key is None or self.known is not None


@dataclass(frozen=True, eq=False)
class RenderPlan:
    lines: tuple[PlannedLine, ...]
    seconds_estimate: float
    """Until the file is there."""
    cost_usd: float = 0.0
    """Of what is not ready; engines that cost something say so."""

    @property
    def ready_count(self) -> int:
        return sum(line.is_ready for line in self.lines)

    @property
    def to_render_count(self) -> int:
        return len(self.lines) - self.ready_count


def plan_render(request: RenderRequest, voices: Voices, cache: LineCache) -> RenderPlan:
    """Looks at every line: what it says, its key, and whether its sound is there.

    Raises:
        InputError: for a script without lines.
        VoiceError: for a voice that does not exist or cannot speak here.
    """
    if not request.script.lines:
        raise InputError("The script has no lines, so there is nothing to say.", cure="Write at least one line of text.")
    planner = _Planner(request, voices, cache)
    lines = []
    for chapter_index, (first, chapter) in enumerate(request.script.numbered_chapters()):
        around = planner.around(chapter.lines)
        for offset, line in enumerate(chapter.lines):
            lines.append(planner.plan(first + offset, line, chapter.title, chapter_index, around[offset]))
    lines = in_exchanges(lines)
    return RenderPlan(tuple(lines), _seconds(lines, request.jobs), _cost_usd(lines))


def plan_line(request: RenderRequest, index: int, voices: Voices, cache: LineCache) -> PlannedLine:
    """One line of the script, as :func:`plan_render` plans it where it is spoken alone."""
    planner = _Planner(request, voices, cache)
    for chapter_index, (first, chapter) in enumerate(request.script.numbered_chapters()):
        if first <= index < first + len(chapter.lines):
            around = planner.around(chapter.lines)[index - first]
            return planner.plan(index, chapter.lines[index - first], chapter.title, chapter_index, around)
    raise IndexError(index)


def line_key(engine: VoiceEngine, request: SpeechRequest) -> LineKey:
    """SHA-256 of everything that makes the sound, and of nothing else."""
    return _key_of({"sound": engine.fingerprint(request)})


def _line_keys(engine: VoiceEngine, request: SpeechRequest) -> tuple[LineKey, LineKey | None]:
    """The key of a line that is spoken alone, and of one that is spoken in an exchange, whatever the other lines of it say."""
    sound = engine.fingerprint(request)
    # Engines of before there were exchanges speak each line alone.
    speaks_exchanges = getattr(engine, "speaks_exchanges", False)
    return _key_of({"sound": sound}), _key_of({"sound": sound, "together": True}) if speaks_exchanges else None


def _key_of(what: Mapping[str, object]) -> LineKey:
    sound = {"version": _KEY_VERSION, **what}
    canonical = json.dumps(sound, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return LineKey(hashlib.sha256(canonical.encode()).hexdigest())


class _Planner:
    def __init__(self, request: RenderRequest, voices: Voices, cache: LineCache) -> None:
        self._request, self._voices, self._cache = request, voices, cache
        self._speech = Speech(request.lexicon, request.language, request.pronunciation_notes)
        self._pace = PaceBook(cache.folder)
        self._engines: dict[VoiceId, VoiceEngine] = {}
        self._spoken: dict[Line, SpokenLine] = {}

    def around(self, lines: Sequence[Line]) -> Sequence[tuple[str, str]]:
        """For each line of a chapter what the same voice says right before and after it, empty where another one speaks."""
        said = [(self._request.cast.voice_for(line.speaker), self._speak(line).text) for line in lines]
        edges = [(VoiceId(""), ""), *said, (VoiceId(""), "")]
        return [
            tuple(text if voice == own else "" for voice, text in (before, after))  # type: ignore[misc]
            for before, (own, _), after in zip(edges, said, edges[2:], strict=False)
        ]

    def plan(self, index: int, line: Line, chapter: str, chapter_index: int, around: tuple[str, str] = ("", "")) -> PlannedLine:
        spoken = self._speak(line)
        edged = without_edges(spoken)
        voice = self._request.cast.voice_for(line.speaker)
        engine = self._engine(voice)
        # Neither the speaker's name nor what captions show makes any sound.
        request = SpeechRequest(voice, SpokenLine("", "", edged.line.parts), self._delivery(line), *around, self._request.lexicon)
        key, together_key = (None, None) if edged.is_silent else _line_keys(engine, request)
        key, known = self._known(together_key, key)
        ready = key is None or known is not None
        length = speech_length(edged.line.text)
        return PlannedLine(
            index, line, chapter, chapter_index, spoken, edged, request, engine, key, known,
            reason="" if ready else self._reason(index, recipe_of(spoken, request)),
            seconds_estimate=known.duration_ms / 1000 if known else length * self._pace.seconds_per_unit(voice),
            work_estimate=0.0 if ready else length * self._pace.work_per_unit(voice),
            together_key=together_key,
        )  # fmt: skip

    def _known(self, together_key: LineKey | None, key: LineKey | None) -> tuple[LineKey | None, KeptLine | None]:
        """Under which key a line is kept, if it is; else the key that it will have when it is spoken alone."""
        for candidate in filter(None, (together_key, key) if self._request.use_cache else ()):
            if known := self._cache.find(candidate):
                return candidate, known
        return key, None

    def _speak(self, line: Line) -> SpokenLine:
        if line not in self._spoken:
            self._spoken[line] = self._speech.speak_line(line)
        return self._spoken[line]

    def _delivery(self, line: Line) -> Delivery:
        chosen = self._request.delivery
        return replace(chosen, preset=line.delivery) if line.delivery else chosen

    def _engine(self, voice: VoiceId) -> VoiceEngine:
        if voice not in self._engines:
            self._voices.find(voice)  # tells of a voice that is not there
            self._engines[voice] = self._voices.engine_of(voice)
        return self._engines[voice]

    def _reason(self, index: int, now: LineRecipe) -> str:
        if not self._request.use_cache:
            return "everything is spoken anew"
        before_key = (self._request.previous or {}).get(index)
        if before_key is None:
            return "not spoken yet"
        before = self._cache.find(before_key)
        if before is None:
            return "its audio is gone"
        return why_stale(before.recipe, now)


def recipe_of(spoken: SpokenLine, request: SpeechRequest) -> LineRecipe:
    return LineRecipe(voice=request.voice, shown=spoken.shown, spoken=spoken.text, delivery=repr(request.delivery))


def why_stale(before: LineRecipe, now: LineRecipe) -> str:
    """What has changed since a line was spoken, in the user's words."""
    changed = []
    if before.shown != now.shown:
        changed.append("text")
    elif before.spoken != now.spoken:
        changed.append("lexicon")
    if before.voice != now.voice:
        changed.append("voice")
    if before.delivery != now.delivery:
        changed.append("delivery")
    return " and ".join(changed) + " changed" if changed else "the voice's engine changed"


def _cost_usd(lines: Sequence[PlannedLine]) -> float:
    """Of what is not ready; two lines of one key are paid for once. Engines of before there were costs are free."""
    missing = {line.key: line for line in lines if not line.is_ready}
    return sum(line.engine.cost_usd(line.request) for line in missing.values() if hasattr(line.engine, "cost_usd"))


def _seconds(lines: Sequence[PlannedLine], jobs: int | None) -> float:
    """Wall time: the work of each engine over its workers, one engine after the other, and the joining."""
    work: dict[str, float] = {}
    workers: dict[str, int] = {}
    for line in lines:
        work[line.engine.name] = work.get(line.engine.name, 0.0) + line.work_estimate
        workers[line.engine.name] = jobs or line.engine.layout.workers
    joining = sum(line.seconds_estimate for line in lines) / 500
    return joining + sum(seconds / max(1, workers[name]) for name, seconds in work.items())
