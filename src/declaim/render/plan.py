"""What is ready, what will be spoken, and what that takes."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from declaim.errors import InputError
from declaim.model.delivery import Delivery
from declaim.model.ids import LineKey, VoiceId
from declaim.model.script import Line
from declaim.model.spoken import SpokenLine
from declaim.render.cache import KeptLine, LineCache
from declaim.render.exchanges import Exchange
from declaim.render.languages import languages_of
from declaim.render.pace import JoiningLength, PaceBook, speech_length
from declaim.render.pauses import without_edges
from declaim.render.planned import PlannedLine, RenderPlan, RenderRequest
from declaim.speech import Speech
from declaim.voices import SpeechRequest, VoiceEngine, Voices

_KEY_VERSION = 1
"""Counted up when trimming, fading or storing changes a line's sound."""


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
    lines = _in_exchanges(lines)
    pace = PaceBook(cache.folder)
    joining_s = pace.joining_s(joining_length(lines, request))
    listening_s = _listening_s(lines, pace) if request.verify else 0.0
    seconds = _speaking_s(lines, request.jobs) + listening_s + joining_s
    return RenderPlan(tuple(lines), seconds, cost_usd(lines), joining_s, listening_s)


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


def line_keys(engine: VoiceEngine, request: SpeechRequest) -> tuple[LineKey, LineKey]:
    """The key of a line that is spoken alone, and of one that is spoken in an exchange, whatever the other lines of it say."""
    sound = engine.fingerprint(request)
    return _key_of({"sound": sound}), _key_of({"sound": sound, "together": True})


def _key_of(what: Mapping[str, object]) -> LineKey:
    sound = {"version": _KEY_VERSION, **what}
    canonical = json.dumps(sound, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return LineKey(hashlib.sha256(canonical.encode()).hexdigest())


class _Planner:
    def __init__(self, request: RenderRequest, voices: Voices, cache: LineCache) -> None:
        self._request, self._voices, self._cache = request, voices, cache
        self._languages = languages_of(request.script, request.cast, voices, request.language)
        self._speech = functools.cache(lambda language: Speech(request.lexicon, language, request.pronunciation_notes))
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
        key, together_key = self._keys(engine, request) if not edged.is_silent else (None, None)
        key, known = self._known(together_key, key)
        ready = key is None or known is not None
        length = speech_length(edged.line.text)
        return PlannedLine(
            index, line, chapter, chapter_index, spoken, edged, request, engine, key, known,
            seconds_estimate=known.duration_ms / 1000 if known else length * self._pace.seconds_per_unit(voice),
            work_estimate=0.0 if ready else length * self._pace.work_per_unit(voice),
            together_key=together_key,
            is_calibrated=self._request.is_calibrated, language=self._languages[line.speaker],
        )  # fmt: skip

    def _keys(self, engine: VoiceEngine, request: SpeechRequest) -> tuple[LineKey, LineKey | None]:
        alone, together = line_keys(engine, request)
        return alone, together if engine.speaks_exchanges else None

    def _known(self, together_key: LineKey | None, key: LineKey | None) -> tuple[LineKey | None, KeptLine | None]:
        """Under which key a line is kept, if it is; else the key that it will have when it is spoken alone."""
        for candidate in filter(None, (together_key, key) if self._request.use_cache else ()):
            if known := self._cache.find(candidate):
                return candidate, known
        return key, None

    def _speak(self, line: Line) -> SpokenLine:
        if line not in self._spoken:
            self._spoken[line] = self._speech(self._languages[line.speaker]).speak_line(line)
        return self._spoken[line]

    def _delivery(self, line: Line) -> Delivery:
        chosen = self._request.delivery
        return replace(chosen, preset=line.delivery) if line.delivery else chosen

    def _engine(self, voice: VoiceId) -> VoiceEngine:
        if voice not in self._engines:
            self._voices.find(voice)  # tells of a voice that is not there
            self._engines[voice] = self._voices.engine_of(voice)
        return self._engines[voice]


def _in_exchanges(lines: Sequence[PlannedLine]) -> list[PlannedLine]:
    """The lines of a script; those that are missing side by side are spoken together where their engine would."""
    planned = list(lines)
    taken: set[LineKey | None] = set()
    start = 0
    while start < len(planned):
        end = start + 1
        if _may_join(planned[start], taken):
            taken.add(planned[start].together_key)
            while end < len(planned) and _may_join(planned[end], taken) and _same_place(planned[start], planned[end]):
                taken.add(planned[end].together_key)
                end += 1
            planned[start:end] = _joined(planned[start:end])
        start = end
    spoken = {line.key for line in planned if line.exchange}
    # The twin of a line of an exchange gets its sound.
    return [replace(line, key=line.together_key) if _is_twin(line, spoken) else line for line in planned]


def _is_twin(line: PlannedLine, spoken: set[LineKey | None]) -> bool:
    return not line.is_ready and line.exchange is None and line.together_key in spoken


def _may_join(line: PlannedLine, taken: set[LineKey | None]) -> bool:
    """Missing, of an engine that can, and not the twin of a line that is spoken already."""
    return not line.is_ready and line.together_key is not None and line.together_key not in taken


def _same_place(one: PlannedLine, other: PlannedLine) -> bool:
    return one.engine is other.engine and one.chapter_index == other.chapter_index


def _joined(lines: list[PlannedLine]) -> list[PlannedLine]:
    engine, requests = lines[0].engine, [line.request for line in lines]
    for group in engine.exchanges(requests):
        keys = [line.together_key for line in lines[group.start : group.stop] if line.together_key is not None]
        exchange = Exchange(engine, requests[group.start : group.stop], keys)
        for place in group:
            lines[place] = replace(lines[place], key=lines[place].together_key, exchange=exchange, place=place - group.start)
    return lines


def cost_usd(lines: Sequence[PlannedLine]) -> float:
    """Of what is not ready; two lines of one key are paid for once."""
    missing = {line.key: line for line in lines if not line.is_ready}
    return sum(line.engine.cost_usd(line.request) for line in missing.values())


def _speaking_s(lines: Sequence[PlannedLine], jobs: int | None) -> float:
    """Wall time: the work of each engine over its workers, one engine after the other; two lines of one key are spoken once."""
    by_engine: dict[str, list[PlannedLine]] = {}
    for line in {line.key: line for line in lines if not line.is_ready}.values():
        by_engine.setdefault(line.engine.name, []).append(line)
    return sum(sum(line.work_estimate for line in missing) / workers_for(missing, jobs) for missing in by_engine.values())


def _listening_s(lines: Sequence[PlannedLine], pace: PaceBook) -> float:
    return sum(pace.hearing_s(line.seconds_estimate) for line in {line.key: line for line in lines if line.is_unheard}.values())


def workers_for(lines: Sequence[PlannedLine], jobs: int | None) -> int:
    """How many lines of one engine are spoken side by side: as many as the user wants, but no more than the engine takes."""
    most = lines[0].engine.layout.workers
    return max(1, min(jobs or most, most, len(lines)))


def joining_length(lines: Sequence[PlannedLine], request: RenderRequest) -> JoiningLength:
    """What of the file is newly spoken and what is ready; ``lines`` as they were planned."""
    spoken_s = sum(line.seconds_estimate for line in lines if not line.is_ready)
    ready_s = sum(line.seconds_estimate for line in lines if line.is_ready)
    return JoiningLength(request.out.suffix.lower(), spoken_s, ready_s, is_mixed=bool(request.music.bed))
