"""What is asked of a render, and what a plan of it holds: values, no work."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from declaim.model.delivery import Delivery
from declaim.model.ids import LineKey
from declaim.model.lexicon import LexiconEntry
from declaim.model.pauses import PauseSettings
from declaim.model.script import Line, Script
from declaim.model.settings import LoudnessStandard, MusicSettings
from declaim.model.spoken import SpokenLine
from declaim.model.voice import Cast
from declaim.render.cache import KeptLine
from declaim.render.exchanges import Exchange
from declaim.render.pauses import EdgedLine
from declaim.voices import SpeechRequest, VoiceEngine


@dataclass(frozen=True)
class RenderRequest:
    """A script, who speaks it how, and the file that it becomes. The suffix of ``out`` is the kind of file.

    ``loudness`` is a value of ``LoudnessStandard``; ``jobs`` how many lines are spoken side by side (else what suits each
    engine); ``rate_hz`` that of the file (Opus has always 48 kHz); ``channels`` those of the file where not the standard's;
    ``spread_percent`` how far the hosts sit from the middle.
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
    language: str = ""
    """Of the file and of lines whose voice names none, as in ``de``; empty: that of the voices."""
    bit_rate: int = 192
    vbr: int | None = None
    rate_hz: int = 44_100
    channels: int | None = None
    spread_percent: int = 0
    music: MusicSettings = field(default_factory=MusicSettings)
    pauses: PauseSettings = field(default_factory=PauseSettings)
    verify: bool = False
    """A speech recogniser listens to every line and marks those with missing words."""
    is_calibrated: bool = False
    """Whether the delivery's pace is that of a calibration: told where a line is stale for it."""

    @property
    def shortage_of_bits(self) -> int:
        """Of an MP3, from 0 to 4: the fewer bits, the more its peaks grow."""
        if self.out.suffix.lower() != ".mp3":
            return 0
        if self.vbr is None:
            return 2 if self.bit_rate < 128 else 0
        return sum(self.vbr >= quality for quality in (1, 3, 4, 7))


@dataclass(frozen=True, eq=False)
class PlannedLine:
    """One line on its way. ``key`` is None for a line with nothing to speak: it is only quiet. ``reason`` says why a line is not
    ready, in the user's words, where that was asked for (``reasons``); ``known`` is the kept line of a ready one."""

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
    is_calibrated: bool = False
    """As in the request."""
    language: str = ""
    """In which its words were read."""

    @property
    def is_ready(self) -> bool:
        return self.key is None or self.known is not None

    @property
    def is_unheard(self) -> bool:
        """Whether a recogniser that is asked to would have to listen to it."""
        return self.key is not None and (self.known is None or self.known.recipe.heard is None)

    @property
    def has_come(self) -> bool:
        """Whether its sound came with that of another line of its exchange."""
        return self.exchange is not None and self.exchange.has(self.place)


@dataclass(frozen=True, eq=False)
class RenderPlan:
    lines: tuple[PlannedLine, ...]
    seconds_estimate: float
    """Until the file is there."""
    cost_usd: float = 0.0
    """Of what is not ready; engines that cost something say so."""
    joining_estimate: float = 0.0
    """The part of ``seconds_estimate`` that begins when all lines are there."""
    listening_estimate: float = 0.0
    """The part of ``seconds_estimate`` before that, in which the lines are listened to again."""

    @property
    def shares(self) -> tuple[float, float]:
        """Where listening and where joining begins, as shares of the whole time."""
        if not self.seconds_estimate:
            return 0.0, 0.0
        joining_at = 1 - self.joining_estimate / self.seconds_estimate
        return max(0.0, joining_at - self.listening_estimate / self.seconds_estimate), joining_at

    @property
    def ready_count(self) -> int:
        return sum(line.is_ready for line in self.lines)

    @property
    def to_render_count(self) -> int:
        return len(self.lines) - self.ready_count
