"""A voice engine that does what it is told: for tests that render without a model."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

from declaim.model.clip import Clip
from declaim.model.ids import VoiceId
from declaim.model.spoken import SpokenPause, SpokenText
from declaim.model.voice import Gender, Voice
from declaim.model.work import CancelToken
from declaim.voices import JSON, Layout, SpeechRequest, VoiceEngine

RATE_HZ = 22_050
CHARACTERS_PER_SECOND = 15

Outcome = Clip | float | Exception | Sequence[Clip]
"""What a request gets: a clip, a tone of so many seconds, an error that is raised, or several clips."""


class ScriptedEngine(VoiceEngine):
    """Speaks a soft tone, always the same for the same voice, text and delivery: a fifteenth of a second per character.

    ``enqueue(...)`` says what the next requests get instead; ``enqueue(..., text="…")`` what the next request for a line of
    exactly these words gets (for renders with several workers, where the order is not known). ``history`` has every request
    in order of arrival. ``delay_s`` is waited before each line (cancellable). ``needs`` makes its voices not ready;
    ``languages`` are those of voices that do not speak English.
    """

    label = "Scripted"
    is_random = True

    def __init__(
        self,
        name: str = "scripted",
        *,
        voices: Sequence[str] = ("ada", "bob"),
        workers: int = 1,
        delay_s: float = 0.0,
        needs: str = "",
        languages: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.name = name
        self.version = "1"
        self.layout = Layout(workers=workers)
        self.delay_s = delay_s
        self.needs = needs
        self._languages = languages
        self.history: list[SpeechRequest] = []
        self.prepared: list[VoiceId] = []
        self._names = tuple(voices)
        self._queue: deque[Outcome] = deque()
        self._by_text: dict[str, deque[Outcome]] = {}
        self._lock = threading.Lock()

    def enqueue(self, *outcomes: Outcome, text: str | None = None) -> None:
        with self._lock:
            queue = self._queue if text is None else self._by_text.setdefault(text, deque())
            queue.extend(outcomes)

    @property
    def spoken(self) -> list[str]:
        """The words of each request in ``history``."""
        return [request.line.text for request in self.history]

    def voices(self) -> Sequence[Voice]:
        genders = (Gender.FEMALE, Gender.MALE)
        return [
            Voice(VoiceId(f"{self.name}:{name}"), name.capitalize(), self.name, language, genders[index % 2], needs=self.needs)
            for index, name in enumerate(self._names)
            for language in (self._languages.get(name, "en-US"),)
        ]

    def prepare(self, voice: VoiceId) -> None:
        self.prepared.append(voice)

    def speak(self, request: SpeechRequest, cancel: CancelToken) -> Iterator[Clip]:
        cancel.check()
        with self._lock:
            self.history.append(request)
            queue = self._by_text.get(request.line.text) or self._queue
            outcome = queue.popleft() if queue else None
        if self.delay_s:
            cancel.wait(self.delay_s)
        yield from self._clips(request, outcome, cancel)

    def fingerprint(self, request: SpeechRequest) -> Mapping[str, JSON]:
        delivery = request.delivery
        return {
            "engine": self.name,
            "version": self.version,
            "voice": request.voice,
            "parts": [repr(part) for part in request.line.parts],
            "delivery": [delivery.preset.value, delivery.pace, delivery.pause_scale],
        }

    def _clips(self, request: SpeechRequest, outcome: Outcome | None, cancel: CancelToken) -> Iterator[Clip]:
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Clip):
            yield outcome
        elif isinstance(outcome, int | float):
            yield tone(outcome, request.voice + request.line.text)
        elif outcome is not None:
            yield from outcome
        else:
            for part in request.line.parts:
                cancel.check()
                if isinstance(part, SpokenPause):
                    yield Clip(np.zeros(RATE_HZ * part.pause_ms // 1000, np.float32), RATE_HZ)
                elif isinstance(part, SpokenText) and any(char.isalnum() for char in part.text):
                    seconds = len(part.text) / CHARACTERS_PER_SECOND / part.pace / request.delivery.pace
                    yield tone(seconds, request.voice + part.text)


def tone(seconds: float, seed: str = "", rate_hz: int = RATE_HZ) -> Clip:
    """A sine at −14 dBFS with faded edges; ``seed`` chooses its pitch between 120 and 375 Hz."""
    pitch_hz = 120 + hashlib.sha256(seed.encode()).digest()[0]
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    fade = np.minimum(1.0, np.minimum(times, times[::-1]) / 0.01)
    return Clip((0.2 * fade * np.sin(2 * np.pi * pitch_hz * times)).astype(np.float32), rate_hz)


def install_plugin(folder: Path, *, name: str = "robot", value: str = "robot_voices:RobotEngine", source: str = "") -> None:
    """Puts a package with an entry point in the group ``declaim.voices`` into ``folder``, as an installer would.

    ``source`` is the code of its module; without one it has an engine that is a :class:`ScriptedEngine`. The folder must be
    put on ``sys.path``.
    """
    module = value.partition(":")[0]
    (folder / f"{module}.py").write_text(source or _PLUGIN.format(name=name), encoding="utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[declaim.voices]\n{name} = {value}\n", encoding="utf-8")


_PLUGIN = """
from tests.support.voices import ScriptedEngine


class RobotEngine(ScriptedEngine):
    def __init__(self):
        super().__init__("{name}", voices=("marvin",))
"""
