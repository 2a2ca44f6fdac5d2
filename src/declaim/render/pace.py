"""How fast and how loud each voice speaks, how much work that is, and what it takes to listen to it and to make a file: learned
on this machine."""

from __future__ import annotations

import json
import math
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from declaim.model.ids import VoiceId
from declaim.paths import replacing

_FILE = "pace.json"
_SECONDS_PER_UNIT = 0.062
"""What English takes at an ordinary pace, until the voice is known."""
_WORK_PER_UNIT = 0.003
_JOINING_S = {".wav": 0.001, ".mp3": 0.0015, ".flac": 0.003, ".opus": 0.015, ".m4b": 0.03}
"""Seconds for a second of a file of each kind, until one was made here; ``_MIXING_S`` more where a bed lies under it."""
_MIXING_S = 0.008
_READY_SHARE = {".wav": 0.2, ".mp3": 0.05}
"""Of that for lines that were in a file of that kind before."""
_EAR = ".ear"
_HEARING_S = 0.015
"""Seconds for a second that a recogniser hears, until one has heard here; it always hears whole windows."""
_WINDOW_S = 30
_LEAST_LEARNED_S = 20.0
_WEIGHT = 0.2
_TOKEN = re.compile(r"\d|[A-Z]{2,}|[.,;:!?…—]|\w|\s")


def speech_length(text: str) -> float:
    """How long a text is to say, in letters: a digit counts as four, a letter that is spelt as three, a mark as its pause."""
    length = 0.0
    for token in _TOKEN.findall(text):
        if token.isdigit():
            length += 4
        elif len(token) > 1:
            length += 3 * len(token)
        else:
            length += 1 if token.isalnum() or token.isspace() or token == "_" else 4
    return length


@dataclass(frozen=True)
class JoiningLength:
    """A file: what kind it is, how much of it is newly spoken and how much was ready, and whether a bed lies under it."""

    kind: str
    spoken_s: float
    ready_s: float
    is_mixed: bool

    @property
    def name(self) -> str:
        """What it is learned under, in the same table as voices: those begin with no point."""
        return f"{self.kind} mixed" if self.is_mixed else self.kind

    @property
    def work_s(self) -> float:
        """In seconds of newly spoken lines."""
        return self.spoken_s + self.ready_s * (1.0 if self.is_mixed else _READY_SHARE.get(self.kind, 1.0))


class PaceBook:
    """Seconds of audio and of work for a unit of ``speech_length``, and loudness; by voice, beside the lines. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._lock = threading.Lock()
        self._paces, self._loudness = _read(self._path)

    def seconds_per_unit(self, voice: VoiceId) -> float:
        return self._paces.get(voice, (_SECONDS_PER_UNIT, 0.0, 0))[0]

    def work_per_unit(self, voice: VoiceId) -> float:
        return self._paces.get(voice, (0.0, _WORK_PER_UNIT, 0))[1]

    def loudness(self, voice: VoiceId) -> float | None:
        """In LUFS, of one channel; None until a line was heard."""
        return self._loudness.get(voice)

    def is_known(self, voice: VoiceId) -> bool:
        """Whether enough lines were heard to call another line odd."""
        return self._paces.get(voice, (0.0, 0.0, 0))[2] >= 5

    def learn(self, name: str, length: float, audio_s: float, work_s: float, lufs: float = -math.inf) -> None:
        """One line of a voice more; short ones say little and are left out."""
        if length < 20:
            return
        with self._lock:
            audio, work, count = self._paces.get(name, (audio_s / length, work_s / length, 0))
            share = max(_WEIGHT, 1 / (count + 1))
            audio += share * (audio_s / length - audio)
            work += share * (work_s / length - work)
            self._paces[name] = (audio, work, min(count + 1, 1000))
            if math.isfinite(lufs):
                before = self._loudness.get(name, lufs)
                self._loudness[name] = before + share * (lufs - before)

    def joining_s(self, length: JoiningLength) -> float:
        """How long it takes to make such a file, when its lines are there."""
        otherwise = _JOINING_S.get(length.kind, 0.0) + length.is_mixed * _MIXING_S
        return length.work_s * self._paces.get(length.name, (0.0, otherwise, 0))[1]

    def hearing_s(self, audio_s: float) -> float:
        """How long a recogniser takes for a line."""
        return _windows_s(audio_s) * self._paces.get(_EAR, (0.0, _HEARING_S, 0))[1]

    def learn_hearing(self, audio_s: float, took_s: float) -> None:
        self.learn(_EAR, _windows_s(audio_s), 0.0, took_s)

    def learn_joining(self, length: JoiningLength, took_s: float) -> None:
        """One file more, and keeps it; a file with little that is new says little and is left out."""
        if length.spoken_s >= _LEAST_LEARNED_S:
            self.learn(length.name, length.work_s, 0.0, took_s)
            self.save()

    def save(self) -> None:
        """Keeps what was learned; a folder that cannot be written costs only the estimates."""
        with self._lock:
            heard = {voice: [round(lufs, 2)] for voice, lufs in self._loudness.items()}
            plain = {voice: [*pace, *heard.get(voice, [])] for voice, pace in self._paces.items()}
        try:
            with replacing(self._path) as beside:
                beside.write_text(json.dumps(plain), encoding="utf-8")
        except OSError:
            return


def _windows_s(audio_s: float) -> float:
    return math.ceil(audio_s / _WINDOW_S) * _WINDOW_S


def _read(path: Path) -> tuple[dict[str, tuple[float, float, int]], dict[str, float]]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        paces = {str(voice): (float(pace[0]), float(pace[1]), int(pace[2])) for voice, pace in plain.items()}
        return paces, {str(voice): float(pace[3]) for voice, pace in plain.items() if len(pace) > 3}
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return {}, {}
